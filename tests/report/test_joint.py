"""Several gates in one report: the worst verdict, each gate told apart from the others in every form."""

import csv
import json
from collections import Counter
from io import StringIO
from itertools import permutations
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from sarif_pydantic import Sarif

from sesgate.report.difference import Kind, difference
from sesgate.report.forms import KINDS, RenderOptions, render
from sesgate.report.joint import JointReport, labelled, paired
from sesgate.report.load import BadReport, load_report
from sesgate.report.model import GateSource, Report
from sesgate.verdict import EXIT_CODES, Verdict, worst
from tests.report import samples

OPTIONS = RenderOptions(ascii=False)
SHA = samples.SHA


def gate(name: str | None, path: str | None, report: Report | None = None) -> Report:
    return replace(report or samples.ready(), gate=GateSource(name, path, SHA))


def joint(*gates: Report) -> JointReport:
    return JointReport(gates, 1.0)


@given(st.lists(st.sampled_from(Verdict), min_size=1, max_size=4))
def test_the_order_of_the_gates_changes_nothing(verdicts: list[Verdict]) -> None:
    expected = next(one for one in (Verdict.NOT_READY, Verdict.UNDECIDED, Verdict.READY) if one in verdicts)
    for order in permutations(verdicts):
        assert worst(order) is expected
        assert EXIT_CODES[worst(order)] == EXIT_CODES[expected]


def test_it_waits_only_where_all_that_is_not_ready_waits() -> None:
    assert joint(samples.waiting(), samples.ready()).waiting
    assert not joint(samples.waiting(), samples.evening_before()).waiting
    assert not joint(samples.ready(), samples.ready()).waiting


def test_counts_are_sums() -> None:
    one, other = samples.ready(), samples.evening_before()
    assert joint(one, other).counts == dict(Counter(one.counts) + Counter(other.counts)) | {
        name: 0 for name, number in one.counts.items() if number + other.counts[name] == 0
    }


@pytest.mark.parametrize(
    ("gates", "labels"),
    [
        ([("API", "a.yaml"), ("Jobs", "b.yaml")], ["API", "Jobs"]),
        ([("API", "a.yaml"), ("API", "b.yaml")], ["API (a.yaml)", "API (b.yaml)"]),
        ([(None, "a.yaml"), (None, None)], ["a.yaml", "gate"]),
        ([("API", None), ("API", None)], ["API [1]", "API [2]"]),
        ([("x (a.yaml)", None), ("x", "a.yaml"), ("x", "b.yaml")], ["x (a.yaml) [1]", "x (a.yaml) [2]", "x (b.yaml)"]),
    ],
)
def test_each_gate_has_a_label_of_its_own(gates: list[tuple[str | None, str | None]], labels: list[str]) -> None:
    assert [label for label, _ in labelled(joint(*(gate(*one) for one in gates)))] == labels


def test_a_joint_report_that_contradicts_itself_is_refused() -> None:
    document: dict[str, Any] = json.loads(samples.several().to_json())
    with pytest.raises(BadReport, match="verdict"):
        load_report(json.dumps(document | {"verdict": "ready"}))
    with pytest.raises(BadReport, match="gates"):
        load_report(json.dumps(document | {"gates": []}))


@pytest.mark.parametrize("kind", KINDS)
def test_every_form_tells_each_gate(kind: str) -> None:
    told = render(kind, samples.several(), OPTIONS)
    for path in ("production.yaml", "staging.yaml", "eu.yaml"):
        assert path in told


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "json"])
@pytest.mark.parametrize("quiet", [False, True])
def test_every_form_says_that_one_of_them_is_not_aws(kind: str, quiet: bool) -> None:
    told = render(kind, joint(samples.ready(), samples.waiting()), replace(OPTIONS, quiet=quiet and kind != "github"))
    assert "This is not AWS" in told


def test_no_two_test_cases_of_junit_are_one() -> None:
    same = joint(gate("A", "a.yaml"), gate("B", "b.yaml"))
    root = ET.fromstring(render("junit", same, OPTIONS))  # noqa: S314 - it is our own
    cases = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(cases) == len(set(cases)) == 2 * len(samples.ready().findings)
    assert {suite.get("name") for suite in root} >= {"A: dkim", "B: dkim"}
    assert int(root.get("tests", "")) == len(cases)


