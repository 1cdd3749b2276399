"""Macros of SPF: the grammar of macro-strings, their expansion, and the names that come of it. RFC 7208 section 7."""

from collections.abc import Callable
from urllib.parse import quote

from msgspec import Struct

MAX_NAME = 253
"""Characters of a name that a query can hold, without the final dot. RFC 7208 section 7.3."""

MAX_LABEL = 63
LETTERS = frozenset("slodipvh")
EXPLANATION_LETTERS = LETTERS | frozenset("crt")
DELIMITERS = frozenset(".-+,/_=")
ESCAPES = {"%%": "%", "%_": " ", "%-": "%20"}

_ALPHA = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_COUNTED_DIGITS = 6


class MacroSyntaxError(ValueError):
    """The text is no macro-string, or no domain-spec. The message says what is wrong. RFC 7208 section 7.1."""


class Literal(Struct, frozen=True):
    """Text that stands for itself."""

    text: str


class Escape(Struct, frozen=True):
    """The text that `%%`, `%_` or `%-` stands for."""

    text: str


class Macro(Struct, frozen=True):
    """`%{...}`. `keep` counts the parts used, from the right; None is all. An upper-case letter wants URL escapes."""

    letter: str
    keep: int | None
    reverse: bool
    delimiters: str


MacroString = tuple[Literal | Escape | Macro, ...]
Value = Callable[[str], str]
"""What a macro letter, in lower case, stands for before it is transformed."""


def parse_macros(text: str, *, explanation: bool = False) -> MacroString:
    """The parts of a macro-string, or of the text `exp=` leads to. Raises MacroSyntaxError. RFC 7208 section 7.1."""
    parts: list[Literal | Escape | Macro] = []
    at = 0
    while at < len(text):
        percent = text.find("%", at)
        end = len(text) if percent < 0 else percent
        if end > at:
            parts.append(_literal(text[at:end], explanation=explanation))
        if percent < 0:
            break
        part, at = _expansion(text, percent, EXPLANATION_LETTERS if explanation else LETTERS)
        parts.append(part)
    return tuple(parts)


def parse_domain_spec(text: str) -> MacroString:
    """A macro-string that ends in a macro or a dot and a top label. Raises MacroSyntaxError. RFC 7208 section 7.1."""
    if not text:
        raise MacroSyntaxError("a domain is missing")
    parts = parse_macros(text)
    last = parts[-1]
    if isinstance(last, Literal) and not _ends_in_top_label(last.text):
        raise MacroSyntaxError("the domain does not end in a dot and a top-level label, nor in a macro")
    return parts


def expand(parts: MacroString, value: Value) -> str:
    """The text with its macros replaced. RFC 7208 section 7.3."""
    return "".join(_transform(part, value) if isinstance(part, Macro) else part.text for part in parts)


def is_static(parts: MacroString) -> bool:
    """Whether the text is the same for every message."""
    return not any(isinstance(part, Macro) for part in parts)


def to_name(text: str) -> str | None:
    """The name to ask for, without final dot, cut on the left by labels until it fits; None where none can be asked.

    RFC 7208 sections 4.8 and 7.3.
    """
    name = text.removesuffix(".")
    if len(name) > MAX_NAME:
        whole_labels_start = name.find(".", len(name) - MAX_NAME - 1)
        name = name[whole_labels_start + 1 :]
    return name if is_name(name) else None


def is_name(text: str) -> bool:
    """Whether a query can hold the name: no label empty or longer than 63, nothing but printable ASCII."""
    if len(text) > MAX_NAME or not all(" " <= character <= "~" for character in text):
        return False
    return all(0 < len(label) <= MAX_LABEL for label in text.split("."))


def _literal(text: str, *, explanation: bool) -> Literal:
    lowest = " " if explanation else "!"
    if not all(lowest <= character <= "~" for character in text):
        raise MacroSyntaxError("a character is not printable ASCII")
    return Literal(text)


def _expansion(text: str, percent: int, letters: frozenset[str]) -> tuple[Escape | Macro, int]:
    """What the percent sign begins, and where the text goes on."""
    pair = text[percent : percent + 2]
    if pair in ESCAPES:
        return Escape(ESCAPES[pair]), percent + 2
    if pair != "%{":
        raise MacroSyntaxError("a percent sign is followed by none of { % _ -")
    close = text.find("}", percent)
    if close < 0:
        raise MacroSyntaxError("a macro is not closed")
    return _macro(text[percent + 2 : close], letters), close + 1


def _macro(body: str, letters: frozenset[str]) -> Macro:
    """A macro from what stands between its braces."""
    letter, rest = body[:1], body[1:]
    if letter not in _ALPHA or letter.lower() not in letters:
        raise MacroSyntaxError(f"there is no macro letter {letter!r} here")
    after_digits = next((at for at, character in enumerate(rest) if character not in _DIGITS), len(rest))
    keep = _keep(rest[:after_digits])
    rest = rest[after_digits:]
    reverse = rest[:1] in ("r", "R")
    delimiters = rest[1:] if reverse else rest
    if not DELIMITERS.issuperset(delimiters):
        raise MacroSyntaxError("a macro has an unknown transformer or delimiter")
    # Each delimiter once, so that a long row of them costs nothing.
    return Macro(letter, keep, reverse, "".join(dict.fromkeys(delimiters)) or ".")


def _keep(digits: str) -> int | None:
    """The count of parts; None for all. Zero is an error. RFC 7208 section 7.3."""
    significant = digits.lstrip("0")
    if digits and not significant:
        raise MacroSyntaxError("a macro keeps zero parts")
    # A count beyond any number of parts means all of them, and need not be read: int() refuses very long digits.
    return int(significant) if 0 < len(significant) <= _COUNTED_DIGITS else None


def _transform(macro: Macro, value: Value) -> str:
    """Split at the delimiters, reversed, cut, joined by dots, escaped. RFC 7208 section 7.3."""
    text = value(macro.letter.lower())
    first = macro.delimiters[0]
    for other in macro.delimiters[1:]:
        text = text.replace(other, first)
    parts = text.split(first)
    if macro.reverse:
        parts.reverse()
    text = ".".join(parts if macro.keep is None else parts[-macro.keep :])
    return quote(text, safe="", errors="replace") if macro.letter.isupper() else text


def _ends_in_top_label(text: str) -> bool:
    """Whether the text ends in `"." toplabel [ "." ]`: letters, digits and inner hyphens, not digits alone."""
    _, dot, label = text.removesuffix(".").rpartition(".")
    characters = set(label)
    return (
        bool(dot and label)
        and characters <= _ALPHA | _DIGITS | {"-"}
        and not characters <= _DIGITS
        and not label.startswith("-")
        and not label.endswith("-")
    )
