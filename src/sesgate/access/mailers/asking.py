"""Questions to policies, asked once for all principals that have the same ones."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.access.account import AccountPrincipal
from sesgate.access.mailers.scopes import Scope
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


class Granted(Struct, frozen=True):
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
        self._speaking: dict[str, tuple[Policy, ...]] = {}
        self._profiles: dict[str, object] = {}
        self._answers: dict[tuple[object, ...], Granted | None] = {}
        self._grants: dict[tuple[int, str], tuple[Statement, ...]] = {}
        self._scopes: dict[tuple[object, ...], Scope] = {}

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
                identity=(*self.speaking(who), *((besides,) if besides else ())),
                boundary=who.boundary.policy if who.boundary else None,
                resource=resource_policy,
                resource_must_allow=resource_must_allow,
            )
            self._answers[key] = Granted.of(action, resource, evaluate(asked, policies))
        return self._answers[key]

    def profile(self, who: AccountPrincipal) -> object:
        """What principals with the same rights have in common; its ARN, where a policy speaks of the principal."""
        if who.arn not in self._profiles:
            policies = self.speaking(who)
            limit = (who.boundary.policy,) if who.boundary else ()
            personal = any(is_personal(statement) for policy in (*policies, *limit) for statement in policy.statements)
            alike = (tuple(map(id, policies)), tuple(map(id, limit)))
            self._profiles[who.arn] = who.arn if personal else alike
        return self._profiles[who.arn]

    def speaking(self, who: AccountPrincipal) -> tuple[Policy, ...]:
        """A principal's policies without those that say nothing here."""
        if who.arn not in self._speaking:
            spoken = tuple(placed.policy for placed in who.policies if placed.policy.statements)
            self._speaking[who.arn] = spoken
        return self._speaking[who.arn]

    def allows(self, who: AccountPrincipal, actions: Iterable[str]) -> bool:
        """Has it any Allow of one of these actions, on whatever resource?"""
        return any(self.granting(policy, action) for policy in self.speaking(who) for action in actions)

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

    def scope(self, who: AccountPrincipal, action: str) -> Scope:
        """The resources on which an Allow of the action could be: cheap to ask before evaluating."""
        key = self.profile(who), action
        if key not in self._scopes:
            granting = (each for policy in self.speaking(who) for each in self.granting(policy, action))
            self._scopes[key] = Scope(granting, who)
        return self._scopes[key]


def is_personal(statement: Statement) -> bool:
    """Does it turn on who asks?"""
    patterns = (*(statement.resources or ()), *(statement.not_resources or ()))
    return (
        any("${" in pattern.text for pattern in patterns)
        or any(condition.key.lower().startswith(_PERSONAL) for condition in statement.conditions)
        or any("${" in value for condition in statement.conditions for value in condition.values)
    )
