"""What checks look at: the kinds of subject, and how each is found in the gate or in the account."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Sender as GateSender


class Subject(Protocol):
    """What a finding is about. `name` is stable between runs: waivers and comparisons hang on it."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of subject. `find` lists the subjects; it may ask questions, and raise NotSeen."""

    name: str
    find: Callable[["Context"], Iterable[Subject]]


@dataclass(frozen=True, slots=True)
class Account:
    """The AWS account under audit, in the region under audit."""

    name: str


@dataclass(frozen=True, slots=True)
class Sender:
    """One entry of `senders`: an address, or a domain where the local parts vary."""

    name: str
    domain: str
    declared: "GateSender"
    position: int


@dataclass(frozen=True, slots=True)
class SenderDomain:
    """The domain of one or more senders."""

    name: str
    senders: tuple[Sender, ...]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What must come back to a sender: `kind` is "bounce" or "complaint"."""

    name: str
    sender: Sender
    kind: str


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address that is to receive mail, and where the gate names it."""

    name: str
    domain: str
    position: int


@dataclass(frozen=True, slots=True)
class Identity:
    """An SES identity of the account in the region under audit, as the list of identities tells it."""

    name: str
    type: str
    verification_status: str


def _account(context: "Context") -> Iterable[Account]:
    yield Account(context.account or "account")


def senders(context: "Context") -> tuple[Sender, ...]:
    """The senders of the gate, in order."""
    return tuple(
        Sender(entry.name, entry.domain_name, entry, position) for position, entry in enumerate(context.gate.senders)
    )


def _sender_domains(context: "Context") -> Iterable[SenderDomain]:
    by_domain: dict[str, list[Sender]] = {}
    for sender in senders(context):
        by_domain.setdefault(sender.domain, []).append(sender)
    return [SenderDomain(domain, tuple(members)) for domain, members in by_domain.items()]


def _feedback(context: "Context") -> Iterable[Feedback]:
    for sender in senders(context):
        for kind in ("bounce", "complaint"):
            yield Feedback(f"{sender.name} {kind}", sender, kind)


def _reply_mailboxes(context: "Context") -> Iterable[Mailbox]:
    seen: set[str] = set()
    for position, sender in enumerate(context.gate.senders):
        address = sender.reply_to or sender.address
        if address and address.lower() not in seen:
            seen.add(address.lower())
            yield Mailbox(address, address.rpartition("@")[2].lower(), position)


def _identities(context: "Context") -> Iterable[Identity]:
    from sesgate.ses.identities import listed  # noqa: PLC0415 - kinds are declared without asking anything

    return listed(context).values()


ACCOUNT = Kind("account", _account)
SENDER = Kind("sender", senders)
SENDER_DOMAIN = Kind("sender domain", _sender_domains)
FEEDBACK = Kind("sender, bounce or complaint", _feedback)
REPLY_MAILBOX = Kind("address", _reply_mailboxes)
IDENTITY = Kind("identity", _identities)
