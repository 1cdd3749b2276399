"""The sections with what needs no one to act: waived, skipped, passed, not asked."""

from sesgate.report.forms.order import Group, Ordered
from sesgate.report.forms.text.failures import write_title
from sesgate.report.forms.text.page import SENTENCE, STYLES, Page
from sesgate.report.forms.words import is_offline, plural, questions
from sesgate.report.model import ReportedFinding

WIDEST_NAME = 28


def write_rest(page: Page, ordered: Ordered) -> None:
    """Each section where there is any."""
    _write_waived(page, ordered)
    _write_skipped(page, ordered)
    _write_passed(page, ordered)
    _write_unasked(page, ordered)


def _write_waived(page: Page, ordered: Ordered) -> None:
    if not ordered.waived:
        return
    page.heading(f"{len(ordered.waived)} waived", STYLES["waived"], "not right, and accepted for a time")
    for finding in ordered.waived:
        page.blank()
        write_title(page, finding, "waived")
        page.write((page.cut(finding.message, SENTENCE), ""), indent=2)
        if finding.waiver:
            page.labelled("reason", page.cut(finding.waiver.reason))
            page.labelled("by", f"{page.cut(finding.waiver.owner)}, until {page.cut(finding.waiver.expires)}")


def _write_skipped(page: Page, ordered: Ordered) -> None:
    if not ordered.skipped:
        return
    number = sum(len(group.findings) for group in ordered.skipped)
    why = "local files alone were asked" if is_offline(ordered.report) else "nothing to look at"
    page.heading(f"{number} skipped", STYLES["info"], why)
    for group in ordered.skipped:
        names = _names(page, group)
        page.write(
            (f"{page.symbol('skip')} ", STYLES["skip"]), (names, ""), (f"  {page.cut(group.name)}", "dim"), hang=2
        )


def _names(page: Page, group: Group) -> str:
    """The checks of a group, with their subjects where these are few."""
    if page.verbose:
        return "; ".join(f"{check} {page.cut(', '.join(subjects))}" for check, subjects in group.checks.items())
    return ", ".join(group.checks)


def _write_passed(page: Page, ordered: Ordered) -> None:
    if not ordered.passed:
        return
    number = sum(len(group.findings) for group in ordered.passed)
    page.heading(f"{number} passed", STYLES["pass"])
    column = min(WIDEST_NAME, max(len(group.name) for group in ordered.passed))
    for group in ordered.passed:
        if page.verbose:
            for finding in group.findings:
                _write_pass(page, ordered, finding, column)
        else:
            _write_row(page, group.name, _few(list(group.checks[group.name]), page.width - column - 4), column)
    notes = dict.fromkeys(note for group in ordered.passed for finding in group.findings for note in finding.notes)
    if notes:
        page.blank()
        page.labelled("note", [page.cut(note) for note in notes])


def _write_row(page: Page, check: str, said: str, column: int) -> None:
    page.write(
        (f"{page.symbol('pass')} ", STYLES["pass"]),
        (f"{page.shown(check):<{column}}  ", ""),
        (page.cut(said), "dim"),
        hang=column + 4,
    )


def _write_pass(page: Page, ordered: Ordered, finding: ReportedFinding, column: int) -> None:
    """One pass in full: what was seen, and where."""
    found = f" ({finding.found})" if finding.found else ""
    _write_row(page, finding.check, f"{finding.subject}: {finding.message}{found}", column)
    for question in questions(ordered.exhibits(finding), ordered.report.target.region):
        page.write((page.cut(question), "dim"), indent=column + 4)


def _few(subjects: list[str], room: int) -> str:
    """As many subjects as fit on a line, at least one, and how many more there are."""
    most = len(subjects) if len(subjects) <= room else room
    told = (_first(subjects, number) for number in range(max(most, 1), 0, -1))
    return next((text for text in told if len(text) <= room), _first(subjects, 1))


def _first(subjects: list[str], number: int) -> str:
    more = f" and {len(subjects) - number} more" if number < len(subjects) else ""
    return ", ".join(subjects[:number]) + more


def _write_unasked(page: Page, ordered: Ordered) -> None:
    """Waivers without effect, and the parts that the gate does not ask for."""
    report = ordered.report
    if report.unused_waivers:
        page.heading(f"{plural(len(report.unused_waivers), 'waiver')} without effect", STYLES["warning"])
        for waiver in report.unused_waivers:
            what = f"{waiver.check}#{waiver.cause}" if waiver.cause else waiver.check
            why = f"{waiver.why}, it ran until {waiver.expires}" if waiver.why == "expired" else waiver.why
            page.write(
                (f"{page.symbol('warning')} ", STYLES["warning"]),
                (page.cut(f"{what}  {waiver.subject}: {why}"), ""),
                hang=2,
            )
    if report.not_asked:
        page.blank()
        page.write(("Not asked by this gate: ", "dim"), (page.cut(", ".join(report.not_asked)), "dim"), hang=2)
