"""test-send: what came of each message, and the queue that has to receive it."""

import json
from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.evidence import FailureKind, Question
from sesgate.finding import AwsCall, StatementToAdd
from sesgate.sandbox.documents import CONFIGURATION_SET, SENDER, TOPIC_ARN
from sesgate.testing import World, causes, ready_world, run, statuses

SUCCESS, BOUNCE, COMPLAINT, SUPPRESSED = (
    f"{mailbox}@simulator.amazonses.com" for mailbox in ("success", "bounce", "complaint", "suppressionlist")
)
QUEUE_ARN = "arn:aws:sqs:ap-southeast-1:111122223333:bizassist-ses-events"
QUEUE_URL = "https://sqs.ap-southeast-1.amazonaws.com/111122223333/bizassist-ses-events"
SUBSCRIPTION = f"{TOPIC_ARN}:6d2f1c9e-4b7a-4f53-8a10-2c9e7d5b3f81"
OF_TOPIC = {"TopicArn": TOPIC_ARN}
ATTRIBUTES = {"QueueUrl": QUEUE_URL, "AttributeNames": ["All"]}
POLICY = {
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": QUEUE_ARN,
            "Condition": {"ArnEquals": {"aws:SourceArn": TOPIC_ARN}},
        }
    ]
}


def world(**test_send: Any) -> World:
    """The ready account in a run with --send."""
    ready = ready_world().sending()
    return ready.with_gate(test_send=test_send) if test_send else ready


def of(judged: list[Judged], address: str) -> list[Judged]:
    return [one for one in judged if one.subject == f"{SENDER} {address}"]


def heard(kind: str, *, seconds: float = 0.5, field: str = "eventType", **more: Any) -> dict[str, Any]:
    place = {"form": "envelope", "place": TOPIC_ARN, "detail": None}
    return {"kind": kind, "field": field, "seconds": seconds, **place, **more}


def queued(consume: bool = False, **attributes: Any) -> World:
    """Where the gate names a queue that SQS tells this of."""
    told = {"QueueArn": QUEUE_ARN, "Policy": json.dumps(POLICY), **attributes}
    named = world(queue="bizassist-ses-events", consume=consume)
    named = named.answer("sqs", "GetQueueUrl", {"QueueName": "bizassist-ses-events"}, QueueUrl=QUEUE_URL)
    named = named.answer("sqs", "GetQueueAttributes", ATTRIBUTES, Attributes=told)
    return subscribed(named, RawMessageDelivery="false")


def subscribed(outside: World, **attributes: Any) -> World:
    return outside.answer("sns", "GetSubscriptionAttributes", {"SubscriptionArn": SUBSCRIPTION}, Attributes=attributes)


def of_queue(outside: World) -> list[Judged]:
    return [one for one in run("test-send", outside) if " queue " in one.subject]


def test_each_event_came_back() -> None:
    judged = run("test-send", world())
    assert [one.subject for one in judged] == [f"{SENDER} {one}" for one in (SUCCESS, BOUNCE, COMPLAINT, SUPPRESSED)]
    assert statuses(judged) == {"pass"}
    assert all("not as the application's role" in " ".join(one.notes) for one in judged)
    assert all("010901" in (one.finding.found or "") for one in judged)


def test_without_send_it_is_an_error_that_says_how() -> None:
    judged = run("test-send", ready_world().with_gate(test_send={"timeout": "30s"}))
    assert {(one.status.value, one.cause) for one in judged} == {("error", "not-run")}
    assert all("--send" in one.finding.message for one in judged)
    assert not any(one.evidence for one in judged)


def test_a_gate_without_it_does_not_ask() -> None:
    assert run("test-send", ready_world()) == []


def test_an_unverified_sender_is_not_tried() -> None:
    entry = {"IdentityType": "DOMAIN", "IdentityName": "yourdomain.com", "VerificationStatus": "PENDING"}
    judged = run("test-send", world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[entry]))
    assert statuses(judged) == {"skip"}
    assert {str(one.finding.because) for one in judged} == {f"identity-verified {SENDER}"}


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("not-verified", "sender-refused"),
        ("configuration-set-missing", "configuration-set-missing"),
        ("sending-paused", "sending-paused"),
        ("mail-from-not-verified", "mail-from-refused"),
        ("quota-used-up", "quota-used-up"),
        ("rejected", "message-rejected"),
    ],
)
def test_each_refusal_is_told_apart(reason: str, cause: str) -> None:
    refused = {"code": "Code", "reason": reason}
    judged = of(run("test-send", world().sent(SENDER, BOUNCE, message_id=None, refused=refused, events=[])), BOUNCE)
    assert causes(judged) == {cause}
    assert statuses(judged) == {"fail"}
    assert judged[0].finding.remedy is not None


