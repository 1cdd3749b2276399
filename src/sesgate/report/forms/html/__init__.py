"""The report as one HTML file: no network, no script needed, light and dark, on paper too."""

from importlib import resources
from string import Template

from sesgate.report.forms.html.findings import findings_by_line
from sesgate.report.forms.html.markup import Markup, above, block, element
from sesgate.report.forms.html.matrix import matrix
from sesgate.report.forms.html.summary import blocking, facts, head, not_checked, title, when
from sesgate.report.forms.html.view import View
from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.words import plural
from sesgate.report.model import Report


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - the browser knows its width
    """The HTML form."""
    view = View(report)
    return Template(_file("page.html")).substitute(
        title=title(view), style=_file("style.css"), script=_file("script.js"), body=_body(view)
    )


def _body(view: View) -> Markup:
    sections = [facts(view), blocking(view), when(view), not_checked(view), matrix(view), findings_by_line(view)]
    told = f"{plural(len(view.report.findings), 'finding')}, by sesgate {view.report.tool.version}"
    return above(head(view), block("main", *sections), element("footer", element("p", told)))


def _file(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text("utf-8")
