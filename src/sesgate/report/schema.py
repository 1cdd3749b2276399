"""The JSON Schema of the JSON report, draft 2020-12. What is listed is always there; more may come with any version."""

from typing import Any

from sesgate.finding import Owner, Severity, Status
from sesgate.matrix.cells import Cell
from sesgate.report.model import COUNTED, SCHEMA_VERSION
from sesgate.verdict import Verdict

Schema = dict[str, Any]


def report_schema() -> Schema:
    """The schema. It refuses no unknown key: a report of a later version is still one of schema version 1."""
    properties = {
        "schema_version": {"const": SCHEMA_VERSION, "description": "The version of this schema. It only grows."},
        "tool": _tool(),
        "gate": _gate(),
        "target": _target(),
        "started_at": _moment("When the run began, UTC. In a replay, when the recorded run began."),
        "duration_seconds": _seconds("How long the run took."),
        "replayed": _flag("Whether the evidence came from a recording."),
        "verdict": {"enum": [one.value for one in Verdict], "description": "What the gate says."},
        "partial": _flag("Whether checks were left out on the command line."),
        "left_out": _list(
            _text("The id of a check."), "The checks that the gate asks for and the command line left out."
        ),
        "waiting": _flag("Whether all that blocks is pending: nothing failed."),
        "not_asked": _list(_text("A part that the gate does not ask for."), "Parts that the gate does not ask for."),
        "counts": _counts(),
        "findings": _list({"$ref": "#/$defs/finding"}, "Each subject of each check that was looked at."),
        "environment": _or_null(_environment()),
        "checks": {
            "type": "object",
            "additionalProperties": _check_line(),
            "description": "The checks of the findings, by id.",
        },
        "evidence": _list(
            {"$ref": "#/$defs/exhibit"}, "The evidence that findings cite; all of it is in the recording."
        ),
        "recording": _or_null(_recording()),
        "unused_waivers": _list(_unused_waiver(), "Waivers of the gate that cover no finding."),
        "schedule": _or_null(_schedule()),
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A report of sesgate",
        **_object("The outcome of one run of the gate.", properties),
        "$defs": {"finding": _finding(), "remedy": _remedy(), "aws_call": _aws_call(), "exhibit": _exhibit()},
    }


def _tool() -> Schema:
    packs = {"type": "object", "additionalProperties": {"type": "string"}, "description": "Each pack and its version."}
    return _object(
        "What made the report.", {"name": {"const": "sesgate"}, "version": _text("Its version."), "packs": packs}
    )


def _gate() -> Schema:
    return _object(
        "The gate that was run.",
        {
            "name": _or_null(_text("The gate's `name`.")),
            "path": _or_null(_text("Its file; null where it came from flags or from standard input.")),
            "sha256": _sha256("Of its text, before variables were filled in."),
        },
    )


def _target() -> Schema:
    return _object(
        "What was audited, as whom.",
        {
            "account": _or_null(_text("The AWS account; null where nothing told it.")),
            "region": _text("The SES region."),
            "caller": _or_null(_text("The ARN of the caller; null where it was not asked.")),
            "endpoint": _or_null(_text("The endpoint, where it is not AWS itself.")),
            "region_overridden": _flag("Whether the region is the command line's, not the gate's."),
        },
    )


def _counts() -> Schema:
    counts = {name: {"type": "integer", "minimum": 0} for name in COUNTED}
    return _object("Findings by status. Disjoint: a waived finding counts as waived only.", counts)


def _finding() -> Schema:
    return _object(
        "What one check says of one subject.",
        {
            "check": _text("The id of the check."),
            "subject": _text("What the finding is about. Stable between runs."),
            "status": {"enum": [one.value for one in Status], "description": "`error`: it could not be looked at."},
            "cause": _or_null(_text("Which of the check's causes it is; null for a pass. Stable between runs.")),
            "severity": {"enum": [one.value for one in Severity], "description": "How much it weighs."},
            "message": _text("What was seen, and what was wanted."),
            "expected": _or_null(_text("What was wanted.")),
            "found": _or_null(_text("What was seen.")),
            "because": _or_null(_text("Check and subject of the finding that makes this one pointless.")),
            "evidence": _list(_text("The id of an exhibit."), "What the finding rests on."),
            "notes": _list(_text("One remark."), "What else was seen, such as resolvers that disagree."),
            "remedy": _or_null({"$ref": "#/$defs/remedy"}),
            "location": _or_null(_location()),
            "waiver": _or_null(_waiver()),
        },
    )


def _remedy() -> Schema:
    return _object(
        "How to repair it.",
        {
            "id": _text("Findings with equal remedies share one."),
            "summary": _text("What to do, in one line."),
            "owner": {"enum": [one.value for one in Owner], "description": "Who can do it."},
            "after": _list(_text("The id of a remedy."), "Remedies that must come first."),
            "lead_time_seconds": _seconds("From the change to the moment at which a check can see it."),
            "changes": _list(_change(), "What to change, as data."),
            "docs": _or_null(_text("Where it is documented.")),
        },
    )


