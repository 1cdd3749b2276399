"""Which checks run, what is not asked, and what the gate names that is not installed."""

from dataclasses import dataclass
from typing import Any, Literal

import pytest

from sesgate.finding import passed
from sesgate.plan import Selection, mistakes, plan
from sesgate.registry import Registry
from sesgate.testing import ready_world

from .packs import make_check, registry_of

DATABASE = {"instance": "bizassist-prod", "login": "iam"}


@dataclass(frozen=True)
class Knobs:
    minimum_policy: Literal["none", "quarantine", "reject"] = "none"
    patterns: tuple[str, ...] = ()
    headroom: float = 0.2


def registry() -> Registry:
    def function(*_: Any) -> Any:
        yield passed("fine")

    return registry_of(make_check(function, name="made", options=Knobs), make_check(function, name="other"))


def test_what_the_gate_does_not_ask_is_told() -> None:
    planned = plan(registry(), ready_world().with_gate(database=None).context().gate, Selection())
    assert "database" in planned.not_asked
    assert "senders" not in planned.not_asked


def test_a_part_that_nothing_looks_at_is_an_error() -> None:
    gate = ready_world().with_gate(database=DATABASE, roles=None, api=None).context().gate
    planned = plan(registry(), gate, Selection())
    [unserved] = [one for one in planned.unserved if one.subject == "database"]
    assert (unserved.check, unserved.subject, unserved.status.value, unserved.cause) == (
        "gate",
        "database",
        "error",
        "not-run",
    )
    assert unserved.severity.value == "blocker"
    assert "database" not in planned.not_asked


def test_only_and_skip_make_a_partial_run() -> None:
    gate = ready_world().context().gate
    assert not plan(registry(), gate, Selection()).partial
    assert plan(registry(), gate, Selection()).left_out == ()
    only = plan(registry(), gate, Selection(only=frozenset({"made"})))
    assert only.partial
    assert [job.check.id for job in only.jobs] == ["made"]
    assert only.left_out == ("other",)
    assert [job.check.id for job in plan(registry(), gate, Selection(skip=frozenset({"made"}))).jobs] == ["other"]


def test_offline_leaves_out_what_needs_more_than_files() -> None:
    def function(*_: Any) -> Any:
        yield passed("fine")

    mixed = registry_of(make_check(function), make_check(function, name="files", local=True))
    world = ready_world()
    planned = plan(mixed, world.context().gate, Selection(offline=True))
    assert (planned.partial, planned.left_out) == (True, ("made",))
    switched_off = world.with_gate(checks={"made": {"enabled": False}}).context().gate
    assert plan(mixed, switched_off, Selection(offline=True)).left_out == ()


@pytest.mark.parametrize(
    ("parts", "where", "words"),
    [
        ({"checks": {"mad": {}}}, ("checks", "mad"), "did you mean made?"),
        (
            {"checks": {"made": {"causes": {"wron": {}}}}},
            ("checks", "made", "causes", "wron"),
            "its causes: wrong, weak",
        ),
        (
            {"checks": {"made": {"options": {"minimum_polcy": "none"}}}},
            ("checks", "made", "options", "minimum_polcy"),
            "did you mean minimum_policy?",
        ),
        (
            {"checks": {"made": {"options": {"minimum_policy": "some"}}}},
            ("checks", "made", "options", "minimum_policy"),
            "one of none, quarantine, reject",
        ),
        ({"checks": {"made": {"options": {"patterns": "x"}}}}, ("checks", "made", "options", "patterns"), "a list"),
        (
            {"checks": {"made": {"options": {"headroom": "much"}}}},
            ("checks", "made", "options", "headroom"),
            "a number",
        ),
        ({"waivers": [{"check": "maid"}]}, ("waivers", 0, "check"), "did you mean made?"),
        ({"waivers": [{"check": "made", "cause": "wrnog"}]}, ("waivers", 0, "cause"), "its causes"),
    ],
)
def test_names_that_fit_nothing_are_refused(parts: dict[str, Any], where: tuple[Any, ...], words: str) -> None:
    for waiver in parts.get("waivers", ()):
        waiver.update(subject="a", reason="b", owner="c", expires="2026-12-01")
    gate = ready_world().with_gate(**{"checks": {}, **parts}).context().gate
    [mistake] = mistakes(registry(), gate, Selection())
    assert mistake.where == where
    assert words in f"{mistake.message} {mistake.hint}"


def test_names_on_the_command_line_are_checked_too() -> None:
    gate = ready_world().with_gate(checks={}).context().gate
    [mistake] = mistakes(registry(), gate, Selection(only=frozenset({"maed"})))
    assert mistake.where == ()
    assert "maed" in mistake.message


def test_options_reach_the_check() -> None:
    knobs = {"minimum_policy": "reject", "patterns": ["*.example"], "headroom": 1}
    gate = ready_world().with_gate(checks={"made": {"options": knobs}}).context().gate
    [job, _] = plan(registry(), gate, Selection()).jobs
    assert job.options == Knobs("reject", ("*.example",), 1)


def test_a_waiver_may_name_a_part_that_nothing_looks_at() -> None:
    waiver = {"check": "gate", "cause": "not-run", "subject": "database", "reason": "b", "owner": "c"}
    gate = ready_world().with_gate(checks={}, waivers=[{**waiver, "expires": "2026-12-01"}]).context().gate
    assert list(mistakes(registry(), gate, Selection())) == []
