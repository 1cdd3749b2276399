"""What there is to do: the open remedies of a report in their order, and the record sets that they come to. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.evidence.question import Answer, NotSeen, Question
from sesgate.finding import AwsCall, Change, DnsRecord, Owner, Remedy, StatementToAdd, Status, Text
from sesgate.mail.domains import registrable
from sesgate.repairs.placing import SeenPolicy, seen_policies
from sesgate.report.model import Report, ReportedFinding
from sesgate.ses.account import AccountState, account_state

if TYPE_CHECKING:
    from sesgate.gate import Gate

OPEN = frozenset({Status.FAIL, Status.PENDING, Status.ERROR})
_MANY = frozenset({"TXT"})
"""Types of which a name may hold records for several purposes, so that those of others have to stay."""


class NothingToWrite(Exception):  # noqa: N818 - a statement about the work
    """No repair fits the form."""


class SeveralZones(Exception):  # noqa: N818 - a statement about the work
    """A form is for one zone, and the records lie in several; `args` names them."""


class RecordSet(Struct, frozen=True):
    """All records of one type at one name, as they are to be. `gone` are those of today that are not among them."""

    name: str
    type: str
    ttl: int
    values: tuple[str, ...]
    gone: tuple[str, ...] = ()

    @property
    def zone(self) -> str:
        """The domain that was registered: the zone lies there, or below."""
        return registrable(self.name.lstrip("*.").lower()) or self.name


@dataclass(frozen=True)
class Work:
    """The remedies in an order in which they can be done, each once, and what there is today, where known.

    `today` are the records, `policies` those that statements go into.
    """

    report: Report
    remedies: tuple[Remedy, ...]
    today: Mapping[tuple[str, str], tuple[str, ...]]
    gate: "Gate | None" = None
    zone: str | None = None
    account: AccountState | None = None
    policies: tuple[SeenPolicy, ...] = ()

    @cached_property
    def record_sets(self) -> tuple[RecordSet, ...]:
        """The records to publish, in the zone that was asked for, or in all."""
        wanted: dict[tuple[str, str], list[DnsRecord]] = {}
        for change in self.changes():
            if isinstance(change, DnsRecord):
                wanted.setdefault((change.type, change.name.lower().rstrip(".")), []).append(change)
        sets = [record_set(records, self.today.get(key, ())) for key, records in wanted.items()]
        return tuple(one for one in sets if self.zone in (None, one.zone))

    @property
    def calls(self) -> tuple[AwsCall, ...]:
        """The operations to carry out."""
        return tuple(change for change in self.changes() if isinstance(change, AwsCall))

    @property
    def statements(self) -> tuple[StatementToAdd, ...]:
        """The policy statements to add, each once."""
        found = [change for change in self.changes() if isinstance(change, StatementToAdd)]
        return tuple({repr(one): one for one in found}.values())

    def changes(self) -> Iterable[Change]:
        """All changes, in order."""
        for remedy in self.remedies:
            yield from remedy.changes

    def one_zone(self) -> str:
        """The zone of the records. Raises NothingToWrite, SeveralZones."""
        zones = sorted({one.zone for one in self.record_sets})
        if not zones:
            raise NothingToWrite("no repair is a DNS record" + (f" in {self.zone}" if self.zone else ""))
        if len(zones) > 1:
            raise SeveralZones(*zones)
        return zones[0]

    def elsewhere(self, *kinds: type[Change]) -> list[str]:
        """The repairs that have a change of another kind than these, in one line each: whole, or what is left of it."""
        found = []
        for one in self.remedies:
            left = [change for change in one.changes if not isinstance(change, kinds)]
            if len(left) == len(one.changes):
                found.append(one.summary)
            elif left:
                found.append(f"{one.summary}; besides: {'; '.join(map(_briefly, left))}")
        return found

    def summary(self, remedy_id: str) -> str:
        """What a remedy is called, of whichever owner; its id where the report has no such remedy."""
        remedies = (one.remedy for one in self.report.findings if one.remedy)
        return next((one.summary for one in remedies if one.id == remedy_id), remedy_id)


def work_of(
    report: Report,
    answers: Mapping[Question, Answer],
    *,
    gate: "Gate | None" = None,
    owners: frozenset[Owner] = frozenset(),
    zone: str | None = None,
) -> Work:
    """The work that a report leaves. `owners` narrows it to theirs."""
    remedies = [one for one in in_order(open_findings(report)) if not owners or one.owner in owners]
    statements = [change for one in remedies for change in one.changes if isinstance(change, StatementToAdd)]
    policies = tuple(seen_policies(answers, {repr(one): one for one in statements}.values()))
    return Work(report, tuple(remedies), published(answers), gate, zone, _account(report, answers), policies)


def _account(report: Report, answers: Mapping[Question, Answer]) -> AccountState | None:
    """How the account stands, where that was seen."""
    region = report.target.region
    try:
        return account_state(answers[Question.aws(region, "sesv2", "GetAccount")].read() or {}, region)
    except (KeyError, NotSeen):
        return None


def _briefly(change: Change) -> str:
    match change:
        case DnsRecord():
            return f"{change.name} {change.type}"
        case AwsCall():
            return f"{change.service} {change.operation}"
        case StatementToAdd():
            return f"a statement for {change.target}"
        case Text():
            return change.text


def open_findings(report: Report) -> list[ReportedFinding]:
    """The findings that have something to repair."""
    return [one for one in report.findings if one.status in OPEN and one.remedy and not one.waiver]


def in_order(findings: Iterable[ReportedFinding]) -> list[Remedy]:
    """The remedies, each once, those first that others wait for."""
    remedies = list({repr(one.remedy): one.remedy for one in findings if one.remedy}.values())
    placed: list[Remedy] = []
    waiting = remedies
    while waiting:
        open_ids = {one.id for one in waiting}
        able = [one for one in waiting if not (set(one.after) & open_ids) - {one.id}] or waiting[:1]
        placed += able
        done = {id(one) for one in able}
        waiting = [one for one in waiting if id(one) not in done]
    return placed


def published(answers: Mapping[Question, Answer]) -> dict[tuple[str, str], tuple[str, ...]]:
    """What the DNS held, by type and name, where it was asked: of several resolvers, whatever any of them saw."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for question, answer in answers.items():
        if question.source == "dns" and answer.failure is None and not answer.value["chain"]:
            rdtype, name, _ = question.fields
            found.setdefault((rdtype, name), {}).update(dict.fromkeys(answer.value["records"]))
    return {key: tuple(values) for key, values in found.items()}


def record_set(wanted: list[DnsRecord], today: tuple[str, ...]) -> RecordSet:
    """The records that a name is to hold: the wanted ones, and of today's TXT records those with another purpose."""
    first = wanted[0]
    values = tuple(dict.fromkeys(record.value for record in wanted))
    purposes = {purpose(value) for value in values} - {None}
    others = [
        value for value in today if first.type in _MANY and value not in values and purpose(value) not in purposes
    ]
    kept = (*others, *values)
    gone = tuple(value for value in today if value not in kept)
    return RecordSet(first.name.rstrip("."), first.type, min(one.ttl for one in wanted), kept, gone)


def purpose(text: str) -> str | None:
    """The version tag that a TXT record begins with (`v=spf1`), in lower case; None where it has none."""
    head = text.strip().replace(";", " ").split(" ", 1)[0].lower()
    return head if head.startswith("v=") else None
