"""`--checks-dir`: one's own checks in every command that runs, lists or explains checks."""

import json
import re
from pathlib import Path

import pytest

from .stage import Stage
from .test_sealing import give_keys

CHECK = '''"""Who are we?"""

from collections.abc import Iterator

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.finding import Finding, Severity, failed, passed
from sesgate.subjects import Sender


@check(
    id="sender-is-ours",
    each=Sender,
    asked_by="senders",
    serves="All mail goes out as ours",
    severity=Severity.BLOCKER,
    reads=["ses:GetAccount"],
    causes={"foreign": Severity.BLOCKER},
)
def sender_is_ours(sender: Sender, context: Context, options: NoOptions) -> Iterator[Finding]:
    """The sender's domain is one of ours. Source: our own rules."""
    context.aws("sesv2", "GetAccount")
    if sender.name.endswith("@OURS"):
        yield passed("it is ours")
    else:
        yield failed("foreign", f"{sender.name} is not ours")
'''
OWN = ("--checks-dir", "ops")


@pytest.fixture
def own(stage: Stage) -> Stage:
    """A stage with a folder of one check, whose page lies beside it."""
    folder = stage.folder / "ops"
    folder.mkdir()
    (folder / "sender_is_ours.py").write_text(CHECK.replace("OURS", "yourdomain.com"), "utf-8")
    (folder / "sender-is-ours.md").write_text("# sender-is-ours\n\n### foreign\n\nSend as ourselves.\n", "utf-8")
    return stage


def test_it_is_run_and_its_pack_is_in_the_report(own: Stage) -> None:
    done = own.check(*OWN, "--only", "sender-is-ours,production-access")
    assert done.code == 0
    assert done.statuses("sender-is-ours") == {"pass"}
    assert done.report["tool"]["packs"]["ops/"].startswith("sha256:")
    assert done.report["checks"]["sender-is-ours"]["serves"] == "All mail goes out as ours"


def test_it_weighs_as_any_check_does(own: Stage) -> None:
    (own.folder / "ops" / "sender_is_ours.py").write_text(CHECK.replace("OURS", "elsewhere.com"), "utf-8")
    done = own.check(*OWN, "--only", "sender-is-ours")
    assert done.code == 1
    assert done.messages("fail") == ["no-reply@yourdomain.com is not ours"]


def test_whoever_names_a_folder_is_told_what_that_means(own: Stage) -> None:
    done = own.check(*OWN, "--only", "sender-is-ours", "--quiet")
    assert "run as code of this process" in done.err
    assert "run as code" not in own.check("--only", "production-access").err


def test_the_environment_names_folders_as_well(own: Stage, tmp_path: Path) -> None:
    second = tmp_path / "second"
    second.mkdir()
    text = CHECK.replace("OURS", "yourdomain.com").replace("sender-is-ours", "ours-again")
    (second / "ours_again.py").write_text(text, "utf-8")
    done = own.run("list", environ={"SESGATE_CHECKS_DIR": f"ops:{second}"})
    assert {"sender-is-ours", "ours-again"} <= {line.split()[0] for line in done.out.splitlines()}


def test_it_is_listed_explained_and_in_the_auditor_s_policy(own: Stage) -> None:
    (line,) = [line for line in own.run("list", *OWN).out.splitlines() if line.startswith("sender-is-ours")]
    assert "ops/" in line
    explained = own.run("explain", "sender-is-ours#foreign", *OWN)
    assert "Send as ourselves." in explained.out
    assert "ses:GetAccount" in explained.out
    policy = own.run("policy", "auditor", "gate.yaml", *OWN, "--only", "sender-is-ours")
    assert '"ses:GetAccount"' in policy.out
    unknown = own.run("explain", "sender-is-ours")
    assert unknown.code == 2


def test_knobs_and_waivers_know_it(own: Stage) -> None:
    own.gate.write_text(own.gate.read_text("utf-8") + "  sender-is-ours: {severity: warning}\n", "utf-8")
    assert own.run("schema", "gate", "gate.yaml", *OWN).code == 0
    unknown = own.run("schema", "gate", "gate.yaml")
    assert unknown.code == 2
    assert "sender-is-ours" in unknown.err
    given = ("--reason", "later", "--owner", "ops@yourdomain.com", "--expires", "2999-01-01")
    assert own.run("waive", "sender-is-ours", "a@example.com", *given, *OWN).code == 0


def test_it_is_replayed_and_the_seal_needs_it(own: Stage) -> None:
    own.check(*OWN, "--only", "sender-is-ours", "--record", "evidence.json")
    again = own.run("replay", "evidence.json", "--format", "json", *OWN)
    assert (again.code, again.statuses()) == (0, {"pass"})
    for command in ("replay", "selftest", "repairs"):
        without = own.run(command, "evidence.json")
        assert (without.code, without.out) == (2, "")
        assert "in the pack ops/ (sha256:" in without.err
        assert "which is not here: give its folder with --checks-dir" in without.err
    blind = own.run("selftest", "evidence.json", "--quiet", *OWN)
    assert blind.code == 1
    assert "Stayed green whatever was changed:\n  sender-is-ours: " in blind.out


