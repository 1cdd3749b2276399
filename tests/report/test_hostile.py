"""One nasty report: whatever its text says, it stays text in every form."""

import csv
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from importlib import resources
from io import StringIO
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from sesgate.report.forms import KINDS, RenderOptions, render
from sesgate.report.load import load_report
from sesgate.report.model import Report
from tests.report.hostile import PAYLOADS, spoiled, texts, whole

WHOLE = whole()
FINDINGS = len(WHOLE.findings)
ANY_TEXT = st.lists(st.sampled_from(PAYLOADS) | st.text(st.characters(categories=None), max_size=20), max_size=4)
MARKDOWN = {"h2", "h3", "h4", "p", "ul", "ol", "li", "code", "pre", "strong", "br", "blockquote", "details", "summary"}
MARKDOWN |= {"table", "thead", "tbody", "tr", "th", "td", "a"}
JUNIT = {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped", "system-out"}
EMPTY_TAGS = {"meta", "input", "wbr"}


def rendered(kind: str, report: Report, *, verbose: bool = False) -> str:
    return render(kind, report, RenderOptions(width=80, ascii=False, verbose=verbose))


def no_terminal_obeys(text: str) -> None:
    for line in text.splitlines():
        assert not line.strip().startswith("::"), line
        assert not re.search(r"##[A-Za-z]*\[", line), line


def is_the_report(text: str) -> None:
    assert text.isascii()
    assert load_report(text).to_json() == text


def is_markdown_of_ours(text: str) -> None:
    page = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    assert set(re.findall(r"<(\w+)", page)) <= MARKDOWN
    assert page.count("<h2") == 1
    assert page.count("<details") == page.count("</details>") <= 2
    assert {link[:8] for link in re.findall(r'<a href="([^"]*)"', page)} <= {"https://"}
    assert page.count("<table") <= 1
    assert {len(re.findall(r"<t[hd]", row)) for row in page.split("<tr>")[1:]} <= {2}


def is_junit(text: str) -> None:
    suites = ET.fromstring(text)  # noqa: S314 - it is our own
    assert {one.tag for one in suites.iter()} <= JUNIT
    assert len(list(suites.iter("testcase"))) == FINDINGS


def is_commands_of_ours(text: str) -> None:
    """The verdict, two failures that stand, one that waits, and one reason why something was not seen."""
    lines = text.splitlines()
    assert 3 <= len(lines) <= FINDINGS
    for line in lines:
        found = re.fullmatch(r"::(?:error|warning|notice) ([^:]*)::.*", line)
        assert found, line
        names = [one.split("=")[0] for one in found[1].split(",")]
        assert names in (["title"], ["file", "line", "endLine", "col", "title"])


def is_sarif(text: str) -> None:
    assert text.isascii()
    run = json.loads(text)["runs"][0]
    for result in run["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert re.fullmatch(r"[A-Za-z0-9._~:/%?#-]*", uri)
        assert result["ruleId"] == run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"]
        assert len(result["message"]["text"]) < 100_000


def is_ocsf(text: str) -> None:
    assert text.isascii()
    events = json.loads(text)
    assert [event["class_uid"] for event in events] == [2003] * FINDINGS


def is_a_table_without_formulas(text: str) -> None:
    names, *rows = csv.reader(StringIO(text, newline=""))
    assert len(rows) == FINDINGS
    assert {len(row) for row in rows} == {len(names)}
    assert not [cell for row in rows for cell in row if re.match(r"\s*[=+\-@|%＝＋－＠\t\r]", cell)]


class Page(HTMLParser):
    """What a browser makes of a page: its elements, their attributes, and what the scripts and styles say."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.code: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in EMPTY_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("script", "style"):
            self.code.append(data.strip())


def own(name: str) -> str:
    return resources.files("sesgate.report.forms.html").joinpath(name).read_text("utf-8").strip()


def vocabulary(page: Page) -> set[tuple[str, str]]:
    return {(tag, name) for tag, given in page.seen for name in (*given, "")}


CALM = vocabulary(Page(rendered("html", spoiled(WHOLE, "https://x.example")))) | vocabulary(
    Page(rendered("html", spoiled(WHOLE, "some_text")))
)


def is_a_page_of_ours(text: str) -> None:
    page = Page(text)
    assert page.open == []
    assert page.code == [own("style.css"), own("script.js")]
    assert vocabulary(page) <= CALM
    links = [given["href"] for tag, given in page.seen if tag == "a"]
    assert not [link for link in links if not link.startswith(("#", "https://"))]


HARMLESS: dict[str, Callable[[str], None]] = {
    "text": no_terminal_obeys,
    "json": is_the_report,
    "markdown": is_markdown_of_ours,
    "junit": is_junit,
    "github": is_commands_of_ours,
    "sarif": is_sarif,
    "csv": is_a_table_without_formulas,
    "ocsf": is_ocsf,
    "html": is_a_page_of_ours,
}


def judge(kind: str, text: str) -> None:
    for verbose in (False, True) if kind == "text" else (False,):
        told = rendered(kind, spoiled(WHOLE, text), verbose=verbose)
        assert not {one for one in told if not one.isprintable()} - {"\n", "\r"}
        HARMLESS[kind](told)


def test_every_form_has_its_judge() -> None:
    assert tuple(HARMLESS) == KINDS


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("payload", PAYLOADS, ids=[f"{at}" for at in range(len(PAYLOADS))])
def test_a_payload_in_every_text_of_a_report(kind: str, payload: str) -> None:
    judge(kind, payload)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=settings().max_examples // 5)
@given(pieces=ANY_TEXT)
def test_any_text_in_every_text_of_a_report(kind: str, pieces: list[str]) -> None:
    judge(kind, "".join(pieces))


def test_no_text_of_the_report_is_left_out() -> None:
    paths = {re.sub(r"\[[^]]*\]", "[]", path) for path, _ in texts(WHOLE)}
    for part in ("findings[].message", "findings[].remedy.changes[].value", "findings[].waiver.reason", "gate.name"):
        assert f"report.{part}" in paths
    left = {text for path, text in texts(spoiled(WHOLE, "x")) if not path.endswith("[source]")}
    assert left == {"x", "source"}
