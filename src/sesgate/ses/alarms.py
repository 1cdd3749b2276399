"""CloudWatch alarms: what they look at, and whether anybody is told."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import Struct

from sesgate.clock import from_text

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question

NAMESPACE = "AWS/SES"
SET_DIMENSION = "ses:configuration-set"
_TERM = re.compile(r"(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s()\"']+))\s*\)")
_NOT_PUT = frozenset({"AlarmArn", "StateValue", "StateUpdatedTimestamp", "StateTransitionedTimestamp"})


class Metric(Struct, frozen=True):
    """A metric that an alarm reads. `period` is in seconds."""

    namespace: str
    name: str
    dimensions: Mapping[str, str]
    statistic: str
    period: int

    def __str__(self) -> str:
        dimensions = ", ".join(f"{name}={value}" for name, value in self.dimensions.items())
        return f"{self.namespace} {self.name}" + (f" ({dimensions})" if dimensions else "")


@dataclass(frozen=True)
class Alarm:
    """A metric alarm. `is_math` says that an expression stands between its metrics and its threshold.

    `threshold` is None where it is not a number but a band. `since` is when the state was last entered.
    """

    name: str
    arn: str
    actions_enabled: bool
    actions: tuple[str, ...]
    state: str
    since: datetime | None
    metrics: tuple[Metric, ...]
    threshold: float | None
    comparison: str
    is_math: bool
    definition: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def changed(self, **fields: Any) -> dict[str, Any]:
        """The parameters of PutMetricAlarm that change these fields and nothing else."""
        return {**self.definition, **fields}

    @property
    def has_no_data(self) -> bool:
        return self.state == "INSUFFICIENT_DATA"


class CompositeAlarm(Struct, frozen=True):
    """An alarm over alarms. `members` are the names and ARNs of those that its rule mentions."""

    name: str
    arn: str
    actions_enabled: bool
    actions: tuple[str, ...]
    members: frozenset[str]


class Action(NamedTuple):
    """The ARN of what is set off, and of the alarm that does it."""

    arn: str
    by: str


@dataclass(frozen=True)
class Alarms:
    """All alarms of the account in the region under audit."""

    metric: tuple[Alarm, ...]
    composite: tuple[CompositeAlarm, ...]

    def set_off(self, alarm: Alarm) -> tuple[Action, ...]:
        """What goes off with the alarm: its own actions, and those of composite alarms that mention it."""
        own = [Action(action, alarm.arn) for action in alarm.actions] if alarm.actions_enabled else []
        return tuple(dict.fromkeys((*own, *self._of_parents(alarm.name, alarm.arn))))

    def reading(self, name: str, namespace: str = NAMESPACE) -> list[Alarm]:
        """The alarms that read a metric, with whatever dimensions."""
        return [
            alarm
            for alarm in self.metric
            if any(metric.namespace == namespace and metric.name == name for metric in alarm.metrics)
        ]

    def _of_parents(self, name: str, arn: str) -> Iterator[Action]:
        """Upward through composite alarms of composite alarms, each once."""
        seen: set[str] = set()
        below = [(name, arn)]
        while below:
            child = below.pop()
            for parent in self._parents.get(child[0], []) + self._parents.get(child[1], []):
                if parent.name not in seen:
                    seen.add(parent.name)
                    below.append((parent.name, parent.arn))
                    yield from (Action(action, parent.arn) for action in parent.actions if parent.actions_enabled)

    @cached_property
    def _parents(self) -> dict[str, list[CompositeAlarm]]:
        found: dict[str, list[CompositeAlarm]] = {}
        for alarm in self.composite:
            for member in alarm.members:
                found.setdefault(member, []).append(alarm)
        return found


def alarms(context: "Context") -> Alarms:
    """All metric and composite alarms. Raises NotSeen."""
    value = context.ask(alarms_question(context)) or {}
    return Alarms(
        tuple(_alarm(entry) for entry in value.get("MetricAlarms") or ()),
        tuple(_composite(entry) for entry in value.get("CompositeAlarms") or ()),
    )


def alarms_question(context: "Context") -> "Question":
    """The question whose answer `alarms` reads. CloudWatch tells composite alarms only where they are asked for."""
    return context.aws_question("cloudwatch", "DescribeAlarms", {"AlarmTypes": ["CompositeAlarm", "MetricAlarm"]})


def _alarm(entry: Mapping[str, Any]) -> Alarm:
    queries = [query for query in entry.get("Metrics") or () if isinstance(query, Mapping)]
    since = entry.get("StateTransitionedTimestamp") or entry.get("StateUpdatedTimestamp")
    threshold = entry.get("Threshold")
    return Alarm(
        name=str(entry.get("AlarmName", "")),
        arn=str(entry.get("AlarmArn", "")),
        actions_enabled=bool(entry.get("ActionsEnabled", True)),
        actions=tuple(entry.get("AlarmActions") or ()),
        state=str(entry.get("StateValue", "")),
        since=from_text(since) if since else None,
        metrics=tuple(_metrics(entry, queries)),
        threshold=None if threshold is None else float(threshold),
        comparison=str(entry.get("ComparisonOperator", "")),
        is_math=any(query.get("Expression") for query in queries),
        definition={name: value for name, value in entry.items() if name not in _NOT_PUT and value not in (None, [])},
    )


def _metrics(entry: Mapping[str, Any], queries: list[Mapping[str, Any]]) -> Iterator[Metric]:
    if entry.get("MetricName"):
        yield _metric(entry, str(entry.get("Statistic") or entry.get("ExtendedStatistic") or ""), entry.get("Period"))
    for query in queries:
        if stat := query.get("MetricStat"):
            yield _metric(stat.get("Metric") or {}, str(stat.get("Stat", "")), stat.get("Period"))


def _metric(metric: Mapping[str, Any], statistic: str, period: Any) -> Metric:
    dimensions = {str(one.get("Name")): str(one.get("Value")) for one in metric.get("Dimensions") or ()}
    namespace, name = str(metric.get("Namespace", "")), str(metric.get("MetricName", ""))
    return Metric(namespace, name, dimensions, statistic, int(period or 0))


def _composite(entry: Mapping[str, Any]) -> CompositeAlarm:
    return CompositeAlarm(
        name=str(entry.get("AlarmName", "")),
        arn=str(entry.get("AlarmArn", "")),
        actions_enabled=bool(entry.get("ActionsEnabled", True)),
        actions=tuple(entry.get("AlarmActions") or ()),
        members=frozenset("".join(found) for found in _TERM.findall(str(entry.get("AlarmRule", "")))),
    )
