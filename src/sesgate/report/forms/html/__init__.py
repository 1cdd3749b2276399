"""The report as one HTML file: no network, no script needed, light and dark, on paper too."""

from importlib import resources
from string import Template

from sesgate.report.forms.html.findings import findings_by_line
from sesgate.report.forms.html.markup import Markup, above, block, element, text
from sesgate.report.forms.html.matrix import matrix
from sesgate.report.forms.html.several import gate, table, views
from sesgate.report.forms.html.summary import blocking, facts, head, not_checked, verdict, verdict_on_all, when
from sesgate.report.forms.html.view import View
from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.words import headline, plural
from sesgate.report.joint import AnyReport, JointReport, gates_of, labelled
from sesgate.report.model import Report


def render(report: AnyReport, options: RenderOptions) -> str:  # noqa: ARG001 - the browser knows its width
    """The HTML form."""
    return _several(report) if isinstance(report, JointReport) else _one(report)


def _one(report: Report) -> str:
    view, name = View(report), report.gate.name or "The gate"
    return _page(report, name, "findings", above(head(report, name, verdict(view)), block("main", *_sections(view))))


def _several(report: JointReport) -> str:
    gates, name = views(list(labelled(report))), f"{len(report.gates)} gates"
    whole = [gate(view, verdict(view), *_sections(view)) for view in gates]
    main = block("main", table(gates), *whole)
    return _page(report, name, "gates", above(head(report, name, verdict_on_all(report)), main))


def _page(report: AnyReport, name: str, first: str, body: Markup) -> str:
    """`first` is the section that a reader may leap to."""
    told = f"{plural(sum(len(one.findings) for one in gates_of(report)), 'finding')}, by sesgate {report.tool.version}"
    return Template(_file("page.html")).substitute(
        title=text(f"{headline(report)}: {name}"),
        style=_file("style.css"),
        script=_file("script.js"),
        first=first,
        body=above(body, element("footer", element("p", told))),
    )


def _sections(view: View) -> list[Markup]:
    return [facts(view), blocking(view), when(view), not_checked(view), matrix(view), findings_by_line(view)]


def _file(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text("utf-8")
