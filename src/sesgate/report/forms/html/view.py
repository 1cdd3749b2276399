"""What the page shows, in plain lists of text, so that the template only places it."""

import json
from dataclasses import dataclass
from functools import cached_property

from sesgate.finding import Remedy
from sesgate.report.forms.changes import change_lines
from sesgate.report.forms.escape import shorten, visible
from sesgate.report.forms.grid import SHORT, Grid, grid, sign
from sesgate.report.forms.order import Group, Ordered, by_check
from sesgate.report.forms.words import (
    counted,
    headline,
    identity,
    moment,
    notices,
    path_steps,
    plural,
    question_line,
    reason,
    took,
    when_ready,
    who_and_when,
)
from sesgate.report.model import Exhibit, Report, ReportedFinding
from sesgate.report.schedule import schedule

MOST = 4000
MOST_EXCERPT = 2000
RANKS = {"fail": 0, "pending": 1, "error": 2, "waived": 3, "skip": 4, "pass": 5}
"""The order of statuses, what needs a reader first."""


@dataclass(frozen=True)
class Row:
    """One finding."""

    finding: ReportedFinding
    page: "View"

    @property
    def status(self) -> str:
        """Its status, or "waived"."""
        return "waived" if self.finding.waiver else self.finding.status.value

    @property
    def word(self) -> str:
        """The status as a reader is told it: how much a failure weighs is part of it."""
        if self.status == "fail":
            return self.finding.severity.value
        return {"pass": "passed", "error": "not seen", "skip": "skipped"}.get(self.status, self.status)

    @property
    def identity(self) -> str:
        return text(identity(self.finding))

    @property
    def subject(self) -> str:
        return text(self.finding.subject)

    @property
    def message(self) -> str:
        return text(self.finding.message)

    @property
    def is_open(self) -> bool:
        """Whether a reader should see it unfolded."""
        return self.status in ("fail", "pending")

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What there is to know beside the message."""
        finding, waiver = self.finding, self.finding.waiver
        place = f"{finding.location.path}:{finding.location.line}" if finding.location else None
        waived = f"{waiver.reason} ({waiver.owner}, until {waiver.expires})" if waiver else None
        because = f"{finding.because} is not right" if finding.because else None
        told = {"Expected": finding.expected, "Found": finding.found, "Because": because, "Waived": waived}
        notes = [("Note", text(note)) for note in finding.notes]
        return [(name, text(value)) for name, value in told.items() if value] + notes + _pairs("Asked at", place)

    @property
    def remedy(self) -> "Repair | None":
        wanted = self.finding.remedy if not self.finding.waiver else None
        return Repair(wanted, self.page.ordered) if wanted else None

    @property
    def evidence(self) -> list[tuple[str, str]]:
        """Each question with the beginning of its answer."""
        return [(text(question_line(one.question)), _excerpt(one)) for one in self.page.ordered.exhibits(self.finding)]


@dataclass(frozen=True)
class Repair:
    """A remedy."""

    remedy: Remedy
    ordered: Ordered

    @property
    def summary(self) -> str:
        return text(self.remedy.summary)

    @property
    def who(self) -> str:
        if self.ordered.repairs.named(self.remedy.id):
            return text(who_and_when(self.ordered, self.remedy))
        return self.remedy.owner.value

    @property
    def changes(self) -> list[str]:
        """Each change as the lines to paste or to read."""
        endpoint = self.ordered.report.target.endpoint
        return ["\n".join(visible(line) for line in change_lines(one, endpoint)) for one in self.remedy.changes]

    @property
    def docs(self) -> str | None:
        """A link that may be followed."""
        return self.remedy.docs if (self.remedy.docs or "").startswith("https://") else None


@dataclass(frozen=True)
class Line:
    """A checklist line: one check, its findings, the worst first."""

    check: str
    serves: str
    controls: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def status(self) -> str:
        """That of its worst finding."""
        return self.rows[0].status

    @property
    def word(self) -> str:
        return self.rows[0].word

    @property
    def is_open(self) -> bool:
        return any(row.is_open for row in self.rows)


@dataclass(frozen=True)
class View:
    """All of the page."""

    report: Report

    @cached_property
    def ordered(self) -> Ordered:
        return Ordered(self.report)

    @property
    def name(self) -> str:
        return text(self.report.gate.name or "The gate")

    @property
    def verdict(self) -> str:
        return headline(self.report)

    @property
    def verdict_class(self) -> str:
        return self.report.verdict.value

    @property
    def reason(self) -> str:
        return reason(self.ordered)

    @property
    def notices(self) -> list[str]:
        return [text(told) for _, told in notices(self.report)]

    @property
    def counts(self) -> list[tuple[str, str]]:
        return counted(self.report)

    @property
    def facts(self) -> list[tuple[str, str]]:
        """Who ran it, as whom, when, with which version, against what."""
        report, target = self.report, self.report.target
        packs = ", ".join(f"{name} {version}" for name, version in report.tool.packs.items())
        return [
            *_pairs("Gate", report.gate.path and text(report.gate.path)),
            ("Gate SHA-256", report.gate.sha256),
            ("AWS account", text(target.account or "not known")),
            ("Region", text(target.region)),
            ("As", text(target.caller or "not known: the caller was not asked")),
            *_pairs("Endpoint", target.endpoint and text(target.endpoint)),
            ("When", f"{moment(report.started_at)}, in {took(report.duration_seconds)}"),
            ("With", text(f"sesgate {report.tool.version} ({packs})")),
            *_pairs("Recording", report.recording.path if report.recording else None),
            *_pairs("Recording SHA-256", report.recording.sha256 if report.recording else None),
        ]

    @property
    def blocking(self) -> list[Row]:
        return [Row(one, self) for one in self.ordered.blocking]

    @cached_property
    def ready(self) -> tuple[str, list[str]] | None:
        """When it can be ready, and the critical path."""
        planned = schedule(self.report)
        return (
            (text(when_ready(planned)), [text(step) for step in path_steps(self.ordered, planned)]) if planned else None
        )

    @property
    def unseen(self) -> list[tuple[str, list[str]]]:
        """Why something was not looked at, and what."""
        return [(text(group.name), _named(group)) for group in self.ordered.errors]

    @property
    def skipped(self) -> list[tuple[str, list[str]]]:
        return [(text(group.name), _named(group)) for group in self.ordered.skipped]

    @property
    def not_asked(self) -> list[str]:
        return [text(part) for part in self.report.not_asked]

    @cached_property
    def lines(self) -> list[Line]:
        lines = [self._line(group) for group in by_check(self.report.findings)]
        return sorted(lines, key=lambda line: (RANKS[line.status], -line.rows[0].finding.severity.weight))

    def _line(self, group: Group) -> Line:
        rows = sorted((Row(one, self) for one in group.findings), key=_rank)
        known = self.report.checks.get(group.name)
        controls = (
            tuple(text(f"{one.framework} {one.id} {one.title}: {one.why}") for one in known.controls) if known else ()
        )
        return Line(text(group.name), text(known.serves) if known else "", controls, tuple(rows))

    @cached_property
    def grid(self) -> Grid:
        return grid(self.report)

    @property
    def unused(self) -> list[str]:
        return [text(f"{one.check} {one.subject}: {one.why}") for one in self.report.unused_waivers]

    @property
    def total(self) -> str:
        return plural(len(self.report.findings), "finding")


def text(value: str) -> str:
    """Text that shows what could not be seen, and of a length that a page can hold."""
    return shorten(visible(value), MOST)


def cell(state: str | None) -> tuple[str, str]:
    """The class and the word of a state in the matrix."""
    return (sign(state), SHORT.get(state, text(state))) if state else ("none", "")


def _rank(row: Row) -> tuple[int, int]:
    return RANKS[row.status], -row.finding.severity.weight


def _pairs(name: str, value: str | None) -> list[tuple[str, str]]:
    return [(name, text(value))] if value else []


def _named(group: Group) -> list[str]:
    return [text(f"{check}: {', '.join(subjects)}") for check, subjects in group.checks.items()]


def _excerpt(exhibit: Exhibit) -> str:
    shown = json.dumps(dict(exhibit.excerpt), indent=1, ensure_ascii=False)
    return shorten("\n".join(visible(line) for line in shown.split("\n")), MOST_EXCERPT)
