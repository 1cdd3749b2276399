"""The HTML report: one file, whole without scripts, harmless, and sound for a screen reader."""

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest

from sesgate.report.forms import RenderOptions, render
from sesgate.report.forms.escape import visible
from sesgate.report.joint import gates_of
from tests.report import samples

OPTIONS = RenderOptions(ascii=False)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
RULES = '{"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}'
AXE_RUN = f"""
document.querySelectorAll("details").forEach((fold) => {{ fold.open = true; }});
axe.run(document, {RULES}).then((found) => {{
  const told = found.violations.map((one) => ({{rule: one.id, at: one.nodes.map((node) => node.html.slice(0, 200))}}));
  const place = document.createElement("pre");
  place.id = "violations";
  place.textContent = JSON.stringify({{checked: found.passes.length, violations: told}});
  document.body.replaceChildren(place);
}});
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


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("case", ["evening-before", "unseen", "several"])
def test_axe_finds_nothing(case: str, scheme: str, tmp_path: Path) -> None:
    assert CHROMIUM is not None
    axe = resources.files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    page = render("html", samples.EVERY[case](), OPTIONS)
    file = tmp_path / "report.html"
    file.write_text(page.replace("</body>", f"<script>{axe}</script><script>{AXE_RUN}</script></body>"), "utf-8")
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000", "--dump-dom"]
    dark = ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
    done = subprocess.run([*command, *dark, file.as_uri()], capture_output=True, text=True, timeout=50, check=True)
    found = re.search(r'<pre id="violations">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, done.stderr[-2000:]
    told = json.loads("".join(Reader(found[1]).text))
    assert told["checked"] > 10
    assert told["violations"] == []
