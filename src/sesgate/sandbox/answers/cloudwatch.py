"""CloudWatch. `cloudwatch.alarms` and `cloudwatch.composite_alarms`, by name: the alarm."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope


def describe_alarms(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Composite alarms are told only where they are asked for, as CloudWatch does."""
    types = parameters.get("AlarmTypes") or ["MetricAlarm"]
    return {
        "MetricAlarms": _alarms(scope, "alarms", parameters) if "MetricAlarm" in types else [],
        "CompositeAlarms": _alarms(scope, "composite_alarms", parameters) if "CompositeAlarm" in types else [],
    }


def _alarms(scope: Scope, kind: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    names = parameters.get("AlarmNames")
    prefix = parameters.get("AlarmNamePrefix", "")
    return [
        {
            "AlarmName": name,
            "AlarmArn": scope.arn("cloudwatch", f"alarm:{name}"),
            "ActionsEnabled": True,
            "OKActions": [],
            "AlarmActions": [],
            "InsufficientDataActions": [],
            "StateValue": "OK",
            "StateUpdatedTimestamp": scope.now,
            **alarm,
        }
        for name, alarm in scope.part("cloudwatch", kind).items()
        if name.startswith(prefix) and (not names or name in names)
    ]


OPERATIONS = {("cloudwatch", "DescribeAlarms"): describe_alarms}
