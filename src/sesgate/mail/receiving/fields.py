"""The words and comments of a structured header field, read from left to right once. RFC 5322 section 3.2."""

from collections.abc import Iterator

from msgspec import Struct

_DEEPEST = 20


class Token(Struct, frozen=True):
    """A word, a semicolon, or a comment without its brackets. What was quoted holds no white space any more."""

    text: str
    is_comment: bool = False


def tokens(value: str) -> Iterator[Token]:
    """All there is, however badly it is written: brackets and quotes that never close end with the text."""
    at, word = 0, ""
    while at < len(value):
        character = value[at]
        if character == "(":
            text, at = _comment(value, at)
            if word:
                yield Token(word)
            word = ""
            yield Token(text, is_comment=True)
        elif character == '"':
            text, at = _quoted(value, at)
            word += text
        elif character == ";" or character.isspace():
            if word:
                yield Token(word)
            word = ""
            if character == ";":
                yield Token(";")
            at += 1
        else:
            start = at
            while at < len(value) and value[at] not in '(";' and not value[at].isspace():
                at += 1
            word += value[start:at]
    if word:
        yield Token(word)


def _comment(value: str, at: int) -> tuple[str, int]:
    """The text of the comment that opens here, and where it is over."""
    depth, start = 0, at + 1
    while at < len(value):
        character = value[at]
        if character == "\\":
            at += 1
        elif character == "(":
            depth = min(depth + 1, _DEEPEST)
        elif character == ")":
            depth -= 1
            if depth == 0:
                return value[start:at], at + 1
        at += 1
    return value[start:], len(value)


def _quoted(value: str, at: int) -> tuple[str, int]:
    end = at + 1
    while end < len(value) and value[end] != '"':
        end += 2 if value[end] == "\\" else 1
    return "_".join(value[at + 1 : end].split()).replace(";", "_"), end + 1
