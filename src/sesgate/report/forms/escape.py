"""Text from outside, made harmless: what a terminal or a build log would obey is shown instead. Nothing is dropped."""

import re
import unicodedata

_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LOOKS_EMPTY = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
_UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"})
# Build logs obey "::error …::" at the beginning of a line, white space aside, and "##[…]" or "##vso[…]" anywhere.
_MOST_KEPT = 4096
_COMMAND = re.compile(r"(?<!\S)::|##(?=[A-Za-z]*\[)")


def visible(text: str, *, ascii_only: bool = False) -> str:
    r"""The text on one line, with controls, ESC, C1, line ends, bidirectional overrides and other unseen characters as
    `\x1b` or `\u202e`. Workflow commands no longer read as such. Applying it twice changes nothing more.
    """
    shown = text if text.isascii() and text.isprintable() else text.translate(_ASCII if ascii_only else _SEEN)
    return _COMMAND.sub(_broken, shown) if "::" in shown or "##" in shown else shown


class _Shown(dict[int, str]):
    """What is shown of each character, for `str.translate`: filled as characters turn up, and bounded."""

    def __init__(self, *, ascii_only: bool) -> None:
        self._ascii_only = ascii_only

    def __missing__(self, point: int) -> str:
        told = _shown(chr(point), ascii_only=self._ascii_only)
        if len(self) < _MOST_KEPT:
            self[point] = told
        return told


def _shown(character: str, *, ascii_only: bool) -> str:
    if character == " " or (character.isascii() and character.isprintable()):
        return character
    if character in _SHORT:
        return _SHORT[character]
    unseen = unicodedata.category(character) in _UNSEEN_CATEGORIES or character in _LOOKS_EMPTY
    return _number(character) if unseen or ascii_only else character


def _number(character: str) -> str:
    point = ord(character)
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def _broken(found: re.Match[str]) -> str:
    """The same characters to the eye of a reader, the second one as its number."""
    return found[0][0] + _number(found[0][1])


def shorten(text: str, most: int, hint: str = "") -> str:
    """The beginning of a text that is longer than `most` characters, and how long all of it is."""
    if len(text) <= most:
        return text
    return f"{text[:most].rstrip()}… ({len(text)} characters{hint})"


_SEEN, _ASCII = _Shown(ascii_only=False), _Shown(ascii_only=True)
