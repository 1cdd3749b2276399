"""The findings by checklist line, with expected, found, repair and evidence."""

import json
from collections.abc import Iterator
from functools import partial

from sesgate.clock import to_text
from sesgate.finding import Remedy, Status, Text
from sesgate.report.forms.changes import change_lines
from sesgate.report.forms.html.markup import Markup, above, block, element, preformatted, text
from sesgate.report.forms.html.view import View, badge, pairs, rank, status_of
from sesgate.report.forms.order import Group, by_check
from sesgate.report.forms.words import counted, identity, question_line, who_and_when
from sesgate.report.model import Exhibit, ReportedFinding

MOST_EXCERPT = 2000
_OPEN = frozenset({"fail", "pending"})
_TO_REPAIR = frozenset({Status.FAIL, Status.PENDING, Status.ERROR})


def findings_by_line(view: View) -> Markup:
    """All findings, the worst first, with what sorts and filters them."""
    groups = [Group(group.name, tuple(sorted(group.findings, key=rank))) for group in by_check(view.report.findings)]
    groups.sort(key=lambda group: rank(group.findings[0]))
    lines = [_line(view, group, at) for at, group in enumerate(groups, 1)]
    unused = [element("li", f"{one.check} {one.subject}: {one.why}") for one in view.report.unused_waivers]
    return view.section(
        "findings",
        "Findings by checklist line",
        _tools(view),
        block("div", *lines, class_="lines"),
        *([view.heading(3, "Waivers without effect"), element("ul", *unused)] if unused else []),
    )


def _tools(view: View) -> Markup:
    """Only a script shows them: without one there is nothing that they could do."""
    statuses = [element("option", "any", value="")]
    statuses += [element("option", words, value=status) for status, words in counted(view.report)]
    orders = [element("option", "gravity", value="rank"), element("option", "check", value="check")]
    return element(
        "p",
        element("label", "Show only ", Markup('<input class="search" type="search" autocomplete="off">')),
        element("label", " with status ", element("select", *statuses, class_="status")),
        element("label", " ordered by ", element("select", *orders, class_="order")),
        element("span", class_="shown", role="status"),
        class_="tools",
        hidden=True,
    )


def _line(view: View, group: Group, at: int) -> Markup:
    worst, known = group.findings[0], view.report.checks.get(group.name)
    summary = element(
        "summary",
        badge(worst),
        " ",
        element("span", group.name, class_="check"),
        " ",
        element("span", known.serves if known else "", class_="serves"),
    )
    return block(
        "details",
        summary,
        *_controls(view, group),
        *(_finding(view, one) for one in group.findings),
        class_="line",
        data_check=group.name,
        data_rank=str(at),
        open=status_of(worst) in _OPEN,
    )


def _controls(view: View, group: Group) -> Iterator[Markup]:
    """The controls of published frameworks, each with the source of the claim."""
    known = view.report.checks.get(group.name)
    if not known or not known.controls:
        return
    named = ", ".join(f"{one.framework} {one.id}" for one in known.controls)
    told = [
        element("li", f"{one.framework} {one.id} {one.title}: {one.why}. Source: ", _link(one.source))
        for one in known.controls
    ]
    summary = element("summary", f"Gives evidence for {named}")
    yield element("details", summary, element("ul", *told), class_="controls")


def _finding(view: View, finding: ReportedFinding) -> Markup:
    cause = element("span", identity(finding), class_="cause") if finding.cause else Markup("")
    return block(
        "article",
        view.heading(3, badge(finding), " ", finding.subject, " ", cause),
        element("p", finding.message),
        *_facts(finding),
        *_repair(view, finding),
        *_evidence(view, finding),
        id=view.anchor(finding),
        class_="finding",
        data_status=status_of(finding),
    )


def _facts(finding: ReportedFinding) -> Iterator[Markup]:
    """What there is to know beside the message."""
    told = [(name, value) for name, value in (("Expected", finding.expected), ("Found", finding.found)) if value]
    if finding.because:
        told.append(("Because", f"{finding.because} is not right"))
    if waiver := finding.waiver:
        told.append(("Waived", f"{waiver.reason} ({waiver.owner}, until {waiver.expires})"))
    told += [("Note", note) for note in finding.notes]
    if finding.location:
        told.append(("At", f"{finding.location.path}:{finding.location.line}"))
    if told:
        yield pairs(told)


def _repair(view: View, finding: ReportedFinding) -> Iterator[Markup]:
    """The repair in full where it is told for the first time, else a reference to it."""
    remedy, repairs = finding.remedy, view.ordered.repairs
    if remedy is None or finding.waiver or finding.status not in _TO_REPAIR:
        return
    number = repairs.number(remedy)
    place, named = view.place(f"r{number}"), element("strong", f"Repair {number}:")
    if not repairs.tell(remedy):
        same = element("a", f"the same as above: {remedy.summary}", href=f"#{place}")
        yield element("div", element("p", named, " ", same), class_="repair")
        return
    who = element("span", who_and_when(view.ordered, remedy), class_="who")
    yield block(
        "div",
        element("p", named, " ", remedy.summary, " ", who),
        *_changes(view, remedy),
        id=place,
        class_="repair",
    )


def _changes(view: View, remedy: Remedy) -> Iterator[Markup]:
    """Each change as the lines to paste, or as the words to read; and where to read on."""
    for change in remedy.changes:
        lines = change_lines(change, view.report.target.endpoint)
        if isinstance(change, Text):
            yield from (element("p", line) for line in lines)
        else:
            yield preformatted("\n".join(lines))
    if remedy.docs and remedy.docs.startswith("https://"):
        yield element("p", _link(remedy.docs))


def _evidence(view: View, finding: ReportedFinding) -> Iterator[Markup]:
    """What was asked. The answer stands where it is cited for the first time, further on a link leads to it."""
    exhibits = view.ordered.exhibits(finding)
    if not exhibits:
        return
    named = f"Evidence ({len(exhibits)})"
    summary = element("summary", named, aria_label=f"{named} of {identity(finding)} {finding.subject}")
    told = [view.cite(one, partial(_exhibit, view), partial(_cited, view)) for one in exhibits]
    yield block("details", summary, *told, class_="evidence")


def _exhibit(view: View, exhibit: Exhibit) -> Markup:
    answer = json.dumps(dict(exhibit.excerpt), indent=1, ensure_ascii=False)
    told = f"asked at {to_text(exhibit.asked_at)}, SHA-256 of the whole answer {exhibit.sha256}"
    return above(
        element("p", question_line(exhibit.question), id=view.place(f"e-{exhibit.id}")),
        preformatted(answer, MOST_EXCERPT),
        element("p", told, class_="who"),
    )


def _cited(view: View, exhibit: Exhibit) -> Markup:
    link = element("a", "answer above", href=f"#{view.place(f'e-{exhibit.id}')}")
    return element("p", question_line(exhibit.question), ": ", link)


def _link(address: str) -> Markup:
    """A link where it is one that may be followed."""
    if not address.startswith("https://"):
        return text(address)
    return element("a", address, href=address, rel="noreferrer")
