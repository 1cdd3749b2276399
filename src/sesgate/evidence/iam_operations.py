"""The reads of IAM: who there is, and what their policies say. IAM is global; it is asked by the audited region's name.

Policy documents come as URL-encoded text, and are kept as JSON text, as they were written: it takes a fifth of the
room, hides no key that stands twice, and is parsed where it is judged.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from sesgate.evidence.operation import Operation, Pages

MISSING = frozenset({"NoSuchEntity", "NoSuchEntityException"})
DOCUMENTS = frozenset({"PolicyDocument", "AssumeRolePolicyDocument", "Document"})


def iam_operations() -> Iterator[Operation]:
    """Each read, with what is kept of it."""
    yield _iam(
        "GetAccountAuthorizationDetails",
        *(f"UserDetailList.{name}" for name in ("UserName", "Arn", "UserPolicyList", "GroupList", "Tags")),
        "UserDetailList.AttachedManagedPolicies",
        "UserDetailList.PermissionsBoundary.PermissionsBoundaryArn",
        *(f"GroupDetailList.{name}" for name in ("GroupName", "Arn", "GroupPolicyList", "AttachedManagedPolicies")),
        *(f"RoleDetailList.{name}" for name in ("RoleName", "Arn", "AssumeRolePolicyDocument", "RolePolicyList")),
        "RoleDetailList.AttachedManagedPolicies",
        "RoleDetailList.PermissionsBoundary.PermissionsBoundaryArn",
        "RoleDetailList.Tags",
        *(f"Policies.{name}" for name in ("PolicyName", "Arn", "DefaultVersionId", "PolicyVersionList")),
        pages=_pages("UserDetailList", 1000),
    )
    yield _iam(
        "GetRole",
        *(f"Role.{name}" for name in ("RoleName", "Arn", "AssumeRolePolicyDocument", "Tags")),
        "Role.PermissionsBoundary.PermissionsBoundaryArn",
    )
    yield _iam("ListRolePolicies", "PolicyNames", pages=_pages("PolicyNames"))
    yield _iam("GetRolePolicy", "PolicyName", "PolicyDocument")
    yield _iam("ListAttachedRolePolicies", "AttachedPolicies", pages=_pages("AttachedPolicies"))
    yield _iam("GetPolicy", *(f"Policy.{name}" for name in ("PolicyName", "Arn", "DefaultVersionId")))
    yield _iam("GetPolicyVersion", "PolicyVersion.Document", "PolicyVersion.VersionId")
    yield _iam(
        "ListAccessKeys",
        *(f"AccessKeyMetadata.{name}" for name in ("UserName", "AccessKeyId", "Status", "CreateDate")),
        pages=_pages("AccessKeyMetadata"),
    )
    yield _iam(
        "GetAccessKeyLastUsed",
        "UserName",
        *(f"AccessKeyLastUsed.{name}" for name in ("LastUsedDate", "ServiceName", "Region")),
    )


def _pages(items: str, size: int | None = None) -> Pages:
    return Pages("Marker", "Marker", items, ("MaxItems", size) if size else None)


def _iam(name: str, *keep: str, pages: Pages | None = None) -> Operation:
    return Operation("iam", name, f"iam:{name}", keep, MISSING, pages, clean=_with_documents_as_text)


def _with_documents_as_text(answer: dict[str, Any]) -> dict[str, Any]:
    for policy in answer.get("Policies") or ():
        _keep_the_default_version(policy)
    _write_documents(answer)
    return answer


def _keep_the_default_version(policy: dict[str, Any]) -> None:
    """A managed policy has up to five versions, and one of them counts. Its document stands beside its name."""
    versions = policy.pop("PolicyVersionList", None) or ()
    wanted = policy.get("DefaultVersionId")
    for version in versions:
        if version.get("VersionId") == wanted or (wanted is None and version.get("IsDefaultVersion")):
            policy["Document"] = version.get("Document")


def _write_documents(node: Any) -> None:
    if isinstance(node, list):
        for item in node:
            _write_documents(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name in DOCUMENTS:
                node[name] = _text(value)
            elif isinstance(value, dict | list):
                _write_documents(value)


def _text(document: Any) -> Any:
    """Text that is not JSON is kept as it is: whoever parses it says so."""
    if isinstance(document, Mapping):
        return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    if isinstance(document, str) and document[:1] == "%":
        return unquote(document)
    return document
