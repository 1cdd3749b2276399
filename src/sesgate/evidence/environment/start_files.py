"""The files that tell what a start command does: Dockerfile, scripts, package.json, Procfile, near the gate."""

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sesgate.evidence.environment.documents import within
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.question import NotSeen
from sesgate.release import Known
from sesgate.release.projects import PROJECTS

MOST_SCRIPTS = 60
LONGEST_SCRIPT = 256 * 1024
"""Characters. What is longer is a program, and no script."""
MOST_TRIED = 200
LONGEST_PATH = 200
MOST_PACKAGES = 20
_WORKSPACES = ("apps", "packages", "services", "libs")
"""Where the packages of a workspace stand as a rule."""
_NAMED = re.compile(
    r"(?:(?<![\w-])(?:cd|pushd)|-w|--workspace|--prefix|-C|--dir|--cwd|-F|--filter|workspace)[\s=]+[\"']?"
    r"(?P<name>[\w@./-]{1,200})(?![\w.*{}\[\]!-])",
    re.ASCII,
)
_RUNNERS = re.compile(rf"\b(?:{'|'.join(PROJECTS)})\b", re.ASCII)
_WORDS = re.compile(r"[\w@./-]+", re.ASCII)
_ENDINGS = (".sh", ".bash", ".ash", ".zsh", ".ksh", ".command")
_FOLDERS = ("", "docker", "scripts", "bin")
"""Where scripts stand as a rule that are copied into an image."""


@dataclass(slots=True)
class Nearby:
    """What stands in a folder of the gate's, read when it is asked for."""

    folder: str
    reach: Reach
    _scripts: dict[str, str] = field(default_factory=dict)
    _tried: set[str] = field(default_factory=set)

    def text(self, path: str) -> str | None:
        """The text of a file in the folder; None where there is none, or none that can be read."""
        return _text(within(self.folder, path), self.reach)

    def package_scripts(self, folder: str = ".") -> Mapping[str, str] | None:
        """The scripts of package.json; None where there is no package.json, or none that can be read."""
        package = self._package(folder)
        return None if package is None else _scripts(package)

    def package_manager(self) -> str | None:
        """`packageManager` of package.json: the name and the version of what runs the scripts."""
        return _manager(self._package("."))

    def packages(self, texts: Iterable[str]) -> Mapping[str, Known]:
        """The other packages of the workspace that these texts name, and those that their scripts name."""
        found: dict[str, Known] = {}
        waiting = list(texts)
        while waiting:
            for name in dict.fromkeys(_NAMED.findall(waiting.pop())):
                place = None if name in found or len(found) >= MOST_PACKAGES else self._place(name)
                if place is not None:
                    folder, scripts = place
                    files = Nearby(within(self.folder, folder), self.reach).scripts(scripts.values())
                    found[name] = Known(scripts, files, found, name, self.package_manager())
                    waiting += scripts.values()
        return found

    def _place(self, name: str) -> tuple[str, Mapping[str, str]] | None:
        """The folder of a package and its scripts, by its path, or by its name where workspaces stand as a rule."""
        bare = name.rpartition("/")[2]
        by_name = () if name.startswith((".", "/")) else tuple(f"{above}/{bare}" for above in _WORKSPACES)
        if name.startswith("/"):
            # A path in the image begins with its working folder.
            parts = name.strip("/").split("/")
            paths = ["/".join(parts[at:]) for at in range(len(parts))]
            return next((found for path in paths if (found := self._place(f"./{path}"))), None)
        for folder in (name, *by_name):
            plain = posixpath.normpath(folder)
            package = None if plain.startswith(("..", "/", "@")) or plain == "." else self._package(plain)
            called = str((package or {}).get("name", bare))
            if package is not None and (folder == name or name in (called, called.rpartition("/")[2])):
                return plain, _scripts(package)
        return None

    def _package(self, folder: str) -> dict[str, Any] | None:
        try:
            package = json.loads(self.text(posixpath.join(folder, "package.json")) or "")
        except (ValueError, RecursionError):
            return None
        return package if isinstance(package, dict) else None

    def scripts(self, texts: Iterable[str]) -> Mapping[str, str]:
        """The scripts that these texts name, and those that those name, by their paths as they are named."""
        waiting = list(texts)
        waiting += self._projects(waiting)
        while waiting and len(self._scripts) < MOST_SCRIPTS:
            for path in _paths(waiting.pop()):
                if path not in self._tried and len(self._tried) < MOST_TRIED:
                    self._tried.add(path)
                    found = self._script(path)
                    if found is not None:
                        self._scripts[path] = found
                        waiting.append(found)
        return self._scripts

    def _projects(self, texts: Iterable[str]) -> Iterator[str]:
        """The files of the Python projects whose scripts these texts run. Those may be in files beside."""
        runners = set(_RUNNERS.findall("\n".join(texts)))
        for name in sorted({PROJECTS[runner] for runner in runners}):
            text = None if name in self._scripts else self.text(name)
            if text is not None and len(text) <= LONGEST_SCRIPT:
                self._scripts[name] = text
                yield text

    def _script(self, path: str) -> str | None:
        """A path of the image may begin with its working folder: it is tried with ever fewer folders before it."""
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if not parts or ".." in parts:
            return None
        names = ["/".join(parts[at:]) for at in range(len(parts))]
        places = [*names, *(f"{folder}/{parts[-1]}" for folder in _FOLDERS if folder)]
        texts = (self.text(place) for place in places)
        return next((text for text in texts if text is not None and len(text) <= LONGEST_SCRIPT), None)


def _scripts(package: Mapping[str, Any]) -> Mapping[str, str]:
    scripts = package.get("scripts")
    named = scripts.items() if isinstance(scripts, dict) else ()
    return {name: text for name, text in named if isinstance(text, str)}


def _manager(package: Mapping[str, Any] | None) -> str | None:
    named = (package or {}).get("packageManager")
    return named if isinstance(named, str) else None


def _paths(text: str) -> Iterator[str]:
    """The words of a text that may name a script."""
    for word in _WORDS.findall(text):
        if len(word) <= LONGEST_PATH and ("/" in word or word.endswith(_ENDINGS)):
            yield word


def _text(path: str, reach: Reach) -> str | None:
    """A folder, a program, a file that may not be read: whatever needs it tells that it was not seen."""
    try:
        return reach.file(path)
    except NotSeen:
        return None
