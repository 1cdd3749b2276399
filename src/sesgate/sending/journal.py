"""What a test send makes, written down before it is made, so that whatever ends the run can be tidied up after.

One file a run, one line an entry, appended and synced: a line that is torn at the end was written before anything was
done. The run holds a lock on its file, and takes the file away once all is removed again.
"""

import contextlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from msgspec import Struct
from msgspec.structs import asdict

from sesgate.evidence.question import Failure, FailureKind, NotSeen

if sys.platform != "win32":
    import fcntl


class Thing(Struct, frozen=True):
    """A temporary queue, by its name; or, where `topic` is set, its subscription to that topic."""

    region: str
    account: str
    queue: str
    topic: str | None = None

    def __str__(self) -> str:
        if self.topic is None:
            return f"SQS queue {self.queue} in {self.region}"
        return f"subscription of SQS queue {self.queue} to {self.topic}"


class Header(Struct, frozen=True):
    """Whose run it was: account, caller, the end point where it is not AWS, the profile, and when it began."""

    account: str
    caller: str | None
    endpoint: str | None
    profile: str | None
    started_at: str


class InUse(Exception):  # noqa: N818 - a statement about the file
    """Another sesgate holds the journal: its run is not over."""


def state_folder(environ: Mapping[str, str]) -> Path:
    """Where journals are kept: below XDG_STATE_HOME, else below ~/.local/state.

    A user without a home has no such folder: what comes back can't be written to, and the run says what to set.
    """
    stated = environ.get("XDG_STATE_HOME")
    if stated and Path(stated).is_absolute():
        return Path(stated) / "sesgate" / "sends"
    try:
        home = Path.home()
    except RuntimeError:
        home = Path(os.devnull)
    return home / ".local" / "state" / "sesgate" / "sends"


class Journal:
    """An open journal, locked. `left` are the things that were begun and are not known to be gone."""

    def __init__(self, path: Path, header: Header, left: list[Thing], descriptor: int) -> None:
        self.path = path
        self.header = header
        self.left = left
        self._descriptor = descriptor

    @classmethod
    def begin(cls, folder: Path, name: str, header: Header) -> Self:
        """Starts the journal of a run. Raises NotSeen where it can't be written: then nothing may be made."""
        path = folder / f"{name}.jsonl"
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_APPEND, 0o600)
            _lock(descriptor)
            journal = cls(path, header, [], descriptor)
            journal._append({"run": asdict(header)})
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            message = f"nothing was sent: the journal in {folder} can't be written ({why}); set XDG_STATE_HOME"
            raise NotSeen(Failure(FailureKind.REJECTED, message)) from None
        return journal

    @classmethod
    def open(cls, path: Path) -> Self:
        """Opens the journal of a run that has ended. Raises InUse where it has not, OSError, ValueError."""
        descriptor = os.open(path, os.O_RDWR | os.O_APPEND)
        try:
            _lock(descriptor)
            header, left = _read(path)
        except BaseException:
            os.close(descriptor)
            raise
        return cls(path, header, left, descriptor)

    def about_to_make(self, thing: Thing) -> None:
        """Writes down what will be made next. Raises OSError: then it must not be made."""
        self._append({"make": asdict(thing)})
        self.left.append(thing)

    def gone(self, thing: Thing) -> None:
        """Writes down that the thing is gone."""
        self.left.remove(thing)
        with contextlib.suppress(OSError):
            self._append({"gone": asdict(thing)})

    def close(self) -> None:
        """Lets go of the file, and takes it away where nothing is left."""
        if not self.left:
            with contextlib.suppress(OSError):
                self.path.unlink()
        with contextlib.suppress(OSError):
            os.close(self._descriptor)

    def _append(self, entry: Mapping[str, Any]) -> None:
        os.write(self._descriptor, (json.dumps(entry) + "\n").encode())
        os.fsync(self._descriptor)


def journals(folder: Path) -> Iterator[Path]:
    """The journals of all runs that did not tidy up, the oldest first; and of those that are still running."""
    with contextlib.suppress(OSError):
        yield from sorted(folder.glob("*.jsonl"), key=lambda path: path.stat().st_mtime)


def _read(path: Path) -> tuple[Header, list[Thing]]:
    """Raises ValueError where it is no journal."""
    lines = path.read_text("utf-8").split("\n")
    entries = [_entry(line) for line in lines[:-1]]
    if not entries:
        raise ValueError("it is empty")
    left: list[Thing] = []
    try:
        header = Header(**entries[0]["run"])
        for entry in entries[1:]:
            if "make" in entry:
                left.append(Thing(**entry["make"]))
            else:
                left.remove(Thing(**entry["gone"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"it is damaged ({type(error).__name__})") from None
    return header, left


def _entry(line: str) -> dict[str, Any]:
    entry = json.loads(line)
    if not isinstance(entry, dict):
        raise ValueError("it is damaged")  # noqa: TRY004 - a word about the file
    return entry


def _lock(descriptor: int) -> None:
    if sys.platform != "win32":
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse from None
