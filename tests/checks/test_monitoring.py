"""monitoring: alarms that exist, act, are heard, and look at the right thing."""

from typing import Any

import pytest

from sesgate.finding import AwsCall
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "monitoring"
ACCOUNT, REGION, SET = "111122223333", "ap-southeast-1", "bizassist-transactional"
ALERTS = f"arn:aws:sns:{REGION}:{ACCOUNT}:bizassist-alerts"
ALARMS = ("cloudwatch", "DescribeAlarms", {"AlarmTypes": ["CompositeAlarm", "MetricAlarm"]})
ATTRIBUTES = ("sns", "GetTopicAttributes", {"TopicArn": ALERTS})
SUBSCRIPTIONS = ("sns", "ListSubscriptionsByTopic", {"TopicArn": ALERTS})
OWNERS_POLICY = (
    '{"Version": "2008-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "SNS:Publish", '
    f'"Resource": "{ALERTS}", "Condition": {{"StringEquals": {{"AWS:SourceOwner": "{ACCOUNT}"}}}}}}]}}'
)


def _alarm(name: str, metric: str, threshold: float, **changes: Any) -> dict[str, Any]:
    return {
        "AlarmName": name,
        "AlarmArn": f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}",
        "AlarmDescription": "as it was",
        "ActionsEnabled": True,
        "OKActions": [],
        "AlarmActions": [ALERTS],
        "Namespace": "AWS/SES",
        "MetricName": metric,
        "Statistic": "Maximum",
        "Dimensions": [],
        "Period": 3600,
        "EvaluationPeriods": 1,
        "Threshold": threshold,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "StateValue": "OK",
        "StateUpdatedTimestamp": "2026-11-18T06:00:00+00:00",
        **changes,
    }


def _bounce(**changes: Any) -> dict[str, Any]:
    return _alarm("bounces", "Reputation.BounceRate", changes.pop("Threshold", 0.03), **changes)


COMPLAINT = _alarm("complaints", "Reputation.ComplaintRate", 0.0008)


def _quota(**changes: Any) -> dict[str, Any]:
    defaults = {"Statistic": "Sum", "Period": 86_400}
    return _alarm("quota", "Send", changes.pop("Threshold", 80_000.0), **{**defaults, **changes})


def _world(*metric: dict[str, Any], composite: tuple[dict[str, Any], ...] = ()) -> World:
    """The ready account with these alarms, and somebody subscribed to the topic of alerts."""
    world = ready_world().answer(*ALARMS, MetricAlarms=list(metric), CompositeAlarms=list(composite))
    world = world.answer(*ATTRIBUTES, Attributes={"TopicArn": ALERTS, "Owner": ACCOUNT, "Policy": OWNERS_POLICY})
    return world.answer(*SUBSCRIPTIONS, Subscriptions=[{"SubscriptionArn": f"{ALERTS}:1", "Protocol": "email"}])


def _with_bounce(**changes: Any) -> World:
    return _world(_bounce(**changes), COMPLAINT, _quota())


def _fault(world: World) -> Any:
    [judged] = [one for one in run(CHECK, world) if one.status.value != "pass"]
    return judged


def _put(judged: Any) -> AwsCall:
    call = judged.finding.remedy.changes[-1]
    assert isinstance(call, AwsCall)
    assert call.operation == "PutMetricAlarm"
    return call


def test_good_alarms_pass_each_for_itself() -> None:
    judged = run(CHECK, _with_bounce())
    assert [one.status.value for one in judged] == ["pass"] * 3


def test_nothing_watched() -> None:
    judged = run(CHECK, _world())
    assert causes(judged) == {"no-bounce-alarm", "no-complaint-alarm", "no-quota-alarm"}
    assert {one.severity.value for one in judged} == {"warning"}
    for one in judged:
        assert one.finding.remedy is not None
        create, _subscribe, put = one.finding.remedy.changes
        assert isinstance(create, AwsCall)
        assert create.operation == "CreateTopic"
        assert isinstance(put, AwsCall)
        assert put.undo is not None
        assert put.undo.operation == "DeleteAlarms"


