"""EventBridge event patterns, held against an event of which only part is known. Pure.

Source: Amazon EventBridge User Guide, "Comparison operators for use in event patterns".
"""

import json
from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Any


class Match(IntEnum):
    """Ordered so that AND is the least and OR the greatest."""

    NEVER = 0
    UNCLEAR = 1
    """The pattern says something that is not understood here."""
    SOMETIMES = 2
    """It depends on what the single event holds."""
    ALWAYS = 3


class Unknown:
    """A part of the event that differs from one event to the next."""


UNKNOWN = Unknown()
_ABSENT = object()

Event = Mapping[str, Any]
"""Strings, lists of strings, mappings, or UNKNOWN. A key that is not there is not in any such event."""


def matches(pattern: str, event: Event) -> Match:
    """How an event pattern (JSON text) meets such events."""
    try:
        parsed = json.loads(pattern)
        return _object(parsed, event) if isinstance(parsed, dict) else Match.UNCLEAR
    except (ValueError, RecursionError):
        return Match.UNCLEAR


def ses_feedback(kind: str, *, account: str | None, region: str, configuration_set: str, domain: str) -> Event:
    """What SES tells EventBridge of a "bounce" or "complaint". Source: SES Developer Guide, EventBridge events."""
    detail_type, event_type = {
        "bounce": ("Email Bounced", "Bounce"),
        "complaint": ("Email Complaint Received", "Complaint"),
    }[kind]
    tags = {"ses:configuration-set": [configuration_set], "ses:from-domain": [domain]}
    known_mail = {"sendingAccountId": account or UNKNOWN, "tags": _Open(tags)}
    return {
        "version": "0",
        "id": UNKNOWN,
        "time": UNKNOWN,
        "resources": UNKNOWN,
        "source": "aws.ses",
        "detail-type": detail_type,
        "account": account or UNKNOWN,
        "region": region,
        "detail": {"eventType": event_type, "mail": _Open(known_mail), kind: UNKNOWN},
    }


class _Open(dict[str, Any]):
    """A mapping that may hold other keys as well."""

    def __missing__(self, key: str) -> Any:
        return UNKNOWN


def _object(pattern: Mapping[str, Any], event: Any) -> Match:
    """All fields have to match."""
    return min((_field(name, wanted, event) for name, wanted in pattern.items()), default=Match.ALWAYS)


def _field(name: str, wanted: Any, event: Any) -> Match:
    if name == "$or" and isinstance(wanted, list) and len(wanted) > 1:
        return max(_object(one, event) if isinstance(one, dict) else Match.UNCLEAR for one in wanted)
    value = _value(event, name)
    if isinstance(wanted, dict):
        return _object(wanted, value)
    if isinstance(wanted, list) and wanted:
        return max(_leaf(one, value) for one in wanted)
    return Match.UNCLEAR


def _value(event: Any, name: str) -> Any:
    if event is UNKNOWN:
        return UNKNOWN
    if not isinstance(event, Mapping):
        return _ABSENT
    try:
        return event[name]
    except KeyError:
        return _ABSENT


def _leaf(wanted: Any, value: Any) -> Match:
    """One entry of a leaf's list: a literal, or one operator."""
    if isinstance(wanted, dict):
        if len(wanted) != 1:
            return Match.UNCLEAR
        [(operator, operand)] = wanted.items()
        if operator == "exists":
            return _exists(operand, value)
        if operator not in _KNOWN:
            return Match.UNCLEAR
        return _compared(value, _test(operator, operand))
    if wanted is None or isinstance(wanted, str | bool | int | float):
        return _compared(value, lambda text: text == wanted)
    return Match.UNCLEAR


def _exists(operand: Any, value: Any) -> Match:
    if not isinstance(operand, bool):
        return Match.UNCLEAR
    if value is UNKNOWN:
        return Match.SOMETIMES
    return Match.ALWAYS if operand is (value is not _ABSENT and not isinstance(value, Mapping)) else Match.NEVER


