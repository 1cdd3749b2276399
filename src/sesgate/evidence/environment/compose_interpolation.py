"""`${VAR}` as Compose fills it, pure. Compose Specification, "Interpolation"."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

DEEPEST = 30
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_OPERATOR = re.compile(r":?[-?+]")

Lookup = Callable[[str], str | None]
"""The value of a variable, None where it is not set."""


class NotFilled(Exception):  # noqa: N818 - a statement about a text
    """The text can't be filled: what Compose itself would refuse. The message is one line, without a value."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The text, and the variables that nothing sets and that have no default: Compose puts nothing in their place."""

    text: str = field(repr=False)
    missing: tuple[str, ...] = ()


def interpolate(text: str, lookup: Lookup) -> Filled:
    """Fills in `$VAR`, `${VAR}` and its forms with `-`, `?` and `+`; `$$` is one `$`. Raises NotFilled."""
    filling = _Filling(lookup)
    return Filled(filling.fill(text, 0), tuple(filling.missing))


@dataclass(slots=True)
class _Filling:
    lookup: Lookup
    missing: dict[str, None] = field(default_factory=dict)

    def fill(self, text: str, depth: int) -> str:
        if depth > DEEPEST:
            raise NotFilled(f"variables are nested deeper than {DEEPEST} levels")
        parts: list[str] = []
        at = 0
        while True:
            dollar = text.find("$", at)
            if dollar < 0:
                return "".join([*parts, text[at:]])
            parts.append(text[at:dollar])
            part, at = self._one(text, dollar + 1, depth)
            parts.append(part)

    def _one(self, text: str, at: int, depth: int) -> tuple[str, int]:
        """What stands for the `$` before `at`, and where the rest begins."""
        if text.startswith("$", at):
            return "$", at + 1
        if text.startswith("{", at):
            end = _closing(text, at)
            return self._braced(text[at + 1 : end], depth), end + 1
        name = _NAME.match(text, at)
        if name is None:
            return "$", at
        return self._plain(name[0]), name.end()

    def _plain(self, name: str) -> str:
        value = self.lookup(name)
        if value is None:
            self.missing[name] = None
        return value or ""

    def _braced(self, inside: str, depth: int) -> str:
        """`NAME`, or `NAME` with an operator and a text that may hold variables itself."""
        match = _NAME.match(inside)
        if match is None:
            raise NotFilled("the name of a variable is expected after ${")
        name, rest = match[0], inside[match.end() :]
        if not rest:
            return self._plain(name)
        operator = _OPERATOR.match(rest)
        if operator is None:
            raise NotFilled(f"one of - ? + is expected after ${{{name[:100]}")
        value, other = self.lookup(name), rest[operator.end() :]
        is_there = bool(value) if operator[0].startswith(":") else value is not None
        match operator[0][-1]:
            case "+":
                return self.fill(other, depth + 1) if is_there else value or ""
            case "-" if not is_there:
                return self.fill(other, depth + 1)
            case "?" if not is_there:
                raise NotFilled(f"{name[:100]} is required and not set")
        return value or ""


def _closing(text: str, at: int) -> int:
    """Where the brace that opens at `at` is closed."""
    depth = 0
    for place in range(at, len(text)):
        if text[place] == "{":
            depth += 1
        elif text[place] == "}":
            depth -= 1
            if depth == 0:
                return place
    raise NotFilled("a closing brace is expected after ${")
