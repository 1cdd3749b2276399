"""`sesgate demo`: the gate against an embedded account and DNS, over real sockets on loopback."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from sesgate.commands.asking import Request
from sesgate.commands.completing import forms
from sesgate.commands.flags import FORM_HELP
from sesgate.commands.helping import add
from sesgate.commands.opening import color_named, length_named
from sesgate.commands.running import run_gates
from sesgate.commands.serving import Serving
from sesgate.commands.serving import serve as keep_serving
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import outputs

SERVING = "Serving"
HOW_TO_GO_ON = """
That was an embedded account. Against your own:
  sesgate check --sender no-reply@yourdomain.com --region ap-southeast-1
  sesgate explain dkim           what a check looks at, and how to repair it
  sesgate demo --ready           the same account, all mistakes mended
  sesgate demo --serve           the account stays, for check, wait, repairs and --send in another terminal
"""


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "demo",
        demo,
        "See the gate at work on an embedded account",
        ("sesgate demo", "The evening before a launch."),
        ("sesgate demo --ready --report html:report.html", "An account that is ready, as a page."),
        ("sesgate demo --serve > demo.env", "The account stays, for other commands in another terminal."),
    )


def demo(
    ready: Annotated[bool, typer.Option("--ready", help="An account that is ready.")] = False,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with the verdict, not with 0.")] = False,
    form: Annotated[
        str,
        typer.Option("--format", help=FORM_HELP, metavar="KIND", autocompletion=forms),
    ] = "text",
    output: Annotated[str | None, typer.Option(help="Where the report goes.", metavar="FILE")] = None,
    report: Annotated[list[str] | None, typer.Option(help="One more report.", metavar="KIND:PATH")] = None,
    record: Annotated[str | None, typer.Option(help="Write all evidence.", metavar="FILE")] = None,
    color: Annotated[str, typer.Option(help="auto, always or never.", metavar="WHEN")] = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="The verdict only.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every pass and its evidence.")] = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep the account running, for another terminal.", rich_help_panel=SERVING)
    ] = False,
    folder: Annotated[
        str | None,
        typer.Option(help="An empty folder for the gate, which stays.", metavar="DIR", rich_help_panel=SERVING),
    ] = None,
    port: Annotated[int, typer.Option(help="The port of the account.", min=0, max=65535, rich_help_panel=SERVING)] = 0,
    dns_port: Annotated[int, typer.Option(help="The port of the DNS.", min=0, max=65535, rich_help_panel=SERVING)] = 0,
    ses_looks_after: Annotated[
        str,
        typer.Option(
            help="How long after a change in the DNS SES looks again.", metavar="TIME", rich_help_panel=SERVING
        ),
    ] = "10s",
) -> int:
    """Show the gate at work: an embedded account the evening before its launch, over HTTP and DNS on loopback.

    With --serve the account keeps running. On stdout stand the variables with which the commands of another terminal
    reach it, and the path of its gate; what is typed (list, repair dkim, repair all, quit), or a request
    (POST /_demo/repair/dkim), repairs it.
    """
    looks_after = length_named("--ses-looks-after", ses_looks_after)
    if serve:
        if form != "text" or output or report or record or exit_code:
            raise Stop(USAGE, "--serve runs no gate, and writes no report: `sesgate check` in another terminal does")
        with _extra():
            return keep_serving(Serving(ready, folder, port, dns_port, looks_after))
    if folder or port or dns_port:
        raise Stop(USAGE, "--folder, --port and --dns-port go with --serve")
    wanted = outputs(form, output, report or [], color=color_named(color), quiet=quiet, verbose=verbose)
    with _extra():
        from sesgate.sandbox import Sandbox, evening_before
        from sesgate.sandbox import ready as ready_document
    with Sandbox(ready_document() if ready else evening_before()) as sandbox, tempfile.TemporaryDirectory() as made:
        sandbox.move_into(os.environ)
        os.environ["XDG_STATE_HOME"] = made
        gate = sandbox.write_gate(Path(made))
        code = run_gates(Request(gates=(str(gate),), send=True, record=record, outputs=wanted))
    if form == "text" and not quiet and not exit_code:
        sys.stderr.write(HOW_TO_GO_ON)
    return code if exit_code else 0


@contextmanager
def _extra() -> Iterator[None]:
    """Ends the command where the sandbox can't be loaded."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise Stop(USAGE, f"the demo needs its extra ({missing.name}): pip install 'sesgate[demo]'") from None
