"""What the parts of the page share: the findings in order, their places on the page, and what was told already."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache, cached_property

from sesgate.finding import Severity
from sesgate.report.forms.html.markup import Markup, block, element
from sesgate.report.forms.order import Ordered
from sesgate.report.model import Exhibit, Report, ReportedFinding

RANKS = {"fail": 0, "pending": 1, "error": 2, "waived": 3, "skip": 4, "pass": 5}
"""The order of statuses, what needs a reader first."""


@dataclass(frozen=True)
class View:
    """One gate on the page. A finding's place on it is its number in the report.

    Where several gates stand on one page, `mark` begins the ids of each, `label` tells it from the others, and its
    headings are a level lower.
    """

    report: Report
    mark: str = ""
    label: str = ""
    _told: dict[str, Markup] = field(default_factory=dict)

    @cached_property
    def ordered(self) -> Ordered:
        return Ordered(self.report)

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {id(one): at for at, one in enumerate(self.report.findings, 1)}

    def place(self, name: str) -> str:
        """An id on the page."""
        return f"{self.mark}{name}"

    def heading(self, level: int, *content: str, **attributes: str | bool) -> Markup:
        """A heading of this gate, from 2 on."""
        return element(f"h{level + 1 if self.mark else level}", *content, **attributes)

    def section(self, name: str, heading: str, *content: Markup) -> Markup:
        """A part of the page, with its heading. It is a landmark where there is one gate: several have too many."""
        place = self.place(name)
        return block(
            "section", self.heading(2, heading, id=place), *content, aria_labelledby=False if self.mark else place
        )

    def anchor(self, finding: ReportedFinding) -> str:
        """The id of a finding's element."""
        return self.place(f"f{self._numbers[id(finding)]}")

    def cite(self, exhibit: Exhibit, whole: Callable[[Exhibit], Markup], again: Callable[[Exhibit], Markup]) -> Markup:
        """An exhibit as the page tells it: the whole of it the first time, and further on what leads there."""
        told = self._told.get(exhibit.id)
        if told is None:
            self._told[exhibit.id] = again(exhibit)
            return whole(exhibit)
        return told


def status_of(finding: ReportedFinding) -> str:
    """Its status, or "waived"."""
    return "waived" if finding.waiver else finding.status.value


def rank(finding: ReportedFinding) -> tuple[int, int]:
    """What comes first is what needs a reader first."""
    return RANKS[status_of(finding)], -finding.severity.weight


def badge(finding: ReportedFinding) -> Markup:
    """The status as a reader is told it: how much a failure weighs is part of it."""
    status = status_of(finding)
    if status == "fail":
        weight = finding.severity.value
        return mark("fail" if finding.severity is Severity.BLOCKER else weight, weight)
    return mark(status, {"pass": "passed", "error": "not seen", "skip": "skipped"}.get(status, status))


@cache
def mark(kind: str, word: str) -> Markup:
    """A word in a frame of its colour."""
    return element("span", word, class_=f"badge {kind}")


def pairs(found: list[tuple[str, str]], class_: str = "") -> Markup:
    """Names, and what they stand for."""
    cells = [one for name, value in found for one in (element("dt", name), element("dd", value))]
    return element("dl", *cells, class_=class_ or False)
