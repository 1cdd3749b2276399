"""environment: each variable of each service, by its place and its value."""

from typing import Any

import pytest

from sesgate.evidence import Failure, FailureKind
from sesgate.evidence.environment import patterns
from sesgate.evidence.environment.found import Reading, Reference, Variable
from sesgate.finding import Because
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "environment"
SECRET_ARN = "arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:bizassist/db-AbCdEf"


def _gate(**variables: dict[str, Any]) -> World:
    return _gate_of(1, variables)


def _gate_of(places: int, variables: dict[str, dict[str, Any]]) -> World:
    services = [{"name": "api", "source": [{"dotenv": ".env"}] * places, "variables": variables}]
    return ready_world().with_gate(services=services)


def _one(rules: dict[str, Any], value: str | None, name: str = "IT") -> World:
    world = _gate(**{name: rules})
    return world.sets("api") if value is None else world.sets("api", **{name: value})


def _referred(rules: dict[str, Any], reference: Reference, name: str = "IT", value: str | None = None) -> World:
    found = {name: Variable(name, "task definition api:1", value, reference)}
    return _gate(**{name: rules}).environment("api", Reading("task definition api:1", found))


def _causes(world: World) -> set[str]:
    return causes(run(CHECK, world))


@pytest.mark.parametrize(
    ("rules", "value"),
    [
        ({"required": True}, "anything"),
        ({}, None),
        ({"equals": "production"}, None),
        ({"equals": "production"}, "production"),
        ({"one_of": ["a", "b"]}, "b"),
        ({"matches": "[a-z]+"}, "abc"),
        ({"default": "8080", "is": "port", "required": True}, None),
        ({"is": "region"}, "ap-southeast-1"),
        ({"is": "sender"}, "no-reply@yourdomain.com"),
        ({"is": "sender"}, "Biz Assist <no-reply@yourdomain.com>"),
        ({"is": "configuration_set"}, "bizassist-transactional"),
        ({"is": "postgres_url"}, "postgresql://app@db.internal:5432/app?sslmode=require"),
        ({"forbidden": "no"}, None),
        ({"discouraged": "no"}, ""),
    ],
)
def test_what_is_right_passes(rules: dict[str, Any], value: str | None) -> None:
    assert statuses(run(CHECK, _one(rules, value))) == {"pass"}


@pytest.mark.parametrize(
    ("rules", "value", "cause"),
    [
        ({"required": True}, None, "missing"),
        ({"required": True}, "", "empty"),
        ({"required": True}, " \t", "blank"),
        ({}, "changeme", "placeholder"),
        ({"default": "<your-value>"}, None, "placeholder"),
        ({"is": "postgres_url"}, "postgres://app:changeme@db.internal/app", "placeholder"),
        ({"equals": "production"}, "development", "wrong-value"),
        ({"equals": "production"}, "production ", "wrong-value"),
        ({"one_of": ["a", "b"]}, "c", "wrong-value"),
        ({"matches": "[a-z]+"}, "abc1", "wrong-value"),
        ({"default": "http", "is": "port"}, None, "wrong-value"),
        ({"is": "postgres_url"}, "postgres://app@localhost/app", "wrong-value"),
        ({"is": "region"}, "eu-west-1", "wrong-region"),
        ({"is": "smtp_host"}, "email-smtp.eu-west-1.amazonaws.com", "wrong-region"),
        ({"is": "sender"}, "billing@elsewhere.com", "not-a-sender"),
        ({"is": "sender"}, "nobody", "wrong-value"),
        ({"secret": True}, "anything", "plain-text-secret"),
        ({"secret": True, "default": "anything"}, None, "plain-text-secret"),
        ({"forbidden": "no"}, "1", "forbidden"),
        ({"discouraged": "use the task role"}, "1", "discouraged"),
        ({"is": "postgres_url"}, "postgres://app@db.internal/app?sslmode=disable", "weak-tls"),
    ],
)
def test_each_cause(rules: dict[str, Any], value: str | None, cause: str) -> None:
    judged = run(CHECK, _one(rules, value))
    assert {(one.status.value, one.cause) for one in judged} == {("fail", cause)}
    assert all(one.finding.remedy for one in judged)


@pytest.mark.parametrize("rules", [{"equals": "changeme"}, {"one_of": ["a", "changeme"]}])
def test_what_the_gate_wants_is_no_placeholder(rules: dict[str, Any]) -> None:
    assert {one.status.value for one in run(CHECK, _one(rules, "changeme"))} == {"pass"}


def test_a_forgotten_variable_that_is_there_under_another_name_is_told_once_more() -> None:
    world = _gate(SES_FROM_EMAIL={"required": True}).sets("api", SES_FORM_EMAIL="no-reply@yourdomain.com")
    missing, misspelt = run(CHECK, world)
    assert (missing.cause, misspelt.cause) == ("missing", "misspelt")
    assert "SES_FORM_EMAIL" in missing.finding.message
    assert misspelt.subject == "api/SES_FORM_EMAIL"
    assert misspelt.severity.value == "warning"


