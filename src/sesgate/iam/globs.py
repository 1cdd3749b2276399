"""IAM's wildcards and policy variables, matched in linear time.

A pattern is cut into tokens once: literal text, `*`, `?` and variables. No regular expression is built, so a policy
written to be slow is not.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import TypeAlias

from sesgate.iam.context import Context, Variable
from sesgate.iam.truth import Truth


class Wild(Enum):
    """A wildcard: any run of characters, or any one character."""

    MANY = "*"
    ONE = "?"


Token: TypeAlias = str | Wild | Variable
Test: TypeAlias = Callable[[str], bool]
ContextTest: TypeAlias = Callable[[str, Context], Truth]

_WILD = {"*": Wild.MANY, "?": Wild.ONE}
_LITERAL_VARIABLES = frozenset("*?$")


def tokenize(text: str, *, variables: bool, wildcards: bool = True) -> tuple[Token, ...]:
    """Cuts `text` at wildcards and variables. `${*}`, `${?}` and `${$}` are the literal characters."""
    tokens: list[Token] = []
    start = position = 0
    end = len(text)
    while position < end:
        character = text[position]
        token: Token | None = None
        after = position + 1
        if wildcards and character in _WILD:
            token = _WILD[character]
        elif variables and character == "$" and text.startswith("{", position + 1):
            close = text.find("}", position + 2)
            if close == -1:
                variables = False  # no brace closes from here on: looking again would make this quadratic
            else:
                inner = text[position + 2 : close]
                token = inner if inner in _LITERAL_VARIABLES else Variable.parse(inner)
                after = close + 1
        if token is not None:
            if start < position:
                tokens.append(text[start:position])
            tokens.append(token)
            start = after
        position = after
    if start < end:
        tokens.append(text[start:])
    return tuple(_joined(tokens))


def _joined(tokens: Iterable[Token]) -> list[Token]:
    """Adjacent literals become one, adjacent stars too."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        if isinstance(token, str) and isinstance(last, str):
            joined[-1] = last + token
        elif not (token is Wild.MANY and last is Wild.MANY):
            joined.append(token)
    return joined


def matches_everything(tokens: tuple[Token, ...]) -> bool:
    """Is it stars and nothing else?"""
    return tokens == (Wild.MANY,)


def compile_glob(tokens: Iterable[Token]) -> Test:
    """A test of whole texts. The tokens hold no variable. Runs in time linear in the text."""
    joined = _joined(token for token in tokens if token != "")
    match joined:
        case []:
            return "".__eq__
        case [str() as literal]:
            return literal.__eq__
        case [Wild.MANY]:
            return _anything
        case [str() as prefix, Wild.MANY]:
            return lambda text: text.startswith(prefix)
        case [Wild.MANY, str() as suffix]:
            return lambda text: text.endswith(suffix)
    return _general_glob(joined)


def _anything(_text: str) -> bool:
    return True


class _Chunk:
    """What stands between two stars: literal text and `?`, so of a known length."""

    __slots__ = ("_any", "_literal", "_masks", "_pieces", "length")

    def __init__(self, tokens: list[Token]) -> None:
        self._pieces: list[tuple[int, str]] = []
        self.length = 0
        for token in tokens:
            if isinstance(token, str):
                self._pieces.append((self.length, token))
                self.length += len(token)
            else:
                self.length += 1
        self._literal = tokens[0] if len(tokens) == 1 and isinstance(tokens[0], str) else None
        self._masks: dict[str, int] | None = None
        self._any = 0

    def stands_at(self, text: str, position: int) -> bool:
        """The caller has made sure that there is room."""
        return all(text.startswith(piece, position + offset) for offset, piece in self._pieces)

    def find(self, text: str, start: int, end: int) -> int:
        """The first place in text[start:end] where it stands, or -1."""
        if self._literal is not None:
            return text.find(self._literal, start, end)
        if start + self.length > end:
            return -1
        if not self._pieces:
            return start
        return self._shift_and(text, start, end)

    def _shift_and(self, text: str, start: int, end: int) -> int:
        """Baeza-Yates and Gonnet's shift-and: bit i says that the first i+1 characters of the chunk end here."""
        if self._masks is None:
            masks: dict[str, int] = {}
            known = 0
            for offset, piece in self._pieces:
                for index, character in enumerate(piece, offset):
                    masks[character] = masks.get(character, 0) | 1 << index
                    known |= 1 << index
            self._any = ((1 << self.length) - 1) & ~known
            self._masks = {character: mask | self._any for character, mask in masks.items()}
        masks, unknown = self._masks, self._any
        accepting = 1 << (self.length - 1)
        state = 0
        for position in range(start, end):
            state = ((state << 1) | 1) & masks.get(text[position], unknown)
            if state & accepting:
                return position - self.length + 1
        return -1


def _general_glob(tokens: list[Token]) -> Test:
    """Chunks between stars: the outer two are anchored, the others found leftmost first, never to go back."""
    groups: list[list[Token]] = [[]]
    for token in tokens:
        if token is Wild.MANY:
            groups.append([])
        else:
            groups[-1].append(token)
    chunks = [_Chunk(group) for group in groups]
    first, last = chunks[0], chunks[-1]
    if len(chunks) == 1:
        return lambda text: len(text) == first.length and first.stands_at(text, 0)
    middle = tuple(chunk for chunk in chunks[1:-1] if chunk.length)
    shortest = sum(chunk.length for chunk in chunks)

    def test(text: str) -> bool:
        length = len(text)
        if length < shortest:
            return False
        end = length - last.length
        if not (first.stands_at(text, 0) and last.stands_at(text, end)):
            return False
        position = first.length
        for chunk in middle:
            found = chunk.find(text, position, end)
            if found == -1:
                return False
            position = found + chunk.length
        return True

    return test


def compile_template(tokens: tuple[Token, ...], *, ignore_case: bool = False) -> ContextTest:
    """A test of texts against tokens that may hold variables.

    A variable that has no value makes it match nothing; an unknown one makes the answer unknown where one could match.
    """
    if ignore_case:
        tokens = tuple(token.lower() if isinstance(token, str) else token for token in tokens)
    if not any(isinstance(token, Variable) for token in tokens):
        fixed = compile_glob(tokens)
        return lambda text, _context: fixed(text.lower() if ignore_case else text)

    def test(text: str, context: Context) -> Truth:
        filled: list[Token] = []
        unknown: frozenset[str] = frozenset()
        for token in tokens:
            if not isinstance(token, Variable):
                filled.append(token)
                continue
            value = context.fill(token)
            if value is None:
                return False
            if isinstance(value, frozenset):
                unknown |= value
                filled.append(Wild.MANY)
            else:
                filled.append(value.lower() if ignore_case else value)
        matched = compile_glob(filled)(text.lower() if ignore_case else text)
        return unknown if matched and unknown else matched

    return test


def glob_matches(pattern: str, text: str) -> bool:
    """Does a pattern with `*` and `?`, and no variables, match the whole text?"""
    return compile_glob(tokenize(pattern, variables=False))(text)
