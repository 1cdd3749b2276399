"""region: everything that names a region names the one under audit."""

from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.finding import Because
from sesgate.plan import Selection, plan
from sesgate.registry import load
from sesgate.testing import World, ready_world, run, statuses

CHECK = "region"
HERE, THERE = "ap-southeast-1", "eu-west-1"
TOPIC = "arn:aws:sns:{}:111122223333:events"


def _world() -> World:
    """Whose gate names one region and no ARN."""
    return ready_world().with_gate(roles=None, services=None)


def _all(world: World) -> list[Judged]:
    """Of the gate's own places: what SES publishes to, and what could not be read, aside."""
    return [one for one in run(CHECK, world) if not one.subject.endswith((" events", " variables"))]


def _judged(world: World) -> dict[str, Judged]:
    found = {judged.subject: judged for judged in _all(world)}
    assert len(found) == len(_all(world))
    return found


def _service(variables: dict[str, Any], source: Any = "process") -> World:
    return _world().with_gate(services=[{"name": "api", "source": source, "variables": variables}])


def _role(*resources: str) -> World:
    needs = [{"actions": ["sns:Publish"], "resources": list(resources)}]
    return _world().with_gate(roles=[{"arn": "arn:aws:iam::111122223333:role/api", "needs": needs}])


def _differs(judged: Judged) -> bool:
    assert judged.status.value in ("pass", "fail")
    assert judged.cause in (None, "differs")
    return judged.cause == "differs"


def test_a_gate_that_names_one_region_passes() -> None:
    [judged] = _all(_world())
    assert (judged.subject, judged.status.value) == ("aws.region", "pass")


def test_a_region_that_ses_does_not_know_is_a_warning() -> None:
    world = _world().with_gate(aws={"region": "ap-southeast-11"}).elsewhere(region="ap-southeast-11")
    [judged] = _all(world)
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "unknown-region", "warning")


def test_another_region_on_the_command_line_is_told() -> None:
    [judged] = _all(_world().elsewhere(region=THERE))
    assert judged.status.value == "pass"
    assert f"by --region: the gate names {HERE}" in judged.finding.message


def test_a_region_of_the_environment_is_a_note() -> None:
    [judged] = _all(_world().elsewhere(other_regions=(THERE,)))
    assert judged.status.value == "pass"
    assert f"also names {THERE}" in judged.finding.message


def test_arns_of_needs_are_compared() -> None:
    found = _judged(_role(TOPIC.format(HERE), TOPIC.format(THERE), TOPIC.format("*"), "senders"))
    assert {name: _differs(one) for name, one in found.items()} == {
        "aws.region": False,
        TOPIC.format(HERE): False,
        TOPIC.format(THERE): True,
    }
    wrong = found[TOPIC.format(THERE)]
    assert (wrong.severity.value, wrong.finding.expected, wrong.finding.found) == ("blocker", HERE, THERE)
    assert wrong.where == ("roles", 0, "needs", 0, "resources", 1)


def test_what_is_audited_counts_and_not_what_the_gate_says() -> None:
    found = _judged(_role(TOPIC.format(HERE), TOPIC.format(THERE)).elsewhere(region=THERE))
    assert _differs(found[TOPIC.format(HERE)])
    assert not _differs(found[TOPIC.format(THERE)])


@pytest.mark.parametrize(
    ("rules", "differs"),
    [
        ({"is": "region", "default": HERE}, False),
        ({"is": "region", "default": THERE}, True),
        ({"is": "region", "equals": THERE}, True),
        ({"is": "region", "one_of": [HERE, THERE]}, False),
        ({"is": "region", "one_of": [THERE, "eu-west-2"]}, True),
        ({"equals": THERE}, True),
        ({"is": "smtp_host", "equals": f"email-smtp.{THERE}.amazonaws.com"}, True),
        ({"one_of": ["localhost", f"email-smtp.{THERE}.amazonaws.com"]}, None),
        ({"is": "secret_arn", "default": f"arn:aws:secretsmanager:{THERE}:111122223333:secret:db"}, True),
        ({"equals": "prod-api-1"}, None),
        ({"is": "region"}, None),
    ],
)
def test_variables_are_compared(rules: dict[str, Any], differs: bool | None) -> None:
    found = _judged(_service({"VALUE": rules}))
    assert ("api/VALUE" in found) == (differs is not None)
    if differs is not None:
        assert _differs(found["api/VALUE"]) == differs
        assert found["api/VALUE"].where == ("services", 0, "variables", "VALUE")


def test_each_rule_that_differs_is_told() -> None:
    judged = run(CHECK, _service({"AWS_REGION": {"is": "region", "default": THERE, "one_of": ["eu-west-2"]}}))
    assert [one.finding.found for one in judged if one.subject == "api/AWS_REGION"] == [THERE, "eu-west-2"]


def test_the_value_of_a_variable_is_not_told() -> None:
    value = f"postgres://app:hunter2@db.c9akciq32.{THERE}.rds.amazonaws.com/app"
    [wrong] = [one for one in _all(_service({"DATABASE_URL": {"default": value}})) if _differs(one)]
    assert "hunter2" not in repr(wrong)


