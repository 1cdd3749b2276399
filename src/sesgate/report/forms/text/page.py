"""A page: lines of styled text, wrapped and indented. All text is made visible here, at this one door."""

import re
from collections.abc import Iterable

from sesgate.report.forms.escape import shorten, visible
from sesgate.report.forms.options import NARROWEST, RenderOptions
from sesgate.report.forms.text.wrap import Line, Piece, columns, plain, rstripped, wrap

MEASURE = 120
LABEL = 11
SHORT, SENTENCE, LONG = 300, 800, 4000
_ADDRESS = re.compile(r"https?://[!-~]{1,300}")

_SYMBOLS = {
    "fail": ("✗", "x"),
    "warning": ("!", "!"),
    "info": ("i", "i"),
    "pending": ("…", "."),
    "error": ("?", "?"),
    "waived": ("~", "~"),
    "skip": ("-", "-"),
    "pass": ("✓", "+"),
    "rule": ("─", "-"),
    "gate": ("━", "="),
    "dot": (" · ", ", "),
    "cut": ("…", "..."),
}
STYLES = {
    "fail": "bold red",
    "warning": "bold yellow",
    "info": "bold",
    "pending": "bold blue",
    "error": "bold magenta",
    "waived": "bold",
    "skip": "dim",
    "pass": "green",
    "copy": "cyan",
}


class Page:
    """Collects the lines of a report. Prose is at most 120 columns wide, however wide the terminal is."""

    def __init__(self, options: RenderOptions, *, fold: bool = False) -> None:
        self.lines: list[Line] = []
        self.verbose = options.verbose
        self.color = options.color
        self.width = max(NARROWEST, min(options.width, MEASURE))
        self._ascii = options.ascii
        self._fold = fold

    def symbol(self, name: str) -> str:
        """The sign of a status, or a piece of punctuation."""
        return _SYMBOLS[name][self._ascii]

    def blank(self) -> None:
        """An empty line, never two in a row and none at the beginning."""
        if self.lines and self.lines[-1]:
            self.lines.append([])

    def write(self, *pieces: Piece, indent: int = 0, hang: int = 0, most: int | None = None) -> None:
        """A paragraph of (text, style) pieces; its further lines are indented by `hang` more.

        Of more than `most` lines only the first ones are told.
        """
        line = self._line(pieces)
        wrapped = wrap(line, self.width - indent, hang)
        if most is not None and len(wrapped) > most:
            wrapped = wrap(line, self.width - indent - 4, hang)[:most]
            wrapped[-1].append((f" {self.symbol('cut')}", "dim"))
        self._put(wrapped, indent, hang)

    def single(self, *pieces: Piece) -> None:
        """One line, however long."""
        self.lines.append(rstripped(self._line(pieces)))

    def labelled(self, label: str, lines: str | Iterable[str], *, style: str = "", indent: int = 2) -> None:
        """A label, and beside it one or several paragraphs."""
        told = [lines] if isinstance(lines, str) else list(lines)
        for at, words in enumerate(told):
            line = [(self.shown(words) or "(empty)", style)]
            first, *further = wrap(line, self.width - indent - LABEL)
            named = (f"{label if at == 0 else '':<{LABEL}}", "dim")
            self._put([[named, *first], *further], indent, LABEL)

    def copyable(self, lines: Iterable[str], *, indent: int = 4) -> None:
        """Lines to be copied: in full, and wrapped in pictures only. They must come escaped for what takes them."""
        for line in lines:
            told = [(visible(line, ascii_only=True), STYLES["copy"])]
            self._put(wrap(told, self.width - indent, hang=2) if self._fold else [told], indent, 2)

    def link(self, label: str, address: str, *, indent: int = 2) -> None:
        """A label and an address, which is never broken where it is one that a browser takes."""
        if _ADDRESS.fullmatch(address):
            self._put([[(f"{label:<{LABEL}}{self.shown(address)}", "dim")]], indent)
        else:
            self.labelled(label, self.cut(address), style="dim", indent=indent)

    def heading(self, title: str, style: str, said: str = "", *, rule: str = "rule") -> None:
        """The beginning of a section: a landmark when scrolling. `said` gives way where it does not fit."""
        self.blank()
        sign = self.symbol(rule)
        line = [(f"{sign * 2} ", "dim"), (title, style)]
        used = columns(plain(line))
        remark = f"{self.symbol('dot')}{said} "
        if not said or used + len(remark) + 2 > self.width:
            remark = " "
        line.append((f"{remark}{sign * (self.width - used - len(remark))}", "dim"))
        self.lines += [line, []]

    def rule(self) -> None:
        """A line across the page."""
        self.blank()
        self.lines.append([(self.symbol("rule") * self.width, "dim")])

    def cut(self, text: str, most: int = SHORT) -> str:
        """A value, or its beginning and a hint where it is long."""
        hint = "" if self.verbose else ", --verbose shows more"
        return shorten(visible(text, ascii_only=self._ascii), LONG if self.verbose else most, hint)

    def shown(self, text: str) -> str:
        """The text as it may be printed."""
        if self._ascii:
            text = text.replace("…", "...").replace(" · ", ", ")
        return visible(text, ascii_only=self._ascii)

    def _line(self, pieces: Iterable[Piece]) -> Line:
        return [(self.shown(words), style) for words, style in pieces]

    def _put(self, wrapped: Iterable[Line], indent: int, hang: int = 0) -> None:
        """Lines with blanks before them: `hang` more from the second one on."""
        for line in wrapped:
            self.lines.append([(" " * indent, ""), *line] if line else [])
            indent, hang = indent + hang, 0
