"""How a report is to look. Forms for machines leave most of it aside."""

import shutil
import sys

from msgspec import Struct, field

SYMBOLS = "✗✓…─→·"
NARROWEST = 40


def terminal_width() -> int:
    """Columns of the terminal, or what COLUMNS says; 80 where there is neither."""
    return max(NARROWEST, shutil.get_terminal_size((80, 24)).columns)


def lacks_symbols(encoding: str | None) -> bool:
    """Whether text in this encoding has to do without the symbols."""
    try:
        SYMBOLS.encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False


def _stdout_lacks_symbols() -> bool:
    return lacks_symbols(getattr(sys.stdout, "encoding", None))


class RenderOptions(Struct, frozen=True):
    """`width` in columns; `verbose` tells every pass and cuts nothing short; `quiet` tells the verdict alone.

    `ascii` writes ASCII only: it is on where standard output could not print the symbols.
    """

    width: int = field(default_factory=terminal_width)
    color: bool = False
    verbose: bool = False
    quiet: bool = False
    ascii: bool = field(default_factory=_stdout_lacks_symbols)
