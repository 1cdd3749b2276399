"""A secret judged by its shape: are the keys there that a driver needs, and does it lead to this database?"""

from collections.abc import Iterator, Mapping
from typing import Any

from sesgate.database.facts import Database
from sesgate.database.secrets import Secret
from sesgate.evidence.secret_shapes import KEYS
from sesgate.finding import MINUTE, Finding, Owner, Remedy, Severity, Text, failed, passed

DOCS = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html"
_NEEDED = ("host", "username", "password")
_KEPT_BY_RDS = ("username", "password")
_AWS_SUFFIXES = (".rds.amazonaws.com", ".rds.amazonaws.com.cn")


def shape_findings(database: Database, secret: Secret, shape: Mapping[str, Any] | None) -> Iterator[Finding]:
    """`shape` is what the source of secrets tells; None where the secret has no value."""
    if shape is None or not shape.get("json"):
        found = "no value" if shape is None else "no JSON object"
        said = f"secret {secret.name} holds {found}: a login has {', '.join(KEYS)}"
        yield failed("secret-incomplete", said, expected=", ".join(KEYS), found=found, remedy=_fill(secret, KEYS))
        return
    wrong = [*_incomplete(secret, shape.get("keys") or {}), *_elsewhere(database, secret, shape)]
    yield from wrong
    if not wrong:
        yield passed(f"secret {secret.name} holds a whole login, and leads to {database.title}")


def _incomplete(secret: Secret, keys: Mapping[str, str]) -> Iterator[Finding]:
    """RDS keeps only user and password in the secrets that it manages."""
    wanted = _KEPT_BY_RDS if secret.managed_by == "rds" else KEYS
    missing = {name: keys.get(name, "missing") for name in wanted if keys.get(name) != "set"}
    if not missing:
        return
    said = ", ".join(f"{name} is {state}" for name, state in missing.items())
    lesser = not any(name in _NEEDED for name in missing)
    yield failed(
        "secret-incomplete",
        f"secret {secret.name} is no whole login: {said}",
        expected=", ".join(wanted),
        found=said,
        remedy=_fill(secret, tuple(missing)),
        severity=Severity.WARNING if lesser else None,
    )


def _elsewhere(database: Database, secret: Secret, shape: Mapping[str, Any]) -> Iterator[Finding]:
    """Another host of RDS is another database. Any other name may be an alias of this one, or not."""
    host, port = str(shape.get("host") or "").lower().rstrip("."), str(shape.get("port") or "")
    if host and host not in database.hosts and not _is_proxy(host):
        yield _leads(
            database,
            secret,
            f"to {host}; {database.title} answers at {', '.join(database.hosts[:2])}",
            host,
            None if host.endswith(_AWS_SUFFIXES) else Severity.WARNING,
        )
    elif host in database.hosts and port and database.settings.port and port != str(database.settings.port):
        yield _leads(
            database, secret, f"to port {port}; {database.title} listens at {database.settings.port}", port, None
        )


def _is_proxy(host: str) -> bool:
    """RDS Proxy: `NAME.proxy-ID.REGION.rds.amazonaws.com`. Source: RDS User Guide, "Connecting through RDS Proxy"."""
    return ".proxy-" in host and host.endswith(_AWS_SUFFIXES)


def _leads(database: Database, secret: Secret, said: str, found: str, severity: Severity | None) -> Finding:
    host, port = next(iter(database.hosts), ""), database.settings.port
    return failed(
        "secret-wrong-host",
        f"secret {secret.name} leads {said}",
        expected=f"{host}:{port}",
        found=found,
        remedy=Remedy(
            id=f"correct-host:{secret.arn}",
            summary=f"Let secret {secret.name} lead to {database.title}",
            owner=Owner.APPLICATION,
            lead_time_seconds=5 * MINUTE,
            changes=(
                Text(f'Write "host": "{host}" and "port": {port} into the secret, and restart what has read it.'),
            ),
            docs=DOCS,
        ),
        severity=severity,
    )


def _fill(secret: Secret, missing: tuple[str, ...]) -> Remedy:
    return Remedy(
        id=f"fill-secret:{secret.arn}",
        summary=f"Complete secret {secret.name}",
        owner=Owner.APPLICATION,
        lead_time_seconds=5 * MINUTE,
        changes=(Text(f"Write {', '.join(missing)} into the JSON of secret {secret.name}."),),
        docs=DOCS,
    )
