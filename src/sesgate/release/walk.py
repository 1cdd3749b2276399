"""The walk itself: from each command to those that it runs."""

import posixpath
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from msgspec import Struct
from msgspec.structs import replace

from sesgate.release import interpreters, packages, runners
from sesgate.release.projects import PROJECTS, script
from sesgate.release.shell import commands
from sesgate.release.sight import Migration, Opaque, shown
from sesgate.release.syntax import behind_shell_options, program
from sesgate.release.tools import is_known, name_says_so, option_that_migrates, tool_that_migrates
from sesgate.release.wrappers import (
    ELSEWHERE,
    PARALLEL,
    SCRIPT_ENDINGS,
    SEQUENTIAL,
    SHELLS,
    SUPERVISORS,
    WRAPPERS,
    behind_options,
)

MAX_COMMANDS = 2_000
"""How many commands are followed in all: scripts can call each other exponentially often."""

_MAX_DEPTH = 30
_INNER_SHELL = frozenset({"cross-env-shell", "eval"})
_SCRIPT_NAMES = frozenset({"start", "entrypoint", "docker-entrypoint", "run", "boot", "init", "launch", "startup"})
_PROJECT_SCRIPTS = _SCRIPT_NAMES | {"serve", "server", "web", "prod", "production"}
_VARIABLE = re.compile(r"\$\{?[A-Za-z_0-9@*]{1,60}")
_SQL_CLIENTS = frozenset({"psql", "mysql", "mariadb", "sqlite3", "sqlcmd"})


class Known(Struct, frozen=True):
    """What is there to look into: the scripts of package.json (None: not seen), and texts of files by their paths.

    `packages` are those of the workspace, by what commands call them: a name, or a folder. `package` is this one's.
    `manager` is `packageManager` of package.json: "yarn@4.5.0".
    """

    scripts: Mapping[str, str] | None
    files: Mapping[str, str]
    packages: Mapping[str, "Known"] = {}
    package: str | None = None
    manager: str | None = None

    def file(self, path: str) -> str | None:
        """The text of a file: by its path, or by its name where only one has that."""
        plain = path.removeprefix("./").lstrip("/")
        for known, text in self.files.items():
            if known.removeprefix("./").lstrip("/") == plain:
                return text
        name = plain.rpartition("/")[2]
        named = {text for known, text in self.files.items() if known.rpartition("/")[2] == name}
        return named.pop() if len(named) == 1 else None


