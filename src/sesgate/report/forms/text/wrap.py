"""Lines of styled pieces, and how they are broken by the columns that characters take up, losing no character."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from rich.cells import cell_len

Piece = tuple[str, str]
"""Words, and their style."""
Line = list[Piece]

_WORDS = re.compile(r" *[^ ]+| +$")
_GOOD_ENDS = "/:.,;=&?-_|"
_REACH = 24
NARROWEST = 8


def plain(line: Iterable[Piece]) -> str:
    """The words without their styles."""
    return "".join([words for words, _ in line])


def columns(text: str) -> int:
    """How many columns a text takes up."""
    return len(text) if text.isascii() else cell_len(text)


def wrap(line: Sequence[Piece], width: int, hang: int = 0) -> list[Line]:
    """The lines of a text; a word that is wider than a line is broken, after punctuation where there is some.

    All lines but the first leave `hang` columns free.
    """
    text, width = plain(line), max(width, NARROWEST)
    if columns(text) <= width:
        return [_between(line, 0, len(text.rstrip()))]
    offsets = _breaks(text, width, max(width - hang, NARROWEST))
    return [_between(line, start, end) for start, end in _trimmed(text, offsets)]


def rstripped(line: Sequence[Piece]) -> Line:
    """The line without the blanks at its end."""
    return _between(line, 0, len(plain(line).rstrip()))


def _between(line: Sequence[Piece], start: int, end: int) -> Line:
    """The pieces from one character to before another."""
    found: Line = []
    for words, style in line:
        if kept := words[max(start, 0) : max(end, 0)]:
            found.append((kept, style))
        start, end = start - len(words), end - len(words)
    return found


def _trimmed(text: str, offsets: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends, without the blanks at the breaks."""
    for start, end in pairwise([0, *offsets, len(text)]):
        told = text[start:end].rstrip()
        blanks = len(told) - len(told.lstrip(" ")) if start else 0
        yield start + blanks, start + len(told)


def _breaks(text: str, first: int, further: int) -> list[int]:
    """Where lines begin, the first one aside."""
    offsets: list[int] = []
    used, width = 0, first
    columns_of = len if text.isascii() else cell_len
    for found in _WORDS.finditer(text):
        word, at = found[0], found.start()
        wide = columns_of(word)
        if used + wide <= width:
            used += wide
            continue
        bare = word.lstrip(" ")
        at += len(word) - len(bare)
        if used:
            offsets.append(at)
            width = further
        while columns_of(bare) > width:
            length = _piece(bare, width)
            at, bare, width = at + length, bare[length:], further
            offsets.append(at)
        used = columns_of(bare)
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