def test_a_missing_set_is_made_by_a_call_with_its_undo() -> None:
    refused = {"code": "NotFoundException", "reason": "configuration-set-missing"}
    [one] = of(run("test-send", world().sent(SENDER, BOUNCE, refused=refused)), BOUNCE)
    assert one.finding.remedy is not None
    [call] = [change for change in one.finding.remedy.changes if isinstance(change, AwsCall)]
    assert call.operation == "CreateConfigurationSet"
    assert call.undo is not None


def test_no_event() -> None:
    outside = world(timeout="30s").sent(SENDER, COMPLAINT, events=[heard("send")], missing=[TOPIC_ARN])
    [one] = of(run("test-send", outside), COMPLAINT)
    assert (one.cause, one.status.value) == ("no-event", "fail")
    assert "no complaint event came" in one.finding.message
    assert "within 30 s" in one.finding.message
    assert f"event destination bizassist-ses-events of {CONFIGURATION_SET}" in one.finding.message


def test_a_late_event_is_a_warning() -> None:
    outside = world().sent(SENDER, BOUNCE, events=[heard("bounce", seconds=41.5)])
    [one] = of(run("test-send", outside), BOUNCE)
    assert (one.cause, one.severity.value) == ("event-late", "warning")
    assert "41.5 s" in one.finding.message
    later = outside.with_gate(checks={"test-send": {"options": {"late_after": 45}}})
    assert statuses(of(run("test-send", later), BOUNCE)) == {"pass"}


def test_an_event_that_comes_twice_is_told_with_its_reason() -> None:
    twice = [heard("bounce"), heard("bounce", field="notificationType")]
    judged = of(run("test-send", world().sent(SENDER, BOUNCE, events=twice)), BOUNCE)
    assert [(one.status.value, one.cause) for one in judged] == [("pass", None), ("fail", "duplicate-event")]
    assert "eventType" in judged[1].finding.message
    assert "notificationType" in judged[1].finding.message


def test_another_event_than_the_one_wanted() -> None:
    bounced = heard("bounce", detail="Permanent OnAccountSuppressionList")
    [one] = of(run("test-send", world().sent(SENDER, SUCCESS, events=[bounced], missing=[TOPIC_ARN])), SUCCESS)
    assert one.cause == "wrong-event"
    assert "OnAccountSuppressionList" in one.finding.message


def test_an_event_of_another_recipient() -> None:
    outside = world().sent(SENDER, BOUNCE, events=[], missing=[TOPIC_ARN], strays=[heard("bounce")])
    [one] = of(run("test-send", outside), BOUNCE)
    assert one.cause == "wrong-destination"


def test_other_peoples_events_are_counted() -> None:
    [one] = of(run("test-send", world().sent(SENDER, BOUNCE, others=3)), BOUNCE)
    assert one.status.value == "pass"
    assert "3 other messages" in one.finding.message


def test_what_an_act_could_not_do_is_an_error() -> None:
    asked = next(one for one in world().answers if one.fields == ("message", SENDER, BOUNCE))
    outside = world().fail("sesv2", "GetEmailIdentity", FailureKind.TIMEOUT)
    failed = outside._with({asked: outside._failed(_failure())})
    judged = run("test-send", failed)
    assert statuses(of(judged, BOUNCE)) == {"error"}
    assert statuses(of(judged, SUCCESS)) == {"pass"}


def _failure() -> Any:
    from sesgate.evidence import Failure

    return Failure(FailureKind.DENIED, "ses:SendEmail is denied: grant ses:SendEmail to the caller", "ses:SendEmail")


