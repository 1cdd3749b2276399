"""A policy document as text: JSON, a Terraform data source, a CloudFormation template."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sesgate.policy.grants import statements_of

FORMS = ("json", "terraform", "cloudformation")


def render(form: str, name: str, policy: Mapping[str, Any], notes: Iterable[str] = ()) -> str:
    """The document in one of FORMS. `name` is what it is for: `auditor`, `application`.

    `notes`, a line each, are comments where the form has such.
    """
    comments = "".join(f"# {note}\n" for note in notes)
    match form:
        case "terraform":
            return comments + "\n".join(_terraform(name, policy)) + "\n"
        case "cloudformation":
            return comments + _cloudformation(name, policy)
    return json.dumps(policy, indent=2) + "\n"


def _terraform(name: str, policy: Mapping[str, Any]) -> Iterator[str]:
    """HCL for `aws_iam_policy_document`, which knows no Version but 2012-10-17 by itself."""
    yield f'data "aws_iam_policy_document" "sesgate_{name}" {{'
    for at, statement in enumerate(statements_of(policy)):
        if at:
            yield ""
        yield "  statement {"
        yield f"    sid       = {_hcl(statement['Sid'])}"
        yield f"    actions   = {_list(statement['Action'])}"
        yield f"    resources = {_list(statement['Resource'])}"
        for operator, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                yield from _condition(operator, key, values)
        yield "  }"
    yield "}"


def _condition(operator: str, key: str, values: Any) -> Iterator[str]:
    yield ""
    yield "    condition {"
    yield f"      test     = {_hcl(operator)}"
    yield f"      variable = {_hcl(key)}"
    yield f"      values   = {_list(values)}"
    yield "    }"


def _list(values: Any) -> str:
    each = [values] if isinstance(values, str) else list(values)
    if len(each) == 1:
        return f"[{_hcl(each[0])}]"
    return "[\n" + "".join(f"      {_hcl(value)},\n" for value in each) + "    ]"


def _hcl(text: str) -> str:
    """A quoted string of HCL, in which `${` and `%{` would begin an expression."""
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def _cloudformation(name: str, policy: Mapping[str, Any]) -> str:
    import yaml

    resource = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"Description": f"Made by sesgate policy {name}", "PolicyDocument": dict(policy)},
    }
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Resources": {f"Sesgate{name.capitalize()}Policy": resource},
    }
    return str(yaml.safe_dump(template, sort_keys=False, width=120))
