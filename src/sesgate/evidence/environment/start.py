"""How a service starts, judged here: a start command may hold passwords, so it never leaves this room."""

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sesgate.evidence.environment.apprunner_file import starts_of_file
from sesgate.evidence.environment.documents import shown, within
from sesgate.evidence.environment.found import Reading, Start
from sesgate.evidence.environment.merging import Read
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.environment.start_files import Nearby
from sesgate.evidence.question import Failure, FailureKind, NotSeen
from sesgate.release import Known, Migration, Opaque, Platform, Sight, image_start, look, look_at_dockerfile, processes
from sesgate.release.folders import candidates
from sesgate.release.tools import name_says_so
from sesgate.secrets import NOT_SHOWN, may_be_shown

Facts = dict[str, Any]
_RUN_IMAGES = frozenset({"ecs", "ecs_task_definition", "kubernetes", "compose", "lambda"})
_HOLD_NO_START = frozenset({"process", "dotenv", "ssm", "secrets_manager"})
"""Kinds of source that tell variables alone."""
_RELEASE = "release"
MOST_FOUND = 20
_LONGEST = 200


def answer_start(read: Sequence[tuple[str, Read]], reach: Reach) -> Facts:
    """`{"starts": [fact, …], "unseen": [why, …]}` from each source with its kind, without a word of any argument.

    Each fact has `place`, `file`, `line`, `part`, `platform`, `assumed` (a Dockerfile that stands beside the
    gate, where the platform names none), `release` (what is known of the release step: "none", "unset", "migrates",
    "other", "unseen"), `migrations` and `opaque`. Raises NotSeen where nothing tells how the service starts.
    """
    starts: list[Facts] = []
    unseen: list[Failure] = []
    for kind, each in read:
        if isinstance(each, Failure):
            if kind not in _HOLD_NO_START:
                unseen.append(each)
            continue
        try:
            starts += [_Look(start, kind, reach).fact() for start in each.starts or _elsewhere(kind, each, reach)]
        except NotSeen as not_seen:
            unseen.append(not_seen.failure)
        if kind == "lambda" and not each.starts:
            starts.append(_nothing_runs(each.place))
    if not starts and unseen:
        raise NotSeen(unseen[0])
    if not starts:
        starts = list(_from_files(reach))
    if not starts:
        why = "nothing tells how it starts: name its platform as a source, or keep a Procfile or Dockerfile by the gate"
        raise NotSeen(Failure(FailureKind.NOT_UNDERSTOOD, why))
    return {"starts": starts, "unseen": [failure.message for failure in unseen]}


def _elsewhere(kind: str, reading: Reading, reach: Reach) -> tuple[Start, ...]:
    """What the repository of an App Runner service says, where the service leaves it to that. Raises NotSeen."""
    if kind != "apprunner":
        return ()
    try:
        return tuple(starts_of_file(reach))
    except NotSeen as not_seen:
        why = "; ".join((*reading.unseen, not_seen.failure.message))
        raise NotSeen(Failure(not_seen.failure.kind, why)) from None


def _nothing_runs(place: str) -> Facts:
    """Lambda calls the handler of code: no command starts it."""
    return _fact(Start(place), "lambda", Sight())


def _from_files(reach: Reach) -> Iterator[Facts]:
    """Where no source tells the start: a Procfile beside the gate, else a Dockerfile, else package.json."""
    nearby = Nearby(".", reach)
    procfile = nearby.text("Procfile")
    if procfile is not None:
        found = processes(procfile)
        for name, command in found.items():
            if name != _RELEASE:
                line = _line_of(procfile, f"{name}:")
                start = Start(
                    f"Procfile, process {shown(name)}",
                    command=command,
                    line=line,
                    context=".",
                    file="Procfile",
                    release_step=True,
                    release_command=found.get(_RELEASE),
                )
                yield _Look(start, Platform.HEROKU, reach).fact()
    elif nearby.text("Dockerfile") is not None:
        yield _Look(Start("Dockerfile", dockerfile="Dockerfile", context="."), Platform.OTHER, reach).fact()
    elif "start" in (nearby.package_scripts() or {}):
        start = Start("package.json", command=("npm", "start"), context=".", file="package.json")
        yield _Look(start, Platform.OTHER, reach).fact()


def _line_of(text: str, beginning: str) -> int | None:
    lines = enumerate(text.splitlines(), start=1)
    return next((number for number, line in lines if line.lstrip().startswith(beginning)), None)


