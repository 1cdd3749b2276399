"""Is a request allowed? AWS's policy evaluation logic over all layers that are known.

Source: IAM User Guide, "Policy evaluation logic" and "Cross-account policy evaluation logic".
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from sesgate.iam.context import Context
from sesgate.iam.control_policies import RCP_SERVICES
from sesgate.iam.documents import Policy, Problem
from sesgate.iam.layers import DecidingStatement, Facts, Finding, LayerKind, Outcome, ask
from sesgate.iam.matching import ResourceName
from sesgate.iam.request import IN_AN_ACCOUNT, Principal, PrincipalKind, Request
from sesgate.iam.truth import Truth, both, either

IDENTITY_POLICY = "identity policy"
BOUNDARY = "permissions boundary"
SESSION_POLICY = "session policy"
RESOURCE_POLICY = "resource policy"
ROOT_USER = "root user"
NO_PERMISSION_NEEDED = "no permission needed"


class Effect(StrEnum):
    """What comes of a request."""

    ALLOWED = "allowed"
    EXPLICITLY_DENIED = "explicitly denied"
    IMPLICITLY_DENIED = "implicitly denied"
    DEPENDS = "depends on context"


class Policies(Struct, frozen=True):
    """All policies that bear on a request, by layer.

    `boundary` None: there is none. `session` None: no session policy was passed; () is one that allows nothing.
    `scps` and `rcps` are levels, from the root of the organization down to the account; None: could not be seen; ()
    binds nobody, as in the management account. `resource_must_allow`: the resource policy has to allow even in the same
    account, by a grant to the principal or by delegating to the account. So it is for KMS keys and role trust policies.
    """

    identity: tuple[Policy, ...] = ()
    boundary: Policy | None = None
    session: tuple[Policy, ...] | None = None
    scps: tuple[tuple[Policy, ...], ...] | None = None
    rcps: tuple[tuple[Policy, ...], ...] | None = None
    resource: Policy | None = None
    resource_must_allow: bool = False

    def all(self) -> Iterator[Policy]:
        """Every policy of every layer."""
        yield from self.identity
        if self.boundary is not None:
            yield self.boundary
        yield from self.session or ()
        for level in (*(self.scps or ()), *(self.rcps or ())):
            yield from level
        if self.resource is not None:
            yield self.resource


class Decision(Struct, frozen=True):
    """`layer` is the one that decided: that allowed, that denied, or whose allow is missing (then `statement` is None).

    `depends_on` names the unknown keys that the answer turns on; empty with DEPENDS where a Deny could not be read.
    `unseen` names the layers that were not seen and taken to allow. `problems` are those of
    all policies given, and of statements that stand in the wrong kind of policy.
    """

    effect: Effect
    layer: str
    statement: DecidingStatement | None = None
    depends_on: frozenset[str] = frozenset()
    unseen: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Verdict(NamedTuple):
    """The decision for one resource."""

    effect: Effect
    layer: str
    statement: DecidingStatement | None = None
    depends_on: frozenset[str] = frozenset()


class _Step(NamedTuple):
    """A condition for an allow: the layer it comes from, and what that layer found."""

    layer: str
    found: Finding

    def and_then(self, other: "_Step") -> "_Step":
        """Both. Keeps the layer and statement of what decides: the first that is missing, else this one's grant."""
        if self.found.truth is False or other.found.truth is True:
            return self
        if other.found.truth is False:
            return other
        return _Step(self.layer, self.found._replace(truth=both(self.found.truth, other.found.truth)))

    def or_else(self, other: "_Step") -> "_Step":
        """Either. Where neither holds, the second names what is missing."""
        mine, others = self.found.truth, other.found.truth
        if mine is False or others is True:
            return self if mine is True else other
        if mine is True or others is False:
            return self
        return _Step(self.layer, self.found._replace(truth=either(mine, others)))


_WEIGHT = {Effect.ALLOWED: 0, Effect.DEPENDS: 1, Effect.IMPLICITLY_DENIED: 2, Effect.EXPLICITLY_DENIED: 3}


def evaluate(request: Request, policies: Policies) -> Decision:
    """Decides a request; with several resources it is allowed only if it is on each. Never raises."""
    action = request.action.lower()
    service = action.partition(":")[0]
    principal = request.principal
    if action == "sts:getcalleridentity" and principal.kind in IN_AN_ACCOUNT:
        # Not even an explicit deny stops it. Source: AWS STS API, GetCallerIdentity.
        return Decision(Effect.ALLOWED, NO_PERMISSION_NEEDED)
    context = Context(request)
    misplaced: dict[Problem, None] = {}
    verdicts = [
        _decide(
            Facts(action, ResourceName.of(resource), principal, context, policies.boundary is not None),
            policies,
            request.resource_account,
            misplaced,
        )
        for resource in request.resources or ("*",)
    ]
    verdict = max(verdicts, key=lambda verdict: _WEIGHT[verdict.effect])
    depends_on = verdict.depends_on
    if verdict.effect is Effect.DEPENDS and len(verdicts) > 1:
        depends_on = frozenset().union(*(verdict.depends_on for verdict in verdicts))
    return Decision(
        verdict.effect,
        verdict.layer,
        verdict.statement,
        depends_on,
        _unseen(service, principal, policies),
        (*(problem for policy in policies.all() if policy.problems for problem in policy.problems), *misplaced),
    )


