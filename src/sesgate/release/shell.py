"""Shell text to simple commands. POSIX.1-2017, Shell Command Language, as far as needed to see what may run.

Conditions are not decided but by the script's own arguments: both branches of an `if`, the body of a function and of a
loop all count. Nothing is run, and nothing is expanded but literal assignments, defaults and those arguments.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from msgspec import Struct

from sesgate.release.branches import CASE, IF, Branches
from sesgate.release.syntax import closing, here_document, is_assignment, without_keywords

MAX_TEXT = 200_000
"""Characters of one text that are read, and characters that its expansions may add."""

_MAX_NESTING = 12
_MAX_VALUE = 4_000

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PLAIN = re.compile(r"[^\s'\"\\$`#<>;&|()]+")
_PLAIN_IN_QUOTES = re.compile(r"[^\"\\$`]+")
_FUNCTION = re.compile(r"\([ \t]*\)")
_DEFAULT = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*|[0-9@*])(?::?[-=](?P<default>.*))?\Z", re.DOTALL)
_DELIMITER = re.compile(r"-?[ \t]*(?:'([^'\n]*)'|\"([^\"\n]*)\"|\\?([^\s'\";&|()<>]+))")

_SEPARATORS = ";&|\n"
_DECLARING = frozenset({"export", "local", "readonly", "declare", "typeset"})


class Command(Struct, frozen=True):
    """One simple command. `heredocs` are the texts that it reads."""

    words: tuple[str, ...]
    heredocs: tuple[str, ...] = ()


def commands(text: str, arguments: Sequence[str] = ()) -> Iterator[Command]:
    """Every simple command that may run, in order; those in `$(…)` before the command that uses them.

    `arguments` stand for `$@` and `$1`. What is longer than MAX_TEXT is cut off.
    """
    yield from _Reader(text[:MAX_TEXT], tuple(arguments)).read()


@dataclass(slots=True)
class _Reader:
    """Reads once from left to right. What is nested is read by a reader of its own, to a limited depth."""

    text: str
    arguments: tuple[str, ...] = ()
    variables: dict[str, str] = field(default_factory=dict)
    depth: int = 0
    at: int = 0
    words: list[str] = field(default_factory=list)
    word: list[str] = field(default_factory=list)
    in_word: bool = False
    skips_word: bool = False
    """The next word is the target of a redirection."""
    parentheses: int = 0
    nested: list[str] = field(default_factory=list)
    waiting: list[tuple[str, bool]] = field(default_factory=list)
    """Delimiters of here-documents that begin after this line, and whether their tabs are stripped."""
    heredocs: list[str] = field(default_factory=list)
    branches: Branches = field(init=False)
    left: int = MAX_TEXT
    """How many characters expansions may still add: variables can double each other."""

    def __post_init__(self) -> None:
        self.branches = Branches(self.arguments)

    def read(self) -> Iterator[Command]:
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == "\n" and self.waiting:
                self._read_heredocs()
                yield from self._end_command()
            elif character in _SEPARATORS:
                yield from self._read_separator(character)
            elif character in "ci" and not self.in_word and self._begins_branch():
                continue
            elif character in " \t\r\f\v":
                self.at += 1
                self._end_word()
            elif character == "#" and not self.in_word:
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif character in "()":
                yield from self._read_parenthesis(character)
            else:
                self._read_part(character)
        yield from self._end_command()

    def _read_separator(self, character: str) -> Iterator[Command]:
        if self.branches.in_pattern and character in "|\n":
            self._end_word()
            if self.words[:1] == ["esac"]:
                yield from self._end_command()
            else:
                self._end_pattern(ends=False)
            self.at += 1
            return
        ends_branch = self.text.startswith((";;", ";&"), self.at)
        yield from self._end_command()
        if ends_branch:
            self.branches.next(falls_through="&" in self.text[self.at : self.at + 3])
            self.at += 1
        self.at += 1

    def _begins_branch(self) -> bool:
        """`case "$1" in`, `if [ "$1" = … ]`, where a command begins."""
        match = CASE.match(self.text, self.at) or IF.match(self.text, self.at)
        if match is None or without_keywords(self.words):
            return False
        self.branches.words(self.words)
        self.words = []
        if not self.branches.decide(match):
            return False
        self.at = match.end()
        return True

    def _end_pattern(self, *, ends: bool) -> None:
        self._end_word()
        words = self.words[3:] if self.words[:1] == ["case"] else self.words
        self.branches.pattern(words, ends=ends)
        self.words = []

    def _read_part(self, character: str) -> None:
        """A part of a word, or a redirection."""
        if character == "'":
            end = self.text.find("'", self.at + 1)
            end = len(self.text) if end < 0 else end
            self._add(self.text[self.at + 1 : end])
            self.at = end + 1
        elif character == '"':
            self._read_quoted()
        elif character == "\\":
            if self.text.startswith(("\\\n", "\\\r\n"), self.at):
                self.at = self.text.index("\n", self.at) + 1
            else:
                self._add(self.text[self.at + 1 : self.at + 2])
                self.at += 2
        elif character in "$`":
            self._read_expansion(quoted=False)
        elif character in "<>":
            self._read_redirection()
        else:
            match = _PLAIN.match(self.text, self.at)
            self._add(match[0] if match else character)
            self.at = match.end() if match else self.at + 1

    def _add(self, part: str) -> None:
        self.word.append(part)
        self.in_word = True

    def _end_word(self) -> None:
        if not self.in_word:
            return
        word = "".join(self.word)
        self.word, self.in_word = [], False
        if self.skips_word:
            self.skips_word = False
        else:
            self.words.append(word)

    def _end_command(self) -> Iterator[Command]:
        self._end_word()
        self.skips_word = False
        self.branches.words(self.words)
        if self.branches.skips:
            self.nested, self.words, self.heredocs = [], [], []
            return
        for text in self.nested:
            yield from _Reader(text, self.arguments, self.variables, self.depth + 1).read()
        words, heredocs = without_keywords(self.words), tuple(self.heredocs)
        self.nested, self.words, self.heredocs = [], [], []
        self._remember(words)
        if words:
            yield Command(tuple(words), heredocs)

    def _remember(self, words: list[str]) -> None:
        """Assignments that last: `A=b` alone, `export A=b`."""
        lasting = words[1:] if words and words[0] in _DECLARING else words
        if lasting and all(map(is_assignment, lasting)):
            for word in lasting:
                name, _, value = word.partition("=")
                self.variables[name] = value[:_MAX_VALUE]

    def _drop_words(self) -> None:
        self.word, self.in_word, self.words = [], False, []

    def _read_parenthesis(self, character: str) -> Iterator[Command]:
        function = _FUNCTION.match(self.text, self.at) if character == "(" else None
        if function:
            # `name() {`: the name runs nothing, the body follows.
            self._drop_words()
            self.branches.function()
            self.at = function.end()
            return
        self.at += 1
        if self.branches.in_pattern:
            if character == ")":
                self._end_pattern(ends=True)
            return
        if character == "(":
            self.parentheses += 1
        elif self.parentheses:
            self.parentheses -= 1
        else:
            self._drop_words()  # a pattern of `case`
        yield from self._end_command()

    def _read_quoted(self) -> None:
        """Between double quotes."""
        if not self.arguments and self.text.startswith('"$@"', self.at):
            self.at += len('"$@"')  # no word at all
            return
        self.at += 1
        self._add("")
        while self.at < len(self.text):
            character = self.text[self.at]
            if character == '"':
                self.at += 1
                return
            if character == "\\":
                escaped = self.text[self.at + 1 : self.at + 2]
                self._add(escaped if escaped in '$`"\\' else "" if escaped == "\n" else f"\\{escaped}")
                self.at += 2
            elif character in "$`":
                self._read_expansion(quoted=True)
            else:
                match = _PLAIN_IN_QUOTES.match(self.text, self.at)
                self._add(match[0] if match else "")
                self.at = match.end() if match else self.at + 1

    def _read_expansion(self, *, quoted: bool) -> None:
        """`$(…)`, backquotes, `${…}`, `$NAME`."""
        text, at = self.text, self.at
        if text[at] == "`":
            end = text.find("`", at + 1)
            self._nest(at + 1, len(text) if end < 0 else end)
        elif text.startswith("$(", at):
            self._nest(at + 2, closing(text, at + 2))
        elif text.startswith("${", at):
            end = text.find("}", at)
            self.at = len(text) if end < 0 else end + 1
            literal = text[at : min(self.at, at + _MAX_VALUE)]
            match = _DEFAULT.match(literal[2:-1])
            if match:
                self._expand(match["name"], match["default"], literal, quoted=quoted)
            else:
                self._add(literal)
        else:
            match = _NAME.match(text, at + 1)
            name = match[0] if match else text[at + 1 : at + 2]
            if match or (name and name in "0123456789@*#?$!-"):
                self.at = at + 1 + len(name)
                self._expand(name, None, f"${name}", quoted=quoted)
            else:
                self.at = at + 1
                self._add("$")

    def _expand(self, name: str, default: str | None, literal: str, *, quoted: bool) -> None:
        """The value where it is known; the reference itself where it is not, so that it can be told."""
        if name in {"@", "*"}:
            words = self.arguments
            if not words:
                return
        else:
            value = self.variables.get(name, default)
            if name in tuple("123456789") and default is None:
                value = self.arguments[int(name) - 1] if int(name) <= len(self.arguments) else ""
            if value is None:
                self._add(literal)
                return
            words = (value,) if quoted else tuple(value.split())
        self.left -= sum(map(len, words))
        for index, word in enumerate(words if self.left > 0 else (literal,)):
            if index:
                self._end_word()
            self._add(word)

    def _nest(self, start: int, end: int) -> None:
        if self.depth < _MAX_NESTING:
            self.nested.append(self.text[start:end])
        self._add("$(…)")
        self.at = end + 1

    def _read_redirection(self) -> None:
        text = self.text
        if "".join(self.word).isdigit():
            self.word, self.in_word = [], False  # 2>&1
        self._end_word()
        if text.startswith(("<(", ">("), self.at):
            self._nest(self.at + 2, closing(text, self.at + 2))
        elif text.startswith("<<", self.at) and not text.startswith("<<<", self.at):
            self.at += 2
            strips_tabs = text.startswith("-", self.at)
            match = _DELIMITER.match(text, self.at)
            if match:
                self.at = match.end()
                self.waiting.append((match[1] or match[2] or match[3] or "", strips_tabs))
        else:
            while self.at < len(text) and text[self.at] in "<>&|-":
                self.at += 1
            self.skips_word = True

    def _read_heredocs(self) -> None:
        """The texts that begin behind this line."""
        for delimiter, strips_tabs in self.waiting:
            body, self.at = here_document(self.text, self.at + 1, delimiter, strips_tabs=strips_tabs)
            self.heredocs.append(body)
        self.waiting = []
        self.at += 1
