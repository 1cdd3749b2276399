"""Zip archives (.apk, .ipa, .aab, .zip, .jar), member by member, within bounds: never unpacked to the disk by name.

ZIP is APPNOTE.TXT of PKWARE. Only stored and deflated members are read, which is what app stores take.
"""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import IO

NAMES = (".apk", ".ipa", ".aab", ".zip", ".jar", ".aar", ".xapk", ".apks")
MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
DEEPEST = 3
"""An archive in an archive in an archive is looked into."""
MOST_MEMBERS = 60_000
MOST_UNPACKED = 2 * 1024**3
RATIO = 200
"""Text packs to a tenth, a bomb to a thousandth."""
HARMLESS = 64 * 1024**2
"""Bytes that an archive may unpack to, whatever its ratio."""
_END, _ENTRY, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x01\x02", b"PK\x06\x06", b"PK\x06\x07"
_LONGEST_DIRECTORY = 32 * 1024**2
_END_REACH = 65_557
_IN_MEMORY = 4 * 1024**2
_ENCRYPTED = 0x1
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Refused(Exception):  # noqa: N818 - a statement about an archive
    """An archive, or a member of one, that is not looked into; the text says why."""


class NoArchive(Exception):  # noqa: N818 - a statement about a file
    """It can't be read as one."""


@dataclass
class Budget:
    """What all that comes out of one outermost archive may come to, nested archives included."""

    bytes: int = MOST_UNPACKED
    members: int = MOST_MEMBERS

    def take(self, size: int) -> None:
        """Raises Refused."""
        self.bytes -= size
        if self.bytes < 0:
            raise Refused(f"an archive that unpacks to more than {MOST_UNPACKED // 1024**3} GiB")


@dataclass(frozen=True)
class Member:
    """One file within an archive."""

    name: str
    archive: zipfile.ZipFile
    info: zipfile.ZipInfo
    budget: Budget

    def open(self) -> "Unpacking":
        """Its bytes. Raises Refused."""
        if self.info.flag_bits & _ENCRYPTED:
            raise Refused("it is encrypted")
        if self.info.compress_type not in _METHODS:
            raise Refused(f"it is packed with method {self.info.compress_type}, which is not read")
        try:
            return Unpacking(self.archive.open(self.info), self)
        except _BROKEN as fault:
            raise Refused("it is damaged") from fault


_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError)


class Unpacking:
    """The bytes of a member, counted as they come. What the archive says of its size is not believed."""

    def __init__(self, stream: IO[bytes], member: Member) -> None:
        self._stream = stream
        self._member = member
        self._came = 0

    def read(self, size: int, /) -> bytes:
        """Raises Refused."""
        try:
            data = self._stream.read(size)
        except _BROKEN as fault:
            raise Refused("it is damaged") from fault
        self._came += len(data)
        self._member.budget.take(len(data))
        if self._came > HARMLESS and self._came > RATIO * max(1, self._member.info.compress_size):
            raise Refused(f"it unpacks to more than {RATIO} times its size")
        return data

    def close(self) -> None:
        self._stream.close()


def is_archive(name: str, begins: bytes) -> bool:
    """By its first bytes, or by its name."""
    return begins.startswith(MAGIC) or name.lower().endswith(NAMES)


def members(file: IO[bytes], budget: Budget) -> Iterator[Member]:
    """The files in an archive, each to be read before the next is taken. Raises Refused, and NoArchive."""
    size = _refuse_too_many(file, budget)
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as fault:
        raise NoArchive from fault
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        unpacked = sum(info.file_size for info in infos)
        if unpacked > HARMLESS and unpacked > RATIO * size:
            raise Refused(f"an archive of {size:,} bytes that unpacks to {unpacked:,}")
        for info in infos:
            yield Member(info.filename, archive, info, budget)


def _refuse_too_many(file: IO[bytes], budget: Budget) -> int:
    """Counts the central directory's entries before it is read to memory. Returns the size of the archive in bytes."""
    size = file.seek(0, 2)
    start = max(0, size - _END_REACH)
    file.seek(start)
    tail = file.read(_END_REACH)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        raise NoArchive
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if tail[at - 20 : at].startswith(_LOCATOR_64) and tail[at - 76 : at].startswith(_END_64):
        at -= 76
        length = int.from_bytes(tail[at + 40 : at + 48], "little")
    if length > _LONGEST_DIRECTORY or start + at < length:
        raise Refused(f"an archive with a directory of {length:,} bytes")
    file.seek(start + at - length)
    budget.members -= file.read(length).count(_ENTRY)
    if budget.members < 0:
        raise Refused(f"an archive of more than {MOST_MEMBERS:,} files")
    file.seek(0)
    return size


def nested(member: Member, depth: int) -> IO[bytes]:
    """An archive within so many others, where one can seek in it. Raises Refused."""
    if depth >= DEEPEST:
        raise Refused(f"an archive within {depth} others is not looked into")
    spool = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    try:
        with closing(member.open()) as stream:
            while data := stream.read(1024 * 1024):
                spool.write(data)
        spool.seek(0)
    except BaseException:
        spool.close()
        raise
    return spool
