"""Policy documents: whole, as they are to be, where they were seen; else the statements to add."""

import json
from typing import Any

from sesgate.repairs.policy_calls import policy_name
from sesgate.repairs.work import NothingToWrite, Work


def write(work: Work) -> str:
    """A JSON object. Raises NothingToWrite.

    `policies` has the documents to put in place of those of today, by the policy. `statements` has those whose policy
    was not seen, by where they go, as documents of nothing else: to be added, not to be put in a policy's place.
    """
    seen = {policy_name(one): json.loads(one.after(len(one.statements)) or "{}") for one in work.policies}
    whole = {repr(statement) for one in work.policies for statement in one.statements}
    added: dict[str, dict[str, Any]] = {}
    for one in work.statements:
        if repr(one) not in whole:
            document = added.setdefault(one.target, {"Version": "2012-10-17", "Statement": []})
            document["Statement"].append(dict(one.statement))
    if not seen and not added:
        raise NothingToWrite("no repair is a policy statement")
    parts = {"policies": seen, "statements": added}
    return json.dumps({name: part for name, part in parts.items() if part}, indent=2, ensure_ascii=True) + "\n"
