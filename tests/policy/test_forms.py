"""A policy as JSON, Terraform and CloudFormation: each is read by its own tool, and says the same."""

import json
from typing import Any

import hcl2
import yaml

from sesgate.policy import application_policy, render

from .gates import REGION, gate

ODD = "a*b?c${d}'%{e}@yourdomain.com"
DOCUMENT = application_policy(gate(senders=[{"address": ODD, "configuration_set": "main"}]), None, REGION).document


def as_list(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def test_json_is_the_document() -> None:
    assert json.loads(render("json", "application", DOCUMENT, ["a note"])) == DOCUMENT


def test_terraform_says_the_same() -> None:
    text = render("terraform", "application", DOCUMENT, ["a note"])
    assert text.startswith("# a note\n")
    [data] = hcl2.loads(text)["data"]
    [(_, named)] = data.items()
    [(name, body)] = named.items()
    assert name.strip('"') == "sesgate_application"
    [statement] = body["statement"]
    [expected] = DOCUMENT["Statement"]
    plain = [text.strip('"').replace("$${", "${").replace("%%{", "%{") for text in statement["resources"]]
    assert plain == as_list(expected["Resource"])
    assert len(statement["condition"]) == 1


def test_terraform_begins_no_expression() -> None:
    text = render("terraform", "application", DOCUMENT)
    assert "${" not in text.replace("$${", "")
    assert "%{" not in text.replace("%%{", "")


def test_cloudformation_says_the_same() -> None:
    text = render("cloudformation", "auditor", DOCUMENT, ["a note"])
    template = yaml.safe_load(text)
    assert template["Resources"]["SesgateAuditorPolicy"]["Properties"]["PolicyDocument"] == DOCUMENT
    from cfnlint.api import lint_all  # it takes more than a second, and one worker needs it

    assert [match for match in lint_all(text) if match.rule.severity == "error"] == []
