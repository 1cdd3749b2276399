"""What a condition narrows: the sender, the resource, the circumstances, the region, or nothing at all.

A condition is neither ignored nor taken for a silencer: `aws:SecureTransport` narrows nothing of what may be done, and
`ses:FromAddress` narrows the actions whose requests hold it, and no others.
"""

from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct

from sesgate.iam.conditions import FOR_ALL, Condition
from sesgate.iam.documents import Statement, StatementEffect
from sesgate.iam.known_actions import KnownAction
from sesgate.iam.openness import is_open
from sesgate.iam.operators import parse_range

_IF_EXISTS = "ifexists"
_NOT = "not"


class Weight(IntEnum):
    """What is left of a grant, from the whole of it to a part that needs no wildcard finding."""

    NOTHING = 0
    REGION = 1
    CIRCUMSTANCES = 2
    """From where, by which way, for which service: what may be done is as wide as before."""
    RESOURCE = 3
    """On what, or as whom."""


_REGION = frozenset({"aws:requestedregion"})
_ABOUT_THE_CALLER = ("aws:principal", "aws:username", "aws:userid", "aws:resourceaccount", "aws:resourceorg", "open:")
"""In a policy of the caller's own these hold or don't, whatever it does. A resource of the account is no less one."""
_TELL_NOTHING = frozenset(
    {"aws:securetransport", "aws:currenttime", "aws:epochtime", "aws:tokenissuetime", "aws:useragent", "aws:referer"}
    | {"ses:apiversion", "ses:fromdisplayname", "ses:feedbackaddress", "s3:resourceaccount", "kms:calleraccount"}
)
_RESOURCES = frozenset(
    {"ses:fromaddress", "secretsmanager:secretid", "ecs:cluster", "dynamodb:leadingkeys", "kms:requestalias"}
    | {"kms:resourcealiases", "lambda:functionarn", "cloudwatch:namespace", "elasticfilesystem:accesspointarn"}
    | {"iam:policyarn", "s3:prefix", "kms:encryptioncontextkeys"}
)
_RESOURCE_PREFIXES = ("kms:encryptioncontext:", "s3:existingobjecttag/")
_ALWAYS_THERE = frozenset({"ses:fromaddress", "aws:requestedregion"})
"""Keys that no request lacks that can hold them: IfExists is no way around them."""


class Limit(Struct, frozen=True):
    """A condition that narrows what one action may do. `text` is for people."""

    weight: Weight
    text: str


class Limits(Struct, frozen=True):
    """All conditions of a statement, for one action. `grants` is false where one of them can never hold for it."""

    grants: bool = True
    limits: tuple[Limit, ...] = ()

    @property
    def weight(self) -> Weight:
        """The narrowest counts: conditions are ANDed."""
        return max((limit.weight for limit in self.limits), default=Weight.NOTHING)

    @property
    def one_region(self) -> bool:
        return any(limit.weight is Weight.REGION for limit in self.limits)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(limit.text for limit in self.limits)


UNLIMITED = Limits()


def weigh(conditions: tuple[Condition, ...], action: KnownAction | None) -> Limits:
    """What the conditions of an Allow in an identity policy leave of an action; None is one that nobody knows."""
    if not conditions:
        return UNLIMITED
    found: list[Limit] = []
    for condition in conditions:
        reading = _reading(condition)
        if action is not None and not action.carries(reading.key):
            if not reading.holds_without:
                return Limits(grants=False)
        elif reading.limit is not None:
            found.append(reading.limit)
    return Limits(True, tuple(found))


class _Reading(NamedTuple):
    """What a condition says, whatever the action. `limit` is None where it narrows nothing."""

    key: str
    holds_without: bool
    limit: Limit | None


