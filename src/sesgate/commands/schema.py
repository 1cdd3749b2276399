"""`sesgate schema`: the JSON Schemas of what users write and read."""

import json
import sys
from typing import Annotated

import typer

from sesgate.commands.stop import USAGE, Stop


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("schema")(schema)


def schema(which: Annotated[str, typer.Argument(help="gate or report.", metavar="gate|report")]) -> int:
    """Print the JSON Schema of the gate file, or of the JSON report."""
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
