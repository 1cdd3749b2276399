"""Reads the variables of an App Runner service, and how it starts."""

from collections.abc import Mapping
from typing import Any

from sesgate.evidence.environment.aws_places import not_there, plain, short, where
from sesgate.evidence.environment.found import Reading, Start, Variable
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.environment.references import reference_of, resolved

DEFAULT_PORT = "8080"
"""What App Runner listens on, and tells as PORT, where nothing is set. Source: App Runner API, ImageConfiguration."""
_GONE = "DELETED"


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is a service's name or ARN. App Runner API, ListServices and DescribeService."""
    here = where(spec, reach)
    arn = spec if spec.startswith("arn:") else _arn(spec, here)
    answer = here.aws("apprunner", "DescribeService", {"ServiceArn": arn}) if arn else None
    service = (answer or {}).get("Service")
    if not service or service.get("Status") == _GONE:
        raise not_there(f"there is no App Runner service {short(spec)} in {here.region}")
    return resolved(_reading(service), here)


def _arn(name: str, reach: Reach) -> str | None:
    """A name that was used before may be in the list twice, once deleted."""
    listed = (reach.aws("apprunner", "ListServices", {}) or {}).get("ServiceSummaryList", ())
    found = (one for one in listed if one.get("ServiceName") == name and one.get("Status") != _GONE)
    return next((str(one["ServiceArn"]) for one in found if one.get("ServiceArn")), None)


def _reading(service: Mapping[str, Any]) -> Reading:
    place = f"App Runner service {short(str(service.get('ServiceName')))}"
    source = service.get("SourceConfiguration") or {}
    image = (source.get("ImageRepository") or {}).get("ImageConfiguration")
    code = (source.get("CodeRepository") or {}).get("CodeConfiguration") or {}
    if image is None and code.get("ConfigurationSource") == "REPOSITORY":
        return Reading(
            place, {}, _injected(None), unseen=(f"{place} is configured by apprunner.yaml in its repository",)
        )
    configuration = image or code.get("CodeConfigurationValues") or {}
    command = configuration.get("StartCommand")
    return Reading(
        place,
        {**_plain(configuration, place), **_referenced(configuration, place)},
        _injected(configuration.get("Port")),
        (Start(place, command=command if isinstance(command, str) and command else None, image=_image(source)),),
    )


def _image(source: Mapping[str, Any]) -> str | None:
    """The image that the service runs; None where App Runner builds its code."""
    name = (source.get("ImageRepository") or {}).get("ImageIdentifier")
    return name if isinstance(name, str) else None


def _injected(port: Any) -> dict[str, str | None]:
    """App Runner reserves PORT. Source: App Runner developer guide, "Managing environment variables"."""
    return {"PORT": str(port or DEFAULT_PORT)}


def _plain(configuration: Mapping[str, Any], place: str) -> dict[str, Variable]:
    written = configuration.get("RuntimeEnvironmentVariables") or {}
    return {name: plain(name, value, place) for name, value in written.items()}


def _referenced(configuration: Mapping[str, Any], place: str) -> dict[str, Variable]:
    written = configuration.get("RuntimeEnvironmentSecrets") or {}
    return {name: Variable(name, place, reference=reference_of(str(value))) for name, value in written.items()}
