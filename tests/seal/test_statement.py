"""What a seal says of a run."""

import hashlib
import json
from typing import Any

import pytest
from msgspec.structs import replace

from sesgate.finding import Severity, Status
from sesgate.report.model import Report, WaiverApplied
from sesgate.seal.statement import Part, Sealed, statement, subject_of, told
from sesgate.verdict import Verdict
from tests.report import samples

FILES = (Sealed(Part.REPORT, "report.json", b"{}"), Sealed(Part.RECORDING, "evidence.json", b"[]"))


def document(report: Report, url: str | None = None) -> dict[str, Any]:
    """The statement, read again."""
    found: dict[str, Any] = json.loads(statement(report, FILES, url))
    return found


def test_it_is_a_test_result_of_both_files() -> None:
    found = document(samples.ready(), "https://ci.example/7")
    assert found["_type"] == "https://in-toto.io/Statement/v1"
    assert found["predicateType"] == "https://in-toto.io/attestation/test-result/v0.1"
    assert [(one["name"], one["digest"]) for one in found["subject"]] == [
        ("report.json", {"sha256": hashlib.sha256(b"{}").hexdigest()}),
        ("evidence.json", {"sha256": hashlib.sha256(b"[]").hexdigest()}),
    ]
    assert found["predicate"]["url"] == "https://ci.example/7"
    gate, tool = found["predicate"]["configuration"]
    assert gate == {"name": "gate.yaml", "digest": {"sha256": samples.ready().gate.sha256}}
    assert tool["uri"] == f"pkg:pypi/sesgate@{samples.ready().tool.version}"
    for part, file in zip(Part, FILES, strict=True):
        subject = subject_of(found, part)
        assert subject is not None
        assert subject["digest"]["sha256"] == file.sha256


def test_it_is_canonical() -> None:
    octets = statement(samples.evening_before(), FILES)
    again = json.dumps(json.loads(octets), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert octets == again.encode()
    assert "url" not in document(samples.ready())["predicate"]


def test_what_only_passes_is_passed() -> None:
    report = samples.report(*samples.passed("dkim", "a.example"), verdict=Verdict.READY)
    assert told(report) == {
        "result": "PASSED",
        "passedTests": ["dkim a.example"],
        "warnedTests": [],
        "failedTests": [],
    }


def test_no_test_is_in_two_lists_and_only_ready_is_no_failure() -> None:
    for report in (samples.ready(), samples.evening_before(), samples.unseen(), samples.waiting(), samples.nasty()):
        found = told(report)
        lists = [set(found[name]) for name in ("passedTests", "warnedTests", "failedTests")]
        assert sum(map(len, lists)) == len(set.union(*lists))
        assert (found["result"] == "FAILED") == (report.verdict is not Verdict.READY)


@pytest.mark.parametrize("status", [Status.FAIL, Status.PENDING, Status.ERROR])
def test_what_blocks_or_could_not_be_seen_is_failed(status: Status) -> None:
    verdict = Verdict.UNDECIDED if status is Status.ERROR else Verdict.NOT_READY
    report = samples.report(samples.finding("dkim", "a.example", status, "no", cause="x"), verdict=verdict)
    assert told(report) == {
        "result": "FAILED", "passedTests": [], "warnedTests": [], "failedTests": ["dkim a.example"]
    }  # fmt: skip


def test_an_unseen_blocker_beside_one_that_failed_is_failed() -> None:
    report = samples.report(
        samples.finding("dkim", "a.example", Status.FAIL, "no", cause="x"),
        samples.finding("spf", "a.example", Status.ERROR, "no", cause="not-seen"),
        samples.finding("dmarc", "a.example", Status.FAIL, "no", cause="x", severity=Severity.WARNING),
        verdict=Verdict.NOT_READY,
    )
    assert told(report)["failedTests"] == ["dkim a.example", "spf a.example"]
    assert told(report)["warnedTests"] == ["dmarc a.example"]


def test_waived_warns_and_skipped_is_not_told() -> None:
    waiver = WaiverApplied("why", "who", "2026-12-01")
    waived = replace(samples.finding("dkim", "a.example", Status.FAIL, "no", cause="x"), waiver=waiver)
    skipped = samples.finding("spf", "a.example", Status.SKIP, "no", cause="offline")
    found = told(samples.report(waived, skipped, *samples.passed("dkim", "a.example"), verdict=Verdict.READY))
    assert found == {"result": "WARNED", "passedTests": [], "warnedTests": ["dkim a.example"], "failedTests": []}


def test_where_warnings_stop_the_gate_they_are_failed() -> None:
    warning = samples.finding("dmarc", "a.example", Status.FAIL, "no", cause="x", severity=Severity.WARNING)
    assert told(samples.report(warning, verdict=Verdict.NOT_READY))["failedTests"] == ["dmarc a.example"]
