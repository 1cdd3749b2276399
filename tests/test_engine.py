"""The engine: one call a subject, side by side, each contained."""

import re
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

from sesgate.check import Check
from sesgate.context import Context
from sesgate.engine import Judged, run
from sesgate.finding import Because, Finding, Severity, failed, passed, skipped
from sesgate.plan import Selection, plan
from sesgate.subjects import Feedback, Identity, Sender
from sesgate.testing import World, ready_world

from .packs import make_check, registry_of


def judged_by(*checks: Check, world: World | None = None, selection: Selection | None = None) -> list[Judged]:
    context = (world or ready_world()).context()
    planned = plan(registry_of(*checks), context.gate, selection or Selection())
    return run(planned.jobs, context, deadline=time.monotonic() + 5)


def test_a_check_is_called_once_for_each_subject() -> None:
    def function(subject: Feedback, context: Context, options: Any) -> Iterator[Finding]:
        yield passed(subject.event)

    found = judged_by(make_check(function, each=Feedback))
    assert [one.finding.message for one in found] == ["bounce", "complaint"]
    assert [one.subject for one in found] == ["no-reply@yourdomain.com bounce", "no-reply@yourdomain.com complaint"]


def test_what_one_call_raises_is_the_error_of_that_subject_alone() -> None:
    def function(subject: Feedback, context: Context, options: Any) -> Iterator[Finding]:
        if subject.event == "bounce":
            raise KeyError("token=abc123")
        yield passed("fine")

    broken, fine = judged_by(make_check(function, each=Feedback))
    assert (broken.status.value, broken.cause) == ("error", "fault")
    assert "abc123" not in broken.finding.message
    assert fine.status.value == "pass"


def test_a_check_that_leaves_does_not_end_the_run() -> None:
    def function(subject: Feedback, context: Context, options: Any) -> Iterator[Finding]:
        if subject.event == "bounce":
            sys.exit(0)
        yield passed("fine")

    left, fine = judged_by(make_check(function, each=Feedback))
    assert (left.status.value, left.cause, fine.status.value) == ("error", "fault", "pass")
    assert re.search(r"raised SystemExit \(packs\.py:\d+\)", left.finding.message)


def test_findings_before_a_raise_are_kept() -> None:
    def function(subject: Sender, context: Context, options: Any) -> Iterator[Finding]:
        yield failed("wrong", "seen before")
        context.aws("sesv2", "NoSuchAnswer")

    found = judged_by(make_check(function))
    assert [(one.status.value, one.cause) for one in found] == [("fail", "wrong"), ("error", "not-seen")]


def test_a_check_that_says_nothing_is_no_pass() -> None:
    [silent] = judged_by(make_check(lambda *_: iter(())))
    assert (silent.status.value, silent.cause) == ("error", "fault")


def test_an_undeclared_cause_is_no_finding() -> None:
    [judged] = judged_by(make_check(lambda *_: iter([failed("invented", "never declared")])))
    assert (judged.status.value, judged.cause) == ("error", "fault")


def test_subjects_that_cannot_be_listed_are_one_error() -> None:
    world = ready_world().fail("sesv2", "ListEmailIdentities")
    [judged] = judged_by(make_check(lambda *_: iter([passed("fine")]), each=Identity), world=world)
    assert (judged.subject, judged.status.value) == ("all", "error")


def test_calls_run_side_by_side() -> None:
    barrier = threading.Barrier(2, timeout=5)

    def function(subject: Feedback, context: Context, options: Any) -> Iterator[Finding]:
        barrier.wait()
        yield passed("met")

    assert len(judged_by(make_check(function, each=Feedback))) == 2


def test_a_check_that_does_not_end_is_an_error() -> None:
    release = threading.Event()

    def function(subject: Any, context: Context, options: Any) -> Iterator[Finding]:
        release.wait(30)
        yield passed("too late")

    context = ready_world().context()
    planned = plan(registry_of(make_check(function)), context.gate, Selection())
    try:
        [judged] = run(planned.jobs, context, deadline=time.monotonic() - 1.9)
    finally:
        release.set()
    assert judged.status.value == "error"
    assert "time limit" in judged.finding.message


def test_the_order_depends_on_the_gate_alone() -> None:
    def slow(subject: Feedback, context: Context, options: Any) -> Iterator[Finding]:
        time.sleep(0.05 if subject.event == "bounce" else 0)
        yield passed(subject.event)

    found = judged_by(
        make_check(slow, name="first", each=Feedback), make_check(lambda *_: iter([passed("x")]), name="second")
    )
    assert [(one.check, one.finding.message) for one in found] == [
        ("first", "bounce"),
        ("first", "complaint"),
        ("second", "x"),
    ]


def test_a_finding_cites_the_questions_it_rests_on() -> None:
    def function(subject: Any, context: Context, options: Any) -> Iterator[Finding]:
        yield passed("before any question")
        context.aws("sesv2", "GetAccount")
        yield passed("after one")

    before, after = judged_by(make_check(function))
    assert before.evidence == ()
    assert len(after.evidence) == 1


