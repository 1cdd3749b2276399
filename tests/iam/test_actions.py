"""Action and NotAction."""

from typing import Any

import pytest

from sesgate.iam import Effect, action_matches
from tests.iam.documents import allow, decide, policy, statement


@pytest.mark.parametrize(
    ("pattern", "action", "matches"),
    [
        ("ses:SendEmail", "ses:SendEmail", True),
        ("SES:sendemail", "ses:SendEmail", True),
        ("ses:SendEmail", "ses:SendRawEmail", False),
        ("ses:Send*", "ses:SendRawEmail", True),
        ("ses:*Email", "ses:SendRawEmail", True),
        ("ses:SendRaw?mail", "ses:SendRawEmail", True),
        ("ses:?", "ses:SendEmail", False),
        ("ses:*", "ses:SendEmail", True),
        ("ses:*", "sesv2:SendEmail", False),
        ("ses:Send", "ses:SendEmail", False),
        ("*", "ses:SendEmail", True),
        ("**", "ses:SendEmail", True),
        ("*:*", "ses:SendEmail", True),
        ("s*:*", "ses:SendEmail", False),
        ("s?s:SendEmail", "ses:SendEmail", False),
        ("*:SendEmail", "ses:SendEmail", False),
        ("ses*", "ses:SendEmail", False),
        ("ses:", "ses:SendEmail", False),
        ("", "ses:SendEmail", False),
        (":SendEmail", "ses:SendEmail", False),
        ("ses: SendEmail", "ses:SendEmail", False),
        ("ses:SendEmail ", "ses:SendEmail", False),
        ("ses:SendEmail,ses:SendRawEmail", "ses:SendEmail", False),
    ],
)
def test_patterns(pattern: str, action: str, matches: bool) -> None:
    assert action_matches(pattern, action) is matches
    allowed = decide(allow(pattern), action=action).effect is Effect.ALLOWED
    assert allowed is matches


@pytest.mark.parametrize("pattern", ["s*:*", "*:*", "ses*", "ses:", "ses: Send"])
def test_what_iam_would_refuse_is_reported(pattern: str) -> None:
    (problem,) = allow(["ses:GetAccount", pattern]).problems
    assert problem.where == "Statement[0].Action[1]"


def test_lists_hold_literals_and_patterns() -> None:
    actions = ["ses:GetAccount", "s3:*", "ses:List*", "ses:Send*"]
    assert decide(allow(actions), action="ses:GetAccount").effect is Effect.ALLOWED
    assert decide(allow(actions), action="ses:SendEmail").effect is Effect.ALLOWED
    assert decide(allow(actions), action="ses:DeleteIdentity").effect is Effect.IMPLICITLY_DENIED


@pytest.mark.parametrize(
    ("not_action", "effect"),
    [
        ("s3:*", Effect.ALLOWED),
        (["s3:*", "ses:Get*"], Effect.ALLOWED),
        ("ses:*", Effect.IMPLICITLY_DENIED),
        ("*", Effect.IMPLICITLY_DENIED),
        ("ses:SENDEMAIL", Effect.IMPLICITLY_DENIED),
        ("s*:*", Effect.IMPLICITLY_DENIED),
    ],
)
def test_not_action(not_action: Any, effect: Effect) -> None:
    granting = policy({"Effect": "Allow", "NotAction": not_action, "Resource": "*"})
    assert decide(granting).effect is effect


def test_not_action_reaches_other_services() -> None:
    granting = policy({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"})
    for action in ("s3:GetObject", "ses:SendEmail", "nosuch:Thing"):
        assert decide(granting, action=action, resource="*").effect is Effect.ALLOWED
    assert decide(granting, action="iam:PassRole").effect is Effect.IMPLICITLY_DENIED


def test_not_action_with_deny() -> None:
    denying = policy(statement("Allow", "*"), {"Effect": "Deny", "NotAction": "ses:Get*", "Resource": "*"})
    assert decide(denying).effect is Effect.EXPLICITLY_DENIED
    assert decide(denying, action="ses:GetAccount").effect is Effect.ALLOWED
