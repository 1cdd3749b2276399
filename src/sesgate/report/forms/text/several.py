"""Several gates on one page: a heading for each, and at the end a line for each, the verdict, and what to do next."""

from sesgate.report.forms.next import next_commands, rerun
from sesgate.report.forms.order import Ordered
from sesgate.report.forms.text.footer import (
    STATUSES,
    verdict_pieces,
    write_commands,
    write_evidence,
    write_verdict_alone,
)
from sesgate.report.forms.text.page import STYLES, Page
from sesgate.report.forms.words import headline, reason, reason_of_all, took
from sesgate.report.joint import JointReport, labelled
from sesgate.report.model import Report
from sesgate.verdict import Verdict

WIDEST_LABEL = 40
WIDE = 100


def write_top(page: Page, report: JointReport) -> None:
    """What all gates have in common."""
    told = f"  {len(report.gates)} gates, took {took(report.duration_seconds)}"
    page.write((f"sesgate {report.tool.version}", "bold"), (told, "dim"))


def write_gate_heading(page: Page, at: int, label: str, report: Report) -> None:
    """Where a gate begins, the `at`th: a landmark when scrolling."""
    page.heading(f"gate {at}", "bold", headline(report), rule="gate")
    page.write((page.cut(label), "bold"), hang=2)
    page.blank()


def write_summary(page: Page, report: JointReport) -> None:
    """The last lines: each gate, the verdict on all, and the next command."""
    page.heading(f"{len(report.gates)} gates", "bold", rule="gate")
    gates = list(labelled(report))
    columns = max(len(headline(one)) for _, one in gates), max(len(page.cut(label)) for label, _ in gates)
    for label, one in gates:
        _write_row(page, label, one, columns)
    page.blank()
    page.write(*verdict_pieces(page, report, reason_of_all(report)))
    write_evidence(page, report.recording)
    write_commands(page, _next(report))


def write_verdicts_alone(page: Page, report: JointReport) -> None:
    """A line for each gate and one for all, for --quiet."""
    for label, one in labelled(report):
        write_verdict_alone(page, Ordered(one), label)
    page.single(*verdict_pieces(page, report, reason_of_all(report)))


def _write_row(page: Page, label: str, report: Report, columns: tuple[int, int]) -> None:
    """Verdict, gate, where it looked and why; on a narrow page the last two are a line of their own."""
    status = STATUSES[report.verdict]
    verdict = f"{headline(report):<{columns[0]}}  "
    where = f"{report.target.account or 'not known'} {report.target.region}"
    why = reason(Ordered(report))
    gap = " " * (min(WIDEST_LABEL, columns[1]) - len(page.cut(label)))
    page.write(
        (f"{page.symbol(status)} ", STYLES[status]),
        (verdict, STYLES[status]),
        (page.cut(label), ""),
        *([(f"{gap}  {where}  ", "dim"), (why, "")] if page.width >= WIDE else []),
        hang=2 + len(verdict),
    )
    if page.width < WIDE:
        page.write((f"{where}{page.symbol('dot')}", "dim"), (why, ""), indent=2 + len(verdict))


def _next(report: JointReport) -> list[tuple[str, str]]:
    """What helps the worst gate most, and the gates to run again."""
    first = next(one for one in report.gates if one.verdict is report.verdict)
    ready = report.verdict is Verdict.READY
    again = rerun([one for one in report.gates if ready or one.verdict is not Verdict.READY])
    return next_commands(Ordered(first), again, recorded=report.recording is not None)
