"""What was seen of a start command: migrations, and the parts that could not be looked into."""

from collections.abc import Iterable

from msgspec import Struct

_LONGEST = 80


class Migration(Struct, frozen=True):
    """A command that changes the database's schema. `how` is the way to it: `npm start → prestart`, or empty.

    `text` is made of the tool's and its subcommand's names alone: arguments may hold passwords.
    """

    tool: str
    text: str
    how: str = ""


class Opaque(Struct, frozen=True):
    """A part that runs and was not seen. `text` names it, `why` says what is missing, `how` is the way to it."""

    text: str
    why: str
    how: str = ""


class Sight(Struct, frozen=True):
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
