"""What a container of an image runs at its start, read from the Dockerfile. Docker's "Dockerfile reference"."""

import json
import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from sesgate.release.folders import Copied, copied, from_stage

_DIRECTIVE = re.compile(r"#[ \t]*escape[ \t]*=[ \t]*([\\`])[ \t]*\Z", re.IGNORECASE)
_INSTRUCTION = re.compile(r"[ \t]*([A-Za-z]+)[ \t]+(.*)\Z", re.DOTALL)
_FROM = re.compile(r"(?:--\S+[ \t]+)*(\S+)(?:[ \t]+[Aa][Ss][ \t]+(\S+))?")
_HEREDOC = re.compile(r"<<(-?)[ \t]*(?:\"([^\"\s]+)\"|'([^'\s]+)'|([A-Za-z0-9_]+))")
_MAX_LINES = 20_000
_MAX_SOURCES = 100

Command = str | tuple[str, ...]
"""A line for the shell, or the words of the exec form."""


@dataclass(frozen=True, slots=True)
class ImageStart:
    """ENTRYPOINT and CMD of a stage, None where it has none and its base image decides.

    `copied` says where files of the build come from, by their path in the image; `files` are those that the Dockerfile
    itself writes. `base` is the image that the stage is built from in the end. `environment` are the variables that
    ENV sets, with their line; None for a value that the build fills. `line` is that of the last ENTRYPOINT or CMD.
    `workdir` is where it starts, `folders` are what was copied, as folders.
    """

    entrypoint: Command | None = None
    command: Command | None = None
    base: str = ""
    copied: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, tuple[str | None, int]] = field(default_factory=dict, repr=False)
    line: int | None = None
    workdir: str = "/"
    folders: tuple[Copied, ...] = ()

    def runs(self, entrypoint: Command | None = None, command: Command | None = None) -> Command | None:
        """What is run in the end, where a platform may replace either; None where only the base image knows.

        The shell form of ENTRYPOINT ignores CMD. A platform that replaces the entry point drops the image's CMD.
        """
        first = self.entrypoint if entrypoint is None else entrypoint
        second = (self.command if entrypoint is None else None) if command is None else command
        if first is None or first == ():
            return second
        if isinstance(first, str):
            return first
        if second is None:
            return first
        return (*first, *(("/bin/sh", "-c", second) if isinstance(second, str) else second))


@dataclass(slots=True)
class _Stage:
    """One FROM, and what follows it."""

    base: str
    entrypoint: Command | None = None
    command: Command | None = None
    has_own_command: bool = False
    copied: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    environment: dict[str, tuple[str | None, int]] = field(default_factory=dict, repr=False)
    line: int | None = None
    workdir: str = "/"
    folders: list[Copied] = field(default_factory=list)


def image_start(text: str, target: str | None = None) -> ImageStart | None:
    """What the last stage starts, or the one that `target` names or counts. None where there is no such stage."""
    stages: list[_Stage] = []
    names: dict[str, int] = {}
    for instruction, rest, bodies, line in _instructions(text):
        if instruction == "FROM":
            match = _FROM.match(rest)
            if match:
                base = match[1]
                known = names.get(base.lower())
                stages.append(_inheriting(stages[known]) if known is not None else _Stage(base))
                if match[2]:
                    names[match[2].lower()] = len(stages) - 1
        elif stages:
            _apply(stages[-1], instruction, rest, bodies, line)
            if instruction in {"COPY", "ADD"}:
                stages[-1].folders += _folders(rest, stages, names)
    if target is None:
        stage = stages[-1] if stages else None
    elif target.lower() in names:
        stage = stages[names[target.lower()]]
    else:
        stage = stages[int(target)] if target.isascii() and target.isdigit() and int(target) < len(stages) else None
    if stage is None:
        return None
    return ImageStart(
        stage.entrypoint,
        stage.command,
        stage.base,
        stage.copied,
        stage.files,
        stage.environment,
        stage.line,
        stage.workdir,
        tuple(stage.folders),
    )


def _inheriting(parent: _Stage) -> _Stage:
    return replace(
        parent,
        has_own_command=False,
        copied=dict(parent.copied),
        files=dict(parent.files),
        environment=dict(parent.environment),
        folders=list(parent.folders),
    )


