"""`sesgate check`: runs the gate against AWS and the DNS."""

from typing import Annotated

import typer

from sesgate.commands.opening import (
    color_named,
    limit_named,
    names,
    region_named,
    resolvers_named,
    severity_named,
)
from sesgate.commands.running import Request, run_gate
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import outputs

CONNECTION, SELECTION, OUTPUT, VERDICT = "Where to look", "What to look at", "Output", "Verdict"


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("check")(check)


def check(
    gate: Annotated[
        str | None,
        typer.Argument(
            help="The gate file, or - for standard input. Left out: sesgate.yaml or gate.yaml, from here up."
        ),
    ] = None,
    sender: Annotated[
        str | None,
        typer.Option(help="Check one sender, without a file.", metavar="ADDRESS", envvar="SESGATE_SENDER"),
    ] = None,
    region: Annotated[
        str | None,
        typer.Option(
            help="The SES region, in place of the gate's.", envvar="SESGATE_REGION", rich_help_panel=CONNECTION
        ),
    ] = None,
    profile: Annotated[
        str | None, typer.Option(help="The AWS profile.", envvar="SESGATE_PROFILE", rich_help_panel=CONNECTION)
    ] = None,
    role_arn: Annotated[
        str | None,
        typer.Option(help="A role to assume for the audit.", envvar="SESGATE_ROLE_ARN", rich_help_panel=CONNECTION),
    ] = None,
    external_id: Annotated[
        str | None,
        typer.Option(help="The external id of that role.", envvar="SESGATE_EXTERNAL_ID", rich_help_panel=CONNECTION),
    ] = None,
    resolver: Annotated[
        list[str] | None,
        typer.Option(
            help="A DNS resolver in place of the gate's. May be repeated.",
            metavar="ADDR[:PORT]",
            envvar="SESGATE_RESOLVER",
            rich_help_panel=CONNECTION,
        ),
    ] = None,
    timeout: Annotated[
        str,
        typer.Option(help="The limit of the whole run.", envvar="SESGATE_TIMEOUT", rich_help_panel=CONNECTION),
    ] = "60s",
    only: Annotated[
        list[str] | None,
        typer.Option(help="Run these checks only.", metavar="ID", envvar="SESGATE_ONLY", rich_help_panel=SELECTION),
    ] = None,
    skip: Annotated[
        list[str] | None,
        typer.Option(help="Leave these checks out.", metavar="ID", envvar="SESGATE_SKIP", rich_help_panel=SELECTION),
    ] = None,
    offline: Annotated[
        bool,
        typer.Option("--offline", help="Ask local files only.", envvar="SESGATE_OFFLINE", rich_help_panel=SELECTION),
    ] = False,
    send: Annotated[
        bool,
        typer.Option(
            "--send",
            help="Act as well as read: the gate's test send, and the requests of its probes that write.",
            envvar="SESGATE_SEND",
            rich_help_panel=SELECTION,
        ),
    ] = False,
    form: Annotated[
        str,
        typer.Option("--format", help="The form of the report.", envvar="SESGATE_FORMAT", rich_help_panel=OUTPUT),
    ] = "text",
    output: Annotated[
        str | None,
        typer.Option(help="Where the report goes.", metavar="FILE", envvar="SESGATE_OUTPUT", rich_help_panel=OUTPUT),
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option(
            help="One more report. May be repeated; - is stdout.",
            metavar="KIND:PATH",
            envvar="SESGATE_REPORT",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    record: Annotated[
        str | None,
        typer.Option(
            help="Write all evidence, for `sesgate replay`.",
            metavar="FILE",
            envvar="SESGATE_RECORD",
            rich_help_panel=OUTPUT,
        ),
    ] = None,
    color: Annotated[
        str, typer.Option(help="auto, always or never.", envvar="SESGATE_COLOR", rich_help_panel=OUTPUT)
    ] = "auto",
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="The verdict only.", envvar="SESGATE_QUIET", rich_help_panel=OUTPUT)
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", help="Every pass and its evidence.", envvar="SESGATE_VERBOSE", rich_help_panel=OUTPUT
        ),
    ] = False,
    fail_on: Annotated[
        str,
        typer.Option(
            help="What stops the gate: blocker or warning.", envvar="SESGATE_FAIL_ON", rich_help_panel=VERDICT
        ),
    ] = "blocker",
    baseline: Annotated[
        str | None,
        typer.Option(
            help="An earlier JSON report: only what it did not have counts.",
            metavar="REPORT",
            envvar="SESGATE_BASELINE",
            rich_help_panel=VERDICT,
        ),
    ] = None,
    no_waivers: Annotated[
        bool,
        typer.Option("--no-waivers", help="Let no waiver count.", envvar="SESGATE_NO_WAIVERS", rich_help_panel=VERDICT),
    ] = False,
    exit_zero: Annotated[
        bool,
        typer.Option(
            "--exit-zero", help="Exit with 0 whatever the verdict.", envvar="SESGATE_EXIT_ZERO", rich_help_panel=VERDICT
        ),
    ] = False,
) -> int:
    """Run the gate: is everything ready for the application to send mail?

    Exit codes: 0 ready, 1 not ready, 2 nothing was audited, 3 undecided. Without --send only reads are made.
    """
    if send and offline:
        raise Stop(USAGE, "give --send or --offline, not both")
    request = Request(
        gate=gate,
        sender=sender,
        region=region_named(region),
        profile=profile,
        role_arn=role_arn,
        external_id=external_id,
        only=names(only or []),
        skip=names(skip or []),
        offline=offline,
        send=send,
        record=record,
        fail_on=severity_named(fail_on),
        baseline=baseline,
        use_waivers=not no_waivers,
        resolvers=resolvers_named(resolver or ()),
        timeout=limit_named(timeout),
        outputs=outputs(form, output, report or [], color=color_named(color), quiet=quiet, verbose=verbose),
    )
    code = run_gate(request)
    return 0 if exit_zero else code
