"""The report as one HTML file: no network, no script needed, light and dark, on paper too.

What comes from outside is text: Jinja escapes it, and `visible` shows what no reader could see.
"""

from importlib import resources
from typing import TYPE_CHECKING

from sesgate.report.forms.html.view import View, cell, text
from sesgate.report.forms.options import RenderOptions
from sesgate.report.model import Report

if TYPE_CHECKING:
    from jinja2 import Template


def render(report: Report, options: RenderOptions) -> str:  # noqa: ARG001 - the browser knows its width
    """The HTML form."""
    parts = {"style": _text("style.css"), "script": _text("script.js"), "text": text, "cell": cell}
    return _template().render(page=View(report), **parts) + "\n"


def _template() -> "Template":
    from jinja2 import Environment, StrictUndefined

    engine = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return engine.from_string(_text("page.html"))


def _text(name: str) -> str:
    return resources.files(__name__).joinpath(name).read_text("utf-8")
