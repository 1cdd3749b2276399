"""The JSON Schema of the JSON report, draft 2020-12. What is listed is always there; more may come with any version."""

from sesgate.cell import Cell
from sesgate.finding import Owner
from sesgate.report.model import COUNTED, SCHEMA_VERSION
from sesgate.report.schema_findings import aws_call, exhibit, finding, remedy
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
            "finding": finding(),
            "remedy": remedy(),
            "aws_call": aws_call(),
            "exhibit": exhibit(),
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
