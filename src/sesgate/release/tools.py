"""Whether a program with its arguments migrates a database, or a script by its own name."""

import re
from collections.abc import Sequence

from sesgate.release.catalogue import EXTRA, TOOLS

_NAMES = frozenset({"migrate", "migrates", "migration", "migrations", "dbmigrate", "migrator", "automigrate"})
_HARMLESS = frozenset(
    {
        "generate",
        "create",
        "make",
        "new",
        "check",
        "status",
        "list",
        "lint",
        "wait",
        "test",
        "tests",
        "validate",
        "skip",
    }
    | {"no", "without", "verify", "pending", "diff", "docs", "types", "build", "compile", "copy"}
)
_PARTS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_MAX_NAME = 200
_OPTION = re.compile(
    r"--?(?:(?:auto|run|with|do|apply|db|database)-?)?migrat(?:e|ions?)(?:-(?:on-start(?:up)?|up|db|database))?"
    r"(?:=(?:true|1|yes|on))?",
    re.IGNORECASE,
)


def tool_that_migrates(name: str, arguments: Sequence[str]) -> tuple[str, str] | None:
    """The tool's name and what it is told to do, where that migrates; `name` is the program's, without its folder."""
    tool = TOOLS.get(name)
    done = tool.migrates(arguments) if tool is not None else None
    if tool is not None and done is not None:
        return tool.name, f"{name} {done}".rstrip()
    for extra in EXTRA:
        done = extra.migrates(arguments) if extra.name in {name, tool.name if tool else name} else None
        if done is not None:
            return extra.name, f"{name} {done} {min(extra.only_with.intersection(arguments))}".replace("  ", " ")
    return None


def option_that_migrates(arguments: Sequence[str]) -> str | None:
    """The option that has a program migrate when it starts: `--run-migrations`. Its value may be a word more."""
    for at, word in enumerate(arguments):
        after = arguments[at + 1] if at + 1 < len(arguments) else ""
        if _OPTION.fullmatch(word) and after.lower() not in {"false", "0", "no", "off"}:
            return word
    return None


def is_known(name: str) -> bool:
    """Whether the program is one of the tools, whose other subcommands are known not to migrate."""
    return name in TOOLS or any(extra.name == name for extra in EXTRA)


def name_says_so(name: str) -> bool:
    """Whether a script's name says that it migrates: `db:migrate`, `run-migrations.sh`, `migrations/run.js`.

    Of a path its last part counts, and a folder of just that name.
    """
    *folders, last = name[-_MAX_NAME:].replace("\\", "/").rstrip("/").split("/")
    parts = [part.lower() for part in _PARTS.findall(last)]
    if folders and folders[-1].lower() in _NAMES:
        parts.append("migrate")
    return bool(_NAMES.intersection(parts)) and not _HARMLESS.intersection(parts)
