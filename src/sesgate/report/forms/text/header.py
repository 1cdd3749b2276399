"""The head of the report: what was audited, as whom, when, and what a reader must know before the findings."""

from sesgate.report.forms.text.page import STYLES, Page
from sesgate.report.forms.words import moment, notices, took
from sesgate.report.model import Report

SHOWN_OF_SHA = 12
"""Digits of the gate's hash: enough to tell which one it was. JSON and HTML have all of them."""


def write_header(page: Page, report: Report) -> None:
    """Who ran it, as whom, when, with which version, against what; then the loud lines."""
    _title(page, report)
    page.blank()
    write_facts(page, report)


def write_facts(page: Page, report: Report) -> None:
    """The head without the gate's name."""
    target = report.target
    gate = report.gate
    page.labelled("gate", f"{page.cut(gate.path or 'from the command line')}, SHA-256 {gate.sha256[:SHOWN_OF_SHA]}")
    page.labelled("account", target.account or "not known", style="" if target.account else "dim")
    page.labelled("region", target.region)
    if target.caller:
        page.labelled("as", page.cut(target.caller))
    page.labelled("when", f"{moment(report.started_at)}, took {took(report.duration_seconds)}")
    _notices(page, report)


def _title(page: Page, report: Report) -> None:
    tool = f"sesgate {report.tool.version}"
    if report.gate.name:
        page.write((page.cut(report.gate.name), "bold"), (f"  {tool}", "dim"), hang=2)
    else:
        page.write((tool, "bold"))


def _notices(page: Page, report: Report) -> None:
    told = notices(report)
    if not told:
        return
    page.blank()
    for weight, text in told:
        style = STYLES["warning"] if weight == "loud" else ""
        symbol = "warning" if weight == "loud" else "info"
        page.write((f"{page.symbol(symbol)} ", STYLES[symbol]), (page.cut(text), style), hang=2)
