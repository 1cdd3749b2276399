"""Keys that the caller declares unknown: the answer says what it depends on, and only then."""

from typing import Any

import pytest

from sesgate.iam import Decision, Effect, Policy
from tests.iam.documents import ACCOUNT, IDENTITY, allow, decide, deny, policy, statement

FROM = "ses:FromAddress"
UNKNOWN = frozenset({FROM})
CONDITION = {"StringLike": {FROM: "*@example.com"}}


def ask(*identity: Policy, **more: Any) -> Decision:
    return decide(*identity, unknown=UNKNOWN, **more)


def test_an_allow_that_depends() -> None:
    decision = ask(allow(Condition=CONDITION))
    assert decision.effect is Effect.DEPENDS
    assert decision.depends_on == {FROM}
    assert decision.statement is not None
    assert decide(allow(Condition=CONDITION)).effect is Effect.IMPLICITLY_DENIED


def test_a_deny_that_depends() -> None:
    decision = ask(allow(), deny(Condition=CONDITION))
    assert decision.effect is Effect.DEPENDS
    assert decision.depends_on == {FROM}


@pytest.mark.parametrize(
    ("identity", "effect"),
    [
        ((allow(Condition=CONDITION), allow()), Effect.ALLOWED),
        ((allow(Condition=CONDITION), deny()), Effect.EXPLICITLY_DENIED),
        ((deny(Condition=CONDITION),), Effect.IMPLICITLY_DENIED),
        ((allow("s3:*", Condition=CONDITION),), Effect.IMPLICITLY_DENIED),
        ((allow("*", "arn:aws:s3:::*", Condition=CONDITION),), Effect.IMPLICITLY_DENIED),
        ((allow(Condition={**CONDITION, "Bool": {"aws:SecureTransport": "true"}}),), Effect.IMPLICITLY_DENIED),
        ((allow(), deny(Condition={**CONDITION, "Bool": {"aws:SecureTransport": "true"}})), Effect.ALLOWED),
    ],
)
def test_nothing_depends_where_the_rest_decides(identity: tuple[Policy, ...], effect: Effect) -> None:
    decision = ask(*identity)
    assert decision.effect is effect
    assert decision.depends_on == frozenset()


@pytest.mark.parametrize("operator", ["StringEquals", "StringNotEquals", "StringEqualsIfExists", "Null"])
@pytest.mark.parametrize("quantifier", ["", "ForAllValues:", "ForAnyValue:"])
def test_every_operator_can_depend(operator: str, quantifier: str) -> None:
    decision = ask(allow(Condition={quantifier + operator: {FROM: "true"}}))
    assert decision.effect is Effect.DEPENDS


def test_all_layers_are_named() -> None:
    decision = decide(
        allow(Condition=CONDITION),
        boundary=allow(Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}}),
        scps=((allow(), deny(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})),),
        unknown=frozenset({FROM, "aws:requestedregion", "aws:SourceIp", "aws:UserAgent"}),
    )
    assert decision.effect is Effect.DEPENDS
    assert decision.depends_on == {FROM, "aws:requestedregion", "aws:SourceIp"}


def test_a_variable_can_be_unknown() -> None:
    unknown = frozenset({"aws:PrincipalTag/team"})
    tagged = f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/${{aws:PrincipalTag/team}}.com"
    assert decide(allow("*", tagged), unknown=unknown).depends_on == unknown
    other = tagged.replace(".com", ".org")
    assert decide(allow("*", other), unknown=unknown).effect is Effect.IMPLICITLY_DENIED
    compared = allow(Condition={"StringEquals": {FROM: "a@${aws:PrincipalTag/team}"}})
    assert decide(compared, unknown=unknown, context={FROM: "a@b"}).depends_on == unknown
    assert decide(compared, unknown=unknown, context={FROM: "b@b"}).effect is Effect.IMPLICITLY_DENIED


def test_what_is_given_is_not_unknown() -> None:
    assert ask(allow(Condition=CONDITION), context={FROM: "a@example.com"}).effect is Effect.ALLOWED
    assert ask(allow(Condition=CONDITION), context={FROM: "a@example.org"}).effect is Effect.IMPLICITLY_DENIED


def test_every_key_can_be_unknown() -> None:
    everything = frozenset({"*"})
    decision = decide(allow(Condition=CONDITION), unknown=everything)
    assert decision.depends_on == {FROM}
    by_account = allow(Condition={"StringEquals": {"aws:PrincipalAccount": ACCOUNT}})
    assert decide(by_account, unknown=everything).effect is Effect.ALLOWED
    assert decide(by_account, unknown=frozenset({"aws:PrincipalAccount"})).effect is Effect.DEPENDS


def test_several_resources_depend_together() -> None:
    other = f"arn:aws:ses:us-east-1:{ACCOUNT}:configuration-set/main"
    granting = policy(
        statement(resource=IDENTITY, Condition=CONDITION),
        statement(resource=other, Condition={"StringEquals": {"aws:RequestedRegion": "us-east-1"}}),
    )
    decision = decide(granting, resource=(IDENTITY, other), unknown=frozenset({FROM, "aws:RequestedRegion"}))
    assert decision.depends_on == {FROM, "aws:RequestedRegion"}
    assert decide(granting, resource=(IDENTITY, other), unknown=UNKNOWN).effect is Effect.IMPLICITLY_DENIED