@dataclass(slots=True)
class Walk:
    """One look along one command. `way` is how it came to where it is: `npm start`, `prestart`."""

    known: Known
    found: list[Migration | Opaque] = field(default_factory=list)
    way: list[str] = field(default_factory=list)
    left: int = MAX_COMMANDS
    folder: str = "."
    """Where commands run, seen from where the walk began; a package's own has the name that led there."""
    _home: Known = field(init=False)

    def __post_init__(self) -> None:
        self._home = self.known

    @property
    def how(self) -> str:
        return " → ".join(self.way)

    def shell(self, text: str, *, arguments: Sequence[str] = ()) -> None:
        """A line or a script for the shell."""
        for command in commands(text, arguments):
            if self.left <= 0:
                return
            self.words(list(command.words), heredocs=command.heredocs)

    def within(self, step: str, text: str, *, arguments: Sequence[str] = (), is_named: bool = False) -> None:
        """A script that has a name. Where `is_named` for migrating, it migrates even if it does not show how."""
        if step in self.way:
            return  # it calls itself: all that it runs has been seen
        if len(self.way) >= _MAX_DEPTH:
            self.opaque(step, "it is nested too deep to follow")
            return
        before = len(self.found)
        self.way.append(shown(step))
        here = self.known, self.folder
        self.shell(text, arguments=arguments)
        self.known, self.folder = here
        self.way.pop()
        if is_named and not any(isinstance(found, Migration) for found in self.found[before:]):
            self.migration("script", step)

    def opaque(self, text: str, why: str) -> None:
        """Tells what could not be looked into."""
        self.found.append(Opaque(shown(text), why, self.how))

    def migration(self, tool: str, text: str) -> None:
        """Tells a migration."""
        self.found.append(Migration(tool, shown(text), self.how))

    def words(self, words: list[str], *, heredocs: Sequence[str] = ()) -> None:
        """A command by its words. Wrappers are taken away one by one."""
        while True:
            words = behind_options(words)
            if not words or not words[0]:
                return
            self.left -= 1
            if self.left <= 0:
                if self.left == 0:
                    self.opaque(words[0], "there are too many commands to follow")
                return
            name = program(words[0])
            inner = self._unwrapped(name, words)
            if inner is None:
                break
            words = inner
        self._program(name, words, heredocs)

    def _unwrapped(self, name: str, words: list[str]) -> list[str] | None:
        """The command that a wrapper runs; None where the program is none."""
        wrapper = WRAPPERS.get(name)
        if wrapper is None:
            return None
        arguments = words[1:]
        if name == "env-cmd" and arguments[:1] and arguments[0].startswith("."):
            return arguments[1:]
        if name in {"npx", "bunx", "pnpx", "env"}:
            for option in ("-c", "--call", "-S", "--split-string"):
                if option in arguments[:-1]:
                    self.shell(arguments[arguments.index(option) + 1])
                    return []
        inner = wrapper.command(arguments)
        if name in PROJECTS and inner and self._project(name, inner):
            return []
        return inner

    def _project(self, runner: str, words: list[str]) -> bool:
        """Whether a word is a script of the Python project, or can be nothing else; what it runs is told."""
        name, arguments = words[0], words[1:]
        step = f"{runner} {name}" if runner == "poe" else f"{runner} run {name}"
        short = name.rpartition(":")[2]
        file = self.known.file(PROJECTS[runner])
        text = script(file, runner, name) if file is not None else None
        if text is not None:
            handed_on = f"{text} {shlex.join(arguments)}" if arguments else text
            self.within(step, handed_on, is_named=name_says_so(short))
        elif not arguments and name_says_so(short):
            # One word alone is a script of the project, not golang-migrate.
            self.migration(runner, step)
        elif runner == "poe" or (file is None and not arguments and short in _PROJECT_SCRIPTS):
            self.opaque(step, f"{PROJECTS[runner]} was not seen" if file is None else "there is no such task")
        else:
            return False
        return True

    def _program(self, name: str, words: list[str], heredocs: Sequence[str]) -> None:
        arguments = words[1:]
        if name in SHELLS:
            self._inner_shell(name, arguments, heredocs)
        elif name in _INNER_SHELL:
            self.shell(" ".join(behind_options(arguments)))
        elif name in {"su", "sg", "watch"} and "-c" in arguments[:-1]:
            self.shell(arguments[arguments.index("-c") + 1])
        elif name in {"cd", "pushd"}:
            self._enter(next((word for word in arguments if not word.startswith("-")), ""))
        elif name in {".", "source"}:
            self._script(arguments[0], arguments[1:]) if arguments else None
        elif name in PARALLEL:
            runners.parallel(self, arguments)
        elif name in SEQUENTIAL:
            packages.run_each(self, arguments)
        elif name in packages.MANAGERS:
            packages.manage(self, name, arguments)
        elif name in SUPERVISORS:
            runners.supervised(self, name, arguments)
        elif not self._told(name, words, heredocs):
            self._other(name, words)

    def _told(self, name: str, words: list[str], heredocs: Sequence[str]) -> bool:
        """Whether the command is one whose meaning is known, told here where it migrates."""
        arguments = words[1:]
        found = tool_that_migrates(name, [word.rstrip(",") for word in arguments])
        if found is not None:
            self.migration(*found)
            return True
        if name in _SQL_CLIENTS:
            files = [word for word in arguments if word.endswith(".sql") and name_says_so(word.removesuffix(".sql"))]
            if files:
                self.migration(name, f"{name} {files[0].rpartition('/')[2]}")
            return True
        option = option_that_migrates(arguments)
        if option is not None and not is_known(name):
            self.migration(name, f"{name} {option}")
            return True
        if interpreters.interpret(self, name, arguments, heredocs):
            return True
        # bin/migrate without a word more is a script of the application's, not golang-migrate.
        return is_known(name) and not ("/" in words[0] and not arguments and name_says_so(name))

    def _other(self, name: str, words: list[str]) -> None:
        """A program of whose kind nothing is known, a script, or one that another file directs."""
        arguments = words[1:]
        if (
            arguments[:1]
            and arguments[0] in {"eval", "rpc"}
            and any("migrat" in word.lower() for word in arguments[1:])
        ):
            # A release of Elixir: bin/app eval "App.Release.migrate".
            self.migration("ecto", f"{name} {arguments[0]} …")
        elif name in ELSEWHERE:
            target = next((word for word in behind_options(arguments) if name_says_so(word)), None)
            if target is not None:
                self.migration(name, f"{name} {target}")
            else:
                self.opaque(name, f"{ELSEWHERE[name]} was not seen")
        elif words[0].startswith("$"):
            # Its name alone: what stands beside it may be a default with a password.
            variable = _VARIABLE.match(words[0])
            self.opaque(variable[0].replace("{", "") if variable else "$(…)", "the command is in a variable")
        else:
            self._script(words[0], arguments)

    def _script(self, path: str, arguments: Sequence[str], *, is_shell: bool = False) -> None:
        """A script or a program by its path: looked into where its text is known."""
        text = self.known.file(path)
        name = path.rpartition("/")[2]
        is_shell = is_shell or path.endswith(SCRIPT_ENDINGS)
        if text is not None:
            self.within(name, text, arguments=arguments, is_named=name_says_so(path))
        elif name_says_so(path):
            self.migration("script", name)
        elif not is_shell and "/" in path and (told := next(filter(name_says_so, behind_options(arguments)[:2]), None)):
            self.migration(name, f"{name} {told}")  # /app/server migrate, ./cli db migrate
        elif is_shell or ("/" in path and name.lower() in _SCRIPT_NAMES):
            self.opaque(name, "the script was not seen")
            # Such scripts end with exec "$@" more often than not.
            self.words(list(arguments))

    def _inner_shell(self, name: str, arguments: list[str], heredocs: Sequence[str]) -> None:
        """`sh -c "…"`, `bash script arguments`, `bash <<EOF`."""
        rest, is_inline = behind_shell_options(arguments[1:] if name == "busybox" else arguments)
        if rest and is_inline:
            here = self.known, self.folder
            # What follows the line is $0, and then its arguments.
            self.shell(rest[0], arguments=rest[2:])
            self.known, self.folder = here
        elif rest:
            self._script(rest[0], rest[1:], is_shell=True)
        for text in heredocs:
            self.shell(text)

    def _enter(self, path: str) -> None:
        """`cd`: what follows runs the scripts of the package that stands there.

        An absolute path that leads to none is most often the image's own working folder.
        """
        if not path or set(path) & set("$`*~"):
            return
        place = posixpath.normpath(path if path.startswith("/") else posixpath.join(self.folder, path))
        known = self._home.packages.get(place, self._home.packages.get(path))
        if known is not None:
            self.known, self.folder = known, place
        elif place == "." or path.startswith("/"):
            self.known, self.folder = self._home, "."
        else:
            self.known, self.folder = replace(self.known, scripts=None, package=shown(place)), place
