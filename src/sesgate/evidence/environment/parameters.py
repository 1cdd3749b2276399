"""Parameters of SSM Parameter Store by name or ARN: do they exist, are they secret, and what do they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.question import FailureKind, NotSeen

SECURE = "SecureString"


@dataclass(frozen=True, slots=True)
class Parameter:
    """What was seen of one parameter. `value` where it is no secret, or may be read; `failure` why nothing is known."""

    exists: bool | None
    secret: bool = True
    value: str | None = field(default=None, repr=False)
    failure: str | None = None


def parameters(names: Sequence[str], region: str, reach: Reach) -> dict[str, Parameter]:
    """Up to ten parameters of one region, by the names or ARNs given.

    Who may not read parameters may often still list them. Source: SSM API, GetParameters and DescribeParameters.
    """
    try:
        return _read(names, region, reach, decrypt=reach.read_secrets)
    except NotSeen as refused:
        failure = refused.failure
        if failure.kind is FailureKind.OFFLINE:
            return dict.fromkeys(names, Parameter(exists=None))
        if failure.kind is not FailureKind.DENIED:
            return dict.fromkeys(names, Parameter(exists=None, failure=failure.message))
    try:
        return _listed(names, region, reach, failure.message if reach.read_secrets else None)
    except NotSeen:
        return dict.fromkeys(names, Parameter(exists=None, failure=failure.message))


def of_answer(answer: Mapping[str, Any], *, decrypted: bool) -> Parameter:
    """One entry of an answer. Without decryption a SecureString's value is its cipher text, which is no value."""
    secret = answer.get("Type") == SECURE
    value = answer.get("Value")
    readable = isinstance(value, str) and (decrypted or not secret)
    return Parameter(exists=True, secret=secret, value=value if readable else None)


def _read(names: Sequence[str], region: str, reach: Reach, *, decrypt: bool) -> dict[str, Parameter]:
    asked = {"Names": list(names), "WithDecryption": decrypt}
    answer = reach.aws("ssm", "GetParameters", asked, region=region) or {}
    found = {key: entry for entry in answer.get("Parameters", ()) for key in (entry.get("ARN"), entry.get("Name"))}
    return {
        name: of_answer(found[name], decrypted=decrypt) if name in found else Parameter(exists=False) for name in names
    }


def _listed(names: Sequence[str], region: str, reach: Reach, failure: str | None) -> dict[str, Parameter]:
    """What the list of parameters tells. `failure` is why a secret that is to be read could not be."""
    spelt = {name: _spellings(name) for name in names}
    every = [one for some in spelt.values() for one in some]
    wanted = [{"Key": "Name", "Option": "Equals", "Values": every}]
    answer = reach.aws("ssm", "DescribeParameters", {"ParameterFilters": wanted}, region=region) or {}
    types = {entry.get("Name"): entry.get("Type") for entry in answer.get("Parameters", ())}
    kinds = {name: next((types[one] for one in some if one in types), None) for name, some in spelt.items()}
    return {
        name: Parameter(exists=False) if kind is None else Parameter(True, kind == SECURE, failure=failure)
        for name, kind in kinds.items()
    }


def _spellings(name: str) -> tuple[str, ...]:
    """The names that an ARN may mean: the parameters `db` and `/db` have one ARN."""
    if not name.startswith("arn:"):
        return (name,)
    path = name.partition(":parameter/")[2]
    return (f"/{path}",) if "/" in path else (path, f"/{path}")
