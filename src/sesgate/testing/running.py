"""A run of one check in a world, and what comes of it."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from sesgate.engine import Judged
from sesgate.engine import run as run_jobs
from sesgate.evidence import Evidence, Question
from sesgate.evidence.operations import OPERATIONS
from sesgate.evidence.recording import Recording
from sesgate.plan import Selection, plan
from sesgate.registry import Registry
from sesgate.registry import load as load_registry
from sesgate.testing.world import World


def ready_world() -> World:
    """The recording of a gate that is ready, as the embedded account gives it."""
    return World.from_recording(_ready_recording())


def checks_in(*folders: Path | str) -> Registry:
    """The installed checks and those of folders, as `--checks-dir` takes them; for the `registry` of `run`."""
    return load_registry([Path(folder) for folder in folders])


def run(check_id: str, world: World, *, registry: Registry | None = None) -> list[Judged]:
    """All findings of one check in a world. Raises AssertionError where it reads what it does not declare.

    A skip that leans on another check is left as the check said it: that check is not in this run.
    """
    context = world.context()
    selection = Selection(only=frozenset({check_id}), offline=not world.asks_outside, send=world.place.send)
    planned = plan(registry or _installed(), context.gate, selection)
    judged = run_jobs(planned.jobs, context, deadline=float("inf"), settle=False)
    for check in planned.running:
        undeclared = actions_asked(judged, context.evidence) - {*check.reads}
        assert not undeclared, f"{check_id} reads {sorted(undeclared)} and does not declare it"
    return judged


def actions_asked(judged: Iterable[Judged], evidence: Evidence) -> set[str]:
    """The IAM actions of the questions that findings rest on."""
    cited = {one for finding in judged for one in finding.evidence}
    return {_action(question) for question in evidence.answers() if question.id in cited and question.source == "aws"}


def _action(question: Question) -> str:
    _region, service, operation = question.fields
    known = OPERATIONS.get((service, operation))
    return known.action if known else f"{service}:{operation}"


def statuses(judged: Iterable[Judged]) -> set[str]:
    """The statuses among findings."""
    return {one.status.value for one in judged}


def causes(judged: Iterable[Judged]) -> set[str]:
    """The causes among findings that are no pass."""
    return {one.cause for one in judged if one.cause is not None}


@cache
def _ready_recording() -> Recording:
    text = files("sesgate").joinpath("data/ready-recording.json").read_text("utf-8")
    return Recording.from_json(text)


@cache
def _installed() -> Registry:
    return load_registry()
