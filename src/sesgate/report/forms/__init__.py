"""The forms of a report, one module each. A form is a function from report and options to text; it never counts and
never exits. Each is imported when it is asked for: only the terminal form needs rich."""

import importlib

from sesgate.report.forms.options import RenderOptions
from sesgate.report.joint import AnyReport

KINDS = ("text", "json", "markdown", "junit", "github", "sarif", "csv", "ocsf", "html")


class UnknownForm(Exception):  # noqa: N818 - the user's word, not a fault
    """There is no form of that name; the text says which there are."""


def render(kind: str, report: AnyReport, options: RenderOptions) -> str:
    """The report, of one gate or of several, in one of its forms, with a final line end. Raises UnknownForm."""
    if kind not in KINDS:
        raise UnknownForm(f"no form of report is named {kind!r}: there are {', '.join(KINDS)}")
    form = importlib.import_module(f"{__name__}.{kind}")
    text: str = form.render(report, options)
    return text


__all__ = ["KINDS", "RenderOptions", "UnknownForm", "render"]
