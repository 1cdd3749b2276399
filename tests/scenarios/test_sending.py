"""A test send from end to end: what is sent, what comes back, and that nothing stays behind however it ends."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sesgate.evidence.operations import OPERATIONS
from sesgate.sandbox import Sandbox, ready
from sesgate.sandbox.documents import CONFIGURATION_SET, REGION, SENDER, TOPIC_ARN
from sesgate.sending import source
from sesgate.sending.acts import ACTS
from sesgate.sending.source import LINGER
from sesgate.ses.declared_queue import LOOK_EVERY

from .stage import LONGEST, Done, Stage

ONLY = ("--send", "--only", "test-send")
QUEUE_ARN = "arn:aws:sqs:ap-southeast-1:111122223333:bizassist-ses-events"


class Sending(Stage):
    """A stage whose gate asks for a test send, with the state of its user in the folder."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.environ["XDG_STATE_HOME"] = str(self.folder / "state")

    def ask_for(self, **test_send: Any) -> None:
        """Writes `test_send` into the gate."""
        text = self.sandbox.gate_text()
        self.gate.write_text(f"{text}\ntest_send: {json.dumps({'timeout': '4s', **test_send})}\n", "utf-8")

    @property
    def journals(self) -> list[Path]:
        return list((self.folder / "state").rglob("*.jsonl"))

    @property
    def queues(self) -> list[str]:
        """The queues that are there beside the application's."""
        return [name for name in self._part("sqs", "queues") if name != "bizassist-ses-events"]

    @property
    def subscriptions(self) -> list[str]:
        """The end points that subscribe to the topic beside the application's queue."""
        listed = self._part("sns", "topics")[TOPIC_ARN]["Subscriptions"]
        return [one["Endpoint"] for one in listed if one["Endpoint"] != QUEUE_ARN]

    def assert_tidy(self) -> None:
        """Nothing that the run made is there any more."""
        assert (self.queues, self.subscriptions, self.journals) == ([], [], [])

    def _part(self, service: str, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = self.sandbox.account.region(REGION)[service][kind]
        return found


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sending]:
    """A stage on which nobody waits long for what comes twice, where nothing does."""
    monkeypatch.setattr(source, "LINGER", 0.1)
    with Sandbox(ready()) as sandbox:
        made = Sending(sandbox, tmp_path)
        made.ask_for()
        yield made


def found(done: Done, mailbox: str) -> list[dict[str, Any]]:
    """The findings about one mailbox of the simulator."""
    subject = f"{SENDER} {mailbox}@simulator.amazonses.com"
    return [one for one in done.report["findings"] if one["check"] == "test-send" and one["subject"] == subject]


def causes(done: Done, mailbox: str) -> list[str]:
    return [one["cause"] for one in found(done, mailbox) if one["cause"]]


def test_without_send_nothing_is_called_but_reads(stage: Sending) -> None:
    done = stage.check()
    assert done.code == 3
    assert done.statuses("test-send") == {"error"}
    assert {cause for mailbox in ("success", "bounce") for cause in causes(done, mailbox)} == {"not-run"}
    called = set(stage.sandbox.log.count_calls())
    assert called <= set(OPERATIONS)
    assert {name for _, name in called if not name.startswith(("Get", "List", "Describe"))} == set()
    assert not (called & set(ACTS)) - set(OPERATIONS)
    assert stage.sandbox.post.sent == []
    stage.assert_tidy()


def test_each_message_and_its_event(stage: Sending) -> None:
    done = stage.check("--send")
    assert done.code == 0, done.messages("fail") + done.messages("error")
    assert done.statuses("test-send") == {"pass"}
    sent = stage.sandbox.post.sent
    assert len(sent) == 4
    assert {one["FromEmailAddress"] for one in sent} == {SENDER}
    assert {one["ConfigurationSetName"] for one in sent} == {CONFIGURATION_SET}
    recipients = {address for one in sent for address in one["Destination"]["ToAddresses"]}
    assert {address.partition("+")[0] for address in recipients} == {
        "success",
        "bounce",
        "complaint",
        "suppressionlist",
    }
    assert all(address.endswith("@simulator.amazonses.com") and "+" in address for address in recipients)
    told = " ".join(one["found"] for mailbox in ("success", "bounce") for one in found(done, mailbox))
    assert "message 010901" in told
    assert "assumed-role/ses-auditor" in told
    assert "Test message" not in done.out
    stage.assert_tidy()


