"""Secrets Manager. `secretsmanager.secrets` by name: `Suffix` of the ARN, what DescribeSecret tells, `SecretString`
and, where there is one, `ResourcePolicy`.
"""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope, as_text
from sesgate.sandbox.calls import ApiError

_NOT_DESCRIBED = ("Suffix", "SecretString", "ResourcePolicy")


def describe_secret(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    head, secret = _secret(scope, parameters)
    return {**head, **{name: value for name, value in secret.items() if name not in _NOT_DESCRIBED}}


def get_secret_value(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    head, secret = _secret(scope, parameters)
    if secret.get("DeletedDate"):
        message = "You can't perform this operation on the secret because it was marked for deletion."
        raise ApiError("InvalidRequestException", message, 400)
    if "SecretString" not in secret:
        message = "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT"
        raise ApiError("ResourceNotFoundException", message, 400)
    return {**head, "VersionStages": ["AWSCURRENT"], "SecretString": as_text(secret["SecretString"])}


def get_resource_policy(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    head, secret = _secret(scope, parameters)
    policy = secret.get("ResourcePolicy")
    return {**head, "ResourcePolicy": as_text(policy)} if policy else head


def _secret(scope: Scope, parameters: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """By name, by ARN, or by ARN without the six characters at its end."""
    asked = parameters["SecretId"]
    for name, secret in scope.part("secretsmanager", "secrets").items():
        whole = scope.arn("secretsmanager", f"secret:{name}-{secret.get('Suffix', 'a1B2c3')}")
        if asked in (name, whole, whole[:-7]):
            return {"ARN": whole, "Name": name}, secret
    message = "Secrets Manager can't find the specified secret."
    raise ApiError("ResourceNotFoundException", message, 400)


OPERATIONS = {
    ("secretsmanager", "DescribeSecret"): describe_secret,
    ("secretsmanager", "GetSecretValue"): get_secret_value,
    ("secretsmanager", "GetResourcePolicy"): get_resource_policy,
}