def test_a_new_alarm_publishes_where_the_others_do() -> None:
    put = _put(_fault(_world(COMPLAINT, _quota())))
    assert put.parameters["AlarmActions"] == [ALERTS]
    assert (put.parameters["Threshold"], put.parameters["MetricName"]) == (0.05, "Reputation.BounceRate")


def test_a_new_quota_alarm_is_at_four_fifths() -> None:
    assert _put(_fault(_world(_bounce(), COMPLAINT))).parameters["Threshold"] == 80_000


# What it looks at


@pytest.mark.parametrize(
    "changes",
    [
        {"Namespace": "aws/ses"},
        {"Namespace": "SES"},
        {"MetricName": "Reputation.Bouncerate"},
        {"MetricName": "Bounce", "Statistic": "Sum"},
        {"Dimensions": [{"Name": "Identity", "Value": "yourdomain.com"}]},
        {"Dimensions": [{"Name": "ses:configuration-set", "Value": "another"}]},
    ],
)
def test_an_alarm_that_looks_elsewhere(changes: dict[str, Any]) -> None:
    judged = _fault(_with_bounce(**changes))
    assert judged.cause == "wrong-metric"
    assert "bounces" in judged.finding.message
    assert _put(judged).parameters["MetricName"] == "Reputation.BounceRate"


def test_the_rate_of_the_sender_s_own_set_counts() -> None:
    own = [{"Name": "ses:configuration-set", "Value": SET}]
    assert statuses(run(CHECK, _with_bounce(Dimensions=own))) == {"pass"}


def test_one_good_alarm_beside_bad_ones_is_enough() -> None:
    late = _bounce(AlarmName="late", Threshold=0.2)
    assert statuses(run(CHECK, _world(late, _bounce(), COMPLAINT, _quota()))) == {"pass"}


@pytest.mark.parametrize("statistic", ["Sum", "SampleCount"])
def test_the_sum_of_a_rate(statistic: str) -> None:
    judged = _fault(_with_bounce(Statistic=statistic))
    assert judged.cause == "wrong-statistic"
    put = _put(judged)
    assert put.parameters["Statistic"] == "Maximum"
    assert put.parameters["AlarmDescription"] == "as it was"
    assert "StateValue" not in put.parameters
    assert put.undo is not None
    assert put.undo.parameters["Statistic"] == statistic


def test_the_average_of_a_count() -> None:
    assert _fault(_world(_bounce(), COMPLAINT, _quota(Statistic="Average"))).cause == "wrong-statistic"


@pytest.mark.parametrize("operator", ["LessThanThreshold", "LessThanOrEqualToThreshold"])
def test_an_alarm_the_wrong_way_round(operator: str) -> None:
    assert _fault(_with_bounce(ComparisonOperator=operator)).cause == "wrong-comparison"


@pytest.mark.parametrize(
    ("threshold", "operator", "cause"),
    [
        (5.0, "GreaterThanThreshold", "threshold-unreachable"),
        (1.0, "GreaterThanThreshold", "threshold-unreachable"),
        (1.0, "GreaterThanOrEqualToThreshold", "threshold-late"),
        (0.5, "GreaterThanThreshold", "threshold-late"),
        (0.06, "GreaterThanThreshold", "threshold-late"),
    ],
)
def test_thresholds_that_come_too_late_or_never(threshold: float, operator: str, cause: str) -> None:
    judged = _fault(_with_bounce(Threshold=threshold, ComparisonOperator=operator))
    assert judged.cause == cause
    assert _put(judged).parameters["Threshold"] == 0.05


def test_a_percentage_taken_for_a_fraction_is_explained() -> None:
    assert "a fraction, 0.05 is 5.0%" in _fault(_with_bounce(Threshold=5.0)).finding.message


@pytest.mark.parametrize(("threshold", "cause"), [(0.1, "threshold-late"), (0.002, "threshold-late")])
def test_complaints_are_judged_by_their_own_values(threshold: float, cause: str) -> None:
    complaint = {**COMPLAINT, "Threshold": threshold}
    assert _fault(_world(_bounce(), complaint, _quota())).cause == cause


