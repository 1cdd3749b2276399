"""What checks look at: the kinds of subject, and how each is found in the gate or in the account."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol, Self

if TYPE_CHECKING:
    from sesgate.access import PlacedPolicy, RoleAccess
    from sesgate.context import Context
    from sesgate.evidence import NotSeen
    from sesgate.gate import Role as DeclaredRole
    from sesgate.gate import Sender as DeclaredSender
    from sesgate.gate import Service as DeclaredService
    from sesgate.iam import Statement


Path = tuple[str | int, ...]
"""A place in the gate, by keys and positions: `("senders", 0, "address")`."""


class Subject(Protocol):
    """What a finding is about. `name` is stable between runs: waivers and comparisons hang on it."""

    kind: ClassVar[str]

    @property
    def name(self) -> str: ...

    @property
    def where(self) -> Path:
        """The place in the gate that asks for this subject."""
        ...

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        """All subjects of this kind. It may ask questions, and raise NotSeen."""
        ...


@dataclass(frozen=True, slots=True)
class Account:
    """The AWS account under audit, in the region under audit."""

    kind: ClassVar[str] = "account"
    name: str

    @property
    def where(self) -> Path:
        return ("aws",)

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        yield cls(context.account or "account")


@dataclass(frozen=True, slots=True)
class Sender:
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


@dataclass(frozen=True, slots=True)
class SenderDomain:
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


@dataclass(frozen=True, slots=True)
class Feedback:
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


@dataclass(frozen=True, slots=True)
class ReplyMailbox:
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


@dataclass(frozen=True, slots=True)
class Identity:
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


@dataclass(frozen=True, slots=True)
class Role:
    """One entry of `roles`: an IAM role (or user) of the application, by its ARN or by its policy documents."""

    kind: ClassVar[str] = "role"
    name: str
    declared: "DeclaredRole"
    position: int

    @property
    def where(self) -> Path:
        return ("roles", self.position)

    @property
    def short(self) -> str:
        """The role's name without account and path, where it has an ARN."""
        return self.name.rsplit("/", 1)[-1] if self.declared.arn else self.name

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        for position, entry in enumerate(context.gate.roles):
            yield cls(entry.name, entry, position)


@dataclass(frozen=True, slots=True)
class RoleStatement:
    """One statement of one policy of a role: inline, attached, of a document, of its boundary or trust policy.

    A role of which some policy could not be seen, or has none, has one subject more, that stands for the role itself:
    there `policy` and `statement` are None, and `access.unseen` may say what is missing.
    """

    kind: ClassVar[str] = "role, policy and statement"
    name: str
    role: Role
    access: "RoleAccess"
    policy: "PlacedPolicy | None" = None
    statement: "Statement | None" = None

    @property
    def where(self) -> Path:
        return self.role.where

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        from sesgate.access import role as access_of

        for subject in Role.find(context):
            access = access_of(context, subject.declared)
            found = [
                cls(f"{subject.short} {placed.label} {placed.title(each.index)}", subject, access, placed, each)
                for placed in access.everything
                for each in placed.statements
            ]
            yield from found
            if access.unseen or access.file_problems or not found:
                yield cls(subject.name, subject, access)


@dataclass(frozen=True, slots=True)
class RoleAction:
    """One action that a role needs, on the resources of all `needs` that name it. `at` is the first place in the gate.

    `together` are the actions that the role needs on just these resources, this one among them. `first` is the name of
    the first subject of this kind that the role has.
    """

    kind: ClassVar[str] = "role and action"
    name: str
    role: Role
    action: str
    resources: tuple[str, ...]
    at: Path
    together: tuple[str, ...]
    first: str

    @property
    def where(self) -> Path:
        return self.at

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        for role in Role.find(context):
            wanted: dict[str, tuple[str, dict[str, None], Path]] = {}
            for number, need in enumerate(role.declared.needs):
                for place, action in enumerate(need.actions):
                    at = (*role.where, "needs", number, "actions", place)
                    _, resources, _ = wanted.setdefault(action.lower(), (action, {}, at))
                    resources.update(dict.fromkeys(need.resources))
            first = next((f"{role.short} {action}" for action, _, _ in wanted.values()), "")
            for action, resources, at in wanted.values():
                together = tuple(other for other, others, _ in wanted.values() if others == resources)
                yield cls(f"{role.short} {action}", role, action, tuple(resources), at, together, first)


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """Who might hold long-lived access keys: a principal of `roles` or `may_send`, or a service of the gate.

    `arn` is a user's or role's; None for a service, whose `service` says how it is declared. For a pattern that only
    the account's list of users could resolve, and that list is not to be had, `not_seen` says why.
    """

    kind: ClassVar[str] = "user or service"
    name: str
    at: Path
    arn: str | None = None
    service: "DeclaredService | None" = None
    not_seen: "NotSeen | None" = None

    @property
    def where(self) -> Path:
        return self.at

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        gate = context.gate
        named: list[tuple[str, Path]] = [
            (role.arn, ("roles", at, "arn")) for at, role in enumerate(gate.roles) if role.arn
        ]
        named += [(arn, ("may_send", at)) for at, arn in enumerate(gate.may_send or ())]
        seen: set[str] = set()
        for arn, at in named:
            if arn in seen:
                continue
            seen.add(arn)
            if "*" not in arn and "?" not in arn:
                yield cls(arn.rsplit(":", 1)[-1], at, arn)
            elif _may_mean_users(arn):
                found = [each for each in cls._users(context, arn, at) if each.arn not in seen]
                seen.update(str(each.arn) for each in found)
                yield from found
        for place, service in enumerate(gate.services):
            yield cls(service.name, ("services", place), service=service)

    @classmethod
    def _users(cls, context: "Context", pattern: str, at: Path) -> Iterable[Self]:
        from sesgate.access import account_principals
        from sesgate.evidence import NotSeen
        from sesgate.iam import glob_matches

        try:
            users = account_principals(context).users
        except NotSeen as not_seen:
            return [cls(pattern, at, not_seen=not_seen)]
        return [cls(arn.rsplit(":", 1)[-1], at, arn) for arn in users if glob_matches(pattern, arn)]


def _may_mean_users(pattern: str) -> bool:
    last = pattern.rsplit(":", 1)[-1]
    return last.startswith(("user/", "*", "?", "u*"))
