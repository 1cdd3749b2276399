"""`sesgate waive`: the gate it changes is the gate that is run."""

import pytest

from .stage import Stage

WAIVER = ("waive", "dmarc", "yourdomain.com", "--cause", "not-enforced", "--owner", "ops@yourdomain.com")


def test_a_waived_finding_stays_visible_and_counts_no_more(evening: Stage) -> None:
    before = evening.gate.read_text()
    done = evening.run(*WAIVER, "--reason", "after two weeks of reports", "--expires", "2099-12-01")
    assert (done.code, done.out) == (0, "")
    assert "the waiver is written" in done.err
    assert evening.gate.read_text().startswith(before.rstrip("\n"))
    report = evening.check("--only", "dmarc").report
    waived = [one for one in report["findings"] if one["waiver"]]
    assert [one["cause"] for one in waived] == ["not-enforced"]
    again = evening.run(*WAIVER, "--reason", "once more", "--expires", "2099-12-01")
    assert again.code == 2
    assert "it is waived already, until 2099-12-01" in again.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("waive", "dmrc", "yourdomain.com"), "did you mean dmarc?"),
        (("waive", "dmarc", "yourdomain.com", "--cause", "nothing"), "dmarc has no cause 'nothing'"),
        (("waive", "dmarc", "yourdomain.com", "--gate", "missing.yaml"), "there is no such file"),
    ],
)
def test_what_would_not_hold_is_refused(stage: Stage, arguments: tuple[str, ...], told: str) -> None:
    before = stage.gate.read_text()
    done = stage.run(*arguments, "--reason", "x", "--owner", "y", "--expires", "2099-12-01")
    assert done.code == 2
    assert told in done.err
    assert stage.gate.read_text() == before


@pytest.mark.parametrize(("day", "told"), [("tomorrow", "a day is expected"), ("2020-01-01", "that day is over")])
def test_a_day_ahead_is_expected(stage: Stage, day: str, told: str) -> None:
    done = stage.run(*WAIVER, "--reason", "x", "--expires", day)
    assert done.code == 2
    assert told in done.err
