"""The command line judges its values as the gate judges its own."""

import json

import pytest

from sesgate.sandbox import Sandbox, ready

from .stage import Stage


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--resolver", "1.1.1.1:99999"),
        ("--resolver", "foo"),
        ("--resolver", ""),
        ("--region", "bogus"),
        ("--timeout", "soon"),
        ("--fail-on", "anything"),
        ("--color", "red"),
        ("--format", "pdf"),
        ("--report", "json"),
        ("--only", "dkimm"),
        ("--baseline", "missing.json"),
    ],
)
def test_a_wrong_value_is_told_and_nothing_is_audited(stage: Stage, option: str, value: str) -> None:
    done = stage.check(option, value)
    assert done.code == 2
    assert done.out == ""
    assert done.err.strip()
    assert "fault in sesgate" not in done.err
    assert {operation for _, operation in stage.sandbox.log.count_calls()} <= {"GetCallerIdentity"}


def test_resolvers_that_disagree_are_told_where_the_check_passes(stage: Stage) -> None:
    document = ready()
    document.zone["bounce.yourdomain.com"]["TXT"] = []
    with Sandbox(document) as other:
        resolvers = [f"--resolver={address}" for address in (stage.sandbox.dns_address, other.dns_address)]
        text = stage.run("check", *resolvers)
    assert text.code == 0
    assert "resolver 2" in text.out


def test_a_list_has_one_line_for_each_check(stage: Stage) -> None:
    lines = stage.run("list", environ={"COLUMNS": "40"}).out.splitlines()
    assert any(line.startswith("domain-verification-txt ") for line in lines)
    assert all("  " in line for line in lines)


def test_acting_and_asking_local_files_only_exclude_each_other(stage: Stage) -> None:
    done = stage.check("--send", "--offline")
    assert done.code == 2
    assert "--send or --offline" in done.err


@pytest.mark.parametrize(("options", "allowed"), [([], False), (["--send"], True)])
def test_a_recording_tells_whether_the_run_might_act(stage: Stage, options: list[str], allowed: bool) -> None:
    stage.check("--only", "production-access", "--record", "run.json", *options)
    assert json.loads((stage.folder / "run.json").read_text("utf-8"))["place"]["send"] is allowed
