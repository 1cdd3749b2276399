"""JSON values made comparable: canonical texts, numbers."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import Any

_DEEPEST = 24


def number(value: object) -> Fraction | None:
    """A finite JSON number, None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or not isfinite(value):
        return None
    return Fraction(value)


def canonical(value: Any, depth: int = 0) -> str:
    """One text for equal values: member order and 1 = 1.0 make no difference. Cut off at a depth of 24."""
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        members = sorted((json.dumps(str(key)), canonical(inner, depth + 1)) for key, inner in value.items())
        return "{" + ",".join(f"{key}:{inner}" for key, inner in members) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return "[" + ",".join(canonical(inner, depth + 1) for inner in value) + "]"
    if value is None or isinstance(value, bool | str):
        return json.dumps(value)
    plain = number(value)
    return str(plain) if plain is not None else json.dumps(str(value))
