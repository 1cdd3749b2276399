"""What waiting can help, and when to look again."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from sesgate.evidence.question import Answer, Failure, FailureKind, Question
from sesgate.finding import DnsRecord, Owner, Remedy, Severity, Status, Text
from sesgate.report.model import Report, ReportedFinding
from sesgate.verdict import Verdict
from sesgate.waiting import FIRST_PAUSE, LAST_PAUSE, LONGEST, SHORTEST, Turn, outlook, turns
from tests.report import samples

SPF = DnsRecord("bounce.yourdomain.com", "TXT", "v=spf1 include:amazonses.com ~all")
LOOK_UP = Question.dns("TXT", SPF.name, "resolver 1")
ACCOUNT = Question.aws("ap-southeast-1", "sesv2", "GetAccount")


def told(ttl: int | None = 30, *records: str) -> Answer:
    value = {"rcode": "NOERROR", "records": list(records), "chain": [], "ttl": ttl}
    return Answer(value, None, samples.STARTED, 0.01)


def failed_to_tell(kind: FailureKind) -> Answer:
    return Answer(None, Failure(kind, "it did not answer"), samples.STARTED, 0.01)


def one(status: Status, *questions: Question, remedy: Remedy | None = None, **more: Any) -> ReportedFinding:
    evidence = tuple(question.id for question in questions)
    return samples.finding(
        "spf", SPF.name, status, "as it is", cause="missing", evidence=evidence, remedy=remedy, **more
    )


def report(*findings: ReportedFinding, verdict: Verdict = Verdict.NOT_READY) -> Report:
    return samples.report(*findings, verdict=verdict)


def publish(*changes: DnsRecord | Text) -> Remedy:
    return Remedy("publish", "Publish it", Owner.DNS, 300, changes)


def test_pending_is_waited_for_until_ses_may_have_looked() -> None:
    ahead = outlook(report(one(Status.PENDING, ACCOUNT)), {ACCOUNT: told()}, samples.STARTED)
    assert [finding.status for finding in ahead.waiting] == [Status.PENDING]
    assert ahead.next_look == samples.STARTED + timedelta(seconds=FIRST_PAUSE)


def test_the_pause_grows_to_its_longest_with_the_time_waited() -> None:
    findings, moment, pauses = report(one(Status.PENDING, ACCOUNT)), samples.STARTED, []
    for _ in range(20):
        due = outlook(findings, {ACCOUNT: replace(told(), asked_at=moment)}, samples.STARTED).next_look
        assert due is not None
        pauses.append((due - moment).total_seconds())
        moment = due
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (FIRST_PAUSE, LAST_PAUSE)


def test_looks_at_the_dns_put_off_no_look_at_aws() -> None:
    findings, answers = report(one(Status.PENDING, ACCOUNT, LOOK_UP)), {ACCOUNT: told(), LOOK_UP: told(5)}
    later = samples.STARTED + timedelta(seconds=10)
    again = outlook(findings, {**answers, LOOK_UP: replace(told(5), asked_at=later)}, samples.STARTED)
    assert again.due[ACCOUNT] == samples.STARTED + timedelta(seconds=FIRST_PAUSE)


def test_a_record_that_is_not_published_yet_is_waited_for() -> None:
    ahead = outlook(report(one(Status.FAIL, LOOK_UP, remedy=publish(SPF))), {LOOK_UP: told()}, samples.STARTED)
    assert ahead.hopeless == ()
    assert ahead.next_look == samples.STARTED + timedelta(seconds=30)


def test_a_record_is_looked_for_in_the_dns_alone() -> None:
    missing, answers = one(Status.FAIL, ACCOUNT, LOOK_UP, remedy=publish(SPF)), {ACCOUNT: told(), LOOK_UP: told()}
    assert set(outlook(report(missing), answers, samples.STARTED).due) == {LOOK_UP}
    assert set(outlook(report(missing), answers, samples.STARTED, stubborn=True).due) == {ACCOUNT, LOOK_UP}
    looking_on = replace(missing, status=Status.PENDING)
    assert set(outlook(report(looking_on), answers, samples.STARTED).due) == {ACCOUNT, LOOK_UP}


@pytest.mark.parametrize(("ttl", "seconds"), [(0, SHORTEST), (None, SHORTEST), (1, SHORTEST), (86400, LONGEST)])
def test_a_ttl_counts_within_bounds(ttl: int | None, seconds: float) -> None:
    ahead = outlook(report(one(Status.FAIL, LOOK_UP, remedy=publish(SPF))), {LOOK_UP: told(ttl)}, samples.STARTED)
    assert ahead.next_look == samples.STARTED + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("finding", "answer"),
    [
        (one(Status.FAIL, LOOK_UP, remedy=publish(SPF)), told(30, "v=spf1 -all")),
        (one(Status.FAIL, LOOK_UP, remedy=publish(SPF, Text("and write to the registrar"))), told()),
        (one(Status.FAIL, LOOK_UP), told()),
        (one(Status.FAIL, remedy=publish(SPF)), told()),
        (one(Status.FAIL, LOOK_UP, remedy=publish(SPF)), failed_to_tell(FailureKind.SERVFAIL)),
    ],
    ids=["wrong", "words-too", "no-remedy", "not-asked", "not-seen"],
)
def test_what_no_waiting_helps(finding: ReportedFinding, answer: Answer) -> None:
    ahead = outlook(report(finding), {LOOK_UP: answer}, samples.STARTED)
    assert ahead.hopeless == (finding,)
    assert ahead.due == {}


@pytest.mark.parametrize(("kind", "helps"), [(FailureKind.TIMEOUT, True), (FailureKind.DENIED, False)])
def test_only_a_passing_failure_is_waited_for(kind: FailureKind, helps: bool) -> None:
    unseen = report(one(Status.ERROR, LOOK_UP), verdict=Verdict.UNDECIDED)
    assert bool(outlook(unseen, {LOOK_UP: failed_to_tell(kind)}, samples.STARTED).waiting) is helps


def test_who_repairs_can_have_it_look_on() -> None:
    wrong = report(one(Status.FAIL, LOOK_UP, remedy=publish(SPF)))
    ahead = outlook(wrong, {LOOK_UP: told(30, "v=spf1 -all")}, samples.STARTED, stubborn=True)
    assert (ahead.hopeless, set(ahead.due)) == ((), {LOOK_UP})


def test_only_what_is_due_is_asked() -> None:
    waiting = report(one(Status.PENDING, ACCOUNT, LOOK_UP))
    ahead = outlook(waiting, {ACCOUNT: told(), LOOK_UP: told(5)}, samples.STARTED)
    assert ahead.to_ask(samples.STARTED) == frozenset()
    assert ahead.to_ask(samples.STARTED + timedelta(seconds=6)) == {LOOK_UP}


def test_ready_waits_for_nothing() -> None:
    ahead = outlook(samples.ready(), {}, samples.STARTED)
    assert (ahead.waiting, ahead.hopeless, ahead.next_look) == ((), (), None)


def test_a_warning_is_not_waited_for_beside_a_blocker() -> None:
    lesser = one(Status.FAIL, severity=Severity.WARNING)
    assert outlook(report(one(Status.PENDING, ACCOUNT), lesser), {ACCOUNT: told()}, samples.STARTED).hopeless == ()


def test_turns_tell_what_changed() -> None:
    other = samples.finding("dkim", "yourdomain.com", Status.PENDING, "as it is", cause="not-looked")
    before = report(one(Status.FAIL), other)
    after = report(replace(one(Status.PASS), cause=None))
    assert turns(before, after) == [
        Turn("spf", SPF.name, "fail missing", "pass"),
        Turn("dkim", "yourdomain.com", "pending not-looked", "gone"),
    ]
    assert turns(after, after) == []


def test_what_happens_to_several_parts_alike_is_told_once() -> None:
    twice = report(one(Status.FAIL), one(Status.FAIL), one(Status.PENDING))
    waiting = report(replace(one(Status.PENDING), cause="pending"))
    assert turns(twice, waiting) == [Turn("spf", SPF.name, "fail missing, pending missing", "pending")]
