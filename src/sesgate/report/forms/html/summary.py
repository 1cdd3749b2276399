"""The first page: the verdict, who ran it against what, what blocks, when it can be ready, what was not checked."""

from collections.abc import Iterator

from sesgate.finding import Remedy, Severity
from sesgate.report.forms.html.markup import Markup, above, block, element, text
from sesgate.report.forms.html.view import View, badge, mark, pairs
from sesgate.report.forms.next import next_commands, rerun
from sesgate.report.forms.order import Group
from sesgate.report.forms.words import (
    counted,
    headline,
    identity,
    loud_notices,
    moment,
    notices,
    path_steps,
    reason,
    reason_of_all,
    repair_named,
    took,
    when_ready,
    who_and_when,
)
from sesgate.report.joint import AnyReport, JointReport
from sesgate.report.model import ReportedFinding
from sesgate.report.schedule import schedule
from sesgate.verdict import Verdict

MOST_BLOCKING = 100
MOST_SUBJECTS = 20


def head(report: AnyReport, name: str, told: Markup) -> Markup:
    """The page's first words: the verdict on one gate, or on several."""
    named = element("p", name, class_="name")
    return block("header", named, element("h1", headline(report)), told, class_=report.verdict.value)


def verdict(view: View) -> Markup:
    """Why the verdict is what it is, what makes it less than it seems, and the counts."""
    report = view.report
    told = _told(reason(view.ordered), notices(report), counted(report), f" of {view.label}" if view.label else "")
    return above(told, *_next(view))


def verdict_on_all(report: JointReport) -> Markup:
    """The same of several gates."""
    loud = [("loud", said) for said in loud_notices(report)]
    return _told(reason_of_all(report), loud, counted(report), "")


def _told(why: str, notices: list[tuple[str, str]], counts: list[tuple[str, str]], of: str) -> Markup:
    return above(
        element("p", why, class_="reason"),
        *(element("p", said, class_=f"notice {weight}") for weight, said in notices),
        element(
            "ul",
            *(element("li", words, class_=status) for status, words in counts),
            class_="counts",
            aria_label=f"Findings by status{of}",
        ),
    )


def _next(view: View) -> Iterator[Markup]:
    """What to begin with, and the next commands."""
    planned = schedule(view.report)
    if planned:
        firsts = [step.remedy for step in planned.path[:1]]
        begin = [_to_repair(view, f"Begin with {repair_named(view.ordered, one)}", one) for one in firsts]
        said = f"Ready{'' if firsts else ':'} {when_ready(planned)}. "
        yield element("p", said, *begin, class_="next")
    for command, why in next_commands(view.ordered, rerun([view.report])):
        yield element("p", element("code", command), " ", element("span", why, class_="who"), class_="next")


def facts(view: View) -> Markup:
    """Who ran it, as whom, when, with which version, against what."""
    return view.section("facts", "What was audited", pairs(list(_facts(view)), "facts"))


def _facts(view: View) -> Iterator[tuple[str, str]]:
    report, target = view.report, view.report.target
    packs = ", ".join(f"{name} {version}" for name, version in report.tool.packs.items())
    yield "AWS account", target.account or "not known"
    yield "Region", target.region
    yield "As", target.caller or "not known: the caller was not asked"
    yield "When", f"{moment(report.started_at)}, took {took(report.duration_seconds)}"
    yield "With", f"sesgate {report.tool.version} ({packs})"
    yield "Gate", report.gate.path or "from the command line"
    yield "Gate SHA-256", report.gate.sha256
    if target.endpoint:
        yield "Endpoint", target.endpoint
    if report.recording:
        yield "Recording", report.recording.path
        yield "Recording SHA-256", report.recording.sha256


def blocking(view: View) -> Markup:
    """What the verdict rests on, each a link to its finding."""
    ordered = view.ordered
    if view.report.verdict is Verdict.UNDECIDED:
        told = [_reason(mark("error", "not seen"), group) for group in ordered.errors if _blocks(group)]
        return view.section("blocks", "What blocks", block("ul", *told, class_="plain")) if told else Markup("")
    found = ordered.to_begin
    if not found:
        return Markup("")
    told = [_block(view, one) for one in found[:MOST_BLOCKING]]
    if len(found) > MOST_BLOCKING:
        told.append(element("li", f"and {len(found) - MOST_BLOCKING} more, below"))
    return view.section("blocks", "What blocks", block("ul", *told, class_="plain"))


def _block(view: View, finding: ReportedFinding) -> Markup:
    link = element("a", identity(finding), href=f"#{view.anchor(finding)}")
    subject = element("span", finding.subject, class_="subject")
    remedy = finding.remedy
    who = element("p", who_and_when(view.ordered, remedy), class_="who") if remedy else Markup("")
    return element("li", badge(finding), element("p", link, " ", subject), element("p", finding.message), who)


def _blocks(group: Group) -> bool:
    return any(one.severity is Severity.BLOCKER for one in group.findings)


def when(view: View) -> Markup:
    """The critical path: what the time to be ready hangs on."""
    planned = schedule(view.report)
    if not planned or not planned.path:
        return Markup("")
    told = zip(path_steps(view.ordered, planned), planned.path, strict=True)
    steps = [element("li", _to_repair(view, words, step.remedy)) for words, step in told]
    return view.section("when", "What the time hangs on", element("ol", *steps))


def _to_repair(view: View, words: str, remedy: Remedy) -> Markup:
    """The words as a link, where the repair is on the page."""
    numbers = view.ordered.repairs.named(remedy.id)
    return element("a", words, href=f"#{view.place(f'r{numbers[0]}')}") if numbers else text(words)


def not_checked(view: View) -> Markup:
    """What could not be looked at, what was not asked, and why."""
    ordered, report = view.ordered, view.report
    blocks = report.verdict is Verdict.UNDECIDED
    told = [_reason(mark("error", "not seen"), group) for group in ordered.errors if not (blocks and _blocks(group))]
    told += [_reason(mark("skip", "skipped"), group) for group in ordered.skipped]
    if report.not_asked:
        named = element("p", f"by this gate: {', '.join(report.not_asked)}")
        told.append(element("li", mark("skip", "not asked"), named))
    if not told:
        return Markup("")
    return view.section("unchecked", "Not checked, and why", block("ul", *told, class_="plain"))


def _reason(word: Markup, group: Group) -> Markup:
    named = element("ul", *(element("li", f"{check}: {_some(subjects)}") for check, subjects in group.checks.items()))
    return element("li", word, element("p", group.name), named)


def _some(subjects: list[str]) -> str:
    more = f" and {len(subjects) - MOST_SUBJECTS} more" if len(subjects) > MOST_SUBJECTS else ""
    return ", ".join(subjects[:MOST_SUBJECTS]) + more
