"""One layer of policies held against a request on one resource: does it deny or allow, which statement says so?"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from sesgate.iam.conditions import all_hold
from sesgate.iam.context import Context
from sesgate.iam.documents import Policy, Statement, StatementEffect
from sesgate.iam.matching import ResourceName, ShortArns, any_resource
from sesgate.iam.principals import Reach
from sesgate.iam.request import Principal
from sesgate.iam.truth import UNREADABLE, Truth, both, either, negation


class LayerKind(Enum):
    """What kind of policies a layer is made of: it decides which elements a statement may and must have."""

    IDENTITY = ShortArns.ALWAYS
    """Identity policies, permissions boundaries, session policies: no Principal."""
    SCP = ShortArns.WITH_LAST_WILDCARD
    RCP = ShortArns.NEVER
    RESOURCE = ShortArns.WITH_WILDCARD
    """Resource policies, key policies, trust policies: with a Principal, and Resource may be missing."""


@dataclass(frozen=True, slots=True)
class DecidingStatement:
    """The statement that decided."""

    policy: str
    index: int
    sid: str | None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What every layer is asked about. `has_boundary` matters to NotPrincipal."""

    service: str
    name: str
    resource: ResourceName
    principal: Principal
    context: Context
    has_boundary: bool


@dataclass(slots=True)
class Finding:
    """One answer of a layer, with the first statement that gives it."""

    truth: Truth = False
    statement: DecidingStatement | None = None

    def add(self, truth: Truth, policy: Policy, statement: Statement) -> None:
        """Another statement's answer."""
        if truth is False or self.truth is True:
            return
        if self.statement is None or truth is True:
            self.statement = DecidingStatement(policy.name, statement.index, statement.sid, policy.source)
        self.truth = either(self.truth, truth)


@dataclass(slots=True)
class Outcome:
    """What a layer says. In layers without principals every allow is direct."""

    name: str
    deny: Finding
    direct: Finding
    identity: Finding
    account: Finding

    @property
    def allow(self) -> Finding:
        """An allow of any reach, the most direct first."""
        found = [finding for finding in (self.direct, self.identity, self.account) if finding.truth is not False]
        if not found:
            return self.direct
        certain = next((finding for finding in found if finding.truth is True), None)
        if certain is not None:
            return certain
        truth: Truth = False
        for finding in found:
            truth = either(truth, finding.truth)
        return Finding(truth, found[0].statement)


def ask(name: str, kind: LayerKind, policies: Iterable[Policy], facts: Facts) -> Outcome:
    """Holds every statement that covers the action against the request. Order decides nothing but which is named."""
    outcome = Outcome(name, Finding(), Finding(), Finding(), Finding())
    by_reach = {Reach.DIRECT: outcome.direct, Reach.IDENTITY: outcome.identity, Reach.ACCOUNT: outcome.account}
    for policy in policies:
        for statement in policy.statements:
            if not statement.covers_action(facts.service, facts.name):
                continue
            if statement.malformed or not _well_placed(statement, kind):
                if statement.effect is not StatementEffect.ALLOW:
                    outcome.deny.add(UNREADABLE, policy, statement)
                continue
            reach = _reach(statement, kind, facts)
            if reach is Reach.NONE:
                continue
            finding = outcome.deny if statement.effect is StatementEffect.DENY else by_reach[reach]
            if finding.truth is True:
                continue
            truth = _covers_resource(statement, kind, facts)
            if truth is not False:
                truth = both(truth, all_hold(statement.conditions, facts.context))
            finding.add(truth, policy, statement)
    return outcome


def _well_placed(statement: Statement, kind: LayerKind) -> bool:
    """May such a statement stand in such a policy? IAM would not have saved it otherwise."""
    if kind is LayerKind.RESOURCE:
        return True
    if kind is not LayerKind.RCP and statement.names_principals:
        return False
    return statement.resources is not None or statement.not_resources is not None


def _reach(statement: Statement, kind: LayerKind, facts: Facts) -> Reach:
    """A statement of a resource policy that names no principal is about nobody."""
    if kind is not LayerKind.RESOURCE:
        return Reach.DIRECT
    if statement.principals is not None:
        return statement.principals.reach(facts.principal)
    if statement.not_principals is None:
        return Reach.NONE
    if statement.effect is StatementEffect.DENY and facts.has_boundary:
        # Whoever has a boundary is hit, listed or not. Source: IAM, NotPrincipal, key points.
        return Reach.DIRECT
    return Reach.NONE if statement.not_principals.excepts(facts.principal) else Reach.DIRECT


def _covers_resource(statement: Statement, kind: LayerKind, facts: Facts) -> Truth:
    if statement.resources is not None:
        return any_resource(statement.resources, facts.resource, facts.context, kind.value)
    if statement.not_resources is not None:
        return negation(any_resource(statement.not_resources, facts.resource, facts.context, kind.value))
    return True  # a trust policy has no Resource: it is about the role that it belongs to
