"""Reports made large: the evening before, told again and again, of other subjects each time.

`python -m bench.reports REPORT SIZE FOLDER [KIND …]` renders a saved report, made so large, into the folder.
"""

import gc
import json
import re
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

from msgspec.structs import replace

from sesgate.finding import Remedy
from sesgate.report.forms import RenderOptions, render
from sesgate.report.load import load_report
from sesgate.report.model import Report, ReportedFinding

PAPER = RenderOptions(width=100, color=False, ascii=False)
TIMES = "seconds.json"
OPENED = """<script>addEventListener("load", () => requestAnimationFrame(() => setTimeout(() => {
console.log(`OPENED ${performance.now()}`)})))</script></body>"""
"""What makes a page tell when it was loaded and painted."""


def large(report: Report, size: int) -> Report:
    """A report of so many findings. No two of them, nor of their repairs, are the same."""
    first = len(report.findings)
    findings = (_again(report.findings[at % first], at // first) for at in range(size))
    return replace(report, findings=tuple(findings))


def _again(finding: ReportedFinding, time_: int) -> ReportedFinding:
    mark = f"-{time_}" if time_ else ""
    return replace(
        finding,
        subject=f"{finding.subject}{mark}",
        message=f"{finding.message}{mark}",
        remedy=_other(finding.remedy, mark) if finding.remedy else None,
    )


def _other(remedy: Remedy, mark: str) -> Remedy:
    return replace(remedy, id=f"{remedy.id}{mark}", summary=f"{remedy.summary}{mark}")


def write_all(path: str, size: str, folder: str, *kinds: str) -> None:
    """Writes each form, and how many seconds of the processor its rendering took. As in the command line, no garbage is
    looked for.
    """
    gc.disable()
    report = large(load_report(Path(path).read_text("utf-8")), int(size))
    seconds = {}
    for kind in kinds:
        began = time.process_time()
        text = render(kind, report, PAPER)
        seconds[kind] = time.process_time() - began
        Path(folder, f"report.{kind}").write_text(text, "utf-8", newline="")
        del text  # as in the command line, no form is kept while the next one is made
    Path(folder, TIMES).write_text(json.dumps(seconds), "utf-8")


def opened(page: Path) -> float | None:
    """Seconds until a headless Chromium has loaded and painted a page: the median of three."""
    browser = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if browser is None:
        return None
    page.write_text(page.read_text("utf-8").replace("</body>", OPENED), "utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    told = [
        subprocess.run(
            [*command, f"--screenshot={page}.png", page.as_uri()], capture_output=True, text=True, check=True
        )
        for _ in range(3)
    ]
    return statistics.median(float(re.findall(r"OPENED ([0-9.]+)", one.stderr)[0]) / 1000 for one in told)


if __name__ == "__main__":
    write_all(*sys.argv[1:])
