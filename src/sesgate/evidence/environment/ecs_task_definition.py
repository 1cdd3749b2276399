"""Reads the variables of a registered ECS task definition: by family, by family and revision, or by ARN."""

from typing import Any

from sesgate.evidence.environment.aws_places import not_there, short, where
from sesgate.evidence.environment.found import Reading
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.environment.task_definition import reading_of


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is `{"definition", "container"}`. A family alone is its latest active revision."""
    return registered(str(spec["definition"]), spec.get("container"), where(str(spec["definition"]), reach))


def registered(
    name: str, container: str | None, reach: Reach, note: str | None = None, *, on_instances: bool | None = None
) -> Reading:
    """One task definition, with its references looked up. `note` is told with its place. Raises NotSeen."""
    answer = reach.aws("ecs", "DescribeTaskDefinition", {"taskDefinition": name})
    definition = (answer or {}).get("taskDefinition")
    if not definition:
        raise not_there(f"there is no task definition {short(name.rpartition('/')[2])} in {reach.region}")
    revision = f"{short(str(definition.get('family')))}:{definition.get('revision')}"
    notes = [one for one in (note, _inactive(definition)) if one]
    place = f"task definition {revision}" + (f" ({', '.join(notes)})" if notes else "")
    return reading_of(definition, container, place, reach, on_instances=on_instances)


def _inactive(definition: dict[str, Any]) -> str | None:
    return "deregistered" if definition.get("status") == "INACTIVE" else None
