"""The source of the working folder: which of its files tell of the application. Names are answers, contents are not."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question

MOST_ENTRIES = 5000
DEEPEST = 3
_MOST_FILES = 20
"""Of one kind."""
_LARGEST = 1024 * 1024
_LONGEST_PATH = 200
_PASSED_BY = frozenset(
    {"node_modules", "vendor", "venv", "env", "dist", "build", "target", "out", "coverage", "__pycache__", "Pods"}
    | {"site-packages", "bower_components", "charts", "test", "tests", "fixtures", "examples"}
)
_KINDS = (
    ("compose", re.compile(r"(?:docker-)?compose(?:[.-]prod(?:uction)?)?\.ya?ml")),
    ("render", re.compile(r"render\.ya?ml")),
    ("dotenv", re.compile(r"\.env(?:\.[A-Za-z0-9_-]+)*|[A-Za-z0-9_-]+\.env")),
    ("dockerfile", re.compile(r"Dockerfile(?:\.[A-Za-z0-9_-]+)?")),
    ("procfile", re.compile(r"Procfile")),
    ("openapi", re.compile(r"(?:openapi|swagger)[A-Za-z0-9_.-]*\.(?:json|ya?ml)", re.IGNORECASE)),
    ("ecs_task_definition", re.compile(r"(?=.*task)[A-Za-z0-9_.-]*\.json", re.IGNORECASE)),
    ("kubernetes", re.compile(r"[A-Za-z0-9_.-]+\.ya?ml")),
)
_KUBERNETES = re.compile(r"^kind:[ \t]*(?:Deployment|StatefulSet|DaemonSet|Pod|Rollout)[ \t]*\r?$", re.MULTILINE)
_API_VERSION = re.compile(r"^apiVersion:", re.MULTILINE)
_MOBILE = frozenset({"pubspec.yaml", "AndroidManifest.xml", "Podfile"})
_CLIENT_LIBRARIES = frozenset(
    {"react", "react-native", "react-dom", "expo", "vue", "svelte", "preact", "solid-js", "@angular/core"}
    | {"@ionic/core", "@capacitor/core"}
)
_OF_SERVERS = frozenset(
    {"next", "nuxt", "astro", "express", "fastify", "@nestjs/core", "@sveltejs/kit", "@remix-run/node"}
)
"""Who uses one of these runs code on a server, too, where access to SES may have its place."""


class FolderSource(OneByOne):
    """Answers ("folder"): `{"name", "named_by", "files": {kind: [path]}, "clients": [path], "cut"}`.

    `cut` is true where the folder holds more than is looked at. Links are not followed. `below` is the way to
    the folder from where paths are to begin.
    """

    limit = 20.0

    def __init__(self, folder: Path, below: str = "") -> None:
        self._folder = folder
        self._prefix = f"{below}/" if below else ""

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002
        walk = _Walk(self._folder)
        for path in walk.files():
            walk.take(path)
        name, named_by = self._name()
        files = {kind: self._placed(paths)[:_MOST_FILES] for kind, paths in sorted(walk.found.items())}
        clients = self._placed(walk.clients)
        return {"name": name, "named_by": named_by, "files": files, "clients": clients, "cut": walk.cut}

    def _placed(self, paths: Iterable[str]) -> list[str]:
        return [f"{self._prefix}{path}" for path in sorted(paths)]

    def _name(self) -> tuple[str, str]:
        package = _package(self._folder / "package.json")
        name = package.get("name")
        if isinstance(name, str) and _can_be_told(name):
            return name, "package.json"
        own = self._folder.resolve().name
        return (own, "the folder") if _can_be_told(own) else ("", "")


class _Walk:
    """One walk through a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self.found: dict[str, list[str]] = {}
        self.clients: set[str] = set()
        self.cut = False
        self._seen = 0

    def files(self) -> Iterator[str]:
        """Paths of regular files, relative, with `/` between their parts. Raises NotSeen for a root that hides."""
        todo = [("", 0)]
        while todo and not self.cut:
            below, depth = todo.pop(0)
            for entry in self._entries(below):
                path = f"{below}/{entry.name}" if below else entry.name
                if entry.is_symlink() or not _can_be_told(path):
                    continue
                if entry.is_file(follow_symlinks=False):
                    yield path
                elif entry.is_dir(follow_symlinks=False) and depth < DEEPEST and not _is_passed_by(entry.name):
                    todo.append((path, depth + 1))

    def _entries(self, below: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(self._root / below) as found:
                entries = list(islice(found, MOST_ENTRIES - self._seen + 1))
        except OSError as error:
            if below:
                return []
            reason = (error.strerror or "not a folder").lower()
            raise NotSeen(Failure(FailureKind.UNREACHABLE, f"this folder can't be read: {reason}")) from None
        self._seen += len(entries)
        self.cut = self._seen > MOST_ENTRIES
        return sorted(entries[:MOST_ENTRIES], key=lambda entry: entry.name)

    def take(self, path: str) -> None:
        """Notes a file by its kind, and the client that it belongs to."""
        folder, _, name = path.rpartition("/")
        if folder and self._is_of_client(path, name):
            self.clients.add(folder.removesuffix("/src/main").removesuffix("/android/app").removesuffix("/ios"))
        kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(name)), None)
        if kind == "kubernetes" and not _is_manifest(_text(self._root / path)):
            return
        if kind == "ecs_task_definition" and '"containerDefinitions"' not in _text(self._root / path):
            return
        if kind is not None:
            self.found.setdefault(kind, []).append(path)

    def _is_of_client(self, path: str, name: str) -> bool:
        if name != "package.json":
            return name in _MOBILE
        package = _package(self._root / path)
        used = package.get("dependencies")
        return isinstance(used, dict) and bool(_CLIENT_LIBRARIES & used.keys()) and not _OF_SERVERS & used.keys()


def _is_passed_by(name: str) -> bool:
    return name.startswith(".") or name in _PASSED_BY


def _can_be_told(path: str) -> bool:
    """A name that no encoding or terminal trips over; another is left alone."""
    return path.isprintable() and len(path) <= _LONGEST_PATH


def _is_manifest(text: str) -> bool:
    """Not a template: what Helm fills in is not known."""
    return bool(_API_VERSION.search(text) and _KUBERNETES.search(text)) and "{{" not in text


def _text(path: Path) -> str:
    """Of a file that is no larger than a person writes; else nothing."""
    try:
        if path.stat().st_size > _LARGEST:
            return ""
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _package(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(path) or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
