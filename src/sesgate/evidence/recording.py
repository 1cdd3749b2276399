"""A recording: the gate, the clock, the versions, every question and its answer, in one JSON document."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from sesgate.clock import from_text, to_text
from sesgate.evidence.question import Answer, Failure, FailureKind, Question

FORMAT = "sesgate-recording"
VERSION = 1


class BadRecording(Exception):  # noqa: N818 - it is a statement about a file
    """The text is not a recording; says what was expected."""


class Recording(Struct, frozen=True):
    """All that a run learned from outside. `gate_text` is the gate before `${VAR}` was filled in, less the secrets that
    stand in it; `gate_sha256` is of the file. `variables` are what was filled in where it is no secret; `place` and
    `run` are what the run knew of where it looked and what it was told to run.
    """

    gate_text: str
    gate_path: str | None
    variables: Mapping[str, str]
    started_at: datetime
    tool: Mapping[str, Any]
    place: Mapping[str, Any]
    answers: Mapping[Question, Answer]
    run: Mapping[str, Any] = {}
    gate_sha256: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The document, with the questions in a stable order."""
        gate = {"path": self.gate_path, "text": self.gate_text, "variables": dict(self.variables)}
        if self.gate_sha256 is not None:
            gate["sha256"] = self.gate_sha256
        return {
            "format": FORMAT,
            "version": VERSION,
            "tool": dict(self.tool),
            "started_at": to_text(self.started_at),
            "gate": gate,
            "place": dict(self.place),
            "run": dict(self.run),
            "answers": [
                {"question": question.to_list(), **_answer_json(self.answers[question])}
                for question in sorted(self.answers, key=str)
            ],
        }

    def to_json(self) -> str:
        """The document as text."""
        return _text(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> "Recording":
        """The inverse of `to_json`. Raises BadRecording."""
        return _checked(_parsed(text))


def write_recordings(recordings: Sequence[Recording]) -> str:
    """One document for the gates of a run: of one it is that gate's own."""
    if len(recordings) == 1:
        return recordings[0].to_json()
    return _text({"format": FORMAT, "version": VERSION, "gates": [one.to_dict() for one in recordings]})


def read_recordings(text: str) -> tuple[Recording, ...]:
    """The inverse of `write_recordings`: at least one. Raises BadRecording."""
    document = _parsed(text)
    gates = document.get("gates") if isinstance(document, dict) else None
    return tuple(_checked(one) for one in gates) if isinstance(gates, list) and gates else (_checked(document),)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise BadRecording("it is not JSON") from None


def _checked(document: Any) -> Recording:
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadRecording(f'it has no "format": "{FORMAT}": write one with `sesgate check --record FILE`')
    if document.get("version") != VERSION:
        raise BadRecording(f"its version is {document.get('version')!r}, this sesgate reads version {VERSION}")
    try:
        return _recording(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BadRecording(f"it is damaged ({type(error).__name__}: {error})") from None


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, indent=1, ensure_ascii=True) + "\n"


def _recording(document: Mapping[str, Any]) -> Recording:
    gate, run = document["gate"], dict(document["run"])
    for name in ("only", "skip"):
        if not _is_texts(run.get(name, [])):
            raise ValueError(f"run.{name} is no list of check ids")
    return Recording(
        gate_text=str(gate["text"]),
        gate_path=_text_or_none(gate["path"]),
        gate_sha256=_text_or_none(gate.get("sha256")),
        variables={str(name): str(value) for name, value in gate["variables"].items()},
        started_at=from_text(document["started_at"]),
        tool=dict(document["tool"]),
        place={**document["place"], "endpoint": _text_or_none(document["place"].get("endpoint"))},
        answers=dict(map(_asked, document["answers"])),
        run=run,
    )


def _answer_json(answer: Answer) -> dict[str, Any]:
    timing = {"asked_at": to_text(answer.asked_at), "seconds": answer.seconds}
    if answer.failure is None:
        return {"value": answer.value, **timing}
    return {"failure": asdict(answer.failure), **timing}


def _asked(entry: Mapping[str, Any]) -> tuple[Question, Answer]:
    question, answer = Question.from_list(entry["question"]), _answer(entry)
    if question.source == "dns" and answer.failure is None and not _is_dns(answer.value):
        raise ValueError(f"the answer to {question} is none of the DNS")
    return question, answer


def _is_dns(value: Any) -> bool:
    """Whether a value has the shape that the DNS source answers with: more than its checks read it."""
    return isinstance(value, dict) and all(_is_texts(value.get(part)) for part in ("records", "chain"))


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _text_or_none(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"text is expected, not {type(value).__name__}")
    return value


def _answer(entry: Mapping[str, Any]) -> Answer:
    failure = entry.get("failure")
    return Answer(
        entry["value"] if failure is None else None,
        None if failure is None else Failure(FailureKind(failure["kind"]), failure["message"], failure["grant"]),
        from_text(entry["asked_at"]),
        float(entry["seconds"]),
    )
