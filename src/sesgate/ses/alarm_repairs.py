"""Repairs of alarms: one that is missing, one that tells nobody, one with a wrong setting."""

from collections import Counter
from typing import TYPE_CHECKING

from sesgate.finding import MINUTE, AwsCall, Change, Owner, Remedy, Text
from sesgate.ses.account import UNLIMITED, AccountState
from sesgate.ses.alarms import NAMESPACE, Alarm, Alarms
from sesgate.ses.configuration_sets import partition
from sesgate.ses.watches import Fault, Watch

if TYPE_CHECKING:
    from sesgate.context import Context

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html"
QUOTA_DOCS = "https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-monitor.html"
NEW_TOPIC = "ses-alarms"
PART_OF_QUOTA = 0.8


def is_topic(arn: str) -> bool:
    """Is an action the ARN of an SNS topic?"""
    return arn.split(":", 5)[2:3] == ["sns"]


def make(context: "Context", watch: Watch, known: Alarms, state: AccountState | None) -> Remedy:
    """A new alarm at the value at which AWS reviews the account, or at four fifths of the daily quota."""
    topic, before = _alert_topic(context, known)
    is_rate = watch.review is not None
    parameters = {
        "AlarmName": watch.alarm_name,
        "Namespace": NAMESPACE,
        "MetricName": watch.metric,
        "Statistic": "Maximum" if is_rate else "Sum",
        "Period": 3600 if is_rate else 86_400,
        "EvaluationPeriods": 1,
        "Threshold": watch.review if is_rate else _four_fifths(context, state),
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "TreatMissingData": "ignore" if is_rate else "notBreaching",
        "AlarmActions": [topic],
    }
    undo = AwsCall("cloudwatch", "DeleteAlarms", {"AlarmNames": [watch.alarm_name]}, context.region)
    return _remedy(
        f"create-alarm:{watch.alarm_name}",
        f"Make an alarm on {watch.what}, and let it publish to {topic}",
        *before,
        AwsCall("cloudwatch", "PutMetricAlarm", parameters, context.region, undo),
        docs=DOCS if is_rate else QUOTA_DOCS,
    )


def repair(context: "Context", alarm: Alarm, watch: Watch, known: Alarms, fault: Fault) -> Remedy:
    """The alarm with the faulty field changed; a new one where no field would do."""
    if fault.put is None:
        return make(context, watch, known, None)
    return _remedy(
        f"repair-alarm:{alarm.name}:{fault.cause}",
        f"Change alarm {alarm.name}: {fault.expected}",
        _put(context, alarm, fault.put),
    )


def switch_actions_on(context: "Context", alarm: Alarm) -> Remedy:
    """For an alarm whose actions are disabled."""
    names = {"AlarmNames": [alarm.name]}
    undo = AwsCall("cloudwatch", "DisableAlarmActions", names, context.region)
    return _remedy(
        f"enable-alarm-actions:{alarm.name}",
        f"Switch the actions of alarm {alarm.name} on",
        AwsCall("cloudwatch", "EnableAlarmActions", names, context.region, undo),
    )


def add_action(context: "Context", alarm: Alarm, known: Alarms) -> Remedy:
    """For an alarm without any action."""
    topic, before = _alert_topic(context, known)
    return _remedy(
        f"add-alarm-action:{alarm.name}",
        f"Let alarm {alarm.name} publish to {topic}",
        *before,
        _put(context, alarm, {"AlarmActions": [topic], "ActionsEnabled": True}),
    )


def find_data(alarm: Alarm) -> Remedy:
    """For an alarm that never gets data."""
    text = (
        f"Compare the metric, the dimensions and the period of {alarm.name} with what CloudWatch shows under AWS/SES."
    )
    return _remedy(f"find-data:{alarm.name}", f"Find out why alarm {alarm.name} has no data", Text(text))


def _put(context: "Context", alarm: Alarm, fields: dict[str, object]) -> AwsCall:
    """PutMetricAlarm replaces the whole alarm, so everything else is stated as it is."""
    undo = AwsCall("cloudwatch", "PutMetricAlarm", alarm.changed(), context.region)
    return AwsCall("cloudwatch", "PutMetricAlarm", alarm.changed(**fields), context.region, undo)


def _alert_topic(context: "Context", known: Alarms) -> tuple[str, tuple[Change, ...]]:
    """The topic that most other alarms publish to, those on SES first; else a new one, and what makes it."""
    used = Counter(action for alarm in known.metric for action in alarm.actions if is_topic(action))
    on_ses = Counter(
        action
        for alarm in known.metric
        if any(metric.namespace == NAMESPACE for metric in alarm.metrics)
        for action in alarm.actions
        if is_topic(action)
    )
    for counted in (on_ses, used):
        if counted:
            return counted.most_common(1)[0][0], ()
    arn = f"arn:{partition(context.region)}:sns:{context.region}:{context.account or 'ACCOUNT'}:{NEW_TOPIC}"
    undo = AwsCall("sns", "DeleteTopic", {"TopicArn": arn}, context.region)
    create = AwsCall("sns", "CreateTopic", {"Name": NEW_TOPIC}, context.region, undo)
    return arn, (create, Text(f"Subscribe whoever is on call to {NEW_TOPIC}, and confirm the subscription."))


def _four_fifths(context: "Context", state: AccountState | None) -> float:
    """Of the quota; in the sandbox, whose quota will rise, of what the plan asks for."""
    volume = context.gate.volume
    if state and state.production_access and state.quota.daily != UNLIMITED:
        return float(int(state.quota.daily * PART_OF_QUOTA))
    return float(volume.daily) if volume and volume.daily else 40_000.0


def _remedy(identity: str, summary: str, *changes: Change, docs: str = DOCS) -> Remedy:
    return Remedy(
        id=identity, summary=summary, owner=Owner.AWS, lead_time_seconds=MINUTE, changes=tuple(changes), docs=docs
    )
