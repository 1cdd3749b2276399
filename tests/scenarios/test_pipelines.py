"""What runs sesgate elsewhere: the action, the GitLab template, the hooks, the image. What can be run here is run."""

import json
import re
import shlex
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.seal.keys import made, private_pem, public_pem

from .stage import Stage

KEY = made()
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
GITLAB = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text("utf-8"))
IDENTITY = "arn:aws:ses:eu-west-1:111122223333:identity/a.example"
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def schema(name: str) -> Any:
    """A published schema, as check-jsonschema carries it."""
    return json.loads(files("check_jsonschema").joinpath(f"builtin_schemas/vendor/{name}.json").read_text("utf-8"))


def zizmor(*paths: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [BIN / "zizmor", "--offline", "--no-progress", "--persona", "pedantic", *paths],
        capture_output=True,
        text=True,
        check=False,
    )


def shell(stage: Stage, script: str, *, name: str = "bash", **environ: str) -> "subprocess.CompletedProcess[str]":
    """Runs a script in the stage's folder, as a runner would: it ends where a command fails."""
    return subprocess.run(
        [name, "-e", "-c", script],
        cwd=stage.folder,
        env={**stage.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def step(name: str) -> dict[str, Any]:
    [found] = [one for one in ACTION["runs"]["steps"] if one["name"] == name]
    return dict(found)


def run_action(stage: Stage, **inputs: str) -> tuple["subprocess.CompletedProcess[str]", dict[str, str], str]:
    """The step that runs the gate: how it ended, its outputs, the summary."""
    output, summary = stage.folder / "output", stage.folder / "summary"
    environ = {
        "GATE": "",
        "FAIL_ON": "blocker",
        "REPORTS": "",
        "OFFLINE": "false",
        "SEAL": "",
        "SESGATE": str(BIN / "sesgate"),
        "RUNNER_TEMP": str(stage.folder / "temp dir"),
        "GITHUB_OUTPUT": str(output),
        "GITHUB_STEP_SUMMARY": str(summary),
        **inputs,
    }
    done = shell(stage, step("Run the gate")["run"], **environ)
    written = dict(line.split("=", 1) for line in output.read_text("utf-8").splitlines())
    return done, written, summary.read_text("utf-8") if summary.exists() else ""


def test_zizmor_finds_nothing_in_the_action_and_the_hooks() -> None:
    done = zizmor(ROOT / "action.yml", ROOT / ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout


def test_zizmor_would_find_an_expression_in_a_script(tmp_path: Path) -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    changed = tmp_path / "action.yml"
    changed.write_text(text.replace('--fail-on "$FAIL_ON"', "--fail-on ${{ inputs.fail-on }}"), "utf-8")
    assert "template-injection" in zizmor(changed).stdout


def scripts() -> dict[str, str]:
    """The scripts of the action and of the GitLab template, each with the shell that runs it."""
    steps = {
        one["name"]: f"#!/usr/bin/env bash\nset -e\n{one['run']}" for one in ACTION["runs"]["steps"] if "run" in one
    }
    job = GITLAB[".sesgate"]
    return {**steps, "gitlab": "\n".join(["#!/bin/sh", "set -e", *job["before_script"], *job["script"]])}


@pytest.mark.parametrize("name", scripts())
def test_shellcheck_finds_nothing_in_the_scripts(name: str) -> None:
    done = subprocess.run(
        [BIN / "shellcheck", "--severity", "warning", "-"],
        input=scripts()[name],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    done = subprocess.run([BIN / "hadolint", ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_action_is_valid_and_pins_what_it_uses() -> None:
    jsonschema.validate(ACTION, schema("github-actions"))
    uses = [one["uses"] for one in ACTION["runs"]["steps"] if "uses" in one]
    assert uses
    assert all(re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", use) for use in uses)
    assert not [one for one in ACTION["runs"]["steps"] if "${{" in one.get("run", "")]


def test_the_action_on_a_ready_account(stage: Stage) -> None:
    done, outputs, summary = run_action(stage, GATE="gate.yaml", REPORTS="csv:more.csv\n")
    assert (done.returncode, outputs["exit-code"]) == (0, "0"), done.stderr
    kept = Path(outputs["reports"])
    assert {one.name for one in kept.iterdir()} == {f"report.{kind}" for kind in ("json", "xml", "sarif", "html", "md")}
    assert Path(outputs["sarif"]).parent == kept
    assert "READY" in summary
    assert (stage.folder / "more.csv").exists()


def test_the_action_the_evening_before(evening: Stage) -> None:
    done, outputs, summary = run_action(evening)
    assert (done.returncode, outputs["exit-code"]) == (1, "1"), done.stderr
    assert "::error " in done.stdout
    assert summary.count("NOT READY: BizAssist API") == 1


def test_the_action_on_several_gates(stage: Stage) -> None:
    text = stage.gate.read_text("utf-8")
    (stage.folder / "other gate.yaml").write_text(text.replace("name: BizAssist API", "name: Another"), "utf-8")
    done, outputs, summary = run_action(stage, GATE="gate.yaml\nother gate.yaml\n", OFFLINE="true")
    assert outputs["exit-code"] == str(done.returncode), done.stderr
    assert "2 gates" in summary


def kept_and_sealed(folder: Path, stage: Stage) -> None:
    """Report, evidence and seal lie together, and the seal holds."""
    (stage.folder / "seal.pub").write_bytes(public_pem(KEY))
    assert {"report.json", "evidence.json", "report.intoto.json"} <= {one.name for one in folder.iterdir()}
    assert stage.run("report", "verify", str(folder / "report.intoto.json"), "--key", "seal.pub").code == 0


def test_a_key_from_a_secret_seals_and_is_gone_afterwards(evening: Stage) -> None:
    pem = private_pem(KEY).decode()
    done, outputs, summary = run_action(evening, SEAL=pem)
    assert done.returncode == 1
    kept_and_sealed(Path(outputs["reports"]), evening)
    secret = pem.splitlines()[1]
    kept = "".join(one.read_text("utf-8", "replace") for one in evening.folder.rglob("*") if one.is_file())
    assert secret not in kept + done.stdout + done.stderr + summary


def test_a_key_in_a_file_seals_and_stays(stage: Stage) -> None:
    (stage.folder / "seal.key").write_bytes(private_pem(KEY))
    (stage.folder / "seal.key").chmod(0o600)
    done, outputs, _ = run_action(stage, SEAL="seal.key")
    assert done.returncode == 0, done.stderr
    kept_and_sealed(Path(outputs["reports"]), stage)
    assert (stage.folder / "seal.key").exists()


def test_a_key_that_is_none_stops_before_anything_is_asked(stage: Stage) -> None:
    done, outputs, _ = run_action(stage, SEAL="-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----")
    assert (done.returncode, outputs["exit-code"]) == (2, "2")
    assert "c2VjcmV0" not in done.stdout + done.stderr
    assert not stage.sandbox.log.calls


@pytest.mark.parametrize("gate", ["$(touch taken)", "`touch taken`", "--help", "x; touch taken"])
def test_inputs_of_the_action_are_words_and_no_commands(stage: Stage, gate: str) -> None:
    done, outputs, _ = run_action(stage, GATE=gate)
    assert (done.returncode, outputs["exit-code"]) == (2, "2")
    assert not (stage.folder / "taken").exists()


def test_the_gitlab_template_is_valid() -> None:
    document = {**GITLAB, "go-live": {"extends": ".sesgate"}}
    jsonschema.validate(document, schema("gitlab-ci"))


@pytest.mark.parametrize("gate", ["", "gate.yaml"])
def test_the_script_of_the_gitlab_template(evening: Stage, gate: str) -> None:
    [script] = GITLAB[".sesgate"]["script"]
    temp = evening.folder / "temp"
    temp.mkdir()
    done = shell(
        evening,
        script,
        name="sh",
        SESGATE_GATE=gate,
        SESGATE_FAIL_ON="blocker",
        SESGATE_ID_TOKEN="token-of-the-job",
        SESGATE_COMMAND=str(BIN / "sesgate"),
        TMPDIR=str(temp),
    )
    assert done.returncode == 1, done.stderr
    assert "NOT READY" in done.stdout
    assert "token-of-the-job" not in done.stdout + done.stderr
    assert not list(temp.iterdir()), "the token's file is gone"
    assert (evening.folder / "sesgate-reports" / "report.xml").exists()


def test_the_gitlab_template_seals_with_a_variable_of_the_type_file(stage: Stage) -> None:
    (stage.folder / "seal.key").write_bytes(private_pem(KEY))
    (stage.folder / "seal.key").chmod(0o600)
    [script] = GITLAB[".sesgate"]["script"]
    job = {"SESGATE_GATE": "", "SESGATE_ID_TOKEN": "token", "SESGATE_COMMAND": str(BIN / "sesgate")}
    done = shell(stage, script, name="sh", SESGATE_SEAL=str(stage.folder / "seal.key"), **job)
    assert done.returncode == 0, done.stderr
    kept_and_sealed(stage.folder / "sesgate-reports", stage)


def hook(name: str) -> list[str]:
    [entry] = [one["entry"] for one in HOOKS if one["id"] == name]
    return shlex.split(entry)[1:]


def test_the_hook_for_gate_files(stage: Stage) -> None:
    (stage.folder / "bad.yaml").write_text("version: 1\naws: {regio: eu-west-1}\n", "utf-8")
    assert stage.run(*hook("sesgate-gate"), "gate.yaml").code == 0
    done = stage.run(*hook("sesgate-gate"), "bad.yaml", "gate.yaml")
    assert done.code == 2
    assert "bad.yaml:2" in done.err
    assert not stage.sandbox.log.calls


def test_the_hook_for_policies(stage: Stage) -> None:
    wide = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ses:*", "Resource": "*"}]}
    gate = (
        "version: 1\naws: {region: eu-west-1}\nsenders: [{address: a@b.example}]\nroles: [{documents: [policy.json]}]\n"
    )
    (stage.folder / "gate.yaml").write_text(gate, "utf-8")
    (stage.folder / "policy.json").write_text(json.dumps(wide), "utf-8")
    assert stage.run(*hook("sesgate-policies")).code == 1
    narrow = json.dumps(wide).replace("ses:*", "ses:SendEmail").replace('"*"', f'"{IDENTITY}"')
    (stage.folder / "policy.json").write_text(narrow, "utf-8")
    assert stage.run(*hook("sesgate-policies")).code == 0
    assert not stage.sandbox.log.calls


def test_the_image_runs_as_nobody_and_is_made_in_stages() -> None:
    lines = [line.split() for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if line[:1].isupper()]
    words = [line[0] for line in lines]
    last = lines[len(words) - words[::-1].index("FROM") - 1 :]
    assert words.count("FROM") == 2
    assert ["USER", "65532:65532"] in last
    assert ["HEALTHCHECK", "NONE"] in last
    assert "COPY" in [line[0] for line in last]
    assert "RUN" not in [line[0] for line in last], "nothing is installed in what runs"
    assert not re.search(r"https?://|index-url", (ROOT / "Dockerfile").read_text("utf-8"))
