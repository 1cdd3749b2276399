"""One layer of policies held against a request on one resource: does it deny or allow, which statement says so?"""

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

from msgspec import Struct

from sesgate.iam.conditions import all_hold
from sesgate.iam.context import Context
from sesgate.iam.documents import Policy, Problem, Statement, StatementEffect
from sesgate.iam.matching import ResourceName, ShortArns, any_resource
from sesgate.iam.principals import Reach
from sesgate.iam.request import Principal
from sesgate.iam.truth import UNREADABLE, Truth, both, either, negation, some


class LayerKind(Enum):
    """What kind of policies a layer is made of: it decides which elements a statement may and must have."""

    IDENTITY = "identity"
    """Identity policies, permissions boundaries, session policies: no Principal."""
    SCP = "SCP"
    RCP = "RCP"
    RESOURCE = "resource"
    """Resource policies, key policies, trust policies: with a Principal, and Resource may be missing."""


_SHORT_ARNS = {
    LayerKind.IDENTITY: ShortArns.ALWAYS,
    LayerKind.SCP: ShortArns.WITH_LAST_WILDCARD,
    LayerKind.RCP: ShortArns.NEVER,
    LayerKind.RESOURCE: ShortArns.WITH_WILDCARD,
}


class DecidingStatement(Struct, frozen=True):
    """The statement that decided."""

    policy: str
    index: int
    sid: str | None
    source: str = ""


class Facts(NamedTuple):
    """What every layer is asked about. `action` is in lower case; `has_boundary` matters to NotPrincipal."""

    action: str
    resource: ResourceName
    principal: Principal
    context: Context
    has_boundary: bool


class Finding(NamedTuple):
    """One answer of a layer, with the statement that gives it, and its policy."""

    truth: Truth
    policy: Policy | None = None
    statement: Statement | None = None

    def or_by(self, truth: Truth, policy: Policy, statement: Statement) -> "Finding":
        """With another statement's answer. The first that is certain is named, else the first that is possible."""
        if truth is False or self.truth is True:
            return self
        if self.statement is not None and truth is not True:
            return self._replace(truth=either(self.truth, truth))
        return Finding(truth, policy, statement)

    @property
    def decided_by(self) -> DecidingStatement | None:
        """The statement, as a decision names it."""
        if self.policy is None or self.statement is None:
            return None
        return DecidingStatement(self.policy.name, self.statement.index, self.statement.sid, self.policy.source)


NOTHING = Finding(False)


class Outcome:
    """What a layer says. In layers without principals every allow is direct."""

    __slots__ = ("account", "deny", "direct", "identity", "name", "problems")

    def __init__(self, name: str) -> None:
        self.name = name
        self.deny = self.direct = self.identity = self.account = NOTHING
        self.problems: list[Problem] = []

    @property
    def allow(self) -> Finding:
        """An allow of any reach, the most direct first."""
        if self.direct.truth is True or (self.identity.truth is False and self.account.truth is False):
            return self.direct
        findings = [found for found in (self.direct, self.identity, self.account) if found.truth is not False]
        certain = [found for found in findings if found.truth is True]
        if certain:
            return certain[0]
        return findings[0]._replace(truth=some(found.truth for found in findings))

    def allow_by(self, reach: Reach, truth: Truth, policy: Policy, statement: Statement) -> None:
        """Another statement's allow."""
        if reach is Reach.DIRECT:
            self.direct = self.direct.or_by(truth, policy, statement)
        elif reach is Reach.IDENTITY:
            self.identity = self.identity.or_by(truth, policy, statement)
        else:
            self.account = self.account.or_by(truth, policy, statement)


def ask(name: str, kind: LayerKind, policies: Iterable[Policy], facts: Facts) -> Outcome:
    """Holds every statement that covers the action against the request. Order decides nothing but which is named."""
    outcome = Outcome(name)
    action = facts.action
    for policy in policies:
        for statement in policy.statements:
            if statement.covers_action(action):
                _hold(outcome, kind, policy, statement, facts)
    return outcome


def _hold(outcome: Outcome, kind: LayerKind, policy: Policy, statement: Statement, facts: Facts) -> None:
    allows = statement.effect is StatementEffect.ALLOW
    if statement.malformed:
        if not allows:
            outcome.deny = outcome.deny.or_by(UNREADABLE, policy, statement)
        return
    if misplaced := _misplaced(statement, kind):
        where = f"Statement[{statement.index}]"
        outcome.problems.append(Problem(policy.name, statement.index, where, misplaced))
        if allows:
            return
    if allows and outcome.direct.truth is True:
        return  # nothing can be added to a certain, direct allow
    reach = _reach(statement, kind, facts)
    if reach is Reach.NONE:
        return
    truth = _covers_resource(statement, kind, facts)
    if truth is not False and statement.conditions:
        truth = both(truth, all_hold(statement.conditions, facts.context))
    if truth is False:
        return
    if allows:
        outcome.allow_by(reach, truth, policy, statement)
    else:
        outcome.deny = outcome.deny.or_by(truth, policy, statement)


def _misplaced(statement: Statement, kind: LayerKind) -> str | None:
    """What keeps IAM from saving such a statement here. An Allow then grants nothing; a Deny is taken at its word."""
    if kind is LayerKind.RESOURCE:
        return None if statement.names_principals else "a resource policy names principals; this is about nobody"
    if statement.names_principals and kind is not LayerKind.RCP:
        return "only a resource policy names principals"
    return "no Resource" if statement.resources is None and statement.not_resources is None else None


def _reach(statement: Statement, kind: LayerKind, facts: Facts) -> Reach:
    """A statement of a resource policy that names no principal is about nobody."""
    if kind is not LayerKind.RESOURCE:
        return Reach.DIRECT
    if statement.principals is not None:
        return statement.principals.reach(facts.principal)
    if statement.not_principals is None:
        return Reach.NONE
    if statement.effect is StatementEffect.ALLOW:
        excepted = statement.not_principals.reach(facts.principal) is not Reach.NONE
    else:
        # Whoever has a boundary is hit, listed or not. Source: IAM, NotPrincipal, key points.
        excepted = statement.not_principals.excepts(facts.principal) and not facts.has_boundary
    return Reach.NONE if excepted else Reach.DIRECT


def _covers_resource(statement: Statement, kind: LayerKind, facts: Facts) -> Truth:
    if statement.resources is not None:
        return any_resource(statement.resources, facts.resource, facts.context, _SHORT_ARNS[kind])
    if statement.not_resources is not None:
        return negation(any_resource(statement.not_resources, facts.resource, facts.context, _SHORT_ARNS[kind]))
    return True  # a trust policy has no Resource: it is about the role that it belongs to