def test_sarif_has_a_run_and_a_category_for_each_gate() -> None:
    text = render("sarif", samples.several(), OPTIONS)
    Sarif.model_validate_json(text)
    categories = [run["automationDetails"]["id"] for run in json.loads(text)["runs"]]
    assert len(categories) == len(set(categories)) == 3


def test_ocsf_tells_equal_findings_of_two_gates_apart() -> None:
    events = json.loads(render("ocsf", joint(gate("A", "a.yaml"), gate("B", "b.yaml")), OPTIONS))
    uids = [event["finding_info"]["uid"] for event in events]
    assert len(uids) == len(set(uids)) == 2 * len(samples.ready().findings)
    for event in events:
        ComplianceFinding.model_validate(event)


def test_csv_says_in_each_row_which_gate_it_is() -> None:
    rows = list(csv.DictReader(StringIO(render("csv", samples.several(), OPTIONS), newline="")))
    assert {(row["gate_path"], row["account"]) for row in rows} == {
        ("gates/production.yaml", "111122223333"),
        ("gates/staging.yaml", "444455556666"),
        ("gates/eu.yaml", ""),
    }


def test_annotations_tell_blockers_of_all_gates_before_any_warning() -> None:
    twice = joint(gate("A", "a.yaml", samples.evening_before()), gate("B", "b.yaml", samples.evening_before()))
    lines = [line for line in render("github", twice, OPTIONS).splitlines() if "not seen" not in line]
    levels = [line.split(" ")[0] for line in lines]
    assert levels.index("::warning") > max(at for at, level in enumerate(levels) if level == "::error")
    assert all("title=A%3A " in line or "title=B%3A " in line for line in lines[1:])


class TestPairs:
    def paths(self, before: JointReport | Report, after: JointReport | Report) -> list[tuple[str | None, ...]]:
        return [tuple(one.gate.path if one else None for one in pair) for pair in paired(before, after)]

    def test_one_gate_is_the_other_whatever_it_is_called(self) -> None:
        assert self.paths(gate("A", "a.yaml"), gate("B", "b.yaml")) == [("a.yaml", "b.yaml")]

    def test_the_order_does_not_matter(self) -> None:
        before, after = [gate("A", "a.yaml"), gate("A", "b.yaml")], [gate("A", "b.yaml"), gate("A", "a.yaml")]
        assert self.paths(joint(*before), joint(*after)) == [("b.yaml", "b.yaml"), ("a.yaml", "a.yaml")]

    def test_a_file_that_moved_is_known_by_its_name(self) -> None:
        before, after = [gate("A", "a.yaml"), gate("B", "b.yaml")], [gate("A", "new.yaml"), gate("C", "c.yaml")]
        expected = [("a.yaml", "new.yaml"), (None, "c.yaml"), ("b.yaml", None)]
        assert self.paths(joint(*before), joint(*after)) == expected

    def test_a_name_that_two_share_tells_nothing(self) -> None:
        before, after = [gate("A", "a.yaml"), gate("B", "b.yaml")], [gate("A", "x.yaml"), gate("A", "y.yaml")]
        assert not [pair for pair in self.paths(joint(*before), joint(*after)) if None not in pair]


class TestDifference:
    def test_each_gate_is_compared_with_itself(self) -> None:
        before = joint(gate("A", "a.yaml", samples.evening_before()), gate("B", "b.yaml"))
        after = joint(gate("B", "b.yaml", samples.evening_before()), gate("A", "a.yaml"))
        found = difference(before, after)
        assert {change.gate for change in found.of(Kind.NEW)} == {"B"}
        assert {change.gate for change in found.of(Kind.FIXED)} <= {"A"}
        assert found.is_worse

    def test_a_gate_that_is_gone_is_no_longer_looked_at(self) -> None:
        before = joint(gate("A", "a.yaml", samples.evening_before()), gate("B", "b.yaml"))
        kinds = {change.kind for change in difference(before, gate("B", "b.yaml")).changes if change.gate == "A"}
        assert kinds == {Kind.UNKNOWN}
