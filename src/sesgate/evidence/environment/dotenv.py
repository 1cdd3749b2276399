"""Reads .env files, with the parser of python-dotenv; what stands behind a `$` stays as it is."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from dotenv.parser import parse_stream

from sesgate.evidence.environment.documents import at, shown, text_of_file, wrong
from sesgate.evidence.environment.found import Reading, Variable
from sesgate.evidence.environment.reach import Reach

_MOST_BAD_LINES = 5
_BLANKS = re.compile(r"[^\S\r\n]{1000}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `name` is None where it can't be read, `value` where the name stands alone.

    `quote` is what the value stands in: `'`, `"` or nothing.
    """

    number: int
    name: str | None
    value: str | None = field(default=None, repr=False)
    quote: str = ""


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is a path. The last line of a name counts; a name without `=` sets nothing."""
    variables: dict[str, Variable] = {}
    bad: list[int] = []
    for line in lines(spec, text_of_file(spec, reach)):
        if line.name is None:
            bad.append(line.number)
        elif line.value is None:
            variables.pop(line.name, None)
        else:
            variables[line.name] = Variable(line.name, at(spec, line.number), line.value, line=line.number)
    return Reading(shown(spec), variables, unseen=tuple(bad_lines(spec, bad)))


def lines(path: str, text: str) -> Iterator[Line]:
    """Every line that says something. Raises NotSeen for a file that no person wrote."""
    if _BLANKS.search(text):
        raise wrong(path, None, "it has a thousand blanks in a row")
    for binding in parse_stream(io.StringIO(text)):
        written = binding.original.string
        blank = written[: len(written) - len(written.lstrip())]
        number = binding.original.line + len(re.findall(r"\r\n|\n|\r", blank))
        if binding.error:
            yield Line(number, None)
        elif binding.key is not None:
            first = written.partition("=")[2].lstrip()[:1]
            yield Line(number, binding.key, binding.value, first if first in ("'", '"') else "")


def bad_lines(path: str, numbers: list[int]) -> Iterator[str]:
    """What can't be read, told without a word of it: it may hold a secret."""
    for number in numbers[:_MOST_BAD_LINES]:
        yield f"{at(path, number)}: NAME=value is expected, so what stands there is not known"
    if len(numbers) > _MOST_BAD_LINES:
        yield f"{shown(path)} has {len(numbers) - _MOST_BAD_LINES} more lines that can't be read"
