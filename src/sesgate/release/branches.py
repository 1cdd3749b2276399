"""Which branches of `case "$1" in` and `if [ "$1" = … ]` a script takes, where its arguments are known.

Entry points choose by their first argument whether to migrate or to serve. Other conditions are not decided.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

_ARGUMENT = r"\"?\$(?:(?P<plain>[1-9])|\{(?P<braced>[1-9])(?::?-(?P<default>[\w./:@-]{0,100}))?\})\"?"
_LITERAL = r"(?P<quote>[\"']?)(?P<literal>[\w./:@-]{0,100})(?P=quote)"
CASE = re.compile(rf"case[ \t]+{_ARGUMENT}[ \t]+in(?=\s)")
IF = re.compile(rf"if[ \t]+\[\[?[ \t]+{_ARGUMENT}[ \t]+(?P<operator>==?|!=)[ \t]+{_LITERAL}[ \t]+\]\]?(?=[ \t]*[;\n])")
_BEFORE_MORE = frozenset({"then", "do", "!", "while", "until", "time"})
_CHANGING = frozenset({"shift", "set"})
_LONGEST = 200
_MOST_OPEN = 100


@dataclass(slots=True)
class Branch:
    """One `if` or `case` that is open. `value` is what a `case` compares, None where that is not known."""

    is_case: bool
    value: str | None = None
    taken: bool | None = None
    """Whether an earlier branch is the one that runs; None where nobody can tell."""
    skips: bool = False
    in_pattern: bool = False
    patterns: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Branches:
    """The branches that are open, the innermost last."""

    arguments: Sequence[str]
    open: list[Branch] = field(default_factory=list)
    changed: bool = False
    braces: int = 0
    function_at: int | None = None
    """How many braces were open where a function began: within it `$1` is its own."""
    is_lost: bool = False
    """More are open than anybody writes: from here on all counts."""

    @property
    def skips(self) -> bool:
        """Whether what stands here never runs."""
        return not self.is_lost and any(branch.skips for branch in self.open)

    @property
    def in_pattern(self) -> bool:
        """Whether a pattern of a `case` is being read."""
        return not self.is_lost and bool(self.open) and self.open[-1].in_pattern

    def decide(self, match: re.Match[str]) -> bool:
        """Opens the branch of a match of CASE or IF; False where the argument is not known."""
        value = self._value(match)
        if value is None:
            return False
        if match.re is CASE:
            self._open(Branch(True, value, False, in_pattern=True))
        else:
            holds = (value == match["literal"]) is (match["operator"] != "!=")
            self._open(Branch(False, taken=holds, skips=not holds))
        return True

    def _open(self, branch: Branch) -> None:
        self.is_lost = self.is_lost or len(self.open) >= _MOST_OPEN
        if not self.is_lost:
            self.open.append(branch)

    def _value(self, match: re.Match[str]) -> str | None:
        number = int(match["plain"] or match["braced"])
        if self.changed or not self.arguments or self.function_at is not None:
            return None
        given = self.arguments[number - 1] if number <= len(self.arguments) else ""
        return None if "$" in given else given or match["default"] or ""

    def function(self) -> None:
        """A function's body begins."""
        self.function_at = self.braces if self.function_at is None else self.function_at

    def _brace(self, step: int) -> None:
        self.braces = max(0, self.braces + step)
        if step < 0 and self.function_at is not None and self.braces <= self.function_at:
            self.function_at = None

    def words(self, words: Sequence[str]) -> None:
        """Looks at the keywords that begin a command."""
        left = iter(words)
        for word in left:
            if word == "if":
                self._open(Branch(False))
            elif word == "case":
                self._open(Branch(True, in_pattern=True))
                return
            elif word in {"else", "elif"}:
                self._other(is_last=word == "else")
            elif word in {"fi", "esac"}:
                self._close(is_case=word == "esac")
            elif word in {"{", "}"}:
                self._brace(1 if word == "{" else -1)
            elif word == "function":
                self.function()
                next(left, None)
            elif word not in _BEFORE_MORE:
                self.changed = self.changed or word in _CHANGING
                return

    def _other(self, *, is_last: bool) -> None:
        """`else`, or an `elif` whose own condition is not decided."""
        branch = self.open[-1] if self.open else None
        if branch is not None and not branch.is_case:
            branch.skips = branch.taken is True
            branch.taken = branch.taken if branch.taken is True or is_last else None

    def _close(self, *, is_case: bool) -> None:
        if self.open and self.open[-1].is_case is is_case:
            self.open.pop()

    def pattern(self, words: Sequence[str], *, ends: bool) -> None:
        """A pattern of a `case`; where it ends the branch begins."""
        branch = self.open[-1]
        branch.patterns += words
        if not ends:
            return
        branch.in_pattern = False
        if branch.value is not None:
            value = branch.value[:_LONGEST]
            is_open = any("$" in pattern for pattern in branch.patterns)
            matches = any(fnmatchcase(value, pattern[:_LONGEST]) for pattern in branch.patterns)
            branch.skips = branch.taken is True or not (is_open or matches)
            branch.taken = branch.taken or (matches and not is_open)
        branch.patterns = []

    def next(self, *, falls_through: bool) -> None:
        """`;;`: what follows is the next pattern. With `;&` its branch runs, whatever it is."""
        if self.open and self.open[-1].is_case:
            branch = self.open[-1]
            branch.in_pattern, branch.skips = True, False
            branch.value = None if falls_through else branch.value
