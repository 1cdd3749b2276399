"""The CNAME records of Easy DKIM: what SES waits for, and what can be wrong with each. `dkim_look` looks at them."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.finding import DnsRecord
from sesgate.ses.identities import DEFAULT_SIGNING_ZONE
from sesgate.ses.publication import NOT_SEEN_YET, SECONDARY_BEHIND, ZONE_UNASKED
from sesgate.ses.walking import Query, Right
from sesgate.ses.walks import Published, Walk

if TYPE_CHECKING:
    from sesgate.evidence import NotSeen
    from sesgate.ses.dkim_keys import KeyRecord

SHOWN = 100


class RecordFault(StrEnum):
    """What is wrong with one record. The values are the causes of the check `dkim`."""

    MISSING = "cname-missing"
    DOUBLED = "cname-doubled"
    FLATTENED = "cname-flattened"
    TARGET_DOUBLED = "cname-target-doubled"
    WRONG_ZONE = "cname-wrong-zone"
    OLD_TOKEN = "cname-old-token"  # noqa: S105 - a cause
    OTHER_REGION = "cname-other-region"
    WILDCARD = "cname-wildcard"
    WRONG = "cname-wrong"
    NOT_SEEN_YET = NOT_SEEN_YET
    BEHIND = SECONDARY_BEHIND
    UNASKED = ZONE_UNASKED


class Selector(Struct, frozen=True):
    """A token of SES: the CNAME `<token>._domainkey.<domain>` has to point at `target`."""

    token: str
    domain: str
    target: str

    @property
    def name(self) -> str:
        return f"{self.token}._domainkey.{self.domain}"


class TokenRecord(Struct, frozen=True):
    """What was found for one token. `fault` is None where the CNAME is right, or where it could not be seen.

    `keys` are the TXT records behind the name; None where they could not be seen. `ttl` is in seconds.
    `published` is where the zone's own name servers have it, where they were asked.
    """

    selector: Selector
    fault: RecordFault | None
    found: str
    keys: "tuple[KeyRecord, ...] | None" = None
    name_exists: bool = True
    ttl: int | None = None
    unseen: "NotSeen | None" = None
    published: Published | None = None

    @property
    def wanted(self) -> DnsRecord:
        """What SES waits for."""
        return DnsRecord(self.selector.name, "CNAME", self.selector.target)


class Look(Struct, frozen=True):
    """The records of one identity. `domain_exists` is False where the DNS does not know the domain at all."""

    records: tuple[TokenRecord, ...]
    domain_exists: bool = True
    walk: Walk | None = None

    @property
    def faulty(self) -> tuple[TokenRecord, ...]:
        return tuple(record for record in self.records if record.fault)

    @property
    def right(self) -> tuple[TokenRecord, ...]:
        return tuple(record for record in self.records if record.fault is None and record.unseen is None)


def wanted(records: Iterable[TokenRecord]) -> dict[Query, Right]:
    """For each record, what its name servers ought to say: see `sesgate.ses.walking.where`."""
    return {(one.selector.name, "CNAME"): partial(_points_at, one.selector.target) for one in records}


def _points_at(target: str, records: tuple[str, ...]) -> bool:
    return [record.lower().rstrip(".") for record in records] == [target.lower()]


def judge_target(selector: Selector, targets: Sequence[str], tokens: Iterable[str]) -> RecordFault | None:
    """What is wrong with the targets of the CNAME at a token's name; `tokens` are all that SES waits for."""
    if len(targets) != 1:
        return RecordFault.WRONG
    target = targets[0].lower().rstrip(".")
    token, _, zone = target.partition(".")
    if target == selector.target.lower():
        return None
    if target.startswith(f"{selector.target.lower()}."):
        return RecordFault.TARGET_DOUBLED
    if not _is_signing_zone(zone):
        return RecordFault.WRONG
    if token == selector.token.lower():
        return RecordFault.WRONG_ZONE
    return RecordFault.WRONG if token in tokens else RecordFault.OLD_TOKEN


def _is_signing_zone(zone: str) -> bool:
    return zone == DEFAULT_SIGNING_ZONE or (zone.startswith("dkim.") and zone.endswith(".amazonses.com"))


def cut(text: str) -> str:
    """Foreign text, cut to what a message can hold."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def by_fault(look: Look) -> Iterator[tuple[RecordFault, tuple[TokenRecord, ...]]]:
    """The faulty records, those with the same fault together, in the order of `RecordFault`."""
    for fault in RecordFault:
        found = tuple(record for record in look.records if record.fault is fault)
        if found:
            yield fault, found