def test_where_no_topic_takes_bounces_there_is_nothing_to_wait_for() -> None:
    judged = run("test-send", world().answer("sesv2", "GetConfigurationSetEventDestinations", EventDestinations=[]))
    assert {one.status.value for one in of(judged, SUCCESS)} == {"pass"}
    assert "nothing takes its delivery event" in of(judged, SUCCESS)[0].finding.message
    assert {str(one.finding.because) for one in of(judged, BOUNCE)} == {f"notifications {SENDER} bounce"}


def test_events_that_go_where_nobody_can_listen_leave_it_open() -> None:
    bus = {
        "Name": "to-the-bus",
        "Enabled": True,
        "MatchingEventTypes": ["BOUNCE", "COMPLAINT"],
        "EventBridgeDestination": {"EventBusArn": "arn:aws:events:ap-southeast-1:111122223333:event-bus/default"},
    }
    judged = run("test-send", world().answer("sesv2", "GetConfigurationSetEventDestinations", EventDestinations=[bus]))
    assert statuses(of(judged, BOUNCE)) == {"error"}
    assert "consume: true" in of(judged, BOUNCE)[0].finding.message
    behind = queued(consume=True).answer("sesv2", "GetConfigurationSetEventDestinations", EventDestinations=[bus])
    behind = behind.sent(SENDER, BOUNCE, events=[heard("bounce", form="eventbridge", place=QUEUE_URL)])
    [one] = of(run("test-send", behind), BOUNCE)
    assert one.status.value == "pass"
    assert "in an event of EventBridge" in one.finding.message


def test_an_identity_topic_is_watched_where_the_set_can_not_be_seen() -> None:
    outside = world().fail("sesv2", "GetConfigurationSetEventDestinations")
    outside = outside.answer("ses", "GetIdentityNotificationAttributes", BounceTopic=TOPIC_ARN)
    judged = run("test-send", outside)
    assert statuses(of(judged, BOUNCE)) == {"pass"}
    assert statuses(of(judged, COMPLAINT)) == {"error"}
    failures = {asked.id for asked, answer in outside.answers.items() if answer.failure}
    assert not failures & set(of(judged, BOUNCE)[0].evidence)


def test_it_sends_what_the_variables_of_a_service_name() -> None:
    service = {
        "name": "api",
        "source": "process",
        "variables": {"SES_FROM_EMAIL": {"is": "sender"}, "SES_CONFIGURATION_SET": {"is": "configuration_set"}},
    }
    outside = world().with_gate(services=[service])
    from sesgate.evidence.environment.asking import setting_of, variables_question

    gate = outside.loaded().gate
    question = variables_question(gate.services[0], setting_of(gate, "ap-southeast-1"))
    facts = {
        "SES_FROM_EMAIL": {"state": "set", "value": SENDER},
        "SES_CONFIGURATION_SET": {"state": "set", "value": "from-the-variable"},
    }
    outside = outside._with({question: outside._found({"variables": facts})})
    destination = {"ConfigurationSetName": "from-the-variable"}
    told = next(
        answer.value["EventDestinations"]
        for asked, answer in outside.answers.items()
        if asked.fields[-1] == "GetConfigurationSetEventDestinations"
    )
    outside = outside.answer("sesv2", "GetConfigurationSetEventDestinations", destination, EventDestinations=told)
    context = outside.context()
    from sesgate.ses.sending_as import sending_as
    from sesgate.subjects import Sender

    how = sending_as(context, next(iter(Sender.find(context))))
    assert how.configuration_set == "from-the-variable"
    [one] = of(run("test-send", outside), BOUNCE)
    assert "api/SES_FROM_EMAIL and api/SES_CONFIGURATION_SET" in " ".join(one.notes)


def test_variables_that_can_not_be_read_leave_it_to_the_gate() -> None:
    service = {"name": "api", "source": "process", "variables": {"SES_FROM_EMAIL": {"is": "sender"}}}
    [one] = of(run("test-send", world().with_gate(services=[service])), BOUNCE)
    assert one.status.value == "pass"
    assert "variables of api are unseen" in " ".join(one.notes)


def test_a_domain_sends_as_no_reply() -> None:
    senders = [{"domain": "yourdomain.com", "configuration_set": CONFIGURATION_SET}]
    outside = world().with_gate(senders=senders)
    told = outside.answers[next(one for one in outside.answers if one.fields == ("message", SENDER, BOUNCE))].value
    outside = outside.sent("yourdomain.com", BOUNCE, **told)
    judged = [one for one in run("test-send", outside) if one.subject == f"yourdomain.com {BOUNCE}"]
    assert statuses(judged) == {"pass"}


