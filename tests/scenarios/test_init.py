"""`sesgate init`: from an empty folder, or from one with an application in it, to a gate that runs."""

import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sesgate.discovery.account import READS
from sesgate.evidence.operations import OPERATIONS
from sesgate.gate import Gate, load_gate
from sesgate.sandbox import Sandbox, crowd, ready

from .stage import LONGEST, Done, Stage

NO_CREDENTIALS: Mapping[str, str | None] = {
    **dict.fromkeys(("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"), None),
}
SECRET = "pl4ntedS3cretV4lueXq7"
ENV = (
    f"SES_FROM_EMAIL=hello@shop.io\nAWS_REGION=eu-west-1\nAPI_TOKEN={SECRET}\nMAIL_FROM={SECRET}\n"
    f"DATABASE_URL=postgres://shop:{SECRET}@db.shop.io/shop\nAWS_SECRET_ACCESS_KEY={SECRET}\nPORT={SECRET}\n"
)


def init(stage: Stage, *arguments: str, environ: Mapping[str, str | None] | None = None) -> Done:
    """`sesgate init --yes` in a folder without a gate, with the sandbox's name server."""
    stage.gate.unlink(missing_ok=True)
    return stage.run("init", "--yes", "--resolver", stage.sandbox.dns_address, *arguments, environ=environ)


def written(stage: Stage, name: str = "sesgate.yaml") -> Gate:
    return load_gate(stage.folder / name, {}).gate


def empty(stage: Stage) -> Path:
    """A folder with nothing in it, inside the stage's."""
    folder = stage.folder / "empty"
    folder.mkdir()
    stage.folder = folder
    return folder


def test_a_ready_account_gives_a_gate_that_is_ready(stage: Stage) -> None:
    done = init(stage)
    assert (done.code, done.out) == (0, "")
    assert "sesgate.yaml is written: 1 sender, 1 role, 2 services, 1 database, 1 client" in done.err
    assert "This is not AWS" in done.err
    assert "sesgate policy auditor" in done.err
    gate = written(stage)
    assert gate.aws.account == "111122223333"
    assert gate.senders[0].mail_from == "bounce.yourdomain.com"
    assert [service.name for service in gate.services] == ["bizassist-api", "worker"]
    checked = stage.check()
    assert checked.code == 0
    assert checked.report["verdict"] == "ready"


def test_nothing_is_asked_that_could_change_anything(stage: Stage) -> None:
    init(stage)
    asked = {operation for _, operation in stage.sandbox.log.count_calls()}
    assert asked
    assert all(name.startswith(("Get", "List", "Describe")) for name in asked)
    assert "GetSecretValue" not in asked


def test_nothing_is_asked_that_the_docs_do_not_name(evening: Stage) -> None:
    init(evening)
    actions = {OPERATIONS[asked].action for asked in evening.sandbox.log.count_calls()}
    page = (Path(__file__).parents[2] / "docs" / "init.md").read_text()
    assert actions <= set(READS)
    assert all(action in page for action in READS)


def test_the_evening_before_is_seen_and_audited(evening: Stage) -> None:
    assert init(evening).code == 0
    text = (evening.folder / "sesgate.yaml").read_text()
    assert "not verified yet (PENDING)" in text
    assert "test@example.com: a placeholder" in text
    assert "user/ses-smtp-user.newsletter" in text
    checked = evening.check()
    assert checked.code == 1
    assert {"dkim", "iam-senders", "environment"} <= {
        one["check"] for one in checked.report["findings"] if one["status"] in ("fail", "pending")
    }


def test_what_is_denied_is_told_with_what_to_grant(stage: Stage) -> None:
    stage.sandbox.faults.aws.deny("iam")
    stage.sandbox.faults.aws.deny("ecs", "ListServices")
    stage.sandbox.faults.aws.deny("rds")
    done = init(stage)
    text = (stage.folder / "sesgate.yaml").read_text()
    assert done.code == 0
    for action in ("iam:GetAccountAuthorizationDetails", "ecs:ListServices", "rds:DescribeDBInstances"):
        assert f"grant {action}" in " ".join(text.replace("\n#", " ").split())
        assert f"grant {action}" in done.err
    gate = written(stage)
    assert gate.roles == ()
    assert gate.database is None
    assert [service.name for service in gate.services] == ["worker"]
    assert gate.senders[0].address == "no-reply@yourdomain.com"


def test_without_credentials_the_folder_tells(stage: Stage) -> None:
    folder = empty(stage)
    (folder / ".env").write_text(ENV)
    done = init(stage, environ={**NO_CREDENTIALS, "AWS_REGION": None, "AWS_DEFAULT_REGION": None})
    assert done.code == 0
    assert done.err.count("no AWS credentials") == 1
    gate = written(stage)
    assert gate.aws.region == "eu-west-1"
    assert gate.senders[0].name == "hello@shop.io"
    checked = stage.run("check", "--offline", "--format", "json")
    assert checked.code == 1
    assert {one["cause"] for one in checked.report["findings"]} >= {"plain-text-secret"}


