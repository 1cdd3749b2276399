"""The HTML report: one file, whole without scripts, harmless, and sound for a screen reader."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from sesgate.report.forms import RenderOptions, render
from sesgate.report.forms.escape import visible
from sesgate.report.joint import AnyReport, gates_of
from sesgate.report.load import load_report
from tests.report import samples

OPTIONS = RenderOptions(ascii=False)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
EVERY_RULE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ON_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that a scheme has a say in."""
AXE_RUN = """
document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
axe.run(document, {runOnly: RULES, resultTypes: ["violations"]}).then((found) => {
  const told = found.violations.map((one) => ({rule: one.id, at: one.nodes.map((node) => node.html.slice(0, 200))}));
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  const seen = {dark, checked: found.passes.length, violations: told};
  parent.postMessage(JSON.stringify([window.name, seen]), "*");
});
"""
COLLECT = r"""
addEventListener("message", (one) => { document.querySelector("pre").append(one.data + "\n"); });
"""
MEASURE = """
document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
const seen = [document.documentElement.scrollWidth, window.innerWidth];
parent.postMessage(JSON.stringify([window.name, seen]), "*");
"""
COPY = """
document.querySelectorAll("details").forEach((fold) => { fold.open = true; });
const lines = document.querySelector(".repair pre");
for (const kind of ["focusin", "pointerover"]) lines.dispatchEvent(new Event(kind, { bubbles: true }));
lines.nextElementSibling.click();
const seen = [document.querySelectorAll(".copy").length, lines.textContent, `${getSelection()}`];
parent.postMessage(JSON.stringify([window.name, seen]), "*");
"""


class Reader(HTMLParser):
    """Collects tags, their attributes, and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def count(self, tag: str) -> int:
        return [name for name, _ in self.tags].count(tag)


def account(name: str) -> AnyReport:
    """The report of an embedded account."""
    return load_report((Path(__file__).parent / f"golden/accounts/{name}.json").read_text("utf-8"))


@pytest.mark.parametrize("case", samples.EVERY)
def test_nothing_comes_from_elsewhere(case: str) -> None:
    page = Reader(render("html", samples.EVERY[case](), OPTIONS))
    assert (page.count("script"), page.count("style")) == (1, 1)
    assert not {"img", "link", "iframe", "object", "form", "base"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        assert not {name for name in attributes if name.startswith("on") or name in ("src", "style")}
        if tag == "a":
            assert re.match(r"https://|#", attributes["href"] or "")


@pytest.mark.parametrize("case", samples.EVERY)
def test_every_finding_is_on_the_page(case: str) -> None:
    report = samples.EVERY[case]()
    findings = [one for gate in gates_of(report) for one in gate.findings]
    page = Reader(render("html", report, OPTIONS))
    assert len([1 for tag, given in page.tags if given.get("class") == "finding"]) == len(findings)
    text = " ".join("".join(page.text).split())
    for one in findings:
        assert " ".join(visible(one.message).split())[:80] in text


def test_hostile_text_stays_text() -> None:
    page = render("html", samples.nasty(), OPTIONS)
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not {character for character in page if not character.isprintable()} - {"\n"}


def test_who_ran_it_against_what_stands_before_the_findings() -> None:
    page = render("html", samples.evening_before(), OPTIONS)
    first_page = page[: page.index('id="findings"')]
    report = samples.evening_before()
    for fact in (
        report.target.account,
        report.target.region,
        report.target.caller,
        report.gate.sha256,
        "2026-11-24 06:00",
    ):
        assert str(fact) in first_page


def test_the_controls_are_told_with_the_source_of_the_claim() -> None:
    page = render("html", samples.evening_before(), OPTIONS)
    [control] = samples.evening_before().checks["dkim"].controls
    for told in (f"Gives evidence for {control.framework} {control.id}", control.why, f'href="{control.source}"'):
        assert told in page


@pytest.mark.parametrize("case", ["evening-before", "several"])
def test_ids_are_unique(case: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', render("html", samples.EVERY[case](), OPTIONS))
    assert len(ids) == len(set(ids))


def browse(pages: Mapping[str, str], script: str, folder: Path, *options: str, width: int = 1000) -> dict[str, Any]:
    """What a script posts from each page, all of them frames of one headless Chromium: to start it takes longest."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here")
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page.replace("</body>", f"<script>{script}</script></body>"), "utf-8")
    frames = "".join(
        f'<iframe src="{name}.html" name="{name}" width="{width}" height="800"></iframe>' for name in pages
    )
    file = folder / "all pages.html"
    file.write_text(f"<body>{frames}<pre></pre><script>{COLLECT}</script></body>", "utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000", "--dump-dom"]
    done = subprocess.run([*command, *options, file.as_uri()], capture_output=True, text=True, timeout=110, check=True)
    found = re.search(r"<pre>(.*?)</pre>", done.stdout, re.DOTALL)
    assert found, done.stderr[-2000:]
    told = dict(map(json.loads, "".join(Reader(found[1]).text).splitlines()))
    assert told.keys() == pages.keys(), done.stderr[-2000:]
    return told


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("scheme", "rules", "fewest"), [("light", EVERY_RULE, 11), ("dark", ON_COLOURS, 1)])
def test_axe_finds_nothing(scheme: str, rules: list[str], fewest: int, tmp_path: Path) -> None:
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    reports = {case: account(case) for case in ("ready", "evening-before", "refused")}
    pages = {case: render("html", report, OPTIONS) for case, report in reports.items()}
    pages["several"] = render("html", samples.EVERY["several"](), OPTIONS)
    dark = ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
    script = f"{axe}</script><script>{AXE_RUN.replace('RULES', json.dumps(rules))}"
    for case, told in browse(pages, script, tmp_path, *dark).items():
        assert told["dark"] is (scheme == "dark")
        assert told["checked"] >= fewest
        assert told["violations"] == [], case


@pytest.mark.timeout(120)
def test_a_narrow_page_does_not_scroll_sideways(tmp_path: Path) -> None:
    pages = {case: render("html", samples.EVERY[case](), OPTIONS) for case in ("evening-before", "nasty-several")}
    for case, (needed, given) in browse(pages, MEASURE, tmp_path, width=360).items():
        assert needed <= given == 360, case


def test_what_to_begin_with_stands_under_the_verdict() -> None:
    page = render("html", account("evening-before"), OPTIONS)
    header = " ".join("".join(Reader(page[page.index("<header") : page.index("</header>")]).text).split())
    assert "Ready in about 2 days" in header
    assert "Begin with repair" in header
    assert "sesgate explain production-access#under-review" in header


def test_what_nobody_could_look_at_is_told_once_for_each_reason() -> None:
    page = render("html", account("refused"), OPTIONS)
    told = "".join(Reader(page[page.index('id="blocks"') : page.index('id="findings"')]).text)
    assert told.count("ses:GetAccount in ap-southeast-1 is denied") == 1
    assert "sesgate policy auditor" in page


@pytest.mark.timeout(120)
def test_what_is_to_be_copied_has_one_button_and_is_taken_whole(tmp_path: Path) -> None:
    pages = {"one": render("html", account("evening-before"), OPTIONS)}
    buttons, lines, taken = browse(pages, COPY, tmp_path)["one"]
    assert buttons == 1
    assert lines.strip()
    assert taken.split() == lines.split()
