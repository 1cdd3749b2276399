"""`${VAR}`, `${VAR:-default}`, `${VAR:?message}` and the escape `$${`, filled from the environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

CREDENTIALS = frozenset(
    {
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    }
)
"""Names that are never filled in: what a gate holds may be printed and recorded."""

_REFERENCE = re.compile(r"\$\$\{|\$\{(?P<inside>[^}]*)(?P<end>\}?)")
_INSIDE = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::(?P<kind>[-?])(?P<rest>.*))?", re.DOTALL | re.ASCII)


class FillError(Exception):
    """Why a reference can't be filled; the text never holds a value."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        self.message = message
        self.hint = hint
        super().__init__(message)


@dataclass(slots=True)
class Filling:
    """A text with its references filled: what stood for each name, and what was wrong."""

    text: str = ""
    used: dict[str, str] = field(default_factory=dict)
    """The names that the environment knew, with their values."""
    values: set[str] = field(default_factory=set)
    """All that was filled in, defaults too."""
    wrong: list[FillError] = field(default_factory=list)


def fill(text: str, environ: Mapping[str, str], *, stand_in: bool = False) -> Filling:
    """The text filled once: what a variable holds is not read for further references.

    With `stand_in` a reference to a variable that is unset stays as it is: a replay does not know secrets.
    """
    filling = Filling()

    def replacement(match: re.Match[str]) -> str:
        if match["inside"] is None:
            return "${"
        try:
            reference = _reference(match["inside"], closed=bool(match["end"]))
            value = _value(reference, environ, filling, stand_in=stand_in)
        except FillError as wrong:
            filling.wrong.append(wrong)
            return match[0]
        if value is None:
            return match[0]
        filling.values.add(value)
        return value

    filling.text = _REFERENCE.sub(replacement, text)
    return filling


def _reference(inside: str, *, closed: bool) -> re.Match[str]:
    """The parts of what stands between the braces. Raises FillError."""
    escape = "write $${ for the characters themselves"
    if not closed:
        raise FillError("${ has no closing }", escape)
    if "${" in inside:
        raise FillError("a default can't hold another ${…}")
    parts = _INSIDE.fullmatch(inside)
    if parts is None:
        raise FillError("${VAR}, ${VAR:-default} or ${VAR:?message} is expected", escape)
    if parts["name"].upper() in CREDENTIALS:
        raise FillError(f"the credential {parts['name']} is never filled into a gate")
    return parts


def _value(reference: re.Match[str], environ: Mapping[str, str], filling: Filling, *, stand_in: bool) -> str | None:
    """What to put in; None leaves the reference as it is. Raises FillError."""
    name, kind = reference["name"], reference["kind"]
    value = environ.get(name)
    if value is not None and not _is_unicode(value):
        raise FillError(f"the variable {name} does not hold UTF-8")
    if value is not None and (value or kind is None):
        filling.used[name] = value
        return value
    if kind == "-":
        return str(reference["rest"])
    if stand_in:
        return None
    if kind == "?":
        said = " ".join(reference["rest"].split())
        raise FillError(f"the variable {name} is not set" + (f": {said}" if said else ""))
    raise FillError(f"the variable {name} is not set", f"set it, or write ${{{name}:-default}}")


def _is_unicode(text: str) -> bool:
    """False where the environment held bytes that are not UTF-8: Python keeps them as lone surrogates."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