@pytest.mark.parametrize("arguments", [(), ("--output", "-")])
def test_no_secret_of_the_folder_comes_out(stage: Stage, arguments: tuple[str, ...]) -> None:
    folder = empty(stage)
    (folder / ".env").write_text(ENV)
    (folder / "compose.yaml").write_text(
        f"services:\n  web:\n    image: web\n    command: run --token {SECRET}\n    env_file: .env\n"
        f"    environment: {{STRIPE_KEY: {SECRET}, SES_X: {SECRET}}}\n"
    )
    done = init(stage, *arguments)
    gate = folder / "sesgate.yaml"
    assert done.code == 0
    assert SECRET not in done.out + done.err + (gate.read_text() if gate.exists() else "")


def test_offline_nobody_is_asked(stage: Stage) -> None:
    done = init(stage, "--offline")
    assert done.code == 0
    assert stage.sandbox.log.calls == []
    assert stage.sandbox.log.questions == []
    assert [service.name for service in written(stage).services] == ["worker"]


def test_a_gate_that_is_there_stays_unless_force_is_told(stage: Stage) -> None:
    mine = stage.folder / "sesgate.yaml"
    mine.write_text("mine")
    done = init(stage)
    assert done.code == 2
    assert "sesgate.yaml is there already" in done.err
    assert "--force" in done.err
    assert mine.read_text() == "mine"
    assert stage.sandbox.log.calls == []
    assert init(stage, "--force").code == 0
    assert written(stage).senders


def test_another_gate_beside_it_is_told(stage: Stage) -> None:
    done = stage.run("init", "--yes", "--resolver", stage.sandbox.dns_address)
    assert done.code == 0
    assert "Beside it there is gate.yaml" in done.err


def test_a_role_that_may_send_as_somebody_else_is_told(stage: Stage) -> None:
    """The role is held to one address, and the sender is the domain."""
    empty(stage)
    assert init(stage, "--sender", "yourdomain.com").code == 0
    assert written(stage).roles[0].arn == "arn:aws:iam::111122223333:role/bizassist-api"
    stage.sandbox.account.region("ap-southeast-1")["ecs"] = {}
    assert init(stage, "--force").code == 0
    text = (stage.folder / "sesgate.yaml").read_text()
    assert "# - arn:aws:iam::111122223333:role/bizassist-api may send, and not as these senders" in text


def test_without_a_terminal_yes_is_wanted(stage: Stage) -> None:
    done = stage.run("init")
    assert done.code == 2
    assert "pass --yes" in done.err
    assert stage.sandbox.log.calls == []
    assert not (stage.folder / "sesgate.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "environ", "told"),
    [
        ((), {"AWS_REGION": None, "AWS_DEFAULT_REGION": None}, "pass --region"),
        ((), {"AWS_REGION": "moon"}, "AWS_REGION: an AWS region is expected"),
        (("--region", "eu-west-1"), {}, "--sender"),
        (("--sender", "a b"), {}, "an address or a domain is expected"),
        (("--profile", "nobody"), {}, "there is no AWS profile named 'nobody'"),
        (("--output", "no/such/folder.yaml"), {}, "can't write"),
    ],
)
def test_what_is_missing_is_asked_for_by_name(
    stage: Stage, arguments: tuple[str, ...], environ: dict[str, str | None], told: str
) -> None:
    empty(stage)
    done = init(stage, *arguments, environ=environ)
    assert done.code == 2
    assert told in done.err
    assert not list(stage.folder.iterdir())


def test_the_gate_can_go_to_stdout_and_be_run_from_there(stage: Stage) -> None:
    done = init(stage, "-o", "-", "--quiet")
    assert (done.code, done.err) == (0, "")
    assert not (stage.folder / "sesgate.yaml").exists()
    checked = stage.run("check", "-", "--format", "json", stdin=done.out)
    assert checked.code == 0


def test_paths_begin_where_the_gate_is(stage: Stage) -> None:
    (stage.folder / "ops").mkdir()
    done = init(stage, "-o", "ops/gate.yaml")
    assert "sesgate check ops/gate.yaml" in done.err
    gate = written(stage, "ops/gate.yaml")
    assert gate.clients[0].path == "../mobile"
    assert [source.dotenv for service in gate.services for source in service.source] == [None, "../worker.env"]
    assert stage.check("ops/gate.yaml").code == 0


