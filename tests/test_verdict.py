"""From findings to a verdict: what counts, what a waiver covers, what a baseline takes out."""

from dataclasses import dataclass
from datetime import date

import pytest

from sesgate.engine import Judged
from sesgate.finding import Finding, Severity, Status
from sesgate.verdict import Waived, decide, waive

TODAY = date(2026, 11, 24)


@dataclass(frozen=True)
class Waiver:
    check: str = "dmarc"
    cause: str | None = "not-enforced"
    subject: str = "yourdomain.com"
    reason: str = "on 1 March"
    owner: str = "ops@yourdomain.com"
    expires: date = TODAY


def judged(status: str, severity: str = "blocker", cause: str | None = "not-enforced", check: str = "dmarc") -> Judged:
    named = None if status == "pass" else cause
    return Judged(check, "yourdomain.com", Severity(severity), Finding(Status(status), "a message", named))


def verdict(*findings: Judged, **options: object) -> str:
    return decide([Waived(one) for one in findings], **options).verdict.value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["pass"], "ready"),
        (["pass", "skip"], "ready"),
        (["pass", "fail"], "not_ready"),
        (["pass", "pending"], "not_ready"),
        (["pass", "error"], "undecided"),
        (["fail", "error"], "not_ready"),
        (["skip"], "undecided"),
        ([], "undecided"),
    ],
)
def test_blockers_decide(statuses: list[str], expected: str) -> None:
    assert verdict(*(judged(status) for status in statuses)) == expected


@pytest.mark.parametrize("status", ["fail", "pending", "error"])
def test_warnings_do_not_block_unless_they_are_to(status: str) -> None:
    found = (judged("pass", check="ground"), judged(status, "warning"))
    assert verdict(*found) == "ready"
    assert verdict(*found, fail_on=Severity.WARNING) != "ready"


def test_only_warnings_were_looked_at_is_undecided() -> None:
    assert verdict(judged("pass", "warning")) == "undecided"


def test_waiting_is_said_only_where_all_that_blocks_is_pending() -> None:
    assert decide([Waived(judged("pending")), Waived(judged("pass"))]).waiting
    assert not decide([Waived(judged("pending")), Waived(judged("fail"))]).waiting


def test_a_waiver_covers_through_its_last_day() -> None:
    [covered], unused = waive([judged("fail")], [Waiver()], TODAY)
    assert covered.waiver is not None
    assert unused == []
    [open_again], [idle] = waive([judged("fail")], [Waiver()], date(2026, 11, 25))
    assert open_again.waiver is None
    assert idle.why == "expired"


def test_a_waived_blocker_leaves_the_gate_ready() -> None:
    waived, _ = waive([judged("pass", check="ground"), judged("fail")], [Waiver()], TODAY)
    assert decide(waived).verdict.value == "ready"


@pytest.mark.parametrize(
    ("waiver", "covers"),
    [
        (Waiver(cause=None), True),
        (Waiver(subject="YourDomain.com"), True),
        (Waiver(cause="missing"), False),
        (Waiver(check="dkim"), False),
        (Waiver(subject="other.example"), False),
    ],
)
def test_a_waiver_covers_its_check_subject_and_cause(waiver: Waiver, covers: bool) -> None:
    [one], _ = waive([judged("fail")], [waiver], TODAY)
    assert (one.waiver is not None) is covers


@pytest.mark.parametrize(
    ("cause", "covers"), [(None, False), ("not-enforced", False), ("not-seen", True), ("not-run", False)]
)
def test_an_error_is_covered_only_by_name(cause: str | None, covers: bool) -> None:
    [one], _ = waive([judged("error", cause="not-seen")], [Waiver(cause=cause)], TODAY)
    assert (one.waiver is not None) is covers


def test_a_fault_of_a_check_cannot_be_waived() -> None:
    [one], _ = waive([judged("error", cause="fault")], [Waiver(cause="fault")], TODAY)
    assert one.waiver is None


def test_waivers_that_cover_nothing_are_told() -> None:
    _, [idle] = waive([judged("pass")], [Waiver()], TODAY)
    assert idle.why == "matches no finding"
    _, [ignored] = waive([judged("fail")], [Waiver()], TODAY, use=False)
    assert ignored.why == "ignored"


def test_a_baseline_takes_out_what_it_had_but_never_an_error() -> None:
    had = {("dmarc", "yourdomain.com", "not-enforced")}
    ground = judged("pass", check="ground")
    assert verdict(ground, judged("fail"), baseline=had) == "ready"
    assert verdict(ground, judged("fail", cause="missing"), baseline=had) == "not_ready"
    assert verdict(ground, judged("error"), baseline=had) == "undecided"
