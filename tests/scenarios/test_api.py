"""The API in whole runs: what is sent and what is not, what is recorded, and that a replay finds the same."""

import json

from .stage import Done, Stage

TOKEN = "demo-token-of-the-test"
WRITING = """
    - name: nobody may post invoices
      request: {method: POST, path: /v1/invoices, headers: {Authorization: "Bearer ${API_TOKEN}"}}
      writes: true
      expect: {status: 405, jmespath: "error.code == 'method_not_allowed'"}
"""
ONLY = ("--only", "api-probes,api-contract")
ENVIRON = {"API_TOKEN": TOKEN}


def outcome(done: Done) -> list[tuple[str, str, str, str | None]]:
    """Check, subject, status and cause of every finding."""
    return [(one["check"], one["subject"], one["status"], one["cause"]) for one in done.report["findings"]]


def with_a_probe_that_writes(stage: Stage) -> None:
    stage.sandbox.api["token"] = TOKEN
    text = stage.gate.read_text("utf-8")
    stage.gate.write_text(text.replace("  ready_made:", f"{WRITING.strip(chr(10))}\n  ready_made:", 1), "utf-8")


def test_what_writes_is_sent_with_send_only(stage: Stage) -> None:
    with_a_probe_that_writes(stage)
    probe = ("api-probes", "nobody may post invoices")
    done = stage.check(*ONLY, environ=ENVIRON)
    assert (*probe, "error", "not-run") in outcome(done)
    assert done.code == 3
    done = stage.check(*ONLY, "--send", environ=ENVIRON)
    assert (*probe, "pass", None) in outcome(done)
    assert done.code == 0


def test_a_replay_finds_the_same_and_no_secret_is_recorded(stage: Stage) -> None:
    with_a_probe_that_writes(stage)
    stage.sandbox.api["holds_to_business"] = False
    del stage.sandbox.api["openapi"]["paths"]["/v1/health"]
    live = stage.check(*ONLY, "--send", "--record", "run.json", environ=ENVIRON)
    assert {one[3] for one in outcome(live)} == {None, "other-business-open", "path-removed"}
    recorded = (stage.folder / "run.json").read_text("utf-8")
    assert TOKEN not in recorded
    assert TOKEN not in live.out + live.err
    assert json.loads(recorded)["place"]["send"] is True
    replayed = stage.run("replay", "run.json", "--format", "json")
    assert outcome(replayed) == outcome(live)
    assert replayed.code == live.code == 1


def test_an_api_that_is_gone_is_an_error(stage: Stage) -> None:
    stage.gate.write_text(stage.gate.read_text("utf-8").replace(stage.sandbox.api_url, "http://127.0.0.1:9"), "utf-8")
    done = stage.check(*ONLY)
    assert done.statuses() == {"error"}
    assert done.code == 3


def test_offline_the_api_is_not_asked(stage: Stage) -> None:
    assert stage.check(*ONLY, "--offline").statuses() == {"skip"}
