"""EventBridge rules as a way to be told: a rule that takes the event, is enabled, and has a target."""

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.finding import HOUR, MINUTE, AwsCall, Finding, Owner, Remedy, Text, failed
from sesgate.ses.event_patterns import Event, Match, matches
from sesgate.ses.reach import Look, Reach

if TYPE_CHECKING:
    from sesgate.context import Context

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/event-publishing-add-event-destination-eventbridge.html"
TARGETS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html"
MOST_RULES = 20
"""How many rules of one event are asked for their targets."""


class Rule(Struct, frozen=True):
    """A rule of the default bus. `match` says how it meets the event in question."""

    name: str
    enabled: bool
    match: Match


def reach(context: "Context", event: Event) -> Reach:
    """Does an event on the default bus of the region reach someone? SES publishes to that bus only. Raises NotSeen."""
    value = context.aws("events", "ListRules") or {}
    rules = [_rule(entry, event) for entry in value.get("Rules") or () if entry.get("EventPattern")]
    taking = [rule for rule in rules if rule.match >= Match.SOMETIMES]
    unclear = [rule.name for rule in rules if rule.enabled and rule.match is Match.UNCLEAR]
    enabled = [rule for rule in taking if rule.enabled]
    look = Look()
    if enabled and _with_targets(context, look, enabled):
        return look.result()
    if enabled and look.unseen:
        return look.result()
    if unclear:
        look.unseen.append(f"whether EventBridge rule {unclear[0]} takes the event: its pattern is not understood")
    elif enabled:
        look.faults.append(_without_target(enabled[0]))
    elif taking:
        look.faults.append(_disabled(context, taking[0]))
    else:
        look.faults.append(_missing(context, event))
    return look.result()


def _rule(entry: dict[str, Any], event: Event) -> Rule:
    enabled = str(entry.get("State", "")).startswith("ENABLED")
    return Rule(str(entry.get("Name", "")), enabled, matches(str(entry["EventPattern"]), event))


def _with_targets(context: "Context", look: Look, rules: list[Rule]) -> bool:
    """Has one of the rules a target? Those that take every event come first, and make the others needless."""
    asked = sorted(rules, key=lambda rule: -rule.match)[:MOST_RULES]
    questions = [context.aws_question("events", "ListTargetsByRule", {"Rule": rule.name}) for rule in asked]
    for rule, answer in zip(asked, context.ask_all(questions), strict=True):
        with look.at():
            if (answer.read() or {}).get("Targets"):
                if rule.match is Match.SOMETIMES:
                    look.notes.append(f"EventBridge rule {rule.name} takes only some: its pattern looks into the event")
                look.unseen.clear()
                return True
    return False


def _missing(context: "Context", event: Event) -> Finding:
    detail_type = str(event["detail-type"])
    name = f"ses-{detail_type.lower().replace(' ', '-')}"
    pattern = {"source": ["aws.ses"], "detail-type": [detail_type]}
    put = AwsCall(
        "events",
        "PutRule",
        {"Name": name, "EventPattern": json.dumps(pattern), "State": "ENABLED"},
        context.region,
        AwsCall("events", "DeleteRule", {"Name": name}, context.region),
    )
    return failed(
        "rule-missing",
        f"no EventBridge rule on the default bus of {context.region} takes the event {detail_type!r}",
        expected=json.dumps(pattern),
        found="no such rule",
        remedy=Remedy(
            id=f"create-rule:{name}",
            summary=f"Make a rule for {detail_type!r}, and give it a target",
            owner=Owner.AWS,
            lead_time_seconds=HOUR,
            changes=(put, Text("Add the queue, function or topic that handles it as a target (PutTargets).")),
            docs=DOCS,
        ),
    )


def _disabled(context: "Context", rule: Rule) -> Finding:
    one = {"Name": rule.name}
    undo = AwsCall("events", "DisableRule", one, context.region)
    return failed(
        "rule-disabled",
        f"EventBridge rule {rule.name} takes the event, and is disabled",
        expected="State ENABLED",
        found="State DISABLED",
        remedy=Remedy(
            id=f"enable-rule:{rule.name}",
            summary=f"Enable the rule {rule.name}",
            owner=Owner.AWS,
            lead_time_seconds=MINUTE,
            changes=(AwsCall("events", "EnableRule", one, context.region, undo),),
            docs="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rules.html",
        ),
    )


def _without_target(rule: Rule) -> Finding:
    return failed(
        "rule-without-target",
        f"EventBridge rule {rule.name} takes the event, and has no target",
        expected="at least one target",
        found="no target",
        remedy=Remedy(
            id=f"add-target:{rule.name}",
            summary=f"Give the rule {rule.name} a target",
            owner=Owner.AWS,
            lead_time_seconds=HOUR,
            changes=(Text("Add the queue, function or topic that handles it as a target (PutTargets)."),),
            docs=TARGETS,
        ),
    )
