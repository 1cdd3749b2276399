"""What one walk through a client saw, and what it did not: the answer, as it grows. Names are made fit to be shown."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from sesgate.secrets import Hit, Kind

LONGEST_NAME = 300


class Bounds(Struct, frozen=True):
    """How far a walk goes, and how much of it is told. Where one of the first three cuts it, the answer says so."""

    seconds: float = 40.0
    files: int = 300_000
    bytes: int = 4 * 1024**3
    telling_files: int = 100
    """Files with something in them that are told one by one."""
    hits_of_kind: int = 3
    unseen: int = 20


class Cut(Exception):  # noqa: N818 - a statement about the walk
    """A bound was reached; the text says which."""


@dataclass
class Sight:
    """Counts, hits, and what could not be looked at. `left_out` counts what was left out on purpose, by reason."""

    bounds: Bounds
    began: float = field(default_factory=time.monotonic)
    files: int = 0
    bytes: int = 0
    archives: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    unseen: list[dict[str, str]] = field(default_factory=list)
    unseen_more: int = 0
    hits: list[dict[str, Any]] = field(default_factory=list)
    files_more: int = 0
    _telling: int = 0

    def file(self) -> None:
        """One file more is looked at. Raises Cut."""
        self.files += 1
        if self.files > self.bounds.files:
            raise Cut(f"it holds more than {self.bounds.files:,} files")
        self.on_time()

    def read(self, size: int) -> None:
        """So many bytes more were read. Raises Cut."""
        self.bytes += size
        if self.bytes > self.bounds.bytes:
            raise Cut(f"it holds more than {self.bounds.bytes // 1024**3} GiB")
        self.on_time()

    def on_time(self) -> None:
        """Raises Cut where the time is up."""
        if time.monotonic() - self.began > self.bounds.seconds:
            raise Cut(f"reading it takes more than {self.bounds.seconds:.0f} s")

    def leave_out(self, reason: str) -> None:
        """Something is not looked at, on purpose."""
        self.left_out[reason] = self.left_out.get(reason, 0) + 1

    def could_not_see(self, name: str, reason: str) -> None:
        """Something could not be looked at."""
        if len(self.unseen) < self.bounds.unseen:
            self.unseen.append({"file": shown(name), "reason": reason})
        else:
            self.unseen_more += 1

    def found(self, name: str, hits: Iterable[Hit]) -> None:
        """What one file gives away, a few of each kind. What was seen is kept where reading further fails."""
        told: dict[tuple[Kind, bool], int] = {}
        entries = []
        try:
            for hit in hits:
                key = (hit.kind, hit.example)
                told[key] = told.get(key, 0) + 1
                if told[key] <= self.bounds.hits_of_kind:
                    entries.append(_entry(name, hit))
        finally:
            if entries and self._telling < self.bounds.telling_files:
                self._telling += 1
                self.hits += entries
            elif entries:
                self.files_more += 1

    def answer(self, kind: str, cut: str | None) -> dict[str, Any]:
        """The answer, as JSON. `kind` is what the path leads to: "folder", "build" or "file"."""
        return {
            "kind": kind,
            "files": self.files,
            "bytes": self.bytes,
            "archives": self.archives,
            "left_out": dict(sorted(self.left_out.items())),
            "hits": self.hits,
            "files_more": self.files_more,
            "unseen": self.unseen,
            "unseen_more": self.unseen_more,
            "cut": cut,
        }


def _entry(name: str, hit: Hit) -> dict[str, Any]:
    """Of a secret not even its first characters; of a key id the four that tell its type."""
    shows = not hit.kind.is_credential or hit.kind in (Kind.ACCESS_KEY_ID, Kind.TEMPORARY_KEY_ID)
    return {
        "file": shown(name),
        "kind": hit.kind.value,
        "line": hit.line,
        "column": hit.column,
        "shown": shown(hit.masked) if shows else "",
        "example": hit.example,
    }


def shown(name: str) -> str:
    """A name from outside, on one line: what can't be printed is written out, what is long loses its middle."""
    text = "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in name)
    half = LONGEST_NAME // 2
    return text if len(text) <= LONGEST_NAME else f"{text[: half - 1]}…{text[-half:]}"
