"""Programs that run a file of another language: node, python, ruby, php, and what they are given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sesgate.release import packages
from sesgate.release.tools import is_known, name_says_so

if TYPE_CHECKING:
    from sesgate.release.walk import Walk

_JAVASCRIPT = frozenset(
    {"node", "nodejs", "tsx", "ts-node", "ts-node-dev", "ts-node-esm", "ts-node-transpile-only", "esr", "swc-node"}
    | {"babel-node", "vite-node", "jiti", "deno", "sucrase-node", "esbuild-runner"}
)
_OTHERS = frozenset({"ruby", "jruby", "php", "perl", "elixir"})
_VALUED = frozenset(
    {"-r", "--require", "--import", "--loader", "--experimental-loader", "--env-file", "-P", "--project", "-C"}
    | {"--conditions", "--tsconfig", "--env-file-if-exists", "-I", "-d"}
)
_PYTHON = re.compile(r"(?:python|pypy)[0-9.]*w?\Z")
_PYTHON_VALUED = frozenset({"-W", "-X", "--check-hash-based-pycs"})
_INLINE = frozenset({"-c", "-e", "--eval", "-p", "--print", "-r"})
_MIGRATING_CODE = re.compile(
    r"alembic\b[^\n]{0,200}\bupgrade|call_command\(\s*['\"]migrate['\"]"
    r"|\b(?:migrate:latest|db:migrate|migrate deploy|upgrade head)\b"
)
_CALL = re.compile(r"(\w{1,100})\s{0,10}\(")
_LONGEST_CODE = 20_000
_GO_VALUED = frozenset({"-tags", "-ldflags", "-mod", "-C", "-exec"})

# Files that are the command line of a tool.
_COMMAND_LINES = frozenset({"ace", "artisan", "console", "yii", "spark", "manage.py", "rails", "rake", "cake", "phinx"})


def interpret(walk: Walk, name: str, arguments: Sequence[str], heredocs: Sequence[str] = ()) -> bool:
    """Looks at what an interpreter is given, `heredocs` on its standard input; False where the program is none."""
    if name in _JAVASCRIPT or name in _OTHERS or _PYTHON.match(name):
        _code(walk, name, [*heredocs, *_inline(name, arguments)])
    if name in _JAVASCRIPT:
        if name == "node" and _runs_script(walk, arguments):
            return True
        words = _behind(arguments, _VALUED)
        if name == "deno" and words[:1] in (["run"], ["task"]):
            words = _behind(words[1:], _VALUED)
        _file(walk, name, words)
    elif _PYTHON.match(name):
        _python(walk, name, arguments)
    elif name in _OTHERS:
        words = _behind(arguments, frozenset({"-I", "-r", "-d", "-c"}))
        _file(walk, name, words)
    elif name == "go" and arguments[:1] == ["run"]:
        _file(walk, name, _behind(arguments[1:], _GO_VALUED))
    else:
        return False
    return True


def _inline(name: str, arguments: Sequence[str]) -> list[str]:
    """The program that stands in the command line itself: `python -c "…"`, `node -e "…"`, `php -r "…"`."""
    index = 0
    while index + 1 < len(arguments) and arguments[index].startswith("-"):
        option = arguments[index]
        if option in _INLINE and (option != "-r" or name == "php"):
            return [arguments[index + 1]]
        index += 2 if option in _VALUED | _PYTHON_VALUED else 1
    return []


def _code(walk: Walk, name: str, texts: Sequence[str]) -> None:
    """Code that is seen, of which the calls alone count that say what they do."""
    seen = [text[:_LONGEST_CODE] for text in texts]
    if any(_MIGRATING_CODE.search(text) or any(map(name_says_so, _CALL.findall(text))) for text in seen):
        walk.migration(name, f"{name} with code that migrates")


def _runs_script(walk: Walk, arguments: Sequence[str]) -> bool:
    """`node --run start`, `node --run=start`: a script of package.json."""
    for at, word in enumerate(arguments):
        option, _, name = word.partition("=")
        if option == "--run":
            rest = list(arguments[at + 1 :])
            name = name or (rest.pop(0) if rest else "")
            packages.run_one(walk, name, rest[1:] if rest[:1] == ["--"] else [])
            return True
        if not word.startswith("-"):
            break
    return False


def _python(walk: Walk, name: str, arguments: Sequence[str]) -> None:
    for index, word in enumerate(arguments):
        if word == "-m" and index + 1 < len(arguments):
            module, rest = arguments[index + 1], list(arguments[index + 2 :])
            command = module.removesuffix(".__main__").rpartition(".")[2] if not is_known(module) else module
            if is_known(module):
                walk.words([module, *rest])
            elif name_says_so(module.replace(".", "/")):
                walk.migration(name, f"{name} -m {module}")
            elif command and rest:
                # A server that loads a module, a profiler that runs one.
                walk.words([command, *rest])
            return
        if not word.startswith("-") or word in _PYTHON_VALUED or word == "-c":
            break
    if "-c" not in arguments:
        _file(walk, name, _behind(arguments, _PYTHON_VALUED))


def _file(walk: Walk, interpreter: str, words: list[str]) -> None:
    """A file that an interpreter runs: a tool's command line, one that is named for migrating, or the application."""
    if not words:
        return
    path, rest = words[0].replace("\\", "/"), words[1:]
    name = path.rpartition("/")[2]
    package = _package(path)
    if package is not None:
        walk.words([package, *rest])
    elif name.removesuffix(".js") in _COMMAND_LINES:
        walk.words([name.removesuffix(".js"), *rest])
    elif is_known(name.removesuffix(".php")) and "/bin/" in f"/{path}":
        walk.words([name.removesuffix(".php"), *rest])
    elif name_says_so(_without_ending(path)):
        walk.migration(interpreter, f"{interpreter} {name}")


def _package(path: str) -> str | None:
    """The package whose file this is: `node_modules/typeorm/cli.js`, `node_modules/.bin/prisma`."""
    _, found, inside = f"/{path}".rpartition("/node_modules/")
    if not found:
        return None
    parts = inside.split("/")
    if parts[0] == ".bin":
        return parts[1] if len(parts) > 1 else None
    return "/".join(parts[:2]) if parts[0].startswith("@") else parts[0]


def _without_ending(path: str) -> str:
    folder, slash, name = path.rpartition("/")
    return f"{folder}{slash}{name.partition('.')[0] or name}"


def _behind(arguments: Sequence[str], valued: frozenset[str]) -> list[str]:
    """The words from the first that is no option."""
    index = 0
    while index < len(arguments) and arguments[index].startswith("-"):
        if arguments[index] == "--":
            return list(arguments[index + 1 :])
        index += 2 if arguments[index] in valued else 1
    return list(arguments[index:])
