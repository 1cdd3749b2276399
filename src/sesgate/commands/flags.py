"""The options that several commands have, each written once: what they are called, and what `--help` says of them."""

from pathlib import Path
from typing import Annotated

import typer

from sesgate.commands.completing import check_ids, forms, gate_files, report_targets, words

_GATE = "The gate file, or - for standard input. Left out: sesgate.yaml or gate.yaml, from here up."
FORM_HELP = "The form of the report: text, json, markdown, junit, github, sarif, csv, ocsf or html."
CONNECTION, SELECTION, OUTPUT, VERDICT = "Where to look", "What to look at", "Output", "Verdict"

GatePath = Annotated[
    str | None,
    typer.Argument(
        help=_GATE,
        autocompletion=gate_files,
    ),
]
GatePaths = Annotated[
    list[str] | None,
    typer.Argument(
        help=f"{_GATE} Several are run side by side, and the verdict is the worst.",
        metavar="GATE",
        autocompletion=gate_files,
    ),
]
OneSender = Annotated[
    str | None,
    typer.Option(
        help="Check one sender, without a file.",
        metavar="ADDRESS",
        envvar="SESGATE_SENDER",
        rich_help_panel=CONNECTION,
    ),
]
Region = Annotated[
    str | None,
    typer.Option(help="The SES region, in place of the gate's.", envvar="SESGATE_REGION", rich_help_panel=CONNECTION),
]
Profile = Annotated[
    str | None,
    typer.Option(
        help="The AWS profile. {account} in it is the gate's account.",
        metavar="NAME",
        envvar="SESGATE_PROFILE",
        rich_help_panel=CONNECTION,
    ),
]
RoleArn = Annotated[
    str | None,
    typer.Option(
        help="A role to assume for the audit. {account} in it is the gate's account.",
        metavar="ARN",
        envvar="SESGATE_ROLE_ARN",
        rich_help_panel=CONNECTION,
    ),
]
ExternalId = Annotated[
    str | None,
    typer.Option(
        help="The external id of that role.", metavar="ID", envvar="SESGATE_EXTERNAL_ID", rich_help_panel=CONNECTION
    ),
]
Resolver = Annotated[
    list[str] | None,
    typer.Option(
        help="A DNS resolver in place of the gate's. May be repeated.",
        metavar="ADDR[:PORT]",
        envvar="SESGATE_RESOLVER",
        rich_help_panel=CONNECTION,
    ),
]
Timeout = Annotated[
    str,
    typer.Option(
        help="The limit of the whole run.", metavar="TIME", envvar="SESGATE_TIMEOUT", rich_help_panel=CONNECTION
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(
        help="Run these checks only.",
        autocompletion=check_ids,
        metavar="ID",
        envvar="SESGATE_ONLY",
        rich_help_panel=SELECTION,
    ),
]
Skip = Annotated[
    list[str] | None,
    typer.Option(
        help="Leave these checks out.",
        autocompletion=check_ids,
        metavar="ID",
        envvar="SESGATE_SKIP",
        rich_help_panel=SELECTION,
    ),
]
ChecksDir = Annotated[
    list[Path] | None,
    typer.Option(
        "--checks-dir",
        help="A folder of checks of your own. They run as code of sesgate: name only what you trust. May be repeated.",
        metavar="DIR",
        envvar="SESGATE_CHECKS_DIR",
        rich_help_panel=SELECTION,
        file_okay=False,
    ),
]
Offline = Annotated[
    bool, typer.Option("--offline", help="Ask local files only.", envvar="SESGATE_OFFLINE", rich_help_panel=SELECTION)
]
To = Annotated[
    str | None,
    typer.Option(
        "--to",
        help="With --send, one message more, to a mailbox of your own.",
        metavar="ADDRESS",
        envvar="SESGATE_TO",
        rich_help_panel=SELECTION,
    ),
]
Send = Annotated[
    bool,
    typer.Option(
        "--send",
        help="Act as well as read: a test send to SES's mailbox simulator, and probes that write.",
        envvar="SESGATE_SEND",
        rich_help_panel=SELECTION,
    ),
]
Form = Annotated[
    str,
    typer.Option(
        "--format",
        help=FORM_HELP,
        metavar="KIND",
        autocompletion=forms,
        envvar="SESGATE_FORMAT",
        rich_help_panel=OUTPUT,
    ),
]
Output = Annotated[
    str | None,
    typer.Option(help="Where the report goes.", metavar="FILE", envvar="SESGATE_OUTPUT", rich_help_panel=OUTPUT),
]
MoreReports = Annotated[
    list[str] | None,
    typer.Option(
        "--report",
        help="One more report, such as html:report.html. May be repeated; - is stdout.",
        metavar="KIND:PATH",
        autocompletion=report_targets,
        envvar="SESGATE_REPORT",
        rich_help_panel=OUTPUT,
    ),
]
Record = Annotated[
    str | None,
    typer.Option(
        help="Write all evidence, for `sesgate replay`.",
        metavar="FILE",
        envvar="SESGATE_RECORD",
        rich_help_panel=OUTPUT,
    ),
]
Seal = Annotated[
    str | None,
    typer.Option(
        help="Sign JSON report and recording with this Ed25519 key, for `sesgate report verify`.",
        metavar="KEYFILE",
        envvar="SESGATE_SEAL",
        rich_help_panel=OUTPUT,
    ),
]
Color = Annotated[
    str,
    typer.Option(
        help="auto, always or never.",
        metavar="WHEN",
        autocompletion=words("auto", "always", "never"),
        envvar="SESGATE_COLOR",
        rich_help_panel=OUTPUT,
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="The verdict only.", envvar="SESGATE_QUIET", rich_help_panel=OUTPUT)
]
Verbose = Annotated[
    bool,
    typer.Option(
        "--verbose", "-v", help="Every pass and its evidence.", envvar="SESGATE_VERBOSE", rich_help_panel=OUTPUT
    ),
]
FailOn = Annotated[
    str,
    typer.Option(
        help="What stops the gate: blocker or warning.",
        metavar="SEVERITY",
        autocompletion=words("blocker", "warning"),
        envvar="SESGATE_FAIL_ON",
        rich_help_panel=VERDICT,
    ),
]
FailOnAgain = Annotated[
    str | None,
    typer.Option(
        help="What stops the gate: blocker or warning. Left out: as it was recorded.",
        metavar="SEVERITY",
        autocompletion=words("blocker", "warning"),
        envvar="SESGATE_FAIL_ON",
        rich_help_panel=VERDICT,
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        help="An earlier JSON report: only what it did not have counts.",
        metavar="REPORT",
        envvar="SESGATE_BASELINE",
        rich_help_panel=VERDICT,
    ),
]
NoWaivers = Annotated[
    bool,
    typer.Option("--no-waivers", help="Let no waiver count.", envvar="SESGATE_NO_WAIVERS", rich_help_panel=VERDICT),
]
ExitZero = Annotated[
    bool,
    typer.Option(
        "--exit-zero", help="Exit with 0 whatever the verdict.", envvar="SESGATE_EXIT_ZERO", rich_help_panel=VERDICT
    ),
]
