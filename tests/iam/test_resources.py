"""Resource and NotResource, and variables in them."""

from typing import Any

import pytest

from sesgate.iam import Effect, parse_policy
from tests.iam.documents import ACCOUNT, IDENTITY, OTHER, ROLE, USER, allow, decide, policy, statement

LOG_GROUP = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group:/app"


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (IDENTITY, True),
        ("*", True),
        ("**", True),
        (f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/*", True),
        (f"arn:aws:ses:*:{ACCOUNT}:identity/example.com", True),
        ("arn:aws:ses:*:*:identity/example.???", True),
        ("arn:*:ses:us-*-1:*:*", True),
        ("arn:aws:ses:*:*:*", True),
        ("arn:aws:ses:*", True),
        ("arn:aws:ses", True),
        ("arn:aws:s*", True),
        ("arn:aws:sns", False),
        (IDENTITY.upper(), False),
        (f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/EXAMPLE.com", False),
        (f"arn:aws:ses:us-east-1:{ACCOUNT}:identity/example", False),
        (f"arn:aws:ses:us-east-1:{OTHER}:identity/*", False),
        ("arn:aws:ses:*:identity/*", False),  # five parts: a star doesn't reach over a colon
        ("arn:aws:ses:*:*:configuration-set/*", False),
        ("*/example.com", True),
        ("identity/example.com", False),
        ("", False),
    ],
)
def test_patterns(pattern: str, matches: bool) -> None:
    assert (decide(allow("ses:*", pattern)).effect is Effect.ALLOWED) is matches


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (LOG_GROUP, False),
        (f"{LOG_GROUP}:*", True),
        (f"{LOG_GROUP}:log-stream:*", True),
        (f"{LOG_GROUP}*", True),
        (f"arn:aws:logs:*:{ACCOUNT}:log-group:*:log-stream:s", True),
    ],
)
def test_the_last_part_holds_colons(pattern: str, matches: bool) -> None:
    decision = decide(allow("logs:*", pattern), action="logs:PutLogEvents", resource=f"{LOG_GROUP}:log-stream:s")
    assert (decision.effect is Effect.ALLOWED) is matches


@pytest.mark.parametrize("pattern", ["*", "**", ["arn:aws:ses:*", "*"]])
def test_an_action_without_resources_is_granted_by_everything(pattern: Any) -> None:
    assert decide(allow("ses:GetSendQuota", pattern), action="ses:GetSendQuota", resource="*").effect is Effect.ALLOWED


@pytest.mark.parametrize("pattern", ["arn:aws:ses:*", "arn:*:*:*:*:*", "?*", "?", "arn:aws:ses:*:*:*", "*:*"])
def test_an_action_without_resources_is_granted_by_nothing_less(pattern: str) -> None:
    decision = decide(allow("ses:GetSendQuota", pattern), action="ses:GetSendQuota", resource="*")
    assert decision.effect is Effect.IMPLICITLY_DENIED


def test_no_resource_stands_for_all() -> None:
    assert decide(allow(), resource=()).effect is Effect.ALLOWED
    assert decide(allow("*", IDENTITY), resource=()).effect is Effect.IMPLICITLY_DENIED


@pytest.mark.parametrize(
    ("not_resource", "resource", "effect"),
    [
        ("arn:aws:s3:::*", IDENTITY, Effect.ALLOWED),
        ("arn:aws:s3:::*", "*", Effect.ALLOWED),
        ([IDENTITY, "arn:aws:s3:::*"], IDENTITY, Effect.IMPLICITLY_DENIED),
        ("arn:aws:ses:*", IDENTITY, Effect.IMPLICITLY_DENIED),
        ("*", IDENTITY, Effect.IMPLICITLY_DENIED),
        ("*", "*", Effect.IMPLICITLY_DENIED),
    ],
)
def test_not_resource(not_resource: Any, resource: str, effect: Effect) -> None:
    granting = policy({"Effect": "Allow", "Action": "ses:*", "NotResource": not_resource})
    assert decide(granting, resource=resource).effect is effect


@pytest.mark.parametrize(
    ("pattern", "in_identity_policy", "in_scp", "in_resource_policy"),
    [
        ("arn:aws:s3", True, False, False),
        ("arn:aws:s3:*", True, True, True),
        ("arn:aws:*:", True, False, True),
        ("arn:aws:s3:::b/o", True, True, True),
    ],
)
def test_short_arns(pattern: str, in_identity_policy: bool, in_scp: bool, in_resource_policy: bool) -> None:
    where: dict[str, Any] = {"action": "s3:GetObject", "resource": "arn:aws:s3:::b/o"}
    everything = allow()
    bucket = policy(statement("Allow", "s3:GetObject", pattern, Principal={"AWS": USER.arn}))
    assert (decide(allow("*", pattern), **where).effect is Effect.ALLOWED) is in_identity_policy
    assert (decide(everything, scps=((allow("*", pattern),),), **where).effect is Effect.ALLOWED) is in_scp
    assert (decide(resource_policy=bucket, **where).effect is Effect.ALLOWED) is in_resource_policy


