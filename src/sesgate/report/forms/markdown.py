"""The report as Markdown, for pull requests, step summaries and tickets: the verdict first.

What comes from outside stands in code spans, or escaped: it makes no markup, no HTML, no mention of anyone.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from sesgate.finding import AwsCall, Change, DnsRecord, Remedy, Severity, StatementToAdd, Text
from sesgate.report.forms.changes import aws_command, statement_text, zone_line
from sesgate.report.forms.escape import shorten, visible
from sesgate.report.forms.grid import grid, sign, worth_telling
from sesgate.report.forms.options import RenderOptions
from sesgate.report.forms.order import Findings, Group, Ordered, unique_remedies
from sesgate.report.forms.words import (
    counted,
    headline,
    identity,
    loud_notices,
    moment,
    notices,
    path_steps,
    plural,
    questions,
    reason,
    reason_of_all,
    when_ready,
    who_and_when,
)
from sesgate.report.joint import AnyReport, JointReport, labelled
from sesgate.report.model import Report, ReportedFinding
from sesgate.report.schedule import schedule
from sesgate.verdict import Verdict

MOST_CHARACTERS = 1000
MOST_FINDINGS = 100
MOST_BYTES = 900_000
_SIGNS = {Verdict.READY: "✅", Verdict.NOT_READY: "❌", Verdict.UNDECIDED: "❔"}
_SECTIONS = ((Severity.BLOCKER, "blocker"), (Severity.WARNING, "warning"), (Severity.INFO, "remark"))
_MARKS = {"pass": "✅", "skip": "·", "fail": "❌", "warning": "⚠️", "error": "❔"}
MOST_ROWS = 60
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~!$^&]")
_LIST_MARK = re.compile(r"^(?:(?=[-+=])|(\d+)(?=[.)](?:\s|$)))")
_LINK = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)")
_ADDRESS = re.compile(r"https?://[A-Za-z0-9./_~#?&=%-]{1,300}")


def render(report: AnyReport, options: RenderOptions) -> str:
    """CommonMark with GitHub's extensions. `quiet` leaves the verdict alone."""
    blocks = list(_summary(report)) if isinstance(report, JointReport) else []
    if not (blocks and options.quiet):
        for label, one in labelled(report):
            blocks += _gate(Ordered(one), label if isinstance(report, JointReport) else one.gate.name, options)
    return "\n\n".join(_within(blocks, MOST_BYTES)) + "\n"


def _within(blocks: Iterable[str], most: int) -> Iterator[str]:
    """As many blocks as fit: a step summary takes no more than 1 MiB."""
    used = 0
    for block in blocks:
        used += len(block.encode("utf-8")) + 2
        if used > most:
            yield "The rest is cut: the JSON report has all of it."
            return
        yield block


def _summary(report: JointReport) -> Iterator[str]:
    """The verdict on several gates, and a table of them."""
    yield f"# {_sign(report)} {headline(report)}: {len(report.gates)} gates"
    yield f"{reason_of_all(report)[0].upper()}{reason_of_all(report)[1:]}."
    if loud := loud_notices(report):
        yield "  \n".join(f"> **{prose(text)}**" for text in loud)
    rows = [["", "gate", "account", "region", "verdict", "why"], ["---"] * 6]
    for label, one in labelled(report):
        account = code(one.target.account) if one.target.account else "not known"
        where = [prose(label), account, code(one.target.region)]
        rows.append([_sign(one), *where, headline(one), prose(reason(Ordered(one)))])
    yield "\n".join(f"| {' | '.join(piped(cell) for cell in row)} |" for row in rows)


def _gate(ordered: Ordered, name: str | None, options: RenderOptions) -> Iterator[str]:
    yield from _head(ordered, name)
    if not options.quiet:
        yield from _sections(ordered)
        yield from _rest(ordered)


def _sign(report: AnyReport) -> str:
    return "◐" if report.partial and report.verdict is Verdict.READY else _SIGNS[report.verdict]