@pytest.mark.parametrize("name", ["AWS_PROFILE", "SES_FROM_EMAIL_SUPPORT", "AWS_ACCESS_KEY_ID_2", "SES_RAINBOW"])
def test_names_of_their_own_are_no_slips(name: str) -> None:
    rules: dict[str, dict[str, Any]] = {known: {} for known in ("SES_FROM_EMAIL", "AWS_ACCESS_KEY_ID")}
    values = {"SES_FROM_EMAIL": "a@yourdomain.com", "AWS_ACCESS_KEY_ID": "set", name: "1"}
    assert _causes(_gate(**rules).sets("api", **values)) == set()


def test_a_credential_in_plain_text_is_told_beside_what_else_is_wrong() -> None:
    url = "postgres://app:hV3mZq8RkT@db.internal/app?sslmode=disable"
    assert _causes(_one({"is": "postgres_url"}, url)) == {"weak-tls", "plain-text-credential"}
    assert _causes(_one({"is": "postgres_url", "discouraged": "use IAM"}, url)) == {"weak-tls", "discouraged"}


def test_a_pattern_that_takes_too_long_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.3)
    [judged] = run(CHECK, _one({"matches": "(a+)+"}, "a" * 5000 + "!"))
    assert (judged.status.value, judged.cause) == ("error", "not-seen")
    assert "simplify its pattern" in judged.finding.message


def test_an_undeclared_credential_in_plain_text_is_told() -> None:
    found = {"OTHER": "AKIAQ3EGRJ7XK2PLM4WZ"}
    [judged] = run(CHECK, _gate().sets("api", **found))
    assert (judged.cause, judged.severity.value, judged.subject) == ("plain-text-credential", "warning", "api/OTHER")
    assert "AKIA" not in judged.finding.message


@pytest.mark.parametrize(
    ("name", "rules", "value"),
    [
        ("ONE", {}, "AKIAQ3EGRJ7XK2PLM4WZ"),
        ("ONE", {"required": True}, "redis://:pw9@cache.internal:6379"),
        ("DATABASE_URL", {"is": "postgres_url"}, "postgres://app:pw9@db.internal/app"),
        ("DB_PASSWORD", {"required": True}, "correct horse"),
        ("dbPassword", {}, "correct horse"),
        ("AWS_SECRET_ACCESS_KEY", {}, "h3kQ9vTz1LmX7bRc5WfYp2NsD8gJ4uAeK6oBiVtE"),
    ],
)
def test_a_credential_in_plain_text_is_told_though_the_gate_does_not_call_it_a_secret(
    name: str, rules: dict[str, Any], value: str
) -> None:
    for declared in ({name: rules}, {}):
        [judged] = run(CHECK, _gate(**declared).sets("api", **{name: value}))
        assert (judged.cause, judged.subject) == ("plain-text-credential", f"api/{name}")
        assert value not in f"{judged.finding}"


@pytest.mark.parametrize(
    ("name", "rules", "value"),
    [
        ("SMTP_USER", {"is": "smtp_user"}, "AKIAQ3EGRJ7XK2PLM4WZ"),
        ("NEXT_PUBLIC_MAPS_API_KEY", {}, "public-by-design"),
        ("DB_PASSWORD", {}, "/run/secrets/db-password"),
        ("REFRESH_TOKEN", {}, "true"),
        ("SMTP_HOST", {}, "smtp://relay.internal:587"),
    ],
)
def test_what_only_looks_like_a_credential_is_none(name: str, rules: dict[str, Any], value: str) -> None:
    assert statuses(run(CHECK, _gate(**{name: rules}).sets("api", **{name: value}))) == {"pass"}


def test_a_reference_to_a_store_is_enough() -> None:
    world = _referred({"secret": True, "required": True, "is": "postgres_url"}, Reference("ssm", "/db", secret=True))
    [judged] = run(CHECK, world)
    assert judged.status.value == "pass"
    assert "Parameter Store" in judged.finding.message


def test_a_reference_to_nothing_fails() -> None:
    gone = Reference("secrets-manager", SECRET_ARN, secret=True, exists=False)
    assert _causes(_referred({"secret": True}, gone)) == {"no-such-secret"}


def test_a_store_that_keeps_no_secrets_is_none() -> None:
    config = Reference("kubernetes-configmap", "api", secret=False, exists=True)
    [judged] = run(CHECK, _referred({"secret": True}, config, value="pw9"))
    assert judged.cause == "plain-text-secret"
    assert "in plain text in the ConfigMap api" in judged.finding.message


