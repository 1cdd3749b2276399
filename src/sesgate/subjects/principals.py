"""Who can send: principals of the account, and those whom an identity's policies let in."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from sesgate.subjects.base import Path

if TYPE_CHECKING:
    from sesgate.access.mailers import Aims, Authorization, Invitation, Mailer, Meant, Survey
    from sesgate.context import Context
    from sesgate.evidence import NotSeen

EVERYONE_ELSE, ADMINISTRATORS = "everyone else", "administrators"
"""Names of subjects that are no single principal."""


class SendingPrincipal(Struct, frozen=True):
    """A user or role that can send as a sender, somebody from outside whom an identity lets in, or many together.

    One of these is told: `mailer`, what a principal can do; `invitations`, of a stranger; `survey`, for all
    administrators together and for everyone else; `absent`, an entry of `may_send` that is nobody; `missing`, what of
    its policies is not told; `not_seen`, why the account could not be looked at. None of them: the gate says of nobody
    that they may send. `declared`: the gate says at `at` that it may send.
    """

    kind: ClassVar[str] = "principal"
    name: str
    at: Path
    aims: "Aims | None" = None
    mailer: "Mailer | None" = None
    declared: bool = False
    invitations: "tuple[Invitation, ...]" = ()
    survey: "Survey | None" = None
    absent: bool = False
    missing: tuple[str, ...] = ()
    not_seen: "NotSeen | None" = None

    @property
    def where(self) -> Path:
        return self.at

    @property
    def is_role_of_the_gate(self) -> bool:
        """Is it one of the gate's `roles`?"""
        return self.declared and self.at[0] == "roles"

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        from sesgate.access import principals_question
        from sesgate.access.mailers import Meant, aims, authorizations, survey
        from sesgate.evidence import NotSeen

        meant = Meant(context)
        if not meant.patterns or meant.account is None:
            yield cls(EVERYONE_ELSE, meant.nowhere)
            return
        context.start([principals_question(context)])
        try:
            tried = aims(context, meant.account)
            granted = authorizations(context, tried.identities, meant.account)
            yield from cls._strangers(meant, tried, granted)
            found = survey(context, tried, granted, meant.names)
        except NotSeen as not_seen:
            yield cls(EVERYONE_ELSE, meant.nowhere, not_seen=not_seen)
            return
        yield from cls._of_the_account(meant, tried, found)

    @classmethod
    def _strangers(cls, meant: "Meant", tried: "Aims", granted: "tuple[Authorization, ...]") -> Iterator[Self]:
        from sesgate.access.mailers import Guest

        by_name: dict[str, dict[Invitation, None]] = {}
        for one in granted:
            for address in tried.addresses_at(one.identity):
                for invitation in one.invitations(address):
                    if invitation.guest is not Guest.OWN and not meant.welcomes(invitation, tried.region):
                        by_name.setdefault(invitation.name, {})[invitation] = None
        for name, invitations in by_name.items():
            yield cls(name, meant.nowhere, tried, invitations=tuple(invitations))

    @classmethod
    def _of_the_account(cls, meant: "Meant", tried: "Aims", found: "Survey") -> Iterator[Self]:
        """Declared administrators that are roles of the gate are looked at as any other: an application is none."""
        from sesgate.access.mailers import short

        named = [mailer for mailer in found.administrators if meant.names(mailer.who.arn)]
        for mailer in (*found.mailers, *named):
            at = meant.at(mailer.who.arn)
            yield cls(short(mailer.who.arn), at or meant.nowhere, tried, mailer, declared=at is not None)
        unnamed = len(named) < len(found.administrators)
        if unnamed or any(not meant.names(heir.who.arn) for heir in found.heirs):
            yield cls(ADMINISTRATORS, meant.nowhere, tried, survey=found)
        for arn, missing in found.unseen.items():
            yield cls(short(arn), meant.nowhere, tried, missing=missing)
        yield from (cls(entry, at, absent=True) for entry, at in meant.nobody(found.arns))
        yield cls(EVERYONE_ELSE, meant.nowhere, tried, survey=found)
