"""The scripts of package.json as npm, Yarn, pnpm and Bun run them.

Sources: npm "scripts" (pre and post scripts, life cycle of `npm start` and `npm install`), Yarn 1 "yarn run", pnpm
"pnpm run", Bun "bun run". Yarn 1 and Bun run `pre…` and `post…` too; Yarn 2 and later do not ("Lifecycle scripts"),
where package.json says that it is used. With pnpm it hangs on settings: what stands there may run, and is told.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING

from sesgate.release.tools import name_says_so

if TYPE_CHECKING:
    from sesgate.release.walk import Walk

MANAGERS = frozenset({"npm", "yarn", "yarnpkg", "pnpm", "bun", "corepack"})

_VALUED = frozenset({"--loglevel", "--userconfig", "--cache", "--registry", "--reporter", "--env-file", "--use-yarnrc"})
_OTHER_PACKAGE = frozenset({"-w", "--workspace", "--prefix", "-C", "--dir", "--cwd", "-F", "--filter"})
"""Options that take the folder or the name of a package."""
_ALL_PACKAGES = frozenset({"-r", "--recursive", "-ws", "--workspaces"})
_SEVERAL = ""
"""In the place of a package's name: more than one, or which cannot be told."""
_WORKSPACES = frozenset({"workspace", "workspaces"})
_RUN = frozenset({"run", "run-script", "rum", "urn"})
_EXECUTE = frozenset({"exec", "x", "dlx", "execute"})
_BY_NAME = frozenset({"start", "stop", "restart", "test"})
_INSTALL = frozenset({"install", "i", "ci", "clean-install", "add"})
_INSTALLING = ("preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare")
_OWN = frozenset(
    {"cache", "config", "audit", "init", "link", "list", "ls", "publish", "pack", "prune", "rebuild", "set", "version"}
    | {"why", "upgrade", "update", "remove", "global", "plugin", "dedupe", "store", "fetch", "deploy", "env", "pm"}
)
"""Subcommands that run no script of the application's."""

_NOT_SEEN = "package.json was not seen"


def manage(walk: Walk, manager: str, arguments: Sequence[str]) -> None:
    """`npm start`, `yarn X`, `pnpm exec X`, `bun run X`."""
    if manager == "corepack":
        walk.words(list(arguments))
        return
    words, package = _own_options(manager, arguments)
    if manager == "npm" and package is None:
        words, package = _options_of_npm_anywhere(words)
    if not words:
        if manager in {"yarn", "yarnpkg"}:
            _install(walk, manager)
        return
    if package is not None or words[0] in _WORKSPACES:
        _elsewhere(walk, manager, words, package)
    else:
        _manage_here(walk, manager, words[0], words[1:])


def _manage_here(walk: Walk, manager: str, verb: str, rest: list[str]) -> None:
    """What a subcommand does with the package that is known."""
    if verb in _RUN:
        rest, package = _own_options(manager, rest)
        if package is not None:
            _elsewhere(walk, manager, rest, package)
        elif rest:
            run(walk, manager, rest[0], rest[1:])
    elif verb in _EXECUTE:
        _execute(walk, rest)
    elif verb in _INSTALL:
        _install(walk, manager)
    elif verb == "node" and manager in {"yarn", "yarnpkg"}:
        walk.words(["node", *rest])
    elif verb in _BY_NAME or (manager != "npm" and verb not in _OWN):
        # npm alone runs no script by its bare name, but for a few.
        run(walk, manager, verb, rest)


def run(walk: Walk, manager: str, name: str, arguments: Sequence[str]) -> None:
    """One script with what runs before and after it. `arguments` are handed on to the script itself."""
    scripts = walk.known.scripts
    if manager == "npm" and arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if manager == "bun" and name not in (scripts or {}) and ("." in name or "/" in name):
        walk.words(["node", name, *arguments])
        return
    step = f"{manager} {name}" if name in _BY_NAME and manager != "bun" else f"{manager} run {name}"
    step = f"{step} of {walk.known.package}" if walk.known.package else step
    if scripts is None:
        # What a package manager runs that is no script is a program: `pnpm prisma migrate deploy`.
        if name_says_so(name) and not _is_program(manager, arguments):
            walk.migration(manager, step)
        elif name in _BY_NAME or not _is_program(manager, arguments):
            walk.opaque(step, _NOT_SEEN)
        else:
            _execute(walk, [name, *arguments])
        return
    if name not in scripts:
        if manager != "npm":
            _execute(walk, [name, *arguments])
        return
    around = (f"pre{name}", name, f"post{name}") if _runs_around(walk, manager) else (name,)
    for script in around:
        text = scripts.get(script)
        if isinstance(text, str):
            handed_on = f"{text} {shlex.join(arguments)}" if script == name and arguments else text
            whole = step if script == name else f"{step} → {script}"
            walk.within(whole, handed_on, is_named=script == name and name_says_so(name))


