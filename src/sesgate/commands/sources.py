"""What answers the questions of a live run, gate by gate."""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sesgate.commands.stop import USAGE, Stop

if TYPE_CHECKING:
    from sesgate.commands.asking import Request
    from sesgate.evidence import Source
    from sesgate.evidence.aws import AwsSource
    from sesgate.gate import Gate, LoadedGate
    from sesgate.plan import Plan

IAM_TO_SERVICE = {"ses": ("sesv2", "ses")}
"""IAM's service prefixes whose botocore services have other names."""
KIND_TO_SERVICE = {"ecs": "ecs", "apprunner": "apprunner", "lambda": "lambda", "ssm": "ssm"}
"""The services that kinds of sources of variables ask first."""


def resolvers_of(request: "Request", loaded: "LoadedGate") -> Sequence[str]:
    """Those of the command line, else the gate's."""
    return request.resolvers or loaded.gate.dns.resolvers


def own_sources(request: "Request", loaded: "LoadedGate", aws: "AwsSource | None") -> "Mapping[str, Source]":
    """What a gate asks for itself: this machine, and its application's API. With --offline nobody is asked."""
    if request.offline:
        from sesgate.evidence.offline import OUTSIDE, OfflineSource

        return {**{source: OfflineSource() for source in OUTSIDE}, **_local(request, loaded, aws)}
    from sesgate.connect import http_source

    http = http_source(loaded, send=request.send)
    return {**({"http": http} if http else {}), **_local(request, loaded, aws)}


def _local(request: "Request", loaded: "LoadedGate", aws: "AwsSource | None") -> "Mapping[str, Source]":
    """What begins on this machine: files, clients, history, and the services' variables, some of which AWS keeps."""
    from sesgate.connect import (
        client_source,
        contract_source,
        environment_source,
        file_source,
        history_source,
        secret_source,
    )

    files = file_source(loaded.folder)
    sources: dict[str, Source] = {"file": files}
    if loaded.gate.clients:
        sources["clients"] = client_source(loaded.folder)
    contract = contract_source(loaded, files, offline=request.offline)
    if contract is not None:
        sources["contract"] = contract
    if loaded.gate.attestations:
        sources["git"] = history_source(loaded)
    if loaded.gate.services:
        region = request.region or loaded.gate.aws.region
        sources["environment"] = environment_source(loaded.gate, region, os.environ, files, aws)
    if loaded.gate.database and aws is not None:
        sources["secret"] = secret_source(loaded.gate, aws)
    return sources


def first_services(plan: "Plan", gate: "Gate") -> list[str]:
    """The services that the running checks ask first. What else they need depends on what they see."""
    prefixes = dict.fromkeys(check.reads[0].partition(":")[0] for check in plan.running if check.reads)
    first = [service for prefix in prefixes for service in IAM_TO_SERVICE.get(prefix, (prefix,))]
    kinds = dict.fromkeys(source.kind for service in gate.services for source in service.source)
    return [*dict.fromkeys((*first, *(KIND_TO_SERVICE[kind] for kind in kinds if kind in KIND_TO_SERVICE)))]


def find_profile(aws: "AwsSource") -> None:
    """Ends the command where the login's profile is none."""
    from sesgate.evidence.aws import NoSuchProfile

    try:
        aws.region()
    except NoSuchProfile as missing:
        raise Stop(USAGE, f"there is no AWS profile named {str(missing)!r}") from None


def endpoint_of(aws: "AwsSource | None") -> str | None:
    """Where AWS was asked, if it is not AWS."""
    from sesgate.connect import foreign_endpoint

    return foreign_endpoint(aws.endpoints()) if aws else None
