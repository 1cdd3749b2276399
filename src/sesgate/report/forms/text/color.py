"""Colour for the terminal: the sixteen colours that every terminal has, as its reader set them."""

from functools import cache

from rich.color import ColorSystem
from rich.style import Style

from sesgate.report.forms.text.wrap import Line


def colored(line: Line) -> str:
    """The line with the escapes of its styles."""
    return "".join([_style(style).render(words, color_system=ColorSystem.STANDARD) for words, style in line])


@cache
def _style(name: str) -> Style:
    return Style.parse(name)