@dataclass(slots=True)
class _Look:
    """One look at one start, with the files near it."""

    start: Start
    kind: str
    reach: Reach
    nearby: Nearby = field(init=False)
    home: Nearby = field(init=False)
    """Where the package stands that the image's working folder has."""
    scripts: Mapping[str, str] | None = field(init=False)
    manager: str | None = field(init=False)

    def __post_init__(self) -> None:
        self.nearby = Nearby(self.start.context or ".", self.reach)
        self.home = Nearby(within(self.nearby.folder, self._folder()), self.reach)
        self.scripts = self.home.package_scripts()
        self.manager = self.home.package_manager() or self.nearby.package_manager()

    @property
    def runs_an_image(self) -> bool:
        start = self.start
        return self.kind in _RUN_IMAGES or (start.image or start.dockerfile or start.dockerfile_text) is not None

    def _folder(self) -> str:
        """The folder of the build that becomes the working folder of the image: its package.json counts."""
        text = self._dockerfile()[1]
        image = image_start(text, self.start.build_target) if text is not None else None
        workdir = posixpath.join(image.workdir if image is not None else "/", self.start.folder or "")
        if workdir == "/":
            return "."
        folders = candidates(workdir, image.folders if image is not None else ())
        return next((each for each in folders if self.nearby.package_scripts(each) is not None), ".")

    def fact(self) -> Facts:
        start = self.start
        path, text = self._dockerfile()
        if text is not None:
            return self._with_dockerfile(path, text)
        if start.dockerfile is not None:
            return self._told(self._looked() + _unseen(start.dockerfile, "this Dockerfile is not there"))
        if self.runs_an_image and not start.entrypoint:
            name = start.place.rpartition("container ")[2]
            if start.part == "init container" and not start.command and name_says_so(name):
                return self._told(Sight((Migration("image", shown(name)),)))
            what = "entry point" if start.command else "own start command"
            return self._told(self._looked() + _unseen(self._image(), f"the image's {what} was not seen"))
        if not start.entrypoint and not start.command:
            return self._told(_unseen(start.place, "it names no start command"))
        return self._told(self._looked())

    def _dockerfile(self) -> tuple[str, str | None]:
        """The Dockerfile that the platform builds; for an image from elsewhere, the one that stands beside the gate."""
        start = self.start
        if start.dockerfile_text is not None:
            return start.file or "Dockerfile", start.dockerfile_text
        path = start.dockerfile
        if path is None and self.runs_an_image and start.context is None and start.part == "application":
            path = "Dockerfile"
        return path or "", None if path is None else Nearby(".", self.reach).text(path)

    def _with_dockerfile(self, path: str, text: str) -> Facts:
        start = self.start
        image = image_start(text, start.build_target)
        runs = image.runs(start.entrypoint, start.command) if image is not None else None
        copied = list(image.copied.values()) if image is not None else []
        files = self._files(runs, *copied)
        sight = look_at_dockerfile(
            text,
            target=start.build_target,
            entrypoint=start.entrypoint,
            command=start.command,
            scripts=self.scripts,
            files=files,
            packages=self._packages(runs),
            manager=self.manager,
        )
        told = self._told(sight)
        if start.entrypoint is None and start.command is None and start.dockerfile_text is None:
            told |= {"file": path, "line": image.line if image is not None else None}
        is_named = start.dockerfile is not None or start.dockerfile_text is not None or bool(start.entrypoint)
        return told if is_named else {**told, "assumed": path}

    def _looked(self) -> Sight:
        """At what the platform says itself, without the image."""
        start = self.start
        if not start.entrypoint and not start.command:
            return Sight()
        entry, command = start.entrypoint, start.command
        if not entry:
            run = command or ()
        elif isinstance(entry, str) or not command:
            run = entry
        else:
            run = (*entry, *((command,) if isinstance(command, str) else command))
        return self._look(run)

    def _look(self, run: str | Sequence[str]) -> Sight:
        files, packages = self._files(run), self._packages(run)
        return look(run, scripts=self.scripts, files=files, packages=packages, manager=self.manager)

    def _files(self, run: str | Sequence[str] | None, *others: str) -> Mapping[str, str]:
        """What commands run by a path: of the build's folder, and before it of the working folder."""
        lines = [_line(run), *(self.scripts or {}).values()]
        files = self.nearby.scripts([*lines, *others])
        if self.home.folder == self.nearby.folder:
            return files
        here = self.home.scripts(lines)
        return {**files, **{path: text for path, text in here.items() if path[:1] != "/" and path not in others}}

    def _packages(self, run: str | Sequence[str] | None) -> Mapping[str, Known]:
        return self.home.packages([_line(run), *(self.scripts or {}).values(), *self._files(run).values()])

    def _told(self, sight: Sight) -> Facts:
        return {**_fact(self.start, self.kind, sight), "release": self._release()}

    def _release(self) -> str:
        if not self.start.release_step:
            return "none"
        command = self.start.release_command
        if not command:
            return "unset"
        sight = self._look(command)
        if sight.migrations:
            return "migrates"
        return "unseen" if sight.opaque else "other"

    def _image(self) -> str:
        """The image's name, without the registry: `bizassist-api:42`."""
        return posixpath.basename((self.start.image or "").partition("@")[0]) or "its image"


def _line(run: str | Sequence[str] | None) -> str:
    """A command as one line, to find names in."""
    return "" if run is None else run if isinstance(run, str) else " ".join(run)


def _unseen(text: str, why: str) -> Sight:
    return Sight(opaque=(Opaque(shown(text), why),))


def _fact(start: Start, kind: str, sight: Sight) -> Facts:
    return {
        "place": start.place,
        "file": start.file,
        "line": start.line,
        "part": start.part,
        "platform": kind,
        "assumed": None,
        "release": "none",
        "migrations": [{"tool": each.tool, **_told(each)} for each in sight.migrations[:MOST_FOUND]],
        "opaque": [{"why": each.why, **_told(each)} for each in sight.opaque[:MOST_FOUND]],
    }


def _told(found: Migration | Opaque) -> Facts:
    return {"text": _safe(found.text), "how": _safe(found.how)}


def _safe(text: str) -> str:
    """A name out of a command, unless it looks like a secret that somebody wrote there."""
    parts = text.replace("…", "").replace("$", "").split(" → ")
    return text[:_LONGEST] if all(map(may_be_shown, parts)) else NOT_SHOWN
