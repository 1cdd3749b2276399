"""Identity and Access Management. The document's `iam` holds `users`, `groups`, `roles` and `policies`: lists of what
GetAccountAuthorizationDetails tells of each; a user may have `AccessKeys`, each with `LastUsed`. It is of no region.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from sesgate.sandbox.answers.scope import Scope, as_text
from sesgate.sandbox.calls import ApiError

_DOCUMENTS = frozenset({"AssumeRolePolicyDocument", "PolicyDocument", "Document"})
_LISTS = {"User": "users", "Group": "groups", "Role": "roles"}


def get_account_authorization_details(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    wanted = set(parameters.get("Filter") or [*_LISTS, "LocalManagedPolicy", "AWSManagedPolicy"])
    details = {
        f"{kind}DetailList": _Pages(_all(scope, part) if kind in wanted else []) for kind, part in _LISTS.items()
    }
    policies = _Pages(one for one in _all(scope, "policies") if _managed_by(one) in wanted)
    return {**details, "Policies": policies, "IsTruncated": False}


class _Pages(list[Any]):
    """Encodes the documents of a page when it is cut: to encode a large account for each page takes too long."""

    def __getitem__(self, cut: Any) -> Any:
        found = super().__getitem__(cut)
        return _encoded_item(found)


def get_role(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    role = _role(scope, parameters)
    kept = {name: value for name, value in role.items() if name not in ("RolePolicyList", "AttachedManagedPolicies")}
    return _encoded({"Role": {"CreateDate": scope.now, "Path": "/", "RoleId": "AROAEXAMPLEEXAMPLEEX", **kept}})


def list_role_policies(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    inline = _role(scope, parameters).get("RolePolicyList", [])
    return {"PolicyNames": [one["PolicyName"] for one in inline], "IsTruncated": False}


def get_role_policy(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    role = _role(scope, parameters)
    found = _one(role.get("RolePolicyList", []), "PolicyName", parameters["PolicyName"])
    return _encoded({"RoleName": role["RoleName"], **found})


def list_attached_role_policies(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"AttachedPolicies": _role(scope, parameters).get("AttachedManagedPolicies", []), "IsTruncated": False}


def get_policy(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    found = _one(_all(scope, "policies"), "Arn", parameters["PolicyArn"])
    return {"Policy": {name: value for name, value in found.items() if name != "PolicyVersionList"}}


def get_policy_version(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    versions = _one(_all(scope, "policies"), "Arn", parameters["PolicyArn"]).get("PolicyVersionList", [])
    return _encoded({"PolicyVersion": _one(versions, "VersionId", parameters["VersionId"])})


def list_access_keys(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    user = _one(_all(scope, "users"), "UserName", parameters.get("UserName"))
    keys = [{name: value for name, value in key.items() if name != "LastUsed"} for key in user.get("AccessKeys", [])]
    return {"AccessKeyMetadata": [{"UserName": user["UserName"], **key} for key in keys], "IsTruncated": False}


def get_access_key_last_used(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    for user in _all(scope, "users"):
        for key in user.get("AccessKeys", []):
            if key["AccessKeyId"] == parameters["AccessKeyId"]:
                unused = {"ServiceName": "N/A", "Region": "N/A"}
                return {"UserName": user["UserName"], "AccessKeyLastUsed": key.get("LastUsed", unused)}
    raise ApiError("NoSuchEntity", "The access key cannot be found.", 404)


def _all(scope: Scope, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = scope.document.get("iam", {}).get(kind, [])
    return found


def _role(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    return _one(_all(scope, "roles"), "RoleName", parameters["RoleName"])


def _one(entries: list[dict[str, Any]], name: str, value: Any) -> dict[str, Any]:
    found = next((one for one in entries if one.get(name) == value), None)
    if found is None:
        raise ApiError("NoSuchEntity", f"{value} cannot be found.", 404)
    return found


def _managed_by(policy: Mapping[str, Any]) -> str:
    return "AWSManagedPolicy" if policy["Arn"].startswith("arn:aws:iam::aws:") else "LocalManagedPolicy"


def _encoded(value: dict[str, Any]) -> dict[str, Any]:
    """Policy documents as IAM sends them: JSON in a URL-encoded string."""
    return dict(_encoded_members(value))


def _encoded_item(value: Any) -> Any:
    if isinstance(value, dict):
        return _encoded(value)
    return [_encoded_item(item) for item in value] if isinstance(value, list) else value


def _encoded_members(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, member in value.items():
        if name in _DOCUMENTS and isinstance(member, dict | str):
            yield name, quote(as_text(json.loads(member) if isinstance(member, str) else member))
        else:
            yield name, _encoded_item(member)


OPERATIONS = {
    ("iam", "GetAccountAuthorizationDetails"): get_account_authorization_details,
    ("iam", "GetRole"): get_role,
    ("iam", "ListRolePolicies"): list_role_policies,
    ("iam", "GetRolePolicy"): get_role_policy,
    ("iam", "ListAttachedRolePolicies"): list_attached_role_policies,
    ("iam", "GetPolicy"): get_policy,
    ("iam", "GetPolicyVersion"): get_policy_version,
    ("iam", "ListAccessKeys"): list_access_keys,
    ("iam", "GetAccessKeyLastUsed"): get_access_key_last_used,
}
