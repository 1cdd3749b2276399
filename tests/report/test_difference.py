"""Two reports compared."""

from msgspec.structs import replace

from sesgate.finding import Severity, Status
from sesgate.report.difference import Difference, Kind, difference
from sesgate.report.model import ReportedFinding, WaiverApplied
from sesgate.verdict import Verdict
from tests.report import samples

WAIVER = WaiverApplied("later", "ops@yourdomain.com", "2026-12-01")
FAILED = samples.finding("spf", "yourdomain.com", Status.FAIL, "no record", cause="missing")
PASSED = replace(FAILED, status=Status.PASS, cause=None, message="as it should be")
UNSEEN = replace(FAILED, status=Status.ERROR, cause="not-seen", message="SERVFAIL")


def compare(before: list[ReportedFinding], after: list[ReportedFinding]) -> Difference:
    first = samples.report(*before, verdict=Verdict.NOT_READY)
    return difference(first, samples.report(*after, verdict=Verdict.NOT_READY))


def kinds(found: Difference) -> list[Kind]:
    return [change.kind for change in found.changes]


def test_a_failure_that_was_not_there_is_new_and_worse() -> None:
    found = compare([PASSED], [FAILED])
    assert (kinds(found), found.is_worse) == ([Kind.NEW], True)


def test_a_failure_that_passes_now_is_fixed() -> None:
    found = compare([FAILED], [PASSED])
    assert (kinds(found), found.is_worse) == ([Kind.FIXED], False)


def test_a_subject_that_is_gone_is_fixed_where_its_check_looked() -> None:
    other = replace(PASSED, subject="other.com")
    assert kinds(compare([FAILED], [other])) == [Kind.FIXED]


def test_what_nobody_looks_at_any_more_is_not_fixed() -> None:
    assert kinds(compare([FAILED], [])) == [Kind.UNKNOWN]
    assert kinds(compare([FAILED], [UNSEEN])) == [Kind.NEW, Kind.UNKNOWN]
    assert kinds(compare([FAILED], [replace(FAILED, status=Status.SKIP, cause="offline")])) == [Kind.UNKNOWN]


def test_the_same_failure_is_still_open() -> None:
    found = compare([FAILED], [FAILED])
    assert (kinds(found), found.is_worse) == ([Kind.OPEN], False)


def test_pending_that_fails_has_changed() -> None:
    assert kinds(compare([replace(FAILED, status=Status.PENDING)], [FAILED])) == [Kind.CHANGED]


def test_what_turned_is_told() -> None:
    waived = replace(FAILED, waiver=WAIVER)
    before = replace(FAILED, found="p=none")
    after = replace(waived, status=Status.PENDING, severity=Severity.WARNING, found="p=reject")
    assert [change.turned for change in compare([before], [after]).changes] == [
        ("fail -> pending", "blocker -> warning", "found p=none -> p=reject", "waived now")
    ]
    assert [change.turned for change in compare([waived], [FAILED]).changes] == [("waiver gone",)]
    assert [change.turned for change in compare([waived], [waived]).changes] == [()]
    assert [change.turned for change in compare([PASSED], [FAILED]).changes] == [()]


def test_a_lost_waiver_is_worse_and_a_new_one_is_not() -> None:
    waived = replace(FAILED, waiver=WAIVER)
    assert compare([waived], [FAILED]).is_worse
    assert not compare([FAILED], [waived]).is_worse
    assert not compare([PASSED], [waived]).is_worse


def test_information_is_not_worse() -> None:
    assert not compare([PASSED], [replace(FAILED, severity=Severity.INFO)]).is_worse


def test_a_report_does_not_differ_from_itself() -> None:
    report = samples.evening_before()
    found = difference(report, report)
    assert set(kinds(found)) == {Kind.OPEN}
    assert found.to_dict()["new"] == []
