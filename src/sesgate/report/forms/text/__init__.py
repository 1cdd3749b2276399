"""The report for a terminal: what fails first, with its repair; at the end the verdict, what blocks, and what to do
next. Readable without colour, at any width, and in ASCII."""

from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.order import Ordered
from sesgate.report.forms.text.color import colored
from sesgate.report.forms.text.failures import write_failures
from sesgate.report.forms.text.footer import write_footer, write_verdict_alone
from sesgate.report.forms.text.header import write_header
from sesgate.report.forms.text.matrix import write_matrix
from sesgate.report.forms.text.page import Page
from sesgate.report.forms.text.picture import svg
from sesgate.report.forms.text.rest import write_rest
from sesgate.report.forms.text.wrap import Line, plain
from sesgate.report.model import Report


def render(report: Report, options: RenderOptions) -> str:
    """The terminal form. No line is wider than asked for, but for what is there to be copied."""
    shown = colored if options.color else plain
    return "".join([f"{shown(line)}\n" for line in lines(report, options)])


def lines(report: Report, options: RenderOptions, *, fold: bool = False) -> list[Line]:
    """The lines of the terminal form, styled. `fold` wraps even the ones that are there to be copied."""
    page = Page(options, fold=fold)
    ordered = Ordered(report)
    if options.quiet:
        write_verdict_alone(page, ordered)
        return page.lines
    write_header(page, report)
    write_failures(page, ordered)
    write_matrix(page, ordered)
    write_rest(page, ordered)
    write_footer(page, ordered)
    return page.lines


def picture(report: Report, width: int = 100) -> str:
    """The terminal form as an SVG picture, which needs nothing from elsewhere."""
    return svg(lines(report, RenderOptions(width=width, color=True, ascii=False), fold=True), width)


__all__ = ["lines", "picture", "render"]
