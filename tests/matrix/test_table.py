"""The matrix of a whole run."""

import time

from sesgate.clock import FixedClock
from sesgate.plan import Selection, plan
from sesgate.registry import load
from sesgate.report.model import Report
from sesgate.run import Setting, audit
from sesgate.testing import MOMENT, World, ready_world


def _report(world: World, *only: str) -> Report:
    loaded, registry = world.loaded(), load()
    selection = Selection(only=frozenset(only))
    return audit(
        Setting(
            loaded=loaded,
            registry=registry,
            plan=plan(registry, loaded.gate, selection),
            place=world.place,
            evidence=world.evidence(),
            clock=FixedClock(MOMENT),
        ),
        deadline=time.monotonic() + 30,
    ).report


def _world(**values: str) -> World:
    variables = {"SES_CONFIGURATION_SET": {"is": "configuration_set"}, "NODE_ENV": {"required": True}}
    services = [{"name": "api", "source": {"dotenv": ".env"}, "variables": variables}]
    return ready_world().with_gate(services=services).sets("api", **values)


def _states(report: Report) -> dict[str, str]:
    return {cell.variable: cell.state for cell in report.environment}


def test_what_a_value_names_counts_too() -> None:
    world = _world(SES_CONFIGURATION_SET="gone").absent(
        "sesv2", "GetConfigurationSet", {"ConfigurationSetName": "gone"}
    )
    assert _states(_report(world, "environment")) == {"SES_CONFIGURATION_SET": "wrong", "NODE_ENV": "missing"}
    denied = world.fail("sesv2", "GetConfigurationSet", parameters={"ConfigurationSetName": "gone"})
    assert _states(_report(denied, "environment"))["SES_CONFIGURATION_SET"] == "unreadable"


def test_without_the_check_there_is_no_matrix() -> None:
    assert _report(_world(), "production-access").environment == ()


def test_a_service_that_can_not_be_read_is_all_unreadable() -> None:
    unread = ready_world().with_gate(
        services=[{"name": "api", "source": "process", "variables": {"ONE": {}, "TWO": {}}}]
    )
    assert _states(_report(unread, "environment")) == {"ONE": "unreadable", "TWO": "unreadable"}


def test_what_nobody_wanted_asked_has_no_cells() -> None:
    service = {"name": "api", "source": "process", "variables": {"ONE": {}}}
    offline = ready_world().with_gate(services=[service]).offline()
    assert _report(offline, "environment").environment == ()
