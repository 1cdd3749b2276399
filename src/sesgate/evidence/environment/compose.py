"""Reads a service of a Compose file: its variables, and how it starts. Source: the Compose Specification."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sesgate.access.local.nodes import Listing, Node, Scalar, Table, items_of
from sesgate.evidence.environment.compose_interpolation import Filled
from sesgate.evidence.environment.compose_project import Layer, Project
from sesgate.evidence.environment.documents import at, beside, says_true, shown, within, wrong
from sesgate.evidence.environment.found import Reading, Reference, Start, Variable
from sesgate.evidence.environment.go_scalars import as_written_out
from sesgate.evidence.environment.image_variables import image_variables
from sesgate.evidence.environment.reach import Reach

SHELL = "the shell that runs docker compose"
_SECRETS = "/run/secrets/"
_REPLACING = ("!reset", "!override")
INJECTED: dict[str, str | None] = {"HOSTNAME": None, "HOME": None, "PATH": None}
"""What Docker sets. Source: Docker documentation, "docker run", environment variables."""

Command = str | tuple[str, ...]


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is `{"file", "service"}`; the service may be left out where only one runs without a profile."""
    project = Project(spec["file"], reach)
    name, layers = project.layers(spec.get("service"))
    environment = _Environment(project, project.declared_secrets())
    for layer in layers:
        environment.take(layer)
    place = f"{shown(spec['file'])}, service {shown(name)}"
    starts = tuple(_starts(project, layers, place))
    variables = {**image_variables(starts[0], reach), **environment.variables()}
    return Reading(place, variables, INJECTED, starts, tuple(project.unseen))


def names(path: str, reach: Reach) -> list[str]:
    """The services of a file and of its override. Raises NotSeen."""
    return Project(path, reach).names()


@dataclass(slots=True)
class _Environment:
    """`env_file` and `environment` of all layers. What `environment` says wins, even where it says nothing."""

    project: Project
    secrets: frozenset[str]
    files: list[tuple[Node, str]] = field(default_factory=list)
    own: dict[str, Variable] = field(default_factory=dict)

    def take(self, layer: Layer) -> None:
        environment, files = layer.table.get("environment"), layer.table.get("env_file")
        if environment is not None:
            if environment.tag in _REPLACING:
                self.own.clear()
            if environment.tag != "!reset":
                self.own.update((each.name, each) for each in self._written(environment, layer.file))
        if files is not None:
            if files.tag in _REPLACING:
                self.files.clear()
            if files.tag != "!reset":
                self.files += [(item, layer.file) for item in items_of(files)]

    def variables(self) -> dict[str, Variable]:
        found: dict[str, Variable] = {}
        for item, file in self.files:
            found.update(self._of_file(item, file))
        return {**found, **self.own}

    def _written(self, node: Node, file: str) -> Iterator[Variable]:
        """The mapping, or the list of `NAME=value`. A name alone takes its value from the shell."""
        if isinstance(node, Table):
            for entry in node.entries:
                yield self._of_entry(entry.key, entry.value, file, entry.place.line)
        elif isinstance(node, Listing):
            for item in node.items:
                text, line = self._text(item), item.place.line
                if text is None:
                    raise wrong(file, line, "environment: NAME=value is expected")
                name, equals, value = text.partition("=")
                name = self.project.filled(name, file, line).text
                yield self._valued(name, value, file, line) if equals else self._of_shell(name, file, line)
        elif not (isinstance(node, Scalar) and node.value is None):
            raise wrong(file, node.place.line, "environment: a mapping is expected, or a list of NAME=value")

    def _of_entry(self, name: str, node: Node, file: str, line: int) -> Variable:
        if isinstance(node, Scalar) and node.value is None:
            return self._of_shell(name, file, line)
        text = self._text(node)
        if text is None:
            return Variable(name, at(file, line), unreadable="its value is not text", line=line)
        return self._valued(name, text, file, line)

    def _text(self, node: Node) -> str | None:
        if not isinstance(node, Scalar) or node.value is None:
            return None
        return as_written_out(str(node.value)) if node.plain else str(node.value)

    def _of_shell(self, name: str, file: str, line: int) -> Variable:
        value = self.project.lookup(name)
        if value is None:
            return Variable(name, at(file, line), unreadable=f"{SHELL} gives it, and that is not seen here", line=line)
        return self._filled(name, Filled(value), file, line)

    def _valued(self, name: str, value: str, file: str, line: int) -> Variable:
        return self._filled(name, self.project.filled(value, file, line), file, line)

    def _filled(self, name: str, filled: Filled, file: str, line: int) -> Variable:
        place = at(file, line)
        if filled.missing:
            missing = ", ".join(map(shown, filled.missing[:3]))
            why = f"{SHELL} gives {missing}, which is not seen here and has no default"
            return Variable(name, place, unreadable=why, line=line)
        return Variable(name, place, filled.text, self._reference(filled.text), line=line)

    def _reference(self, value: str) -> Reference | None:
        """`DB_PASSWORD_FILE: /run/secrets/db-password` names a secret of Compose."""
        if not value.startswith(_SECRETS):
            return None
        name = value.removeprefix(_SECRETS)
        return Reference("compose-secret", name, secret=True, exists=name in self.secrets)

    def _of_file(self, item: Node, file: str) -> dict[str, Variable]:
        """An entry of `env_file`: a path, or a mapping with `path`, `required` and `format`."""
        line = item.place.line
        node = item.get("path") if isinstance(item, Table) else item
        written = self.project.text(node, file)
        if not written:
            raise wrong(file, line, "env_file: a path is expected")
        path = beside(file, written)
        text = self.project.reach.file(path)
        if text is None:
            required = item.get("required") if isinstance(item, Table) else None
            if required is None or says_true(required):
                self.project.unseen.append(f"{at(file, line)}: there is no file {shown(path)}")
            return {}
        if isinstance(item, Table) and self.project.text(item.get("format"), file) == "raw":
            return self._raw(path, text)
        found: dict[str, Variable] = {}

        def known(name: str) -> str | None:
            if name in self.own:
                return self.own[name].value
            return found[name].value if name in found else self.project.lookup(name)

        for name, value, number in self.project.env_lines(path, text, known):
            if value is None:
                found[name] = self._of_shell(name, path, number)
            else:
                found[name] = self._filled(name, value, path, number)
        return found

    def _raw(self, path: str, text: str) -> dict[str, Variable]:
        """`format: raw`: what stands behind the `=`, quotes and all."""
        found: dict[str, Variable] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            name, equals, value = line.partition("=")
            if equals and not line.lstrip().startswith("#"):
                found[name.strip()] = Variable(name.strip(), at(path, number), value, line=number)
        return found


