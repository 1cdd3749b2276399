"""YAML 1.2 core scalars: what a value's characters mean when something other than text is wanted.

PyYAML itself reads YAML 1.1, where `no` is false, `012` is ten and `12:30` is 750. Here a scalar keeps its characters
until a model says what it wants; only then are they read, and only by the rules of YAML 1.2 (chapter 10.3).
"""

from __future__ import annotations

import re
from typing import Any

_NULL = re.compile(r"|~|null|Null|NULL")
_TRUE = re.compile(r"true|True|TRUE")
_FALSE = re.compile(r"false|False|FALSE")
_INTEGER = re.compile(r"[-+]?[0-9]{1,300}", re.ASCII)
_OCTAL = re.compile(r"0o([0-7]{1,100})", re.ASCII)
_HEXADECIMAL = re.compile(r"0x([0-9a-fA-F]{1,100})", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_INFINITY = re.compile(r"([-+]?)\.(inf|Inf|INF)")
_NOT_A_NUMBER = re.compile(r"\.(nan|NaN|NAN)")


class Scalar(str):
    """The characters of one scalar of the gate file, after `${VAR}` was filled.

    `plain`: its characters may mean a boolean, a number or null (unquoted, or told so by a core tag).
    `typed`: the same, or it was filled: `"${DAILY}"` may stand for a number, since braces force the quotes.
    `written`: the characters as the file has them, less what must not be told. `hidden`: only that may be shown.
    """

    __slots__ = ("hidden", "plain", "typed", "written")

    plain: bool
    typed: bool
    written: str
    hidden: bool

    @classmethod
    def of(cls, text: str, *, plain: bool = True, written: str | None = None, hidden: bool = False) -> Scalar:
        """A scalar; `written` is given where the file's own characters differ from `text`."""
        scalar = cls(text)
        scalar.plain = plain
        scalar.typed = plain or written is not None
        scalar.written = text if written is None else written
        scalar.hidden = hidden
        return scalar

    @classmethod
    def literal(cls, text: str, *, plain: bool, told: str) -> Scalar:
        """A scalar of the file's own characters, and what may be told of them."""
        scalar = cls.of(text, plain=plain, hidden=told != text)
        scalar.written = told
        return scalar

    @property
    def filled(self) -> bool:
        """True where the characters are not the file's own."""
        return self.written != self

    @property
    def is_null(self) -> bool:
        """True for null, `~` and for a value that was left out."""
        return self.plain and _NULL.fullmatch(self) is not None

    @property
    def is_blank(self) -> bool:
        """True where nothing at all was written after the colon or the dash."""
        return self.plain and not self


def boolean(text: str) -> bool | None:
    """The truth value that the characters spell, else None."""
    if _TRUE.fullmatch(text):
        return True
    return False if _FALSE.fullmatch(text) else None


def integer(text: str) -> int | None:
    """The whole number that the characters spell, else None. `012` is twelve."""
    if _INTEGER.fullmatch(text):
        return int(text)
    if match := _OCTAL.fullmatch(text):
        return int(match[1], 8)
    if match := _HEXADECIMAL.fullmatch(text):
        return int(match[1], 16)
    return None


def number(text: str) -> float | None:
    """The number that the characters spell, else None."""
    whole = integer(text)
    if whole is not None:
        return float(whole)
    if _FLOAT.fullmatch(text):
        return float(text)
    if match := _INFINITY.fullmatch(text):
        return float(f"{match[1]}inf")
    return float("nan") if _NOT_A_NUMBER.fullmatch(text) else None


def native(value: Any) -> Any:
    """A tree of scalars as plain Python values, by the core schema: for places whose shape the gate does not know."""
    if isinstance(value, Scalar):
        return _native_scalar(value)
    if isinstance(value, dict):
        return {key: native(each) for key, each in value.items()}
    if isinstance(value, list):
        return [native(each) for each in value]
    return value


def _native_scalar(scalar: Scalar) -> str | bool | int | float | None:
    text = str(scalar)
    if not scalar.plain:
        return text
    if scalar.is_null:
        return None
    for read in (boolean, integer, number):
        value = read(text)
        if value is not None:
            return value
    return text
