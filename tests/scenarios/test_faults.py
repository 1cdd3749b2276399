"""Faults that must be survived: no traceback, no hang, no pass that was not seen, no half-written file."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sesgate.registry import load

from .stage import Done, Stage

AWS_ALONE = {check.id for check in load().checks.values() if check.reads and not check.dns and not check.local}


def passes_that_rest_on_a_failure(report: dict[str, Any]) -> list[str]:
    """Checks whose pass cites an answer that was none."""
    failed = {one["id"] for one in report["evidence"] if "failure" in one["excerpt"]}
    passes = [one for one in report["findings"] if one["status"] == "pass"]
    return [one["check"] for one in passes if failed & set(one["evidence"])]


def assert_nothing_was_judged(done: Done) -> None:
    """No finding of a check that asks only AWS is a pass or a failure, and no pass rests on a failure."""
    for check in AWS_ALONE:
        assert not {"pass", "fail"} & done.statuses(check), check
    assert passes_that_rest_on_a_failure(done.report) == []


@pytest.mark.parametrize("service", ["sesv2", "sns", "kms", "cloudwatch"])
def test_a_service_that_is_denied_is_an_error_with_the_grant(stage: Stage, service: str) -> None:
    stage.sandbox.faults.aws.deny(service)
    done = stage.check()
    prefix = "ses" if service == "sesv2" else service
    assert done.code in (0, 3)
    assert "fail" not in done.statuses()
    told = [message for message in done.messages("error") if f"grant {prefix}:" in message]
    assert told
    assert passes_that_rest_on_a_failure(done.report) == []
    if service == "sesv2":
        assert done.code == 3


def test_all_denied_leaves_no_pass_that_rests_on_aws(stage: Stage) -> None:
    stage.sandbox.faults.aws.deny()
    done = stage.check()
    assert done.code == 3
    assert done.report["verdict"] == "undecided"
    assert_nothing_was_judged(done)


def test_throttled_for_ever(stage: Stage) -> None:
    stage.sandbox.faults.aws.throttle("sesv2")
    done = stage.check("--timeout", "25s", "--only", "production-access,account-health")
    assert done.code == 3
    assert done.statuses() == {"error"}
    assert all("throttled" in message for message in done.messages("error"))


def test_one_request_a_second_for_each_action_ends_without_an_error(stage: Stage) -> None:
    stage.sandbox.faults.aws.limit_ses_rate(1.0)
    done = stage.check()
    assert done.code == 0, done.messages("error")
    assert "error" not in done.statuses()


def test_server_errors_that_heal(stage: Stage) -> None:
    for service in ("sesv2", "sns", "cloudwatch", "kms"):
        stage.sandbox.faults.aws.server_error(service, times=1)
    assert stage.check().code == 0


@pytest.mark.parametrize("fault", ["server_error", "reset", "garbage", "not_found_page", "expire_token"])
def test_an_account_that_answers_nothing_sensible(stage: Stage, fault: str) -> None:
    getattr(stage.sandbox.faults.aws, fault)()
    done = stage.check("--timeout", "30s")
    assert done.code == 3
    assert_nothing_was_judged(done)


def test_a_hung_account_ends_at_the_deadline(stage: Stage) -> None:
    stage.sandbox.faults.aws.hang()
    done = stage.process("check", "--format", "json", "--timeout", "3s")
    assert done.code == 3
    assert done.seconds < 9
    assert_nothing_was_judged(done)


def test_no_credentials_are_told_once_and_dns_is_still_audited(stage: Stage) -> None:
    names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    without: dict[str, str | None] = dict.fromkeys(names)
    done = stage.check(environ=without)
    assert done.code == 3
    assert done.report["target"]["caller"] is None
    assert stage.sandbox.log.calls == []
    assert "pass" in done.statuses("dmarc") | done.statuses("reply-to")
    text = stage.run("check", environ=without)
    assert text.out.count("? no AWS credentials: set AWS_PROFILE") == 1


def test_the_wrong_account_is_refused_before_anything_is_audited(stage: Stage) -> None:
    stage.gate.write_text(stage.gate.read_text().replace("111122223333", "999988887777"))
    done = stage.check("--record", "evidence.json")
    assert done.code == 2
    assert done.out == ""
    assert "111122223333" in done.err
    assert "999988887777" in done.err
    assert set(stage.sandbox.log.count_calls()) == {("sts", "GetCallerIdentity")}
    assert not (stage.folder / "evidence.json").exists()


def test_a_profile_that_does_not_exist(stage: Stage) -> None:
    done = stage.check("--profile", "nobody")
    assert done.code == 2
    assert "no AWS profile named 'nobody'" in done.err


@pytest.mark.parametrize("fault", ["drop", "servfail", "refuse", "truncate", "garbage"])
def test_a_resolver_that_tells_nothing(stage: Stage, fault: str) -> None:
    stage.gate.write_text(stage.gate.read_text().replace("dns:", "dns:\n  timeout: 200ms"))
    getattr(stage.sandbox.faults.dns, fault)()
    done = stage.check()
    assert done.code == 3
    for check in ("spf", "dmarc", "reply-to"):
        assert not {"pass", "fail", "pending"} & done.statuses(check), check


def test_cname_loops(stage: Stage) -> None:
    for name in ("_dmarc.yourdomain.com", "bounce.yourdomain.com"):
        stage.sandbox.faults.dns.cname_loop(name)
    done = stage.check()
    assert done.code == 3
    assert done.statuses("dmarc") == {"error"}


def test_two_hundred_txt_records_and_hostile_text(stage: Stage) -> None:
    hostile = ["\x1b[2J\x1b]0;owned\x07[red]::error::[/red]<script>"]
    stage.sandbox.zone["_dmarc.yourdomain.com"] = {"TXT": [*hostile, *(f"junk {number}" for number in range(200))]}
    done = stage.check()
    assert done.code == 1
    text = stage.run("check", "--color", "always")
    assert "\x1b[2J" not in text.out
    assert "\x1b]0;" not in text.out
    assert "\x07" not in text.out


def test_interrupted(stage: Stage) -> None:
    before = set(stage.folder.iterdir())
    stage.sandbox.faults.aws.hang("sesv2")
    process = stage.start("check", "--record", "evidence.json", "--output", "report.txt")
    done = stage.interrupt_when_asked(process, signal.SIGINT)
    assert done.code == 130
    assert "Traceback" not in done.err
    assert set(stage.folder.iterdir()) == before


def test_interrupted_while_it_still_loads(stage: Stage) -> None:
    (stage.folder / "typer.py").write_text("raise KeyboardInterrupt\n", "utf-8")
    done = stage.process("check", environ={"PYTHONPATH": str(stage.folder)})
    assert (done.code, done.out, done.err) == (130, "", "sesgate: interrupted\n")


def test_terminated(stage: Stage) -> None:
    before = set(stage.folder.iterdir())
    stage.sandbox.faults.aws.hang("sesv2")
    process = stage.start("check", "--record", "evidence.json", "--output", "report.txt")
    done = stage.interrupt_when_asked(process, signal.SIGTERM)
    assert done.code == 143
    assert set(stage.folder.iterdir()) == before


def test_stdout_closed_early(stage: Stage) -> None:
    command = f"{sys.executable} -m sesgate check --format json | head -c 10; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=stage.folder,
        env=stage.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert done.stdout.strip()[10:].strip() in ("0", "74")


@pytest.mark.parametrize("option", ["--output", "--record"])
def test_an_unwritable_path_is_told_before_the_audit(stage: Stage, option: str) -> None:
    done = stage.check(option, "missing/folder/file.json")
    assert done.code == 2
    assert "missing/folder/file.json" in done.err
    assert stage.sandbox.log.calls == []


@pytest.mark.parametrize("option", ["--output", "--record"])
def test_a_full_disk(stage: Stage, option: str) -> None:
    done = stage.check(option, "/dev/full")
    assert done.code == 74
    assert "no space left" in done.err


def test_a_full_disk_behind_stdout(stage: Stage) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "sesgate", "check"],
            cwd=stage.folder,
            env=stage.environ,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            timeout=30,
        )
    assert done.returncode == 74
    assert "Traceback" not in done.stderr


def test_a_recording_replays_to_the_same_findings_without_sockets(evening: Stage) -> None:
    first = evening.check("--record", "evidence.json")
    recording = json.loads((evening.folder / "evidence.json").read_text())
    assert recording["answers"]
    evening.sandbox.close()
    blocked = evening.folder / "sitecustomize.py"
    blocked.write_text(
        "import socket\ndef _no(*_a, **_k):\n    raise RuntimeError('a socket was opened')\nsocket.socket = _no\n"
    )
    again = evening.process("replay", "evidence.json", "--format", "json", environ={"PYTHONPATH": str(evening.folder)})
    assert again.code == first.code == 1
    assert again.report["findings"] == first.report["findings"]
    assert again.report["started_at"] == first.report["started_at"]
    assert again.report["replayed"] is True


def test_replaying_something_else_is_refused(stage: Stage) -> None:
    (stage.folder / "other.json").write_text('{"a": 1}')
    for path in ("other.json", "gate.yaml", "missing.json", "."):
        done = stage.run("replay", path)
        assert done.code == 2
        assert path in done.err


def test_only_reads_are_made(stage: Stage) -> None:
    stage.check()
    verbs = ("Get", "List", "Describe")
    assert all(operation.startswith(verbs) for _, operation in stage.sandbox.log.count_calls())
