"""The commands by name, each loaded and built when somebody asks for it: a run needs one of them."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

MODULES = {
    "init": "init",
    "check": "check",
    "wait": "wait",
    "repairs": "repairs",
    "replay": "replay",
    "selftest": "selftest",
    "report": "report",
    "demo": "demo",
    "list": "listing",
    "explain": "explain",
    "policy": "policy",
    "verify-message": "verify_message",
    "waive": "waive",
    "cleanup": "cleanup",
    "schema": "schema",
}
"""Commands and the modules of `sesgate.commands` that add them, in the order of `--help`."""


class Shelf(Mapping[str, Any]):
    """Commands by name; one is loaded at the first look at it."""

    def __init__(self) -> None:
        self._built: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._built:
            self._built[name] = _build(name, MODULES[name])
        return self._built[name]

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


class Commands(TyperGroup):
    """The group of all commands."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "commands": Shelf()})

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as click calls it
        """The names, without a look at the commands."""
        return list(MODULES)


def _build(name: str, module: str) -> Any:
    alone = typer.Typer(rich_markup_mode=None)
    import_module(f"sesgate.commands.{module}").add_to(alone)
    return get_group(alone).commands[name]
