"""Can a role do what the gate says it needs? Each need on its real resources, and why not where it can't."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sesgate.access.requests import FROM_ADDRESS, known_keys, request, tag_keys
from sesgate.access.roles import RoleAccess
from sesgate.evidence import FailureKind, NotSeen
from sesgate.iam import ContextValue, Decision, Effect, Policies, PrincipalKind, StatementEffect, evaluate, glob_matches
from sesgate.iam.evaluation import BOUNDARY
from sesgate.iam.known_actions import KnownAction, known_action
from sesgate.iam.request import ARN_PARTS
from sesgate.ses.configuration_sets import applying, identity_arn, set_arn
from sesgate.ses.senders import resolve
from sesgate.subjects import RoleAction, Sender

if TYPE_CHECKING:
    from sesgate.context import Context

SENDERS = "senders"
EVERY = "*"
IDENTITY, CONFIGURATION_SET = "identity", "configuration-set"
SENDING = (
    "ses:SendEmail",
    "ses:SendRawEmail",
    "ses:SendTemplatedEmail",
    "ses:SendBulkEmail",
    "ses:SendBulkTemplatedEmail",
)
LOCAL_PART = "any-address"
"""Stands for the local parts of a sender that is a domain."""
ABSENT: ContextValue = ()
"""As a value: the request does not have the key."""


class Target(Struct, frozen=True):
    """One resource that an action must be allowed on, with what is known of the request.

    `sender` and `address` are the sender's, where it is about sending; `kind` is the resource's type there.
    """

    resource: str
    keys: Mapping[str, ContextValue]
    kind: str = ""
    sender: str | None = None
    address: str | None = None

    def __str__(self) -> str:
        short = self.resource.split(":", ARN_PARTS - 1)[-1] if self.sender else self.resource
        return "every resource" if short == EVERY else short


class Outcome(Struct, frozen=True):
    """What comes of one target. `cause` is None where the action is allowed; `instead` is what is allowed in place."""

    target: Target
    decision: Decision
    cause: str | None = None
    instead: tuple[str, ...] = ()


def account_of(context: "Context", arn: str | None) -> str | None:
    """The account of a role: by its ARN, else the one under audit."""
    parts = (arn or "").split(":")
    return parts[4] if len(parts) >= ARN_PARTS and parts[4] else context.account


def targets(context: "Context", subject: RoleAction, access: RoleAccess, account: str) -> list[Target]:
    """The resources of a need, one by one. Raises NotSeen where SES can't tell which identity or set counts."""
    known = known_action(subject.action)
    found: dict[str, Target] = {}
    for resource in subject.resources:
        for target in _targets(context, known, resource, account):
            found.setdefault(f"{target.resource} {target.address}", target)
    own = tag_keys(access.tags)
    # Nobody stands by with an MFA device: temporary credentials say so, access keys say nothing.
    own["aws:MultiFactorAuthPresent"] = "false" if access.kind is PrincipalKind.ROLE else ABSENT
    return [replace(target, keys={**target.keys, **own}) for target in found.values()]


def _targets(context: "Context", known: KnownAction | None, resource: str, account: str) -> Iterator[Target]:
    keys = {**known_keys(context, region=_region(resource)), **_never_carried(known)}
    if resource != SENDERS:
        yield Target(resource, keys)
        return
    kinds = {kind.name for kind in known.types} if known else {IDENTITY, CONFIGURATION_SET}
    if not kinds & {IDENTITY, CONFIGURATION_SET}:
        yield Target(EVERY, keys)
        return
    for sender in Sender.find(context):
        address: str | None = sender.name if "@" in sender.name else f"{LOCAL_PART}@{sender.name}"
        if known is not None and not known.carries(FROM_ADDRESS.lower()):
            address = None
        own = keys if address is None else {**keys, FROM_ADDRESS: address}
        identity, chosen = sender_resources(context, sender)
        if IDENTITY in kinds:
            arn = identity_arn(context.region, account, identity)
            yield Target(arn, own, IDENTITY, sender.name, address)
        if CONFIGURATION_SET in kinds and chosen:
            arn = set_arn(context.region, account, chosen)
            yield Target(arn, own, CONFIGURATION_SET, sender.name, address)


def sender_resources(context: "Context", sender: Sender) -> tuple[str, str | None]:
    """The identity that SES takes for a sender, and the configuration set that applies. Raises NotSeen.

    The set is the declared one, else the identity's default. Offline, and where there is no identity yet, the identity
    is taken to be the domain. Source: SES developer guide, sending authorization.
    """
    declared = sender.declared.configuration_set
    try:
        resolved = resolve(context, sender)
        identity = resolved.identity.name if resolved.identity else sender.domain
        if declared or resolved.identity is None:
            return identity, declared
        return identity, applying(context, sender, resolved).name
    except NotSeen as not_seen:
        if not_seen.failure.kind is not FailureKind.OFFLINE:
            raise
        return sender.domain, declared