@pytest.mark.parametrize("threshold", [0.05, 0.01])
def test_thresholds_in_time(threshold: float) -> None:
    assert statuses(run(CHECK, _with_bounce(Threshold=threshold))) == {"pass"}


def test_a_quota_alarm_above_the_quota() -> None:
    judged = _fault(_world(_bounce(), COMPLAINT, _quota(Threshold=150_000.0)))
    assert judged.cause == "threshold-unreachable"
    assert _put(judged).parameters["Threshold"] == 80_000


def test_a_quota_alarm_above_what_the_rate_lets_out() -> None:
    judged = _fault(_world(_bounce(), COMPLAINT, _quota(Threshold=20_000.0, Period=300)))
    assert judged.cause == "threshold-unreachable"
    assert "8,400" in judged.finding.message


def test_in_the_sandbox_the_quota_is_no_measure() -> None:
    quota = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 4.0}
    world = _with_bounce().answer("sesv2", "GetAccount", ProductionAccessEnabled=False, SendQuota=quota)
    assert statuses(run(CHECK, world)) == {"pass"}


def test_no_quota_needs_no_alarm() -> None:
    quota = {"Max24HourSend": -1.0, "MaxSendRate": 1.0, "SentLast24Hours": 4.0}
    world = _world(_bounce(), COMPLAINT).answer("sesv2", "GetAccount", SendQuota=quota)
    assert statuses(run(CHECK, world)) == {"pass"}


# Metric math and bands


def _math(expression: str) -> dict[str, Any]:
    alarm = _bounce(Threshold=5.0)
    for name in ("Namespace", "MetricName", "Statistic", "Dimensions", "Period"):
        del alarm[name]
    stat = {
        "Metric": {"Namespace": "AWS/SES", "MetricName": "Reputation.BounceRate"},
        "Period": 3600,
        "Stat": "Maximum",
    }
    queries = [{"Id": "m1", "MetricStat": stat, "ReturnData": False}, {"Id": "e1", "Expression": expression}]
    return {**alarm, "Metrics": queries}


def test_metric_math_is_not_second_guessed() -> None:
    assert statuses(run(CHECK, _world(_math("m1 * 100"), COMPLAINT, _quota()))) == {"pass"}


def test_a_metric_query_without_math_is_judged_as_usual() -> None:
    alarm = _math("")
    assert _fault(_world(alarm, COMPLAINT, _quota())).cause == "threshold-unreachable"


def test_an_anomaly_band_has_no_threshold() -> None:
    band = {"Threshold": None, "ComparisonOperator": "GreaterThanUpperThreshold", "ThresholdMetricId": "ad1"}
    assert statuses(run(CHECK, _with_bounce(**band))) == {"pass"}


# Whom it tells


def test_an_alarm_without_an_action() -> None:
    judged = _fault(_with_bounce(AlarmActions=[]))
    assert judged.cause == "no-action"
    put = _put(judged)
    assert put.parameters["AlarmActions"] == [ALERTS]
    assert put.parameters["Threshold"] == 0.03
    assert put.undo is not None
    assert "AlarmActions" not in put.undo.parameters


def test_an_alarm_whose_actions_are_switched_off() -> None:
    judged = _fault(_with_bounce(ActionsEnabled=False))
    assert judged.cause == "actions-disabled"
    [call] = judged.finding.remedy.changes
    assert (call.operation, call.undo.operation) == ("EnableAlarmActions", "DisableAlarmActions")


def _composite(name: str, rule: str, **changes: Any) -> dict[str, Any]:
    arn = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}"
    return {
        "AlarmName": name,
        "AlarmArn": arn,
        "AlarmRule": rule,
        "ActionsEnabled": True,
        "AlarmActions": [],
        **changes,
    }


@pytest.mark.parametrize(
    "rule",
    [
        "ALARM(bounces) OR ALARM(complaints)",
        'ALARM("bounces")',
        "NOT OK ( 'bounces' )",
        f"ALARM(arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:bounces)",
    ],
)
def test_a_composite_alarm_acts_for_its_members(rule: str) -> None:
    over = _composite("mail", rule, AlarmActions=[ALERTS])
    world = _world(_bounce(AlarmActions=[]), COMPLAINT, _quota(), composite=(over,))
    assert statuses(run(CHECK, world)) == {"pass"}


