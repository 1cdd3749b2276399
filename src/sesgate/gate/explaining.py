"""From what pydantic refuses to problems that a user understands: place, what was expected, what was found."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sesgate.gate.keys import keys_at, nearest, sections_with, words_at
from sesgate.gate.masking import KeyPath
from sesgate.gate.models.base import Fault
from sesgate.gate.models.shapes import is_address, is_domain, is_region
from sesgate.gate.problems import MOST_PROBLEMS, Problem, printable, quoted
from sesgate.gate.tree import Place, Tree
from sesgate.gate.yaml12 import Scalar

_EXPECTED = {
    "string_type": "text is expected",
    "string_too_short": "text is expected",
    "model_type": "a mapping is expected",
    "dict_type": "a mapping is expected",
    "tuple_type": "a list is expected",
    "greater_than_equal": "at least {ge:g} is expected",
    "less_than_equal": "at most {le:g} is expected",
    "greater_than": "more than {gt:g} is expected",
}


def explain(error: ValidationError, tree: Tree) -> Iterator[Problem]:
    """The problems in a validation error, save those of values that have a problem already; no more than are told."""
    paths = [(settled(each["loc"], tree.value), each) for each in error.errors(include_url=False, include_input=False)]
    paths.sort(key=lambda pair: place_of(pair[0], tree))
    return islice(_all(paths, tree), MOST_PROBLEMS + 1)


def _all(paths: list[tuple[KeyPath, ErrorDetails]], tree: Tree) -> Iterator[Problem]:
    for path, details in paths:
        if any(path[:length] in tree.broken for length in range(len(path) + 1)):
            continue
        for fault in _faults(details, path, _at(path, tree.value)):
            yield _problem(fault, path, tree)


def settled(path: KeyPath, value: Any) -> KeyPath:
    """A path of the models as a path of the file: where one may stand for a list, the file has no position."""
    steps: list[str | int] = []
    for step in path:
        if isinstance(step, int) and not isinstance(value, list):
            continue
        steps.append(step)
        value = _below(value, step)
    return tuple(steps)


def place_of(path: KeyPath, tree: Tree, *, of_key: bool = True) -> Place:
    """Where a path stands in the file: the key, or the value; of what is not there, what would hold it."""
    for length in range(len(path), -1, -1):
        near = path[:length]
        place = tree.keys.get(near) if of_key or length < len(path) else tree.values.get(near)
        place = place or tree.values.get(near)
        if place:
            return place
    return Place(1, 1)


def _below(value: Any, step: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _faults(details: ErrorDetails, path: KeyPath, value: Any) -> Iterator[Fault]:
    kind, context = details["type"], details.get("ctx", {})
    if kind == "gate":
        yield from context["faults"]
    elif kind == "extra_forbidden":
        yield Fault(f"unknown key {quoted(str(path[-1]))}", _right_key(path), about="key")
    elif kind == "missing":
        yield Fault(f"the key {path[-1]} is missing", about="key")
    elif kind == "too_short":
        if value == [] or (isinstance(value, Scalar) and value.is_null):  # else pydantic counts no refused entries
            yield Fault("at least one entry is expected", about="relation")
    elif kind in ("literal_error", "enum"):
        words = words_at(path)
        yield Fault(f"{'one of ' if len(words) > 1 else ''}{', '.join(words)} is expected")
    elif kind in _EXPECTED:
        yield Fault(_EXPECTED[kind].format_map(context))
    else:
        yield Fault(details["msg"])


def _right_key(path: KeyPath) -> str:
    """The key that was most likely meant, or all that may stand there."""
    key, keys = str(path[-1]), keys_at(path[:-1])
    sections = sections_with(key) if len(path) == 1 else []
    if sections:
        return f"it belongs below {' or '.join(sections)}"
    meant = nearest(key, keys)
    if meant:
        return f"did you mean {meant}?"
    return f"expected: {', '.join(keys)}"


def _problem(fault: Fault, path: KeyPath, tree: Tree) -> Problem:
    at = settled((*path, *fault.at), tree.value)
    place = place_of(at, tree, of_key=fault.about != "value")
    message, hint = fault.message, fault.hint
    if fault.about == "value":
        value = _at(at, tree.value)
        message += f", found {_described(value)}"
        hint = hint or _right_word(value, at)
    label = _dotted(at[:-1] if fault.about == "key" else at)
    return Problem(tree.file, *place, f"{label}: {message}" if label else message, hint)


def _at(path: KeyPath, value: Any) -> Any:
    for step in path:
        value = _below(value, step)
    return value


def _described(value: Any) -> str:
    """What was found. Of a secret, only what the file itself says."""
    if isinstance(value, Scalar):
        if value.hidden:
            return quoted(value.written)
        found = "nothing" if value.is_blank else quoted(value)
        return f"{found} from {quoted(value.written)}" if value.filled else found
    if isinstance(value, Mapping):
        return "a mapping"
    return "a list" if isinstance(value, list) else "nothing"


def _right_word(value: Any, path: KeyPath) -> str | None:
    if not isinstance(value, Scalar) or value.hidden:
        return None
    key = _key_left_out(value, path)
    if key:
        return f"write {{{key}: {value}}}"
    meant = nearest(value, words_at(path))
    return f"did you mean {meant}?" if meant else None


def _key_left_out(value: Scalar, path: KeyPath) -> str | None:
    """The key of a sender or a region that stands alone where a mapping is expected."""
    match path:
        case ("senders", int()):
            return "address" if is_address(value) else "domain" if is_domain(value) else None
        case ("aws",):
            return "region" if is_region(value) else None
    return None


def _dotted(path: KeyPath) -> str:
    """`services[0].variables.PORT`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return printable(text.removeprefix("."))
