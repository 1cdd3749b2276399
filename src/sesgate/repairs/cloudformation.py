"""A CloudFormation template for the records. What it has no words for stands in its metadata."""

import json
import re
from typing import Any

from sesgate.finding import DnsRecord
from sesgate.repairs.comments import beginning
from sesgate.repairs.work import RecordSet, Work
from sesgate.report.forms.changes import record_data
from sesgate.report.forms.escape import visible


def write(work: Work) -> str:
    """JSON; the hosted zone is a parameter. Raises as `Work.one_zone`."""
    zone = work.one_zone()
    others = [visible(summary, ascii_only=True) for summary in work.elsewhere(DnsRecord)]
    there = [f"{one.name} {one.type}" for one in work.record_sets if work.today.get((one.type, one.name.lower()))]
    about = [line.removeprefix("# ") for line in beginning(work, "#")]
    template = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": f"Mail records of {zone}, written by sesgate",
        "Metadata": {"About": about, **_already(there), "NotInThisTemplate": others},
        "Parameters": {
            "HostedZoneId": {
                "Type": "AWS::Route53::HostedZone::Id",
                "Description": f"The Route 53 hosted zone of {zone}",
            }
        },
        "Resources": {_logical(one): _resource(one) for one in work.record_sets},
    }
    return json.dumps(template, indent=2, ensure_ascii=True) + "\n"


def _already(there: list[str]) -> dict[str, Any]:
    """CloudFormation creates no record set that exists."""
    if not there:
        return {}
    told = "A stack can't create what exists: import these record sets into it, or delete them just before"
    return {"ExistAlready": {"Note": told, "RecordSets": [visible(one, ascii_only=True) for one in there]}}


def _resource(one: RecordSet) -> dict[str, Any]:
    values = [record_data(DnsRecord(one.name, one.type, value)) for value in one.values]
    return {
        "Type": "AWS::Route53::RecordSet",
        "Properties": {
            "HostedZoneId": {"Ref": "HostedZoneId"},
            "Name": f"{one.name}.",
            "Type": one.type,
            "TTL": str(one.ttl),
            "ResourceRecords": values,
        },
    }


def _logical(one: RecordSet) -> str:
    words = re.findall(r"[a-z0-9]+", f"{one.name.lower().replace('*', 'any')} {one.type.lower()}")
    return "Record" + "".join(word.title() for word in words)
