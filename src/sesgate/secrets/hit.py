"""What is found in a text: its kind and its place. No type here can hold the value of a credential."""

from enum import StrEnum

from msgspec import Struct

MASKED_AFTER = 4
"""How many characters of a credential are shown at most. Of an access key id they tell its kind (AKIA, ASIA)."""

_SHOWN_PART = 5
"""A short password is shown by no more than a fifth, rounded down."""

MAX_SHOWN = 80


class Kind(StrEnum):
    """What a text gives away. The first five are credentials; the others say that a client means to speak to SES."""

    ACCESS_KEY_ID = "access-key-id"
    TEMPORARY_KEY_ID = "temporary-key-id"
    SECRET_ACCESS_KEY = "secret-access-key"  # noqa: S105 - a kind
    SESSION_TOKEN = "session-token"  # noqa: S105 - a kind
    SMTP_PASSWORD = "smtp-password"  # noqa: S105 - a kind
    SMTP_HOST = "ses-smtp-host"
    API_HOST = "ses-api-host"
    SDK = "ses-sdk"

    @property
    def is_credential(self) -> bool:
        """Whether whoever reads the text can act as someone else."""
        return self not in {Kind.SMTP_HOST, Kind.API_HOST, Kind.SDK}


class Hit(Struct, frozen=True):
    """One find. Lines and columns count from 1; `length` is in characters of the text.

    `masked` is the first four characters of a credential (fewer of a short one), and the whole of what is none (a host,
    a package's name).
    `example` marks what AWS prints in its own documentation, and fillers such as AKIAXXXXXXXXXXXXXXXX.
    """

    kind: Kind
    line: int
    column: int
    length: int
    masked: str
    example: bool = False


class Span(Struct, frozen=True):
    """A find by its place in the text. Offsets count from 0."""

    kind: Kind
    start: int
    end: int
    example: bool = False

    def masked(self, text: str) -> str:
        """What may be shown of it."""
        if self.kind.is_credential:
            characters = min(MASKED_AFTER, (self.end - self.start) // _SHOWN_PART)
            return text[self.start : self.start + characters] + "…"
        shown = text[self.start : self.end]
        return shown if len(shown) <= MAX_SHOWN else shown[: MAX_SHOWN - 1] + "…"


def occurrences(text: str, *needles: str) -> list[int]:
    """Where any of the needles begins, in order. `str.find` is an order of magnitude faster than any pattern."""
    found: list[int] = []
    for needle in needles:
        position = text.find(needle)
        while position >= 0:
            found.append(position)
            position = text.find(needle, position + len(needle))
    found.sort()
    return found
