"""`sesgate repairs`: over real sockets, and on what was recorded."""

import json
from pathlib import Path

import pytest

from sesgate.repairs import FORMS
from sesgate.sandbox import Sandbox, evening_before

from .stage import Stage

SPF = "spf#missing bounce.yourdomain.com"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The recording of the evening before."""
    folder: Path = tmp_path_factory.mktemp("recorded")
    with Sandbox(evening_before()) as sandbox:
        assert Stage(sandbox, folder).run("check", "--record", "evidence.json", "--quiet").code == 1
    return (folder / "evidence.json").read_text("utf-8")


@pytest.fixture
def recorded(evening: Stage, evidence: str) -> Stage:
    """The evening before, recorded."""
    (evening.folder / "evidence.json").write_text(evidence, "utf-8")
    return evening


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_written_from_the_record(recorded: Stage, form: str) -> None:
    done = recorded.run("repairs", "evidence.json", "--format", form, "--no-proof")
    assert (done.code, done.err) == (0, "")
    assert done.out


def test_the_proof_says_what_is_closed(recorded: Stage) -> None:
    done = recorded.run("repairs", "evidence.json", "--format", "zone")
    closed, _, rest = done.err.partition("waiting for someone to look again")
    assert SPF in closed
    assert "notifications#topic-policy" in closed
    assert "iam-required-actions#configuration-set-not-allowed" in closed
    assert "iam-senders#not-declared role/bizassist-staging-api" in closed
    assert "iam-senders#arbitrary-address user/ses-smtp-user.newsletter" in closed
    assert "dkim#cname-doubled" in rest
    assert "placeholder-identities#reserved-name" in rest.partition("remaining")[2]


def test_what_is_published_closes_what_was_said(evening: Stage) -> None:
    batch = json.loads(evening.run("repairs", "gate.yaml", "--format", "route53").out)
    for change in batch["Changes"]:
        told = change["ResourceRecordSet"]
        values = [one["Value"].strip('"').rstrip(".") for one in told["ResourceRecords"]]
        holder = evening.sandbox.zone.setdefault(told["Name"].rstrip("."), {})
        holder[told["Type"]] = values[0] if told["Type"] == "CNAME" else values
    done = evening.check("--only", "spf,dmarc")
    assert done.statuses("spf") == {"pass"}
    assert done.statuses("dmarc") == {"pass"}


def test_owners_are_told_apart(recorded: Stage) -> None:
    done = recorded.run("repairs", "evidence.json", "--owner", "dns", "--no-proof")
    assert done.out.count("Subject:") == 1
    assert "whoever runs the DNS" in done.out


def test_a_ready_gate_has_nothing_to_repair(stage: Stage) -> None:
    done = stage.run("repairs", "gate.yaml")
    assert (done.code, done.out, done.err) == (0, "", "nothing is to be repaired\n")


def test_a_form_that_does_not_fit_is_told(recorded: Stage) -> None:
    done = recorded.run("repairs", "evidence.json", "--format", "aws-cli", "--owner", "dns")
    assert (done.code, done.err) == (1, "no repair is an AWS operation\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--format", "bind"), "no form of repairs is named 'bind'"),
        (("--owner", "nobody"), "--owner nobody: one of dns"),
    ],
)
def test_a_wrong_option_is_refused(recorded: Stage, arguments: tuple[str, ...], told: str) -> None:
    done = recorded.run("repairs", "evidence.json", *arguments)
    assert done.code == 2
    assert told in done.err
