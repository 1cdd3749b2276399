"""One change of one answer, and ways about JSON values."""

from collections.abc import Iterator
from enum import IntEnum
from typing import Any

from msgspec import Struct

Path = tuple[str | int, ...]
"""Where in an answer: keys and positions."""
_LONGEST = 40


class Kind(IntEnum):
    """What a change does. The most lifelike ones come first, and are tried first."""

    FLIPS = 0
    UNVERIFIES = 1
    COUNTS = 2
    WIDENS = 3
    ADDS = 4
    DROPS = 5
    MOVES = 6
    AGES = 7
    EXCHANGES = 8
    ALTERS = 9
    REMOVES = 10


class Change(Struct, frozen=True):
    """What an answer becomes. `told` says in a few words what was done to it."""

    kind: Kind
    told: str
    value: Any


def shown(path: Path) -> str:
    """`DkimAttributes.Tokens[0]`; a key that is no plain name is quoted."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        else:
            text += ("." if text else "") + (step if step.replace("_", "").isalnum() else f'"{step}"')
    return text


def short(text: str) -> str:
    """As much of a text as a line about it can hold."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def put(value: Any, path: Path, new: Any) -> Any:
    """The value with something else at a path. What lies beside the path is shared, not copied."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    copied: Any = dict(value) if isinstance(value, dict) else list(value)
    copied[step] = put(value[step], rest, new)
    return copied


def without(value: Any, path: Path) -> Any:
    """The value without what is at a path of at least one step."""
    *above, last = path
    holder = value
    for step in above:
        holder = holder[step]
    if isinstance(holder, dict):
        kept: Any = {name: member for name, member in holder.items() if name != last}
    else:
        kept = [member for at, member in enumerate(holder) if at != last]
    return put(value, tuple(above), kept)


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Everything in a JSON value, with its path."""
    yield path, value
    if isinstance(value, dict):
        for name, member in value.items():
            yield from nodes(member, (*path, name))
    elif isinstance(value, list):
        for at, member in enumerate(value):
            yield from nodes(member, (*path, at))
