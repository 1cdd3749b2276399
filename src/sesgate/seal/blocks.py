"""Digests of a file's blocks: they tell later where it was changed. That it was, the digest of the whole tells."""

import hashlib
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from msgspec import Struct

SMALLEST, MOST = 1024, 256
"""Octets of a block at least; blocks of a file at most."""
DIGITS = 16


class Stretch(Struct, frozen=True):
    """Octets of a file that are not as they were: the first, and the last that may be meant, both counted from 0.

    Lines count from 1.
    """

    first: int
    last: int
    first_line: int
    last_line: int


def blocks(octets: bytes) -> dict[str, Any]:
    """The digests, as data: `{"size": 2500, "block": 1024, "sha256": ["<16 digits>", …]}`."""
    block = SMALLEST
    while block * MOST < len(octets):
        block *= 2
    return {"size": len(octets), "block": block, "sha256": list(_digests(octets, block))}


def changed(octets: bytes, told: Mapping[str, Any]) -> Iterator[Stretch]:
    """Where a file is not as its blocks tell. From the first block on where its size is another."""
    block = int(told["block"])
    there = list(_digests(octets, block))
    differing = [at for at, (a, b) in enumerate(zip_longest(there, told["sha256"])) if a != b]
    if differing and len(octets) != told["size"]:
        yield _stretch(octets, differing[0] * block, len(octets))
        return
    while differing:
        first = last = differing.pop(0)
        while differing and differing[0] == last + 1:
            last = differing.pop(0)
        yield _stretch(octets, first * block, (last + 1) * block)


def _digests(octets: bytes, block: int) -> Iterator[str]:
    for at in range(0, len(octets), block):
        yield hashlib.sha256(octets[at : at + block]).hexdigest()[:DIGITS]


def _stretch(octets: bytes, start: int, end: int) -> Stretch:
    last = max(start, min(end, len(octets)) - 1)
    line = octets.count(b"\n", 0, start) + 1
    return Stretch(start, last, line, line + octets.count(b"\n", start, last))