def test_send_alone_asks_for_it(stage: Sending) -> None:
    stage.gate.write_text(stage.sandbox.gate_text(), "utf-8")
    done = stage.check(*ONLY)
    assert done.code == 0
    assert len(done.report["findings"]) == 4


def test_the_temporary_queue_lets_in_its_topic_alone(stage: Sending) -> None:
    stage.check(*ONLY)
    [made] = [call.parameters for call in stage.sandbox.log.calls if call.operation == "CreateQueue"]
    policy = json.loads(made["Attributes"]["Policy"])
    [statement] = policy["Statement"]
    assert statement["Principal"] == {"Service": "sns.amazonaws.com"}
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": TOPIC_ARN}}
    assert statement["Resource"].endswith(made["QueueName"])


def test_a_recording_replays_what_acting_learned(stage: Sending) -> None:
    done = stage.check(*ONLY, "--record", "evidence.json")
    stage.sandbox.close()
    again = stage.run("replay", "evidence.json", "--format", "json")
    assert again.code == 0
    assert [one["message"] for one in again.report["findings"]] == [one["message"] for one in done.report["findings"]]


def test_in_the_ses_sandbox_only_the_simulator_gets_mail(stage: Sending) -> None:
    account = stage.sandbox.account.region(REGION)["ses"]["account"]
    account["ProductionAccessEnabled"] = False
    account["SendQuota"] = {"Max24HourSend": 200.0, "MaxSendRate": 4.0, "SentLast24Hours": 4.0}
    done = stage.check(*ONLY, "--to", "someone@elsewhere.example")
    assert len(stage.sandbox.post.sent) == 4
    assert done.statuses("test-send") == {"pass", "error"}
    assert any("sandbox" in message for message in done.messages("error"))
    asked = [one["question"] for one in done.report["evidence"]]
    assert {one["parameters"]["per_second"] for one in asked if one["source"] == "sending"} == {4.0}


def test_a_mailbox_of_ones_own_gets_one_message(stage: Sending) -> None:
    done = stage.run("check", *ONLY, "--to", "someone@elsewhere.example", "--verbose")
    assert done.code == 0, done.out
    recipients = [one["Destination"]["ToAddresses"] for one in stage.sandbox.post.sent]
    assert recipients.count(["someone@elsewhere.example"]) == 1
    assert "verify-message" in done.out
    stage.assert_tidy()


@pytest.mark.parametrize("arguments", [["--to", "me@x.example"], ["--send", "--to", "nobody"], ["--send", "--offline"]])
def test_flags_that_do_not_go_together(stage: Sending, arguments: list[str]) -> None:
    done = stage.run("check", *arguments)
    assert done.code == 2
    assert stage.sandbox.post.sent == []


def lose_bounces(stage: Sending) -> None:
    stage.sandbox.faults.mail.dropped.add("bounce")


def repeat_bounces(stage: Sending) -> None:
    stage.sandbox.faults.mail.duplicated.add("bounce")


def misdirect_bounces(stage: Sending) -> None:
    stage.sandbox.faults.mail.misdirected.add("bounce")


def reject_bounces(stage: Sending) -> None:
    stage.sandbox.faults.mail.instead["bounce"] = "complaint"


def tell_bounces_twice(stage: Sending) -> None:
    identity = stage.sandbox.account.region(REGION)["ses"]["identities"]["yourdomain.com"]
    identity["Notifications"] = {"BounceTopic": TOPIC_ARN}
    policy = stage.sandbox.account.region(REGION)["sns"]["topics"][TOPIC_ARN]["Attributes"]["Policy"]
    del policy["Statement"][0]["Condition"]["StringEquals"]["AWS:SourceArn"]


