"""The application's policy: all that it needs, and nothing else."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.gate import Role
from sesgate.iam.known_actions import actions_of
from sesgate.policy import Application, NoAccount, application_policy
from sesgate.policy.application import roles_named

from .gates import ACCOUNT, IDENTITY, REGION, SET, allowed, gate

ADDRESS = "no-reply@yourdomain.com"
SEND = {"actions": ["ses:SendEmail", "ses:SendRawEmail"], "resources": ["senders"]}
LOGS = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/api:log-stream:*"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:db-??????"
LOGIN = f"arn:aws:rds-db:{REGION}:{ACCOUNT}:dbuser:db-ABC/api"
WHOLE = (
    SEND,
    {"actions": ["ses:GetSendQuota", "ses:ListIdentities"]},
    {"actions": ["logs:CreateLogStream", "logs:PutLogEvents"], "resources": [LOGS]},
    {"actions": ["secretsmanager:GetSecretValue"], "resources": [SECRET]},
    {"actions": ["rds-db:connect"], "resources": [LOGIN]},
)


def made(*needs: dict[str, Any], identities: tuple[str, ...] = (), **parts: Any) -> Application:
    """The policy of a gate's only role."""
    of = gate(*needs, **parts)
    return application_policy(of, next(iter(of.roles), None), REGION, identities)


def sends(application: Application, sender: str, identity: str = "yourdomain.com", chosen: str = "main") -> bool:
    """Whether SES lets it send: on the identity, and on the configuration set."""
    return all(
        allowed(application.document, action, resource, ses__FromAddress=sender)
        for action in ("ses:SendEmail", "ses:SendRawEmail")
        for resource in (IDENTITY + identity, SET + chosen)
    )


def test_it_sends_as_its_senders_and_as_nobody_else() -> None:
    application = made(SEND)
    assert application.notes == ()
    assert sends(application, ADDRESS)
    assert sends(application, ADDRESS, identity=ADDRESS)
    assert not sends(application, "ceo@yourdomain.com")
    assert not sends(application, ADDRESS, identity="other.example")
    assert not sends(application, ADDRESS, chosen="other")
    assert not allowed(application.document, "ses:SendEmail", IDENTITY + "yourdomain.com")


def test_a_domain_sends_as_any_of_its_addresses() -> None:
    application = made(SEND, senders=[{"domain": "yourdomain.com", "configuration_set": "main"}])
    assert sends(application, "anyone@yourdomain.com")
    assert not sends(application, "anyone@sub.yourdomain.com")
    assert not sends(application, "anyone@yourdomain.com.example")


def test_a_sender_has_its_own_set() -> None:
    senders = [
        {"address": "a@one.example", "configuration_set": "one"},
        {"address": "b@two.example", "configuration_set": "two"},
        {"address": "c@two.example", "configuration_set": "two"},
    ]
    application = made(SEND, senders=senders)
    assert sends(application, "a@one.example", "one.example", "one")
    assert sends(application, "c@two.example", "two.example", "two")
    assert not sends(application, "a@one.example", "one.example", "two")
    assert len(application.document["Statement"]) == 2


def test_identities_that_are_known_leave_the_others_out() -> None:
    deep = [{"address": "a@mail.yourdomain.com", "configuration_set": "main"}]
    unknown = made(SEND, senders=deep)
    for identity in ("a@mail.yourdomain.com", "mail.yourdomain.com", "yourdomain.com"):
        assert sends(unknown, "a@mail.yourdomain.com", identity)
    known = made(SEND, senders=deep, identities=("yourdomain.com", "other.example"))
    assert sends(known, "a@mail.yourdomain.com", "yourdomain.com")
    assert not sends(known, "a@mail.yourdomain.com", "mail.yourdomain.com")


def test_what_an_address_holds_is_itself() -> None:
    odd = "a*b?c${d}@yourdomain.com"
    application = made(SEND, senders=[{"address": odd, "configuration_set": "main"}])
    assert sends(application, odd)
    assert sends(application, odd, identity=odd)
    assert not sends(application, "axb?c${d}@yourdomain.com")


def test_every_need_is_allowed() -> None:
    document = made(*WHOLE).document
    assert allowed(document, "ses:GetSendQuota")
    assert allowed(document, "logs:PutLogEvents", LOGS.replace("*", "stream"))
    assert allowed(document, "secretsmanager:GetSecretValue", SECRET.replace("??????", "AbCdEf"))
    assert allowed(document, "rds-db:connect", LOGIN)
    assert sends(made(*WHOLE), ADDRESS)


