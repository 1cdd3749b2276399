"""Policies in local files: judged without credentials and network, beside the account, and in a replay."""

import json
from typing import Any

from .stage import Stage

ONLY = ("--only", "iam-required-actions,iam-wildcards")
SEND = {
    "Sid": "Mail",
    "Effect": "Allow",
    "Action": ["ses:SendEmail", "ses:SendRawEmail"],
    "Resource": [
        "arn:aws:ses:ap-southeast-1:111122223333:identity/yourdomain.com",
        "arn:aws:ses:ap-southeast-1:111122223333:configuration-set/bizassist-transactional",
    ],
    "Condition": {"StringEquals": {"ses:FromAddress": "no-reply@yourdomain.com"}},
}
GATE = """\
version: 1
aws: {account: "111122223333", region: ap-southeast-1}
senders: [{address: no-reply@yourdomain.com, configuration_set: bizassist-transactional}]
roles:
  - documents: [infra/api-policy.json]
    needs: [{actions: [ses:SendEmail], resources: [senders]}]
"""


def write(stage: Stage, *statements: dict[str, Any]) -> None:
    (stage.folder / "ops" / "infra").mkdir(parents=True, exist_ok=True)
    (stage.folder / "ops" / "gate.yaml").write_text(GATE, "utf-8")
    text = json.dumps({"Version": "2012-10-17", "Statement": list(statements)}, indent=2)
    (stage.folder / "ops" / "infra" / "api-policy.json").write_text(text, "utf-8")


def test_a_pull_request_needs_neither_credentials_nor_network(stage: Stage) -> None:
    write(stage, SEND)
    nothing = {name: None for name in stage.environ if name.startswith("AWS_")}
    done = stage.check("ops/gate.yaml", "--offline", environ=nothing)
    assert done.code == 0, done.out
    assert done.statuses("iam-required-actions") == {"pass"}
    assert done.statuses() == {"pass", "skip"}
    assert not stage.sandbox.log.calls


def test_what_is_ready_offline_is_ready_in_part(stage: Stage) -> None:
    write(stage, SEND)
    report = stage.check("ops/gate.yaml", "--offline").report
    assert (report["verdict"], report["partial"]) == ("ready", True)
    assert {"production-access", "dkim", "spf"} <= set(report["left_out"])
    assert "iam-required-actions" not in report["left_out"]
    text = stage.run("check", "ops/gate.yaml", "--offline")
    [verdict] = [line for line in text.out.splitlines() if line.startswith("READY")]
    assert verdict.startswith("READY (partial: offline)  nothing blocks in what was looked at; ")


def test_a_finding_points_into_the_file_from_the_working_folder(stage: Stage) -> None:
    write(stage, SEND, {"Sid": "NoMail", "Effect": "Deny", "Action": "ses:*", "Resource": "*"})
    done = stage.check("ops/gate.yaml", "--offline", *ONLY)
    assert done.code == 1
    [failed] = [one for one in done.report["findings"] if one["cause"] == "denied-explicitly"]
    assert failed["location"] == {"path": "ops/infra/api-policy.json", "line": 21, "column": 5}


def test_a_replay_needs_no_file(stage: Stage) -> None:
    write(stage, SEND)
    first = stage.check("ops/gate.yaml", "--offline", *ONLY, "--record", "run.json")
    (stage.folder / "ops" / "infra" / "api-policy.json").unlink()
    again = stage.run("replay", "run.json", "--format", "json")
    assert again.code == first.code == 0
    assert again.report["findings"] == first.report["findings"]
    assert stage.check("ops/gate.yaml", "--offline", *ONLY).code == 3


def test_the_account_is_asked_once_for_all_principals(stage: Stage) -> None:
    done = stage.check("--only", "iam-required-actions,iam-wildcards,iam-static-keys")
    assert done.code == 0
    asked = [call.operation for call in stage.sandbox.log.calls if call.service == "iam"]
    assert asked == ["GetAccountAuthorizationDetails"]


def test_a_role_is_looked_at_alone_where_the_account_as_a_whole_is_denied(stage: Stage) -> None:
    stage.sandbox.faults.aws.deny("iam", "GetAccountAuthorizationDetails")
    done = stage.check("--only", "iam-required-actions")
    assert done.code == 0, done.out
    assert done.statuses("iam-required-actions") == {"pass"}
