"""The environment variable matrix in the terminal. Services that do not fit side by side come below each other."""

from collections.abc import Sequence

from rich.cells import set_cell_size

from sesgate.report.forms.grid import SHORT, Grid, Row, grid, sign, worth_telling
from sesgate.report.forms.order import Ordered
from sesgate.report.forms.text.page import STYLES, Page
from sesgate.report.forms.text.wrap import Piece, columns
from sesgate.report.forms.words import plural

MOST_ROWS = 16
WIDEST_VARIABLE = 28
COLUMN = 15
"""Two blanks, the sign, a blank, and the longest word: "placeholder"."""


def write_matrix(page: Page, ordered: Ordered) -> None:
    """Nothing where the gate has no services. Of a large matrix only the rows with something to act on."""
    whole = grid(ordered.report)
    if not whole.rows:
        return
    rows = list(whole.rows) if page.verbose else worth_telling(whole.rows, MOST_ROWS)
    said = f"{plural(len(whole.rows), 'variable')} in {plural(len(whole.services), 'service')}"
    page.heading("environment variables", "bold", said)
    if rows:
        _write_blocks(page, whole, rows)
    if len(rows) < len(whole.rows):
        right = len(whole.rows) - len(rows)
        page.write((f"{'and ' if rows else ''}{plural(right, 'variable')} right in every service", "dim"), indent=2)


def _write_blocks(page: Page, whole: Grid, rows: list[Row]) -> None:
    widest = min(WIDEST_VARIABLE, page.width - 2 - COLUMN)
    first = min(widest, max(columns(page.shown(row.variable)) for row in rows))
    fitting = max(1, (page.width - 2 - first) // COLUMN)
    names = _told_apart(page, whole.services, COLUMN - 2)
    variables = _told_apart(page, [row.variable for row in rows], first)
    for start in range(0, len(whole.services), fitting):
        page.blank()
        _write_line(page, " " * first, [(f"  {name}", "bold") for name in names[start : start + fitting]])
        for row, variable in zip(rows, variables, strict=True):
            cells = [_cell(page, state) for state in row.states[start : start + fitting]]
            _write_line(page, variable, cells)


def _write_line(page: Page, first: str, cells: list[Piece]) -> None:
    page.single((f"  {first}", ""), *cells)


def _cell(page: Page, state: str | None) -> Piece:
    if state is None:
        return " " * COLUMN, ""
    word = SHORT.get(state, state)
    return f"  {page.symbol(sign(state))} {_padded(page, word, COLUMN - 4)}", STYLES[sign(state)]


def _told_apart(page: Page, names: Sequence[str], width: int) -> list[str]:
    """Names just so many columns wide; where their beginnings are alike, they are cut in the middle."""
    cut = [_padded(page, name, width) for name in names]
    return cut if len(set(cut)) == len(set(names)) else [_padded(page, name, width, middle=True) for name in names]


def _padded(page: Page, text: str, width: int, *, middle: bool = False) -> str:
    """Just so many columns wide; cut where it is longer."""
    shown = page.shown(text)
    if columns(shown) <= width:
        return set_cell_size(shown, width)
    mark = page.symbol("cut")
    left = width - len(mark)
    end = shown[len(shown) - left // 2 :] if middle else ""
    while columns(end) > left // 2:
        end = end[1:]
    return set_cell_size(shown, left - columns(end)) + mark + end