def _unseen(service: str, principal: Principal, policies: Policies) -> tuple[str, ...]:
    unseen = []
    if policies.scps is None and _bound_by_scps(principal):
        unseen.append("SCPs")
    if policies.rcps is None and service in RCP_SERVICES and not principal.is_service_linked:
        unseen.append("RCPs")
    return tuple(unseen)


def _bound_by_scps(principal: Principal) -> bool:
    return principal.kind in IN_AN_ACCOUNT and not principal.is_service_linked


def _decide(facts: Facts, policies: Policies, resource_account: str | None, misplaced: dict[Problem, None]) -> _Verdict:
    scps = _levels("SCP", LayerKind.SCP, policies.scps, facts) if _bound_by_scps(facts.principal) else []
    rcps: list[Outcome] = []
    if facts.action.partition(":")[0] in RCP_SERVICES and not facts.principal.is_service_linked:
        rcps = _levels("RCP", LayerKind.RCP, policies.rcps, facts)
    resource = ask(RESOURCE_POLICY, LayerKind.RESOURCE, (policies.resource,) if policies.resource else (), facts)
    identity = ask(IDENTITY_POLICY, LayerKind.IDENTITY, policies.identity, facts)
    limits = []
    if policies.boundary is not None:
        limits.append(ask(BOUNDARY, LayerKind.IDENTITY, (policies.boundary,), facts))
    if policies.session is not None:
        limits.append(ask(SESSION_POLICY, LayerKind.IDENTITY, policies.session, facts))

    denial: Truth = False
    denied_by: Outcome | None = None
    for outcome in (*scps, *rcps, resource, identity, *limits):
        if outcome.problems:
            misplaced.update(dict.fromkeys(outcome.problems))
        if outcome.deny.truth is True:
            return _Verdict(Effect.EXPLICITLY_DENIED, outcome.name, outcome.deny.decided_by)
        if outcome.deny.truth is not False:
            denial = either(denial, outcome.deny.truth)
            denied_by = denied_by or outcome

    step = _granted(facts, policies, identity, resource, limits, resource_account)
    # RCPFullAWSAccess can't be detached, so an RCP takes away only by explicit denies. SCPs must allow at each level.
    for outcome in scps:
        step = step.and_then(_Step(outcome.name, outcome.allow))
    granted = step.found.truth
    if granted is False:
        return _Verdict(Effect.IMPLICITLY_DENIED, step.layer)
    if granted is True and denial is False:
        return _Verdict(Effect.ALLOWED, step.layer, step.found.decided_by)
    keys = frozenset().union(*(truth for truth in (granted, denial) if isinstance(truth, frozenset)))
    if denied_by is not None:
        return _Verdict(Effect.DEPENDS, denied_by.name, denied_by.deny.decided_by, keys)
    return _Verdict(Effect.DEPENDS, step.layer, step.found.decided_by, keys)


def _levels(name: str, kind: LayerKind, levels: tuple[tuple[Policy, ...], ...] | None, facts: Facts) -> list[Outcome]:
    return [ask(f"{name} level {depth}", kind, level, facts) for depth, level in enumerate(levels or (), 1)]


def _granted(
    facts: Facts,
    policies: Policies,
    identity: Outcome,
    resource: Outcome,
    limits: list[Outcome],
    resource_account: str | None,
) -> _Step:
    """The grant, before SCPs: who has to allow, by where the principal and the resource are."""
    principal = facts.principal
    any_grant = _Step(RESOURCE_POLICY, resource.allow)
    if principal.kind not in IN_AN_ACCOUNT:
        return any_grant
    if principal.kind == PrincipalKind.ROOT:
        by_identity = _Step(ROOT_USER, Finding(True))
    else:
        by_identity = _Step(IDENTITY_POLICY, identity.allow)
    by_role = _Step(RESOURCE_POLICY, resource.identity)
    for limit in limits:
        step = _Step(limit.name, limit.allow)
        by_identity = by_identity.and_then(step)
        by_role = by_role.and_then(step)
    if not _same_account(principal, facts.resource, resource_account):
        return by_identity.and_then(any_grant)
    if policies.resource_must_allow:
        by_identity = any_grant.and_then(by_identity)
    if any_grant.found.truth is False:
        return by_identity
    return _Step(RESOURCE_POLICY, resource.direct).or_else(by_role).or_else(by_identity)


def _same_account(principal: Principal, resource: ResourceName, resource_account: str | None) -> bool:
    """By the account that the caller names, else by the ARN's. What has none (a bucket, `*`) is taken to be at home."""
    account = resource_account
    if account is None and resource.parts is not None and resource.parts[4].isdecimal():
        account = resource.parts[4]
    return account is None or account == principal.account
