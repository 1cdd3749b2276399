"""Looks along a start command for what migrates a database: through shells, wrappers, scripts and package managers."""

from collections.abc import Mapping, Sequence

from sesgate.release.dockerfile import Command, image_start
from sesgate.release.procfile import RELEASE, processes
from sesgate.release.sight import Migration, Opaque, Sight, shown, sight
from sesgate.release.walk import Known, Walk

_NO_FILES: Mapping[str, str] = {}
_NO_PACKAGES: Mapping[str, Known] = {}


def look(
    command: str | Sequence[str],
    *,
    scripts: Mapping[str, str] | None = None,
    files: Mapping[str, str] = _NO_FILES,
    packages: Mapping[str, Known] = _NO_PACKAGES,
    manager: str | None = None,
) -> Sight:
    """What a start command does to the database. A string is a line for the shell, a sequence the words themselves.

    `scripts` are those of package.json, None where that was not seen. `files` are texts of scripts by their paths;
    a script that is not among them is opaque. `packages` are the others of the workspace, `manager` is `packageManager`
    of package.json. What an application does in its own code, no command shows.
    """
    walk = Walk(Known(scripts, files, packages, manager=manager))
    if isinstance(command, str):
        walk.shell(command)
    elif len(command) == 1 and any(map(str.isspace, command[0])):
        # One word with spaces in it is no program: somebody put a line where words are wanted.
        walk.shell(command[0])
    else:
        walk.words(list(command))
    return sight(walk.found)


def migrations(
    command: str | Sequence[str],
    *,
    scripts: Mapping[str, str] | None = None,
    files: Mapping[str, str] = _NO_FILES,
    packages: Mapping[str, Known] = _NO_PACKAGES,
    manager: str | None = None,
) -> tuple[Migration, ...]:
    """The migrations that a start command runs. See `look`, which also tells what could not be seen."""
    return look(command, scripts=scripts, files=files, packages=packages, manager=manager).migrations


def look_at_script(
    text: str,
    *,
    arguments: Sequence[str] = (),
    scripts: Mapping[str, str] | None = None,
    files: Mapping[str, str] = _NO_FILES,
    packages: Mapping[str, Known] = _NO_PACKAGES,
    manager: str | None = None,
) -> Sight:
    """What a shell script does. `arguments` stand for its `$@`: the command that an entry point runs in the end."""
    walk = Walk(Known(scripts, files, packages, manager=manager))
    walk.shell(text, arguments=tuple(arguments))
    return sight(walk.found)


def look_at_dockerfile(
    text: str,
    *,
    target: str | None = None,
    entrypoint: Command | None = None,
    command: Command | None = None,
    scripts: Mapping[str, str] | None = None,
    files: Mapping[str, str] = _NO_FILES,
    packages: Mapping[str, Known] = _NO_PACKAGES,
    manager: str | None = None,
) -> Sight:
    """What a container does at its start; a platform's own `entrypoint` and `command` replace the image's.

    `files` are by their path where the image is built. RUN is done when the image is built, and does not count.
    """
    start = image_start(text, target)
    if start is None:
        missing = "the Dockerfile has no such stage" if target is not None else "the Dockerfile has no stage"
        return sight([Opaque(shown(target or "Dockerfile"), missing)])
    known = {**files, **{inside: files[source] for inside, source in start.copied.items() if source in files}}
    known.update(start.files)
    run = start.runs(entrypoint, command)
    if run is None:
        return sight([Opaque(shown(start.base), "the image's own start command was not seen")])
    return look(run, scripts=scripts, files=known, packages=packages, manager=manager)


def look_at_procfile(
    text: str,
    *,
    process: str | None = None,
    scripts: Mapping[str, str] | None = None,
    files: Mapping[str, str] = _NO_FILES,
    packages: Mapping[str, Known] = _NO_PACKAGES,
    manager: str | None = None,
) -> Sight:
    """What one process of a Procfile does at its start; without a name all of them, save `release`."""
    found = processes(text)
    names = [process] if process is not None else [name for name in found if name != RELEASE]
    seen = Sight()
    for name in names:
        if name in found:
            seen += look(found[name], scripts=scripts, files=files, packages=packages, manager=manager)
        else:
            seen += sight([Opaque(shown(name), "the Procfile has no such process")])
    return seen