def _change() -> Schema:
    record = _object(
        "A DNS record to publish.",
        {
            "name": _text("Its name, without a final dot."),
            "type": _text("Its type."),
            "value": _text("Its data in presentation form, without quotes."),
            "ttl": {"type": "integer", "minimum": 0, "description": "Seconds."},
        },
    )
    statement = _object(
        "A policy statement to add.",
        {"target": _text("The policy it belongs to."), "statement": {"type": "object"}},
    )
    kinds = {
        "dns_record": record,
        "aws": {"$ref": "#/$defs/aws_call"},
        "policy_statement": statement,
        "text": _text("What to do, in words."),
    }
    one_of = [{"type": "object", "required": [name], "properties": {name: kind}} for name, kind in kinds.items()]
    return {"oneOf": one_of, "description": "One change; its only key names its kind."}


def _aws_call() -> Schema:
    return _object(
        "An AWS operation to carry out.",
        {
            "service": _text("The service, as botocore names it."),
            "operation": _text("The operation, as the API names it."),
            "parameters": {"type": "object"},
            "region": _or_null(_text("The region; null for a global service.")),
            "undo": _or_null({"$ref": "#/$defs/aws_call"}),
        },
    )


def _exhibit() -> Schema:
    question = {
        "type": "object",
        "required": ["source"],
        "properties": {"source": _text("Who was asked: aws, dns, file, …")},
        "description": "What was asked.",
    }
    excerpt = {"type": "object", "description": "`value`, or `failure`, or `truncated`: at most 4 KiB of the answer."}
    return _object(
        "A question, and what came back.",
        {
            "id": _text("A short digest of the question. Stable between runs."),
            "question": question,
            "excerpt": excerpt,
            "sha256": _sha256("Of the whole answer as canonical JSON."),
            "asked_at": _moment("When it was asked, UTC."),
            "seconds": _seconds("How long the answer took."),
        },
    )


def _location() -> Schema:
    place = {"type": "integer", "minimum": 1}
    return _object(
        "A place in a file of the user's.", {"path": _text("The file."), "line": dict(place), "column": dict(place)}
    )


def _waiver() -> Schema:
    return _object(
        "The waiver that covers the finding.",
        {
            "reason": _text("Why."),
            "owner": _text("Who answers for it."),
            "expires": _text("The last day it holds, UTC."),
        },
    )


def _unused_waiver() -> Schema:
    return _object(
        "A waiver that covers nothing.",
        {
            "check": _text("Its check."),
            "subject": _text("Its subject."),
            "cause": _or_null(_text("Its cause; null where it names none.")),
            "expires": _text("The last day it holds, UTC."),
            "why": _text("Why it covers nothing: expired, matches no finding, ignored."),
        },
    )


def _schedule() -> Schema:
    step = _object(
        "A remedy in its time.",
        {
            "remedy": _text("Its id."),
            "summary": _text("What to do, in one line."),
            "owner": {"enum": [one.value for one in Owner], "description": "Who can do it."},
            "starts_seconds": _seconds("From the beginning of the work."),
            "ends_seconds": _seconds("From the beginning of the work."),
        },
    )
    finding = _object("A blocking finding.", {"check": _text("Its check."), "subject": _text("Its subject.")})
    return _object(
        "The way to READY; null where it is READY.",
        {
            "seconds": _seconds("How long the critical path takes."),
            "ready_at": _or_null(_moment("The earliest time to be ready, UTC; null where `untimed` is not empty.")),
            "path": _list(step, "The chain of remedies that takes longest, in order."),
            "untimed": _list(finding, "Blocking findings whose end nobody can foretell."),
        },
    )


def _check_line() -> Schema:
    control = _object(
        "A control that the check gives evidence for.",
        {
            "framework": _text("The framework and its version."),
            "id": _text("The control's number there."),
            "title": _text("Its title."),
            "why": _text("Why the check bears on it."),
            "source": _text("Where the claim can be read up."),
        },
    )
    return _object(
        "What a check is for.",
        {"serves": _text("The checklist line."), "controls": _list(control, "As the check's pack states them.")},
    )


def _environment() -> Schema:
    cell = _object(
        "One variable of one service.",
        {
            "service": _text("The service, by its name in the gate."),
            "variable": _text("The variable's name."),
            "state": _text(f"What came of it: {', '.join(state.value for state in Cell)}."),
            "place": _or_null(_text("Where it is set; null where it is not, or nobody could tell.")),
        },
    )
    return _object("The environment variable matrix.", {"cells": _list(cell, "In the order of the gate.")})


def _recording() -> Schema:
    return _object(
        "Where all the evidence was written.", {"path": _text("The file."), "sha256": _sha256("Of the file.")}
    )


def _object(description: str, properties: dict[str, Any]) -> Schema:
    """An object that always has these keys, and may get more."""
    return {"type": "object", "description": description, "required": list(properties), "properties": properties}


def _list(items: Schema, description: str) -> Schema:
    return {"type": "array", "items": items, "description": description}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _text(description: str) -> Schema:
    return {"type": "string", "description": description}


def _flag(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def _seconds(description: str) -> Schema:
    return {"type": "number", "minimum": 0, "description": f"{description} Seconds."}


def _sha256(description: str) -> Schema:
    return {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": f"SHA-256 in hexadecimal. {description}"}


def _moment(description: str) -> Schema:
    return {"type": "string", "format": "date-time", "description": description}
