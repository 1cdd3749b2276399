"""Walks a client: folder, file or archive; what is found is told by kind and place, and never by its value."""

import os
import stat
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

from sesgate.evidence.clients import archives, packed
from sesgate.evidence.clients.ignored import Rules, standing
from sesgate.evidence.clients.opening import NotRegular, opened
from sesgate.evidence.clients.scan import hits
from sesgate.evidence.clients.sight import Bounds, Cut, Sight, shown
from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question

HISTORIES = frozenset({".git", ".hg", ".svn"})
DEPENDENCIES = "node_modules"
"""What is used of it is named in package.json, and what is shipped of it is in the build: there it is looked at."""


class ClientSource(OneByOne):
    """Answers ("clients", path). `folder` is what relative paths start from: the gate's."""

    limit = 50.0

    def __init__(self, folder: Path, bounds: Bounds | None = None) -> None:
        self._folder = folder
        self._bounds = bounds or Bounds()

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002
        [path] = question.fields
        try:
            root = (self._folder / path).resolve(strict=True)
            kind = root.stat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, ValueError, RuntimeError) as error:
            raise _unreadable(path, error) from None
        walk = Walk(Sight(self._bounds))
        told = "folder" if stat.S_ISDIR(kind) else "file"
        cut = None
        try:
            if stat.S_ISDIR(kind):
                told = walk.folder(root)
            elif stat.S_ISREG(kind):
                walk.file(root, root.name)
            else:
                raise NotSeen(Failure(FailureKind.REJECTED, f"{shown(path)} is neither a folder nor a file"))
        except Cut as reason:
            cut = str(reason)
        return walk.sight.answer(told, cut)


def _unreadable(path: str, error: Exception) -> NotSeen:
    reason = os.strerror(error.errno).lower() if isinstance(error, OSError) and error.errno else "not a path"
    return NotSeen(Failure(FailureKind.UNREACHABLE, f"{shown(path)} can't be read: {reason}"))


@dataclass
class Walk:
    """One walk. Raises Cut where a bound ends it."""

    sight: Sight
    _is_build: bool = field(default=False)

    def folder(self, root: Path) -> str:
        """Looks at all files of a folder that git does not ignore. Returns "build" for one that git ignores itself."""
        stands = standing(root)
        self._is_build = stands.rules is None
        todo = [(root, "", stands.rules)]
        while todo:
            folder, name, rules = todo.pop()
            prefix = f"{stands.name}/" if stands.name else ""
            inner = rules.entering(folder, f"{prefix}{name}".rstrip("/")) if rules else None
            below = []
            for entry in self._entries(folder, name):
                path = f"{name}/{entry.name}" if name else entry.name
                if self._is_left_out(entry, f"{prefix}{path}", inner):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    below.append((folder / entry.name, path, inner))
                else:
                    self.file(folder / entry.name, path)
            todo += reversed(below)
        return "build" if self._is_build else "folder"

    def _entries(self, folder: Path, name: str) -> list[os.DirEntry[str]]:
        """What a folder holds, in order. A folder of more than a walk may see is not held in memory to be sorted."""
        most = self.sight.bounds.files
        try:
            with os.scandir(folder) as found:
                entries = list(islice(found, most + 1))
        except OSError as error:
            self.sight.could_not_see(f"{name}/", os.strerror(error.errno or 0).lower())
            return []
        if len(entries) > most:
            raise Cut(f"a folder of it holds more than {most:,} entries")
        return sorted(entries, key=lambda entry: entry.name)

    def _is_left_out(self, entry: os.DirEntry[str], path: str, rules: Rules | None) -> bool:
        """Links are not followed: what they lead to within the folder is seen in its own place."""
        self.sight.on_time()
        is_folder = entry.is_dir(follow_symlinks=False)
        reason = None
        if entry.is_symlink():
            reason = "links"
        elif is_folder and (entry.name in HISTORIES or (entry.name == DEPENDENCIES and not self._is_build)):
            reason = entry.name
        elif not is_folder and not entry.is_file(follow_symlinks=False):
            reason = "devices and pipes"
        elif rules and rules.ignore(path, is_folder=is_folder):
            reason = "ignored by git"
        if reason:
            self.sight.leave_out(reason)
        return reason is not None

    def file(self, path: Path, name: str) -> None:
        """Looks at one file, and into it where it is an archive."""
        self.sight.file()
        try:
            with opened(path) as file:
                begins = file.read(packed.LONGEST_BEGINNING)
                file.seek(0)
                if archives.is_archive(name, begins) and self._archive(file, name, archives.Budget(), 1):
                    return
                kind = packed.closed_kind(name, begins)
                if kind is not None and not packed.stands_unpacked(path):
                    self.sight.could_not_see(name, f"it is packed as {kind}, which is not read")
                file.seek(0)
                self._content(file, name, begins, os.fstat(file.fileno()).st_size, archives.Budget())
        except NotRegular:
            self.sight.leave_out("devices and pipes")
        except OSError as error:
            self.sight.could_not_see(name, os.strerror(error.errno or 0).lower())

    def _content(self, stream: Any, name: str, begins: bytes, size: int, budget: archives.Budget) -> None:
        """What a file holds, unpacked where it is packed."""
        try:
            readable = packed.unpacking(stream, begins, size, budget) or stream
            self.sight.found(name, hits(readable, self.sight.read))
        except archives.Refused as refused:
            self.sight.could_not_see(name, str(refused))

    def _archive(self, file: IO[bytes], name: str, budget: archives.Budget, depth: int) -> bool:
        """Looks at the members. False where it turns out to be no archive, which is to be looked at as it is."""
        try:
            for member in archives.members(file, budget):
                self.sight.file()
                self._member(member, f"{name}!/{member.name}", depth)
        except archives.NoArchive:
            if name.lower().endswith(archives.NAMES):
                self.sight.could_not_see(name, "it is no archive, or a damaged one")
            return False
        except archives.Refused as refused:
            self.sight.could_not_see(name, str(refused))
        self.sight.archives += 1
        return True

    def _member(self, member: archives.Member, name: str, depth: int) -> None:
        try:
            begins = _beginning(member)
            if archives.is_archive(member.name, begins):
                with archives.nested(member, depth) as inner:
                    if self._archive(inner, name, member.budget, depth + 1):
                        return
            with closing(member.open()) as stream:
                self._content(stream, name, begins, member.info.compress_size, member.budget)
        except archives.Refused as refused:
            self.sight.could_not_see(name, str(refused))


def _beginning(member: archives.Member) -> bytes:
    with closing(member.open()) as stream:
        return stream.read(packed.LONGEST_BEGINNING)
