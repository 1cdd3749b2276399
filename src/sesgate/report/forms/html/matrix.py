"""The environment variable matrix as a table: a row for each variable, a column for each service."""

from sesgate.report.forms.grid import SHORT, Row, grid, sign
from sesgate.report.forms.html.markup import Markup, block, element, text
from sesgate.report.forms.html.view import View
from sesgate.report.forms.words import plural


def matrix(view: View) -> Markup:
    """Nothing where the gate has no services."""
    whole = grid(view.report)
    if not whole.rows:
        return Markup("")
    names = [element("th", name, scope="col") for name in ("Variable", *whole.services)]
    rows = block("tbody", *(_row(row) for row in whole.rows))
    table = block("table", element("thead", element("tr", *names)), rows)
    label = f"Environment variables: {len(whole.rows)} in {plural(len(whole.services), 'service')}"
    label += f" of {view.label}" if view.label else ""
    scroll = element("div", table, class_="scroll", role="region", aria_label=label, tabindex="0")
    return view.section("matrix", "Environment variables", scroll)


def _row(row: Row) -> Markup:
    return element("tr", element("th", _breaking(row.variable), scope="row"), *(_cell(state) for state in row.states))


def _breaking(variable: str) -> Markup:
    """A name that may be broken where its words end."""
    return Markup(text(variable).replace("_", "_<wbr>"))


def _cell(state: str | None) -> Markup:
    return element("td", SHORT.get(state, state), class_=sign(state)) if state else element("td", class_="none")