def _head(ordered: Ordered, name: str | None) -> Iterator[str]:
    report = ordered.report
    yield f"## {_sign(report)} {headline(report)}{f': {prose(name)}' if name else ''}"
    yield f"{reason(ordered)[0].upper()}{reason(ordered)[1:]}."
    told = [f"> **{prose(text)}**" if weight == "loud" else f"> {prose(text)}" for weight, text in notices(report)]
    if told:
        yield "  \n".join(told)
    target = report.target
    facts = [
        f"account {code(target.account)}" if target.account else "account not known",
        f"region {code(target.region)}",
        *([f"as {code(target.caller)}"] if target.caller else []),
        moment(report.started_at),
        f"sesgate {prose(report.tool.version)}",
    ]
    yield " · ".join(facts)
    yield " · ".join(words for _, words in counted(report)) or "nothing was looked at"
    planned = schedule(report)
    if planned:
        steps = [f"- {prose(step)}" for step in path_steps(ordered, planned)]
        yield "\n".join([f"Ready {prose(when_ready(planned))}.", *([""] if steps else []), *steps])


def _sections(ordered: Ordered) -> Iterator[str]:
    for severity, noun in _SECTIONS:
        failures = ordered.failures(severity)
        if failures:
            yield f"### {plural(len(failures), noun)}"
            yield from _each(ordered, failures)
    if ordered.pending:
        yield f"### {len(ordered.pending)} pending"
        yield from _each(ordered, ordered.pending)
    if ordered.errors:
        yield f"### {sum(len(group.findings) for group in ordered.errors)} not seen"
        yield "\n".join(_unseen(group) for group in ordered.errors)
        for remedy in unique_remedies(one for group in ordered.errors for one in group.findings):
            yield from _repair(ordered, remedy)


def _each(ordered: Ordered, findings: Findings) -> Iterator[str]:
    for finding in findings[:MOST_FINDINGS]:
        yield from _finding(ordered, finding)
    if len(findings) > MOST_FINDINGS:
        yield f"… and {len(findings) - MOST_FINDINGS} more."


def _finding(ordered: Ordered, finding: ReportedFinding) -> Iterator[str]:
    yield f"#### {code(identity(finding))} {code(finding.subject)}"
    yield prose(finding.message)
    details = [f"- {label}: {code(text)}" for label, text in _details(ordered, finding)]
    if details:
        yield "\n".join(details)
    if finding.remedy:
        yield from _repair(ordered, finding.remedy)


def _details(ordered: Ordered, finding: ReportedFinding) -> Iterator[tuple[str, str]]:
    if finding.expected is not None:
        yield "expected", finding.expected
    if finding.found is not None:
        yield "found", finding.found
    asked = questions(ordered.exhibits(finding), ordered.report.target.region)
    if asked:
        yield "looked at", "; ".join(asked)
    if finding.location:
        yield "at", f"{finding.location.path}:{finding.location.line}"
    for note in finding.notes:
        yield "note", note


def _repair(ordered: Ordered, remedy: Remedy) -> Iterator[str]:
    number = ordered.repairs.number(remedy)
    if not ordered.repairs.tell(remedy):
        yield f"**Repair {number}**, as above."
        return
    docs = ""
    if remedy.docs:
        docs = f" · <{remedy.docs}>" if _ADDRESS.fullmatch(remedy.docs) else f" · {code(remedy.docs)}"
    yield f"**Repair {number}**: {prose(remedy.summary)}  \n{prose(who_and_when(ordered, remedy))}{docs}"
    for is_record, changes in groupby(remedy.changes, lambda change: isinstance(change, DnsRecord)):
        if is_record:
            yield fenced([zone_line(one) for one in changes if isinstance(one, DnsRecord)], "zone")
        else:
            for change in changes:
                yield from _change(change, ordered.report.target.endpoint)


