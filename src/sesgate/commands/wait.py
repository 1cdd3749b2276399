"""`sesgate wait`: looks again at what is not ready, until it is, or until waiting can't help."""

import shutil
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.clock import SystemClock
from sesgate.commands import flags
from sesgate.commands.asking import Request, asked
from sesgate.commands.live import Live, go_live_alone
from sesgate.commands.opening import color_named, length_named
from sesgate.commands.progress import watched
from sesgate.commands.saying import tell
from sesgate.commands.stop import DEADLINE
from sesgate.commands.writing import outputs, write_reports

if TYPE_CHECKING:
    from sesgate.evidence import Question
    from sesgate.report.model import ReportedFinding
    from sesgate.run import Run
    from sesgate.waiting import Outlook

SOONEST = 1.0
MOST_NAMED = 5


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("wait")(wait)


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

    A name is looked up again when its TTL is over, AWS is asked ever more rarely. It stops at once where waiting can't
    help, such as at a wrong record; only findings that someone else is at work on, records that are not published yet
    and answers that failed for the moment are waited for. Exit codes: those of `sesgate check`, and 4 where the time
    is over.
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
    run, late = _watch(request, end, stubborn=until_ready)
    if watched():
        _rewrite("")
    write_reports(run.report, wanted)
    return DEADLINE if late else EXIT_CODES[run.report.verdict]


def _watch(request: Request, end: float, *, stubborn: bool) -> "tuple[Run, bool]":
    """The last run, and whether the time ran out on it. `end` is a monotonic time."""
    from sesgate.run import audit
    from sesgate.waiting import outlook, turns

    began = time.monotonic()
    live = go_live_alone(request, began + request.timeout)
    run = audit(live.setting, deadline=began + request.timeout)
    since = run.report.started_at
    ahead = outlook(run.report, run.recording.answers, since, stubborn=stubborn)
    if ahead.waiting and not ahead.hopeless and not watched():
        tell(f"waiting for {_named(ahead.waiting)}")
    while ahead.waiting and not ahead.hopeless and time.monotonic() < end:
        asked_again = _pause(ahead, end)
        before, run = run, _again(live, run, asked_again, request.timeout)
        for turn in turns(before.report, run.report):
            tell(f"+{_length(time.monotonic() - began)} {turn.check} {turn.subject}: {turn.before} -> {turn.after}")
        ahead = outlook(run.report, run.recording.answers, since, stubborn=stubborn)
    if ahead.hopeless:
        tell(f"waiting can't help: {_named(ahead.hopeless)}. --until-ready waits for a repair, --only for some checks")
    return run, bool(ahead.waiting) and not ahead.hopeless


def _pause(ahead: "Outlook", end: float) -> "frozenset[Question]":
    """Sleeps until the next look, or to the end; then tells what to ask. The last look asks all that is not ready."""
    due = (ahead.next_look - SystemClock().now()).total_seconds() if ahead.next_look else SOONEST
    left = end - time.monotonic()
    seconds = min(max(SOONEST, due), left)
    if watched():
        _rewrite(f"sesgate: {_named(ahead.waiting)}: next look in {_length(seconds)}, {_length(left)} left")
    time.sleep(max(0.0, seconds))
    return frozenset(ahead.due) if time.monotonic() >= end else ahead.to_ask(SystemClock().now())


def _again(live: Live, run: "Run", asked_again: "frozenset[Question]", timeout: float) -> "Run":
    """A run on what is known, save for the questions that are asked again."""
    answers = run.recording.answers
    return live.again({question: answers[question] for question in answers if question not in asked_again}, timeout)


def _named(findings: "Sequence[ReportedFinding]") -> str:
    """Findings by cause and subject, bounded."""
    told = [f"{one.check}#{one.cause} {one.subject}" for one in findings[:MOST_NAMED]]
    more = [f"{len(findings) - MOST_NAMED} more"] if len(findings) > MOST_NAMED else []
    return ", ".join(told + more)


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(max(0.0, seconds)), 60)
    return f"{minutes}:{rest:02d}"


def _rewrite(text: str) -> None:
    """The line on the terminal that tells what is waited for."""
    from sesgate.report.forms.escape import visible

    width = max(20, shutil.get_terminal_size().columns - 1)
    sys.stderr.write(f"\r\x1b[K{visible(text)[:width]}")
    sys.stderr.flush()