@pytest.mark.parametrize(
    ("pattern", "context", "allowed"),
    [
        ("arn:aws:s3:::home/${aws:username}/*", {}, True),
        ("arn:aws:s3:::home/${AWS:UserName}/*", {}, True),
        ("arn:aws:s3:::home/${aws:PrincipalTag/dir}/*", {}, False),
        ("arn:aws:s3:::home/${aws:PrincipalTag/dir}/*", {"aws:principaltag/DIR": "bob"}, True),
        ("arn:aws:s3:::home/${aws:PrincipalTag/dir}/*", {"aws:PrincipalTag/dir": "*"}, False),
        ("arn:aws:s3:::home/${aws:PrincipalTag/dir}/*", {"aws:PrincipalTag/dir": ""}, False),
        ("arn:aws:s3:::home/${aws:TagKeys}/*", {"aws:TagKeys": ("bob",)}, False),
        ("arn:aws:s3:::home/${aws:PrincipalTag/dir, 'bob'}/*", {}, True),
        ("arn:aws:s3:::home/${aws:PrincipalTag/dir, 'bob'}/*", {"aws:PrincipalTag/dir": "eve"}, False),
        ("arn:aws:s3:::home/${aws:PrincipalTag/dir, bob}/*", {}, False),
        ("arn:aws:s3:::home/${}/*", {}, False),
        ("arn:aws:s3:::home/${aws:username/*", {}, False),
        ("arn:aws:s3:::${aws:PrincipalAccount}/*", {}, False),
        ("arn:aws:s3:${aws:PrincipalTag/none, ''}::home/bob/*", {}, False),
    ],
)
def test_variables(pattern: str, context: dict[str, Any], allowed: bool) -> None:
    granting = allow("s3:*", pattern)
    decision = decide(granting, action="s3:GetObject", resource="arn:aws:s3:::home/bob/x", context=context)
    assert (decision.effect is Effect.ALLOWED) is allowed


@pytest.mark.parametrize(
    ("pattern", "key", "allowed"),
    [
        ("a${*}c", "a*c", True),
        ("a${*}c", "abc", False),
        ("a${?}c", "a?c", True),
        ("a${?}c", "abc", False),
        ("${$}{x}", "${x}", True),
        ("a*c", "abc", True),
    ],
)
def test_literal_wildcards(pattern: str, key: str, allowed: bool) -> None:
    granting = allow("s3:*", f"arn:aws:s3:::b/{pattern}")
    decision = decide(granting, action="s3:GetObject", resource=f"arn:aws:s3:::b/{key}")
    assert (decision.effect is Effect.ALLOWED) is allowed


@pytest.mark.parametrize("version", ["2008-10-17", None])
def test_variables_are_plain_text_in_older_versions(version: str | None) -> None:
    document: dict[str, Any] = {"Statement": [statement("Allow", "s3:*", "arn:aws:s3:::home/${aws:username}")]}
    if version:
        document["Version"] = version
    old = parse_policy(document)
    assert decide(old, action="s3:Get", resource="arn:aws:s3:::home/bob").effect is Effect.IMPLICITLY_DENIED
    assert decide(old, action="s3:Get", resource="arn:aws:s3:::home/${aws:username}").effect is Effect.ALLOWED


def test_a_role_has_no_username() -> None:
    granting = allow("s3:*", "arn:aws:s3:::home/${aws:username}")
    decision = decide(granting, principal=ROLE, action="s3:GetObject", resource="arn:aws:s3:::home/sender")
    assert decision.effect is Effect.IMPLICITLY_DENIED


def test_a_variable_without_value_in_not_resource_excludes_nothing() -> None:
    denying = policy(
        statement("Allow", "*"),
        {"Effect": "Deny", "Action": "s3:*", "NotResource": "arn:aws:s3:::home/${aws:PrincipalTag/dir}"},
    )
    assert decide(denying, action="s3:Get", resource="arn:aws:s3:::home/bob").effect is Effect.EXPLICITLY_DENIED


def test_several_resources_are_all_needed() -> None:
    configuration_set = f"arn:aws:ses:us-east-1:{ACCOUNT}:configuration-set/main"
    both = (IDENTITY, configuration_set)
    assert decide(allow("ses:*", [IDENTITY, configuration_set]), resource=both).effect is Effect.ALLOWED
    assert decide(allow("ses:*", IDENTITY), resource=both).effect is Effect.IMPLICITLY_DENIED
    denying = policy(statement("Allow", "ses:*"), statement("Deny", "ses:*", configuration_set))
    assert decide(denying, resource=both).effect is Effect.EXPLICITLY_DENIED
    assert decide(denying, resource=IDENTITY).effect is Effect.ALLOWED
