"""When the gate can be ready: the critical path over the open remedies."""

from hypothesis import given
from hypothesis import strategies as st

from sesgate.finding import DAY, HOUR, MINUTE, Owner, Remedy, Severity, Status
from sesgate.report.model import Report, ReportedFinding, WaiverApplied
from sesgate.report.schedule import Schedule, schedule
from sesgate.verdict import Verdict
from tests.report import samples


def remedy(name: str, seconds: int, *after: str) -> Remedy:
    return Remedy(name, f"do {name}", Owner.DNS, seconds, after=after)


def failed(repair: Remedy | None, status: Status = Status.FAIL, **more: object) -> ReportedFinding:
    name = repair.id if repair else "something"
    return samples.finding("dkim", name, status, "it is not so", cause="cname-missing", remedy=repair, **more)


def planned(*findings: ReportedFinding, verdict: Verdict = Verdict.NOT_READY) -> Schedule:
    found = schedule(samples.report(*findings, verdict=verdict))
    assert found is not None
    return found


def path(found: Schedule) -> list[str]:
    return [step.remedy.id for step in found.path]


def test_the_slowest_of_remedies_side_by_side_is_the_path() -> None:
    found = planned(failed(remedy("a", HOUR)), failed(remedy("b", DAY)), failed(remedy("c", MINUTE)))
    assert (path(found), found.seconds) == (["b"], DAY)
    assert found.ready_at is not None
    assert (found.ready_at - samples.STARTED).total_seconds() == DAY


def test_what_must_come_first_is_waited_for() -> None:
    found = planned(failed(remedy("a", HOUR)), failed(remedy("b", 2 * HOUR, "a")), failed(remedy("c", 150 * MINUTE)))
    assert [(step.remedy.id, step.starts, step.ends) for step in found.path] == [
        ("a", 0, HOUR),
        ("b", HOUR, 3 * HOUR),
    ]


def test_what_only_warns_counts_where_a_blocker_waits_for_it() -> None:
    lesser = failed(remedy("a", DAY), severity=Severity.WARNING)
    assert path(planned(lesser, failed(remedy("b", HOUR)))) == ["b"]
    assert path(planned(lesser, failed(remedy("b", HOUR, "a")))) == ["a", "b"]


def test_one_remedy_of_several_findings_takes_its_longest() -> None:
    assert planned(failed(remedy("a", HOUR)), failed(remedy("a", DAY))).seconds == DAY


def test_a_waived_finding_is_not_waited_for() -> None:
    waiver = WaiverApplied("later", "ops@yourdomain.com", "2026-12-01")
    assert path(planned(failed(remedy("a", DAY), waiver=waiver), failed(remedy("b", HOUR)))) == ["b"]


def test_remedies_that_wait_for_each_other_end() -> None:
    found = planned(failed(remedy("a", HOUR, "b")), failed(remedy("b", HOUR, "a")), failed(remedy("c", MINUTE, "c")))
    assert found.seconds == 2 * HOUR


def test_a_finding_without_a_remedy_has_no_time() -> None:
    found = planned(failed(None), failed(remedy("a", HOUR)))
    assert (found.ready_at, found.untimed, found.seconds) == (None, (("dkim", "something"),), HOUR)


def test_what_could_not_be_seen_has_no_time() -> None:
    found = planned(failed(remedy("a", HOUR), Status.ERROR), verdict=Verdict.UNDECIDED)
    assert (found.path, found.untimed, found.ready_at) == ((), (("dkim", "a"),), None)


def test_a_blocker_that_nobody_could_look_at_leaves_the_time_open() -> None:
    hidden = samples.finding("spf", "yourdomain.com", Status.ERROR, "SERVFAIL", cause="not-seen")
    found = planned(failed(remedy("a", HOUR)), hidden)
    assert (found.seconds, found.ready_at, found.untimed) == (HOUR, None, (("spf", "yourdomain.com"),))


def test_a_ready_gate_has_no_way_to_go() -> None:
    assert schedule(samples.ready()) is None
    assert samples.ready().to_dict()["schedule"] is None


def test_a_long_chain_is_followed_to_its_end() -> None:
    chain = [failed(remedy(f"r{at}", 1, *([f"r{at - 1}"] if at else []))) for at in range(300)]
    assert planned(*reversed(chain)).seconds == 300


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 1000), st.lists(st.integers(0, 9), max_size=4)), min_size=1)
)
def test_nothing_is_ready_before_its_slowest_remedy(rows: list[tuple[int, int, list[int]]]) -> None:
    findings = [failed(remedy(f"r{at}", seconds, *(f"r{one}" for one in after))) for at, seconds, after in rows]
    found = planned(*findings)
    assert max(seconds for _, seconds, _ in rows) <= found.seconds
    assert len(set(path(found))) == len(found.path)
    assert all(left.ends == right.starts for left, right in zip(found.path, found.path[1:], strict=False))


def test_the_report_tells_it_as_data() -> None:
    report: Report = samples.report(failed(remedy("a", HOUR)), verdict=Verdict.NOT_READY)
    told = report.to_dict()["schedule"]
    assert told["ready_at"] == "2026-11-24T07:00:00Z"
    assert told["path"][0] == {
        "remedy": "a",
        "summary": "do a",
        "owner": "dns",
        "starts_seconds": 0,
        "ends_seconds": HOUR,
    }
