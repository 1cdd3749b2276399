"""`sesgate check`: runs the gate against AWS and the DNS."""

import typer
from msgspec.structs import replace

from sesgate.commands import flags
from sesgate.commands.asking import asked
from sesgate.commands.helping import add
from sesgate.commands.opening import address_named, color_named, severity_named
from sesgate.commands.running import run_gates
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import outputs


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "check",
        check,
        "Run the gate: may the application send mail?",
        ("sesgate check", "The gate of this folder, or of one above it."),
        ("sesgate check --sender no-reply@yourdomain.com --region ap-southeast-1", "One sender, without a file."),
        ("sesgate check --report html:report.html --record evidence.json", "A page for people, and the evidence."),
        ("sesgate check gates/*.yaml --profile 'Auditor-{account}'", "Several accounts, each with its own profile."),
        ("sesgate check --only dkim,spf --fail-on warning", "A part of the gate, where warnings count."),
    )


def check(
    gates: flags.GatePaths = None,
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
    offline: flags.Offline = False,
    send: flags.Send = False,
    to: flags.To = None,
    form: flags.Form = "text",
    output: flags.Output = None,
    report: flags.MoreReports = None,
    record: flags.Record = None,
    seal: flags.Seal = None,
    color: flags.Color = "auto",
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = False,
    fail_on: flags.FailOn = "blocker",
    baseline: flags.Baseline = None,
    no_waivers: flags.NoWaivers = False,
    exit_zero: flags.ExitZero = False,
) -> int:
    """Run the gate: is everything ready for the application to send mail?

    Several gates, for regions, accounts or stages, are run side by side, with one report and the worst verdict.
    Exit codes: 0 ready, 1 not ready, 2 nothing was audited, 3 undecided. Without --send only reads are made.
    """
    if send and offline:
        raise Stop(USAGE, "give --send or --offline, not both")
    if to and not send:
        raise Stop(USAGE, "--to needs --send: without it no mail is sent")
    request = asked(
        gates or (),
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
    request = replace(
        request,
        offline=offline,
        send=send,
        mailbox=address_named(to),
        record=record,
        seal=seal,
        fail_on=severity_named(fail_on),
        baseline=baseline,
        use_waivers=not no_waivers,
        outputs=outputs(form, output, report or [], color=color_named(color), quiet=quiet, verbose=verbose),
    )
    code = run_gates(request)
    return 0 if exit_zero else code
