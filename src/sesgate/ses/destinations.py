"""Event destinations: where a configuration set publishes what becomes of its mail."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question


class Target(StrEnum):
    """What an event destination publishes to, by the member of EventDestination that says so."""

    SNS = "SnsDestination"
    EVENT_BRIDGE = "EventBridgeDestination"
    FIREHOSE = "KinesisFirehoseDestination"
    CLOUDWATCH = "CloudWatchDestination"
    PINPOINT = "PinpointDestination"


_ARNS = {
    Target.SNS: "TopicArn",
    Target.EVENT_BRIDGE: "EventBusArn",
    Target.FIREHOSE: "DeliveryStreamArn",
    Target.PINPOINT: "ApplicationArn",
}


class EventDestination(Struct, frozen=True):
    """One event destination. `target` is None for a kind that is not known here; `arn` is what it publishes to.

    `dimensions` are those of the CloudWatch metrics that it makes, with their default values.
    """

    configuration_set: str
    name: str
    enabled: bool
    event_types: tuple[str, ...]
    target: Target | None
    arn: str
    dimensions: Mapping[str, str] = {}
    definition: Mapping[str, Any] = {}

    def __str__(self) -> str:
        return f"event destination {self.name} of {self.configuration_set}"

    def changed(self, **fields: Any) -> dict[str, Any]:
        """The parameters of UpdateConfigurationSetEventDestination that change these fields and nothing else."""
        return {
            "ConfigurationSetName": self.configuration_set,
            "EventDestinationName": self.name,
            "EventDestination": {**self.definition, **fields},
        }


def destinations(context: "Context", name: str) -> tuple[EventDestination, ...] | None:
    """All event destinations of a set; None where the set does not exist. Raises NotSeen."""
    value = context.ask(destinations_question(context, name))
    if value is None:
        return None
    return tuple(_destination(name, entry) for entry in value.get("EventDestinations") or ())


def destinations_question(context: "Context", name: str) -> "Question":
    """The question whose answer `destinations` reads."""
    return context.aws_question("sesv2", "GetConfigurationSetEventDestinations", {"ConfigurationSetName": name})


def _destination(configuration_set: str, entry: Mapping[str, Any]) -> EventDestination:
    target = next((target for target in Target if entry.get(target.value)), None)
    where: Mapping[str, Any] = entry.get(target.value) or {} if target else {}
    return EventDestination(
        configuration_set=configuration_set,
        name=str(entry.get("Name", "")),
        enabled=bool(entry.get("Enabled")),
        event_types=tuple(entry.get("MatchingEventTypes") or ()),
        target=target,
        arn=str(where.get(_ARNS.get(target, ""), "")) if target else "",
        dimensions={
            str(dimension.get("DimensionName", "")): str(dimension.get("DefaultDimensionValue", ""))
            for dimension in where.get("DimensionConfigurations") or ()
        },
        definition={name: value for name, value in entry.items() if name != "Name"},
    )
