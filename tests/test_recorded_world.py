"""The world that tests of checks start from is what the embedded account gives today."""

import pytest

from sesgate.evidence.recording import Recording
from sesgate.sandbox import ready

from .regenerate import ACCOUNTS, RECORDING, REPORTS, account_report, comparable, run_at_moment


def test_the_recording_is_current() -> None:
    kept = Recording.from_json(RECORDING.read_text("utf-8"))
    run = run_at_moment(ready())
    assert run.report.verdict.value == "ready"
    assert kept.gate_text == run.recording.gate_text
    fresh = Recording.from_json(comparable(run.recording.to_json())).answers
    assert {str(question) for question in fresh} == {str(question) for question in kept.answers}, "make golden"
    changed = [str(question) for question in fresh if fresh[question].value != kept.answers[question].value]
    assert not changed, "make golden"


@pytest.mark.parametrize("name", ACCOUNTS)
def test_the_reports_of_golden_files_are_current(name: str) -> None:
    assert account_report(name).to_json() == REPORTS.joinpath(f"{name}.json").read_text("utf-8"), "make golden"
