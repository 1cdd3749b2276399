"""`sesgate report`: over saved reports of real runs."""

import json

from .stage import Stage


def test_a_saved_report_in_every_other_form(evening: Stage) -> None:
    direct = evening.run("check", "--report", "json:report.json", "--report", "markdown:direct.md")
    again = evening.run("report", "render", "report.json", "--report", "markdown:again.md")
    assert (direct.code, again.code) == (1, 0)
    assert (evening.folder / "again.md").read_text() == (evening.folder / "direct.md").read_text()
    assert again.out == direct.out


def test_two_reports_compared(stage: Stage) -> None:
    assert stage.run("check", "--format", "json", "--output", "before.json").code == 0
    stage.sandbox.zone["bounce.yourdomain.com"].pop("TXT")
    assert stage.run("check", "--format", "json", "--output", "after.json").code == 1
    worse = stage.run("report", "diff", "before.json", "after.json")
    assert worse.code == 1
    assert "1 new" in worse.out
    assert "blocker spf#missing bounce.yourdomain.com" in worse.out
    better = stage.run("report", "diff", "after.json", "before.json", "--json")
    assert (better.code, [one["check"] for one in json.loads(better.out)["fixed"]]) == (0, ["spf"])


def test_what_is_no_report_is_refused(stage: Stage) -> None:
    (stage.folder / "other.json").write_text('{"a": 1}')
    for arguments in (("render", "other.json"), ("diff", "other.json", "missing.json")):
        done = stage.run("report", *arguments)
        assert done.code == 2
        assert "other.json: the file is not a report of sesgate" in done.err


def test_what_a_run_took_counts_from_before_sign_in(stage: Stage) -> None:
    stage.sandbox.faults.aws.slow(700, "sts")
    assert stage.check("--only", "production-access").report["duration_seconds"] >= 0.7
