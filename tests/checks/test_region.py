"""region: everything that names a region names the one under audit."""

from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.plan import Selection, plan
from sesgate.registry import load
from sesgate.testing import World, ready_world, run, statuses

CHECK = "region"
HERE, THERE = "ap-southeast-1", "eu-west-1"
TOPIC = "arn:aws:sns:{}:111122223333:events"


def _world() -> World:
    """Whose gate names one region and no ARN."""
    return ready_world().with_gate(roles=None)


def _judged(world: World) -> dict[str, Judged]:
    found = {judged.subject: judged for judged in run(CHECK, world)}
    assert len(found) == len(run(CHECK, world))
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
    [judged] = run(CHECK, _world())
    assert (judged.subject, judged.status.value) == ("aws.region", "pass")


def test_a_region_that_ses_does_not_know_is_a_warning() -> None:
    world = _world().with_gate(aws={"region": "ap-southeast-11"}).elsewhere(region="ap-southeast-11")
    [judged] = run(CHECK, world)
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "unknown-region", "warning")


def test_another_region_on_the_command_line_is_told() -> None:
    [judged] = run(CHECK, _world().elsewhere(region=THERE))
    assert judged.status.value == "pass"
    assert f"by --region: the gate names {HERE}" in judged.finding.message


def test_a_region_of_the_environment_is_a_note() -> None:
    [judged] = run(CHECK, _world().elsewhere(other_regions=(THERE,)))
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
    [wrong] = [one for one in run(CHECK, _service({"DATABASE_URL": {"default": value}})) if _differs(one)]
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


def test_it_runs_offline_and_asks_nothing() -> None:
    context = _world().context()
    [job] = plan(load(), context.gate, Selection(only=frozenset({CHECK}), offline=True)).jobs
    assert job.skip is None
    assert statuses(run(CHECK, _world().fail_all())) == {"pass"}