def _compared(value: Any, test: "Callable[[str], bool] | None") -> Match:
    """A list in the event matches by any of its entries."""
    if value is _ABSENT or isinstance(value, Mapping):
        return Match.NEVER
    if test is None:
        return Match.UNCLEAR
    if value is UNKNOWN:
        return Match.SOMETIMES
    texts: Sequence[str] = value if isinstance(value, list) else [value]
    return Match.ALWAYS if any(test(text) for text in texts) else Match.NEVER


_KNOWN = frozenset({"prefix", "suffix", "equals-ignore-case", "wildcard", "anything-but", "numeric", "cidr"})


def _test(operator: str, operand: Any) -> "Callable[[str], bool] | None":
    """The operator as a test of a text; None where its operand is not understood."""
    match operator, operand:
        case "prefix", str() as start:
            return lambda text: text.startswith(start)
        case "prefix", {"equals-ignore-case": str() as start}:
            return lambda text: text.lower().startswith(start.lower())
        case "suffix", str() as end:
            return lambda text: text.endswith(end)
        case "suffix", {"equals-ignore-case": str() as end}:
            return lambda text: text.lower().endswith(end.lower())
        case "equals-ignore-case", str() as whole:
            return lambda text: text.lower() == whole.lower()
        case "wildcard", str() as glob:
            return _wildcard(glob)
        case ("numeric", list()) | ("cidr", str()):
            return _is_a_number
        case "anything-but", _:
            return _anything_but(operand)
    return None


def _is_a_number(_text: str) -> bool:
    """Neither a number nor an address: the fields that are known here are names."""
    return False


def _anything_but(operand: Any) -> "Callable[[str], bool] | None":
    if isinstance(operand, dict):
        if len(operand) != 1:
            return None
        [(operator, excepted)] = operand.items()
        if operator in ("anything-but", "numeric", "cidr"):
            return None
        tests = [_test(operator, one) for one in (excepted if isinstance(excepted, list) else [excepted])]
        if not tests or any(test is None for test in tests):
            return None
        return lambda text: not any(test is not None and test(text) for test in tests)
    if isinstance(operand, list):
        return (lambda text: text not in operand) if operand else None
    return (lambda text: text != operand) if isinstance(operand, str | int | float) else None


def _wildcard(glob: str) -> "Callable[[str], bool]":
    """Only `*` is a wildcard; a backslash makes it a character. Runs in time linear in the text for each part."""
    parts = [""]
    position = 0
    while position < len(glob):
        character = glob[position]
        if character == "\\" and position + 1 < len(glob):
            position += 1
            parts[-1] += glob[position]
        elif character == "*":
            parts.append("")
        else:
            parts[-1] += character
        position += 1
    first, *middle, last = parts if len(parts) > 1 else [parts[0], ""]

    def test(text: str) -> bool:
        if len(parts) == 1:
            return text == first
        if len(text) < len(first) + len(last) or not (text.startswith(first) and text.endswith(last)):
            return False
        at, end = len(first), len(text) - len(last)
        for part in middle:
            found = text.find(part, at, end)
            if found < 0:
                return False
            at = found + len(part)
        return True

    return test


def published(kind: str, field: str, *, account: str | None, configuration_set: str | None, source: str) -> Event:
    """What SES publishes to a topic of a "bounce", "complaint" or "delivery". `field` names the kind there.

    Source: SES Developer Guide, "Contents of event data that Amazon SES publishes to Amazon SNS".
    """
    mail: dict[str, Any] = {"sendingAccountId": account or UNKNOWN, "source": source}
    if configuration_set and field == "eventType":
        domain = source.rpartition("@")[2]
        mail["tags"] = _Open({"ses:configuration-set": [configuration_set], "ses:from-domain": [domain]})
    return {field: kind.title(), "mail": _Open(mail), kind: UNKNOWN}
