"""Who is meant to send: the gate's `may_send`, or else its roles."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sesgate.access.mailers.authorizations import Authorization, Guest, Invitation, as_arn
from sesgate.access.needs import account_of
from sesgate.iam import glob_matches

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.subjects import Path


class Meant:
    """The ARNs and patterns of the gate, each with its place there."""

    def __init__(self, context: "Context") -> None:
        gate = context.gate
        self.patterns = gate.allowed_to_send
        self._places: list[tuple[str, Path]] = [
            (role.arn, ("roles", at, "arn"))
            for at, role in enumerate(gate.roles)
            if role.arn and any(glob_matches(pattern, role.arn) for pattern in self.patterns)
        ]
        self._places += [(pattern, ("may_send", at)) for at, pattern in enumerate(gate.may_send or ())]
        self.nowhere: Path = ("may_send",) if gate.may_send else ("roles",) if gate.roles else ("senders",)
        self.account = context.account or account_of(context, next((role.arn for role in gate.roles if role.arn), None))

    def at(self, arn: str) -> "Path | None":
        """The entry of the gate that names a principal: among the roles, else in `may_send`."""
        return next((at for pattern, at in self._places if glob_matches(pattern, arn)), None)

    def names(self, arn: str) -> bool:
        """Is it meant to send?"""
        return any(glob_matches(pattern, arn) for pattern in self.patterns)

    def welcomes(self, guest: Invitation, region: str) -> bool:
        """Is this guest of an identity meant to send? Where the gate says of nobody that they may, the account is."""
        if guest.guest is Guest.OWN and not self.patterns:
            return True
        return self.names(as_arn(guest.principal, region))

    def unwelcome(self, granted: Authorization, policy: str, region: str) -> tuple[Invitation, ...]:
        """All guests of one policy who are not meant to send, from whatever address."""
        guests = (guest for guest in granted.invitations() if guest.policy == policy)
        return tuple(guest for guest in guests if not self.welcomes(guest, region))

    def nobody(self, arns: Iterable[str]) -> "Iterator[tuple[str, Path]]":
        """The entries of `may_send` that speak of this account, and fit none of its principals."""
        known = list(arns)
        for pattern, at in self._places:
            of_here = self.account is not None and glob_matches(_account(pattern), self.account)
            if at[0] == "may_send" and of_here and not any(glob_matches(pattern, arn) for arn in known):
                yield pattern, at


def _account(pattern: str) -> str:
    """The account that a pattern of ARNs speaks of; "*" where it does not say."""
    parts = pattern.split(":")
    return parts[4] if len(parts) > 4 else "*"
