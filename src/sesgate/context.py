"""All that a check may touch: the gate, the evidence, the clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct, ValidationError, convert

from sesgate.clock import Clock
from sesgate.evidence import Answer, Evidence, NotSeen, Question
from sesgate.evidence.lookup import Lookup, lookup

if TYPE_CHECKING:
    from sesgate.gate import Gate


class Place(Struct, frozen=True):
    """Where a run looks: account and caller as far as known, the region under audit, the resolvers by their place.

    `send` says whether the run may act as well as read: `check --send`; `mailbox` is the address of `--to`.
    """

    region: str
    account: str | None = None
    caller: str | None = None
    resolvers: tuple[str, ...] = ("resolver 1",)
    other_regions: tuple[str, ...] = ()
    send: bool = False
    mailbox: str | None = None

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Place":
        """The place of a recording. Early ones do not tell `send` and `mailbox`. Raises LookupError, ValueError."""
        needed = {name: told[name] for name in ("region", "account", "caller", "resolvers", "other_regions")}
        try:
            return convert({**needed, "send": bool(told.get("send")), "mailbox": told.get("mailbox")}, cls)
        except ValidationError as error:
            raise ValueError(str(error)) from None

    def to_json(self) -> dict[str, Any]:
        """The inverse of `from_json`."""
        return {
            "account": self.account,
            "region": self.region,
            "caller": self.caller,
            "resolvers": list(self.resolvers),
            "other_regions": list(self.other_regions),
            "send": self.send,
            "mailbox": self.mailbox,
        }


@dataclass(frozen=True)
class Context:
    """What one call of a check may touch.

    It keeps, in order, the ids of the questions asked through it, and the resolvers' disagreements seen through it.
    """

    gate: "Gate"
    evidence: Evidence
    clock: Clock
    place: Place
    enabled: bool | None = None
    """`checks.<id>.enabled` of the gate, where it says anything."""
    cited: dict[str, None] = field(default_factory=dict)
    notes: dict[str, None] = field(default_factory=dict)

    @property
    def region(self) -> str:
        """The SES region under audit."""
        return self.place.region

    @property
    def account(self) -> str | None:
        """The account under audit, twelve digits; None where neither the gate nor AWS told it."""
        return self.place.account

    def now(self) -> datetime:
        """The time of the run, UTC."""
        return self.clock.now()

    def ask(self, question: Question) -> Any:
        """The JSON value; None where the thing asked for does not exist. Raises NotSeen."""
        return self.ask_all([question])[0].read()

    def ask_all(self, questions: Iterable[Question]) -> list[Answer]:
        """The answers, in order; the questions are asked side by side."""
        asked = list(questions)
        self.cited.update((question.id, None) for question in asked)
        return self.evidence.ask_all(asked)

    def start(self, questions: Iterable[Question]) -> None:
        """Sets questions on their way that will be needed in a moment."""
        self.evidence.start(questions)

    def aws(
        self, service: str, operation: str, parameters: Mapping[str, Any] | None = None, *, region: str | None = None
    ) -> Any:
        """All pages of one AWS read; None where the thing does not exist. Raises NotSeen."""
        return self.ask(self.aws_question(service, operation, parameters, region=region))

    def aws_question(
        self, service: str, operation: str, parameters: Mapping[str, Any] | None = None, *, region: str | None = None
    ) -> Question:
        """The question that `aws` asks, for `start` and `ask_all`."""
        return Question.aws(region or self.region, service, operation, parameters)

    def dns(self, name: str, rdtype: str) -> Lookup:
        """The records at a name, as the resolvers of the gate tell them. Raises NotSeen where none could tell."""
        return self.dns_all([(name, rdtype)])[0].read()

    def dns_all(self, queries: Iterable[tuple[str, str]]) -> "list[Seen]":
        """Several look-ups side by side, each to be `read`."""
        wanted = list(queries)
        resolvers = self.place.resolvers
        answers = self.ask_all(Question.dns(rdtype, name, at) for name, rdtype in wanted for at in resolvers)
        return [
            Seen(name, rdtype, dict(zip(resolvers, answers[at : at + len(resolvers)], strict=True)), self.notes)
            for (name, rdtype), at in zip(wanted, range(0, len(answers), len(resolvers)), strict=True)
        ]

    def name_servers(self, queries: Iterable[tuple[str, str, str]]) -> list[Answer]:
        """Answers of zones' own name servers, side by side; a query is a name, a type and the server's name."""
        return self.ask_all(Question.name_server(rdtype, name, host) for name, rdtype, host in queries)

    def start_dns(self, queries: Iterable[tuple[str, str]]) -> None:
        """Sets look-ups on their way that will be needed in a moment."""
        self.start(Question.dns(rdtype, name, at) for name, rdtype in queries for at in self.place.resolvers)


class Seen(Struct, frozen=True):
    """What each resolver said of one name and type."""

    name: str
    rdtype: str
    answers: Mapping[str, Answer]
    notes: dict[str, None]

    def read(self) -> Lookup:
        """The look-up. Raises NotSeen where no resolver could tell."""
        found = lookup(self.name, self.rdtype, self.answers)
        if found.disagreement:
            self.notes[f"{self.rdtype} {self.name}: {found.disagreement}"] = None
        return found


class ContextResolver:
    """The protocol of `sesgate.mail.resolver` over a context, so that SPF and DMARC share the run's evidence.

    Names come as they are; in questions a backslash is written as presentation form has it.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def query(self, name: str, rdtype: str) -> "Any":
        """Records. Raises DnsFailure."""
        from sesgate.mail.resolver import DnsFailure, Records

        try:
            found = self._context.dns(name.replace("\\", "\\\\"), rdtype)
        except NotSeen as unseen:
            raise DnsFailure(str(unseen)) from unseen
        return Records(found.records, found.exists)
