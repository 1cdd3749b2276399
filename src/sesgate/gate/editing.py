"""Edits of a gate's text that leave everything else as it is: comments, order, quotes. Pure.

They rest on the events of the YAML and their places in the text: an alias has a place of its own there, where its node
has that of the anchor.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from msgspec import Struct

from sesgate.gate.loading import double_quoted

WAIVERS = "waivers"
_NULLS = ("", "~", "null", "Null", "NULL")


class CannotEdit(Exception):  # noqa: N818 - a statement about the text
    """The text is written in a way that is not edited; says which line, and what to do."""


def with_waiver(text: str, waiver: Mapping[str, str]) -> str:
    """The text of a valid gate with one waiver more, at the end of `waivers`. Raises CannotEdit."""
    gate = _Gate.of(text)
    ending = "\r\n" if "\r\n" in text else "\n"
    value = gate.waivers
    if value is None and gate.in_braces:
        return _put(text, gate.end, f", {WAIVERS}: [{_in_braces(waiver)}]")
    if value is None:
        return _lines_at(text, gate.end, ["", f"{WAIVERS}:", *_item(waiver, "  ")], ending)
    first, last = value[0], value[-1]
    start, end = _at(first.start_mark), _at(last.end_mark)
    if isinstance(first, yaml.ScalarEvent) and first.value in _NULLS:
        if gate.in_braces:
            return f"{text[:start]} [{_in_braces(waiver)}]{text[end:]}"
        return _in_place(text, start, end, _item(waiver, "  "), ending)
    if not isinstance(first, yaml.SequenceStartEvent):
        raise CannotEdit(f"line {_line(first)}: `{WAIVERS}` is an alias; write the entries there")
    if not first.flow_style:
        return _lines_at(text, _end_of(value[1:-1]), _item(waiver, " " * _dash(text, start)), ending)
    if len(value) > 2:
        return _put(text, _end_of(value[1:-1]), f", {_in_braces(waiver)}")
    if gate.in_braces or "\n" in text[start:end] or first.anchor:
        return _put(text, _at(first.end_mark), _in_braces(waiver))
    return _in_place(text, start, end, _item(waiver, "  "), ending)


class _Gate(Struct, frozen=True):
    """The events of `waivers`, None where there is no such key; whether braces hold the gate, and where it ends."""

    waivers: Sequence[yaml.Event] | None
    in_braces: bool
    end: int

    @classmethod
    def of(cls, text: str) -> "_Gate":
        events = list(yaml.parse(text, Loader=yaml.SafeLoader))
        root, begun = next((at, one) for at, one in enumerate(events) if isinstance(one, yaml.MappingStartEvent))
        close = next(event for event in events if isinstance(event, yaml.DocumentEndEvent))
        parts = list(_parts(events[root + 1 :]))
        found = next(
            (value for key, value in zip(parts[::2], parts[1::2], strict=False) if _is_waivers(key[0])),
            None,
        )
        braces = bool(begun.flow_style)
        end = _end_of(parts[-1]) if braces else _at(close.start_mark) if close.explicit else len(text)
        return cls(found, braces, end)


def _parts(events: Sequence[yaml.Event]) -> Iterator[list[yaml.Event]]:
    """Keys and values of a mapping in turn, each with all its events."""
    depth, part = 0, list[yaml.Event]()
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth < 0:
            return
        part.append(event)
        if depth == 0:
            yield part
            part = []


def _is_waivers(key: yaml.Event) -> bool:
    return isinstance(key, yaml.ScalarEvent) and key.value == WAIVERS


def _end_of(events: Sequence[yaml.Event]) -> int:
    """Where the last of them that is written out ends: what follows are comments, and stay where they are."""
    written = [event for event in events if _at(event.end_mark) > _at(event.start_mark)]
    return max(_at(event.end_mark) for event in written)


def _at(mark: Any) -> int:
    """The place of a mark in the text."""
    return int(mark.index)


def _line(event: yaml.Event) -> int:
    mark: Any = event.start_mark
    return int(mark.line) + 1


def _dash(text: str, start: int) -> int:
    """The column of the first dash of a block sequence that starts here, with an anchor or without."""
    tokens = yaml.scan(text, Loader=yaml.SafeLoader)
    entries = (token for token in tokens if isinstance(token, yaml.BlockEntryToken))
    return next(int(token.start_mark.column) for token in entries if _at(token.start_mark) >= start)


def _put(text: str, at: int, what: str) -> str:
    return text[:at] + what + text[at:]


def _in_place(text: str, start: int, end: int, lines: Sequence[str], ending: str) -> str:
    """With these lines below, in place of a value that says nothing."""
    before = text[:start].rstrip(" ") if end > start else text[:start]
    return _lines_at(before + text[end:], len(before), lines, ending)


def _lines_at(text: str, at: int, lines: Sequence[str], ending: str) -> str:
    """With lines of their own: after the line that holds this place, or before it where the place begins a line."""
    if at < len(text) and not text[:at].endswith("\n"):
        found = text.find("\n", at)
        at = len(text) if found < 0 else found + 1
    before, after = text[:at], text[at:]
    if before and not before.endswith("\n"):
        before += ending
    return before + "".join(f"{line}{ending}" for line in lines) + after


def _item(waiver: Mapping[str, str], indent: str) -> list[str]:
    """A waiver as an entry of a block sequence."""
    fields = [f"{name}: {_scalar(name, value)}" for name, value in waiver.items()]
    return [f"{indent}{'- ' if at == 0 else '  '}{line}" for at, line in enumerate(fields)]


def _in_braces(waiver: Mapping[str, str]) -> str:
    """A waiver as an entry of a flow sequence."""
    return "{" + ", ".join(f"{name}: {_scalar(name, value)}" for name, value in waiver.items()) + "}"


def _scalar(name: str, value: str) -> str:
    """Ids and days as they are, words in double quotes."""
    return value if name in ("check", "cause", "expires") else double_quoted(value)