@pytest.mark.parametrize(
    "source",
    [
        {"ecs": {"cluster": f"arn:aws:ecs:{THERE}:111122223333:cluster/prod", "service": "api"}},
        {"ecs_task_definition": f"arn:aws:ecs:{THERE}:111122223333:task-definition/api:7"},
        {"lambda": f"arn:aws:lambda:{THERE}:111122223333:function:api"},
        {"apprunner": f"arn:aws:apprunner:{THERE}:111122223333:service/api/8fe1e10304f84fd2b0df550fe98a71fa"},
        ["process", {"secrets_manager": f"arn:aws:secretsmanager:{THERE}:111122223333:secret:api-AbCdEf"}],
    ],
)
def test_sources_are_compared(source: Any) -> None:
    assert _differs(_judged(_service({}, source))["api source"])


def test_database_queue_and_api_are_compared() -> None:
    world = _world().with_gate(
        database={"instance": f"arn:aws:rds:{THERE}:111122223333:db:bizassist-prod"},
        test_send={"queue": f"https://sqs.{THERE}.amazonaws.com/111122223333/events"},
        api={
            "base_url": f"https://a1b2.execute-api.{THERE}.amazonaws.com/prod",
            "contract": {"baseline": "openapi.json", "live": f"https://a1b2.{HERE}.awsapprunner.com/openapi.json"},
        },
    )
    assert {name: _differs(one) for name, one in _judged(world).items()} == {
        "aws.region": False,
        "database": True,
        "test_send.queue": True,
        "api.base_url": True,
        "api.contract.live": False,
    }


def test_names_without_a_region_are_none() -> None:
    world = _world().with_gate(
        database={"instance": "bizassist-prod"},
        test_send={"queue": "events"},
        api={"base_url": "https://api.yourdomain.com"},
    )
    assert list(_judged(world)) == ["aws.region"]


def test_it_runs_offline_and_judges_what_the_gate_says() -> None:
    context = _world().context()
    [job] = plan(load(), context.gate, Selection(only=frozenset({CHECK}), offline=True)).jobs
    assert job.skip is None
    judged = {one.subject: one.cause for one in run(CHECK, _service({"IT": {"equals": THERE}}).offline())}
    assert judged == {
        "aws.region": None,
        "api/IT": "differs",
        "api variables": "offline",
        "no-reply@yourdomain.com events": "offline",
    }


def _value(value: str, rules: dict[str, Any] | None = None, name: str = "IT") -> World:
    return _service({} if rules is None else {name: rules}, {"dotenv": ".env"}).sets("api", **{name: value})


@pytest.mark.parametrize(
    ("value", "differs"),
    [
        (THERE, True),
        (HERE, False),
        (f"https://sqs.{THERE}.amazonaws.com/111122223333/mail", True),
        (f"postgres://app:hunter2@db.c9akciq32.{THERE}.rds.amazonaws.com/app", True),
        (TOPIC.format(HERE), False),
        ("production", None),
    ],
)
def test_values_of_variables_are_compared(value: str, differs: bool | None) -> None:
    found = _judged(_value(value, {}))
    assert ("api/IT" in found) == (differs is not None)
    if differs is not None:
        assert _differs(found["api/IT"]) == differs
        assert found["api/IT"].evidence
        assert "hunter2" not in repr(found["api/IT"])


@pytest.mark.parametrize(
    ("name", "severity"), [("AWS_DEFAULT_REGION", "blocker"), ("SES_REGION", "blocker"), ("BACKUP_REGION", "warning")]
)
def test_an_undeclared_variable_weighs_by_what_it_decides(name: str, severity: str) -> None:
    judged = _judged(_value(THERE, name=name))[f"api/{name}"]
    assert (judged.cause, judged.severity.value, judged.where) == ("differs", severity, ("services", 0))


def test_what_the_other_check_tells_is_not_told_twice() -> None:
    judged = _judged(_value(THERE, {"is": "region"}))["api/IT"]
    assert judged.status.value == "skip"
    assert judged.finding.because == Because("environment", "api/IT")


def test_a_service_that_can_t_be_read_is_an_error_and_its_rules_are_judged() -> None:
    judged = {one.subject: one.status.value for one in run(CHECK, _service({"IT": {"equals": THERE}}))}
    assert judged["api variables"] == "error"
    assert judged["api/IT"] == "fail"


def _events(world: World) -> Judged:
    [judged] = [one for one in run(CHECK, world) if one.subject.endswith(" events")]
    return judged


def test_topics_are_compared() -> None:
    assert _events(_world()).status.value == "pass"
    elsewhere = [{"Name": "events", "Enabled": True, "SnsDestination": {"TopicArn": TOPIC.format(THERE)}}]
    judged = _events(_world().answer("sesv2", "GetConfigurationSetEventDestinations", EventDestinations=elsewhere))
    assert judged.cause == "differs"
    assert "event destination events" in judged.finding.message
    own = _world().answer("ses", "GetIdentityNotificationAttributes", BounceTopic=TOPIC.format(THERE))
    assert _events(own).cause == "differs"


def test_topics_that_can_t_be_seen_are_an_error() -> None:
    assert _events(_world().fail("ses", "GetIdentityNotificationAttributes")).status.value == "error"
    assert statuses(run(CHECK, _world().fail_all())) == {"pass", "error"}
    no_identity = _events(_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[]))
    assert no_identity.finding.because == Because("identity-verified", "no-reply@yourdomain.com")
