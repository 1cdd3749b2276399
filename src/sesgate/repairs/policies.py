"""The policy statements to add, as one policy document for each policy that they belong to."""

import json
from typing import Any

from sesgate.repairs.work import NothingToWrite, Work


def write(work: Work) -> str:
    """A JSON object: the policy, by its name in the findings, to a document. Raises NothingToWrite."""
    documents: dict[str, dict[str, Any]] = {}
    for one in work.statements:
        document = documents.setdefault(one.target, {"Version": "2012-10-17", "Statement": []})
        document["Statement"].append(dict(one.statement))
    if not documents:
        raise NothingToWrite("no repair is a policy statement")
    return json.dumps(documents, indent=2, ensure_ascii=True) + "\n"
