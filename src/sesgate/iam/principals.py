"""Principal and NotPrincipal: whom a statement of a resource policy names, and how directly."""

from collections.abc import Iterable
from enum import IntEnum

from msgspec import Struct

from sesgate.iam.request import ARN_PARTS, Principal, PrincipalKind

ELEMENT_TYPES = ("AWS", "Service", "Federated", "CanonicalUser")


class Reach(IntEnum):
    """How a statement names the principal of a request: it decides what else must allow.

    Source: IAM, policy evaluation logic, the part on resource policies.
    """

    NONE = 0
    ACCOUNT = 1
    """The account, which then decides by its identity policies."""
    IDENTITY = 2
    """The role behind a session, or the user behind a federated session: boundary and session policy still bind."""
    DIRECT = 3
    """The user, the session, the service, or everyone: an implicit deny elsewhere in the account doesn't matter."""


class PrincipalSet(Struct, frozen=True):
    """A Principal or NotPrincipal element. `entries` are (type, value) pairs in the order of the policy."""

    entries: tuple[tuple[str, str], ...]
    everyone: bool
    accounts: frozenset[str]
    arns: frozenset[str]
    roles: frozenset[tuple[str, str]]
    others: frozenset[tuple[str, str]]

    @classmethod
    def of(cls, entries: Iterable[tuple[str, str]]) -> "PrincipalSet":
        """From (type, value) pairs."""
        everyone = False
        accounts, arns = set(), set()
        roles: set[tuple[str, str]] = set()
        others: set[tuple[str, str]] = set()
        pairs = tuple(entries)
        for kind, value in pairs:
            if kind != "AWS":
                others.add((kind, value.lower() if kind == "Service" else value))
            elif value == "*":
                everyone = True
            elif account := account_of(value):
                accounts.add(account)
            else:
                arns.add(value)
                if role := role_of(value):
                    roles.add(role)
        return cls(pairs, everyone, frozenset(accounts), frozenset(arns), frozenset(roles), frozenset(others))

    def reach(self, principal: Principal) -> Reach:
        """How it names this principal; the most direct way counts."""
        kind = principal.kind
        if self.everyone:
            return Reach.DIRECT
        if principal.canonical_user and ("CanonicalUser", principal.canonical_user) in self.others:
            return Reach.DIRECT
        if kind == PrincipalKind.SERVICE:
            return Reach.DIRECT if ("Service", principal.arn.lower()) in self.others else Reach.NONE
        if kind == PrincipalKind.FEDERATED:
            return Reach.DIRECT if ("Federated", principal.arn) in self.others else Reach.NONE
        if kind == PrincipalKind.ANONYMOUS:
            return Reach.NONE
        if principal.arn in self.arns:
            return Reach.IDENTITY if kind == PrincipalKind.ROLE else Reach.DIRECT
        if kind == PrincipalKind.SESSION and self._names_issuer(principal):
            return Reach.IDENTITY
        if principal.account in self.accounts:
            return Reach.DIRECT if kind == PrincipalKind.ROOT else Reach.ACCOUNT
        return Reach.NONE

    def _names_issuer(self, principal: Principal) -> bool:
        if principal.issuer:
            return principal.issuer in self.arns
        # A session's ARN holds the role's name without its path, and names are unique in an account.
        return principal.session_of in self.roles

    def excepts(self, principal: Principal) -> bool:
        """As a NotPrincipal: is this principal one of those that the statement leaves alone?

        An account stands for all who are in it, unless single principals of that account are named next to it: then the
        account is there because AWS checks it first, and only those named are left alone. Source: IAM, NotPrincipal,
        example of the user Bob.
        """
        reach = self.reach(principal)
        if reach is not Reach.ACCOUNT:
            return reach is not Reach.NONE
        return not any(arn.split(":")[4:5] == [principal.account] for arn in self.arns)


def account_of(value: str) -> str | None:
    """The account that `123456789012` or `arn:aws:iam::123456789012:root` stands for."""
    if value.isdecimal():
        return value
    parts = value.split(":", ARN_PARTS - 1)
    if len(parts) == ARN_PARTS and parts[2] == "iam" and parts[5] == "root":
        return parts[4]
    return None


def role_of(arn: str) -> tuple[str, str] | None:
    """Account and name, without the path, of a role's ARN."""
    parts = arn.split(":", ARN_PARTS - 1)
    if len(parts) == ARN_PARTS and parts[2] == "iam" and parts[5].startswith("role/"):
        return parts[4], parts[5].rsplit("/", 1)[1]
    return None


def entry_problem(kind: str, value: str) -> str | None:
    """What is wrong with one entry, or None. A wildcard stands for everyone only when it is alone, and under AWS."""
    if kind not in ELEMENT_TYPES:
        return f"unknown type of principal {kind!r}"
    if "*" in value and not (kind == "AWS" and value == "*"):
        return f"a wildcard can't be part of a principal; {value!r} matches nobody"
    return None
