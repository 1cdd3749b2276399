"""Terraform for the records, and policy documents as locals: names of resources come from the records' own names."""

import json
import re
from typing import Any

from sesgate.finding import DnsRecord, StatementToAdd
from sesgate.repairs.comments import beginning, comment, rest
from sesgate.repairs.work import NothingToWrite, RecordSet, Work
from sesgate.report.forms.changes import record_data


def write(work: Work) -> str:
    """HCL. Raises NothingToWrite."""
    if not work.record_sets and not work.statements:
        raise NothingToWrite("no repair is a DNS record or a policy statement")
    zones = sorted({one.zone for one in work.record_sets})
    blocks = ["\n".join(beginning(work, "#"))]
    blocks += [_variable(zone) for zone in zones]
    blocks += [_record(one) for one in work.record_sets]
    blocks += [_statement(number, one) for number, one in enumerate(work.statements, start=1)]
    others = rest(work.elsewhere(DnsRecord, StatementToAdd), "#")
    return "\n\n".join([*blocks, *(["\n".join(others[1:])] if others else [])]) + "\n"


def _variable(zone: str) -> str:
    words = f"The Route 53 hosted zone of {zone}"
    return f'variable "{_zone_variable(zone)}" {{\n  description = {_quoted(words)}\n  type        = string\n}}'


def _record(one: RecordSet) -> str:
    values = ", ".join(_quoted(_value(one, value)) for value in one.values)
    return "\n".join(
        [
            *[comment("#", f"takes out: {value}") for value in one.gone],
            f'resource "aws_route53_record" "{_label(f"{one.name}_{one.type}")}" {{',
            f"  zone_id         = var.{_zone_variable(one.zone)}",
            f"  name            = {_quoted(one.name)}",
            f"  type            = {_quoted(one.type)}",
            f"  ttl             = {one.ttl}",
            f"  records         = [{values}]",
            "  allow_overwrite = true",
            "}",
        ]
    )


def _value(one: RecordSet, value: str) -> str:
    """The provider puts the quotes around a TXT record itself; between strings of 255 it wants them written."""
    data = record_data(DnsRecord(one.name, one.type, value))
    return data[1:-1].replace('" "', '""') if one.type == "TXT" else data


def _statement(number: int, one: StatementToAdd) -> str:
    return "\n".join(
        [
            comment("#", f"A statement for {one.target}."),
            "locals {",
            f"  sesgate_statement_{number} = {_hcl(dict(one.statement))}",
            "}",
        ]
    )


def _hcl(value: Any) -> str:
    """JSON is an expression of HCL, but for what a template would take for its own."""
    text = json.dumps(value, indent=2, ensure_ascii=True).replace("${", "$${").replace("%{", "%%{")
    return text.replace("\n", "\n  ")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=True).replace("${", "$${").replace("%{", "%%{")


def _zone_variable(zone: str) -> str:
    return f"zone_id_{_label(zone)}"


def _label(text: str) -> str:
    label = re.sub(r"[^a-z0-9]+", "_", text.lower().replace("*", "any")).strip("_")
    return label if label[:1].isalpha() else f"record_{label}"