OUTSIDE = st.sampled_from(
    (
        *(known.name for known in actions_of("ses").values()),
        *("logs:DeleteLogGroup", "logs:PutLogEvents", "secretsmanager:PutSecretValue", "rds-db:connect"),
        *("iam:PassRole", "s3:GetObject", "kms:Decrypt", "sts:AssumeRole"),
    )
)
ELSEWHERE = st.sampled_from(
    (
        *("*", IDENTITY + "yourdomain.com", IDENTITY + ADDRESS, IDENTITY + "*", IDENTITY + "other.example"),
        *(SET + "main", SET + "other", LOGS, LOGS.replace("/api", "/other")),
        *(SECRET, LOGIN, LOGIN.replace("/api", "/admin")),
    )
)
SENDERS = st.sampled_from([ADDRESS, "ceo@yourdomain.com", "No-Reply@yourdomain.com", "no-reply@other.example", ""])
REGIONS = st.sampled_from([REGION, "us-east-1"])


def needed(action: str, resource: str, sender: str, region: str) -> bool:
    """Whether the gate of WHOLE asks for a request."""
    if action in SEND["actions"]:
        return sender == ADDRESS and resource in (IDENTITY + "yourdomain.com", IDENTITY + ADDRESS, SET + "main")
    if action in ("ses:GetSendQuota", "ses:ListIdentities"):
        return region == REGION
    named = {"logs:PutLogEvents": LOGS, "rds-db:connect": LOGIN}
    return resource == named.get(action)


@given(action=OUTSIDE, resource=ELSEWHERE, sender=SENDERS, region=REGIONS)
def test_nothing_else_is(action: str, resource: str, sender: str, region: str) -> None:
    keys = {"aws__RequestedRegion": region, **({"ses__FromAddress": sender} if sender else {})}
    assert allowed(made(*WHOLE).document, action, resource, **keys) is needed(action, resource, sender, region)


def test_without_needs_it_sends() -> None:
    for application in (made(), made(roles=[{"arn": f"arn:aws:iam::{ACCOUNT}:role/api"}])):
        assert sends(application, ADDRESS)
        assert "no `needs`" in application.notes[0]


def test_reads_of_senders_are_let_on_what_they_act_on() -> None:
    document = made(
        {"actions": ["ses:GetEmailIdentity", "ses:GetConfigurationSet", "ses:GetAccount"], "resources": ["senders"]}
    ).document
    assert allowed(document, "ses:GetEmailIdentity", IDENTITY + "yourdomain.com")
    assert not allowed(document, "ses:GetEmailIdentity", SET + "main")
    assert allowed(document, "ses:GetConfigurationSet", SET + "main")
    assert allowed(document, "ses:GetAccount")


def test_sending_without_resources_is_sending_as_the_senders() -> None:
    application = made({"actions": ["ses:SendEmail", "ses:SendRawEmail"]})
    assert sends(application, ADDRESS)
    assert not sends(application, "ceo@yourdomain.com")
    assert "write [senders]" in application.notes[0]


@pytest.mark.parametrize(
    ("need", "note"),
    [
        ({"actions": ["s3:GetObject"]}, "s3:GetObject stands in the gate without resources"),
        ({"actions": ["ses:SendBulkEmail"], "resources": ["senders"]}, "SendBulkEmail carries no ses:FromAddress"),
        ({"actions": ["ses:SendTemplatedEmail"], "resources": ["senders"]}, "needs the template as well"),
        ({"actions": ["ses:SendEmail"], "resources": [IDENTITY + "yourdomain.com"]}, "as any address of it"),
    ],
)
def test_what_is_wider_or_narrower_than_it_looks_is_told(need: dict[str, Any], note: str) -> None:
    assert any(note in told for told in made(need).notes)


def test_a_sender_without_a_set_is_told() -> None:
    assert "default one" in made(SEND, senders=[{"address": ADDRESS}]).notes[0]


@pytest.mark.parametrize(
    ("login", "action", "resource"),
    [("iam", "rds-db:connect", LOGIN), ("secrets_manager", "secretsmanager:GetSecretValue", SECRET)],
)
def test_a_login_that_no_role_may_do_is_told(login: str, action: str, resource: str) -> None:
    database = {"instance": "prod", "login": login}
    [note] = made(SEND, database=database).notes
    assert f"no role `needs` {action}" in note
    assert made(SEND, {"actions": [action], "resources": [resource]}, database=database).notes == ()


def test_the_account_is_needed() -> None:
    with pytest.raises(NoAccount):
        made(aws={"region": REGION})


def test_a_role_is_named_by_arn_by_name_or_by_its_documents() -> None:
    roles = [Role(arn=f"arn:aws:iam::{ACCOUNT}:role/app/api"), Role(documents=("worker.json",))]
    for name in ("api", roles[0].name, "worker.json"):
        assert len(roles_named(roles, name)) == 1
    for name in ("app", ""):
        assert roles_named(roles, name) == []
