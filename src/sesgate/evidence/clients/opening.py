"""Opening a file that somebody else may have put there: no link is followed, no pipe or device is waited for."""

import os
import stat
from pathlib import Path
from typing import BinaryIO


class NotRegular(Exception):  # noqa: N818 - a statement about a path
    """A pipe, a device, a socket: not opened for reading."""


_FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def opened(path: Path) -> BinaryIO:
    """The file, to be closed by the caller. Raises OSError (also for a link) and NotRegular."""
    file = os.fdopen(os.open(path, _FLAGS), "rb", buffering=0)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise NotRegular
    return file
