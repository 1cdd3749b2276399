"""The scripts of a Python project, pure: what `pdm run start`, `hatch run start` or `poe start` run.

Sources: PDM "PDM Scripts", Hatch "Environment scripts", Rye "rye.scripts", Pixi "Advanced tasks", Poe the Poet "Tasks",
Pipenv "[scripts]", and the entry points of pyproject.toml ("Writing your pyproject.toml", PyPA).
"""

import shlex
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

PROJECTS = {
    "pipenv": "Pipfile",
    **dict.fromkeys(("poetry", "rye", "pixi", "pdm", "uv", "hatch", "poe"), "pyproject.toml"),
}
"""What runs the scripts of a project by their names, and the file that has them."""

_TABLES = {
    "pipenv": ("scripts",),
    "rye": ("tool", "rye", "scripts"),
    "pixi": ("tool", "pixi", "tasks"),
    "pdm": ("tool", "pdm", "scripts"),
    "poe": ("tool", "poe", "tasks"),
}
_ENTRY_POINTS = (("project", "scripts"), ("tool", "poetry", "scripts"))
_LINES = ("cmd", "shell")
_CALLS = ("call", "script", "expr")
_OTHERS = ("chain", "composite", "sequence", "depends-on", "depends_on")


def script(text: str, runner: str, name: str) -> str | None:
    """The lines for the shell that a script stands for; None where the file has no such script, or is no TOML."""
    root = _parsed(text)
    found = _table(root, *_TABLES[runner]).get(name) if runner in _TABLES else None
    if runner == "hatch":
        environment, colon, short = name.rpartition(":")
        scripts = _table(root, "tool", "hatch", "envs", environment if colon else "default", "scripts")
        found = scripts.get(short)
        if isinstance(found, list):
            return "\n".join(line for line in found if isinstance(line, str))
    if found is not None:
        return "\n".join(_lines(found, runner))
    calls = (_table(root, *path).get(name) for path in _ENTRY_POINTS)
    call = next((each for each in calls if isinstance(each, str)), None)
    return None if call is None or runner in {"pipenv", "poe"} else _call(call)


def _lines(found: Any, runner: str) -> Iterator[str]:
    """A line, the words of one, or a table that says which it is."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, list) and runner == "poe":
        yield from _others(found, runner)
    elif isinstance(found, list):
        yield shlex.join(word for word in found if isinstance(word, str))
    elif isinstance(found, dict):
        for key in _OTHERS:
            yield from _others(found.get(key), runner)
        for key in _LINES:
            line = found.get(key)
            yield from [] if line is None else _lines(line, "") if not isinstance(line, dict) else []
        yield from (_call(found[key]) for key in _CALLS if isinstance(found.get(key), str))


def _others(found: Any, runner: str) -> Iterator[str]:
    """Scripts that this one runs, by their names."""
    run = "poe" if runner == "poe" else f"{runner} run"
    for each in found if isinstance(found, list) else [found]:
        if isinstance(each, str):
            yield f"{run} {each}"
        elif isinstance(each, dict):
            named = each.get("ref", each.get("task"))
            yield from [f"{run} {named}"] if isinstance(named, str) else _lines(each, runner)


def _call(function: str) -> str:
    """`package.module:function`, as a line that calls it."""
    return f"python -c {shlex.quote(function if '(' in function else f'{function}()')}"


def _table(root: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    for key in path:
        inner = root.get(key)
        if not isinstance(inner, dict):
            return {}
        root = inner
    return root


@lru_cache(maxsize=4)
def _parsed(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        return {}
