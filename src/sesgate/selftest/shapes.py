"""JSON answers changed by their shape: what is true becomes false, a state another one, a list shorter or longer."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sesgate.selftest.change import Change, Kind, Path, nodes, put, short, shown, without
from sesgate.selftest.policies import open_policy, policies

MOST_MEMBERS = 24
MOST_SEEN = 6
FAR = timedelta(days=3650)
_STATES = (
    (re.compile(r"[A-Z][A-Z0-9_]*"), ("FAILED", "PENDING", "DISABLED")),
    (re.compile(r"[A-Z][a-z]+"), ("Failed", "Pending", "Disabled")),
    (re.compile(r"[a-z][a-z_-]*"), ("failed", "none", "unset")),
)
_REGION = re.compile(r"\b[a-z]{2}(?:-[a-z]+)+-\d\b")
_REGIONS = ("eu-west-1", "us-west-2")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")


def changes(value: Any, seen: Mapping[str, Sequence[str]]) -> Iterator[Change]:
    """An answer, changed in one place each time. `seen` are the texts that recorded answers have, by their key."""
    for path, node in nodes(value):
        match node:
            case bool():
                yield Change(Kind.FLIPS, f"{shown(path)} is {str(not node).lower()}", put(value, path, not node))
            case int() | float():
                yield from _number(value, path, node)
            case str():
                yield from _text(value, path, node, seen)
            case list():
                yield from _list(value, path, node)
            case dict():
                yield from _mapping(value, path, node)
    if value is not None:
        yield Change(Kind.REMOVES, "it does not exist", None)


def texts(value: Any) -> Iterator[tuple[str, str]]:
    """Each text in an answer with the nearest key above it."""
    for path, node in nodes(value):
        key = _key(path)
        if isinstance(node, str) and key:
            yield key, node


def _key(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _number(value: Any, path: Path, node: float) -> Iterator[Change]:
    for new in (type(node)(0), node * 1000 + 1):
        if new != node:
            yield Change(Kind.COUNTS, f"{shown(path)} is {new:g}", put(value, path, new))


def _text(value: Any, path: Path, node: str, seen: Mapping[str, Sequence[str]]) -> Iterator[Change]:
    where = shown(path)
    for kind, told, new in policies(node):
        yield Change(kind, f"{where}, {told}", put(value, path, new))
    if _MOMENT.match(node):
        yield from _moment(value, path, node)
        return
    if node in ("true", "false"):
        new = "false" if node == "true" else "true"
        yield Change(Kind.FLIPS, f"{where} is {new}", put(value, path, new))
    for pattern, states in _STATES:
        if pattern.fullmatch(node):
            for state in states:
                if state != node:
                    yield Change(Kind.UNVERIFIES, f"{where} is {state}", put(value, path, state))
    for other in [text for text in seen.get(_key(path), ()) if text != node][:MOST_SEEN]:
        yield Change(Kind.EXCHANGES, f"{where} is {short(other)}", put(value, path, other))
    for region in _REGIONS:
        moved = _REGION.sub(region, node)
        if moved != node:
            yield Change(Kind.MOVES, f"{where} is in {region}", put(value, path, moved))
            break
    yield Change(Kind.ALTERS, f"{where} is another text", put(value, path, f"selftest-{node}"))


def _moment(value: Any, path: Path, node: str) -> Iterator[Change]:
    try:
        moment = datetime.fromisoformat(node)
    except ValueError:
        return
    for new, told in ((moment - FAR, "ten years earlier"), (moment + FAR, "ten years later")):
        yield Change(Kind.AGES, f"{shown(path)} is {told}", put(value, path, new.isoformat()))


def _list(value: Any, path: Path, node: list[Any]) -> Iterator[Change]:
    where = shown(path)
    for at in range(min(len(node), MOST_MEMBERS)):
        yield Change(Kind.DROPS, f"{shown((*path, at))} is dropped", without(value, (*path, at)))
    if len(node) > 1:
        yield Change(Kind.DROPS, f"{where} is empty", put(value, path, []))
    for member in node[:1]:
        yield Change(Kind.ADDS, f"{where} has one more", put(value, path, [*node, _another(member)]))


def _another(member: Any) -> Any:
    """A member like this one, under names that begin with test."""
    match member:
        case dict():
            return {name: _another(one) for name, one in member.items()}
        case str() if "@" in member:
            return f"test@{member.rpartition('@')[2]}"
        case str() if "." in member and " " not in member:
            return f"test.{member}"
    return member


def _mapping(value: Any, path: Path, node: dict[str, Any]) -> Iterator[Change]:
    where = shown(path)
    if not node and "polic" in _key(path).lower():
        yield Change(
            Kind.ADDS, f"{where} has one that lets everybody in", put(value, path, {"selftest": open_policy()})
        )
    for name in list(node)[:MOST_MEMBERS]:
        yield Change(Kind.DROPS, f"{shown((*path, name))} is dropped", without(value, (*path, name)))
    alike = [name for name, member in node.items() if isinstance(member, dict)]
    for one, other in zip(alike, [*alike[1:], *alike[:1]], strict=True):
        if node[one] != node[other]:
            told = f"{shown((*path, one))} is as {other} is"
            yield Change(Kind.EXCHANGES, told, put(value, (*path, one), node[other]))
