"""Sources for a live run: AWS with a login, DNS with the gate's resolvers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path

    from sesgate.evidence.aws import AwsSource
    from sesgate.evidence.clients import ClientSource
    from sesgate.evidence.contract import ContractSource
    from sesgate.evidence.dns_exchange import Server
    from sesgate.evidence.environment.source import EnvironmentSource
    from sesgate.evidence.files import FileSource, Reader
    from sesgate.evidence.git import GitSource
    from sesgate.evidence.http import HttpSource
    from sesgate.evidence.secret_shapes import SecretShapes
    from sesgate.gate import Gate, LoadedGate

AWS_HOSTS = (".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".aws.dev", ".amazonaws.eu")


def resolver_places(resolvers: Sequence[str]) -> "dict[str, list[Server]]":
    """Each resolver's place ("resolver 1") with its servers: one, or those that this machine uses."""
    from sesgate.evidence.dns import system_servers
    from sesgate.evidence.dns_exchange import Server

    places: dict[str, list[Server]] = {}
    for position, text in enumerate(resolvers, start=1):
        places[f"resolver {position}"] = system_servers() if text == "system" else [_server(text)]
    return places


def _server(text: str) -> "Server":
    from sesgate.evidence.dns_exchange import Server
    from sesgate.gate import resolver_address

    address = resolver_address(text)
    return Server(address.host, address.port or 53)


def other_regions(gate: "Gate", region: str, environ: Mapping[str, str], profile_region: str | None) -> tuple[str, ...]:
    """The regions, other than the one under audit, that the gate, the profile or the environment name."""
    named = (gate.aws.region, environ.get("AWS_REGION"), environ.get("AWS_DEFAULT_REGION"), profile_region)
    return tuple(dict.fromkeys(name for name in (*named, *_regions_of_arns(gate)) if name and name != region))


def _regions_of_arns(gate: "Gate") -> Iterable[str]:
    for role in gate.roles:
        for need in role.needs:
            for resource in need.resources or ():
                parts = resource.split(":")
                if len(parts) > 5 and parts[3] and "*" not in parts[3]:
                    yield parts[3]


def foreign_endpoint(urls: Iterable[str]) -> str | None:
    """The first end point that is not AWS, as scheme, host and port; None where all are AWS."""
    for url in urls:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if not host.endswith(AWS_HOSTS):
            return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port else "")
    return None


def file_source(folder: "Path") -> "FileSource":
    """Local files; relative paths start from the folder."""
    from sesgate.evidence.files import FileSource

    return FileSource(folder, file_readers())


def environment_source(
    gate: "Gate", region: str, environ: Mapping[str, str], files: "FileSource", aws: "AwsSource | None"
) -> "EnvironmentSource":
    """The variables of the gate's services. Without `aws`, only what local files tell."""
    from sesgate.evidence.environment.outside import Outside
    from sesgate.evidence.environment.source import EnvironmentSource

    return EnvironmentSource(gate, Outside(region, environ, files, aws))


def client_source(folder: "Path") -> "ClientSource":
    """What mobile and web clients give away; relative paths start from the folder."""
    from sesgate.evidence.clients import ClientSource

    return ClientSource(folder)


def history_source(loaded: "LoadedGate") -> "GitSource":
    """The commits behind the gate's attestations. One without a file has none."""
    from sesgate.evidence.git import GateFile, GitSource

    if loaded.path is None:
        return GitSource(None)
    lines = {
        entry.id: _lines_of(loaded, position, entry.model_fields_set)
        for position, entry in enumerate(loaded.gate.attestations)
    }
    return GitSource(GateFile(loaded.path, loaded.text, lines))


def _lines_of(loaded: "LoadedGate", position: int, keys: Iterable[str]) -> tuple[int, int]:
    """First and last line of an attestation, by its keys."""
    lines = [loaded.locate("attestations", position, key).line for key in keys]
    return min(lines), max(lines)


def http_source(loaded: "LoadedGate", *, send: bool) -> "HttpSource | None":
    """The gate's API; None where it has none."""
    if loaded.gate.api is None:
        return None
    from sesgate.evidence.http import HttpSource

    return HttpSource(loaded.gate.api, secrets=loaded.secrets, names=secret_names(loaded.gate), send=send)


def contract_source(loaded: "LoadedGate", files: "FileSource", *, offline: bool) -> "ContractSource | None":
    """The API contract, from files and the API; None where the gate has none."""
    api = loaded.gate.api
    if api is None or api.contract is None:
        return None
    from sesgate.evidence.contract import ContractSource

    return ContractSource(api, api.contract, files, offline=offline)


def secret_names(gate: "Gate") -> frozenset[str]:
    """The variables that the gate declares secret, for any service."""
    return frozenset(
        name for service in gate.services for name, variable in service.variables.items() if variable.secret
    )


def secret_source(gate: "Gate", aws: "AwsSource") -> "SecretShapes":
    """The shapes of secrets, where the gate lets secrets be read."""
    from sesgate.evidence.secret_shapes import SecretShapes

    return SecretShapes(aws, allowed=any(service.read_secrets for service in gate.services))


def file_readers() -> "dict[str, Reader]":
    """What can be taken from a local file, by the name that questions use. Each loads its parsers when it is called."""
    return {"policies": _read_policies}


def _read_policies(text: str) -> object:
    from sesgate.access.local.reading import read_policies

    return read_policies(text)
