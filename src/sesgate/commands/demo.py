"""`sesgate demo`: the gate against an embedded account and DNS, over real sockets on loopback."""

import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from sesgate.commands.opening import color_named
from sesgate.commands.running import Request, run_gate
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import outputs

HOW_TO_GO_ON = """
That was an embedded account. Against your own:
  sesgate check --sender no-reply@yourdomain.com --region ap-southeast-1
  sesgate explain dkim           what a check looks at, and how to repair it
  sesgate demo --ready           the same account, all mistakes mended
"""


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("demo")(demo)


def demo(
    ready: Annotated[bool, typer.Option("--ready", help="An account that is ready.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with the verdict, not with 0.")] = False,
    form: Annotated[str, typer.Option("--format", help="The form of the report.")] = "text",
    output: Annotated[str | None, typer.Option(help="Where the report goes.", metavar="FILE")] = None,
    report: Annotated[list[str] | None, typer.Option(help="One more report.", metavar="KIND:PATH")] = None,
    record: Annotated[str | None, typer.Option(help="Write all evidence.", metavar="FILE")] = None,
    color: Annotated[str, typer.Option(help="auto, always or never.")] = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="The verdict only.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every pass and its evidence.")] = False,
) -> int:
    """Show the gate at work: an embedded account the evening before its launch, over HTTP and DNS on loopback."""
    wanted = outputs(form, output, report or [], color=color_named(color), quiet=quiet, verbose=verbose)
    try:
        from sesgate.sandbox import Sandbox, evening_before
        from sesgate.sandbox import ready as ready_document
    except ModuleNotFoundError as missing:
        raise Stop(USAGE, f"the demo needs its extra ({missing.name}): pip install 'sesgate[demo]'") from None
    with Sandbox(ready_document() if ready else evening_before()) as sandbox, tempfile.TemporaryDirectory() as folder:
        sandbox.move_into(os.environ)
        os.environ["XDG_STATE_HOME"] = folder
        gate = sandbox.write_gate(Path(folder))
        code = run_gate(Request(gate=str(gate), send=True, record=record, outputs=wanted))
    if form == "text" and not quiet and not exit_code:
        sys.stderr.write(HOW_TO_GO_ON)
    return code if exit_code else 0
