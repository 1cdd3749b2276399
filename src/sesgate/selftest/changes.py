"""All changes of a recorded answer, the most lifelike first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sesgate.evidence import Answer, Question
from sesgate.selftest.change import Change
from sesgate.selftest.planting import planted
from sesgate.selftest.records import records
from sesgate.selftest.shapes import changes, texts


@dataclass(frozen=True)
class Lore:
    """What recorded answers say: texts by their key, and records by their type. One may stand in another's place."""

    texts: Mapping[str, Sequence[str]]
    records: Mapping[str, Sequence[Sequence[str]]]

    @classmethod
    def of(cls, answers: Mapping[Question, Answer]) -> "Lore":
        """All that the answers say, in their order."""
        by_key: dict[str, dict[str, None]] = {}
        by_type: dict[str, list[Sequence[str]]] = {}
        for question, answer in answers.items():
            if question.source == "dns":
                held = _records(answer.value)
                if held:
                    by_type.setdefault(question.fields[0], []).append(held)
                continue
            for key, text in texts(answer.value):
                by_key.setdefault(key, {})[text] = None
        return cls({key: tuple(found) for key, found in by_key.items()}, by_type)

    def changes_of(self, question: Question, answer: Answer) -> list[Change]:
        """In the order in which they are tried. Nothing where there was no answer."""
        if answer.failure is not None or answer.value is None:
            return []
        return sorted(self._all(question, answer.value), key=lambda change: change.kind)

    def _all(self, question: Question, value: Any) -> Iterator[Change]:
        yield from planted(question, value)
        if question.source == "dns" and isinstance(value, dict):
            yield from records(value, self.records.get(question.fields[0], ()))
        else:
            yield from changes(value, self.texts)


def _records(value: Any) -> Sequence[str]:
    held = value.get("records") if isinstance(value, dict) else None
    return [str(one) for one in held] if isinstance(held, list) else []
