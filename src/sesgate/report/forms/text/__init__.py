"""The report for a terminal: what fails first, with its repair; at the end the verdict, what blocks, and what to do
next. Readable without colour, at any width, and in ASCII."""

from io import StringIO

from rich.console import Console
from rich.text import Text

from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.order import Ordered
from sesgate.report.forms.text.failures import write_failures
from sesgate.report.forms.text.footer import write_footer, write_verdict_alone
from sesgate.report.forms.text.header import write_header
from sesgate.report.forms.text.matrix import write_matrix
from sesgate.report.forms.text.page import Page
from sesgate.report.forms.text.picture import svg
from sesgate.report.forms.text.rest import write_rest
from sesgate.report.model import Report

HEIGHT = 100


def render(report: Report, options: RenderOptions) -> str:
    """The terminal form. No line is wider than asked for, but for what is there to be copied."""
    file = StringIO()
    console = Console(
        file=file,
        width=options.width,
        height=HEIGHT,
        force_terminal=options.color,
        color_system="standard" if options.color else None,
        no_color=not options.color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for line in lines(report, options):
        console.print(line, soft_wrap=True)
    return file.getvalue()


def lines(report: Report, options: RenderOptions, *, fold: bool = False) -> list[Text]:
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
