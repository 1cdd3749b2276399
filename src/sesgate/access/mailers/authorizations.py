"""Sending authorisation policies: whom the owner of an identity lets send with it.

Source: SES developer guide, "Using sending authorization"; SES API v2, GetEmailIdentity, Policies.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.access.mailers.actions import IDENTITY_POLICY
from sesgate.access.mailers.asking import EVERYTHING, Granted
from sesgate.access.needs import SENDING
from sesgate.access.parsing import parsed
from sesgate.access.requests import FROM_ADDRESS, known_keys, request
from sesgate.access.wildcards import listed
from sesgate.iam import ContextValue, Policies, Policy, Principal, PrincipalKind, Statement, evaluate
from sesgate.iam import StatementEffect as Effect
from sesgate.iam.principals import account_of
from sesgate.ses.configuration_sets import identity_arn, partition
from sesgate.ses.identities import identity

if TYPE_CHECKING:
    from sesgate.context import Context

FOREIGN = "000000000000"
"""An account that nobody has."""
EVERYONE, ANYONE = "*", "anyone"
ORGANIZATION_KEYS = frozenset({"aws:principalorgid", "aws:principalorgpaths", "aws:sourceorgid", "aws:sourceorgpaths"})


class Guest(Enum):
    """Who is let in."""

    EVERYONE = "everyone"
    ORGANIZATION = "everyone in an organization"
    OTHER_ACCOUNT = "another account"
    SERVICE = "a service, whoever has it act"
    OWN = "a principal of this account"


class Invitation(Struct, frozen=True):
    """One principal that one statement of an identity's policies lets send. `principal` is as the policy writes it."""

    guest: Guest
    principal: str
    policy: str
    statement: Statement
    granted: Granted
    identity: str

    @property
    def name(self) -> str:
        """Who it is, in a word: the ARN or id, or "anyone"."""
        return ANYONE if self.principal == EVERYONE else listed([self.principal])

    @property
    def title(self) -> str:
        """The statement, in words."""
        return listed([self.statement.sid or f"Statement[{self.statement.index}]"])


@dataclass(frozen=True, slots=True)
class Authorization:
    """The sending authorisation policies of one identity. `texts` are their documents as SES tells them, by name.

    `merged` holds the statements of all of them, numbered through: a Deny in one counts against an Allow in another.
    """

    identity: str
    arn: str
    texts: Mapping[str, str]
    policies: tuple[Policy, ...]
    merged: Policy
    _known: Mapping[str, ContextValue] = field(repr=False)

    def source(self, index: int) -> tuple[str, Statement]:
        """The policy's name, and the statement as it stands there, of a statement of `merged`."""
        for policy in self.policies:
            if index < len(policy.statements):
                return policy.name, policy.statements[index]
            index -= len(policy.statements)
        raise IndexError(index)

    def grants(self, principal: Principal, keys: Mapping[str, ContextValue], *, action: str) -> Granted | None:
        """What lets this principal of another account, or this service, do it; None where nothing does.

        Where no ses:FromAddress is stated, whoever asks chooses it.
        """
        asked = request(principal, action, [self.arn], {**self._known, **keys}, account=self.arn.split(":")[4])
        known = Policies(identity=(EVERYTHING,), resource=self.merged)
        chosen = frozenset[str]() if FROM_ADDRESS in keys else frozenset({FROM_ADDRESS.lower()})
        return Granted.of(action, self.arn, evaluate(asked, known), chosen)

    def invitations(self, address: str | None = None) -> tuple[Invitation, ...]:
        """Everyone who is let send with this identity, in the order of the policies.

        With `address`, from that very address; without, from any, or let change these policies. Whom an Allow names and
        a Deny or a condition keeps out is not among them. Nor is the account itself: naming it only hands the question
        to its own policies.
        """
        return tuple(self._invitations(address))

    def _invitations(self, address: str | None) -> Iterator[Invitation]:
        account = self.arn.split(":")[4]
        for policy in self.policies:
            for statement in policy.statements:
                if statement.effect is not Effect.ALLOW or statement.malformed:
                    continue
                tried = SENDING if address else (*SENDING, *IDENTITY_POLICY)
                actions = [action for action in tried if statement.covers_action(action.lower())]
                for written, principal in _named(statement):
                    guest = _guest(principal, account)
                    granted = self._first(principal, actions, address) if guest else None
                    if guest is None or granted is None:
                        continue
                    by_organization = granted.depends_on and _lowered(granted.depends_on) <= ORGANIZATION_KEYS
                    guest = Guest.ORGANIZATION if by_organization and guest is not Guest.OWN else guest
                    yield Invitation(guest, written, policy.name, statement, granted, self.identity)

    def _first(self, principal: Principal, actions: list[str], address: str | None) -> Granted | None:
        keys: dict[str, ContextValue] = {} if address is None else {FROM_ADDRESS: address}
        if principal.kind is PrincipalKind.SERVICE:
            # Acting for an account that is not this one: a condition on the source keeps it out.
            keys |= {"aws:SourceAccount": FOREIGN, "aws:SourceArn": f"arn:aws:ses:us-east-1:{FOREIGN}:identity/x"}
        found = [granted for action in actions if (granted := self.grants(principal, keys, action=action))]
        return min(found, key=lambda one: (one.unreadable, len(one.depends_on)), default=None)


