"""What has to be watched, and what keeps an alarm from watching it. Pure.

Source: SES Developer Guide, "Creating reputation monitoring alarms using CloudWatch".
"""

from collections.abc import Collection, Iterator

from msgspec import Struct

from sesgate.ses.account import UNLIMITED, Quota
from sesgate.ses.alarms import NAMESPACE, SET_DIMENSION, Alarm, Metric

DAY_IN_SECONDS = 86_400


class Watch(Struct, frozen=True):
    """One thing to be watched: a metric, the values at which AWS reviews and pauses, and words to find near misses.

    `review` and `pause` are fractions; None for a count.
    """

    what: str
    cause: str
    metric: str
    statistics: frozenset[str] | None
    review: float | None
    pause: float | None
    words: tuple[str, ...]
    alarm_name: str


BOUNCES = Watch(
    "the bounce rate", "no-bounce-alarm", "Reputation.BounceRate", None, 0.05, 0.1, ("bounce",), "ses-bounce-rate"
)
COMPLAINTS = Watch(
    "the complaint rate",
    "no-complaint-alarm",
    "Reputation.ComplaintRate",
    None,
    0.001,
    0.005,
    ("complaint",),
    "ses-complaint-rate",
)
SENDING = Watch(
    "the daily sending quota",
    "no-quota-alarm",
    "Send",
    frozenset({"Sum", "SampleCount"}),
    None,
    None,
    ("send", "sent", "quota"),
    "ses-daily-quota",
)


class Fault(Struct, frozen=True):
    """What is wrong with an alarm. `put` are the fields of it that repair it, where it can be repaired so."""

    cause: str
    message: str
    expected: str
    found: str
    put: dict[str, object] | None = None


def is_near(alarm: Alarm, watch: Watch) -> bool:
    """Was the alarm meant for this, and looks elsewhere?"""
    return any(
        "ses" in metric.namespace.lower() and any(word in metric.name.lower() for word in watch.words)
        for metric in alarm.metrics
    )


def faults(alarm: Alarm, watch: Watch, sets: Collection[str], quota: Quota | None) -> Iterator[Fault]:
    """What keeps an alarm that reads the metric from going off in time; whether it tells anybody is another matter.

    `sets` are the configuration sets of the senders; `quota` is None where there is none to hold the threshold against.
    """
    metrics = [one for one in alarm.metrics if one.namespace == NAMESPACE and one.name == watch.metric]
    right = [one for one in metrics if _is_published(one, watch, sets)]
    if not right:
        yield Fault(
            "wrong-metric",
            f"alarm {alarm.name} looks at {metrics[0]}, which says nothing of {watch.what} of the account",
            f"{NAMESPACE} {watch.metric} without dimensions",
            str(metrics[0]),
        )
        return
    if alarm.is_math:
        return
    yield from _statistic(alarm, right[0], watch)
    if alarm.comparison.startswith("LessThan") and "Greater" not in alarm.comparison:
        yield Fault(
            "wrong-comparison",
            f"alarm {alarm.name} goes off when {watch.what} is low ({alarm.comparison})",
            "GreaterThanOrEqualToThreshold",
            alarm.comparison,
            {"ComparisonOperator": "GreaterThanOrEqualToThreshold"},
        )
    elif alarm.threshold is not None:
        yield from _threshold(alarm, right[0], alarm.threshold, watch, quota)


def _is_published(metric: Metric, watch: Watch, sets: Collection[str]) -> bool:
    """SES publishes the account's metrics without dimensions, and the rates of a set under its name."""
    if not metric.dimensions:
        return True
    if watch.review is None or set(metric.dimensions) != {SET_DIMENSION}:
        return False
    return not sets or metric.dimensions[SET_DIMENSION] in sets


def _statistic(alarm: Alarm, metric: Metric, watch: Watch) -> Iterator[Fault]:
    """The sum of a rate is no rate, and the average of a count no count."""
    counts = metric.statistic in ("Sum", "SampleCount")
    if watch.statistics is None and counts:
        wanted = "Maximum"
    elif watch.statistics is not None and metric.statistic not in watch.statistics:
        wanted = "Sum"
    else:
        return
    message = f"alarm {alarm.name} takes the {metric.statistic} of {metric}"
    put: dict[str, object] | None = None if "Metrics" in alarm.definition else {"Statistic": wanted}
    yield Fault("wrong-statistic", message, wanted, metric.statistic, put)


def _threshold(alarm: Alarm, metric: Metric, threshold: float, watch: Watch, quota: Quota | None) -> Iterator[Fault]:
    if watch.review is None or watch.pause is None:
        yield from _count_threshold(alarm, metric, threshold, quota)
        return
    put: dict[str, object] = {"Threshold": watch.review, "ComparisonOperator": "GreaterThanOrEqualToThreshold"}
    wanted = f"at most {watch.review:g} ({watch.review:.1%})"
    if threshold > 1 or (threshold == 1 and alarm.comparison == "GreaterThanThreshold"):
        yield Fault(
            "threshold-unreachable",
            f"alarm {alarm.name} waits for {watch.what} to reach {threshold:g}, and it never exceeds 1: the metric is "
            f"a fraction, {watch.review:g} is {watch.review:.1%}",
            wanted,
            f"{threshold:g}",
            put,
        )
    elif threshold > watch.review:
        late = f"pauses sending at about {watch.pause:.1%}" if threshold >= watch.pause else "reviews the account"
        at = "" if threshold >= watch.pause else f" at about {watch.review:.1%}"
        yield Fault(
            "threshold-late",
            f"alarm {alarm.name} goes off at {threshold:.1%} of {watch.what}, and AWS {late}{at}",
            wanted,
            f"{threshold:g} ({threshold:.1%})",
            put,
        )


def _count_threshold(alarm: Alarm, metric: Metric, threshold: float, quota: Quota | None) -> Iterator[Fault]:
    """More than the quota can't be sent in a day, nor more than the rate allows in a shorter period."""
    if quota is None or quota.daily == UNLIMITED:
        return
    by_rate = quota.per_second * metric.period if quota.per_second > 0 and metric.period else quota.daily
    most = min(quota.daily, by_rate)
    if threshold > most:
        wanted = int(most * 0.8)
        yield Fault(
            "threshold-unreachable",
            f"alarm {alarm.name} waits for {threshold:,.0f} messages in {metric.period:,} s, and the quota lets out "
            f"{most:,.0f}",
            f"at most {wanted:,}",
            f"{threshold:,.0f}",
            {"Threshold": float(wanted)},
        )