def _starts(project: Project, layers: Sequence[Layer], place: str) -> Iterator[Start]:
    """The service's start, and the commands that run right after it."""
    entrypoint = _last(project, layers, "entrypoint")
    command = _last(project, layers, "command")
    build = _Build()
    for layer in layers:
        build.take(layer, project)
    told = [layer for layer in layers if {"command", "entrypoint"} & layer.table.names()] or layers
    file, line = told[-1].file, _line(told[-1].table)
    images = [project.text(layer.table.get("image"), layer.file) for layer in layers]
    folders = [project.text(layer.table.get("working_dir"), layer.file) for layer in layers]
    yield Start(
        place,
        entrypoint,
        command,
        build.dockerfile,
        build.target,
        line=line,
        context=build.context,
        image=next(filter(None, reversed(images)), None),
        file=file,
        dockerfile_text=build.inline,
        folder=next(filter(None, reversed(folders)), None),
    )
    for layer in layers:
        for hook in items_of(layer.table.get("post_start")):
            words = _words(project, hook.get("command"), layer.file) if isinstance(hook, Table) else None
            if words:
                where = hook.place.line
                yield Start(place, command=words, line=where, part="hook after the start", file=layer.file)


def _line(table: Table) -> int:
    entries = [entry for entry in table.entries if entry.key in ("command", "entrypoint", "build", "image")]
    order = ("command", "entrypoint", "build", "image")
    return min(entries, key=lambda entry: order.index(entry.key)).place.line if entries else table.place.line


def _last(project: Project, layers: Sequence[Layer], key: str) -> tuple[str, ...] | None:
    """The last layer's word on `command` or `entrypoint`; they are not appended. Compose Specification, "Merge"."""
    said: tuple[str, ...] | None = None
    for layer in layers:
        node = layer.table.get(key)
        if node is not None and node.tag == "!reset":
            said = None
        elif node is not None:
            words = _words(project, node, layer.file)
            said = said if words is None else words
    return said


def _words(project: Project, node: Node | None, file: str) -> tuple[str, ...] | None:
    """A list, or a line that Compose splits into words: no shell reads it, unless it names one."""
    if isinstance(node, Listing):
        return tuple(text for item in node.items if (text := project.command(item, file)) is not None)
    line = project.command(node, file)
    if line is None:
        return None
    try:
        return tuple(shlex.split(line))
    except ValueError:
        return (line,)


@dataclass(slots=True)
class _Build:
    """`build`, of all layers. Paths are relative to the gate."""

    context: str | None = None
    dockerfile: str | None = None
    target: str | None = None
    inline: str | None = None

    def take(self, layer: Layer, project: Project) -> None:
        build = layer.table.get("build")
        if build is None:
            return
        if isinstance(build, Table):
            context = project.text(build.get("context"), layer.file)
            self.target = project.text(build.get("target"), layer.file) or self.target
            self.inline = project.text(build.get("dockerfile_inline"), layer.file) or self.inline
            dockerfile = project.text(build.get("dockerfile"), layer.file)
        else:
            context, dockerfile = project.text(build, layer.file), None
        if context is not None and ("://" in context or context.startswith("git@")):
            return  # built from a repository elsewhere: nothing of it is here
        if context is not None or self.context is None:
            self.context = beside(layer.file, context or ".")
        if dockerfile is not None or self.dockerfile is None:
            self.dockerfile = within(self.context, dockerfile or "Dockerfile")
