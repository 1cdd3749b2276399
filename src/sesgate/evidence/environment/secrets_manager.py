"""Reads the keys of a JSON secret in Secrets Manager as variables. Without `read_secrets` the keys are not known."""

from typing import Any

from sesgate.evidence.environment.aws_places import not_there, short, text_of, where
from sesgate.evidence.environment.found import Reading, Reference, Variable
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.environment.references import SECRETS_MANAGER, keys_of
from sesgate.evidence.question import NotSeen


def read(spec: Any, reach: Reach) -> Reading:
    """`spec` is a secret's ARN or name. Secrets Manager API, DescribeSecret and GetSecretValue."""
    here = where(spec, reach)
    answer = here.aws("secretsmanager", "DescribeSecret", {"SecretId": spec})
    name = short(str((answer or {}).get("Name") or spec))
    if answer is None:
        raise not_there(f"there is no secret {name} in {here.region}")
    if answer.get("DeletedDate") is not None:
        raise not_there(f"secret {name} is marked for deletion, and can't be read any more")
    place = f"secret {name}"
    if not here.read_secrets:
        return Reading(place, {}, unseen=(f"the keys of {place} are not known without read_secrets: true",))
    return Reading(place, _variables(str(answer.get("ARN") or spec), place, here))


def _variables(arn: str, place: str, reach: Reach) -> dict[str, Variable]:
    value = reach.aws("secretsmanager", "GetSecretValue", {"SecretId": arn})
    text = (value or {}).get("SecretString")
    keys = keys_of(text) if isinstance(text, str) else None
    if keys is None:
        raise _no_object(place, value is None)
    return {name: _variable(name, keys[name], arn, place) for name in keys}


def _no_object(place: str, empty: bool) -> NotSeen:
    return not_there(f"{place} has no value yet" if empty else f"{place} holds no JSON object, so it has no keys")


def _variable(name: str, value: Any, arn: str, place: str) -> Variable:
    text = text_of(value)
    reference = Reference(SECRETS_MANAGER, arn, secret=True, key=name, exists=True)
    return Variable(name, place, text, reference, None if text is not None else "its value is not text")