def test_a_mailbox_of_ones_own() -> None:
    mailbox = "me@elsewhere.example"
    told = {
        "to": mailbox,
        "message_id": "id-1",
        "at": "2026-11-24T06:00:00Z",
        "by": "me",
        "refused": None,
        "events": [heard("delivery")],
    }
    outside = ready_world().sending(mailbox).sent(SENDER, mailbox, **told)
    [one] = of(run("test-send", outside), mailbox)
    assert one.status.value == "pass"
    assert "sesgate verify-message" in " ".join(one.notes)


def test_in_the_sandbox_only_verified_mailboxes_get_mail() -> None:
    boxed = ready_world().answer("sesv2", "GetAccount", ProductionAccessEnabled=False)
    [one] = of(run("test-send", boxed.sending("me@elsewhere.example")), "me@elsewhere.example")
    assert (one.status.value, one.cause) == ("error", "not-run")
    assert "sandbox" in one.finding.message
    mine = "support@yourdomain.com"
    told = {"to": mine, "message_id": "1", "at": "t", "by": None, "refused": None, "events": [heard("delivery")]}
    assert statuses(of(run("test-send", boxed.sending(mine).sent(SENDER, mine, **told)), mine)) == {"pass"}


def test_the_queue_is_proven_by_reads_even_without_send() -> None:
    for outside in (queued(), queued().elsewhere(send=False)):
        [one] = of_queue(outside)
        assert one.status.value == "pass", one.finding.message
        assert "in an SNS envelope" in one.finding.message
    [raw] = of_queue(subscribed(queued(), RawMessageDelivery="true"))
    assert raw.finding.message.endswith("raw")


@pytest.mark.parametrize("named", [QUEUE_ARN, QUEUE_URL])
def test_the_queue_may_be_named_by_arn_or_url(named: str) -> None:
    outside = queued().with_gate(test_send={"queue": named})
    asked = {"QueueName": "bizassist-ses-events", "QueueOwnerAWSAccountId": "111122223333"}
    [one] = of_queue(outside.answer("sqs", "GetQueueUrl", asked, QueueUrl=QUEUE_URL))
    assert one.status.value == "pass"
    assert one.subject == f"{SENDER} queue bizassist-ses-events"


def test_no_queue() -> None:
    [one] = of_queue(queued().absent("sqs", "GetQueueUrl", {"QueueName": "bizassist-ses-events"}))
    assert one.cause == "queue-missing"


@pytest.mark.parametrize("arn", [None, "PendingConfirmation"])
def test_a_queue_that_is_not_subscribed(arn: str | None) -> None:
    listed = [{"SubscriptionArn": arn, "Protocol": "sqs", "Endpoint": QUEUE_ARN}] if arn else []
    [one] = of_queue(queued().answer("sns", "ListSubscriptionsByTopic", OF_TOPIC, Subscriptions=listed))
    assert one.cause == "queue-not-subscribed"


@pytest.mark.parametrize(
    ("attributes", "cause"),
    [
        ({"FilterPolicy": '{"kind": ["bounce"]}'}, "filter-drops"),
        ({"FilterPolicy": '{"eventType": ["Delivery"]}', "FilterPolicyScope": "MessageBody"}, "filter-drops"),
        ({"FilterPolicy": '{"eventType": ["Bounce", "Complaint"]}', "FilterPolicyScope": "MessageBody"}, None),
        ({"FilterPolicy": '{"eventType": ["Bounce"]}', "FilterPolicyScope": "MessageBody"}, "filter-drops"),
        ({"FilterPolicy": '{"mail": {"sourceIp": ["1.2.3.4"]}}', "FilterPolicyScope": "MessageBody"}, "not-seen"),
    ],
)
def test_filter_policies(attributes: dict[str, str], cause: str | None) -> None:
    judged = of_queue(subscribed(queued(), **attributes))
    assert causes(judged) == ({cause} if cause else set())


def test_a_filter_comes_off_by_a_call_with_its_undo() -> None:
    [one] = of_queue(subscribed(queued(), FilterPolicy='{"kind": ["bounce"]}'))
    assert one.finding.remedy is not None
    [call] = one.finding.remedy.changes
    assert isinstance(call, AwsCall)
    assert call.undo is not None
    assert call.undo.parameters["AttributeValue"] == '{"kind": ["bounce"]}'


