"""Several gates in one check: two accounts on real sockets, one verdict, one report, one recording."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sesgate.sandbox import evening_before, ready
from tests.seal.keys import made, private_pem, public_pem

from .accounts import HOME, Accounts, accounts

OTHER = "777788889999"
BOTH = (f"{HOME}/gate.yaml", f"{OTHER}/gate.yaml")
LOOK = ("--only", "production-access,dkim,configuration-set")


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Accounts]:
    """One account that is ready, and another the evening before."""
    with accounts(tmp_path, account_111122223333=ready(), account_777788889999=evening_before()) as made:
        yield made


def calls(account: Accounts, number: str) -> dict[str, int]:
    """How often each operation was called in an account."""
    return {operation: times for (_, operation), times in account.sandboxes[number].log.count_calls().items()}


def findings(report: dict[str, Any]) -> list[tuple[str, str, str]]:
    return sorted((one["check"], one["subject"], one["status"]) for one in report["findings"])


def by_account(report: dict[str, Any]) -> dict[str, Any]:
    return {gate["target"]["account"]: gate for gate in report["gates"]}


def test_the_verdict_is_the_worst_in_any_order(two: Accounts) -> None:
    first, second = two.stage.check(*BOTH, *LOOK), two.stage.check(*reversed(BOTH), *LOOK)
    assert (first.code, second.code) == (1, 1)
    assert first.report["verdict"] == second.report["verdict"] == "not_ready"
    one, other = by_account(first.report), by_account(second.report)
    assert {account: gate["verdict"] for account, gate in one.items()} == {HOME: "ready", OTHER: "not_ready"}
    assert {account: findings(gate) for account, gate in one.items()} == {
        account: findings(gate) for account, gate in other.items()
    }
    assert [gate["target"]["account"] for gate in first.report["gates"]] == [HOME, OTHER]


def test_each_gate_says_what_it_says_alone(two: Accounts) -> None:
    together = by_account(two.stage.check(*BOTH, *LOOK).report)
    for account in (HOME, OTHER):
        alone = two.stage.check(two.gate(account), *LOOK).report
        assert findings(together[account]) == findings(alone)


def test_each_gate_is_tested_on_its_own_evidence(two: Accounts) -> None:
    two.stage.check(*BOTH, *LOOK, "--record", "evidence.json")
    done = two.stage.run("selftest", "evidence.json", "--format", "json")
    assert done.code == 0
    tested = json.loads(done.out)
    assert [gate["gate"]["path"] for gate in tested["gates"]] == list(BOTH)
    red = [[one["check"] for one in gate["checks"] if one["state"] == "red"] for gate in tested["gates"]]
    assert red == [["configuration-set", "dkim", "production-access"], ["configuration-set"]]
    told = two.stage.run("selftest", "evidence.json", "--quiet").out.splitlines()
    assert [line for line in told if line.startswith("━━")] == [f"━━ BizAssist API ({path})" for path in BOTH]
    assert told[-1].startswith("2 gates, 0 of them with a check that stayed green")


def test_all_gates_ready_is_ready_and_one_unseen_is_undecided(two: Accounts) -> None:
    elsewhere = two.add_gate(HOME, "second.yaml", **{"BizAssist API": "The second"})
    assert two.stage.check(BOTH[0], elsewhere, *LOOK).code == 0
    two.sandboxes[HOME].faults.aws.deny("sesv2", "GetAccount")
    assert two.stage.check(BOTH[0], elsewhere, *LOOK).code == 3
    assert two.stage.check(*BOTH, *LOOK).code == 1
    assert two.stage.check(*BOTH, *LOOK, "--exit-zero").code == 0


def test_gates_of_one_account_ask_once(two: Accounts) -> None:
    more = [two.add_gate(HOME, f"{name}.yaml", **{"BizAssist API": name}) for name in ("second", "third")]
    done = two.stage.check(BOTH[0], *more)
    assert done.code == 0
    assert len(done.report["gates"]) == 3
    called, asked = calls(two, HOME), two.sandboxes[HOME].log.count_questions()
    two.sandboxes[HOME].log.clear()
    two.stage.check(BOTH[0])
    alone = calls(two, HOME)
    assert {name: called[name] for name in ("GetAccount", "GetCallerIdentity", "GetEmailIdentity")} == {
        name: alone[name] for name in ("GetAccount", "GetCallerIdentity", "GetEmailIdentity")
    }
    assert asked == two.sandboxes[HOME].log.count_questions()


def test_a_slow_account_is_asked_at_its_rate_by_all_of_its_gates(two: Accounts) -> None:
    two.sandboxes[HOME].faults.aws.limit_ses_rate()
    more = two.add_gate(HOME, "second.yaml", **{"BizAssist API": "second"})
    done = two.stage.check(BOTH[0], more)
    assert done.code == 0
    assert not [one for gate in done.report["gates"] for one in gate["findings"] if one["status"] == "error"]


def test_what_is_wrong_with_any_gate_is_told_and_nothing_is_audited(two: Accounts) -> None:
    first = two.add_gate(HOME, "first.yaml", **{"senders:": "sendrs:"})
    second = two.add_gate(OTHER, "second.yaml", **{"domain-verification-txt": "domain-verification-text"})
    done = two.stage.run("check", BOTH[0], first, second, "missing.yaml")
    assert (done.code, done.out) == (2, "")
    for path in (first, second, "missing.yaml"):
        assert path in done.err
    assert not calls(two, HOME)
    assert not calls(two, OTHER)


def test_credentials_of_another_account_are_told_and_nothing_is_audited(two: Accounts) -> None:
    done = two.stage.run("check", *BOTH, "--profile", f"ses-{HOME}")
    assert (done.code, done.out) == (2, "")
    assert f"{BOTH[1]}: the credentials belong to account {HOME}" in done.err
    assert "{account}" in done.err
    assert calls(two, HOME) == {"GetCallerIdentity": 1}
    assert not calls(two, OTHER)


def test_an_account_that_cannot_be_filled_in_is_told(two: Accounts) -> None:
    nameless = two.add_gate(HOME, "nameless.yaml", **{f'  account: "{HOME}"\n': ""})
    done = two.stage.run("check", nameless, BOTH[1])
    assert done.code == 2
    assert "nameless.yaml names no aws.account" in done.err
    stranger = two.add_gate(HOME, "stranger.yaml", **{f'  account: "{HOME}"': '  account: "000000000000"'})
    done = two.stage.run("check", stranger, BOTH[1])
    assert done.code == 2
    assert "no AWS profile named 'ses-000000000000'" in done.err
    assert not calls(two, OTHER)


@pytest.mark.parametrize("again", [f"{HOME}/gate.yaml", f"./{HOME}/../{HOME}/gate.yaml"])
def test_the_same_gate_twice_is_a_slip(two: Accounts, again: str) -> None:
    done = two.stage.run("check", *BOTH, again)
    assert (done.code, done.out) == (2, "")
    assert "is given twice" in done.err


def test_one_gate_may_come_from_standard_input(two: Accounts) -> None:
    text = (two.stage.folder / BOTH[0]).read_text("utf-8")
    done = two.stage.run("check", "--format", "json", *LOOK, "-", BOTH[1], stdin=text)
    assert [gate["gate"]["path"] for gate in done.report["gates"]] == [None, BOTH[1]]
    assert two.stage.run("check", "-", "-", stdin=text).code == 2


def test_a_recording_of_several_gates_is_replayed(two: Accounts) -> None:
    done = two.stage.check(*BOTH, *LOOK, "--record", "evidence.json")
    again = two.stage.run("replay", "evidence.json", "--format", "json", environ={"AWS_CONFIG_FILE": None})
    assert again.code == 1
    for live, replayed in zip(done.report["gates"], again.report["gates"], strict=True):
        assert findings(live) == findings(replayed)
        assert live["target"] == replayed["target"]
    for command in (["replay", "evidence.json", BOTH[0]], ["repairs", "evidence.json"]):
        refused = two.stage.run(*command)
        assert refused.code == 2
        assert "it holds 2 gates" in refused.err


def test_a_seal_holds_for_several_gates(two: Accounts) -> None:
    pair = made()
    (two.stage.folder / "private.pem").write_bytes(private_pem(pair))
    (two.stage.folder / "public.pem").write_bytes(public_pem(pair))
    files = ("--report", "json:report.json", "--record", "evidence.json")
    assert two.stage.run("check", *BOTH, *LOOK, *files, "--seal", "private.pem").code == 1
    verified = two.stage.run("report", "verify", "report.intoto.json", "--key", "public.pem")
    assert verified.code == 0, verified.out
    path = two.stage.folder / "report.json"
    path.write_text(path.read_text("utf-8").replace('"verdict": "not_ready"', '"verdict": "ready"'), "utf-8")
    assert two.stage.run("report", "verify", "report.intoto.json", "--key", "public.pem").code == 1


def test_a_baseline_counts_for_the_same_gate_only(two: Accounts) -> None:
    both = two.stage.run("check", *BOTH, *LOOK, "--report", "json:before.json")
    assert both.code == 1
    assert two.stage.check(*reversed(BOTH), *LOOK, "--baseline", "before.json").code == 0
    assert two.stage.check(BOTH[1], *LOOK, "--baseline", "before.json").code == 0
    copy = two.add_gate(OTHER, "copy.yaml", **{"BizAssist API": "A copy"})
    assert two.stage.check(*BOTH, copy, *LOOK, "--baseline", "before.json").code == 1
    two.stage.run("check", *reversed(BOTH), *LOOK, "--report", "json:after.json")
    compared = two.stage.run("report", "diff", "before.json", "after.json")
    assert compared.code == 0
    assert "still open" in compared.out
    assert BOTH[1] in compared.out


def test_a_waiver_holds_in_its_own_gate(two: Accounts) -> None:
    copy = two.add_gate(OTHER, "copy.yaml", **{"BizAssist API": "A copy"})
    report = two.stage.check(copy, BOTH[1], "--only", "production-access").report
    (failed,) = [one for one in report["gates"][0]["findings"] if one["status"] == "pending"]
    given = ("--reason", "until Monday", "--owner", "ops@yourdomain.com", "--expires", "2999-01-01")
    done = two.stage.run("waive", failed["check"], failed["subject"], *given, "--gate", copy)
    assert done.code == 0, done.err
    report = two.stage.check(copy, BOTH[1], "--only", "production-access").report
    assert [gate["counts"]["waived"] for gate in report["gates"]] == [1, 0]
    assert [gate["verdict"] for gate in report["gates"]] == ["ready", "not_ready"]


def test_a_test_send_of_two_gates_leaves_nothing_behind(two: Accounts) -> None:
    copy = two.add_gate(HOME, "copy.yaml", **{"BizAssist API": "A copy"})
    done = two.stage.check(BOTH[0], copy, "--only", "test-send,identity-verified", "--send")
    assert done.code == 0, done.out
    called = calls(two, HOME)
    assert called["CreateQueue"] == called["DeleteQueue"] == 2


def test_the_text_ends_with_all_gates_and_the_verdict(two: Accounts) -> None:
    done = two.stage.run("check", *BOTH, *LOOK)
    last = done.out[done.out.rindex("━━ 2 gates") :]
    for words in (*BOTH, "READY", "NOT READY", "1 of 2 gates not ready"):
        assert words in last
    quiet = two.stage.run("check", *BOTH, *LOOK, "--quiet").out.splitlines()
    assert [re.match(r"[A-Z ]*READY", line) is not None for line in quiet] == [True, True, True]


def test_a_saved_report_of_several_gates_has_every_form(two: Accounts) -> None:
    two.stage.run("check", *BOTH, *LOOK, "--report", "json:report.json")
    saved = json.loads((two.stage.folder / "report.json").read_text("utf-8"))
    assert json.loads(two.stage.run("report", "render", "report.json", "--format", "json").out) == saved
    for kind in ("text", "markdown", "junit", "github", "sarif", "csv", "ocsf", "html"):
        done = two.stage.run("report", "render", "report.json", "--format", kind)
        assert (done.code, done.err) == (0, "")
        assert all(path in done.out for path in BOTH)