def authorization(context: "Context", name: str, account: str) -> Authorization | None:
    """The policies of an identity; None where there is no such identity. Raises NotSeen."""
    known = identity(context, name)
    if known is None:
        return None
    policies = tuple(parsed(text, name=title, source="identity policy") for title, text in known.policies.items())
    every = (statement for policy in policies for statement in policy.statements)
    statements = tuple(replace(statement, index=index) for index, statement in enumerate(every))
    return Authorization(
        identity=known.name,
        arn=identity_arn(context.region, account, known.name),
        texts=known.policies,
        policies=policies,
        merged=Policy("identity policy", statements, source="identity policy"),
        _known=known_keys(context),
    )


def authorizations(context: "Context", names: Iterable[str], account: str) -> tuple[Authorization, ...]:
    """Of several identities, those that exist. Raises NotSeen."""
    wanted = list(names)
    context.start(context.aws_question("sesv2", "GetEmailIdentity", {"EmailIdentity": name}) for name in wanted)
    found = (authorization(context, name, account) for name in wanted)
    return tuple(one for one in found if one is not None)


def _named(statement: Statement) -> Iterator[tuple[str, Principal]]:
    """Whom a statement names, as written and as who would ask; what AWS leaves of someone deleted is nobody."""
    anyone = Principal.of(f"arn:aws:iam::{FOREIGN}:user/anyone")
    if statement.not_principals is not None:
        yield EVERYONE, anyone
    for kind, value in statement.principals.entries if statement.principals else ():
        if kind == "AWS" and value == EVERYONE:
            yield EVERYONE, anyone
        elif kind == "AWS":
            try:
                whole = account_of(value)
                yield value, Principal.of(f"arn:aws:iam::{whole}:user/anyone" if whole else value)
            except ValueError:
                continue
        elif kind == "Service":
            yield value, Principal(value, None, PrincipalKind.SERVICE)


def _guest(principal: Principal, account: str) -> Guest | None:
    """What kind of guest it is; None for the account itself, which may always."""
    if principal.kind is PrincipalKind.SERVICE:
        return Guest.SERVICE
    if principal.account == FOREIGN:
        return Guest.EVERYONE
    if principal.account != account:
        return Guest.OTHER_ACCOUNT
    return None if principal.arn.endswith(":user/anyone") else Guest.OWN


def _lowered(keys: frozenset[str]) -> frozenset[str]:
    return frozenset(key.lower() for key in keys)


def as_arn(written: str, region: str) -> str:
    """A principal as `may_send` would name it: an account by the ARN of its root user."""
    return f"arn:{partition(region)}:iam::{written}:root" if written.isdecimal() else written
