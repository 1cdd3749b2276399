"""A change batch for Route 53, ChangeResourceRecordSets: each record set whole, since UPSERT replaces it."""

import json
from typing import Any

from sesgate.finding import DnsRecord
from sesgate.repairs.comments import in_ascii, not_aws
from sesgate.repairs.work import RecordSet, Work
from sesgate.report.forms.changes import record_data

MOST_COMMENT = 256


def write(work: Work) -> str:
    """The JSON that `aws route53 change-resource-record-sets --change-batch` takes. Raises as `Work.one_zone`."""
    comment = ". ".join([f"sesgate: repairs for {work.one_zone()}", *filter(None, [not_aws(work)])])
    batch = {
        "Comment": in_ascii(comment)[:MOST_COMMENT],
        "Changes": [{"Action": "UPSERT", "ResourceRecordSet": _set(one)} for one in work.record_sets],
    }
    return json.dumps(batch, indent=2, ensure_ascii=True) + "\n"


def _set(one: RecordSet) -> dict[str, Any]:
    values = [{"Value": record_data(DnsRecord(one.name, one.type, value))} for value in one.values]
    return {"Name": f"{one.name}.", "Type": one.type, "TTL": one.ttl, "ResourceRecords": values}
