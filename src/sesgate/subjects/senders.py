"""Subjects that the gate's senders ask for: the account, senders, their domains, identities, mailboxes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from sesgate.subjects.base import Path

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Sender as DeclaredSender


class Account(Struct, frozen=True):
    """The AWS account under audit, in the region under audit."""

    kind: ClassVar[str] = "account"
    name: str

    @property
    def where(self) -> Path:
        return ("aws",)

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        yield cls(context.account or "account")


class Sender(Struct, frozen=True):
    """One entry of `senders`: an address, or a domain where the local parts vary. `position` counts from 0."""

    kind: ClassVar[str] = "sender"
    name: str
    domain: str
    declared: "DeclaredSender"
    position: int

    @property
    def where(self) -> Path:
        return ("senders", self.position)

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        for position, entry in enumerate(context.gate.senders):
            name = entry.address or entry.domain or ""
            yield cls(name, name.rpartition("@")[2].lower(), entry, position)


class SenderDomain(Struct, frozen=True):
    """The domain of one or more senders."""

    kind: ClassVar[str] = "sender's domain"
    name: str
    senders: tuple[Sender, ...]

    @property
    def where(self) -> Path:
        return self.senders[0].where

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        by_domain: dict[str, list[Sender]] = {}
        for sender in Sender.find(context):
            by_domain.setdefault(sender.domain, []).append(sender)
        return [cls(domain, tuple(members)) for domain, members in by_domain.items()]


class Feedback(Struct, frozen=True):
    """What must come back to a sender: `event` is "bounce" or "complaint"."""

    kind: ClassVar[str] = "sender, bounce or complaint"
    name: str
    sender: Sender
    event: str

    @property
    def where(self) -> Path:
        return self.sender.where

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        for sender in Sender.find(context):
            for event in ("bounce", "complaint"):
                yield cls(f"{sender.name} {event}", sender, event)


class ReplyMailbox(Struct, frozen=True):
    """An address that replies go to: the `reply_to` of a sender, else its own address."""

    kind: ClassVar[str] = "address"
    name: str
    domain: str
    sender: Sender

    @property
    def where(self) -> Path:
        return self.sender.where

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        seen: set[str] = set()
        for sender in Sender.find(context):
            address = sender.declared.reply_to or sender.declared.address
            if address and address.lower() not in seen:
                seen.add(address.lower())
                yield cls(address, address.rpartition("@")[2].lower(), sender)


class Identity(Struct, frozen=True):
    """An SES identity of the account in the region under audit, as the list of identities tells it.

    `type` is EMAIL_ADDRESS, DOMAIN or MANAGED_DOMAIN.
    """

    kind: ClassVar[str] = "identity"
    name: str
    type: str
    verification_status: str

    @property
    def where(self) -> Path:
        return ("senders",)

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        from sesgate.ses.identities import listed

        for entry in listed(context).values():
            yield cls(entry.name, entry.type, entry.verification_status)


FEW = 5
"""So many identities that no sender uses are looked at closely: each takes a call of its own, and SES one a second."""


class LentIdentity(Struct, frozen=True):
    """An identity that others might be let send with: those behind the senders, and the other verified ones if few.

    `senders` are those that use it; none for the others. `absent`: SES has no identity for the first of them, and
    `name` is its domain. `untold` is how many verified identities no subject stands for.
    """

    kind: ClassVar[str] = "identity"
    name: str
    senders: tuple[Sender, ...] = ()
    absent: bool = False
    untold: int = 0

    @property
    def where(self) -> Path:
        return self.senders[0].where if self.senders else ("senders",)

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        from sesgate.ses.identities import listed
        from sesgate.ses.senders import resolve_among

        known = listed(context)
        used: dict[str, list[Sender]] = {}
        for sender in Sender.find(context):
            found = resolve_among(known, sender)
            behind = [one.name for one in (found.address, found.nearest_domain) if one is not None]
            if not behind:
                yield cls(sender.domain, (sender,), absent=True)
            for name in behind:
                used.setdefault(name, []).append(sender)
        others = [one.name for one in known.values() if one.is_verified and one.name not in used]
        untold = len(others) if len(others) > FEW else 0
        for name, senders in used.items():
            yield cls(name, tuple(senders), untold=untold)
        yield from (cls(name) for name in others if not untold)