def _change(change: Change, endpoint: str | None) -> Iterator[str]:
    match change:
        case AwsCall():
            yield fenced([aws_command(change, endpoint)], "sh")
        case StatementToAdd():
            yield f"Add to {code(change.target)}:"
            yield fenced(statement_text(change).splitlines(), "json")
        case Text():
            yield "  \n".join(prose(line) for line in change.text.splitlines())


def _unseen(group: Group) -> str:
    hidden = ", ".join(code(check) for check in group.checks)
    return f"- {prose(group.name)} ({plural(len(group.findings), 'finding')}: {hidden})"


def _rest(ordered: Ordered) -> Iterator[str]:
    """What needs no one to act, folded away; waivers stay in sight."""
    report = ordered.report
    yield from _matrix(report)
    if ordered.waived:
        yield f"### {len(ordered.waived)} waived"
        yield "\n".join(_waived(finding) for finding in ordered.waived)
    if report.unused_waivers:
        yield f"### {plural(len(report.unused_waivers), 'waiver')} without effect"
        yield "\n".join(f"- {code(one.check)} {code(one.subject)}: {prose(one.why)}" for one in report.unused_waivers)
    yield from _folded("skipped", ordered.skipped, lambda group: prose(group.name))
    yield from _folded("passed", ordered.passed, lambda group: ", ".join(map(code, group.checks[group.name])))
    if report.not_asked:
        yield f"Not asked by this gate: {', '.join(prose(part) for part in report.not_asked)}"


def _matrix(report: Report) -> Iterator[str]:
    """A table of the environment variables; of a large one only the rows with something to act on."""
    whole = grid(report)
    if not whole.rows:
        return
    rows = worth_telling(whole.rows, MOST_ROWS)
    yield f"### Environment variables: {len(whole.rows)} in {plural(len(whole.services), 'service')}"
    if rows:
        head = ["", *map(code, whole.services)]
        lines = [head, ["---"] * len(head), *([code(row.variable), *map(_state, row.states)] for row in rows)]
        yield "\n".join(f"| {' | '.join(piped(cell) for cell in line)} |" for line in lines)
    if len(rows) < len(whole.rows):
        yield f"{plural(len(whole.rows) - len(rows), 'variable')} right in every service."


def _state(state: str | None) -> str:
    return "" if state is None else f"{_MARKS[sign(state)]} {prose(state)}"


def piped(text: str) -> str:
    """A cell of a table: a bar would end it, in a code span too."""
    return re.sub(r"(?<!\\)\|", r"\\|", text)


def _waived(finding: ReportedFinding) -> str:
    waiver = finding.waiver
    until = f": {prose(waiver.reason)} ({prose(waiver.owner)}, until {prose(waiver.expires)})" if waiver else ""
    return f"- {code(identity(finding))} {code(finding.subject)}{until}"


def _folded(word: str, groups: Iterable[Group], said: Callable[[Group], str]) -> Iterator[str]:
    members = list(groups)
    if not members:
        return
    number = sum(len(group.findings) for group in members)
    told = "\n".join(f"- {', '.join(map(code, group.checks))}: {said(group)}" for group in members)
    yield f"<details><summary>{number} {word}</summary>\n\n{told}\n\n</details>"


def code(text: str) -> str:
    """A code span, which nothing in the text can end."""
    shown = shorten(visible(text), MOST_CHARACTERS) or "(empty)"
    fence = "`" * (_longest_run(shown) + 1)
    room = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{room}{shown}{room}{fence}"


def fenced(lines: Iterable[str], language: str) -> str:
    """A code block, which nothing in the lines can end."""
    body = "\n".join(visible(line) for line in lines)
    fence = "`" * max(3, _longest_run(body) + 1)
    return f"{fence}{language}\n{body}\n{fence}"


def prose(text: str) -> str:
    """Text that reads as itself: no markup, no link, no mention."""
    shown = _MARKUP.sub(r"\\\g<0>", shorten(visible(text), MOST_CHARACTERS))
    return _LIST_MARK.sub(r"\1\\", _LINK.sub("<!-- -->", shown))


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
