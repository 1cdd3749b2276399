"""Breaking lines by the columns that characters take up, without losing a character."""

import re

from rich.cells import cell_len
from rich.text import Text

_WORDS = re.compile(r" *[^ ]+| +$")
_GOOD_ENDS = "/:.,;=&?-_|"
_REACH = 24
NARROWEST = 8


def wrap(text: Text, width: int, hang: int = 0) -> list[Text]:
    """The lines of a text; a word that is wider than a line is broken, after punctuation where there is some.

    All lines but the first leave `hang` columns free.
    """
    broken = text.divide(_breaks(text.plain, max(width, NARROWEST), max(width - hang, NARROWEST)))
    return [_trimmed(line, first=at == 0) for at, line in enumerate(broken)]


def _trimmed(line: Text, *, first: bool) -> Text:
    """Without the spaces at the break."""
    line.rstrip()
    return line if first else line[len(line.plain) - len(line.plain.lstrip(" ")) :]


def _breaks(plain: str, first: int, further: int) -> list[int]:
    """Where lines begin, the first one aside."""
    offsets: list[int] = []
    used, width = 0, first
    for found in _WORDS.finditer(plain):
        word, at = found[0], found.start()
        if used + cell_len(word) <= width:
            used += cell_len(word)
            continue
        bare = word.lstrip(" ")
        at += len(word) - len(bare)
        if used:
            offsets.append(at)
            width = further
        while cell_len(bare) > width:
            length = _piece(bare, width)
            at, bare, width = at + length, bare[length:], further
            offsets.append(at)
        used = cell_len(bare)
    return offsets


def _piece(word: str, width: int) -> int:
    """How many characters of a wide word go on one line. A line never begins with "::": build logs obey such lines."""
    most = _fitting(word, width)
    good = [at for at in range(most, max(most - _REACH, 1), -1) if word[at - 1] in _GOOD_ENDS]
    lengths: list[int] = [*good, *range(most, 1, -1)]
    for length in lengths:
        if not word[length:].startswith("::"):
            return length
    return most


def _fitting(word: str, width: int) -> int:
    """How many characters fit into the columns; at least one."""
    used = 0
    for at, character in enumerate(word):
        used += cell_len(character)
        if used > width:
            return max(at, 1)
    return len(word)