def _never_carried(known: KnownAction | None) -> dict[str, ContextValue]:
    """Bulk sending has no ses:FromAddress: a condition on it never holds."""
    if known is None or known.carries(FROM_ADDRESS.lower()) or known.service != "ses":
        return {}
    return {FROM_ADDRESS: ABSENT}


def _region(resource: str) -> str | None:
    """The region that a request about a resource goes to, where its ARN tells."""
    parts = resource.split(":", ARN_PARTS - 1)
    told = parts[3] if len(parts) == ARN_PARTS else ""
    return told if told and "*" not in told and "?" not in told else None


class Judge(Struct, frozen=True):
    """One role, one set of policies, one action."""

    access: RoleAccess
    policies: Policies
    action: str
    account: str

    def outcomes(self, wanted: Iterable[Target]) -> list[Outcome]:
        """All targets. A configuration set is a matter of its own only where the identity is allowed."""
        found = [self.outcome(target) for target in wanted]
        refused = {each.target.sender: each for each in found if each.cause and each.target.kind == IDENTITY}
        return [
            replace(each, cause=refused[each.target.sender].cause, instead=refused[each.target.sender].instead)
            if each.cause == "configuration-set-not-allowed" and each.target.sender in refused
            else each
            for each in found
        ]

    def outcome(self, target: Target) -> Outcome:
        """Whether the action is allowed on a target, and why not."""
        decision = self._decide(self.action, target.resource, target.keys)
        match decision.effect:
            case Effect.ALLOWED:
                return Outcome(target, decision)
            case Effect.DEPENDS:
                return Outcome(target, decision, "depends" if decision.depends_on else "malformed-policy")
            case Effect.EXPLICITLY_DENIED:
                return Outcome(target, decision, self._explicitly(target, decision))
        return self._implicitly(target, decision)

    def _decide(self, action: str, resource: str, keys: Mapping[str, ContextValue]) -> Decision:
        asked = request(
            self.access.principal(self.account),
            action,
            [resource],
            keys,
            account=self.account,
            unknown=self.access.unknown_keys,
        )
        return evaluate(asked, self.policies)

    def _explicitly(self, target: Target, decision: Decision) -> str:
        if decision.layer == BOUNDARY:
            return "boundary"
        return "from-address" if self._turns_on_address(target) else "denied-explicitly"

    def _implicitly(self, target: Target, decision: Decision) -> Outcome:
        if decision.layer == BOUNDARY:
            return Outcome(target, decision, "boundary")
        if self._turns_on_address(target):
            return Outcome(target, decision, "from-address", self.addresses())
        within = self._within(target)
        if within:
            exact = target.resource.endswith("-??????") and len(within) == 1
            return Outcome(
                target, self._decide(self.action, within[0], target.keys), None if exact else "depends", within
            )
        if target.kind == CONFIGURATION_SET:
            return Outcome(target, decision, "configuration-set-not-allowed")
        others = tuple(self._other_apis(target)) if target.kind == IDENTITY else ()
        if others:
            return Outcome(target, decision, "wrong-api", others)
        return Outcome(target, decision, "malformed-policy" if self._unreadable() else "not-allowed")

    def _turns_on_address(self, target: Target) -> bool:
        """Would another From address be allowed?"""
        if target.address is None:
            return False
        keys = {name: value for name, value in target.keys.items() if name != FROM_ADDRESS}
        unknown = self._decide(self.action, target.resource, keys)
        return any(key.lower() == FROM_ADDRESS.lower() for key in unknown.depends_on)

    def addresses(self) -> tuple[str, ...]:
        """The From addresses that the role's policies speak of."""
        conditions = (
            condition
            for policy in self.policies.identity
            for statement in policy.statements
            if statement.covers_action(self.action.lower())
            for condition in statement.conditions
        )
        named = (value for each in conditions if each.key.lower() == FROM_ADDRESS.lower() for value in each.values)
        return tuple(dict.fromkeys(named))

    def _within(self, target: Target) -> tuple[str, ...]:
        """Where the need is a pattern, or every resource: the narrower ones on which the action is allowed."""
        if "*" not in target.resource and "?" not in target.resource:
            return ()
        named = (
            pattern.text
            for policy in self.policies.identity
            for statement in policy.statements
            if statement.effect is StatementEffect.ALLOW and statement.covers_action(self.action.lower())
            for pattern in statement.resources or ()
            if pattern.text != target.resource and glob_matches(target.resource, pattern.text)
        )
        allowed = (text for text in dict.fromkeys(named) if self._allows(self.action, text, target.keys))
        return tuple(allowed)

    def _other_apis(self, target: Target) -> Iterator[str]:
        if self.action.lower() not in {name.lower() for name in SENDING}:
            return
        for other in SENDING:
            if other.lower() != self.action.lower() and self._allows(other, target.resource, target.keys):
                yield other

    def _allows(self, action: str, resource: str, keys: Mapping[str, ContextValue]) -> bool:
        return self._decide(action, resource, keys).effect is Effect.ALLOWED

    def _unreadable(self) -> bool:
        """Is there something in the policies that can't be read, and might have been meant to allow this?"""
        return any(policy.problems for policy in self.policies.identity)
