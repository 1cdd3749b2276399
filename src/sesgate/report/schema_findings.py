"""The schema of a finding: what was seen, what it rests on, and how to repair it."""

from sesgate.finding import Owner, PolicyKind, Severity, Status
from sesgate.report.shapes import Schema, list_of, moment, object_of, or_null, seconds, sha256, text


def finding() -> Schema:
    return object_of(
        "What one check says of one subject.",
        {
            "check": text("The id of the check."),
            "subject": text("What the finding is about. Stable between runs."),
            "status": {"enum": [one.value for one in Status], "description": "`error`: it could not be looked at."},
            "cause": or_null(text("Which of the check's causes it is; null for a pass. Stable between runs.")),
            "severity": {"enum": [one.value for one in Severity], "description": "How much it weighs."},
            "message": text("What was seen, and what was wanted."),
            "expected": or_null(text("What was wanted.")),
            "found": or_null(text("What was seen.")),
            "because": or_null(text("Check and subject of the finding that makes this one pointless.")),
            "evidence": list_of(text("The id of an exhibit."), "What the finding rests on."),
            "notes": list_of(text("One remark."), "What else was seen, such as resolvers that disagree."),
            "remedy": or_null({"$ref": "#/$defs/remedy"}),
            "location": or_null(_location()),
            "waiver": or_null(_waiver()),
        },
    )


def remedy() -> Schema:
    return object_of(
        "How to repair it.",
        {
            "id": text("Findings with equal remedies share one."),
            "summary": text("What to do, in one line."),
            "owner": {"enum": [one.value for one in Owner], "description": "Who can do it."},
            "after": list_of(text("The id of a remedy."), "Remedies that must come first."),
            "lead_time_seconds": seconds("From the change to the moment at which a check can see it."),
            "changes": list_of(_change(), "What to change, as data."),
            "docs": or_null(text("Where it is documented.")),
        },
    )


def _change() -> Schema:
    record = object_of(
        "A DNS record to publish.",
        {
            "name": text("Its name, without a final dot."),
            "type": text("Its type."),
            "value": text("Its data in presentation form, without quotes."),
            "ttl": {"type": "integer", "minimum": 0, "description": "Seconds."},
        },
    )
    statement = object_of(
        "A policy statement to add.",
        {
            "target": text("The policy it belongs to."),
            "statement": {"type": "object"},
            "policy": or_null(_policy()),
        },
    )
    kinds = {
        "dns_record": record,
        "aws": {"$ref": "#/$defs/aws_call"},
        "policy_statement": statement,
        "text": text("What to do, in words."),
    }
    one_of = [{"type": "object", "required": [name], "properties": {name: kind}} for name, kind in kinds.items()]
    return {"oneOf": one_of, "description": "One change; its only key names its kind."}


def _policy() -> Schema:
    return object_of(
        "The policy as programs find it; null where the target is the ARN of a resource, or no policy in AWS.",
        {
            "kind": {"enum": [one.value for one in PolicyKind], "description": "What it hangs on."},
            "of": text("The principal's name, or the ARN of the managed policy or the resource."),
            "name": or_null(text("An inline policy's name; null where a new one is meant.")),
            "in_place_of": or_null({"type": "integer", "minimum": 0, "description": "The statement that goes."}),
        },
    )


def aws_call() -> Schema:
    return object_of(
        "An AWS operation to carry out.",
        {
            "service": text("The service, as botocore names it."),
            "operation": text("The operation, as the API names it."),
            "parameters": {"type": "object"},
            "region": or_null(text("The region; null for a global service.")),
            "undo": or_null({"$ref": "#/$defs/aws_call"}),
        },
    )


def exhibit() -> Schema:
    question = {
        "type": "object",
        "required": ["source"],
        "properties": {"source": text("Who was asked: aws, dns, file, …")},
        "description": "What was asked.",
    }
    excerpt = {"type": "object", "description": "`value`, or `failure`, or `truncated`: at most 4 KiB of the answer."}
    return object_of(
        "A question, and what came back.",
        {
            "id": text("A short digest of the question. Stable between runs."),
            "question": question,
            "excerpt": excerpt,
            "sha256": sha256("Of the whole answer as canonical JSON."),
            "asked_at": moment("When it was asked, UTC."),
            "seconds": seconds("How long the answer took."),
        },
    )


def _location() -> Schema:
    place = {"type": "integer", "minimum": 1}
    return object_of(
        "A place in a file of the user's.", {"path": text("The file."), "line": dict(place), "column": dict(place)}
    )


def _waiver() -> Schema:
    return object_of(
        "The waiver that covers the finding.",
        {
            "reason": text("Why."),
            "owner": text("Who answers for it."),
            "expires": text("The last day it holds, UTC."),
        },
    )
