"""Markdown, JUnit and GitHub's workflow commands: their counters, their order, and text that stays text."""

import re
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from sesgate.finding import Status
from sesgate.report.forms import KINDS, RenderOptions, render
from sesgate.report.forms.markdown import MOST_BYTES, code, prose
from sesgate.report.model import Report
from sesgate.verdict import Verdict
from tests.report.samples import (
    EVERY,
    HOSTILE,
    SAMPLES,
    evening_before,
    finding,
    nasty,
    offline,
    ready,
    report,
    unseen,
    waiting,
)

OPTIONS = RenderOptions(width=80, ascii=False)
OWN_TAGS = {"h2", "h3", "h4", "p", "ul", "li", "code", "pre", "strong", "br", "blockquote", "details", "summary"}
OWN_TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
OUTCOME = ({"type", "message"}, set[str](), set[str]())
XUNIT = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, set[str](), {"testsuite"}),
    "testsuite": (
        {"time", "skipped", "timestamp", "hostname", "id", "package", "file"},
        {"name", "tests", "failures", "errors"},
        {"properties", "testcase", "system-out"},
    ),
    "properties": (set[str](), set[str](), {"property"}),
    "property": (set[str](), {"name", "value"}, set[str]()),
    "testcase": ({"time", "classname"}, {"name"}, {"failure", "error", "skipped", "system-out"}),
    "system-out": (set[str](), set[str](), set[str]()),
    **dict.fromkeys(("failure", "error", "skipped"), OUTCOME),
}
"""junit-10.xsd of Jenkins' xUnit plugin, which refuses what it does not know: the attributes that an element may have,
those that it must have, and its children."""
MARKS = ["1. x", "- x", "+ x", "# x", "> x", "---", "===", "~~~", "    x", "[a](b)", "&lt;", "1) x", "*a*", "__a__"]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "json"])
def test_every_form_says_that_it_is_not_aws(kind: str) -> None:
    assert "This is not AWS" in render(kind, waiting(), OPTIONS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("case", EVERY)
def test_every_form_is_printable(kind: str, case: str) -> None:
    rendered = render(kind, EVERY[case](), OPTIONS)
    assert rendered.endswith("\n")
    assert all(line.isprintable() for line in rendered.replace("\r\n", "\n").split("\n"))


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "json"])
def test_every_form_says_what_a_partial_run_did_not_look_at(kind: str) -> None:
    rendered = render(kind, offline(), OPTIONS)
    for words in ("offline", "production-access"):
        assert words in rendered


@pytest.mark.parametrize("kind", ["text", "markdown", "junit", "github", "sarif", "html"])
def test_the_verdict_of_a_part_is_no_plain_one(kind: str) -> None:
    quoted = re.compile(r"READY \(partial(%3A|:) offline\)")
    assert quoted.search(render(kind, offline(), OPTIONS))
    assert "(partial" not in render(kind, ready(), OPTIONS)


def html(markdown: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))


def test_markdown_begins_with_the_verdict() -> None:
    assert render("markdown", evening_before(), OPTIONS).startswith(
        "## ❌ NOT READY: BizAssist API\n\n5 blockers failed"
    )
    assert render("markdown", ready(), OPTIONS).startswith("## ✅ READY")


def test_markdown_keeps_hostile_text_as_text() -> None:
    rendered = html(render("markdown", nasty(), OPTIONS))
    assert "<script" not in rendered
    assert set(re.findall(r"<(\w+)", rendered)) <= OWN_TAGS
    assert "<em>" not in rendered
    assert {len(re.findall(r"<t[hd]", row)) for row in rendered.split("<tr>")[1:]} == {3}
    outside_code = re.sub(r"<code.*?</code>", "", rendered, flags=re.DOTALL)
    assert "@team" not in outside_code


@pytest.mark.parametrize("text", MARKS)
def test_prose_reads_as_itself(text: str) -> None:
    expected = text.strip().replace("&", "&amp;").replace(">", "&gt;")
    assert html(f"first  \n{prose(text)}") == f"<p>first<br />\n{expected}</p>\n"
    assert html(prose(text.strip())) == f"<p>{expected}</p>\n"


