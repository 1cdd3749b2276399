"""The Condition element: operators and keys are ANDed, values ORed, the values of a negated operator NORed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from sesgate.iam.context import Context
from sesgate.iam.globs import ContextTest
from sesgate.iam.operators import operator_named, parse_bool
from sesgate.iam.request import ContextValue
from sesgate.iam.truth import Truth, every, negation, some

ConditionTest: TypeAlias = Callable[[Context], Truth]

FOR_ALL, FOR_ANY = "forallvalues", "foranyvalue"
_IF_EXISTS = "ifexists"


def _never(_context: Context) -> Truth:
    return False


@dataclass(frozen=True, slots=True)
class Condition:
    """One operator on one key, as the policy spells them.

    `unsafe` where a value can't be read, and to leave it out would widen the condition.
    """

    operator: str
    key: str
    values: tuple[str, ...]
    problem: str | None = None
    unsafe: bool = False
    test: ConditionTest = field(default=_never, repr=False, compare=False)


def compile_condition(operator: str, key: str, values: tuple[str, ...], *, variables: bool) -> Condition:
    """Never fails: an unknown operator matches nothing and is a problem. Operators and keys are case-insensitive."""
    name = operator.lower()
    quantifier, colon, plain = name.partition(":")
    if not colon:
        quantifier, plain = "", name
    if quantifier not in ("", FOR_ALL, FOR_ANY):
        return Condition(operator, key, values, problem=f"unknown set operator {operator!r}")
    if plain == "null":
        return _null(operator, key, values)
    if_exists = plain.endswith(_IF_EXISTS)
    found = operator_named(plain.removesuffix(_IF_EXISTS) if if_exists else plain)
    if found is None:
        return Condition(operator, key, values, problem=f"unknown condition operator {operator!r}")
    compiler, negated = found
    comparison = compiler(values, variables)
    problem = f"{operator} can't read {comparison.unreadable[0]!r}" if comparison.unreadable else None
    return Condition(
        operator,
        key,
        values,
        problem=problem,
        unsafe=negated and bool(comparison.unreadable),
        test=_quantified(key, comparison.test, quantifier, negated=negated, if_exists=if_exists),
    )


def _null(operator: str, key: str, values: tuple[str, ...]) -> Condition:
    """Null: "true" asks that the key be absent; a multivalued key without values is. Source: IAM, Null."""
    wanted = {parse_bool(value) for value in values}
    lowered = key.lower()

    def test(context: Context) -> Truth:
        value = context.get(lowered, key)
        if isinstance(value, frozenset):
            return value
        return (value is None or value == ()) in wanted

    problem = "Null takes true or false" if None in wanted else None
    return Condition(operator, key, values, problem=problem, test=test)


def _quantified(key: str, matches: ContextTest, quantifier: str, *, negated: bool, if_exists: bool) -> ConditionTest:
    """The rules for an absent key and for many values, around the comparison of one.

    Source: IAM, condition operators, and multivalued context keys.
    """
    lowered = key.lower()
    if quantifier == FOR_ALL:
        absent = True
    elif quantifier == FOR_ANY:
        # Where the set operator says no and IfExists says yes, IfExists is the more particular.
        absent = if_exists
    else:
        absent = negated or if_exists

    def one(value: str, context: Context) -> Truth:
        matched = matches(value, context)
        return negation(matched) if negated else matched

    def test(context: Context) -> Truth:
        value: ContextValue | frozenset[str] | None = context.get(lowered, key)
        if value is None or value == ():
            return absent
        if isinstance(value, frozenset):
            return value
        if not quantifier:
            # A plain operator doesn't match a multivalued key, not even a negated one.
            return one(value, context) if isinstance(value, str) else False
        if value == "":
            return quantifier == FOR_ALL  # an empty string is an empty set
        values = (value,) if isinstance(value, str) else value
        found = (one(item, context) for item in values)
        return every(found) if quantifier == FOR_ALL else some(found)

    return test


def all_hold(conditions: tuple[Condition, ...], context: Context) -> Truth:
    """Do all conditions of a statement hold? True where there is none."""
    if len(conditions) == 1:
        return conditions[0].test(context)
    return every(condition.test(context) for condition in conditions)