def test_composite_alarms_of_composite_alarms() -> None:
    low = _composite("low", "ALARM(bounces) OR ALARM(high)")
    high = _composite("high", "ALARM(low)", AlarmActions=[ALERTS])
    world = _world(_bounce(AlarmActions=[]), COMPLAINT, _quota(), composite=(low, high))
    assert statuses(run(CHECK, world)) == {"pass"}


@pytest.mark.parametrize("changes", [{"AlarmActions": []}, {"AlarmActions": [ALERTS], "ActionsEnabled": False}])
def test_a_composite_alarm_that_does_not_act(changes: dict[str, Any]) -> None:
    over = _composite("mail", "ALARM(bounces)", **changes)
    world = _world(_bounce(AlarmActions=[]), COMPLAINT, _quota(), composite=(over,))
    assert _fault(world).cause == "no-action"


def test_nobody_hears_the_topic_and_it_is_told_once() -> None:
    judged = _fault(_with_bounce().answer(*SUBSCRIPTIONS, Subscriptions=[]))
    assert judged.cause == "action-unheard"
    assert "bounces and complaints and quota" in judged.finding.message
    assert judged.finding.remedy is not None


def test_a_topic_that_is_gone() -> None:
    assert causes(run(CHECK, _with_bounce().absent(*ATTRIBUTES))) == {"action-unheard"}


def test_a_topic_encrypted_with_the_aws_managed_key() -> None:
    attributes = {"TopicArn": ALERTS, "Policy": OWNERS_POLICY, "KmsMasterKeyId": "alias/aws/sns"}
    judged = _fault(_with_bounce().answer(*ATTRIBUTES, Attributes=attributes))
    assert judged.cause == "action-unheard"
    assert "AWS managed key" in judged.finding.message


def test_an_action_that_is_no_topic_counts() -> None:
    function = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:pause-sending"
    world = _with_bounce(AlarmActions=[ALERTS, function]).answer(*SUBSCRIPTIONS, Subscriptions=[])
    judged = _fault(world)
    assert "bounces" not in judged.finding.message.partition(":")[0]


# Data


def _since(when: str, sent: float) -> World:
    quota = {"Max24HourSend": 100_000.0, "MaxSendRate": 28.0, "SentLast24Hours": sent}
    world = _with_bounce(StateValue="INSUFFICIENT_DATA", StateTransitionedTimestamp=when)
    return world.answer("sesv2", "GetAccount", SendQuota=quota)


def test_an_alarm_without_data_though_mail_is_sent() -> None:
    assert _fault(_since("2026-11-01T06:00:00+00:00", sent=312)).cause == "never-data"


@pytest.mark.parametrize(("when", "sent"), [("2026-11-01T06:00:00+00:00", 0), ("2026-11-24T03:00:00+00:00", 312)])
def test_before_the_first_mail_there_is_no_data(when: str, sent: float) -> None:
    judged = run(CHECK, _since(when, sent))
    assert statuses(judged) == {"pass"}
    assert any("no data yet" in one.finding.message for one in judged)


# What can't be seen


def test_what_is_denied_is_an_error() -> None:
    assert statuses(run(CHECK, _with_bounce().fail("cloudwatch", "DescribeAlarms"))) == {"error"}
    world = _with_bounce().fail("sesv2", "GetAccount")
    denied = {question.id for question, answer in world.answers.items() if answer.failure}
    judged = run(CHECK, world)
    assert [one.status.value for one in judged] == ["pass", "pass", "error"]
    assert not any(denied & set(one.evidence) for one in judged if one.status.value == "pass")
    for operation in ("GetTopicAttributes", "ListSubscriptionsByTopic"):
        assert statuses(run(CHECK, _with_bounce().fail("sns", operation))) == {"error"}
    assert statuses(run(CHECK, ready_world().fail_all())) == {"error"}
