"""`sesgate report`: what can be done with a saved JSON report: other forms, a comparison with a later one, a seal."""

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.commands import flags, sealing, verifying
from sesgate.commands.helping import add
from sesgate.commands.opening import color_named, saved_report
from sesgate.commands.writing import outputs, write_reports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sesgate.report.difference import Change, Difference

Saved = Annotated[str, typer.Argument(help="A JSON report, or - for standard input.")]
group = typer.Typer(
    help="Saved JSON reports: another form of one, two compared, sealed, verified.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    add(
        group,
        "render",
        render,
        "Write a saved report in another form",
        ("sesgate report render report.json --format markdown", "For a ticket."),
        ("sesgate report render report.json --report html:r.html --report csv:r.csv", "Several at once."),
    )
    add(
        group,
        "diff",
        diff,
        "Compare two reports: what is new, changed, still open, fixed",
        ("sesgate report diff yesterday.json report.json", "Exits with 1 where something is worse."),
    )
    add(
        group,
        "seal",
        sealing.seal,
        "Sign a report and its recording",
        ("sesgate report seal report.json --key seal.key", "Writes report.intoto.json."),
    )
    add(
        group,
        "verify",
        verifying.verify,
        "Verify a seal, and what it is for",
        ("sesgate report verify report.intoto.json --key seal.pub", "Report and recording stand beside it."),
    )
    app.add_typer(group, name="report", short_help="Render, compare, seal or verify saved reports")


def render(
    report: Saved,
    form: flags.Form = "text",
    output: flags.Output = None,
    reports: flags.MoreReports = None,
    color: flags.Color = "auto",
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = False,
) -> int:
    """Write a saved report in another form. Exits with 0: the verdict is the report's."""
    wanted = outputs(form, output, reports or [], color=color_named(color), quiet=quiet, verbose=verbose)
    write_reports(saved_report(report), wanted)
    return 0


def diff(
    before: Annotated[str, typer.Argument(help="The earlier JSON report.")],
    after: Annotated[str, typer.Argument(help="The later one.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
) -> int:
    """Compare two reports: what is new, changed, still open, fixed.

    Exits with 1 where something is worse: a new blocker or warning, or one that weighs more or lost its waiver.
    """
    from sesgate.report.difference import difference

    found = difference(saved_report(before), saved_report(after))
    text = json.dumps(found.to_dict(), indent=2) + "\n" if as_json else "\n".join(_lines(found)) + "\n"
    sys.stdout.write(text)
    return int(found.is_worse)


def _lines(found: "Difference") -> "Iterator[str]":
    from sesgate.report.difference import Kind
    from sesgate.report.forms.escape import visible
    from sesgate.report.forms.words import headline, moment

    before, after = found.before, found.after
    yield f"{moment(before.started_at)}  {headline(before)}"
    yield f"{moment(after.started_at)}  {headline(after)}"
    for kind in Kind:
        changes = found.of(kind)
        if changes:
            yield ""
            yield f"{len(changes)} {kind.value}"
            yield from (f"  {visible(_told(change))}" for change in changes)
    if not found.changes:
        yield ""
        yield "nothing was open, and nothing is"


def _told(change: "Change") -> str:
    from sesgate.report.forms.words import identity

    latest = change.latest
    gate = f"{change.gate}: " if change.gate else ""
    what = ", ".join(change.turned) or ("waived" if latest.waiver else "")
    turned = f" ({what})" if what else ""
    return f"{gate}{latest.severity.value} {identity(latest)} {latest.subject}{turned}: {latest.message}"
