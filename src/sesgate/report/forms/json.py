"""The report as JSON: the model itself, for programs."""

from sesgate.report.forms.options import RenderOptions
from sesgate.report.joint import AnyReport


def render(report: AnyReport, options: RenderOptions) -> str:  # noqa: ARG001 - JSON looks the same everywhere
    """The JSON form; `sesgate schema report` prints its schema."""
    return report.to_json()
