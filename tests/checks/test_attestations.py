"""attestations: what a person states, when, and until when."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sesgate.attestations import HISTORY
from sesgate.testing import MOMENT, World, ready_world, run, statuses

CHECK = "attestations"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


def stated(**changes: Any) -> World:
    """A world with one attestation; a change to None takes a key away."""
    entry = {
        "id": "dpa",
        "statement": "The DPA is signed.",
        "signed_by": "cto@yourdomain.com",
        "signed_on": "2026-02-17",
        "expires": "2027-02-17",
        **changes,
    }
    return ready_world().with_gate(attestations=[{key: value for key, value in entry.items() if value is not None}])


def test_who_stated_it_and_when_is_told() -> None:
    [judged] = run(CHECK, stated())
    assert (judged.subject, judged.status.value) == ("dpa", "pass")
    assert judged.finding.message == "stated by cto@yourdomain.com on 2026-02-17: The DPA is signed."
    assert judged.finding.found == "holds until 2027-02-17"


@pytest.mark.parametrize(
    ("changes", "cause", "severity", "words"),
    [
        ({"signed_by": None}, "unsigned", "blocker", "no signed_by"),
        ({"signed_on": None}, "unsigned", "blocker", "no signed_on"),
        ({"signed_by": "<your name>"}, "unsigned", "blocker", "a placeholder"),
        ({"signed_on": "2026-12-01"}, "future-dated", "blocker", "signed on 2026-12-01"),
        ({"expires": "2026-11-23"}, "expired", "blocker", "held until 2026-11-23"),
        ({"expires": "2026-11-24"}, "expires-soon", "warning", "today is its last day"),
        ({"expires": "2026-11-25"}, "expires-soon", "warning", "one day is left"),
        ({"expires": "2026-12-08"}, "expires-soon", "warning", "14 days are left"),
        ({"expires": None}, "open-ended", "warning", "without an end"),
    ],
)
def test_each_cause(changes: dict[str, Any], cause: str, severity: str, words: str) -> None:
    [judged] = run(CHECK, stated(**changes))
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", cause, severity)
    assert words in judged.finding.message
    assert judged.finding.remedy is not None


def test_fifteen_days_are_enough() -> None:
    assert statuses(run(CHECK, stated(expires="2026-12-09"))) == {"pass"}


def test_where_the_day_begins_first_tomorrow_may_be_signed() -> None:
    world = stated(signed_on="2026-11-25")
    assert statuses(run(CHECK, world)) == {"fail"}
    assert statuses(run(CHECK, world.at(datetime(2026, 11, 24, 10, 0, tzinfo=UTC)))) == {"pass"}


def test_what_must_be_attested_and_is_not_is_missing() -> None:
    options = {"attestations": {"options": {"required": ["dpa", "backups-tested"]}}}
    found = run(CHECK, stated().with_gate(checks=options))
    assert [(judged.subject, judged.cause) for judged in found] == [("dpa", None), ("backups-tested", "missing")]


def test_what_must_be_attested_is_asked_where_nothing_is() -> None:
    options = {"attestations": {"options": {"required": ["dpa"]}}}
    [judged] = run(CHECK, ready_world().with_gate(attestations=None, checks=options))
    assert (judged.subject, judged.cause) == ("dpa", "missing")


def test_the_commit_is_told_where_there_is_one() -> None:
    answer = {"dpa": {"commit": COMMIT, "at": "2026-02-17T09:00:00Z"}}
    [judged] = run(CHECK, stated().told(HISTORY, answer))
    assert "on 2026-02-17 (commit 0123456789 of 2026-02-17): The DPA" in judged.finding.message


def test_what_is_not_committed_is_told() -> None:
    [judged] = run(CHECK, stated().told(HISTORY, {"dpa": {"commit": "", "at": "1970-01-01T00:00:00Z"}}))
    assert judged.status.value == "pass"
    assert "(not committed yet)" in judged.finding.message


def test_without_git_it_is_simply_without_a_commit() -> None:
    world = stated()
    known = {question: answer for question, answer in world.answers.items() if question != HISTORY}
    [judged] = run(CHECK, World(world.gate_text, known, world.place, MOMENT))
    assert judged.status.value == "pass"
    assert "commit" not in judged.finding.message


def test_it_runs_offline() -> None:
    assert statuses(run(CHECK, ready_world().offline())) == {"pass"}
