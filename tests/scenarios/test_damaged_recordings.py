"""Recordings that somebody changed by hand: they are told to be damaged, or seen less of; never a fault of sesgate."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from sesgate.sandbox import Sandbox, ready

from .stage import Stage

RECORDING = files("sesgate").joinpath("data/ready-recording.json").read_text("utf-8")


def answer(document: Any, source: str) -> dict[str, Any]:
    """The first answer of a source."""
    return next(entry for entry in document["answers"] if entry["question"][0] == source)


def damaged(folder: Path, change: Callable[[Any], Any]) -> Stage:
    """A folder with the ready recording, changed."""
    document = json.loads(RECORDING)
    change(document)
    (folder / "evidence.json").write_text(json.dumps(document), "utf-8")
    return Stage(Sandbox(ready()), folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one["place"].update(region=1),
        lambda one: one["place"].update(account={}),
        lambda one: one["place"].update(resolvers="resolver 1"),
        lambda one: one["place"].update(endpoint=["x"]),
        lambda one: one["place"].pop("caller"),
        lambda one: one["run"].update(skip=[[]]),
        lambda one: one["run"].update(only="dkim"),
        lambda one: one["gate"].update(path=["gate.yaml"]),
        lambda one: one["gate"].update(sha256=7),
        lambda one: answer(one, "dns").update(value=5),
        lambda one: answer(one, "dns").update(value={"records": [1], "chain": []}),
        lambda one: answer(one, "dns").update(asked_at="yesterday"),
        lambda one: one.update(answers={"a": 1}),
    ],
)
def test_it_is_told_and_nothing_is_judged(tmp_path: Path, change: Callable[[Any], Any]) -> None:
    stage = damaged(tmp_path, change)
    for command in ("replay", "selftest", "repairs"):
        done = stage.run(command, "evidence.json")
        assert (done.code, done.out) == (2, "")
        assert "damaged" in done.err


@pytest.mark.parametrize("value", [5, "x", [], {}, {"variables": [], "others": {}, "places": {}}])
@pytest.mark.parametrize("source", ["environment", "clients"])
def test_an_answer_of_another_shape_is_an_error_of_whoever_reads_it(tmp_path: Path, source: str, value: Any) -> None:
    stage = damaged(tmp_path, lambda one: answer(one, source).update(value=value))
    done = stage.run("replay", "evidence.json", "--format", "json")
    assert done.code in (1, 3)
    assert done.report["verdict"] != "ready"
