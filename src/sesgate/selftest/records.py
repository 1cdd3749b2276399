"""DNS answers changed: records dropped, altered, doubled, or those of another name in their place."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sesgate.selftest.change import Change, Kind, short

MOST_PARTS = 24


def records(value: Mapping[str, Any], others: Sequence[Sequence[str]]) -> Iterator[Change]:
    """An answer of a DNS source, changed. `others` are the records that other names have of this type."""
    held = [str(record) for record in value.get("records", ())]
    for at, record in enumerate(held):
        rest = [*held[:at], *held[at + 1 :]]
        yield _answer(value, Kind.DROPS, f"the record {short(record)} is dropped", rest)
        for told, altered in _altered(record):
            yield _answer(value, Kind.ALTERS, told, [*held[:at], altered, *held[at + 1 :]])
        yield _answer(value, Kind.ADDS, f"a second record like {short(record)}", [*held, f"{record} "])
    for other in others:
        if sorted(other) != sorted(held):
            yield _answer(value, Kind.EXCHANGES, f"the records are those of another name: {short(other[0])}", other)
    if held:
        gone = {**value, "rcode": "NXDOMAIN", "records": [], "chain": []}
        yield Change(Kind.REMOVES, "the name does not exist", gone)


def _answer(value: Mapping[str, Any], kind: Kind, told: str, held: Sequence[str]) -> Change:
    return Change(kind, told, {**value, "rcode": "NOERROR", "records": list(held)})


def _altered(record: str) -> Iterator[tuple[str, str]]:
    """Tags (`p=reject`) set to none, terms left out, and the whole made another name or value."""
    separator = ";" if ";" in record else " "
    parts = [part.strip() for part in record.split(separator) if part.strip()][:MOST_PARTS]
    for at, part in enumerate(parts):
        name, equals, _ = part.partition("=")
        if equals and at and separator == ";":
            others = [*parts[:at], f"{name}=none", *parts[at + 1 :]]
            yield f"{short(part)} becomes {name}=none", f"{separator} ".join(others)
        if len(parts) > 1:
            kept = [*parts[:at], *parts[at + 1 :]]
            yield f"{short(part)} is left out", f"{separator} ".join(kept) if separator == ";" else " ".join(kept)
    head, space, tail = record.rpartition(" ")
    yield f"{short(record)} becomes another value", f"{head}{space}selftest.{tail}"