@pytest.mark.parametrize("text", ["`", "``a`", " a ", "a`", "", "|"])
def test_a_code_span_holds_anything(text: str) -> None:
    assert html(code(text)) == f"<p><code>{text or '(empty)'}</code></p>\n"


def test_markdown_fits_into_a_step_summary() -> None:
    many = [finding(f"check-{at}", "a", Status.FAIL, "m" * 900, cause="c", found="f" * 900) for at in range(90)]
    huge = report(*[replace(one, notes=("é" * 1000,) * 20) for one in many], verdict=Verdict.NOT_READY)
    rendered = render("markdown", huge, OPTIONS)
    assert len(rendered.encode()) < MOST_BYTES + 100
    assert rendered.endswith("The rest is cut: the JSON report has all of it.\n")


def suites(of: Report) -> ET.Element:
    return ET.fromstring(render("junit", of, OPTIONS))  # noqa: S314 - it is our own


@pytest.mark.parametrize("case", SAMPLES)
def test_junit_counts_what_it_holds(case: str) -> None:
    sample = SAMPLES[case]()
    root = suites(sample)
    counts = sample.counts
    expected = {
        "tests": len(sample.findings),
        "failures": counts["fail"] + counts["pending"],
        "errors": counts["error"],
    }
    assert {name: int(root.get(name, "")) for name in expected} == expected
    skipped = [int(suite.get("skipped", "")) for suite in root]
    assert sum(skipped) == counts["skip"] + counts["waived"]
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.get("tests", "")) == len(cases)
        assert len({case.get("name") for case in cases}) == len(cases)
        assert {case.get("classname") for case in cases} == {suite.get("name")}


@pytest.mark.parametrize("case", EVERY)
def test_junit_is_what_the_strictest_reader_takes(case: str) -> None:
    root = ET.fromstring(render("junit", EVERY[case](), OPTIONS))  # noqa: S314 - it is our own
    for parent in root.iter():
        allowed, required, children = XUNIT[parent.tag]
        assert required <= set(parent.keys()) <= required | allowed
        assert {child.tag for child in parent} <= children
        assert re.fullmatch(r"[0-9]{1,6}\.[0-9]{3}", parent.get("time", "0.000"))


def test_junit_has_content_in_what_is_not_a_pass() -> None:
    for tag in ("failure", "error", "skipped"):
        outcomes = list(suites(evening_before()).iter(tag))
        assert outcomes
        assert all((outcome.text or "").strip() for outcome in outcomes)


def test_junit_gives_equal_subjects_names_of_their_own() -> None:
    same = [finding("environment", "api/X", Status.FAIL, "m", cause=cause) for cause in ("a", "b", "b")]
    names = [case.get("name") for case in suites(report(*same, verdict=Verdict.NOT_READY)).iter("testcase")]
    assert names == ["api/X", "api/X b", "api/X b (2)"]


def test_github_begins_with_the_verdict_and_has_the_worst_first() -> None:
    commands = render("github", evening_before(), OPTIONS).splitlines()
    assert commands[0] == "::error title=NOT READY%3A BizAssist API::5 blockers failed, 1 pending"
    assert commands[1].startswith("::error file=gate.yaml,line=3,endLine=3,col=1,title=production-access#sandbox")
    levels = [command.split()[0].strip(":") for command in commands if "not seen" not in command]
    assert levels == sorted(levels, key=["error", "warning", "notice"].index)


def test_github_tells_one_reason_once() -> None:
    commands = render("github", unseen(), OPTIONS).splitlines()
    assert len(commands) == 3
    assert "and 4 more" in commands[1]


def test_github_text_starts_no_command_of_its_own() -> None:
    for command in render("github", nasty(), OPTIONS).splitlines():
        assert re.fullmatch(r"::(error|warning|notice) [^:]*::.*", command)
        properties = command.split("::")[1]
        assert re.findall(r"(?:^[a-z]+ |,)(\w+)=", properties) in (
            ["title"],
            ["file", "line", "endLine", "col", "title"],
        )
        assert "##[" not in command


def test_quiet_is_the_verdict_alone() -> None:
    quiet = replace(OPTIONS, quiet=True)
    assert render("github", evening_before(), quiet).count("\n") == 1
    assert "###" not in render("markdown", evening_before(), quiet)


def test_hostile_text_is_what_it_says() -> None:
    assert "\x1b" in HOSTILE
