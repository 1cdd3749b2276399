"""The built-in pack on the recording of the account that is ready: every check can fail."""

from importlib.resources import files

import pytest

from sesgate.commands.opening import make_plan
from sesgate.commands.replay import recorded_setting, selection
from sesgate.evidence.recording import Recording
from sesgate.registry import load
from sesgate.selftest.proving import Proving
from sesgate.selftest.result import Result, State
from sesgate.selftest.trial import Trial


def run(*only: str) -> Result:
    """The selftest of the ready recording."""
    recording = Recording.from_json(files("sesgate").joinpath("data/ready-recording.json").read_text("utf-8"))
    chosen = frozenset(only)
    setting = recorded_setting(load(), recording, only=chosen)
    trial = Trial(setting, recording.answers, recording.started_at)
    replan = selection(recording, chosen, frozenset())
    return Proving(trial, lambda loaded: make_plan(setting.registry, loaded, replan)).result()


@pytest.fixture(scope="module")
def result() -> Result:
    return run()


def test_every_check_turns_red(result: Result) -> None:
    assert [one.check for one in result.checks if one.state is not State.RED] == []
    assert result.is_right


def test_no_check_passes_what_can_turn_it_red_and_is_refused(result: Result) -> None:
    assert [one.check for one in result.checks if one.fails_open] == []


def test_only_what_no_check_of_this_run_needs_is_unread(result: Result) -> None:
    """The test send did not run, and the caller is asked for by the run itself."""
    assert {question.source for question in result.unread} == {"sending", "aws"}
    assert [question.fields[2] for question in result.unread if question.source == "aws"] == ["GetCallerIdentity"]


def test_nearly_all_that_is_read_bears_on_a_finding(result: Result) -> None:
    assert len(result.indifferent) <= 4


def test_it_is_the_same_each_time() -> None:
    checks = ("production-access", "dmarc", "attestations")
    assert run(*checks).to_dict() == run(*checks).to_dict()
