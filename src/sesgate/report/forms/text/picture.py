"""The picture of a terminal, as SVG. Rich's own frame fetches a font from elsewhere; this one does not."""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console
from rich.text import Text

from sesgate.report.forms.text.wrap import Line

TITLE = "sesgate check"
_FRAME = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
  <title>The report of sesgate check in a terminal</title>
  <style>
    .{unique_id}-matrix {{
      font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
      font-size: {char_height}px;
      line-height: {line_height}px;
    }}
    .{unique_id}-title {{ font-family: system-ui, sans-serif; font-size: 18px; font-weight: bold; }}
    {styles}
  </style>
  <defs>
    <clipPath id="{unique_id}-clip-terminal">
      <rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
    </clipPath>
    {lines}
  </defs>
  {chrome}
  <g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
    {backgrounds}
    <g class="{unique_id}-matrix">{matrix}</g>
  </g>
</svg>
"""


def svg(lines: Iterable[Line], width: int) -> str:
    """The lines as a terminal of this many columns shows them. The same lines make the same picture."""
    console = Console(
        file=StringIO(),
        record=True,
        width=width,
        height=100,
        force_terminal=True,
        color_system="standard",
        no_color=False,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
    )
    for line in lines:
        console.print(Text.assemble(*line), soft_wrap=True)
    console.print()  # the frame is drawn close below the last line
    return console.export_svg(title=TITLE, code_format=_FRAME, unique_id="sesgate")
