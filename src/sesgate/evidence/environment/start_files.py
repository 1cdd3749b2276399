"""The files that tell what a start command does: Dockerfile, scripts, package.json, Procfile, near the gate."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sesgate.evidence.environment.documents import within
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.question import NotSeen

MOST_SCRIPTS = 60
LONGEST_SCRIPT = 256 * 1024
"""Characters. What is longer is a program, and no script."""
MOST_TRIED = 200
LONGEST_PATH = 200
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

    def package_scripts(self) -> Mapping[str, str] | None:
        """The scripts of package.json; None where there is no package.json, or none that can be read."""
        try:
            package = json.loads(self.text("package.json") or "")
        except (ValueError, RecursionError):
            return None
        scripts = package.get("scripts") if isinstance(package, dict) else None
        named = scripts.items() if isinstance(scripts, dict) else ()
        return {name: text for name, text in named if isinstance(text, str)}

    def scripts(self, texts: Iterable[str]) -> Mapping[str, str]:
        """The scripts that these texts name, and those that those name, by their paths as they are named."""
        waiting = list(texts)
        while waiting and len(self._scripts) < MOST_SCRIPTS:
            for path in _paths(waiting.pop()):
                if path not in self._tried and len(self._tried) < MOST_TRIED:
                    self._tried.add(path)
                    found = self._script(path)
                    if found is not None:
                        self._scripts[path] = found
                        waiting.append(found)
        return self._scripts

    def _script(self, path: str) -> str | None:
        """A path of the image may begin with its working folder: it is tried with ever fewer folders before it."""
        parts = [part for part in path.split("/") if part not in ("", ".")]
        if not parts or ".." in parts:
            return None
        names = ["/".join(parts[at:]) for at in range(len(parts))]
        places = [*names, *(f"{folder}/{parts[-1]}" for folder in _FOLDERS if folder)]
        texts = (self.text(place) for place in places)
        return next((text for text in texts if text is not None and len(text) <= LONGEST_SCRIPT), None)


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
