"""The knobs of a check, `checks.<id>.options`: validated against the frozen dataclass that the check declares."""

import difflib
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from sesgate.check import Check


class OptionProblem(Struct, frozen=True):
    """What is wrong with an option; `name` is the option, `message` what was expected."""

    name: str
    message: str
    hint: str | None = None


def configured(check: Check, given: Mapping[str, Any]) -> tuple[Any, list[OptionProblem]]:
    """The check's options, and what is wrong with what was given; wrong ones keep their defaults."""
    known = typing.get_type_hints(check.options)
    problems = list(_problems(check.id, known, given))
    wrong = {problem.name for problem in problems}
    good = {name: _frozen(value) for name, value in given.items() if name in known and name not in wrong}
    return check.options(**good), problems


def _problems(check_id: str, known: Mapping[str, Any], given: Mapping[str, Any]) -> Iterator[OptionProblem]:
    for name, value in given.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            options = ", ".join(known) or "none"
            hint = f"did you mean {near[0]}?" if near else f"its options: {options}"
            yield OptionProblem(name, f"{check_id} has no such option", hint)
        elif not _fits(value, known[name]):
            yield OptionProblem(name, f"{_described(known[name])} is expected")


def _fits(value: Any, wanted: Any) -> bool:
    origin, parts = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Literal:
        return value in parts
    if origin in (typing.Union, types.UnionType):
        return any(_fits(value, part) for part in parts)
    if origin is tuple:
        return isinstance(value, list | tuple) and all(_fits(item, parts[0]) for item in value)
    if wanted is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, wanted)


def _described(wanted: Any) -> str:
    origin, parts = typing.get_origin(wanted), typing.get_args(wanted)
    if origin is typing.Literal:
        return "one of " + ", ".join(map(str, parts))
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_described(part) for part in parts if part is not type(None))
    if origin is tuple:
        return f"a list, each {_described(parts[0])},"
    return {str: "text", int: "a whole number", float: "a number", bool: "true or false"}.get(wanted, str(wanted))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
