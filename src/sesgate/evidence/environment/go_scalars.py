"""YAML without quotes as Go programs read it and write it out again, pure: `0545` is 357, and `24.10` is 24.1.

Sources: yaml.v3, which reads YAML 1.1 octals still (its README, "Compatibility"); the package fmt, verb `%v`.
"""

import math
import re
from decimal import Decimal

_WHOLE = re.compile(r"([-+]?)(?:(0[xX][0-9a-fA-F]+)|(0[bB][01]+)|(0[oO]?[0-7]+)|(0|[1-9][0-9]*))", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_LARGEST = 2**64
_MOST_DIGITS = 6
"""From ten to the sixth on, Go writes an exponent."""
_LONGEST = 100


def as_written_out(plain: str) -> str:
    """What a number or a truth value becomes as text; anything else stays as it is."""
    if plain in {"true", "True", "TRUE", "false", "False", "FALSE"}:
        return plain.lower()
    digits = plain.replace("_", "")
    if len(digits) > _LONGEST or not plain[:1].strip("_"):
        return plain
    whole = _whole(digits)
    if whole is not None and -_LARGEST // 2 <= whole < _LARGEST:
        return str(whole)
    if _FLOAT.fullmatch(digits):
        value = float(digits)
        return _float(value) if math.isfinite(value) else plain
    return plain


def _whole(digits: str) -> int | None:
    match = _WHOLE.fullmatch(digits)
    if match is None:
        return None
    sign, hexadecimal, binary, octal, decimal = match.groups()
    if hexadecimal or binary:
        value = int(digits.lstrip("+-"), 0)
    elif octal:
        value = int(octal.lower().replace("o", ""), 8)
    else:
        value = int(decimal)
    return -value if sign == "-" else value


def _float(value: float) -> str:
    """The shortest digits that mean the same number. Go: strconv.FormatFloat(value, 'g', -1, 64)."""
    number = Decimal(repr(value)).normalize()
    exponent = number.adjusted()
    if number == 0:
        return "-0" if number.is_signed() else "0"
    if -4 <= exponent < _MOST_DIGITS:
        return f"{number:f}"
    sign, figures, _ = number.as_tuple()
    rest = "".join(map(str, figures[1:]))
    return f"{'-' if sign else ''}{figures[0]}{f'.{rest}' if rest else ''}e{exponent:+03d}"