def test_its_digest_is_held_against_the_recorded_one(own: Stage) -> None:
    own.check(*OWN, "--only", "sender-is-ours", "--record", "evidence.json")
    (own.folder / "ops").rename(own.folder / "moved")
    moved = own.run("replay", "evidence.json", "--checks-dir", "moved")
    assert moved.code == 0
    assert "the pack ops/ is here as moved/, and says the same" in moved.err
    (own.folder / "moved").rename(own.folder / "ops")
    changed = CHECK.replace("OURS", "elsewhere.com")
    (own.folder / "ops" / "sender_is_ours.py").write_text(changed, "utf-8")
    again = own.run("replay", "evidence.json", *OWN)
    assert again.code == 1
    assert re.search(r"the pack ops/ was sha256:\w{64}, and is sha256:\w{64}", again.err)


def test_a_seal_is_made_and_verified_with_its_folder_alone(own: Stage) -> None:
    give_keys(own.folder)
    sealed = ("--report", "json:report.json", "--record", "evidence.json", "--seal", "seal.key")
    assert own.run("check", *OWN, "--only", "sender-is-ours", *sealed).code == 0
    verify = ("report", "verify", "report.intoto.json", "--key", "seal.pub")
    assert own.run(*verify, *OWN).code == 0
    without = own.run(*verify, "--json")
    assert without.code == 1
    assert json.loads(without.out)["lines"][-1]["holds"] is None
    assert "give its folder with --checks-dir" in without.out
    unsigned = own.run("report", "seal", "report.json", "--key", "seal.key", "--output", "other.json")
    assert unsigned.code == 1
    assert "nothing was signed: evidence.json can't be replayed" in unsigned.err
    path = own.folder / "ops" / "sender_is_ours.py"
    path.write_text(f"{CHECK.replace('OURS', 'yourdomain.com')}# a word more\n", "utf-8")
    reworded = own.run(*verify, *OWN)
    assert reworded.code == 0
    assert "the pack ops/ was" in reworded.out
    path.write_text(CHECK.replace("OURS", "elsewhere.com"), "utf-8")
    changed = own.run(*verify, *OWN)
    assert changed.code == 1
    assert "the replay tells something else" in changed.out
    assert "the pack ops/ was" in changed.out


def test_what_to_run_next_names_the_folder(own: Stage) -> None:
    (own.folder / "ops" / "sender_is_ours.py").write_text(CHECK.replace("OURS", "elsewhere.com"), "utf-8")
    told = own.run("check", *OWN, "--only", "sender-is-ours").out
    assert "next  sesgate explain sender-is-ours#foreign --checks-dir ops" in told


def test_wait_runs_it(own: Stage) -> None:
    assert own.run("wait", *OWN, "--only", "sender-is-ours", "--for", "5s").code == 0


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("def broken(:\n", "ops/sender_is_ours.py:1: "),
        (CHECK.replace('id="sender-is-ours"', 'id="dkim"'), "ops/sender_is_ours.py:11: "),
        (CHECK.replace("reads=[", 'reads=["x", '), "ops/sender_is_ours.py:11: ValueError: "),
        ("import no_such_module\n", "ops/sender_is_ours.py:1: ModuleNotFoundError"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_nothing_is_audited(own: Stage, text: str, told: str) -> None:
    (own.folder / "ops" / "sender_is_ours.py").write_text(text, "utf-8")
    for command in ("check", "list"):
        done = own.run(command, *OWN)
        assert (done.code, done.out) == (2, "")
        assert told in done.err
    assert not own.sandbox.log.calls


@pytest.mark.parametrize("line", ["raise SystemExit(0)", "raise RuntimeError", "yield 1", "return"])
def test_a_fault_in_a_check_is_never_ready(own: Stage, line: str) -> None:
    text = CHECK.replace('    context.aws("sesv2", "GetAccount")\n', f"    {line}\n")
    (own.folder / "ops" / "sender_is_ours.py").write_text(text, "utf-8")
    done = own.check(*OWN, "--only", "sender-is-ours,production-access")
    assert done.code == 3
    assert done.statuses("sender-is-ours") == {"error"}
    assert done.statuses("production-access") == {"pass"}
    if line.startswith("raise"):
        assert re.search(r"\(sender_is_ours\.py:\d+\)", done.messages("error")[0])


def test_a_check_that_hangs_ends_with_the_run_s_time(own: Stage) -> None:
    text = CHECK.replace('    context.aws("sesv2", "GetAccount")\n', "    __import__('threading').Event().wait(40)\n")
    (own.folder / "ops" / "sender_is_ours.py").write_text(text, "utf-8")
    done = own.check(*OWN, "--only", "sender-is-ours,production-access", "--timeout", "4s")
    assert done.code == 3
    assert done.messages("error") == ["the check did not end within the time limit of the run"]


def test_its_id_is_completed(own: Stage) -> None:
    asked = {
        "_SESGATE_COMPLETE": "complete_zsh",
        "_TYPER_COMPLETE_ARGS": "sesgate check --checks-dir ops --only sender",
    }
    assert "sender-is-ours" in own.run(environ=asked).out
