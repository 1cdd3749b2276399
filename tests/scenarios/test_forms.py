"""All forms of one run, where a pipeline takes them."""

import json
from xml.etree import ElementTree as ET

import pytest

from .stage import Stage

FORMS = ("text", "json", "junit", "github", "markdown")


@pytest.mark.parametrize("account", ["stage", "evening"])
def test_one_run_writes_all_forms(account: str, request: pytest.FixtureRequest) -> None:
    stage: Stage = request.getfixturevalue(account)
    reports = [f"--report={form}:out.{form}" for form in FORMS]
    done = stage.run("check", "--output", "first.txt", *reports)
    assert (done.code, done.out) == ({"stage": 0, "evening": 1}[account], "")
    texts = {form: (stage.folder / f"out.{form}").read_text("utf-8") for form in FORMS}
    assert texts["text"] == (stage.folder / "first.txt").read_text("utf-8")
    report = json.loads(texts["json"])
    suites = ET.fromstring(texts["junit"])  # noqa: S314 - it is our own
    assert suites.get("tests") == str(len(report["findings"]))
    assert suites.get("failures") == str(report["counts"]["fail"] + report["counts"]["pending"])
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) for line in texts["github"].splitlines())
    headline = {"ready": "READY", "not_ready": "NOT READY"}[report["verdict"]]
    assert f" {headline}: " in texts["markdown"].splitlines()[0]
    assert f"title={headline}%3A " in texts["github"].splitlines()[0]


def test_annotations_come_with_a_step_summary(stage: Stage) -> None:
    summary = stage.folder / "summary.md"
    summary.write_text("# An earlier step\n", "utf-8")
    told = {"GITHUB_STEP_SUMMARY": str(summary)}
    done = stage.run("check", "--format", "github", environ=told)
    assert done.code == 0
    assert done.out.startswith("::notice ")
    written = summary.read_text("utf-8")
    assert written.startswith("# An earlier step\n## ")
    assert "READY: BizAssist API" in written
    stage.run("check", "--format", "text", environ=told)
    assert summary.read_text("utf-8") == written


def test_a_summary_that_cannot_be_written_is_told(stage: Stage) -> None:
    told = {"GITHUB_STEP_SUMMARY": str(stage.folder / "missing" / "summary.md")}
    done = stage.run("check", "--only", "region", "--format", "github", environ=told)
    assert done.code == 74
    assert "GITHUB_STEP_SUMMARY: no such file" in done.err
    assert done.out.startswith("::")


wanted_colors = pytest.mark.parametrize(
    ("options", "environ", "colored"),
    [
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
        ([], {}, False),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": ""}, True),
    ],
)


@wanted_colors
def test_colour_is_where_it_is_wanted(
    stage: Stage, options: list[str], environ: dict[str, str | None], colored: bool
) -> None:
    clean: dict[str, str | None] = {"NO_COLOR": None, "FORCE_COLOR": None, **environ}
    done = stage.run("check", "--only", "region", *options, environ=clean)
    assert ("\x1b[" in done.out) is colored


@wanted_colors
def test_what_init_tells_is_coloured_alike(
    stage: Stage, options: list[str], environ: dict[str, str | None], colored: bool
) -> None:
    clean: dict[str, str | None] = {"NO_COLOR": None, "FORCE_COLOR": None, **environ}
    done = stage.run("init", "--yes", "--offline", "--sender", "a@yourdomain.com", *options, environ=clean)
    assert done.code == 0, done.err
    assert ("\x1b[1mNext:" in done.err) is colored


def test_how_the_verdict_is_weighed(evening: Stage) -> None:
    evening.check("--output", "before.json")
    weighed = evening.check("--baseline", "before.json")
    assert (weighed.code, weighed.report["verdict"]) != (1, "not_ready")
    assert evening.run("check", "--exit-zero").code == 0
    quiet = evening.run("check", "--quiet")
    assert quiet.out.count("\n") == 1
    assert quiet.err == ""
    assert len(evening.run("check", "--verbose").out) > len(evening.run("check").out)


def test_a_warning_stops_where_it_is_asked_to(stage: Stage) -> None:
    zone = stage.sandbox.zone["_dmarc.yourdomain.com"]
    zone["TXT"] = ["v=DMARC1; p=none; rua=mailto:dmarc@yourdomain.com"]
    only = ("--only", "dmarc")
    text = stage.gate.read_text("utf-8").replace("minimum_policy: quarantine", "minimum_policy: none")
    stage.gate.write_text(text, "utf-8")
    assert stage.check(*only).code == 0
    assert stage.check(*only, "--fail-on", "warning").code == 1
