"""What the evidence tells of how a service starts: it asks, and parses once."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.evidence.environment.asking import start_question

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Service


class Found(Struct, frozen=True):
    """A migration, or a part that was not seen (`why` says why). `how` is the way to it: `npm start → prestart`."""

    text: str
    how: str = ""
    why: str = ""
    tool: str = ""

    def __str__(self) -> str:
        return f"{self.how} → {self.text}" if self.how else self.text


class Start(Struct, frozen=True):
    """One thing that starts with the service: itself, an init container, a sidecar, a hook.

    `platform` is the kind of source. `assumed` is the Dockerfile beside the gate, where the platform runs an image
    and does not say what it was built from. `release` is what is known of the platform's release step: "none" (it has
    none, or none of its own), "unset", "migrates", "other" or "unseen".
    """

    place: str
    part: str
    platform: str
    migrations: tuple[Found, ...] = ()
    opaque: tuple[Found, ...] = ()
    release: str = "none"
    assumed: str | None = None
    file: str | None = None
    line: int | None = None


class Starts(Struct, frozen=True):
    """All that starts, and why some source of the service could not be read."""

    starts: tuple[Start, ...]
    unseen: tuple[str, ...] = ()


def starts_of(context: "Context", service: "Service") -> Starts:
    """Raises NotSeen where nothing tells how the service starts."""
    return parse(context.ask(start_question(service)))


def parse(value: Mapping[str, Any]) -> Starts:
    """From the answer's plain data."""
    return Starts(tuple(_start(fact) for fact in value["starts"]), tuple(value["unseen"]))


def _start(fact: Mapping[str, Any]) -> Start:
    return Start(
        fact["place"],
        fact["part"],
        fact["platform"],
        tuple(Found(each["text"], each["how"], tool=each["tool"]) for each in fact["migrations"]),
        tuple(Found(each["text"], each["how"], each["why"]) for each in fact["opaque"]),
        fact["release"],
        fact["assumed"],
        fact["file"],
        fact["line"],
    )
