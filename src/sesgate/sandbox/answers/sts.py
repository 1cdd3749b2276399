"""Security Token Service. The document's `caller` holds the answer of GetCallerIdentity, whoever signed in."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sesgate.sandbox.answers.scope import Scope


def get_caller_identity(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    usual = {
        "UserId": "AROAEXAMPLEEXAMPLEEX:sesgate",
        "Account": scope.account_id,
        "Arn": f"arn:aws:sts::{scope.account_id}:assumed-role/ses-auditor/sesgate",
    }
    return {**usual, **scope.document.get("caller", {})}


def assume_role(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    keys = {"AccessKeyId": "ASIAEXAMPLE", "SecretAccessKey": "example", "SessionToken": "example"}
    role = str(parameters["RoleArn"]).rpartition("/")[2]
    session = parameters["RoleSessionName"]
    return {
        "Credentials": {**keys, "Expiration": scope.now + timedelta(hours=1)},
        "AssumedRoleUser": {
            "AssumedRoleId": f"AROAEXAMPLEEXAMPLEEX:{session}",
            "Arn": f"arn:aws:sts::{scope.account_id}:assumed-role/{role}/{session}",
        },
    }


OPERATIONS = {("sts", "GetCallerIdentity"): get_caller_identity, ("sts", "AssumeRole"): assume_role}
