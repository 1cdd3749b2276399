"""What a person states, for a time: whether it stands on a day, and the commit that last touched it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.clock import from_text
from sesgate.evidence import Question
from sesgate.secrets import looks_like_placeholder

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Attestation

HISTORY = Question("git", ("attestations",))
EASTERNMOST = timedelta(hours=14)
"""Where the day begins first: who signs there signs with tomorrow's date, in UTC."""


class Flaw(StrEnum):
    """Why an attestation does not stand."""

    UNSIGNED = "unsigned"
    FUTURE_DATED = "future-dated"
    EXPIRED = "expired"


class Commit(Struct, frozen=True):
    """The commit that last touched an attestation; `id` is None where its lines are not committed."""

    id: str | None
    at: datetime


def lacking(attestation: "Attestation") -> tuple[str, ...]:
    """What a signature lacks, in words; nothing where somebody stands for it."""
    signer = attestation.signed_by
    who = "no signed_by" if signer is None else "a placeholder as signed_by" if looks_like_placeholder(signer) else None
    when = "no signed_on" if attestation.signed_on is None else None
    return tuple(each for each in (who, when) if each)


def flaw(attestation: "Attestation", now: datetime) -> Flaw | None:
    """Why it does not stand at this time; None where it does. Its last day counts in whole, in UTC."""
    if attestation.signed_on is None or lacking(attestation):
        return Flaw.UNSIGNED
    if attestation.signed_on > (now + EASTERNMOST).date():
        return Flaw.FUTURE_DATED
    if attestation.expires is not None and attestation.expires < now.date():
        return Flaw.EXPIRED
    return None


def days_left(expires: date, now: datetime) -> int:
    """Whole days after today on which it still holds."""
    return (expires - now.date()).days


def commits(context: "Context") -> Mapping[str, Commit]:
    """The last commit of each attestation, by id. Empty where git can't tell: then nothing rests on what it said."""
    answer = context.evidence.ask(HISTORY)
    if answer.failure or not answer.value:
        return {}
    context.cited[HISTORY.id] = None
    return {each: Commit(entry["commit"] or None, from_text(entry["at"])) for each, entry in answer.value.items()}
