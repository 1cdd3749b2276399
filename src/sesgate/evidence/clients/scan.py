"""One stream of bytes, read in windows that overlap, so that the size of a file costs time and no memory."""

from collections.abc import Callable, Iterator
from typing import Protocol

from sesgate.secrets import Hit, find_in_bytes

WINDOW = 2 * 1024 * 1024
MARGIN = 4096
"""Bytes around each window, so that what stands at its edge is seen whole and with what stands beside it.

A key id and its secret are looked for 300 characters apart; session tokens have about a thousand characters.
"""


class Readable(Protocol):
    """Anything with `read`: a file, a member of an archive."""

    def read(self, size: int, /) -> bytes: ...


def hits(stream: Readable, took: Callable[[int], None]) -> Iterator[Hit]:
    """What the stream gives away, with lines and columns of the whole. `took` is told the size of each read."""
    data, judged, line, column = b"", 0, 1, 0
    while True:
        more = _fill(stream, WINDOW)
        took(len(more))
        data += more
        is_last = len(more) < WINDOW
        until = len(data) if is_last else len(data) - MARGIN
        found = list(find_in_bytes(data))
        if found:
            first, end = _place(data, judged), _place(data, until)
            for hit in found:
                if first <= (hit.line, hit.column) < end:
                    yield _moved(hit, line, column)
        if is_last:
            return
        dropped = max(0, until - MARGIN)
        newlines = data.count(b"\n", 0, dropped)
        line += newlines
        column = dropped - data.rfind(b"\n", 0, dropped) - 1 if newlines else column + dropped
        data, judged = data[dropped:], until - dropped


def _fill(stream: Readable, size: int) -> bytes:
    """So many bytes, fewer only at the end: a member of an archive may come in small pieces."""
    first = stream.read(size)
    if len(first) == size or not first:
        return first
    parts = [first]
    left = size - len(first)
    while left and (more := stream.read(left)):
        parts.append(more)
        left -= len(more)
    return b"".join(parts)


def _place(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column, from 1, as `Hit` counts them."""
    return data.count(b"\n", 0, offset) + 1, offset - data.rfind(b"\n", 0, offset)


def _moved(hit: Hit, line: int, column: int) -> Hit:
    """The hit in the whole stream, where its window begins at this line (from 1) and column (from 0)."""
    shift = column if hit.line == 1 else 0
    return Hit(hit.kind, hit.line + line - 1, hit.column + shift, hit.length, hit.masked, hit.example)