@pytest.mark.parametrize(
    ("mistake", "cause"),
    [
        (lose_bounces, "no-event"),
        (repeat_bounces, "duplicate-event"),
        (misdirect_bounces, "wrong-destination"),
        (reject_bounces, "wrong-event"),
        (tell_bounces_twice, "duplicate-event"),
    ],
)
def test_what_may_happen_to_an_event(
    stage: Sending, mistake: Callable[[Sending], None], cause: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "LINGER", LINGER)
    mistake(stage)
    done = stage.check(*ONLY)
    assert causes(done, "bounce") == [cause]
    assert causes(done, "complaint") == []
    stage.assert_tidy()


def test_a_late_event(stage: Sending) -> None:
    stage.ask_for(timeout="20s")
    stage.sandbox.faults.mail.late["complaint"] = 3.0
    text = stage.gate.read_text("utf-8").replace("checks:\n", "checks:\n  test-send: {options: {late_after: 2.5}}\n")
    stage.gate.write_text(text, "utf-8")
    done = stage.check(*ONLY)
    assert causes(done, "complaint") == ["event-late"]
    assert causes(done, "success") == []


def test_other_mail_on_the_topic_does_not_count(stage: Sending) -> None:
    stage.sandbox.faults.mail.strays = 2
    done = stage.check(*ONLY)
    assert done.code == 0
    assert done.statuses("test-send") == {"pass"}
    assert any("other messages came by" in one for one in done.messages("pass"))


def the_set_is_gone(sandbox: Sandbox) -> None:
    stated = {"error": {"Code": "NotFoundException", "Message": "Configuration set <x> does not exist.", "Status": 404}}
    sandbox.account.region(REGION)["answers"] = {"sesv2": {"SendEmail": [stated]}}


def sending_is_paused(sandbox: Sandbox) -> None:
    sandbox.account.region(REGION)["ses"]["account"]["SendingEnabled"] = False


def the_sender_is_not_verified(sandbox: Sandbox) -> None:
    sandbox.account.region(REGION)["ses"]["identities"]["yourdomain.com"]["VerifiedForSendingStatus"] = False


@pytest.mark.parametrize(
    ("mistake", "cause"),
    [
        (the_set_is_gone, "configuration-set-missing"),
        (sending_is_paused, "sending-paused"),
        (the_sender_is_not_verified, "sender-refused"),
    ],
)
def test_a_refusal_is_told_and_not_repeated(stage: Sending, mistake: Callable[[Sandbox], None], cause: str) -> None:
    mistake(stage.sandbox)
    done = stage.check(*ONLY)
    assert {one for mailbox in ("success", "bounce") for one in causes(done, mailbox)} == {cause}
    assert stage.sandbox.log.count_calls()["sesv2", "SendEmail"] == 4
    stage.assert_tidy()


@pytest.mark.parametrize("fault", ["throttle", "server_error", "reset", "garbage"])
def test_a_send_is_never_repeated(stage: Sending, fault: str) -> None:
    getattr(stage.sandbox.faults.aws, fault)("sesv2", "SendEmail")
    done = stage.check(*ONLY)
    assert done.statuses("test-send") == {"error"}
    assert stage.sandbox.log.count_calls()["sesv2", "SendEmail"] == 4
    unclear = [message for message in done.messages("error") if "unclear" in message]
    assert bool(unclear) is (fault != "throttle")
    stage.assert_tidy()


@pytest.mark.parametrize(
    ("service", "operation"),
    [("sesv2", "SendEmail"), ("sqs", "CreateQueue"), ("sns", "Subscribe"), ("sqs", "ReceiveMessage")],
)
def test_a_denied_act_is_an_error_with_its_grant(stage: Sending, service: str, operation: str) -> None:
    stage.sandbox.faults.aws.deny(service, operation)
    done = stage.check(*ONLY)
    assert done.code == 3
    assert done.statuses("test-send") == {"error"}
    prefix = {"sesv2": "ses"}.get(service, service)
    assert all(f"grant {prefix}:{operation}" in message for message in done.messages("error"))
    if operation in ("CreateQueue", "Subscribe"):
        assert stage.sandbox.post.sent == []
    stage.assert_tidy()


