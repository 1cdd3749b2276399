"""The IAM policies of a CloudFormation template."""

from collections.abc import Iterable, Iterator

from sesgate.access.local.found import FoundPolicy, Kind, of_node
from sesgate.access.local.intrinsics import Template, called
from sesgate.access.local.left_open import with_open_arns
from sesgate.access.local.nodes import Node, Scalar, Table, items_of

MANAGED = "AWS::IAM::ManagedPolicy"
WITH_POLICIES = frozenset({"AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group", "AWS::Serverless::Function"})
ALONE = frozenset({MANAGED, *(f"AWS::IAM::{kind}" for kind in ("Policy", "RolePolicy", "UserPolicy", "GroupPolicy"))})
_OWNERS = ("Roles", "Users", "Groups", "RoleName", "UserName", "GroupName")


def is_template(root: Node) -> bool:
    """Has it the look of a template?"""
    if not isinstance(root, Table):
        return False
    resources = root.table("Resources")
    if resources is None:
        return False
    kinds = (entry.value.text("Type") or "" for entry in resources.entries if isinstance(entry.value, Table))
    return "AWSTemplateFormatVersion" in root.names() or any(kind.startswith("AWS::") for kind in kinds)


def template_policies(root: Table) -> Iterator[FoundPolicy]:
    """Every policy of the template's roles, users, groups and managed policies; trust policies and boundaries too."""
    template = Template(root)
    resources = root.table("Resources")
    if resources is None:
        return
    typed = [(entry.key, entry.value) for entry in resources.entries if isinstance(entry.value, Table)]
    boundaries = {name for _, resource in typed for name in [_boundary(template, resource)] if name}
    for name, resource in typed:
        kind = resource.text("Type")
        properties = resource.table("Properties")
        if properties is None:
            continue
        if kind in WITH_POLICIES:
            yield from _principal(template, name, properties, kind)
        elif kind in ALONE:
            yield from _alone(template, name, properties, "boundary" if name in boundaries else "identity")
    defined = {name for name, _ in typed}
    for name in boundaries - defined:
        yield FoundPolicy(name, "boundary", None)


def _principal(template: Template, name: str, properties: Table, kind: str) -> Iterator[FoundPolicy]:
    owners = _known(name, *(template.text(properties.get(key)) for key in ("RoleName", "UserName", "GroupName")))
    trust = properties.get("AssumeRolePolicyDocument")
    if trust is not None and kind == "AWS::IAM::Role":
        yield _found(template, f"{name} trust policy", "trust", trust, owners)
    policies = properties.get("Policies")
    template.assumed.clear()
    for number, item in enumerate(items_of(template.resolve(policies)) if policies is not None else ()):
        if not isinstance(item, Table):
            continue
        document = item if "Statement" in item.names() else item.get("PolicyDocument")
        if document is not None:
            title = item.text("PolicyName") or str(number)
            yield of_node(f"{name}/{title}", "identity", with_open_arns(document), owners, template.assumed)


def _alone(template: Template, name: str, properties: Table, kind: Kind) -> Iterator[FoundPolicy]:
    document = properties.get("PolicyDocument")
    if document is None:
        return
    owners = [owner for key in _OWNERS for item in items_of(properties.get(key)) for owner in _named(template, item)]
    yield _found(template, name, kind, document, owners or _attached_to(template, name))


def _found(template: Template, title: str, kind: Kind, document: Node, owners: Iterable[str]) -> FoundPolicy:
    template.assumed.clear()
    return of_node(title, kind, with_open_arns(template.resolve(document)), owners, template.assumed)


def _attached_to(template: Template, policy: str) -> list[str]:
    """The roles of the template whose ManagedPolicyArns, or PermissionsBoundary, name a managed policy of it."""
    resources = template.root.table("Resources")
    found: list[str] = []
    for entry in resources.entries if resources else ():
        properties = entry.value.table("Properties") if isinstance(entry.value, Table) else None
        if properties is None:
            continue
        arns = (*items_of(properties.get("ManagedPolicyArns")), *items_of(properties.get("PermissionsBoundary")))
        if policy in map(_referred, arns):
            names = (template.text(properties.get(key)) for key in ("RoleName", "UserName", "GroupName"))
            found += _known(entry.key, *names)
    return found


def _boundary(template: Template, resource: Table) -> str | None:
    """The logical id, or else the ARN, of a resource's permissions boundary."""
    properties = resource.table("Properties")
    node = properties.get("PermissionsBoundary") if properties else None
    if node is None:
        return None
    return _referred(node) or template.text(node) or "a permissions boundary"


def _referred(node: Node) -> str | None:
    """The logical id that `Ref` or `GetAtt` names."""
    function = called(node)
    if function is None or function[0] not in ("Ref", "GetAtt"):
        return None
    first = next(iter(items_of(function[1])), None)
    return str(first.value).partition(".")[0] if isinstance(first, Scalar) else None


def _named(template: Template, node: Node) -> tuple[str, ...]:
    """A role by the name that it will have, and by its logical id."""
    return _known(_referred(node), template.text(node))


def _known(*names: str | None) -> tuple[str, ...]:
    return tuple(name for name in names if name and "${" not in name)
