"""Variables that come from a store of AWS: is it there, and, where the gate asks for it, what is in it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from msgspec import structs

from sesgate.evidence.environment.aws_places import arn_region, text_of
from sesgate.evidence.environment.found import Reading, Reference, Variable
from sesgate.evidence.environment.parameters import Parameter, parameters
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.pool import Pool
from sesgate.evidence.question import FailureKind, NotSeen

SECRETS_MANAGER, SSM = "secrets-manager", "ssm"
MOST_AT_ONCE = 10
"""Parameters that one GetParameters takes. Source: SSM API, GetParameters."""
_BY_PARAMETER = "/aws/reference/secretsmanager/"
_ARN_PARTS = 7
_LOOKS = Pool(16, "reference")


@dataclass(frozen=True, slots=True)
class Secret:
    """What was seen of one secret. `text` only where it may be read; `failure` says why nothing is known."""

    exists: bool | None
    text: str | None = field(default=None, repr=False)
    failure: str | None = None


def reference_of(value_from: str) -> Reference:
    """What `valueFrom` of ECS and App Runner names: a secret's ARN, with JSON key and version, or a parameter.

    A version that is not the current one stays in the name. Source: ECS developer guide, "Pass sensitive data".
    """
    if value_from.startswith("arn:") and ":secretsmanager:" in value_from:
        parts = value_from.split(":")
        key = parts[_ARN_PARTS] if len(parts) > _ARN_PARTS else ""
        pinned = any(part not in ("", "AWSCURRENT") for part in parts[_ARN_PARTS + 1 :])
        name = value_from if pinned else ":".join(parts[:_ARN_PARTS])
        return Reference(SECRETS_MANAGER, name, secret=True, key=key or None)
    if value_from.startswith(_BY_PARAMETER):
        return Reference(SECRETS_MANAGER, value_from.removeprefix(_BY_PARAMETER), secret=True)
    return Reference(SSM, value_from, secret=True)


def resolved(reading: Reading, reach: Reach) -> Reading:
    """The reading with its references looked up side by side, each store once.

    Without `read_secrets` only that they exist is asked; a parameter of type String is no secret, and told.
    """
    open_ones = [each.reference for each in reading.variables.values() if each.reference and _is_open(each)]
    secrets = dict.fromkeys(secret_arn(one.name) for one in open_ones if one.store == SECRETS_MANAGER)
    looks = {name: _LOOKS.submit(secret, name, reach) for name in secrets}
    known = _parameters([one.name for one in open_ones if one.store == SSM], reach)
    found = {name: look.result() for name, look in looks.items()}
    told = {each.name: _told(each, found, known) for each in reading.variables.values()}
    return structs.replace(reading, variables=told)


def _is_open(variable: Variable) -> bool:
    reference = variable.reference
    if reference is None or variable.value is not None or variable.unreadable is not None:
        return False
    return reference.exists is None and reference.store in (SECRETS_MANAGER, SSM)


def _told(variable: Variable, secrets: Mapping[str, Secret], known: Mapping[str, Parameter]) -> Variable:
    reference = variable.reference
    if reference is None or not _is_open(variable):
        return variable
    if reference.store == SSM:
        return _from_parameter(variable, reference, known[reference.name])
    return _from_secret(variable, reference, secrets[secret_arn(reference.name)])


def _from_parameter(variable: Variable, reference: Reference, seen: Parameter) -> Variable:
    told = structs.replace(reference, exists=seen.exists, secret=seen.secret)
    return replace(variable, reference=told, value=seen.value, unreadable=seen.failure)


def _from_secret(variable: Variable, reference: Reference, seen: Secret) -> Variable:
    told = structs.replace(reference, exists=seen.exists)
    if seen.text is None or is_pinned(reference.name):
        return replace(variable, reference=told, unreadable=seen.failure)
    if reference.key is None:
        return replace(variable, reference=told, value=seen.text)
    keys = keys_of(seen.text)
    if keys is None:
        return replace(variable, reference=told, unreadable="the secret is no JSON object, and a key of it is named")
    if reference.key not in keys:
        return replace(variable, reference=structs.replace(told, exists=False))
    value = text_of(keys[reference.key])
    return replace(variable, reference=told, value=value, unreadable=None if value is not None else "it is not text")


def secret(name: str, reach: Reach) -> Secret:
    """One secret, in the region of its ARN. One that is marked for deletion can't be read any more."""
    region = arn_region(name)
    try:
        answer = reach.aws("secretsmanager", "DescribeSecret", {"SecretId": name}, region=region)
        if answer is None or answer.get("DeletedDate") is not None:
            return Secret(exists=False)
        if not reach.read_secrets:
            return Secret(exists=True)
        value = reach.aws("secretsmanager", "GetSecretValue", {"SecretId": name}, region=region)
    except NotSeen as not_seen:
        offline = not_seen.failure.kind is FailureKind.OFFLINE
        return Secret(exists=None, failure=None if offline else not_seen.failure.message)
    if value is None:
        return Secret(exists=True, failure="the secret has no value yet")
    text = value.get("SecretString")
    return Secret(True, text) if isinstance(text, str) else Secret(exists=True, failure="the secret is binary")


def keys_of(text: str) -> Mapping[str, Any] | None:
    """The keys of a JSON secret; None where it is no JSON object."""
    try:
        keys = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return keys if isinstance(keys, dict) else None


def secret_arn(name: str) -> str:
    """A secret's own ARN or name, without key and version."""
    return ":".join(name.split(":")[:_ARN_PARTS]) if name.startswith("arn:") else name


def is_pinned(name: str) -> bool:
    """Whether a reference names a version that is not the current one."""
    return name.startswith("arn:") and name.count(":") >= _ARN_PARTS


def _parameters(names: Sequence[str], reach: Reach) -> Mapping[str, Parameter]:
    """By name or ARN, as the references have them."""
    by_region: dict[str, dict[str, None]] = {}
    for name in names:
        by_region.setdefault(arn_region(name) or reach.region, {})[name] = None
    looks = [
        _LOOKS.submit(parameters, some[at : at + MOST_AT_ONCE], region, reach)
        for region, some in ((region, list(asked)) for region, asked in by_region.items())
        for at in range(0, len(some), MOST_AT_ONCE)
    ]
    return {name: seen for look in looks for name, seen in look.result().items()}
