"""A repair on the page: what to do, who can, how long until it shows, and the lines to copy."""

from sesgate.finding import AwsCall, Change, DnsRecord, Remedy, StatementToAdd, Text
from sesgate.report.forms.changes import aws_command, statement_text, zone_line
from sesgate.report.forms.order import Ordered
from sesgate.report.forms.text.page import SENTENCE, Page
from sesgate.report.forms.words import who_and_when


def write_repair(page: Page, ordered: Ordered, remedy: Remedy) -> None:
    """The repair in full where it is told for the first time, else a reference to it.

    Records follow each other without a gap, so that they can be copied together.
    """
    repairs = ordered.repairs
    label = f"repair {repairs.number(remedy)}"
    if not repairs.tell(remedy):
        page.labelled(label, f"the same as above: {page.cut(remedy.summary)}")
        return
    page.labelled(label, page.cut(remedy.summary, SENTENCE), style="bold")
    page.labelled("", who_and_when(ordered, remedy))
    if remedy.docs:
        page.link("read", remedy.docs)
    before: Change | None = None
    for change in remedy.changes:
        if not (isinstance(before, DnsRecord) and isinstance(change, DnsRecord)):
            page.blank()
        _write_change(page, change, ordered.report.target.endpoint)
        before = change


def _write_change(page: Page, change: Change, endpoint: str | None) -> None:
    match change:
        case DnsRecord():
            page.copyable([zone_line(change)])
        case AwsCall():
            page.copyable([aws_command(change, endpoint)])
            if change.undo and page.verbose:
                page.write(("to take it back:", "dim"), indent=4)
                page.copyable([aws_command(change.undo, endpoint)])
        case StatementToAdd():
            page.write((f"Add to {page.cut(change.target)}:", ""), indent=4)
            page.copyable(statement_text(change).splitlines())
        case Text():
            for line in change.text.splitlines():
                page.write((page.cut(line, SENTENCE), ""), indent=4)