@lru_cache(maxsize=8192)
def _reading(condition: Condition) -> _Reading:
    quantifier, plain, if_exists = _read(condition)
    key = condition.key.lower()
    lenient = if_exists or quantifier == FOR_ALL
    weight = _weight(condition, key, plain)
    if lenient and weight is Weight.RESOURCE and key not in _ALWAYS_THERE:
        weight = Weight.CIRCUMSTANCES
    limit = Limit(weight, _told(condition)) if weight is not Weight.NOTHING else None
    return _Reading(key, lenient or _NOT in plain or plain == "null", limit)


def weigh_deny(statement: Statement, action: KnownAction | None) -> Limits:
    """What one Deny leaves of an action: nothing, only what it excepts, or everything.

    A Deny "unless" (a negated condition, alone) narrows as the same condition in the Allow would.
    """
    if statement.effect is not StatementEffect.DENY or statement.malformed or statement.names_principals:
        return UNLIMITED
    excepted = statement.not_resources
    everywhere = any(each.everything for each in statement.resources or ())
    if not statement.conditions:
        if everywhere:
            return Limits(grants=False)
        if excepted is not None and action is not None and action.types and not action.needs_star:
            open_still = any(is_open(each.text, kind.arn) for each in excepted for kind in action.decisive)
            return UNLIMITED if open_still else Limits(True, (Limit(Weight.RESOURCE, _deny_but(excepted[0].text)),))
        return UNLIMITED
    if len(statement.conditions) != 1 or not everywhere:
        return UNLIMITED
    [condition] = statement.conditions
    _, plain, if_exists = _read(condition)
    key = condition.key.lower()
    if _NOT not in plain or plain.startswith(_NOT + "ip"):
        return UNLIMITED
    if action is not None and not action.carries(key):
        return UNLIMITED if if_exists else Limits(grants=False)
    weight = _weight(condition, key, plain.replace(_NOT, "", 1))
    return Limits(True, (Limit(weight, f"a Deny unless {_told(condition, positive=True)}"),)) if weight else UNLIMITED


def _read(condition: Condition) -> tuple[str, str, bool]:
    """Quantifier, operator, and whether it has IfExists; all in lower case."""
    quantifier, colon, plain = condition.operator.lower().partition(":")
    if not colon:
        quantifier, plain = "", quantifier
    return quantifier, plain.removesuffix(_IF_EXISTS), plain.endswith(_IF_EXISTS)


def _weight(condition: Condition, key: str, plain: str) -> Weight:
    if condition.problem or not condition.values or key in _TELL_NOTHING or key.startswith(_ABOUT_THE_CALLER):
        return Weight.NOTHING
    tagged = "resourcetag/" in key
    if plain == "null":
        there = all(value.lower() == "false" for value in condition.values)
        return Weight.CIRCUMSTANCES if tagged and there else Weight.NOTHING
    if _NOT in plain or plain.startswith("date") or any(_is_anything(value, plain) for value in condition.values):
        return Weight.NOTHING
    if key in _REGION:
        return Weight.REGION
    if tagged or key in _RESOURCES or key.startswith(_RESOURCE_PREFIXES):
        return Weight.RESOURCE
    return Weight.CIRCUMSTANCES


def _is_anything(value: str, plain: str) -> bool:
    """Does this value let pass whatever a request may hold?"""
    if plain == "ipaddress":
        network = parse_range(value)
        return network is not None and network.first == 0 and network.last.bit_count() in (32, 128)
    if plain == "stringlike":
        return not value.strip("*?@.")
    return plain.startswith("arn") and not value.removeprefix("arn:").removeprefix("aws:").strip("*?:")


def _told(condition: Condition, *, positive: bool = False) -> str:
    values = condition.values
    more = f" or {len(values) - 2} others" if len(values) > 2 else ""
    text = " or ".join(value[:100] for value in values[:2]) + more
    operator = condition.operator.replace("Not", "", 1) if positive else condition.operator
    return f"{condition.key} {operator} {text}"


def _deny_but(text: str) -> str:
    return f"a Deny of all but {text[:100]}"
