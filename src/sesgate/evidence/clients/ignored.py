"""What git would ignore: .gitignore files from the top of a repository downward, and .git/info/exclude.

Git's documentation, gitignore: the last pattern that matches decides, a file further down counts before one further up,
and nothing below an ignored folder can be taken in again.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct
from pathspec import GitIgnoreSpec

from sesgate.evidence.clients.opening import NotRegular, opened

FILE = ".gitignore"
LARGEST = 256 * 1024
MOST_LINES = 5000
LONGEST_LINE = 300
MOST_STARS = 4
"""Patterns become regular expressions; one with more wildcards could take for ever on a name made for it."""


class Rules(Struct, frozen=True):
    """The patterns that apply in a folder, those of the nearest file last. `below` is where each file stands."""

    specs: tuple[tuple[str, GitIgnoreSpec], ...] = ()

    def ignore(self, name: str, *, is_folder: bool) -> bool:
        """Whether a path, relative to where the rules began and with `/` between its parts, is ignored."""
        for below, spec in reversed(self.specs):
            inner = name[len(below) :] + ("/" if is_folder else "")
            verdict = spec.check_file(inner).include
            if verdict is not None:
                return verdict
        return False

    def entering(self, folder: Path, name: str) -> "Rules":
        """The rules within a folder, which may have a file of its own."""
        spec = _read(folder / FILE)
        return Rules((*self.specs, (f"{name}/" if name else "", spec))) if spec else self


class Standing(Struct, frozen=True):
    """How git sees a folder: the rules from above it, and its name as they see it.

    Rules of None: it is ignored itself.
    """

    rules: Rules | None
    name: str


def standing(folder: Path) -> Standing:
    """How git sees a folder. One that is ignored itself is a build: all of it counts, whatever its files say."""
    top = next((each for each in (folder, *folder.parents) if _is_top(each)), None)
    if top is None:
        return Standing(Rules(), "")
    excluded = _read(top / ".git" / "info" / "exclude")
    rules, name, at = Rules((("", excluded),) if excluded else ()), "", top
    for part in folder.relative_to(top).parts:
        rules = rules.entering(at, name)
        name, at = f"{name}/{part}" if name else part, at / part
        if rules.ignore(name, is_folder=True):
            return Standing(None, name)
    return Standing(rules, name)


def _is_top(folder: Path) -> bool:
    try:
        return (folder / ".git").exists()
    except OSError:
        return False


def _read(path: Path) -> GitIgnoreSpec | None:
    """The patterns of a file; None where there is none, or none that can be used. Git follows no link here either."""
    try:
        with opened(path) as file:
            data = file.read(LARGEST + 1)
    except (OSError, NotRegular):
        return None
    if len(data) > LARGEST:
        return None
    return _spec(os.fsdecode(data).splitlines())


def _spec(lines: Iterable[str]) -> GitIgnoreSpec | None:
    """Without patterns that are too much; nothing at all where such a one takes something in again, or is one too many.

    What is not ignored is looked at, so that leaving a pattern out never hides a thing.
    """
    taken = []
    for line in lines:
        if not line.strip() or line.startswith("#"):
            continue
        if len(line) > LONGEST_LINE or line.count("*") - line.count("**") > MOST_STARS or not _is_pattern(line):
            if line.startswith("!"):
                return None
            continue
        taken.append(line)
    return GitIgnoreSpec.from_lines(taken) if 0 < len(taken) <= MOST_LINES else None


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
