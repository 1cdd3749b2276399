"""`sesgate schema`: the JSON Schemas of what users write and read, and whether gate files are valid."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from sesgate.commands import flags
from sesgate.commands.helping import add
from sesgate.commands.opening import make_plan, open_gate, open_registry
from sesgate.commands.stop import USAGE, Stop, every


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "schema",
        schema,
        "Print JSON Schemas, or validate gate files",
        ("sesgate schema gate > gate.schema.json", "For editors."),
        ("sesgate schema gate gate.yaml", "Whether it is valid."),
    )


def schema(
    which: Annotated[str, typer.Argument(help="gate or report.", metavar="gate|report")],
    files: Annotated[
        list[str] | None, typer.Argument(help="Gate files to validate, in place of printing.", metavar="FILE…")
    ] = None,
    checks_dir: flags.ChecksDir = None,
) -> int:
    """Print the JSON Schema of the gate file, or of the JSON report; or say whether gate files are valid.

    With files each is read as `sesgate check` would read it, and nobody is asked anything; 2 where one is not valid.
    """
    if files and which != "gate":
        raise Stop(USAGE, f"schema {which} takes no files: `sesgate schema gate FILE` validates gates")
    if files:
        return _validate(files, checks_dir)
    if which == "gate":
        from sesgate.gate.schema import gate_schema

        document = gate_schema()
    elif which == "report":
        from sesgate.report.schema import report_schema

        document = report_schema()
    else:
        raise Stop(USAGE, f"there is no schema of {which!r}: gate or report is expected")
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
    return 0


def _validate(files: list[str], checks_dir: list[Path] | None) -> int:
    """Reads every file, and ends the command with all that is wrong in any."""
    from sesgate.plan import Selection

    registry = open_registry(checks_dir)
    every(lambda file: make_plan(registry, open_gate(file, None, None, needs_secrets=False), Selection()), files)
    return 0
