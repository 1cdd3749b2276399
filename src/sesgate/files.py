"""Writing files whole or not at all, and knowing beforehand whether they can be written."""

import contextlib
import os
import stat
import sys
import tempfile
from pathlib import Path

STDOUT = "-"


class CannotWrite(Exception):  # noqa: N818 - it is a statement about a path
    """A path can't be written; the text says which and why."""


def try_path(path: str) -> None:
    """Finds out before the work whether a file could be written at its end. Leaves nothing. Raises CannotWrite."""
    if path == STDOUT:
        return
    target = Path(path)
    try:
        if target.is_dir():
            raise IsADirectoryError(21, "it is a directory")
        if _is_special(target):
            return
        if target.exists() and not os.access(target, os.W_OK):
            raise PermissionError(13, "it is write-protected")
        descriptor, name = tempfile.mkstemp(prefix=".sesgate-", dir=target.parent)
        os.close(descriptor)
        Path(name).unlink()
    except OSError as error:
        raise CannotWrite(f"{path}: {_reason(error)}") from None


def write_whole(path: str, text: str) -> None:
    """Writes the text to a file, in one step: readers see the old content or the new. Raises CannotWrite."""
    try:
        if path == STDOUT:
            sys.stdout.write(text)
            sys.stdout.flush()
        elif _is_special(Path(path)):
            Path(path).write_text(text, "utf-8")
        else:
            _replace(Path(path).resolve(), text)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise CannotWrite(f"{path}: {_reason(error)}") from None


def _replace(target: Path, text: str) -> None:
    descriptor, name = tempfile.mkstemp(prefix=".sesgate-", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(target))
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _mode(target: Path) -> int:
    """The mode of the file that is replaced; for a new one what the umask leaves of 0o666."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask


def _is_special(target: Path) -> bool:
    """Pipes, terminals and the like: they are written to, not replaced."""
    return target.exists() and not target.is_file() and not target.is_dir()


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
