"""Time, told by one object, so that a run can be replayed at the moment it was recorded."""

from datetime import UTC, datetime
from typing import Protocol

from msgspec import Struct


class Clock(Protocol):
    """Tells the time in UTC."""

    def now(self) -> datetime: ...


class SystemClock:
    """The present."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class FixedClock(Struct, frozen=True):
    """Always the same moment, in UTC."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment


def to_text(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second, with a final Z."""
    return moment.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


def from_text(text: str) -> datetime:
    """The inverse of `to_text`; takes any RFC 3339 time stamp. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment.astimezone(UTC)