def test_what_can_not_be_removed_is_told_and_cleaned_up_later(stage: Sending) -> None:
    stage.sandbox.faults.aws.deny("sqs", "DeleteQueue")
    done = stage.check(*ONLY)
    assert done.code == 0
    assert "could not remove SQS queue sesgate-" in done.err
    assert "sesgate cleanup" in done.err
    assert (len(stage.queues), stage.subscriptions, len(stage.journals)) == (1, [], 1)
    assert stage.run("cleanup").code == 1
    stage.sandbox.faults.heal()
    assert "would remove SQS queue" in stage.run("cleanup", "--dry-run").out
    assert len(stage.queues) == 1
    cleaned = stage.run("cleanup")
    assert cleaned.code == 0
    assert "removed SQS queue sesgate-" in cleaned.out
    stage.assert_tidy()
    assert "Nothing is left behind" in stage.run("cleanup").out


def test_nothing_is_made_without_a_journal(stage: Sending) -> None:
    (stage.folder / "state").write_text("in the way", "utf-8")
    done = stage.check(*ONLY)
    assert done.code == 3
    assert any("journal" in message for message in done.messages("error"))
    calls = stage.sandbox.log.count_calls()
    assert calls["sqs", "CreateQueue"] == 0
    assert stage.sandbox.post.sent == []


def start_and_wait_for_mail(stage: Sending) -> "subprocess.Popen[str]":
    """A run whose events do not come, stopped at the moment when all messages were sent."""
    stage.ask_for(timeout="40s")
    stage.sandbox.faults.mail.dropped.update(("bounce", "complaint", "delivery"))
    process = stage.start("check", *ONLY)
    began = time.monotonic()
    while len(stage.sandbox.post.sent) < 4 and time.monotonic() - began < LONGEST:
        time.sleep(0.02)
    assert len(stage.queues) == len(stage.subscriptions) == len(stage.journals) == 1
    return process


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [(signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated"), (signal.SIGHUP, 143, "terminated")],
)
def test_an_interrupted_run_leaves_nothing(stage: Sending, number: signal.Signals, code: int, said: str) -> None:
    process = start_and_wait_for_mail(stage)
    process.send_signal(number)
    _, err = process.communicate(timeout=LONGEST)
    assert process.returncode == code
    assert err == f"sesgate: {said}\n"
    stage.assert_tidy()


def test_what_was_killed_before_it_made_anything_left_nothing(stage: Sending) -> None:
    process = start_and_wait_for_mail(stage)
    process.kill()
    process.communicate(timeout=LONGEST)
    [journal] = stage.journals
    header, _, _ = journal.read_text("utf-8").partition("\n")
    journal.write_text(f"{header}\n", "utf-8")
    cleaned = stage.run("cleanup")
    assert cleaned.code == 0
    assert "Nothing is left behind of the run of " in cleaned.out
    assert stage.journals == []


def test_a_second_signal_does_not_break_the_removal_off(stage: Sending) -> None:
    process = start_and_wait_for_mail(stage)
    stage.sandbox.faults.aws.slow(600, "sns", "Unsubscribe")
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=LONGEST)
    assert process.returncode == 130
    assert "still removing" in err
    stage.assert_tidy()


def test_what_a_killed_run_left_is_cleaned_up(stage: Sending) -> None:
    process = start_and_wait_for_mail(stage)
    assert "its run is not over" in stage.run("cleanup").err
    assert len(stage.queues) == 1
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=LONGEST)
    assert len(stage.queues) == len(stage.subscriptions) == len(stage.journals) == 1
    cleaned = stage.run("cleanup")
    assert cleaned.code == 0
    assert cleaned.out.count("removed") == 2
    stage.assert_tidy()


def test_another_accounts_things_are_left_alone(stage: Sending) -> None:
    process = start_and_wait_for_mail(stage)
    process.kill()
    process.communicate(timeout=LONGEST)
    document = stage.sandbox.account.document
    document["caller"] = {"Account": "999988887777", "Arn": "arn:aws:iam::999988887777:user/x"}
    done = stage.run("cleanup")
    assert done.code == 1
    assert "they are in account 111122223333" in done.err
    assert len(stage.queues) == len(stage.journals) == 1
    assert stage.sandbox.log.count_calls()["sqs", "DeleteQueue"] == 0


