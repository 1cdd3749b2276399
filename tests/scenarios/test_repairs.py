"""`sesgate repairs`: over real sockets, and on what was recorded."""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path

import botocore.session
import dns.zone
import hcl2
import pytest
from botocore.validate import ParamValidator

from sesgate.iam import parse_policy
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


def a_zone(text: str) -> bool:
    apex = "yourdomain.com. 300 IN SOA ns. host. 1 2 3 4 5\nyourdomain.com. 300 IN NS ns.\n"
    zone = dns.zone.from_text(apex + text, origin="yourdomain.com.", relativize=False)
    return str(zone.find_rdataset("bounce.yourdomain.com.", "TXT")[0]).startswith('"v=spf1 ')


def a_change_batch(text: str) -> bool:
    model = botocore.session.Session().get_service_model("route53").operation_model("ChangeResourceRecordSets")
    asked = {"HostedZoneId": "Z", "ChangeBatch": json.loads(text)}
    return not ParamValidator().validate(asked, model.input_shape).has_errors()


def a_script(text: str) -> bool:
    return subprocess.run(["bash", "-n"], input=text, text=True, check=False).returncode == 0 and "set -eu" in text


def a_template(text: str) -> bool:
    from cfnlint.api import lint  # it takes more than a second, and one worker needs it

    return not lint(text)


def policies(text: str) -> bool:
    return all(parse_policy(json.dumps(one)).statements for one in json.loads(text)["policies"].values())


READERS: Mapping[str, Callable[[str], bool]] = {
    "zone": a_zone,
    "route53": a_change_batch,
    "terraform": lambda text: len(hcl2.loads(text)["resource"]) == 4,
    "cloudformation": a_template,
    "aws-cli": a_script,
    "policies": policies,
    "access-request": lambda text: "transactional mail from no-reply@yourdomain.com" in text,
    "message": lambda text: text.count("To: whoever") == 5,
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_by_its_own_tool(recorded: Stage, form: str) -> None:
    done = recorded.run("repairs", "evidence.json", "--format", form, "--no-proof")
    assert (done.code, done.err) == (0, "")
    assert READERS[form](done.out)


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