def _runs_around(walk: Walk, manager: str) -> bool:
    """Whether scripts before and after a script run by themselves."""
    name, _, version = (walk.known.manager or "").partition("@")
    is_modern_yarn = name == "yarn" and version[:1].isdecimal() and not version.startswith(("0.", "1."))
    return not (is_modern_yarn and manager in {"yarn", "yarnpkg"})


def run_one(walk: Walk, name: str, arguments: Sequence[str]) -> None:
    """`node --run NAME`: the script alone, without those before and after it. Node.js, "--run"."""
    scripts = walk.known.scripts
    step = f"node --run {name}"
    if scripts is None:
        walk.opaque(step, _NOT_SEEN)
    elif name in scripts:
        handed_on = f"{scripts[name]} {shlex.join(arguments)}" if arguments else scripts[name]
        walk.within(step, handed_on, is_named=name_says_so(name))


def run_each(walk: Walk, arguments: Sequence[str]) -> None:
    """`npm-run-all a b:*`: each name is a script, or a pattern of such."""
    scripts = walk.known.scripts
    for word in arguments:
        if word == "--":
            break  # what follows is for placeholders
        if word.startswith("-"):
            continue
        name, *rest = word.split()
        if scripts is None:
            run(walk, "npm", name, rest)
        elif "*" in name:
            prefix = name.partition("*")[0]
            for script in scripts:
                if script.startswith(prefix):
                    run(walk, "npm", script, rest)
        else:
            run(walk, "npm", name, rest)


def _own_options(manager: str, arguments: Sequence[str]) -> tuple[list[str], str | None]:
    """What follows the manager's own options, and the other package that one of those names; None for this one."""
    index, package = 0, None
    while index < len(arguments) and arguments[index].startswith("-"):
        word, _, value = arguments[index].partition("=")
        index += 1
        if word == "--":
            break
        if word == "-w" and manager == "pnpm":
            continue  # the root of the workspace
        if word in _OTHER_PACKAGE or word in _VALUED:
            if not value:
                value = arguments[index] if index < len(arguments) else ""
                index += 1
            if word in _OTHER_PACKAGE and value not in {".", "./"}:
                package = value if package is None else _SEVERAL
        if word in _ALL_PACKAGES:
            package = _SEVERAL
    return list(arguments[index:]), package


def _options_of_npm_anywhere(words: list[str]) -> tuple[list[str], str | None]:
    """npm reads its options behind a script's name too, up to `--`: `npm run start -w api`."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        if words[at] == "--":
            return [*kept, *words[at:]], None
        if words[at].partition("=")[0] in _OTHER_PACKAGE | _ALL_PACKAGES:
            rest, package = _own_options("npm", words[at:])
            return [*kept, *rest], package
        kept.append(words[at])
        at += 1
    return kept, None


def _elsewhere(walk: Walk, manager: str, words: list[str], package: str | None) -> None:
    """A script of another package: as it is there, where that package was seen. `yarn workspace NAME` names it too."""
    run = words
    if package is None and words[0] == "workspace":
        package, run = (words[1] if len(words) > 1 else _SEVERAL), words[2:]
    known = walk.known.packages.get(package or _SEVERAL)
    if known is not None and run:
        here, walk.known = walk.known, known
        manage(walk, manager, run if run[0] in _RUN | _EXECUTE | _INSTALL | _BY_NAME else ["run", *run])
        walk.known = here
        return
    names = list(takewhile(lambda word: not word.startswith("-"), words))[:4]
    name = next((word for word in reversed(names) if name_says_so(word)), None)
    if name is not None:
        walk.migration(manager, f"{manager} run {name}")
    else:
        walk.opaque(" ".join([manager, *names]), "the package.json of another package was not seen")


def _is_program(manager: str, arguments: Sequence[str]) -> bool:
    """Whether words follow, as they do behind a program rather than behind a script."""
    return manager != "npm" and any(not word.startswith("-") for word in arguments)


def _execute(walk: Walk, words: Sequence[str]) -> None:
    walk.words(["npx", *words])


def _install(walk: Walk, manager: str) -> None:
    """What an installation runs of the package's own scripts."""
    for script in _INSTALLING:
        text = (walk.known.scripts or {}).get(script)
        if isinstance(text, str):
            walk.within(f"{manager} install → {script}", text)