def test_a_finding_rests_on_what_was_asked_to_find_its_subject() -> None:
    found = judged_by(make_check(lambda *_: iter([passed("fine")]), each=Identity))
    assert {len(one.evidence) for one in found} == {1}


def test_a_disagreement_of_resolvers_is_noted_by_itself() -> None:
    def function(subject: Any, context: Context, options: Any) -> Iterator[Finding]:
        yield passed(str(context.dns("a.example", "TXT")))

    world = ready_world().elsewhere(resolvers=("resolver 1", "resolver 2"))
    world = world.dns_at("resolver 1", "a.example", "TXT", "old", ttl=600).dns_at(
        "resolver 2", "a.example", "TXT", "new"
    )
    [judged] = judged_by(make_check(function), world=world)
    assert judged.finding.message == "old"
    assert "resolver 2: new" in judged.notes[0]
    assert "600 s" in judged.notes[0]


class TestDependencies:
    def skipping(self, name: str) -> Check:
        because = Because(name, "111122223333")
        return make_check(lambda *_: iter([skipped("no identity", because=because)]), name="leaning")

    def test_a_skip_stands_on_a_failure_of_the_same_run(self) -> None:
        failing = make_check(lambda *_: iter([failed("wrong", "no")]), name="ground")
        leaning = judged_by(failing, self.skipping("ground"))[1]
        assert (leaning.status.value, str(leaning.finding.because)) == ("skip", "ground 111122223333")

    def test_a_skip_does_not_stand_on_a_check_that_was_left_out(self) -> None:
        [leaning] = judged_by(self.skipping("ground"))
        assert (leaning.status.value, leaning.cause) == ("error", "not-run")

    def test_a_skip_does_not_stand_on_a_pass(self) -> None:
        passing = make_check(lambda *_: iter([passed("yes")]), name="ground")
        assert judged_by(passing, self.skipping("ground"))[1].status.value == "error"


class TestSeverity:
    def weak(self) -> Check:
        return make_check(lambda *_: iter([failed("weak", "weak"), failed("wrong", "wrong")]))

    def severities(self, knobs: dict[str, Any]) -> list[str]:
        found = judged_by(self.weak(), world=ready_world().with_gate(checks={"made": knobs}))
        return [one.severity.value for one in found]

    def test_a_cause_weighs_what_it_declares(self) -> None:
        assert self.severities({}) == ["warning", "blocker"]

    def test_the_gate_sets_a_cause(self) -> None:
        assert self.severities({"causes": {"weak": {"severity": "blocker"}}}) == ["blocker", "blocker"]

    def test_the_gate_lowers_a_check_and_its_causes_with_it(self) -> None:
        assert self.severities({"severity": "info"}) == ["info", "info"]

    def test_the_gate_raises_a_check_and_the_causes_as_grave_as_it(self) -> None:
        check = make_check(
            lambda *_: iter([failed("weak", "weak"), failed("note", "note")]),
            severity=Severity.WARNING,
            causes={"weak": Severity.WARNING, "note": Severity.INFO},
        )
        found = judged_by(check, world=ready_world().with_gate(checks={"made": {"severity": "blocker"}}))
        assert [one.severity.value for one in found] == ["blocker", "info"]

    def weighed(self, knobs: dict[str, Any]) -> str:
        heavy = make_check(lambda *_: iter([failed("weak", "by an option", severity=Severity.BLOCKER)]))
        [judged] = judged_by(heavy, world=ready_world().with_gate(checks={"made": knobs}))
        return judged.severity.value

    def test_a_finding_may_weigh_more_than_its_cause(self) -> None:
        assert self.weighed({}) == "blocker"

    def test_the_gate_counts_before_the_finding(self) -> None:
        assert self.weighed({"causes": {"weak": {"severity": "info"}}}) == "info"

    def test_a_finding_moves_with_its_check(self) -> None:
        assert self.weighed({"severity": "warning"}) == "warning"


def test_a_check_that_is_switched_off_is_a_skip() -> None:
    world = ready_world().with_gate(checks={"made": {"enabled": False}})
    [judged] = judged_by(make_check(lambda *_: iter([passed("x")])), world=world)
    assert (judged.status.value, judged.cause) == ("skip", "switched-off")


def test_offline_runs_local_checks_only() -> None:
    remote = make_check(lambda *_: iter([passed("x")]), name="remote")
    local = make_check(lambda *_: iter([passed("x")]), name="local", local=True)
    found = judged_by(remote, local, selection=Selection(offline=True))
    assert [(one.check, one.status.value, one.cause) for one in found] == [
        ("remote", "skip", "offline"),
        ("local", "pass", None),
    ]


def test_a_local_check_that_asks_elsewhere_is_skipped_offline() -> None:
    def asks(subject: Any, context: Context, options: Any) -> Iterator[Finding]:
        context.aws("sesv2", "GetAccount")
        yield passed("seen")

    local = make_check(asks, local=True)
    listing = make_check(lambda *_: iter([passed("x")]), name="listing", each=Identity, local=True)
    found = judged_by(local, listing, world=ready_world().offline(), selection=Selection(offline=True))
    assert [(one.status.value, one.cause) for one in found] == [("skip", "offline")] * 2
