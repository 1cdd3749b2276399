"""notifications: every way by which a bounce or a complaint may reach someone, and every way it may not."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from sesgate.evidence import FailureKind
from sesgate.finding import AwsCall, Because, StatementToAdd
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "notifications"
ACCOUNT, REGION = "111122223333", "ap-southeast-1"
SENDER, SET = "no-reply@yourdomain.com", "bizassist-transactional"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:bizassist-ses-events"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/3f0c8a52-7b1d-4f6e-9a2c-5d8e1b7f4c60"
SET_ARN = f"arn:aws:ses:{REGION}:{ACCOUNT}:configuration-set/{SET}"
IDENTITY_ARN = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/yourdomain.com"
BOTH = ["BOUNCE", "COMPLAINT"]
SES = {"Service": "ses.amazonaws.com"}
CONFIRMED = {"SubscriptionArn": f"{TOPIC}:6d2f1c9e", "Protocol": "sqs"}
WAITING = {"SubscriptionArn": "PendingConfirmation", "Protocol": "https"}
ATTRIBUTES = ("sns", "GetTopicAttributes", {"TopicArn": TOPIC})
SUBSCRIPTIONS = ("sns", "ListSubscriptionsByTopic", {"TopicArn": TOPIC})
BUS = {"EventBridgeDestination": {"EventBusArn": f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default"}}
STREAM = {
    "KinesisFirehoseDestination": {
        "DeliveryStreamArn": f"arn:aws:firehose:{REGION}:{ACCOUNT}:deliverystream/mail",
        "IamRoleArn": f"arn:aws:iam::{ACCOUNT}:role/firehose",
    }
}
METRIC = {
    "CloudWatchDestination": {
        "DimensionConfigurations": [
            {"DimensionName": "campaign", "DimensionValueSource": "MESSAGE_TAG", "DefaultDimensionValue": "none"}
        ]
    }
}
ALARM = {
    "AlarmName": "bounces",
    "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:bounces",
    "ActionsEnabled": True,
    "AlarmActions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:bizassist-alerts"],
    "Namespace": "AWS/SES",
    "MetricName": "Bounce",
    "Statistic": "Sum",
    "Dimensions": [{"Name": "campaign", "Value": "none"}],
    "Period": 300,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "StateValue": "OK",
}


def _destination(target: Mapping[str, Any], types: list[str] | None = None, *, enabled: bool = True) -> dict[str, Any]:
    return {"Name": "events", "Enabled": enabled, "MatchingEventTypes": BOTH if types is None else types, **target}


def _through(*destinations: dict[str, Any], world: World | None = None) -> World:
    """The ready account, whose set has these event destinations."""
    return (world or ready_world()).answer(
        "sesv2", "GetConfigurationSetEventDestinations", EventDestinations=list(destinations)
    )


def _topic(**attributes: Any) -> World:
    world = ready_world()
    [known] = [answer.value["Attributes"] for question, answer in world.answers.items() if _asks(question, TOPIC)]
    changed = {name: value for name, value in {**known, **attributes}.items() if value is not None}
    return world.answer(*ATTRIBUTES, Attributes=changed)


def _asks(question: Any, topic: str) -> bool:
    return bool(question.fields[1:] == ATTRIBUTES[:2] and question.parameters == {"TopicArn": topic})


def _policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _grant(**changes: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Principal": SES, "Action": "sns:Publish", "Resource": TOPIC, **changes}


def _identity(**attributes: Any) -> World:
    """An identity with notifications of its own, and no configuration set."""
    world = ready_world().with_gate(senders=[{"address": SENDER}], services=None)
    world = world.answer("sesv2", "GetEmailIdentity", ConfigurationSetName=None)
    return world.answer("ses", "GetIdentityNotificationAttributes", **attributes)


def _one(world: World, event: str = "bounce") -> Any:
    [judged] = [one for one in run(CHECK, world) if one.subject.endswith(event)]
    return judged


def test_the_ready_account_passes_and_names_the_way() -> None:
    judged = run(CHECK, ready_world())
    assert statuses(judged) == {"pass"}
    assert {one.subject for one in judged} == {f"{SENDER} bounce", f"{SENDER} complaint"}
    assert all("bizassist-ses-events" in one.finding.message for one in judged)


# Topics


def test_a_missing_topic() -> None:
    judged = _one(ready_world().absent(*ATTRIBUTES))
    assert judged.cause == "topic-missing"
    create = judged.finding.remedy.changes[0]
    assert create.operation == "CreateTopic"
    assert json.loads(create.parameters["Attributes"]["Policy"])["Statement"][0]["Principal"] == SES


def test_a_foreign_topic_that_is_missing_is_for_its_owner_to_make() -> None:
    arn = f"arn:aws:sns:{REGION}:444455556666:theirs"
    world = _through(_destination({"SnsDestination": {"TopicArn": arn}}))
    world = world.absent("sns", "GetTopicAttributes", {"TopicArn": arn})
    world = world.absent("sns", "ListSubscriptionsByTopic", {"TopicArn": arn})
    judged = _one(world)
    assert judged.cause == "topic-missing"
    assert not any(isinstance(change, AwsCall) for change in judged.finding.remedy.changes)


@pytest.mark.parametrize("arn", [f"arn:aws:sns:eu-west-1:{ACCOUNT}:events", "no arn at all"])
def test_a_topic_of_another_region(arn: str) -> None:
    assert causes(run(CHECK, _through(_destination({"SnsDestination": {"TopicArn": arn}})))) == {"topic-other-region"}


def test_a_fifo_topic() -> None:
    assert causes(run(CHECK, _topic(FifoTopic="true"))) == {"topic-fifo"}


@pytest.mark.parametrize(
    ("statement", "seen"),
    [
        ({"Condition": {"StringEquals": {"AWS:SourceArn": f"{SET_ARN}-staging"}}}, "-staging"),
        ({"Condition": {"StringEquals": {"AWS:SourceArn": IDENTITY_ARN}}}, "identity/yourdomain.com"),
        ({"Condition": {"StringEquals": {"AWS:SourceAccount": "444455556666"}}}, "444455556666"),
        ({"Principal": {"Service": "sns.amazonaws.com"}}, "no statement grants it"),
        ({"Action": "sns:Subscribe"}, "no statement grants it"),
    ],
)
def test_a_topic_policy_that_does_not_let_ses_publish(statement: dict[str, Any], seen: str) -> None:
    judged = _one(_topic(Policy=_policy(_grant(**statement))))
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "topic-policy", "blocker")
    assert seen in judged.finding.message
    [change] = judged.finding.remedy.changes
    assert isinstance(change, StatementToAdd)
    assert change.target == TOPIC
    assert change.statement["Condition"] == {
        "StringEquals": {"AWS:SourceAccount": ACCOUNT, "AWS:SourceArn": SET_ARN},
    }
    assert statuses(run(CHECK, _topic(Policy=_policy(change.statement)))) == {"pass"}


def test_a_deny_is_named() -> None:
    strangers = {"StringNotEquals": {"aws:PrincipalOrgID": "o-1"}}
    deny = {**_grant(Sid="OnlyUs", Effect="Deny", Principal="*", Action="sns:*"), "Condition": strangers}
    judged = _one(_topic(Policy=_policy(_grant(), deny)))
    assert judged.cause == "topic-policy"
    assert "OnlyUs denies it" in judged.finding.message


@pytest.mark.parametrize(
    "statement",
    [
        {},
        {"Condition": {"ArnLike": {"AWS:SourceArn": f"arn:aws:ses:*:{ACCOUNT}:*"}}},
        {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}},
        {"Principal": "*"},
    ],
)
def test_topic_policies_that_let_ses_publish(statement: dict[str, Any]) -> None:
    judged = _one(_topic(Policy=_policy(_grant(**statement))))
    assert judged.status.value == "pass"
    assert "test send" not in judged.finding.message


def test_the_policy_that_topics_are_made_with_passes_with_a_note() -> None:
    owner = {"Principal": {"AWS": "*"}, "Condition": {"StringEquals": {"AWS:SourceOwner": ACCOUNT}}}
    judged = _one(_topic(Policy=_policy(_grant(**owner))))
    assert judged.status.value == "pass"
    assert "a test send proves it" in judged.finding.message


def test_a_policy_that_hangs_on_the_organization_is_open() -> None:
    organization = {"Condition": {"StringEquals": {"aws:SourceOrgID": "o-1"}}}
    judged = _one(_topic(Policy=_policy(_grant(**organization))))
    assert judged.status.value == "error"
    assert "aws:SourceOrgID" in judged.finding.message


@pytest.mark.parametrize("policy", ["{", "[]", None])
def test_a_policy_that_can_t_be_read_is_open(policy: str | None) -> None:
    assert statuses(run(CHECK, _topic(Policy=policy))) == {"error"}


# Keys


def _key_policy(*statements: Mapping[str, Any]) -> World:
    return ready_world().answer("kms", "GetKeyPolicy", Policy=_policy(*statements))


ROOT = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "kms:*", "Resource": "*"}


def test_a_topic_without_a_key_needs_none() -> None:
    assert statuses(run(CHECK, _topic(KmsMasterKeyId=None).absent("kms", "DescribeKey"))) == {"pass"}


@pytest.mark.parametrize("key", ["alias/aws/sns", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/aws/sns"])
def test_the_aws_managed_key_can_never_work(key: str) -> None:
    assert causes(run(CHECK, _topic(KmsMasterKeyId=key))) == {"topic-key-aws-managed"}


def test_the_aws_managed_key_by_its_id() -> None:
    metadata = {"Arn": KEY, "KeyManager": "AWS", "KeyState": "Enabled"}
    assert causes(run(CHECK, ready_world().answer("kms", "DescribeKey", KeyMetadata=metadata))) == {
        "topic-key-aws-managed"
    }


def test_a_key_policy_without_ses() -> None:
    judged = _one(_key_policy(ROOT))
    assert judged.cause == "topic-key"
    [change] = judged.finding.remedy.changes
    assert isinstance(change, StatementToAdd)
    assert change.target == KEY
    assert statuses(run(CHECK, _key_policy(ROOT, change.statement))) == {"pass"}


def test_half_a_grant_on_the_key_is_none() -> None:
    half = {"Effect": "Allow", "Principal": SES, "Action": "kms:GenerateDataKey*", "Resource": "*"}
    assert causes(run(CHECK, _key_policy(ROOT, half))) == {"topic-key"}


def test_a_grant_by_way_of_sns_counts() -> None:
    condition = {
        "StringEquals": {"kms:ViaService": f"sns.{REGION}.amazonaws.com"},
        "ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": TOPIC, "aws:SourceArn": SET_ARN},
    }
    action = ["kms:GenerateDataKey*", "kms:Decrypt"]
    grant = {"Effect": "Allow", "Principal": SES, "Action": action, "Resource": "*", "Condition": condition}
    assert statuses(run(CHECK, _key_policy(grant))) == {"pass"}


@pytest.mark.parametrize(
    ("state", "calls"),
    [("Disabled", ["EnableKey"]), ("PendingDeletion", ["CancelKeyDeletion", "EnableKey"])],
)
def test_a_key_that_is_not_enabled(state: str, calls: list[str]) -> None:
    metadata = {"Arn": KEY, "KeyManager": "CUSTOMER", "KeyState": state}
    judged = _one(ready_world().answer("kms", "DescribeKey", KeyMetadata=metadata))
    assert judged.cause == "topic-key"
    assert state in judged.finding.message
    assert [call.operation for call in judged.finding.remedy.changes] == calls


def test_a_key_that_is_gone() -> None:
    judged = _one(ready_world().absent("kms", "DescribeKey"))
    assert judged.cause == "topic-key"
    assert "does not exist" in judged.finding.message


def test_a_key_by_its_alias() -> None:
    world = _topic(KmsMasterKeyId="alias/events")
    metadata = {"Arn": KEY, "KeyManager": "CUSTOMER", "KeyState": "Enabled"}
    assert statuses(
        run(CHECK, world.answer("kms", "DescribeKey", {"KeyId": "alias/events"}, KeyMetadata=metadata))
    ) == {"pass"}


# Subscriptions


@pytest.mark.parametrize(
    ("subscriptions", "cause"),
    [
        ([], "no-subscription"),
        ([{"SubscriptionArn": "Deleted", "Protocol": "sqs"}], "no-subscription"),
        ([WAITING], "subscription-pending"),
        ([WAITING, WAITING], "subscription-pending"),
    ],
)
def test_nobody_listens(subscriptions: list[dict[str, Any]], cause: str) -> None:
    assert causes(run(CHECK, ready_world().answer(*SUBSCRIPTIONS, Subscriptions=subscriptions))) == {cause}


def test_one_confirmed_subscription_is_enough() -> None:
    world = ready_world().answer(*SUBSCRIPTIONS, Subscriptions=[WAITING, CONFIRMED])
    assert statuses(run(CHECK, world)) == {"pass"}


def test_all_that_is_wrong_with_a_way_is_told() -> None:
    wrong = _topic(Policy=_policy(_grant(Action="sns:Subscribe"))).answer(*SUBSCRIPTIONS, Subscriptions=[WAITING])
    assert causes(run(CHECK, wrong)) == {"topic-policy", "subscription-pending"}


# Event destinations


def test_no_way_at_all() -> None:
    assert causes(run(CHECK, _through())) == {"no-path"}


def test_no_way_and_no_set() -> None:
    judged = _one(_identity(ForwardingEnabled=False))
    assert judged.cause == "no-path"
    assert "no configuration set" in judged.finding.message


def test_a_disabled_destination_and_what_is_behind_it() -> None:
    off = _destination({"SnsDestination": {"TopicArn": TOPIC}}, enabled=False)
    judged = _one(_through(off))
    assert judged.cause == "destination-disabled"
    [call] = judged.finding.remedy.changes
    assert call.parameters["EventDestination"]["Enabled"] is True
    assert call.parameters["EventDestination"]["SnsDestination"] == {"TopicArn": TOPIC}
    assert call.undo.parameters["EventDestination"]["Enabled"] is False
    deaf = ready_world().answer(*SUBSCRIPTIONS, Subscriptions=[])
    assert causes(run(CHECK, _through(off, world=deaf))) == {"destination-disabled", "no-subscription"}


def test_a_destination_without_the_event_type() -> None:
    sends = _destination({"SnsDestination": {"TopicArn": TOPIC}}, ["SEND", "BOUNCE"])
    judged = run(CHECK, _through(sends))
    assert statuses([one for one in judged if one.subject.endswith("bounce")]) == {"pass"}
    complaint = _one(_through(sends), "complaint")
    assert complaint.cause == "event-type-missing"
    [call] = complaint.finding.remedy.changes
    assert call.parameters["EventDestination"]["MatchingEventTypes"] == ["SEND", "BOUNCE", "COMPLAINT"]


def test_a_second_destination_is_enough_and_the_broken_one_is_told() -> None:
    broken = {**_destination(BUS), "Name": "bus"}
    good = _destination({"SnsDestination": {"TopicArn": TOPIC}})
    judged = _one(_through(broken, good).answer("events", "ListRules", {}, Rules=[]))
    assert judged.status.value == "pass"
    assert "event destination bus" in judged.finding.message
    assert "rule-missing" in judged.finding.message


def test_what_can_t_be_seen_of_one_way_does_not_matter_where_another_works() -> None:
    world = _through({**_destination(BUS), "Name": "bus"}, _destination({"SnsDestination": {"TopicArn": TOPIC}}))
    world_denied = world.fail("events", "ListRules")
    denied = {question.id for question, answer in world_denied.answers.items() if answer.failure}
    passes = run(CHECK, world_denied)
    assert statuses(passes) == {"pass"}
    assert not any(denied & set(one.evidence) for one in passes)
    deaf = world.answer(*SUBSCRIPTIONS, Subscriptions=[]).fail("events", "ListRules")
    judged = _one(deaf)
    assert judged.status.value == "error"
    assert "no-subscription" in judged.finding.message


def test_pinpoint_reaches_nobody() -> None:
    pinpoint = {"PinpointDestination": {"ApplicationArn": f"arn:aws:mobiletargeting:{REGION}:{ACCOUNT}:apps/1"}}
    assert causes(run(CHECK, _through(_destination(pinpoint)))) == {"pinpoint-ended"}


def test_a_target_of_the_future_is_open() -> None:
    judged = _one(_through(_destination({"CarrierPigeonDestination": {"Loft": "north"}})))
    assert judged.status.value == "error"


# EventBridge


def _rules(*rules: tuple[str, str, Any], targets: Mapping[str, int] | None = None) -> World:
    listed = [{"Name": name, "State": state, "EventPattern": json.dumps(pattern)} for name, state, pattern in rules]
    world = _through(_destination(BUS)).answer("events", "ListRules", {}, Rules=listed)
    for name, _, _ in rules:
        found = [{"Id": str(at), "Arn": "arn:aws:sqs:x"} for at in range((targets or {}).get(name, 0))]
        world = world.answer("events", "ListTargetsByRule", {"Rule": name}, Targets=found)
    return world


ANY = {"source": ["aws.ses"]}


def test_a_rule_with_a_target() -> None:
    assert statuses(run(CHECK, _rules(("mail", "ENABLED", ANY), targets={"mail": 1}))) == {"pass"}


def test_a_rule_for_bounces_alone() -> None:
    bounced = {**ANY, "detail-type": ["Email Bounced"]}
    world = _rules(("mail", "ENABLED", bounced), targets={"mail": 1})
    assert _one(world).status.value == "pass"
    complaint = _one(world, "complaint")
    assert complaint.cause == "rule-missing"
    put = complaint.finding.remedy.changes[0]
    assert json.loads(put.parameters["EventPattern"])["detail-type"] == ["Email Complaint Received"]


def test_a_rule_that_takes_some_is_told_so() -> None:
    permanent = {**ANY, "detail": {"bounce": {"bounceType": ["Permanent"]}}}
    judged = _one(_rules(("mail", "ENABLED", permanent), targets={"mail": 1}))
    assert judged.status.value == "pass"
    assert "takes only some" in judged.finding.message


@pytest.mark.parametrize(
    ("rules", "cause"),
    [
        ([], "rule-missing"),
        ([("other", "ENABLED", {"source": ["aws.ec2"]})], "rule-missing"),
        ([("mail", "DISABLED", ANY)], "rule-disabled"),
        ([("mail", "ENABLED", ANY)], "rule-without-target"),
        ([("mail", "ENABLED", ANY), ("old", "DISABLED", ANY)], "rule-without-target"),
    ],
)
def test_rules_that_reach_nobody(rules: list[tuple[str, str, Any]], cause: str) -> None:
    assert causes(run(CHECK, _rules(*rules))) == {cause}


def test_a_pattern_that_is_not_understood_is_open() -> None:
    judged = _one(_rules(("mail", "ENABLED", {"source": [{"regex": "aws.*"}]})))
    assert judged.status.value == "error"
    assert "rule mail" in judged.finding.message


def test_targets_that_can_t_be_seen_are_open() -> None:
    world = _rules(("mail", "ENABLED", ANY), ("two", "ENABLED", ANY), targets={"two": 1})
    assert statuses(run(CHECK, world.fail("events", "ListTargetsByRule", parameters={"Rule": "mail"}))) == {"pass"}
    assert statuses(run(CHECK, world.fail("events", "ListTargetsByRule"))) == {"error"}


# Firehose and CloudWatch


@pytest.mark.parametrize(
    ("status", "expected", "cause"),
    [
        ("ACTIVE", "pass", None),
        ("CREATING", "pending", "stream-inactive"),
        ("CREATING_FAILED", "fail", "stream-inactive"),
        (None, "fail", "stream-missing"),
    ],
)
def test_streams(status: str | None, expected: str, cause: str | None) -> None:
    asked = {"DeliveryStreamName": "mail"}
    world = _through(_destination(STREAM))
    if status is None:
        world = world.absent("firehose", "DescribeDeliveryStream", asked)
    else:
        described = {"DeliveryStreamStatus": status}
        world = world.answer("firehose", "DescribeDeliveryStream", asked, DeliveryStreamDescription=described)
    judged = _one(world)
    assert (judged.status.value, judged.cause) == (expected, cause)


def _metric_alarms(*metric: dict[str, Any], composite: tuple[dict[str, Any], ...] = ()) -> World:
    asked = {"AlarmTypes": ["CompositeAlarm", "MetricAlarm"]}
    world = _through(_destination(METRIC, ["BOUNCE"]))
    return world.answer(
        "cloudwatch", "DescribeAlarms", asked, MetricAlarms=list(metric), CompositeAlarms=list(composite)
    )


def test_a_metric_reaches_someone_through_an_alarm_that_acts() -> None:
    assert _one(_metric_alarms(ALARM)).status.value == "pass"


def test_a_composite_alarm_counts() -> None:
    quiet = {**ALARM, "AlarmActions": []}
    over = {"AlarmName": "mail", "AlarmRule": 'ALARM("bounces")', "ActionsEnabled": True, "AlarmActions": ["arn:aws:x"]}
    assert _one(_metric_alarms(quiet, composite=(over,))).status.value == "pass"


@pytest.mark.parametrize(
    "alarm",
    [
        None,
        {**ALARM, "AlarmActions": []},
        {**ALARM, "ActionsEnabled": False},
        {**ALARM, "MetricName": "Delivery"},
        {**ALARM, "Dimensions": []},
        {**ALARM, "Namespace": "aws/ses"},
    ],
)
def test_a_metric_alone_reaches_nobody(alarm: dict[str, Any] | None) -> None:
    judged = _one(_metric_alarms(*([alarm] if alarm else [])))
    assert judged.cause == "metrics-without-alarm"


# Identity topics and forwarding


def test_an_identity_topic_reaches_someone() -> None:
    topics = {"BounceTopic": TOPIC, "ComplaintTopic": TOPIC, "ForwardingEnabled": False}
    source = {"StringEquals": {"AWS:SourceArn": IDENTITY_ARN}}
    let = _topic(Policy=_policy(_grant(Condition=source)))
    world = _identity(**topics).answer(*ATTRIBUTES, **_value(let, TOPIC))
    assert statuses(run(CHECK, world)) == {"pass"}
    judged = _one(_identity(**topics))
    assert judged.cause == "topic-policy"
    assert "for identity/yourdomain.com" in judged.finding.message


def _value(world: World, topic: str) -> dict[str, Any]:
    [value] = [answer.value for question, answer in world.answers.items() if _asks(question, topic)]
    assert isinstance(value, dict)
    return value


def test_a_verified_address_has_notifications_of_its_own() -> None:
    listed = [
        {"IdentityName": name, "IdentityType": kind, "VerificationStatus": "SUCCESS"}
        for name, kind in ((SENDER, "EMAIL_ADDRESS"), ("yourdomain.com", "DOMAIN"))
    ]
    world = _identity(BounceTopic=TOPIC, ForwardingEnabled=False)
    world = world.answer("sesv2", "ListEmailIdentities", EmailIdentities=listed)
    world = world.answer("sesv2", "GetEmailIdentity", {"EmailIdentity": SENDER}, IdentityType="EMAIL_ADDRESS")
    asked = {"Identity": SENDER}
    judged = _one(world.answer("ses", "GetIdentityNotificationAttributes", asked, ForwardingEnabled=False))
    assert judged.cause == "no-path"
    assert f"{SENDER} has no bounce topic" in judged.finding.message


def _forwarding() -> World:
    world = _identity(ForwardingEnabled=True).dns("yourdomain.com", "MX", "10 mx1.yourdomain.com")
    return world.dns("yourdomain.com", "A", "203.0.113.10").dns("yourdomain.com", "AAAA")


def test_forwarding_alone_warns() -> None:
    judged = _one(_forwarding())
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "forwarding-only", "warning")


def test_forwarding_beside_a_destination_for_other_events_warns() -> None:
    world = _through(_destination({"SnsDestination": {"TopicArn": TOPIC}}, ["DELIVERY"]))
    world = world.answer("ses", "GetIdentityNotificationAttributes", ForwardingEnabled=True)
    world = world.dns("yourdomain.com", "MX", "10 mx1.yourdomain.com")
    assert causes(run(CHECK, world)) == {"forwarding-only"}


def test_forwarding_does_not_excuse_a_way_that_was_built_and_does_not_work() -> None:
    world = ready_world().answer("ses", "GetIdentityNotificationAttributes", ForwardingEnabled=True)
    assert causes(run(CHECK, world.answer(*SUBSCRIPTIONS, Subscriptions=[]))) == {"no-subscription"}


@pytest.mark.parametrize("records", [("0 .",), ("0",)])
def test_forwarding_to_a_domain_that_takes_no_mail(records: tuple[str, ...]) -> None:
    world = _forwarding().dns("yourdomain.com", "MX", *records)
    assert causes(run(CHECK, world)) == {"forwarding-nowhere"}


def test_forwarding_to_a_domain_without_mx() -> None:
    world = _forwarding().dns("yourdomain.com", "MX")
    assert causes(run(CHECK, world)) == {"forwarding-only"}
    without = world.dns("yourdomain.com", "A")
    assert causes(run(CHECK, without)) == {"forwarding-nowhere"}
    assert causes(run(CHECK, world.no_name("yourdomain.com", "MX"))) == {"forwarding-nowhere"}


def test_forwarding_to_a_domain_that_can_t_be_seen_is_an_error() -> None:
    assert statuses(run(CHECK, _forwarding().dns_fails("yourdomain.com", "MX"))) == {"error"}


# What other checks say


def test_without_an_identity_the_other_check_speaks() -> None:
    judged = _one(ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[]))
    assert judged.finding.because == Because("identity-verified", SENDER)


def test_a_missing_set_is_another_check_s_finding() -> None:
    judged = _one(ready_world().absent("sesv2", "GetConfigurationSetEventDestinations"))
    assert judged.status.value == "skip"
    assert judged.finding.because == Because("configuration-set", SENDER)


def test_a_set_that_does_not_apply_is_another_check_s_finding() -> None:
    unapplied = ready_world().with_gate(services=None).answer("sesv2", "GetEmailIdentity", ConfigurationSetName=None)
    judged = _one(unapplied)
    assert judged.finding.because == Because("configuration-set", SENDER)
    assert causes(run(CHECK, unapplied.answer(*SUBSCRIPTIONS, Subscriptions=[]))) == {"no-subscription"}


def test_a_set_that_an_unread_variable_may_pass_or_replace_is_an_error() -> None:
    service = {"name": "api", "source": "process", "variables": {"SES_SET": {"is": "configuration_set"}}}
    world = ready_world().with_gate(services=[service])
    for one in (world, world.answer("sesv2", "GetEmailIdentity", ConfigurationSetName=None)):
        judged = _one(one)
        assert judged.status.value == "error"
        assert "api/SES_SET could not be read" in judged.finding.message
        assert causes(run(CHECK, one.answer(*SUBSCRIPTIONS, Subscriptions=[]))) == {"no-subscription"}


# What can't be seen


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("sesv2", "ListEmailIdentities"),
        ("sesv2", "GetEmailIdentity"),
        ("sesv2", "GetConfigurationSetEventDestinations"),
        ("sns", "GetTopicAttributes"),
        ("sns", "ListSubscriptionsByTopic"),
        ("kms", "DescribeKey"),
        ("kms", "GetKeyPolicy"),
    ],
)
@pytest.mark.parametrize("kind", [FailureKind.DENIED, FailureKind.THROTTLED])
def test_what_is_denied_is_an_error(service: str, operation: str, kind: FailureKind) -> None:
    assert statuses(run(CHECK, ready_world().fail(service, operation, kind))) == {"error"}


def test_a_way_that_is_not_needed_may_be_denied_and_the_pass_does_not_rest_on_it() -> None:
    world = ready_world().fail("ses", "GetIdentityNotificationAttributes")
    denied = {question.id for question, answer in world.answers.items() if answer.failure}
    judged = run(CHECK, world)
    assert statuses(judged) == {"pass"}
    assert not any(denied & set(one.evidence) for one in judged)


def test_a_fault_that_is_seen_is_told_beside_what_is_not() -> None:
    world = ready_world().answer(*SUBSCRIPTIONS, Subscriptions=[]).fail(*ATTRIBUTES[:2])
    assert causes(run(CHECK, world)) == {"no-subscription", "not-seen"}


def test_faults_are_told_though_it_is_not_seen_whether_the_set_applies() -> None:
    world = ready_world().answer(*SUBSCRIPTIONS, Subscriptions=[]).fail("sesv2", "GetEmailIdentity")
    assert causes(run(CHECK, world)) == {"no-subscription"}


def test_a_way_that_is_not_seen_may_work_though_another_does_not() -> None:
    world = ready_world().answer(*SUBSCRIPTIONS, Subscriptions=[]).fail("ses", "GetIdentityNotificationAttributes")
    judged = _one(world)
    assert judged.status.value == "error"
    assert "no-subscription" in judged.finding.message


def test_nothing_seen_is_an_error() -> None:
    assert statuses(run(CHECK, ready_world().fail_all())) == {"error"}
