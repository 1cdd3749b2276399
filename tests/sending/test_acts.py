"""The acting door: what is not in its table is not done, a send is tried once, and refusals are told apart."""

import os
from collections.abc import Iterator

import pytest

from sesgate.evidence import Failure, FailureKind, NotSeen
from sesgate.evidence.aws import AwsSource
from sesgate.evidence.operations import OPERATIONS
from sesgate.registry import load
from sesgate.sandbox import Sandbox, ready
from sesgate.sandbox.documents import REGION
from sesgate.sending.acts import ACTS, ActFailed, Acts
from sesgate.sending.pacing import Pace
from sesgate.sending.refusals import refusal


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(ready()) as running:
        environ = dict(os.environ)
        running.move_into(environ)
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        for name, value in running.environ().items():
            monkeypatch.setenv(name, value)
        yield running


def test_what_is_no_act_does_not_leave_the_process(sandbox: Sandbox) -> None:
    acts = Acts(AwsSource())
    for service, name in (("sesv2", "DeleteEmailIdentity"), ("sns", "DeleteTopic"), ("sqs", "PurgeQueue")):
        with pytest.raises(NotSeen, match="not among the acts"):
            acts.do(REGION, service, name)
    assert sandbox.log.calls == []


def test_the_two_doors_share_only_reads() -> None:
    shared = set(ACTS) & set(OPERATIONS)
    assert all(name.startswith(("Get", "List")) for _, name in shared)


def test_the_check_declares_every_action_of_the_table() -> None:
    check = next(one for one in load().checks.values() if one.acts)
    assert {act.action for act in ACTS.values()} <= {*check.acts, *check.reads}


def test_an_answer_keeps_what_its_table_says(sandbox: Sandbox) -> None:
    acts = Acts(AwsSource())
    made = acts.do(REGION, "sqs", "CreateQueue", QueueName="one")
    assert list(made) == ["QueueUrl"]


def test_a_send_is_tried_once_and_a_removal_again(sandbox: Sandbox) -> None:
    acts = Acts(AwsSource())
    sandbox.faults.aws.server_error(times=1)
    with pytest.raises(ActFailed) as failed:
        acts.do(REGION, "sesv2", "SendEmail", FromEmailAddress="a@yourdomain.com", Destination={}, Content={})
    assert failed.value.unclear
    assert sandbox.log.count_calls()["sesv2", "SendEmail"] == 1
    acts.do(REGION, "sqs", "CreateQueue", QueueName="one")
    sandbox.faults.aws.server_error(times=1)
    acts.do(REGION, "sqs", "GetQueueUrl", QueueName="one")
    assert sandbox.log.count_calls()["sqs", "GetQueueUrl"] == 2


def test_a_send_that_never_left_is_not_unclear(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with pytest.raises(ActFailed) as failed:
        Acts(AwsSource()).do(REGION, "sesv2", "SendEmail", Destination={}, Content={})
    assert not failed.value.unclear
    assert failed.value.failure.kind is FailureKind.UNREACHABLE


def test_a_send_whose_answer_broke_is_unclear(sandbox: Sandbox) -> None:
    sandbox.faults.aws.reset("sesv2", "SendEmail")
    with pytest.raises(ActFailed) as failed:
        Acts(AwsSource()).do(REGION, "sesv2", "SendEmail", Destination={}, Content={})
    assert failed.value.unclear


@pytest.mark.parametrize("code", ["AWS.SimpleQueueService.NonExistentQueue", "NotFound"])
def test_what_is_gone(code: str) -> None:
    assert ActFailed(Failure(FailureKind.REJECTED, "no"), code).is_gone


@pytest.mark.parametrize(
    ("code", "text", "reason"),
    [
        ("MessageRejected", "Email address is not verified. The following …", "not-verified"),
        ("MessageRejected", "Sending paused for this account.", "sending-paused"),
        ("MessageRejected", "Illegal address", "rejected"),
        ("NotFoundException", "Configuration set <x> does not exist.", "configuration-set-missing"),
        ("ConfigurationSetDoesNotExist", "", "configuration-set-missing"),
        ("SendingPausedException", "", "sending-paused"),
        ("MailFromDomainNotVerifiedException", "", "mail-from-not-verified"),
        ("TooManyRequestsException", "Daily message quota exceeded.", "quota-used-up"),
        ("TooManyRequestsException", "Maximum sending rate exceeded.", None),
        ("AccessDeniedException", "not authorized", None),
    ],
)
def test_refusals(code: str, text: str, reason: str | None) -> None:
    assert refusal(ActFailed(Failure(FailureKind.REJECTED, "no"), code, text)) == reason


def test_the_pace_holds_back_all_but_the_first() -> None:
    pace = Pace()
    assert pace.turn(2.0) == 0.0
    assert 0.0 < pace.turn(2.0) <= 0.5
