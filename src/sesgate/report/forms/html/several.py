"""Several gates on one page: a table of them, then each whole."""

from sesgate.report.forms.html.markup import Markup, block, element
from sesgate.report.forms.html.view import View
from sesgate.report.forms.words import headline, reason
from sesgate.report.model import Report

_HEAD = ("Gate", "Verdict", "Why", "Account", "Region")


def views(reports: list[tuple[str, Report]]) -> list[View]:
    """The gates, each with a mark for its ids."""
    return [View(report, f"gate-{at}-", label) for at, (label, report) in enumerate(reports, 1)]


def table(gates: list[View]) -> Markup:
    """A row for each gate, which leads to it."""
    named = f"{len(gates)} gates"
    head = element("thead", element("tr", *(element("th", word, scope="col") for word in _HEAD)))
    rows = element("table", head, block("tbody", *map(_row, gates)))
    scroll = element("div", rows, class_="scroll", role="region", aria_label=f"Table of {named}", tabindex="0")
    return block("section", element("h2", named, id="gates"), scroll, aria_labelledby="gates")


def _row(view: View) -> Markup:
    report = view.report
    link = element("a", view.label, href=f"#{view.place('verdict')}")
    return element(
        "tr",
        element("th", link, scope="row"),
        element("td", headline(report), class_=report.verdict.value),
        element("td", reason(view.ordered), class_="why"),
        element("td", report.target.account or "not known"),
        element("td", report.target.region),
    )


def gate(view: View, *content: Markup) -> Markup:
    """One of several gates, under its heading."""
    place = view.place("verdict")
    told = f"{view.label}: {headline(view.report)}"
    heading = element("h2", told, id=place, class_=view.report.verdict.value)
    return block("section", heading, *content, class_="gate", aria_labelledby=place)
