"""`sesgate list`: every installed check."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.commands.opening import open_registry

if TYPE_CHECKING:
    from sesgate.registry import Registry


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("list")(list_checks)


def list_checks(
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with causes and IAM actions.")] = False,
) -> int:
    """List every installed check: id, severity, pack, what it looks at, what it reads."""
    registry = open_registry()
    if as_json:
        sys.stdout.write(json.dumps([_entry(registry, name) for name in registry.checks], indent=2) + "\n")
        return 0
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("check", "severity", "pack", "looks at each", "reads"):
        table.add_column(heading, overflow="fold")
    for name, check in registry.checks.items():
        reads = ", ".join([*check.reads, *(["DNS"] if check.dns else [])]) or "the gate"
        row = (name, check.severity.value, registry.homes[name], check.each.kind, reads)
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
    return 0


def _entry(registry: "Registry", name: str) -> dict[str, object]:
    check = registry.checks[name]
    return {
        "id": check.id,
        "pack": registry.homes[name],
        "severity": check.severity.value,
        "subject": check.each.kind,
        "asked_by": check.asked_by,
        "serves": check.serves,
        "summary": check.summary,
        "reads": list(check.reads),
        "dns": check.dns,
        "causes": {cause: severity.value for cause, severity in check.causes.items()},
    }
