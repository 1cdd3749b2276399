"""What is wrong with a gate file: one line each, with the place."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

MOST_PROBLEMS = 100
"""More are not told: nobody reads them."""
_LONGEST = 60


class Problem(Struct, frozen=True):
    """One thing that is wrong. Lines and columns count from 1; they are None where the file as a whole is meant."""

    path: str
    line: int | None
    column: int | None
    message: str
    hint: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.path, self.line, self.column) if part is not None)
        return f"{place}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class GateError(Exception):
    """The gate can't be used. Each problem is one line; they are in the order of the file."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        told = sorted(set(problems), key=_order)
        if len(told) > MOST_PROBLEMS:
            told[MOST_PROBLEMS:] = [
                Problem(told[0].path, None, None, f"only the first {MOST_PROBLEMS} problems are told")
            ]
        self.problems = tuple(told)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def _order(problem: Problem) -> tuple[int, int, str]:
    return problem.line or 0, problem.column or 0, problem.message


def printable(text: str) -> str:
    """Text of the user's on one line, control characters escaped."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


def quoted(text: str) -> str:
    """Text of the user's for a message: in quotes, cut to one short line."""
    return "'" + printable(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…") + "'"
