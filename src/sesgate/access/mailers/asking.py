"""Questions to policies, asked once for all principals that have the same ones."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sesgate.access.account import AccountPrincipal
from sesgate.access.requests import known_keys, request, tag_keys
from sesgate.iam import (
    ContextValue,
    DecidingStatement,
    Decision,
    Effect,
    Policies,
    Policy,
    Statement,
    StatementEffect,
    evaluate,
    glob_matches,
    parse_policy,
)

if TYPE_CHECKING:
    from sesgate.context import Context

OF_THEIR_CHOICE = frozenset(
    {"ses:apiversion", "ses:recipients", "ses:fromdisplayname", "ses:feedbackaddress", "ses:tenantname"}
    | {"ses:multiregionendpointid", "sts:externalid", "sts:rolesessionname", "sts:sourceidentity"}
    | {"sts:transitivetagkeys", "aws:multifactorauthpresent", "aws:multifactorauthage", "aws:tagkeys"}
    | {"aws:useragent", "aws:referer", "iam:associatedresourcearn"}
)
"""Keys that whoever makes a request sets as they like; a second factor is at hand where it is asked for."""
_CHOSEN_PREFIX = "aws:requesttag/"
_PERSONAL = ("aws:principal", "aws:userid", "aws:username")


EVERYTHING = parse_policy(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, name="everything"
)
"""What somebody could write into a policy of their own, or another account into one of its principals'."""


@dataclass(frozen=True, slots=True)
class Granted:
    """That something can be done: certainly, or where the context keys of `depends_on` say so.

    `unreadable`: something in a Deny can't be read, so that nothing is certain.
    """

    action: str
    resource: str
    layer: str
    statement: DecidingStatement | None
    depends_on: frozenset[str] = frozenset()
    unreadable: bool = False

    @property
    def certain(self) -> bool:
        """Nothing stands in the way."""
        return not self.depends_on and not self.unreadable

    @classmethod
    def of(
        cls, action: str, resource: str, decision: Decision, chosen: frozenset[str] = frozenset()
    ) -> "Granted | None":
        """From a decision; None where it is denied. What whoever asks sets as they like is no obstacle.

        `chosen` are further keys of that kind, in lower case.
        """
        if decision.effect is Effect.ALLOWED:
            return cls(action, resource, decision.layer, decision.statement)
        if decision.effect is not Effect.DEPENDS:
            return None
        keys = frozenset(key for key in decision.depends_on if not _is_chosen(key.lower(), chosen))
        return cls(action, resource, decision.layer, decision.statement, keys, not decision.depends_on)


def _is_chosen(key: str, further: frozenset[str]) -> bool:
    return key in OF_THEIR_CHOICE or key in further or key.startswith(_CHOSEN_PREFIX)


class Asking:
    """Holds principals' policies against requests in one account, and keeps the answers.

    Principals that share their policies share the answer, unless a policy speaks of who asks.
    """

    def __init__(self, context: "Context", account: str) -> None:
        self._known = known_keys(context)
        self._account = account
        self._personal: dict[int, bool] = {}
        self._answers: dict[tuple[object, ...], Granted | None] = {}
        self._grants: dict[tuple[int, str], tuple[Statement, ...]] = {}
        self._scopes: dict[tuple[object, ...], _Scope] = {}

    def may(
        self,
        who: AccountPrincipal,
        action: str,
        resource: str,
        keys: Mapping[str, ContextValue] | None = None,
        *,
        resource_policy: Policy | None = None,
        resource_must_allow: bool = False,
        same_for_all: bool = False,
        besides: Policy | None = None,
    ) -> Granted | None:
        """What lets a principal do this; None where nothing does.

        `same_for_all`: the resource policy does not turn on who asks. `besides` is one more policy of its own.
        """
        stated = tuple(sorted((keys or {}).items()))
        who_asks = self.profile(who) if resource_policy is None or same_for_all else who.arn
        key = (who_asks, action, resource, stated, id(resource_policy), id(besides))
        if key not in self._answers:
            asked = request(
                who.principal,
                action,
                [resource],
                {**self._known, **tag_keys(who.tags), **(keys or {})},
                account=self._account,
            )
            policies = Policies(
                identity=(*_speaking(who), *((besides,) if besides else ())),
                boundary=who.boundary.policy if who.boundary else None,
                resource=resource_policy,
                resource_must_allow=resource_must_allow,
            )
            self._answers[key] = Granted.of(action, resource, evaluate(asked, policies))
        return self._answers[key]

    def profile(self, who: AccountPrincipal) -> object:
        """What principals with the same rights have in common; its ARN, where a policy speaks of the principal."""
        limit = who.boundary.policy if who.boundary else None
        policies = _speaking(who)
        if any(self._is_personal(policy) for policy in (*policies, *((limit,) if limit else ()))):
            return who.arn
        return (*(id(policy) for policy in policies), None, id(limit) if limit else None)

    def _is_personal(self, policy: Policy) -> bool:
        if id(policy) not in self._personal:
            self._personal[id(policy)] = any(is_personal(statement) for statement in policy.statements)
        return self._personal[id(policy)]

    def allows(self, who: AccountPrincipal, actions: Iterable[str]) -> bool:
        """Has it any Allow of one of these actions, on whatever resource?"""
        return any(self.granting(placed.policy, action) for action in actions for placed in who.policies)

    def granting(self, policy: Policy, action: str) -> tuple[Statement, ...]:
        """The statements of a policy that allow an action on something."""
        key = id(policy), action
        if key not in self._grants:
            lowered = action.lower()
            self._grants[key] = tuple(
                each
                for each in policy.statements
                if each.effect is StatementEffect.ALLOW and not each.malformed and each.covers_action(lowered)
            )
        return self._grants[key]

    def may_be_on(self, who: AccountPrincipal, action: str, resource: str) -> bool:
        """Whether an Allow of the action could reach this resource: cheap to ask, and says yes where in doubt."""
        key = self.profile(who), action
        if key not in self._scopes:
            self._scopes[key] = _Scope(each for placed in who.policies for each in self.granting(placed.policy, action))
        return self._scopes[key].may_hold(resource)


def _speaking(who: AccountPrincipal) -> list[Policy]:
    """A principal's policies without those that say nothing here."""
    return [placed.policy for placed in who.policies if placed.policy.statements]


class _Scope:
    """The resources of several statements."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self._exact: set[str] = set()
        self._globs: set[str] = set()
        self._open = False
        for statement in statements:
            if statement.resources is None:
                self._open = True
            for pattern in statement.resources or ():
                if pattern.everything or "${" in pattern.text or pattern.text.count(":") < 5:
                    self._open = True
                elif "*" in pattern.text or "?" in pattern.text:
                    self._globs.add(pattern.text)
                else:
                    self._exact.add(pattern.text)

    def may_hold(self, resource: str) -> bool:
        return self._open or resource in self._exact or any(glob_matches(glob, resource) for glob in self._globs)


def is_personal(statement: Statement) -> bool:
    """Does it turn on who asks?"""
    patterns = (*(statement.resources or ()), *(statement.not_resources or ()))
    return (
        any("${" in pattern.text for pattern in patterns)
        or any(condition.key.lower().startswith(_PERSONAL) for condition in statement.conditions)
        or any("${" in value for condition in statement.conditions for value in condition.values)
    )