def test_a_secret_that_was_read_is_judged() -> None:
    stored = Reference("secrets-manager", SECRET_ARN, secret=True, exists=True)
    world = _referred({"secret": True, "is": "postgres_url"}, stored, value="mysql://app:pw9@db.internal/app")
    [judged] = run(CHECK, world)
    assert judged.cause == "wrong-value"
    assert "pw9" not in str(judged)


def test_a_configuration_set_that_is_not_there_fails() -> None:
    world = _one({"is": "configuration_set"}, "gone").absent(
        "sesv2", "GetConfigurationSet", {"ConfigurationSetName": "gone"}
    )
    assert _causes(world) == {"no-such-configuration-set"}


def test_what_may_not_be_told_can_not_be_looked_up() -> None:
    for name, value in (
        ("SES_CONFIGURATION_SET", "wJalrXUtnFEMIK7MDENGbPx"),
        ("SES_SECRET", "bizassist-transactional"),
    ):
        assert statuses(run(CHECK, _one({"is": "configuration_set"}, value, name))) == {"error"}


def test_a_secret_arn_is_looked_up() -> None:
    world = _one({"is": "secret_arn"}, SECRET_ARN)
    asked = {"SecretId": SECRET_ARN}
    assert statuses(run(CHECK, world.answer("secretsmanager", "DescribeSecret", asked, ARN=SECRET_ARN))) == {"pass"}
    assert _causes(world.absent("secretsmanager", "DescribeSecret", asked)) == {"no-such-secret"}
    deleted = world.answer("secretsmanager", "DescribeSecret", asked, DeletedDate="2026-11-20T00:00:00+00:00")
    assert _causes(deleted) == {"no-such-secret"}
    assert statuses(run(CHECK, world.fail("secretsmanager", "DescribeSecret", parameters=asked))) == {"error"}


def test_a_sender_that_is_not_verified_is_the_other_check_s_business() -> None:
    world = _one({"is": "sender"}, "no-reply@yourdomain.com").answer("sesv2", "ListEmailIdentities", EmailIdentities=[])
    [judged] = run(CHECK, world)
    assert judged.status.value == "skip"
    assert judged.finding.because == Because("identity-verified", "no-reply@yourdomain.com")


def test_what_the_platform_injects() -> None:
    rules = {
        "AWS_REGION": {"is": "region"},
        "PORT": {"is": "port"},
        "HOST": {"equals": "a"},
        "KEY": {"discouraged": "no"},
    }
    injected = {"AWS_REGION": "eu-west-1", "PORT": None, "HOST": None, "KEY": None}
    world = _gate(**rules).environment("api", Reading("App Runner", {}, injected))
    found = {one.subject: one.cause or one.status.value for one in run(CHECK, world)}
    assert found == {
        "api/AWS_REGION": "wrong-region",
        "api/PORT": "pass",
        "api/HOST": "not-seen",
        "api/KEY": "pass",
    }


def test_what_could_not_be_read_is_neither_right_nor_wrong() -> None:
    unreadable = Variable("IT", ".env", unreadable="the file is not there")
    world = _gate(IT={"required": True})
    assert statuses(run(CHECK, world.environment("api", Reading(".env", {"IT": unreadable})))) == {"error"}
    assert statuses(run(CHECK, world.environment("api", Reading(".env", {}, unseen=("common.env",))))) == {"error"}
    assert statuses(run(CHECK, world.environment("api", Failure(FailureKind.DENIED, "denied")))) == {"error"}


def test_offline_what_needs_aws_is_skipped() -> None:
    world = _gate_of(2, {"IT": {"required": True}, "THAT": {"required": True}}).offline()
    offline = Failure(FailureKind.OFFLINE, "offline")
    found = Reading(".env", {"IT": Variable("IT", ".env", "1")})
    judged = run(CHECK, world.environment("api", offline, found))
    assert [(one.status.value, one.cause) for one in judged] == [("pass", None), ("skip", "offline")]


def test_later_places_win() -> None:
    world = _gate_of(2, {"IT": {"equals": "2"}})
    one, two = (Reading(place, {"IT": Variable("IT", place, place)}) for place in "12")
    assert statuses(run(CHECK, world.environment("api", one, two))) == {"pass"}
    assert _causes(world.environment("api", two, one)) == {"wrong-value"}


def test_what_the_platform_may_set_is_not_seen_unless_the_default_does() -> None:
    perhaps = Reading("task definition api:1", {}, perhaps={"AWS_REGION": "only new agents do"})
    for rules, status in (
        ({"required": True, "is": "region"}, "error"),
        ({"required": True, "is": "region", "default": "ap-southeast-1"}, "pass"),
        ({"required": True, "is": "region", "default": "eu-west-1"}, "fail"),
    ):
        [judged] = run(CHECK, _gate(AWS_REGION=rules).environment("api", perhaps))
        assert judged.status.value == status
