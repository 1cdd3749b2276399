"""What was seen of a start command: migrations, and the parts that could not be looked into."""

from collections.abc import Iterable
from dataclasses import dataclass

_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Migration:
    """A command that changes the database's schema. `how` is the way to it: `npm start → prestart`, or empty.

    `text` is made of the tool's and its subcommand's names alone: arguments may hold passwords.
    """

    tool: str
    text: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A part that runs and was not seen. `text` names it, `why` says what is missing, `how` is the way to it."""

    text: str
    why: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """All that was found, each once, in the order in which it runs."""

    migrations: tuple[Migration, ...] = ()
    opaque: tuple[Opaque, ...] = ()

    def __add__(self, other: "Sight") -> "Sight":
        return sight((*self.migrations, *self.opaque, *other.migrations, *other.opaque))


def sight(found: Iterable[Migration | Opaque]) -> Sight:
    """Sorts finds into a sight."""
    each = tuple(dict.fromkeys(found))
    return Sight(
        tuple(found for found in each if isinstance(found, Migration)),
        tuple(found for found in each if isinstance(found, Opaque)),
    )


def shown(text: str) -> str:
    """A name out of a command, in one line and cut to what a message can hold."""
    plain = " ".join(text.split())
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
