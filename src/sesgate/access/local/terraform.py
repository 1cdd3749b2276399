"""The IAM policies in the JSON of a Terraform plan or state (`terraform show -json`)."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sesgate.access.local.found import FoundPolicy, Kind
from sesgate.access.local.nodes import Place

_ALONE: Mapping[str, str] = {
    "aws_iam_policy": "policy",
    "aws_iam_role_policy": "policy",
    "aws_iam_user_policy": "policy",
    "aws_iam_group_policy": "policy",
}
DATA = "aws_iam_policy_document"
DEEPEST = 40


class Plan:
    """One plan. `text` is its JSON: the place of a resource is where its address stands first."""

    def __init__(self, document: Mapping[str, Any], text: str) -> None:
        self._document = document
        self._text = text
        self.problems: list[tuple[str, Place]] = []

    def policies(self) -> list[FoundPolicy]:
        """All policies that the plan knows. What is known only after apply is a problem."""
        resources = list(self._resources())
        limits = (resource["values"].get("permissions_boundary") for resource in resources)
        arns = dict.fromkeys(arn for arn in limits if isinstance(arn, str) and arn)
        boundaries = {arn.rsplit("/", 1)[-1] for arn in arns}
        found = [policy for resource in resources for policy in self._policies(resource, boundaries)]
        here = {str(resource["values"].get("name")) for resource in resources if resource["type"] == "aws_iam_policy"}
        found += [FoundPolicy(arn, "boundary", None) for arn in arns if arn.rsplit("/", 1)[-1] not in here]
        self._tell_unknown()
        # A policy document is data that policies are made of: it counts where it is all there is.
        return found or [policy for resource in resources for policy in self._data(resource)]

    def _resources(self) -> Iterator[dict[str, Any]]:
        """Resources with `address`, `type`, `name` and `values`."""
        for part in ("planned_values", "values"):
            root = self._document.get(part)
            if isinstance(root, Mapping):
                yield from _of_module(root.get("root_module"), 0)
        prior = self._document.get("prior_state")
        if isinstance(prior, Mapping) and isinstance(prior.get("values"), Mapping):
            yield from (one for one in _of_module(prior["values"].get("root_module"), 0) if one["type"] == DATA)

    def _policies(self, resource: Mapping[str, Any], boundaries: set[str]) -> Iterator[FoundPolicy]:
        kind, values = resource["type"], resource["values"]
        if kind in _ALONE:
            document = values.get(_ALONE[kind])
            role: Kind = (
                "boundary" if kind == "aws_iam_policy" and str(values.get("name")) in boundaries else "identity"
            )
            if isinstance(document, str):
                owners = [values.get(name) for name in ("role", "user", "group")]
                yield self._found(resource, "", role, document, owners)
        elif kind == "aws_iam_role":
            owners = [values.get("name")]
            trust = values.get("assume_role_policy")
            if isinstance(trust, str):
                yield self._found(resource, " trust policy", "trust", trust, owners)
            for inline in _list(values.get("inline_policy")):
                document = _mapping(inline).get("policy")
                if isinstance(document, str):
                    yield self._found(resource, f"/{inline.get('name') or 'inline'}", "identity", document, owners)

    def _data(self, resource: Mapping[str, Any]) -> Iterator[FoundPolicy]:
        document = resource["values"].get("json")
        if resource["type"] == DATA and isinstance(document, str):
            yield self._found(resource, "", "identity", document, [])

    def _found(
        self, resource: Mapping[str, Any], title: str, kind: Kind, document: str, owners: list[Any]
    ) -> FoundPolicy:
        address = resource["address"]
        named = tuple(owner for owner in owners if isinstance(owner, str) and owner)
        return FoundPolicy(address + title, kind, document, {"": self._place(address)}, named)

    def _tell_unknown(self) -> None:
        for change in _list(self._document.get("resource_changes")):
            unknown = _mapping(_mapping(change).get("change")).get("after_unknown")
            attribute = _ALONE.get(str(_mapping(change).get("type")))
            if attribute and _mapping(unknown).get(attribute) is True:
                address = str(change.get("address"))
                self.problems.append((f"the policy of {address} is known only after apply", self._place(address)))

    def _place(self, address: str) -> Place:
        at = self._text.find(json.dumps(address))
        if at < 0:
            return Place(1, 1)
        return Place(self._text.count("\n", 0, at) + 1, at - self._text.rfind("\n", 0, at))


def is_plan(document: Any) -> bool:
    """Is it the JSON of a plan, or of a state?"""
    if not isinstance(document, Mapping):
        return False
    return "planned_values" in document or "resource_changes" in document or "terraform_version" in document


def _of_module(module: Any, depth: int) -> Iterator[dict[str, Any]]:
    if not isinstance(module, Mapping) or depth > DEEPEST:
        return
    for resource in _list(module.get("resources")):
        if isinstance(resource, Mapping) and isinstance(resource.get("values"), Mapping):
            yield {
                "address": str(resource.get("address")),
                "type": str(resource.get("type")),
                "values": resource["values"],
            }
    for child in _list(module.get("child_modules")):
        yield from _of_module(child, depth + 1)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
