"""Who can't send and can come to: by policies, groups, trust, credentials, or roles handed to services.

Source: IAM User Guide, "Testing for privilege escalation" and the actions' own pages; each action is evaluated on the
very resource, within the boundary that will bind afterwards.
"""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from sesgate.access.account import AccountPrincipal, Group
from sesgate.access.mailers import actions as of
from sesgate.access.mailers.aims import Aims
from sesgate.access.mailers.asking import EVERYTHING, Asking, Granted
from sesgate.access.mailers.scopes import Arns
from sesgate.access.mailers.ways import Means, Way
from sesgate.access.needs import ABSENT, SENDING
from sesgate.access.placed import Origin
from sesgate.access.requests import FROM_ADDRESS, NOT_KNOWN
from sesgate.iam import ContextValue, Effect, PrincipalKind, service_may

_SES_FULL_ACCESS = "arn:aws:iam::aws:policy/AmazonSESFullAccess"
OTHER_VERSIONS = "what the policy's other versions say"
"""Stands among the keys that a way depends on: an older version of a policy is not read."""


class Prey(Struct, frozen=True):
    """What is worth taking over: who can send or is meant to, and the groups whose members can."""

    able: tuple[AccountPrincipal, ...]
    declared: tuple[AccountPrincipal, ...]
    groups: tuple[Group, ...]


