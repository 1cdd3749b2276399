"""The source of local files: what a reader takes from one, within bounds. Its text is never an answer.

A template or a plan may hold secrets, so an answer holds only what its reader keeps.
"""

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question

LARGEST = 32 * 1024 * 1024
"""Bytes. The JSON of a large Terraform plan has some ten million."""
Reader = Callable[[str], Any]
"""From a file's text to plain data. It never fails: what it can't read, it tells in the data."""
_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))


class FileSource(OneByOne):
    """Answers ("file", reader, path). `folder` is what relative paths start from: the gate's."""

    limit = 10.0

    def __init__(self, folder: Path, readers: Mapping[str, Reader]) -> None:
        self._folder = folder
        self._readers = readers

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002
        reader, path = question.fields
        read = self._readers.get(reader)
        if read is None:
            raise NotSeen(Failure(FailureKind.REJECTED, f"nothing here reads {reader} from a file"))
        text = self.text(path)
        return None if text is None else read(text)

    def text(self, path: str) -> str | None:
        """The whole text, for sources that keep facts of it alone; None where there is no such file. Raises NotSeen."""
        try:
            data = self._bytes(path)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError) as error:
            reason = os.strerror(error.errno).lower() if isinstance(error, OSError) and error.errno else "not a path"
            raise _unreadable(path, reason) from None
        if len(data) > LARGEST:
            raise _unreadable(path, f"larger than {LARGEST // 1024 // 1024} MiB")
        encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            raise _unreadable(path, f"not UTF-8 at byte {error.start}") from None

    def _bytes(self, path: str) -> bytes:
        """Up to one byte more than may be. A pipe or a device would hang or never end, so it is not opened."""
        target = self._folder / path
        kind = target.stat().st_mode
        if stat.S_ISDIR(kind):
            raise IsADirectoryError(21, "a directory")
        if not stat.S_ISREG(kind):
            raise _unreadable(path, "not a regular file")
        with target.open("rb") as file:
            return file.read(LARGEST + 1)


def _unreadable(path: str, reason: str) -> NotSeen:
    return NotSeen(Failure(FailureKind.UNREACHABLE, f"{path} can't be read: {reason}"))