def test_the_declared_queue_is_proven_beside_the_messages(stage: Sending) -> None:
    stage.ask_for(queue="bizassist-ses-events")
    done = stage.check(*ONLY)
    assert done.code == 0, done.messages("fail") + done.messages("error")
    assert any("get into SQS queue bizassist-ses-events" in message for message in done.messages("pass"))
    assert "ReceiveMessage" not in {
        call.operation for call in stage.sandbox.log.calls if "bizassist" in str(call.parameters.get("QueueUrl"))
    }


def test_a_consumed_queue_keeps_what_belongs_to_others(stage: Sending) -> None:
    stage.ask_for(queue="bizassist-ses-events", consume=True, timeout="8s")
    stage.sandbox.post.put(QUEUE_ARN, json.dumps({"eventType": "Bounce", "mail": {"messageId": "not-ours"}}))
    stage.sandbox.post.put(QUEUE_ARN, "no event at all")
    done = stage.check(*ONLY)
    assert done.code == 0, done.messages("fail") + done.messages("error")
    assert stage.sandbox.log.count_calls()["sqs", "CreateQueue"] == 0
    left = stage.sandbox.post.queues[QUEUE_ARN]
    assert sorted(one.body for one in left)[0] == "no event at all"
    assert len(left) == 2
    assert all(one.visible <= time.monotonic() for one in left)


def test_the_events_are_found_behind_what_others_left_waiting(stage: Sending) -> None:
    stage.ask_for(queue="bizassist-ses-events", consume=True, timeout="8s")
    for number in range(35):
        stage.sandbox.post.put(QUEUE_ARN, f"number {number}")
    done = stage.check(*ONLY)
    assert done.code == 0, done.messages("fail") + done.messages("error")
    left = stage.sandbox.post.queues[QUEUE_ARN]
    assert {one.body for one in left} == {f"number {number}" for number in range(35)}
    assert all(one.visible <= time.monotonic() for one in left)
    looks = max(one.receipts for one in left)
    assert looks <= done.seconds / LOOK_EVERY + 1


def test_a_terminated_run_gives_back_what_it_holds(stage: Sending) -> None:
    stage.ask_for(queue="bizassist-ses-events", consume=True, timeout="30s")
    stage.sandbox.faults.mail.dropped.update(("bounce", "complaint", "delivery"))
    stage.sandbox.faults.aws.slow(200, "sqs", "ReceiveMessage")
    for number in range(35):
        stage.sandbox.post.put(QUEUE_ARN, f"number {number}")
    process = stage.start("check", *ONLY)
    began = time.monotonic()
    waiting = stage.sandbox.post.queues[QUEUE_ARN]
    # More than one call's worth: the first ten have come to the run by then, and are not on their way to it.
    while sum(one.visible > time.monotonic() for one in waiting) <= 10 and time.monotonic() - began < LONGEST:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=LONGEST)
    assert process.returncode == 143
    assert {one.body for one in waiting} >= {f"number {number}" for number in range(35)}
    assert any(one.receipts for one in waiting)
    assert all(one.visible <= time.monotonic() for one in waiting)


def test_a_queue_with_a_strict_redrive_policy_is_not_consumed(stage: Sending) -> None:
    redrive = {"deadLetterTargetArn": f"{QUEUE_ARN}-dead", "maxReceiveCount": 3}
    queue = stage.sandbox.account.region(REGION)["sqs"]["queues"]["bizassist-ses-events"]
    queue["Attributes"]["RedrivePolicy"] = redrive
    stage.ask_for(queue="bizassist-ses-events", consume=True, timeout="8s")
    done = stage.check(*ONLY)
    assert done.code == 3
    assert stage.sandbox.post.sent == []
    assert stage.sandbox.log.count_calls()["sqs", "ReceiveMessage"] == 0
