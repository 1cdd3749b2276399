"""Amazon SES against moto and ministack, each for what it serves: identities, configuration sets, the account."""

from typing import Any

import pytest

from sesgate.engine import run
from sesgate.evidence import Evidence, FailureKind, Question
from sesgate.plan import Selection, plan
from sesgate.registry import load
from sesgate.ses.configuration_sets import configuration_set
from sesgate.ses.identities import listed
from tests.integration.conftest import REGION, Clients, context

ACCOUNTS = {"moto": "123456789012", "ministack": "000000000000"}
TYPES = ["BOUNCE", "COMPLAINT"]


@pytest.fixture(params=ACCOUNTS)
def served(request: pytest.FixtureRequest) -> tuple[str, Clients]:
    """The name of a server, and its clients."""
    return request.param, request.getfixturevalue(request.param)


def _ask(evidence: Evidence, service: str, operation: str, **parameters: Any) -> Any:
    return evidence.ask(Question.aws(REGION, service, operation, parameters))


def _statuses(evidence: Evidence, account: str, check: str) -> set[tuple[str, str | None]]:
    asking = context(evidence, account)
    jobs = plan(load(), asking.gate, Selection(only=frozenset({check}))).jobs
    return {(one.status.value, one.cause) for one in run(jobs, asking, deadline=float("inf"), settle=False)}


def test_identities_are_listed_and_told(served: tuple[str, Clients], evidence: Evidence) -> None:
    name, client = served
    client("sesv2").create_email_identity(EmailIdentity="listed.yourdomain.com")
    assert "listed.yourdomain.com" in listed(context(evidence, ACCOUNTS[name]))
    told = _ask(evidence, "sesv2", "GetEmailIdentity", EmailIdentity="listed.yourdomain.com").read()
    assert told["IdentityType"] == "DOMAIN"
    assert "DkimAttributes" in told
    assert "ResponseMetadata" not in told


def test_an_identity_that_is_not_there_is_an_answer(served: tuple[str, Clients], evidence: Evidence) -> None:
    assert _ask(evidence, "sesv2", "GetEmailIdentity", EmailIdentity="gone.example.net").read() is None


def test_a_configuration_set(served: tuple[str, Clients], evidence: Evidence) -> None:
    name, client = served
    client("sesv2").create_configuration_set(ConfigurationSetName="told")
    asking = context(evidence, ACCOUNTS[name])
    found = configuration_set(asking, "told")
    assert found is not None
    assert found.name == "told"
    assert configuration_set(asking, "gone") is None


def test_the_caller(served: tuple[str, Clients], evidence: Evidence) -> None:
    name, _ = served
    assert _ask(evidence, "sts", "GetCallerIdentity").read()["Account"] == ACCOUNTS[name]


def test_verification_by_the_first_api(moto: Clients, evidence: Evidence) -> None:
    moto("ses").verify_domain_identity(Domain="first.yourdomain.com")
    told = _ask(evidence, "ses", "GetIdentityVerificationAttributes", Identity="first.yourdomain.com").read()
    assert told["VerificationStatus"] == "Success"
    assert _ask(evidence, "ses", "GetIdentityVerificationAttributes", Identity="gone.example.net").read() is None


def test_what_a_server_does_not_serve_is_no_answer(moto: Clients, evidence: Evidence) -> None:
    """moto answers GetAccount with a page of HTML: to take it for "does not exist" would be a guess."""
    failure = _ask(evidence, "sesv2", "GetAccount").failure
    assert failure is not None
    assert failure.kind in {FailureKind.NOT_UNDERSTOOD, FailureKind.REJECTED}
    assert _statuses(evidence, ACCOUNTS["moto"], "production-access") == {("error", "not-seen")}


def test_the_account(ministack: Clients, evidence: Evidence) -> None:
    assert _statuses(evidence, ACCOUNTS["ministack"], "production-access") == {("pass", None)}
    assert ("fail", "suppression-off") in _statuses(evidence, ACCOUNTS["ministack"], "account-health")


def test_event_destinations(ministack: Clients, evidence: Evidence) -> None:
    made = ministack("sesv2")
    made.create_configuration_set(ConfigurationSetName="events")
    topic = ministack("sns").create_topic(Name="events")["TopicArn"]
    target = {"Enabled": True, "MatchingEventTypes": TYPES, "SnsDestination": {"TopicArn": topic}}
    made.create_configuration_set_event_destination(
        ConfigurationSetName="events", EventDestinationName="topic", EventDestination=target
    )
    told = _ask(evidence, "sesv2", "GetConfigurationSetEventDestinations", ConfigurationSetName="events").read()
    [destination] = told["EventDestinations"]
    assert destination["MatchingEventTypes"] == TYPES
    assert destination["SnsDestination"] == {"TopicArn": topic}
    assert _ask(evidence, "sns", "GetTopicAttributes", TopicArn=topic).read()["Attributes"]["TopicArn"] == topic