def _apply(stage: _Stage, instruction: str, rest: str, bodies: list[tuple[str, str]], line: int) -> None:
    if instruction in {"CMD", "ENTRYPOINT"}:
        stage.line = line
    if instruction == "CMD":
        stage.command, stage.has_own_command = _command(rest), True
    elif instruction == "ENTRYPOINT":
        stage.entrypoint = _command(rest)
        # "If CMD is defined from the base image, setting ENTRYPOINT will reset CMD to an empty value."
        stage.command = stage.command if stage.has_own_command else None
    elif instruction == "WORKDIR":
        stage.workdir = posixpath.normpath(posixpath.join(stage.workdir, rest.strip("\"'")))
    elif instruction == "ENV":
        stage.environment.update((name, (value, line)) for name, value in _variables(rest))
    elif instruction in {"COPY", "ADD"}:
        words = [word for word in _words(rest) if not word.startswith("--")]
        if len(words) > 1:
            *sources, destination = words
            for source in sources:
                name = source.rstrip("/").rpartition("/")[2]
                is_folder = destination.endswith("/") or destination in {".", "./"} or len(sources) > 1
                stage.copied[f"{destination.rstrip('/')}/{name}" if is_folder else destination] = source
            for delimiter, body in bodies:
                if any(source.startswith("<<") and delimiter in source for source in sources):
                    stage.files[destination] = body


def _folders(rest: str, stages: list[_Stage], names: dict[str, int]) -> Iterator[Copied]:
    """What COPY puts where, as folders: from the build, or from another stage."""
    words = _words(rest)
    origin = next((word.partition("=")[2] for word in words if word.startswith("--from=")), None)
    plain = [word for word in words if not word.startswith("--")]
    *sources, destination = plain or [""]
    into = destination.endswith("/") or destination in {".", "./"} or len(sources) > 1
    number = None if origin is None else names.get(origin.lower(), int(origin) if origin.isdecimal() else -1)
    for source in sources[:_MAX_SOURCES]:
        if source.startswith("<<"):
            continue
        pair = copied(destination, source, stages[-1].workdir, into=into)
        if number is None:
            yield pair
        elif 0 <= number < len(stages) - 1:
            yield from islice(from_stage(pair, stages[number].folders), _MAX_SOURCES)


def _variables(rest: str) -> Iterator[tuple[str, str | None]]:
    """`ENV NAME=value …`, or the old form `ENV NAME value`. None for a value with a variable in it."""
    name, _, value = rest.partition(" ")
    if "=" not in name:
        yield name, None if "$" in value else value.strip()
        return
    try:
        words = shlex.split(rest)
    except ValueError:
        return
    for word in words:
        name, equals, value = word.partition("=")
        if equals and name:
            yield name, None if "$" in value else value


def _words(rest: str) -> list[str]:
    listed = _exec_form(rest)
    return list(listed) if listed is not None else rest.split()


def _command(rest: str) -> Command:
    listed = _exec_form(rest)
    return listed if listed is not None else rest.strip()


def _exec_form(rest: str) -> tuple[str, ...] | None:
    """The words of a JSON array of strings; anything else is the shell form."""
    if not rest.lstrip().startswith("["):
        return None
    try:
        value = json.loads(rest)
    except (ValueError, RecursionError):
        return None
    return tuple(value) if isinstance(value, list) and all(isinstance(word, str) for word in value) else None


def _instructions(text: str) -> Iterator[tuple[str, str, list[tuple[str, str]], int]]:
    """Each instruction in capitals, the rest of its line with continuations joined, its here-documents, its line."""
    lines = text.splitlines()[:_MAX_LINES]
    escape = "\\"
    if lines and (directive := _DIRECTIVE.match(lines[0].strip())):
        escape = directive[1]
    at = 0
    while at < len(lines):
        parts: list[str] = []
        begin = at + 1
        while at < len(lines):
            line = lines[at]
            at += 1
            # Comments and empty lines within a continued instruction are left out.
            if line.lstrip().startswith("#") or (parts and not line.strip()):
                begin = begin if parts else at + 1
                continue
            stripped = line.rstrip()
            parts.append(stripped.removesuffix(escape))
            if not stripped.endswith(escape):
                break
        match = _INSTRUCTION.match("".join(parts)) if parts else None
        if not match:
            continue
        instruction, rest = match[1].upper(), match[2].strip()
        bodies: list[tuple[str, str]] = []
        if instruction in {"RUN", "COPY", "ADD"}:
            for found in _HEREDOC.finditer(rest):
                delimiter = found[2] or found[3] or found[4]
                body = []
                while at < len(lines):
                    line = lines[at].lstrip("\t") if found[1] else lines[at]
                    at += 1
                    if line.strip() == delimiter:
                        break
                    body.append(line)
                bodies.append((delimiter, "\n".join(body)))
        yield instruction, rest, bodies, begin
