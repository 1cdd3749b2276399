"""Single files that are packed: gzip, bzip2 and xz are read as what they hold; of other kinds it is told.

Packed files beside what they were made of (`main.js.br` beside `main.js`) hold nothing new: web servers send them as
they are. A tar archive needs no reader: what it holds stands in it as it is.
"""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sesgate.evidence.clients.archives import HARMLESS, RATIO, Budget, Refused

LONGEST_BEGINNING = 6
_OPENERS: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lzma.LZMAFile,
}
_CLOSED = {b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!": "rar"}
_BROTLI = ".br"
_BROKEN = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)


class Unpacking:
    """What a packed stream of so many bytes holds, counted as it comes. Raises Refused."""

    def __init__(self, stream: Any, size: int, budget: Budget) -> None:
        self._stream = stream
        self._size = size
        self._budget = budget
        self._came = 0

    def read(self, size: int, /) -> bytes:
        try:
            data: bytes = self._stream.read(size)
        except _BROKEN:
            raise Refused("it is damaged") from None
        self._came += len(data)
        self._budget.take(len(data))
        if self._came > HARMLESS and self._came > RATIO * max(1, self._size):
            raise Refused(f"it unpacks to more than {RATIO} times its size")
        return data


def unpacking(stream: Any, begins: bytes, size: int, budget: Budget) -> Unpacking | None:
    """What a packed stream holds, from its beginning on; None where it is not packed in a way that is read."""
    opener = next((opener for magic, opener in _OPENERS.items() if begins.startswith(magic)), None)
    return None if opener is None else Unpacking(opener(stream), size, budget)


def closed_kind(name: str, begins: bytes) -> str | None:
    """How a file is packed that can't be looked into; None for all others."""
    kind = next((kind for magic, kind in _CLOSED.items() if begins.startswith(magic)), None)
    return "Brotli" if kind is None and name.lower().endswith(_BROTLI) else kind


def stands_unpacked(path: Path) -> bool:
    """Whether what a file was packed from stands beside it."""
    return path.with_suffix("").is_file()
