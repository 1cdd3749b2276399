"""Security Token Service. The document's `caller` holds the answer of GetCallerIdentity."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope


def get_caller_identity(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    usual = {
        "UserId": "AROAEXAMPLEEXAMPLEEX:sesgate",
        "Account": scope.account_id,
        "Arn": f"arn:aws:sts::{scope.account_id}:assumed-role/ses-auditor/sesgate",
    }
    return {**usual, **scope.document.get("caller", {})}


OPERATIONS = {("sts", "GetCallerIdentity"): get_caller_identity}
