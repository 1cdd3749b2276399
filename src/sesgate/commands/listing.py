"""`sesgate list`: every installed check."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.commands import flags
from sesgate.commands.helping import add
from sesgate.commands.opening import open_registry

if TYPE_CHECKING:
    from sesgate.registry import Registry


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "list",
        list_checks,
        "List the installed checks",
        ("sesgate list", ""),
        ("sesgate list --json", "For programs: with causes and IAM actions."),
    )


def list_checks(
    checks_dir: flags.ChecksDir = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with causes and IAM actions.")] = False,
) -> int:
    """List every installed check: id, severity, pack, what it looks at, what it reads."""
    registry = open_registry(checks_dir)
    if as_json:
        sys.stdout.write(json.dumps([_entry(registry, name) for name in registry.checks], indent=2) + "\n")
        return 0
    rows = [("check", "severity", "pack", "looks at each", "reads")]
    rows += [_row(registry, name) for name in registry.checks]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]) - 1)]
    for *cells, reads in rows:
        padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
        sys.stdout.write("  ".join([*padded, reads]) + "\n")
    return 0


def _row(registry: "Registry", name: str) -> tuple[str, str, str, str, str]:
    """One line a check, never broken: it is read by `grep` too."""
    check = registry.checks[name]
    asked = [*check.reads, *(["DNS"] if check.dns else []), *(["the API"] if check.http else [])]
    reads = ", ".join(asked) or ("local files" if check.local else "the gate")
    reads += f"; with --send {', '.join(check.acts)}" if check.acts else ""
    return name, check.severity.value, registry.homes[name], check.each.kind, reads


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
        "acts": list(check.acts),
        "dns": check.dns,
        "http": check.http,
        "causes": {cause: severity.value for cause, severity in check.causes.items()},
    }
