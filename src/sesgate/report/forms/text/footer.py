"""The end of the report, where a terminal leaves the eye: counts, verdict, what blocks, and the next command."""

from collections.abc import Sequence

from sesgate.finding import Severity, Status
from sesgate.report.forms.next import next_commands, rerun
from sesgate.report.forms.order import Ordered, seconds_to_repair
from sesgate.report.forms.text.page import STYLES, Page
from sesgate.report.forms.text.wrap import Piece
from sesgate.report.forms.words import (
    counted,
    headline,
    identity,
    lasting,
    notices,
    path_steps,
    plural,
    reason,
    when_ready,
)
from sesgate.report.joint import AnyReport
from sesgate.report.model import RecordingRef, Report, ReportedFinding
from sesgate.report.schedule import schedule
from sesgate.verdict import Verdict

MOST_NAMED = 12
WIDE = 60
_BADGES = {
    Verdict.READY: "bold green reverse",
    Verdict.NOT_READY: "bold red reverse",
    Verdict.UNDECIDED: "bold magenta reverse",
}
STATUSES = {Verdict.READY: "pass", Verdict.NOT_READY: "fail", Verdict.UNDECIDED: "error"}
"""The status that a verdict looks like."""
PARTLY_READY = "bold yellow reverse"


def write_footer(page: Page, ordered: Ordered) -> None:
    """Counts, verdict, what blocks, where the evidence is, what to do next."""
    write_outcome(page, ordered)
    write_evidence(page, ordered.report.recording)
    write_commands(page, next_commands(ordered, rerun([ordered.report])))


def write_outcome(page: Page, ordered: Ordered) -> None:
    """Counts, verdict, what blocks, when it can be ready."""
    page.rule()
    page.blank()
    page.write(*_counts(page, ordered))
    page.blank()
    page.write(*verdict_pieces(page, ordered.report, reason(ordered)))
    _write_blocking(page, ordered)
    _write_loud(page, ordered.report)
    _write_schedule(page, ordered)


def write_verdict_alone(page: Page, ordered: Ordered, name: str | None = None) -> None:
    """One line, for --quiet; what a reader must not miss stays in it. `name` tells the gate from others."""
    report = ordered.report
    told = "".join(f". {text}" for _, text in notices(report))
    where = f" ({name or report.gate.name or 'the gate'}, {report.target.region}){told}"
    page.single(*verdict_pieces(page, report, reason(ordered)), (page.cut(where), ""))


def _write_loud(page: Page, report: Report) -> None:
    """Again what makes the verdict less than it seems."""
    loud = [text for weight, text in notices(report) if weight == "loud"]
    if loud:
        page.blank()
    for text in loud:
        page.write((f"{page.symbol('warning')} ", STYLES["warning"]), (page.cut(text), STYLES["warning"]), hang=2)


def _write_schedule(page: Page, ordered: Ordered) -> None:
    """When it can be ready, and the remedies that this hangs on."""
    planned = schedule(ordered.report)
    if planned is None:
        return
    page.blank()
    page.labelled("ready", when_ready(planned), indent=0)
    if len(planned.path) > 1 or planned.seconds:
        page.labelled("hangs on", [page.cut(step) for step in path_steps(ordered, planned)], indent=0)


def write_evidence(page: Page, recording: RecordingRef | None) -> None:
    """Where all the evidence is."""
    if recording:
        page.blank()
        page.labelled("evidence", page.cut(recording.path))
        page.labelled("sha256", recording.sha256, style="dim")


def write_commands(page: Page, commands: Sequence[tuple[str, str]]) -> None:
    """The next commands, and what each is good for."""
    if not commands:
        return
    page.blank()
    column = max(len(command) for command, _ in commands)
    for at, (command, why) in enumerate(commands):
        label = f"{'next' if at == 0 else '':<6}"
        page.write((label, "dim"), (f"{command:<{column}}", STYLES["copy"]), (f"  {why}", "dim"), hang=6)


def verdict_pieces(page: Page, report: AnyReport, why: str) -> list[Piece]:
    """The verdict as a badge, and why."""
    told = headline(report)
    partly_ready = report.partial and report.verdict is Verdict.READY
    style = PARTLY_READY if partly_ready else _BADGES[report.verdict]
    return [(f" {told} " if page.color else told, style), (f"  {why}", "")]


def _counts(page: Page, ordered: Ordered) -> list[Piece]:
    pieces: list[Piece] = []
    for status, words in counted(ordered.report):
        pieces += [(page.symbol("dot"), "dim")] if pieces else []
        pieces.append((words, STYLES[status] if status not in ("skip", "waived") else ""))
        lesser = len(ordered.failures(Severity.WARNING)) + len(ordered.failures(Severity.INFO))
        if status == "fail" and lesser:
            pieces.append((f" ({plural(len(ordered.failures(Severity.BLOCKER)), 'blocker')})", ""))
    return pieces or [("nothing was looked at", "")]


def _write_blocking(page: Page, ordered: Ordered) -> None:
    """What the verdict rests on, a line for each cause, or for each reason why something could not be seen."""
    rows = _unseen_rows(ordered) if ordered.report.verdict is Verdict.UNDECIDED else _cause_rows(ordered)
    if not rows:
        return
    page.blank()
    shown = rows if page.verbose else rows[:MOST_NAMED]
    column = min(40, max(len(name) for _, name, _ in shown))
    for status, name, said in shown:
        page.write(
            (f"{page.symbol(status.value)} ", STYLES[status.value]),
            (f"{page.cut(name):<{column}}  ", ""),
            (page.cut(said), "dim"),
            indent=2,
            hang=column + 4 if page.width > WIDE else 4,
            most=1 if status is Status.ERROR else None,
        )
    if len(rows) > len(shown):
        page.write((f"and {len(rows) - len(shown)} more", "dim"), indent=4)


def _cause_rows(ordered: Ordered) -> list[tuple[Status, str, str]]:
    """What takes longest first, each with its time."""
    causes: dict[tuple[Status, str], list[ReportedFinding]] = {}
    for finding in ordered.to_begin:
        causes.setdefault((finding.status, identity(finding)), []).append(finding)
    rows = []
    for (status, name), found in causes.items():
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        seconds = seconds_to_repair(found[0])
        time = f" · {lasting(seconds)}" if seconds else ""
        rows.append((status, name, f"{found[0].subject}{more}{time}"))
    return rows


def _unseen_rows(ordered: Ordered) -> list[tuple[Status, str, str]]:
    reasons: dict[str, list[str]] = {}
    for finding in ordered.blocking:
        reasons.setdefault(ordered.reason_unseen(finding), []).append(finding.check)
    rows = []
    for message, checks in reasons.items():
        name = checks[0] if len(checks) == 1 else plural(len(checks), "finding")
        rows.append((Status.ERROR, name, message))
    return rows
