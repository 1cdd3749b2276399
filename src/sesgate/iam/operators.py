"""How a condition operator compares one value of the request with the values in a policy."""

import base64
import binascii
import ipaddress
import operator
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias, TypeVar

from msgspec import Struct

from sesgate.iam.context import Context
from sesgate.iam.globs import ContextTest, compile_template, tokenize
from sesgate.iam.matching import compile_arn_condition
from sesgate.iam.truth import Truth, some

Value = TypeVar("Value")

_LONGEST_NUMBER = 100
_LARGEST_EXPONENT = 1000
_NUMBER = frozenset("0123456789+-.eE")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM = 10**11
"""An epoch value from here on is meant in milliseconds: as seconds it would lie in the year 5138."""


class Comparison(Struct, frozen=True):
    """`test`: does a value of the request match any of the policy's? `unreadable` could not be parsed."""

    test: ContextTest
    unreadable: tuple[str, ...] = ()


class Range(Struct, frozen=True):
    """Addresses of one IP version, from first to last."""

    version: int
    first: int
    last: int


Compiler: TypeAlias = Callable[[tuple[str, ...], bool], Comparison]
"""From the policy's values, and whether variables are replaced in them."""


def parse_number(text: str) -> Decimal | None:
    """An integer or a decimal; None for anything else."""
    if not text or len(text) > _LONGEST_NUMBER or not _NUMBER.issuperset(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if abs(number.adjusted()) <= _LARGEST_EXPONENT else None


def parse_date(text: str) -> Decimal | None:
    """Seconds since 1970. Takes the ISO 8601 forms of the W3C's note and epoch time; no zone means UTC."""
    number = parse_number(text)
    if number is not None:
        return number / 1000 if abs(number) >= _MILLISECONDS_FROM else number
    if len(text) == len("YYYY-MM"):
        text += "-01"
    try:
        moment = datetime.fromisoformat(text.upper())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        elapsed = moment - _EPOCH
    except (ValueError, OverflowError):
        return None
    return Decimal(elapsed.days * 86400 + elapsed.seconds) + Decimal(elapsed.microseconds) / 1_000_000


def parse_range(text: str) -> Range | None:
    """IPv4 or IPv6, a range or one address; bits behind the prefix are let pass."""
    if "%" in text:
        return None
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
    return Range(network.version, int(network.network_address), int(network.broadcast_address))


def parse_bool(text: str) -> bool | None:
    """true or false in any case."""
    return {"true": True, "false": False}.get(text.lower())


def parse_binary(text: str) -> bytes | None:
    """Base 64."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None


def _typed(parse: Callable[[str], Value | None], matches: Callable[[Value, Value], bool]) -> Compiler:
    """Values of a type: each policy value is parsed once. Variables are not replaced in these."""

    def compile_values(values: tuple[str, ...], _variables: bool) -> Comparison:
        parsed = [parse(value) for value in values]
        wanted = tuple(value for value in parsed if value is not None)

        def test(text: str, _context: Context) -> Truth:
            found = parse(text)
            return found is not None and any(matches(found, value) for value in wanted)

        unreadable = tuple(text for text, value in zip(values, parsed, strict=True) if value is None)
        return Comparison(test, unreadable)

    return compile_values


def _templates(*, wildcards: bool, ignore_case: bool = False) -> Compiler:
    """Strings: literal ones are looked up, patterns and variables are tried one after another."""

    def compile_values(values: tuple[str, ...], variables: bool) -> Comparison:
        literals: set[str] = set()
        tests: list[ContextTest] = []
        for value in values:
            tokens = tokenize(value, variables=variables, wildcards=wildcards)
            text = tokens[0] if tokens else ""
            if len(tokens) <= 1 and isinstance(text, str):
                literals.add(text.lower() if ignore_case else text)
            else:
                tests.append(compile_template(tokens, ignore_case=ignore_case))

        return Comparison(_any_of(tests, literals, ignore_case=ignore_case))

    return compile_values


def _any_of(tests: list[ContextTest], literals: set[str], *, ignore_case: bool) -> ContextTest:
    if not literals and len(tests) == 1:
        return tests[0]

    def test(text: str, context: Context) -> Truth:
        if (text.lower() if ignore_case else text) in literals:
            return True
        return some(template(text, context) for template in tests) if tests else False

    return test


def _arns(values: tuple[str, ...], variables: bool) -> Comparison:
    tests = [compile_arn_condition(value, variables=variables) for value in values]
    return Comparison(_any_of(tests, set(), ignore_case=False))


def _bools(values: tuple[str, ...], variables: bool) -> Comparison:
    """Text that is not a boolean matches nothing, on either side."""
    strings = _templates(wildcards=False, ignore_case=True)(values, variables)
    unreadable = tuple(value for value in values if parse_bool(value) is None and not (variables and "${" in value))
    return Comparison(
        lambda text, context: parse_bool(text) is not None and strings.test(text, context),
        unreadable,
    )


def _contains(address: Range, network: Range) -> bool:
    return address.version == network.version and network.first <= address.first and address.last <= network.last


_COMPILERS: dict[str, tuple[Compiler, bool]] = {
    "stringequals": (_templates(wildcards=False), False),
    "stringnotequals": (_templates(wildcards=False), True),
    "stringequalsignorecase": (_templates(wildcards=False, ignore_case=True), False),
    "stringnotequalsignorecase": (_templates(wildcards=False, ignore_case=True), True),
    "stringlike": (_templates(wildcards=True), False),
    "stringnotlike": (_templates(wildcards=True), True),
    "numericequals": (_typed(parse_number, operator.eq), False),
    "numericnotequals": (_typed(parse_number, operator.eq), True),
    "numericlessthan": (_typed(parse_number, operator.lt), False),
    "numericlessthanequals": (_typed(parse_number, operator.le), False),
    "numericgreaterthan": (_typed(parse_number, operator.gt), False),
    "numericgreaterthanequals": (_typed(parse_number, operator.ge), False),
    "dateequals": (_typed(parse_date, operator.eq), False),
    "datenotequals": (_typed(parse_date, operator.eq), True),
    "datelessthan": (_typed(parse_date, operator.lt), False),
    "datelessthanequals": (_typed(parse_date, operator.le), False),
    "dategreaterthan": (_typed(parse_date, operator.gt), False),
    "dategreaterthanequals": (_typed(parse_date, operator.ge), False),
    "bool": (_bools, False),
    "binaryequals": (_typed(parse_binary, operator.eq), False),
    "ipaddress": (_typed(parse_range, _contains), False),
    "notipaddress": (_typed(parse_range, _contains), True),
    "arnequals": (_arns, False),
    "arnlike": (_arns, False),
    "arnnotequals": (_arns, True),
    "arnnotlike": (_arns, True),
}


def operator_named(name: str) -> tuple[Compiler, bool] | None:
    """The compiler of an operator's values, and whether it is negated. `name` is lower-case; None: no such operator."""
    return _COMPILERS.get(name)
