"""The report for a terminal: what fails first, with its repair; at the end the verdict, what blocks, and what to do
next. Readable without colour, at any width, and in ASCII."""

from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.order import Ordered
from sesgate.report.forms.text.failures import write_failures
from sesgate.report.forms.text.footer import write_footer, write_outcome, write_verdict_alone
from sesgate.report.forms.text.header import write_facts, write_header
from sesgate.report.forms.text.matrix import write_matrix
from sesgate.report.forms.text.page import Page
from sesgate.report.forms.text.rest import write_rest
from sesgate.report.forms.text.several import write_gate_heading, write_summary, write_top, write_verdicts_alone
from sesgate.report.forms.text.wrap import Line, plain
from sesgate.report.joint import AnyReport, JointReport, labelled
from sesgate.report.model import Report


def render(report: AnyReport, options: RenderOptions) -> str:
    """The terminal form. No line is wider than asked for, but for what is there to be copied."""
    told = lines(report, options)
    if not options.color:
        return "".join([f"{plain(line)}\n" for line in told])
    from sesgate.report.forms.text.color import colored

    return "".join([f"{colored(line)}\n" for line in told])


def lines(report: AnyReport, options: RenderOptions, *, fold: bool = False) -> list[Line]:
    """The lines of the terminal form, styled. `fold` wraps even the ones that are there to be copied."""
    page = Page(options, fold=fold)
    if isinstance(report, JointReport):
        _write_several(page, report, quiet=options.quiet)
        return page.lines
    ordered = Ordered(report)
    if options.quiet:
        write_verdict_alone(page, ordered)
        return page.lines
    write_header(page, report)
    _write_findings(page, ordered)
    write_footer(page, ordered)
    return page.lines


def _write_several(page: Page, report: JointReport, *, quiet: bool) -> None:
    if quiet:
        write_verdicts_alone(page, report)
        return
    write_top(page, report)
    for at, (label, one) in enumerate(labelled(report), 1):
        ordered = Ordered(one)
        write_gate_heading(page, at, label, one)
        write_facts(page, one)
        _write_findings(page, ordered)
        write_outcome(page, ordered)
    write_summary(page, report)


def _write_findings(page: Page, ordered: Ordered) -> None:
    write_failures(page, ordered)
    write_matrix(page, ordered)
    write_rest(page, ordered)


def picture(report: Report, width: int = 100) -> str:
    """The terminal form as an SVG picture, which needs nothing from elsewhere."""
    from sesgate.report.forms.text.picture import svg

    return svg(lines(report, RenderOptions(width=width, color=True, ascii=False), fold=True), width)


__all__ = ["lines", "picture", "render"]
