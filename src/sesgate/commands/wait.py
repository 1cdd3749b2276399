"""`sesgate wait`: looks again at what is not ready, until it is, or until waiting can't help."""

import time
from typing import Annotated

import typer

from sesgate.commands import flags
from sesgate.commands.asking import asked
from sesgate.commands.helping import add
from sesgate.commands.looking import Looking
from sesgate.commands.opening import color_named, length_named
from sesgate.commands.stop import DEADLINE
from sesgate.commands.writing import outputs, write_reports


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "wait",
        wait,
        "Look again at what is not ready, until it is",
        ("sesgate wait --for 2h", "Up to two hours."),
        ("sesgate wait --only dkim,identity-verified --until-ready", "While somebody publishes the records."),
    )


def wait(
    gate: flags.GatePath = None,
    for_: Annotated[
        str, typer.Option("--for", help="How long to wait at most.", metavar="TIME", envvar="SESGATE_FOR")
    ] = "30m",
    until_ready: Annotated[
        bool,
        typer.Option(
            "--until-ready",
            help="Go on where waiting alone can't help: somebody is repairing.",
            envvar="SESGATE_UNTIL_READY",
        ),
    ] = False,
    sender: flags.OneSender = None,
    region: flags.Region = None,
    profile: flags.Profile = None,
    role_arn: flags.RoleArn = None,
    external_id: flags.ExternalId = None,
    resolver: flags.Resolver = None,
    timeout: flags.Timeout = "60s",
    only: flags.Only = None,
    skip: flags.Skip = None,
    checks_dir: flags.ChecksDir = None,
    form: flags.Form = "text",
    output: flags.Output = None,
    report: flags.MoreReports = None,
    color: flags.Color = "auto",
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = False,
) -> int:
    """Wait until the gate is ready: look again at what is not, and at nothing else, when a look is worth while.

    A name is looked up again when its TTL is over, AWS is asked ever more rarely; where the gate's file changes, all of
    it is run again. It stops at once where waiting can't help, such as at a wrong record; only findings that someone
    else is at work on, records that are not published yet and answers that failed for the moment are waited for. Exit
    codes: those of `sesgate check`, and 4 where the time is over.
    """
    from sesgate.verdict import EXIT_CODES

    request = asked(
        [gate] if gate else (),
        sender,
        region=region,
        profile=profile,
        role_arn=role_arn,
        external_id=external_id,
        resolver=resolver,
        timeout=timeout,
        only=only,
        skip=skip,
        checks_dir=checks_dir,
    )
    wanted = outputs(form, output, report or [], color=color_named(color), quiet=quiet, verbose=verbose)
    end = time.monotonic() + length_named("--for", for_)
    last = Looking(request, end, stubborn=until_ready).to_the_end()
    write_reports(last.run.report, wanted)
    return DEADLINE if last.is_late else EXIT_CODES[last.run.report.verdict]