class Rewriting:
    """Looks for what one principal could change so that it can send."""

    def __init__(self, asking: Asking, aims: Aims, prey: Prey, groups: Mapping[str, Group]) -> None:
        self._asking = asking
        self._aims = aims
        self._prey = prey
        self._groups = groups
        self._served = [
            (role, service)
            for role in prey.able
            if role.kind is PrincipalKind.ROLE
            for service in of.RUNNING
            if self._serves(role, service)
        ]
        self._able = {who.arn: who for who in prey.able}
        self._users = Arns(arn for arn, who in self._able.items() if who.kind is PrincipalKind.USER)
        self._roles = Arns(arn for arn, who in self._able.items() if who.kind is PrincipalKind.ROLE)
        self._passable = Arns(role.arn for role, _ in self._served)
        self._partition = aims.any_identity.identity.split(":")[1]

    def way(self, who: AccountPrincipal) -> Way | None:
        """The first that is certain, else the first that may be; None where there is none."""
        found: Way | None = None
        for way in self._ways(who):
            if way.certain:
                return way
            found = found or way
        return found

    def _ways(self, who: AccountPrincipal) -> Iterator[Way]:
        if self._asking.allows(who, of.REWRITING) or self._asking.allows(who, [of.IDENTITY_POLICY_V1]):
            if self._could_send(who):
                yield from self._own(who)
            yield from self._identity(who)
            yield from self._of_others(who)
        if self._served and self._asking.allows(who, [of.PASS_ROLE]):
            yield from self._passing(who)

    def _could_send(self, who: AccountPrincipal) -> bool:
        """With every right in its own policies: do its boundary and its Denies leave it the sending?"""
        return any(
            self._asking.may(who, action, aim.identity, {FROM_ADDRESS: aim.address}, besides=EVERYTHING) is not None
            for aim in self._aims.senders
            for action in SENDING
            if action != of.BULK
        )

    def _own(self, who: AccountPrincipal) -> Iterator[Way]:
        is_user = who.kind is PrincipalKind.USER
        yield from self._policies(who, who, of.OWN_USER if is_user else of.OWN_ROLE)
        for name in who.groups:
            if group := self._groups.get(name):
                yield from self._each(who, of.OWN_GROUP, group.arn, {"iam:PolicyARN": self._full_access})
        if is_user:
            for group in self._prey.groups:
                yield from self._each(who, [of.JOIN_GROUP], group.arn)
        for placed in who.policies:
            if placed.origin is Origin.ATTACHED and placed.arn and not placed.is_aws_managed:
                create, choose = of.OWN_POLICY
                yield from self._each(who, [create], placed.arn)
                for way in self._each(who, [choose], placed.arn):
                    yield replace(way, depends_on=way.depends_on | {OTHER_VERSIONS})

    def _identity(self, who: AccountPrincipal) -> Iterator[Way]:
        for arn in self._aims.arns:
            yield from self._each(who, of.IDENTITY_POLICY, arn)
        if granted := self._asking.may(who, of.IDENTITY_POLICY_V1, "*"):
            yield _way(Means.REWRITE, granted, self._aims.arns[0])

    def _of_others(self, who: AccountPrincipal) -> Iterator[Way]:
        for other in self._prey.declared:
            if other.arn != who.arn:
                own = of.OWN_USER if other.kind is PrincipalKind.USER else of.OWN_ROLE
                yield from self._policies(who, other, own)
        for action in of.SIGN_IN:
            for arn in self._asking.scope(who, action).within(self._users):
                if arn != who.arn:
                    yield from self._each(who, [action], arn, means=Means.CREDENTIALS, then=(arn,))
        for arn in self._asking.scope(who, of.TRUST).within(self._roles):
            yield from self._each(who, [of.TRUST], arn, _boundary(self._able[arn]), then=(arn,))

    def _policies(self, who: AccountPrincipal, whose: AccountPrincipal, actions: Iterable[str]) -> Iterator[Way]:
        keys = {**_boundary(whose), "iam:PolicyARN": self._full_access}
        yield from self._each(who, actions, whose.arn, keys)

    @property
    def _full_access(self) -> str:
        return _SES_FULL_ACCESS.replace(":aws:iam:", f":{self._partition}:iam:", 1)

    def _each(
        self,
        who: AccountPrincipal,
        actions: Iterable[str],
        resource: str,
        keys: Mapping[str, ContextValue] | None = None,
        *,
        means: Means = Means.REWRITE,
        then: tuple[str, ...] = (),
    ) -> Iterator[Way]:
        for action in actions:
            if self._asking.scope(who, action).may_hold(resource):
                granted = self._asking.may(who, action, resource, keys)
                if granted is not None:
                    yield _way(means, granted, resource, then)

    def _passing(self, who: AccountPrincipal) -> Iterator[Way]:
        passable = set(self._asking.scope(who, of.PASS_ROLE).within(self._passable))
        for role, service in self._served:
            if role.arn not in passable:
                continue
            passing = self._asking.may(who, of.PASS_ROLE, role.arn, {"iam:PassedToService": service})
            running = self._anywhere(who, of.RUNNING[service]) if passing else None
            if passing and running:
                way = _way(Means.PASSING, passing, role.arn, (service, role.arn))
                yield replace(
                    way,
                    depends_on=way.depends_on | running.depends_on,
                    unreadable=way.unreadable or running.unreadable,
                )

    def _anywhere(self, who: AccountPrincipal, action: str) -> Granted | None:
        """What lets it do this on any resource that its policies name."""
        resources = (
            pattern.text
            for placed in who.policies
            for statement in self._asking.granting(placed.policy, action)
            for pattern in statement.resources or ()
        )
        found = (self._asking.may(who, action, resource) for resource in dict.fromkeys((*resources, "*")))
        return min((one for one in found if one), key=lambda one: not one.certain, default=None)

    def _serves(self, role: AccountPrincipal, service: str) -> bool:
        """May the service take the role, on behalf of this account?"""
        if role.trust is None:
            return False
        decision = service_may(
            role.trust.policy,
            service=service,
            action=of.ASSUME,
            resource=role.arn,
            context={"aws:SourceAccount": self._aims.account},
            unknown_keys=NOT_KNOWN,
        )
        return decision.effect in (Effect.ALLOWED, Effect.DEPENDS)


def _way(means: Means, granted: Granted, through: str, then: tuple[str, ...] = ()) -> Way:
    return Way(means, granted, through, then, granted.depends_on, granted.unreadable)


def _boundary(whose: AccountPrincipal) -> dict[str, ContextValue]:
    """The key by which policies ask for a boundary on whoever is changed."""
    return {"iam:PermissionsBoundary": (whose.boundary.arn or "") if whose.boundary else ABSENT}