@pytest.mark.parametrize(
    "policy", [None, json.dumps({"Statement": [{**POLICY["Statement"][0], "Condition": {"Bool": {"a:b": "true"}}}]})]
)
def test_a_queue_that_does_not_let_the_topic_in(policy: str | None) -> None:
    [one] = of_queue(queued(Policy=policy))
    assert one.cause == "queue-policy"
    assert one.finding.remedy is not None
    [statement] = one.finding.remedy.changes
    assert isinstance(statement, StatementToAdd)
    assert statement.statement["Condition"] == {"ArnEquals": {"aws:SourceArn": TOPIC_ARN}}


def test_a_key_that_sns_can_not_use() -> None:
    key = "arn:aws:kms:ap-southeast-1:111122223333:key/3f0c8a52-7b1d-4f6e-9a2c-5d8e1b7f4c60"
    described = {"Arn": key, "KeyManager": "CUSTOMER", "KeyState": "Enabled"}
    outside = queued(KmsMasterKeyId=key).answer("kms", "DescribeKey", {"KeyId": key}, KeyMetadata=described)
    asked = {"KeyId": key, "PolicyName": "default"}
    [one] = of_queue(outside.answer("kms", "GetKeyPolicy", asked, Policy='{"Statement": []}'))
    assert one.cause == "queue-key"
    managed = {**described, "KeyManager": "AWS"}
    [one] = of_queue(outside.answer("kms", "DescribeKey", {"KeyId": key}, KeyMetadata=managed))
    assert one.cause == "queue-key"
    assert "AWS managed" in one.finding.message


def test_a_queue_that_can_not_be_looked_at_is_an_error() -> None:
    [one] = of_queue(queued().fail("sqs", "GetQueueAttributes"))
    assert one.status.value == "error"
    [one] = of_queue(queued().fail("sns", "GetSubscriptionAttributes"))
    assert one.status.value == "error"


def test_a_queue_is_not_read_where_its_redrive_policy_would_lose_messages() -> None:
    redrive = json.dumps({"deadLetterTargetArn": f"{QUEUE_ARN}-dead", "maxReceiveCount": 5})
    judged = of(run("test-send", queued(consume=True, RedrivePolicy=redrive)), BOUNCE)
    assert {(one.status.value, one.cause) for one in judged} == {("error", "not-run")}
    assert "after 5 receipts" in judged[0].finding.message
    patient = json.dumps({"deadLetterTargetArn": f"{QUEUE_ARN}-dead", "maxReceiveCount": 1000})
    assert statuses(of(run("test-send", queued(consume=True, RedrivePolicy=patient)), BOUNCE)) == {"pass"}


def test_a_queue_that_nobody_reads_is_not_read() -> None:
    judged = of(run("test-send", queued(consume=True, ApproximateNumberOfMessages="80000")), BOUNCE)
    assert {(one.status.value, one.cause) for one in judged} == {("error", "not-run")}
    assert "about 80000 messages wait" in judged[0].finding.message
    assert statuses(of(run("test-send", queued(consume=True, ApproximateNumberOfMessages="12")), BOUNCE)) == {"pass"}


def test_a_fifo_queue_is_not_read() -> None:
    judged = of(run("test-send", queued(consume=True, FifoQueue="true")), BOUNCE)
    assert {(one.status.value, one.cause) for one in judged} == {("error", "not-run")}


def test_events_that_come_in_another_form_than_the_subscription_says() -> None:
    raw = heard("bounce", form="raw", place=QUEUE_URL)
    outside = queued(consume=True).sent(SENDER, BOUNCE, events=[raw])
    judged = of(run("test-send", outside), BOUNCE)
    assert [(one.status.value, one.cause) for one in judged] == [("pass", None), ("fail", "other-form")]


def test_a_question_is_the_same_in_a_replay() -> None:
    asked = [one for one in world().answers if one.source == "sending"]
    assert {one.fields[2] for one in asked} == {SUCCESS, BOUNCE, COMPLAINT, SUPPRESSED}
    assert [Question.from_list(one.to_list()) for one in asked] == asked
