"""`sesgate selftest` as a user meets it."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from sesgate.sandbox import Sandbox, evening_before, ready

from .stage import Stage

BLIND = '''
from sesgate.check import check
from sesgate.finding import Severity, passed
from sesgate.subjects import Account

@check(
    id="blind", each=Account, asked_by="senders", serves="nothing", severity=Severity.BLOCKER,
    reads=["ses:GetAccount"], causes={"wrong": Severity.BLOCKER},
)
def blind(account, context, options):
    """Passes whatever it sees."""
    context.aws("sesv2", "GetAccount")
    yield passed("fine")
'''


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A folder with the recording of the ready account; nobody is asked anything."""
    stage = Stage(Sandbox(ready()), tmp_path)
    recording = files("sesgate").joinpath("data/ready-recording.json").read_text("utf-8")
    (tmp_path / "evidence.json").write_text(recording, "utf-8")
    return stage


def install(folder: Path) -> dict[str, str]:
    """A pack with a check that is blind, installed; the environment in which it is."""
    (folder / "blind_pack").mkdir()
    (folder / "blind_pack" / "__init__.py").write_text(BLIND)
    about = folder / "blind-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: blind\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[sesgate.checks]\nblind = blind_pack\n")
    return {"PYTHONPATH": str(folder)}


def test_checks_that_can_fail_end_with_0_and_fit_a_narrow_terminal(stage: Stage) -> None:
    done = stage.run("selftest", "evidence.json", "--only", "dkim,quota", environ={"COLUMNS": "80"})
    assert (done.code, done.err) == (0, "")
    assert "dkim   7 of 8     blocker signing-off on yourdomain.com" in done.out
    assert "sesv2 GetEmailIdentity yourdomain.com: DkimAttributes.SigningEnabled is false" in done.out
    assert done.out.splitlines()[-1].startswith("2 of 2 checks turned red, 0 stayed green (")
    assert max(map(len, done.out.splitlines())) <= 80
    assert stage.sandbox.log.calls == []


def test_the_evening_before_passes_nothing_that_it_can_not_see(tmp_path: Path) -> None:
    with Sandbox(evening_before()) as sandbox:
        stage = Stage(sandbox, tmp_path)
        assert stage.check("--record", "evidence.json", "--quiet").code == 1
    done = stage.run("selftest", "evidence.json", "--quiet")
    assert (done.code, done.out.count("\n")) == (0, 1)


def test_a_blind_check_ends_with_1(stage: Stage, tmp_path: Path) -> None:
    environ = install(tmp_path)
    done = stage.process("selftest", "evidence.json", "--only", "blind,quota", "--quiet", environ=environ)
    assert done.code == 1
    assert "Stayed green whatever was changed:" in done.out
    assert "  blind: " in done.out
    assert "1 of 2 checks turned red, 1 stayed green" in done.out


def test_json_says_all_of_it(stage: Stage, tmp_path: Path) -> None:
    environ = install(tmp_path)
    done = stage.process(
        "selftest", "evidence.json", "--only", "blind,quota", "--format", "json", "--output", "proof.json",
        environ=environ,
    )  # fmt: skip
    assert (done.code, done.out) == (1, "")
    found = json.loads((tmp_path / "proof.json").read_text())
    assert {one["check"]: one["state"] for one in found["checks"]} == {"blind": "green", "quota": "red"}
    assert found["right"] is False
    assert found["checks"][1]["proof"]["cause"] == "daily-below-plan"
    assert len(found["unread"]) > 40


def test_another_gate_is_tried_on_the_same_evidence(stage: Stage) -> None:
    gate = "version: 1\naws: {region: ap-southeast-1}\nsenders: [{address: no-reply@yourdomain.com}]\n"
    (stage.folder / "small.yaml").write_text(gate, "utf-8")
    done = stage.run("selftest", "evidence.json", "small.yaml", "--only", "production-access,account-health")
    assert done.code == 0
    assert "2 of 2 checks turned red" in done.out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("missing.json",), "missing.json: no such file"),
        (("gate.yaml",), "it is not JSON"),
        (("evidence.json", "--format", "html"), "text or json is expected"),
        (("evidence.json", "--only", "dkimm"), "did you mean dkim"),
        (("evidence.json", "--output", "missing/x"), "can't write missing/x"),
    ],
)
def test_what_is_wrong_is_told(stage: Stage, arguments: tuple[str, ...], told: str) -> None:
    done = stage.run("selftest", *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
