"""The sections with what is not right: what fails, what waits, what could not be looked at."""

from sesgate.finding import Severity
from sesgate.report.forms.order import Findings, Group, Ordered, unique_remedies
from sesgate.report.forms.text.page import SENTENCE, STYLES, Page
from sesgate.report.forms.text.repairs import write_repair
from sesgate.report.forms.words import identity, plural, questions
from sesgate.report.model import ReportedFinding

MOST_QUESTIONS = 3
_SECTIONS = (
    (Severity.BLOCKER, "fail", "blocker", "must be right before the application may send"),
    (Severity.WARNING, "warning", "warning", "should be right"),
    (Severity.INFO, "info", "remark", "good to know"),
)
_SAYS_SEVERITY = frozenset(symbol for _, symbol, _, _ in _SECTIONS)


def write_failures(page: Page, ordered: Ordered) -> None:
    """Blockers, warnings, what waits, what could not be looked at: each in its section, where there is any."""
    for severity, symbol, title, said in _SECTIONS:
        failures = ordered.failures(severity)
        if failures:
            page.heading(plural(len(failures), title), STYLES[symbol], said)
            _write_each(page, ordered, failures, symbol)
    if ordered.pending:
        said = "someone else is still at work, waiting can help"
        page.heading(f"{len(ordered.pending)} pending", STYLES["pending"], said)
        _write_each(page, ordered, ordered.pending, "pending")
    if ordered.errors:
        number = sum(len(group.findings) for group in ordered.errors)
        page.heading(f"{number} not seen", STYLES["error"], "could not be looked at: neither right nor wrong")
        for group in ordered.errors:
            page.blank()
            _write_unseen(page, ordered, group)


def _write_each(page: Page, ordered: Ordered, findings: Findings, symbol: str) -> None:
    told: set[tuple[str | None, ...]] = set()
    for finding in findings:
        page.blank()
        facts = (finding.check, finding.cause, finding.expected, finding.found)
        write_finding(page, ordered, finding, symbol, again=facts in told and not page.verbose)
        told.add(facts)


def write_finding(page: Page, ordered: Ordered, finding: ReportedFinding, symbol: str, *, again: bool = False) -> None:
    """One finding: id and subject, what was seen, where it was looked up, how to repair it.

    `again`: the same was told of another subject just before, and only the message is new.
    """
    write_title(page, finding, symbol)
    page.write((page.cut(finding.message, SENTENCE), ""), indent=2)
    if not again:
        for label, text in (("expected", finding.expected), ("found", finding.found)):
            if text is not None:
                page.labelled(label, page.cut(text))
        _write_places(page, ordered, finding)
    if finding.remedy:
        write_repair(page, ordered, finding.remedy)


def write_title(page: Page, finding: ReportedFinding, symbol: str) -> None:
    """`✗ dkim#cname-missing  yourdomain.com`: the id is what `sesgate explain` takes."""
    weight = "" if symbol in _SAYS_SEVERITY else f"  {finding.severity.value}"
    page.write(
        (f"{page.symbol(symbol)} ", STYLES[symbol]),
        (identity(finding), STYLES[symbol]),
        (f"  {page.cut(finding.subject)}", "bold"),
        (weight, "dim"),
        hang=2,
    )


def _write_places(page: Page, ordered: Ordered, finding: ReportedFinding) -> None:
    asked = questions(ordered.exhibits(finding), ordered.report.target.region)
    most = len(asked) if page.verbose else MOST_QUESTIONS
    if len(asked) > most:
        asked = [*asked[: most - 1], f"and {len(asked) - most + 1} more (--verbose)"]
    if asked:
        page.labelled("looked at", [page.cut(line) for line in asked], style="dim")
    if finding.location:
        place = finding.location
        page.labelled("at", page.cut(f"{place.path}:{place.line}:{place.column}"), style="dim")
    if finding.notes:
        page.labelled("note", [page.cut(note) for note in finding.notes])


def _write_unseen(page: Page, ordered: Ordered, group: Group) -> None:
    """One reason, told once, and all that it keeps from being seen."""
    if len(group.findings) == 1:
        write_finding(page, ordered, group.findings[0], "error")
    else:
        page.write((f"{page.symbol('error')} ", STYLES["error"]), (page.cut(group.name), "bold"), hang=2)
        page.labelled("hides", _hidden(page, group))
    granted = [action for action in grants(ordered, group) if action not in group.name]
    if granted:
        page.labelled("grant", f"{', '.join(granted)} to the caller")
    if len(group.findings) > 1:
        for remedy in unique_remedies(group.findings):
            write_repair(page, ordered, remedy)


def _hidden(page: Page, group: Group) -> list[str]:
    """How much one reason keeps from being seen, and what."""
    blockers = sum(1 for one in group.findings if one.severity is Severity.BLOCKER)
    checks, number = group.checks, len(group.findings)
    among = f", {plural(blockers, 'blocker')} among them" if blockers else ""
    weight = ", all of them blockers" if blockers == number else among
    spread = f" of {plural(len(checks), 'check')}" if len(checks) != number else ""
    total = f"{plural(number, 'finding')}{spread}{weight}"
    if page.verbose:
        return [total, *(page.cut(f"{check}: {', '.join(subjects)}") for check, subjects in checks.items())]
    return [total, page.cut(", ".join(checks))]


def grants(ordered: Ordered, group: Group) -> list[str]:
    """The IAM actions whose absence the evidence names."""
    found: dict[str, None] = {}
    for finding in group.findings:
        for exhibit in ordered.exhibits(finding):
            failure = exhibit.excerpt.get("failure")
            grant = failure.get("grant") if isinstance(failure, dict) else None
            if isinstance(grant, str) and failure and failure.get("message") == group.name:
                found[grant] = None
    return list(found)