def test_a_crowd_of_identities_is_seen_to_its_last_page(tmp_path: Path) -> None:
    with Sandbox(crowd(300)) as sandbox:
        stage = Stage(sandbox, tmp_path)
        empty(stage)
        assert init(stage).code == 0
        assert sandbox.log.count_calls()["sesv2", "ListEmailIdentities"] == 4
        text = (stage.folder / "sesgate.yaml").read_text()
        assert "# - 280 more" in text
        assert written(stage).senders[0].address == "no-reply@yourdomain.com"


def test_a_function_whose_role_can_send_is_a_service(tmp_path: Path) -> None:
    document = ready()
    document.region["ecs"] = {}
    document.region["lambda"] = {
        "functions": {
            "quiet": {
                "Role": "arn:aws:iam::111122223333:role/bizassist-api",
                "Environment": {"Variables": {"A": SECRET}},
            },
            "other": {"Role": "arn:aws:iam::111122223333:role/ses-auditor"},
        }
    }
    with Sandbox(document) as sandbox:
        stage = Stage(sandbox, tmp_path)
        empty(stage)
        assert init(stage, "--sender", "no-reply@yourdomain.com").code == 0
        [service] = written(stage).services
        assert service.source[0].lambda_ == "quiet"
        assert [role.arn for role in written(stage).roles] == ["arn:aws:iam::111122223333:role/bizassist-api"]


class Terminal:
    """sesgate with somebody who types."""

    def __init__(self, stage: Stage, *arguments: str, environ: Mapping[str, str | None] | None = None) -> None:
        self._ours, theirs = pty.openpty()
        merged: dict[str, Any] = {**stage.environ, **(environ or {})}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sesgate", "init", "--resolver", stage.sandbox.dns_address, *arguments],
            cwd=stage.folder,
            env={name: value for name, value in merged.items() if value is not None},
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)

    def until(self, words: str) -> str:
        """What was written until these words came."""
        seen = ""
        while words not in seen:
            try:
                seen += os.read(self._ours, 4096).decode()
            except OSError as closed:
                raise AssertionError(seen) from closed
        return seen

    def types(self, line: str) -> None:
        os.write(self._ours, f"{line}\n".encode())

    def ends(self) -> int:
        code = self._process.wait(LONGEST)
        assert self._process.stdout is not None
        assert self._process.stdout.read() == b""
        self._process.stdout.close()
        os.close(self._ours)
        return code


@pytest.fixture
def two_senders(stage: Stage) -> Stage:
    folder = empty(stage)
    stage.sandbox.account.region("ap-southeast-1")["ecs"] = {}
    (folder / ".env").write_text("SES_FROM_EMAIL=no-reply@yourdomain.com\nNEWS_FROM_EMAIL=news@yourdomain.com\n")
    return stage


def test_on_a_terminal_it_asks_for_region_and_senders(two_senders: Stage) -> None:
    terminal = Terminal(two_senders, environ={"AWS_REGION": None, "AWS_DEFAULT_REGION": None})
    terminal.until("Which SES region")
    terminal.types("ap-southeast-1")
    asked = terminal.until("[all]")
    assert "1. news@yourdomain.com" in asked
    terminal.types("7")
    terminal.until("1 to 2 are expected")
    terminal.types("2")
    terminal.until("Next:")
    assert terminal.ends() == 0
    assert [sender.address for sender in written(two_senders).senders] == ["no-reply@yourdomain.com"]


def test_enter_takes_what_was_found(two_senders: Stage) -> None:
    terminal = Terminal(two_senders)
    terminal.until("[all]")
    terminal.types("")
    terminal.until("Next:")
    assert terminal.ends() == 0
    assert len(written(two_senders).senders) == 2


def test_on_a_terminal_too_a_gate_that_is_there_stays(two_senders: Stage) -> None:
    (two_senders.folder / "sesgate.yaml").write_text("mine")
    terminal = Terminal(two_senders)
    terminal.until("is there already")
    assert terminal.ends() == 2
    assert (two_senders.folder / "sesgate.yaml").read_text() == "mine"


def test_who_ends_the_input_gets_no_gate(two_senders: Stage) -> None:
    terminal = Terminal(two_senders)
    terminal.until("[all]")
    os.write(terminal._ours, b"\x04")
    terminal.until("nothing was written")
    assert terminal.ends() == 2
    assert not (two_senders.folder / "sesgate.yaml").exists()


def test_on_a_terminal_a_sender_can_be_typed(stage: Stage) -> None:
    empty(stage)
    terminal = Terminal(stage, "--offline", environ={**NO_CREDENTIALS})
    terminal.until("What does the application send as?")
    terminal.types("hello@shop.io")
    terminal.until("Next:")
    assert terminal.ends() == 0
    assert written(stage).senders[0].address == "hello@shop.io"
