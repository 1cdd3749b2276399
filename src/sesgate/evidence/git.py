"""The source of the gate file's history: which commit last touched the lines of each attestation.

Git is asked about HEAD only, and never about the working folder: reading that would run the filters that a repository's
own settings name. Nothing is fetched, no hook, pager, monitor or text conversion runs, and each call has its time.
"""

import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct

from sesgate.clock import to_text
from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question

SECONDS = 3.0
"""For each of the four calls."""
LARGEST = 1024 * 1024
"""Bytes of a gate."""
_SAFELY = (
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"),
    *("-c", "core.pager=cat", "--no-pager", "--literal-pathspecs"),
)
_AS_IT_WAS = ("--no-textconv", "--ignore-revs-file=")
_KEPT = ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CEILING_DIRECTORIES")
_HEADER = re.compile(r"([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?")
_NAMED = re.compile(r"[0-9a-f]{40,64}")


class GateFile(Struct, frozen=True):
    """The gate as it was read, and where its attestations stand: first and last line, from 1, by id."""

    path: Path
    text: str
    lines: Mapping[str, tuple[int, int]]


class _NoHistory(Exception):  # noqa: N818 - a statement about a folder
    """No git, no repository, no commit with the file, a cut-off history, or a repository of somebody else's."""


class GitSource(OneByOne):
    """Answers ("git", "attestations"): commit and time by attestation, an empty commit for lines not in HEAD.

    None where there is no history to ask.
    """

    limit = 4 * SECONDS + 1

    def __init__(self, gate: GateFile | None) -> None:
        self._gate = gate

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002
        if question.fields != ("attestations",):
            raise NotSeen(Failure(FailureKind.REJECTED, "git is asked about attestations only"))
        if self._gate is None:
            return None
        try:
            return _touched(self._gate)
        except _NoHistory:
            return None


def _touched(gate: GateFile) -> dict[str, Any]:
    folder, name = gate.path.absolute().parent, f"./{gate.path.name}"
    told = _git(folder, "rev-parse", "--is-shallow-repository", "HEAD", f"HEAD:{name}").split()
    if len(told) != 3 or told[0] != "false" or not all(_NAMED.fullmatch(each) for each in told[1:]):
        raise _NoHistory
    _, head, blob = told
    size = _git(folder, "cat-file", "-s", blob).strip()
    if not size.isdigit() or int(size) > LARGEST:
        raise _NoHistory
    then = _lines(_git(folder, "cat-file", "blob", blob))
    now = _lines(gate.text)
    blamed = _blamed(_git(folder, "blame", "--porcelain", *_AS_IT_WAS, head, "--", name))
    found: dict[str, Any] = {}
    for each, (first, last) in gate.lines.items():
        start = _at(now[first - 1 : last], then, first - 1)
        commits = [blamed[line] for line in range(start + 1, start + 1 + last - first + 1)] if start >= 0 else []
        latest = max(commits, key=lambda commit: commit[1], default=("", 0))
        found[each] = {"commit": latest[0], "at": to_text(datetime.fromtimestamp(latest[1], UTC))}
    return found


def _lines(text: str) -> list[str]:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")


def _at(block: Sequence[str], lines: Sequence[str], expected: int) -> int:
    """Where these lines stand in HEAD, from 0: where they stand now, else the one place that has them; else -1."""
    if lines[expected : expected + len(block)] == block:
        return expected
    places = [at for at in range(len(lines)) if lines[at : at + len(block)] == block]
    return places[0] if len(places) == 1 else -1


def _blamed(porcelain: str) -> dict[int, tuple[str, int]]:
    """Commit and committer's time (seconds since 1970) by line. Git's documentation: blame, The Porcelain Format."""
    times: dict[str, int] = {}
    lines: dict[int, str] = {}
    for commit, key, value in _entries(porcelain):
        if key == "line":
            lines[int(value)] = commit
        elif key == "committer-time" and value.isdigit():
            times[commit] = int(value)
    try:
        return {line: (commit, times[commit]) for line, commit in lines.items()}
    except KeyError as missing:
        raise _NoHistory from missing


def _entries(porcelain: str) -> Iterator[tuple[str, str, str]]:
    commit = ""
    for text in porcelain.split("\n"):
        header = _HEADER.fullmatch(text)
        if header:
            commit = header[1]
            yield commit, "line", header[2]
        elif text and not text.startswith("\t"):
            key, _, value = text.partition(" ")
            yield commit, key, value


def _git(folder: Path, *arguments: str) -> str:
    """What git prints. Raises _NoHistory where it fails, is not there, or takes too long."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in _KEPT}
    environ |= {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and nothing from outside but names after --
            ["git", *_SAFELY, *arguments],  # noqa: S607 - where git is, the user's PATH says
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError) as fault:
        raise _NoHistory from fault
    return done.stdout.decode("utf-8", "replace")
