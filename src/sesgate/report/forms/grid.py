"""The environment variable matrix as rows and columns: a row for each variable, a column for each service."""

from collections.abc import Sequence

from msgspec import Struct

from sesgate.cell import Cell
from sesgate.report.model import Report

SHORT = {Cell.SECRET.value: "from store", Cell.PLAIN_TEXT.value: "plain text"}
"""Words that fit into a narrow column."""
_RIGHT = frozenset(state.value for state in Cell if state.is_right)
_MILD = frozenset({Cell.DISCOURAGED.value})


class Row(Struct, frozen=True):
    """One variable, with a state for each service; None where a service does not declare it."""

    variable: str
    states: tuple[str | None, ...]

    @property
    def is_right(self) -> bool:
        """Whether nobody has to act on any of it."""
        return all(sign(state) in ("pass", "skip") for state in self.states)


class Grid(Struct, frozen=True):
    """Services and rows, in the order of the gate."""

    services: tuple[str, ...]
    rows: tuple[Row, ...]


def grid(report: Report) -> Grid:
    """The matrix of a report."""
    states = {(cell.variable, cell.service): cell.state for cell in report.environment}
    services = tuple(dict.fromkeys(cell.service for cell in report.environment))
    variables = dict.fromkeys(cell.variable for cell in report.environment)
    return Grid(services, tuple(Row(name, tuple(states.get((name, one)) for one in services)) for name in variables))


def sign(state: str | None) -> str:
    """The status that a state is like: it gives the sign and the colour. A state of a later version is a failure."""
    if state is None or state == Cell.UNSET.value:
        return "skip"
    if state in _RIGHT:
        return "pass"
    if state == Cell.UNREADABLE.value:
        return "error"
    return "warning" if state in _MILD else "fail"


def worth_telling(rows: Sequence[Row], most: int) -> list[Row]:
    """All rows where they are few, else those with something to act on."""
    return list(rows) if len(rows) <= most else [row for row in rows if not row.is_right]
