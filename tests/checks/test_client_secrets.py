"""client-secrets: what whoever installs a client can read in it."""

from typing import Any

import pytest

from sesgate.clients import client_question
from sesgate.evidence import Failure, FailureKind
from sesgate.evidence.question import Answer
from sesgate.finding import AwsCall, Location
from sesgate.testing import MOMENT, World, causes, ready_world, run, statuses

CHECK = "client-secrets"


def hit(kind: str, line: int = 3, file: str = "src/config.ts", **more: Any) -> dict[str, Any]:
    shown = "AKIA…" if kind == "access-key-id" else "email-smtp.eu-west-1.amazonaws.com" if "host" in kind else ""
    return {"file": file, "kind": kind, "line": line, "column": 7, "shown": shown, "example": False, **more}


def client(*hits: dict[str, Any], must_not: tuple[str, ...] = ("aws_credentials", "ses"), **more: Any) -> World:
    """A world in which the client at `mobile` gives this away."""
    [(question, answer)] = [each for each in ready_world().answers.items() if each[0].source == "clients"]
    world = ready_world().with_gate(clients=[{"path": "mobile", "must_not": list(must_not)}])
    return world.told(question, {**answer.value, "hits": list(hits), **more})


def test_a_client_without_anything_passes_and_says_what_was_seen() -> None:
    [judged] = run(CHECK, client(files=1234, left_out={"ignored by git": 12}))
    assert (judged.subject, judged.status.value) == ("mobile", "pass")
    assert (
        judged.finding.message == "no AWS credentials and no access to SES in 1,234 files; 12 ignored by git left out"
    )


@pytest.mark.parametrize(
    ("kinds", "cause"),
    [
        (["access-key-id"], "aws-access-key"),
        (["access-key-id", "secret-access-key"], "aws-secret-key"),
        (["secret-access-key"], "aws-secret-key"),
        (["temporary-key-id", "secret-access-key", "session-token"], "aws-temporary-key"),
        (["ses-smtp-host", "access-key-id", "smtp-password"], "smtp-credentials"),
        (["ses-api-host"], "ses-endpoint"),
        (["ses-smtp-host"], "ses-endpoint"),
        (["ses-sdk"], "ses-sdk"),
    ],
)
def test_each_cause_on_its_own(kinds: list[str], cause: str) -> None:
    [judged] = run(CHECK, client(*(hit(kind) for kind in kinds)))
    assert (judged.subject, judged.cause, judged.severity.value) == ("mobile src/config.ts", cause, "blocker")
    assert judged.finding.remedy is not None
    assert judged.finding.location == Location("mobile/src/config.ts", 3, 7)


def test_halves_of_several_things_are_told_apart() -> None:
    kinds = ("access-key-id", "secret-access-key", "smtp-password", "ses-smtp-host", "ses-sdk")
    found = run(CHECK, client(*(hit(kind) for kind in kinds)))
    assert [judged.cause for judged in found] == ["smtp-credentials", "aws-secret-key", "ses-sdk"]
    assert "access key id (AKIA…)" in found[1].finding.message


def test_each_file_is_a_subject() -> None:
    found = run(CHECK, client(hit("ses-sdk", file="package.json"), hit("ses-sdk", file="app.apk!/classes.dex")))
    assert [judged.subject for judged in found] == ["mobile package.json", "mobile app.apk!/classes.dex"]
    assert found[1].finding.location == Location("mobile/app.apk", 1, 1)


def test_a_client_that_is_one_file() -> None:
    [judged] = run(CHECK, client(hit("ses-sdk", file="mobile!/classes.dex"), kind="file"))
    assert judged.finding.location == Location("mobile", 1, 1)


def test_the_key_can_be_switched_off_and_on_again() -> None:
    [judged] = run(CHECK, client(hit("access-key-id")))
    assert judged.finding.remedy is not None
    [call] = [change for change in judged.finding.remedy.changes if isinstance(change, AwsCall)]
    assert call.undo is not None
    assert (call.parameters["Status"], call.undo.parameters["Status"]) == ("Inactive", "Active")


@pytest.mark.parametrize(
    ("must_not", "expected"),
    [(("aws_credentials",), {"aws-access-key", "smtp-credentials"}), (("ses",), {"smtp-credentials", "ses-sdk"})],
)
def test_the_gate_says_what_a_client_must_not_have(must_not: tuple[str, ...], expected: set[str]) -> None:
    hits = hit("access-key-id", file="a.ts"), hit("smtp-password", file="b.ts"), hit("ses-sdk", file="c.ts")
    assert causes(run(CHECK, client(*hits, must_not=must_not))) == expected


def test_examples_and_prose_are_no_failures() -> None:
    [judged] = run(CHECK, client(hit("access-key-id", example=True), hit("ses-sdk", file="docs/why.md")))
    assert judged.status.value == "pass"
    assert "1 example" in judged.finding.message


def test_a_real_key_in_prose_is_one() -> None:
    assert causes(run(CHECK, client(hit("access-key-id", file="README.md")))) == {"aws-access-key"}


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"cut": "reading it takes more than 40 s"}, "only a part of mobile was looked at"),
        ({"unseen": [{"file": "a.zip", "reason": "it is encrypted"}], "unseen_more": 2}, "a.zip in mobile"),
        ({"files_more": 7}, "7 more files"),
        ({"files": 0, "left_out": {"ignored by git": 3}}, "left out: 3 ignored by git"),
        ({"files": 0}, "no file"),
    ],
)
def test_what_was_not_seen_is_never_a_pass(more: dict[str, Any], words: str) -> None:
    [judged] = run(CHECK, client(**more))
    assert (judged.subject, judged.status.value, judged.cause) == ("mobile", "error", "not-seen")
    assert words in judged.finding.message


def test_what_was_seen_is_told_beside_what_was_not() -> None:
    found = run(CHECK, client(hit("ses-sdk"), cut="it holds more than 300,000 files"))
    assert statuses(found) == {"error", "fail"}


def test_a_path_that_is_not_there_is_an_error() -> None:
    [judged] = run(CHECK, ready_world().told(client_question("mobile"), None))
    assert (judged.status.value, judged.cause) == ("error", "not-seen")
    assert "there is no mobile" in judged.finding.message


def test_a_walk_that_failed_is_the_error_of_its_client_alone() -> None:
    world = client().with_gate(clients=[{"path": "mobile"}, {"path": "web"}])
    failure = Failure(FailureKind.UNREACHABLE, "web can't be read: permission denied")
    answers = {**world.answers, client_question("web"): Answer(None, failure, MOMENT, 0.0)}
    found = run(CHECK, World(world.gate_text, answers, world.place, world.moment))
    assert [(judged.subject, judged.status.value) for judged in found] == [("mobile", "pass"), ("web", "error")]


def test_it_runs_offline() -> None:
    assert statuses(run(CHECK, ready_world().offline())) == {"pass"}
