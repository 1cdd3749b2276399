"""Parsing: what is read, what is reported, and what becomes of what can't be read."""

import datetime as dt
from typing import Any

import pytest

from sesgate.iam import Effect, Policies, PolicySyntaxError, Request, StatementEffect, evaluate, parse_policy
from tests.iam.documents import USER, allow, decide, statement

REQUEST = Request("ses:SendEmail", USER)


def test_a_document() -> None:
    only_one = '{"Sid": "S", "Effect": "Allow", "Action": "a:B", "Resource": "*"}'
    text = '{"Version": "2012-10-17", "Id": "x", "Statement": ' + only_one + "}"
    document = parse_policy(text, name="senders", source="group ops")
    (only,) = document.statements
    assert (document.name, document.source, document.version) == ("senders", "group ops", "2012-10-17")
    assert document.problems == ()
    assert (only.index, only.sid, only.effect, only.actions) == (0, "S", StatementEffect.ALLOW, ("a:B",))
    assert only.resources is not None
    assert [pattern.text for pattern in only.resources] == ["*"]
    assert (only.not_actions, only.not_resources, only.principals, only.not_principals) == (None, None, None, None)


def test_conditions_are_kept_as_written() -> None:
    document = allow(
        Condition={"StringLike": {"ses:FromAddress": ["*@a", "*@b"]}, "Bool": {"aws:SecureTransport": True}}
    )
    found = [(item.operator, item.key, item.values) for item in document.statements[0].conditions]
    assert found == [("StringLike", "ses:FromAddress", ("*@a", "*@b")), ("Bool", "aws:SecureTransport", ("true",))]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{\n  "Version": }', 2, 14),
        ("", 1, 1),
        ("[", 1, 2),
        ("{'a': 1}", 1, 2),
        ("[]", 0, 0),
        ('"*"', 0, 0),
        ("7", 0, 0),
    ],
)
def test_what_is_no_policy(text: str, line: int, column: int) -> None:
    with pytest.raises(PolicySyntaxError) as caught:
        parse_policy(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize("text", ["[" * 200_000, '{"a": ' * 200_000, '{"a": ' + "9" * 10_000 + "}", " " * (1 << 21)])
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(PolicySyntaxError):
        parse_policy(text)


def test_yaml_reads_the_version_as_a_date() -> None:
    document = parse_policy({"Version": dt.date(2012, 10, 17), "Statement": []})
    assert (document.version, document.problems) == ("2012-10-17", ())


MALFORMED: list[dict[str, Any]] = [
    {"Action": 7},
    {"Action": ["ses:SendEmail", None]},
    {"Action": []},
    {"NotAction": "s3:*"},
    {"Resource": None},
    {"Resource": {"a": "b"}},
    {"NotResource": "*"},
    {"Condition": []},
    {"Condition": {"StringEquals": "a"}},
    {"Condition": {"StringEquals": {"a": {"b": "c"}}}},
    {"Condition": {"StringEquals": {"a": None}}},
    {"Condition": {"NotIpAddress": {"a": "10.0.0.0/99"}}},
    {"Conditions": {}},
    {"condition": {"Bool": {"aws:SecureTransport": "false"}}},
]


@pytest.mark.parametrize("changed", MALFORMED)
def test_a_malformed_allow_grants_nothing(changed: dict[str, Any]) -> None:
    document = parse_policy({"Version": "2012-10-17", "Statement": {**statement("Allow", "ses:*"), **changed}})
    decision = decide(document)
    assert decision.effect is Effect.IMPLICITLY_DENIED
    assert decision.problems == document.problems
    assert document.problems


@pytest.mark.parametrize("changed", [item for item in MALFORMED if item != {"Action": []}])
def test_a_malformed_deny_makes_the_answer_indeterminate(changed: dict[str, Any]) -> None:
    document = parse_policy({"Version": "2012-10-17", "Statement": {**statement("Deny", "ses:*"), **changed}})
    decision = decide(allow(), document)
    assert decision.effect is Effect.DEPENDS
    assert decision.depends_on == frozenset()
    assert decision.problems
    assert decide(document).effect is Effect.IMPLICITLY_DENIED


def test_a_malformed_deny_on_another_action_is_of_no_consequence() -> None:
    document = parse_policy({"Statement": {**statement("Deny", "s3:*"), "Condition": []}})
    assert decide(allow(), document).effect is Effect.ALLOWED


@pytest.mark.parametrize("effect", ["deny", "DENY", "Permit", None, 7, ["Deny"]])
def test_an_unreadable_effect_might_be_a_deny(effect: Any) -> None:
    document = parse_policy({"Statement": {"Effect": effect, "Action": "*", "Resource": "*"}})
    assert decide(allow(), document).effect is Effect.DEPENDS


def test_a_misspelled_allow_is_none() -> None:
    document = parse_policy({"Statement": {"Effect": "allow", "Action": "*", "Resource": "*"}})
    assert decide(document).effect is Effect.IMPLICITLY_DENIED
    assert decide(allow(), document).effect is Effect.ALLOWED


@pytest.mark.parametrize("statements", [None, 7, "Allow", [7], [None], [[]]])
def test_statements_that_are_none(statements: Any) -> None:
    document = parse_policy({"Version": "2012-10-17", "Statement": statements})
    assert document.problems
    assert decide(allow(), document).effect is Effect.DEPENDS
    assert decide(document).effect is Effect.IMPLICITLY_DENIED


def test_an_unknown_version_grants_nothing() -> None:
    document = parse_policy({"Version": "2012-10-18", "Statement": [statement()]})
    assert decide(document).effect is Effect.IMPLICITLY_DENIED
    assert document.problems[0].where == "Version"


@pytest.mark.parametrize(
    "text",
    [
        '{"Effect": "Allow", "Action": "*", "Resource": "*", "Resource": "arn:aws:s3:::*"}',
        '{"Effect": "Deny", "Effect": "Allow", "Action": "*", "Resource": "*"}',
        '{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Bool": {"a": "true"}, "Bool": {}}}',
    ],
)
def test_a_key_that_occurs_twice_is_no_grant(text: str) -> None:
    document = parse_policy('{"Version": "2012-10-17", "Statement": ' + text + "}")
    assert document.problems
    assert decide(document).effect is Effect.IMPLICITLY_DENIED


def test_a_problem_says_where() -> None:
    document = parse_policy(
        {"Statement": [statement(), {**statement(), "Condition": {"Foo": {"k": "v"}}}], "Comment": "x"}, name="p"
    )
    assert [(item.policy, item.statement, item.where) for item in document.problems] == [
        ("p", None, "Comment"),
        ("p", 1, "Statement[1].Condition.Foo.k"),
    ]


def test_a_principal_in_an_identity_policy_grants_nothing() -> None:
    document = allow(Principal="*")
    decision = decide(document)
    assert decision.effect is Effect.IMPLICITLY_DENIED
    assert "names principals" in decision.problems[0].message


def test_an_identity_policy_needs_a_resource() -> None:
    for effect, outcome in (("Allow", Effect.IMPLICITLY_DENIED), ("Deny", Effect.EXPLICITLY_DENIED)):
        document = parse_policy({"Statement": {"Effect": effect, "Action": "*"}})
        assert evaluate(REQUEST, Policies(identity=(document,))).effect is outcome
