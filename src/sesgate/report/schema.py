"""The JSON Schema of the JSON report, draft 2020-12. What is listed is always there; more may come with any version."""

from sesgate.cell import Cell
from sesgate.finding import Owner, PolicyKind, Severity, Status
from sesgate.report.model import COUNTED, SCHEMA_VERSION
from sesgate.report.shapes import Schema, flag, list_of, moment, object_of, or_null, seconds, sha256, text
from sesgate.verdict import Verdict


def report_schema() -> Schema:
    """The schema. It refuses no unknown key: a report of a later version is still one of schema version 1."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A report of sesgate",
        "anyOf": [{"$ref": "#/$defs/report"}, {"$ref": "#/$defs/joint_report"}],
        "$defs": {
            "report": _report(),
            "joint_report": _joint_report(),
            "finding": _finding(),
            "remedy": _remedy(),
            "aws_call": _aws_call(),
            "exhibit": _exhibit(),
        },
    }


def _joint_report() -> Schema:
    properties = {
        "schema_version": {"const": SCHEMA_VERSION, "description": "The version of this schema. It only grows."},
        "tool": _tool(),
        "started_at": moment("When the first gate's run began, UTC."),
        "duration_seconds": seconds("How long the run of all gates took."),
        "replayed": flag("Whether the evidence came from a recording."),
        "verdict": {"enum": [one.value for one in Verdict], "description": "The worst verdict of the gates."},
        "partial": flag("Whether checks were left out on the command line."),
        "waiting": flag("Whether every gate that is not ready only waits."),
        "counts": _counts(),
        "gates": {**list_of({"$ref": "#/$defs/report"}, "A whole report for each gate."), "minItems": 1},
        "recording": or_null(_recording()),
    }
    return object_of("The outcome of one run of several gates.", properties)


def _report() -> Schema:
    properties = {
        "schema_version": {"const": SCHEMA_VERSION, "description": "The version of this schema. It only grows."},
        "tool": _tool(),
        "gate": _gate(),
        "target": _target(),
        "started_at": moment("When the run began, UTC. In a replay, when the recorded run began."),
        "duration_seconds": seconds("How long the run took."),
        "replayed": flag("Whether the evidence came from a recording."),
        "verdict": {"enum": [one.value for one in Verdict], "description": "What the gate says."},
        "partial": flag("Whether checks were left out on the command line."),
        "left_out": list_of(
            text("The id of a check."), "The checks that the gate asks for and the command line left out."
        ),
        "waiting": flag("Whether all that blocks is pending: nothing failed."),
        "not_asked": list_of(text("A part that the gate does not ask for."), "Parts that the gate does not ask for."),
        "counts": _counts(),
        "findings": list_of({"$ref": "#/$defs/finding"}, "Each subject of each check that was looked at."),
        "environment": or_null(_environment()),
        "checks": {
            "type": "object",
            "additionalProperties": _check_line(),
            "description": "The checks of the findings, by id.",
        },
        "evidence": list_of(
            {"$ref": "#/$defs/exhibit"}, "The evidence that findings cite; all of it is in the recording."
        ),
        "recording": or_null(_recording()),
        "unused_waivers": list_of(_unused_waiver(), "Waivers of the gate that cover no finding."),
        "schedule": or_null(_schedule()),
    }
    return object_of("The outcome of one run of one gate.", properties)


def _tool() -> Schema:
    packs = {"type": "object", "additionalProperties": {"type": "string"}, "description": "Each pack and its version."}
    return object_of(
        "What made the report.", {"name": {"const": "sesgate"}, "version": text("Its version."), "packs": packs}
    )


def _gate() -> Schema:
    return object_of(
        "The gate that was run.",
        {
            "name": or_null(text("The gate's `name`.")),
            "path": or_null(text("Its file; null where it came from flags or from standard input.")),
            "sha256": sha256("Of its text, before variables were filled in."),
        },
    )


def _target() -> Schema:
    return object_of(
        "What was audited, as whom.",
        {
            "account": or_null(text("The AWS account; null where nothing told it.")),
            "region": text("The SES region."),
            "caller": or_null(text("The ARN of the caller; null where it was not asked.")),
            "endpoint": or_null(text("The endpoint, where it is not AWS itself.")),
            "region_overridden": flag("Whether the region is the command line's, not the gate's."),
        },
    )


def _counts() -> Schema:
    counts = {name: {"type": "integer", "minimum": 0} for name in COUNTED}
    return object_of("Findings by status. Disjoint: a waived finding counts as waived only.", counts)


def _finding() -> Schema:
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


def _remedy() -> Schema:
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


def _aws_call() -> Schema:
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


def _exhibit() -> Schema:
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


def _unused_waiver() -> Schema:
    return object_of(
        "A waiver that covers nothing.",
        {
            "check": text("Its check."),
            "subject": text("Its subject."),
            "cause": or_null(text("Its cause; null where it names none.")),
            "expires": text("The last day it holds, UTC."),
            "why": text("Why it covers nothing: expired, matches no finding, ignored."),
        },
    )


def _schedule() -> Schema:
    step = object_of(
        "A remedy in its time.",
        {
            "remedy": text("Its id."),
            "summary": text("What to do, in one line."),
            "owner": {"enum": [one.value for one in Owner], "description": "Who can do it."},
            "starts_seconds": seconds("From the beginning of the work."),
            "ends_seconds": seconds("From the beginning of the work."),
        },
    )
    finding = object_of("A blocking finding.", {"check": text("Its check."), "subject": text("Its subject.")})
    return object_of(
        "The way to READY; null where it is READY.",
        {
            "seconds": seconds("How long the critical path takes."),
            "ready_at": or_null(moment("The earliest time to be ready, UTC; null where `untimed` is not empty.")),
            "path": list_of(step, "The chain of remedies that takes longest, in order."),
            "untimed": list_of(finding, "Blocking findings whose end nobody can foretell."),
        },
    )


def _check_line() -> Schema:
    control = object_of(
        "A control that the check gives evidence for.",
        {
            "framework": text("The framework and its version."),
            "id": text("The control's number there."),
            "title": text("Its title."),
            "why": text("Why the check bears on it."),
            "source": text("Where the claim can be read up."),
        },
    )
    return object_of(
        "What a check is for.",
        {"serves": text("The checklist line."), "controls": list_of(control, "As the check's pack states them.")},
    )


def _environment() -> Schema:
    cell = object_of(
        "One variable of one service.",
        {
            "service": text("The service, by its name in the gate."),
            "variable": text("The variable's name."),
            "state": text(f"What came of it: {', '.join(state.value for state in Cell)}."),
            "place": or_null(text("Where it is set; null where it is not, or nobody could tell.")),
        },
    )
    return object_of("The environment variable matrix.", {"cells": list_of(cell, "In the order of the gate.")})


def _recording() -> Schema:
    return object_of(
        "Where all the evidence was written.", {"path": text("The file."), "sha256": sha256("Of the file.")}
    )
