"""The auditor's policy for `check --send`: the simulator, a temporary queue, and nothing beside."""

import os
from pathlib import Path
from typing import Any

from sesgate.policy import auditor_policy, told_by
from sesgate.registry import load
from sesgate.sandbox import Sandbox, ready

from .gates import ACCOUNT, IDENTITY, REGION, SET, allowed, gate

CHECKS = [check for check in load().checks.values() if check.acts]
SENDER = IDENTITY + "yourdomain.com"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:events"
OURS = QUEUE + "sesgate-test-send-0123456789ab"


def policy(**parts: Any) -> dict[str, Any]:
    of = gate(**parts)
    return auditor_policy(CHECKS, told_by(of, REGION), send=True, gate=of)


def sends(document: Any, resource: str, *recipients: str) -> bool:
    from sesgate.iam import Effect, Policies, Principal, Request, evaluate, parse_policy

    who = Principal.of(f"arn:aws:iam::{ACCOUNT}:role/auditor")
    request = Request("ses:SendEmail", who, (resource,), {"ses:Recipients": recipients, "aws:RequestedRegion": REGION})
    return evaluate(request, Policies(identity=(parse_policy(document, name="made"),))).effect is Effect.ALLOWED


def test_mail_goes_to_the_simulator_alone() -> None:
    simulated = "bounce+1@simulator.amazonses.com"
    for resource in (SENDER, IDENTITY + "no-reply@yourdomain.com", SET + "main"):
        assert sends(policy(), resource, simulated)
        assert not sends(policy(), resource, "customer@example.com")
        assert not sends(policy(), resource, simulated, "customer@example.com")
    assert not sends(policy(), IDENTITY + "another.example", simulated)
    assert not sends(policy(), SET + "another", simulated)


def test_queues_of_its_own_alone() -> None:
    for act in ("CreateQueue", "ReceiveMessage", "DeleteMessage", "DeleteQueue", "ChangeMessageVisibility"):
        assert allowed(policy(), f"sqs:{act}", OURS), act
        assert not allowed(policy(), f"sqs:{act}", QUEUE + "orders"), act


def test_a_queue_that_is_consumed_is_read_and_never_deleted() -> None:
    document = policy(test_send={"queue": "orders", "consume": True})
    for act in ("ReceiveMessage", "DeleteMessage", "ChangeMessageVisibility"):
        assert allowed(document, f"sqs:{act}", QUEUE + "orders"), act
    assert not allowed(document, "sqs:DeleteQueue", QUEUE + "orders")
    assert not allowed(policy(test_send={"queue": "orders"}), "sqs:ReceiveMessage", QUEUE + "orders")


def test_only_such_a_queue_is_subscribed() -> None:
    assert allowed(policy(), "sns:Subscribe", TOPIC, sns__Protocol="sqs", sns__Endpoint=OURS)
    assert not allowed(policy(), "sns:Subscribe", TOPIC, sns__Protocol="sqs", sns__Endpoint=QUEUE + "orders")
    assert not allowed(policy(), "sns:Subscribe", TOPIC, sns__Protocol="https", sns__Endpoint="https://x.example")
    assert allowed(policy(), "sns:Unsubscribe", TOPIC)


def test_without_send_it_is_reads_alone() -> None:
    of = gate()
    document = auditor_policy(CHECKS, told_by(of, REGION))
    assert not sends(document, SENDER, "bounce+1@simulator.amazonses.com")
    assert not allowed(document, "sqs:CreateQueue", OURS)


def test_a_whole_test_send_needs_no_more(tmp_path: Path) -> None:
    """Each act that a run makes is allowed by the policy, on the resource on which AWS authorises it."""
    import subprocess
    import sys

    with Sandbox(ready()) as sandbox:
        path = sandbox.write_gate(tmp_path)
        environ = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SESGATE_"))}
        environ |= {**sandbox.environ(), "XDG_STATE_HOME": str(tmp_path)}
        command = [sys.executable, "-m", "sesgate", "check", str(path), "--send", "--only", "test-send", "--quiet"]
        assert subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 0
        calls = [call for call in sandbox.log.calls if call.service in ("sqs", "sns") and "Queue" in call.operation]
    names = {str(call.parameters.get("QueueName") or call.parameters["QueueUrl"].rpartition("/")[2]) for call in calls}
    document = policy()
    assert names
    assert all(allowed(document, "sqs:DeleteQueue", QUEUE + name) for name in names)
