"""From a local file to the IAM policies in it: a policy, several, a CloudFormation template, or a Terraform plan.

Only policies are taken from it: templates and plans hold secrets as well, and an answer must not.
"""

import json
from collections.abc import Iterator
from typing import Any

from sesgate.access.local.cloudformation import is_template, template_policies
from sesgate.access.local.found import FoundPolicy, of_node
from sesgate.access.local.json_nodes import json_nodes
from sesgate.access.local.nodes import Listing, Node, Place, Table, Unreadable
from sesgate.access.local.terraform import Plan, is_plan
from sesgate.access.local.yaml_nodes import yaml_nodes

LONGEST = 2 * 1024 * 1024
"""Characters of a policy or template. A template may have 1 MB. A Terraform plan may be longer: see `FileSource`."""
MOST_POLICIES = 2000
MOST_PROBLEMS = 100
LONGEST_MESSAGE = 300
_DOCUMENTS = ("PolicyDocument", "Document", "policy", "document")
_NAMES = ("PolicyName", "name", "Name")
NOTHING = (
    "there is no IAM policy in it: a policy has a Statement, a CloudFormation template has Resources, "
    "a Terraform plan comes from `terraform show -json`"
)


def read_policies(text: str) -> dict[str, Any]:
    """`{"form", "policies", "problems"}`, plain data. Never fails: what can't be read is a problem with its place."""
    try:
        form, found, problems = _read(text.removeprefix("\ufeff"))
    except Unreadable as wrong:
        form, found, problems = "unknown", [], [(str(wrong), wrong.place)]
    if len(found) > MOST_POLICIES:
        problems.append((f"more than {MOST_POLICIES} policies: the rest is not looked at", Place(1, 1)))
    return {
        "form": form,
        "policies": [policy.to_json() for policy in found[:MOST_POLICIES]],
        "problems": [
            {"message": " ".join(message.split())[:LONGEST_MESSAGE], "line": place.line, "column": place.column}
            for message, place in problems[:MOST_PROBLEMS]
        ],
    }


def _read(text: str) -> tuple[str, list[FoundPolicy], list[tuple[str, Place]]]:
    if text.lstrip()[:1] in ("{", "["):
        plan = _plan(text)
        if plan is not None:
            found = plan.policies()
            if not found and not plan.problems:
                plan.problems.append(("this Terraform plan holds no IAM policy", Place(1, 1)))
            return "terraform", found, plan.problems
        root = json_nodes(_bounded(text))
    else:
        root = yaml_nodes(_bounded(text))
    if isinstance(root, Table) and is_template(root):
        found = list(template_policies(root))
        nothing = [] if found else [("this CloudFormation template holds no IAM policy", Place(1, 1))]
        return "cloudformation", found, nothing
    found = list(_plain(root, ""))
    return "policy", found, [] if found else [(NOTHING, root.place)]


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise Unreadable(f"longer than {LONGEST} characters: this is no policy")
    return text


def _plan(text: str) -> Plan | None:
    """A plan is read by the fast parser: it may be long, and the place of its resources is enough."""
    if '"terraform_version"' not in text and '"planned_values"' not in text and '"resource_changes"' not in text:
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None  # the slow parser tells the place
    return Plan(document, text) if is_plan(document) else None


def _plain(node: Node, title: str) -> Iterator[FoundPolicy]:
    """A policy; a list of policies; policies by name; or what the AWS CLI prints around one."""
    if isinstance(node, Listing):
        for number, item in enumerate(node.items):
            yield from _plain(item, f"{title}[{number}]")
        return
    if not isinstance(node, Table):
        return
    if "Statement" in node.names():
        trust = _names_principals(node)
        yield of_node(title, "trust" if trust else "identity", node)
        return
    named = next((name for name in map(node.text, _NAMES) if name), title)
    for key in _DOCUMENTS:
        inner = node.table(key)
        if inner is not None and "Statement" in inner.names():
            yield from _plain(inner, named)
            return
    if (trust_document := node.table("AssumeRolePolicyDocument")) is not None:
        yield of_node(f"{named} trust policy".strip(), "trust", trust_document)
        return
    for entry in node.entries:
        if isinstance(entry.value, Table) and _holds_a_policy(entry.value):
            yield from _plain(entry.value, "" if entry.key in ("PolicyVersion", "Role", "Policy") else entry.key)


def _holds_a_policy(node: Table) -> bool:
    return bool({"Statement", "AssumeRolePolicyDocument", *_DOCUMENTS} & node.names())


def _names_principals(node: Table) -> bool:
    """A document of which every statement names principals is a trust policy: an identity policy can't."""
    statements = node.get("Statement")
    items = statements.items if isinstance(statements, Listing) else (statements,)
    named = [isinstance(item, Table) and bool({"Principal", "NotPrincipal"} & item.names()) for item in items]
    return bool(named) and all(named)
