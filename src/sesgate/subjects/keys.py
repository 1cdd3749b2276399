"""Who might hold long-lived access keys."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from sesgate.subjects.base import Path

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import NotSeen
    from sesgate.gate import Service as DeclaredService


class KeyHolder(Struct, frozen=True):
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
