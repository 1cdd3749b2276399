"""Key Management Service. `kms.keys` by id: `KeyMetadata` and `Policy`; `kms.aliases`: name to key id."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope, as_text
from sesgate.sandbox.calls import ApiError


def describe_key(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    key_id, key = _key(scope, parameters["KeyId"])
    usual = {
        "AWSAccountId": scope.account_id,
        "KeyId": key_id,
        "Arn": scope.arn("kms", f"key/{key_id}"),
        "CreationDate": scope.now,
        "Enabled": True,
        "Description": "",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": "Enabled",
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "EncryptionAlgorithms": ["SYMMETRIC_DEFAULT"],
        "MultiRegion": False,
    }
    return {"KeyMetadata": usual | key.get("KeyMetadata", {})}


def get_key_policy(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    asked = parameters["KeyId"]
    if "alias/" in asked:
        raise ApiError("InvalidArnException", f"Alias {asked} is not allowed here", 400)
    key_id, key = _key(scope, asked)
    policy = key.get("Policy") or _default_policy(scope, key_id)
    return {"Policy": as_text(policy), "PolicyName": "default"}


def _key(scope: Scope, asked: str) -> tuple[str, dict[str, Any]]:
    """By id, ARN, alias or alias ARN."""
    name = asked.partition(f":{scope.region}:{scope.account_id}:")[2] or asked
    key_id = scope.part("kms", "aliases").get(name) or name.removeprefix("key/")
    found = scope.part("kms", "keys").get(key_id)
    if found is None:
        raise ApiError("NotFoundException", f"Key '{asked}' does not exist", 400)
    return key_id, found


def _default_policy(scope: Scope, key_id: str) -> dict[str, Any]:
    """The policy of a key that nobody gave one."""
    statement = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{scope.account_id}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Id": f"default-{key_id}", "Statement": [statement]}


OPERATIONS = {("kms", "DescribeKey"): describe_key, ("kms", "GetKeyPolicy"): get_key_policy}
