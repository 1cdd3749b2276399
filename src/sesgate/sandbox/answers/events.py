"""EventBridge. `events.buses` by name, each with `rules` by name: the rule, and its `Targets`."""

from collections.abc import Mapping
from typing import Any

from sesgate.sandbox.answers.scope import Scope, as_text
from sesgate.sandbox.calls import ApiError


def list_rules(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    bus, rules = _rules(scope, parameters)
    listed = [
        {
            "Name": name,
            "Arn": scope.arn("events", f"rule/{name}" if bus == "default" else f"rule/{bus}/{name}"),
            "State": "ENABLED",
            "EventBusName": bus,
            **rule,
            "EventPattern": as_text(rule["EventPattern"]) if "EventPattern" in rule else None,
        }
        for name, rule in rules.items()
        if name.startswith(parameters.get("NamePrefix", ""))
    ]
    return {"Rules": listed}


def list_targets_by_rule(scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
    bus, rules = _rules(scope, parameters)
    name = parameters["Rule"]
    if name not in rules:
        raise ApiError("ResourceNotFoundException", f"Rule {name} does not exist on EventBus {bus}.", 400)
    return {"Targets": rules[name].get("Targets", [])}


def _rules(scope: Scope, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    bus = parameters.get("EventBusName", "default").rpartition("/")[2]
    buses = {"default": {}, **scope.part("events", "buses")}
    if bus not in buses:
        raise ApiError("ResourceNotFoundException", f"Event bus {bus} does not exist.", 400)
    return bus, buses[bus].get("rules", {})


OPERATIONS = {("events", "ListRules"): list_rules, ("events", "ListTargetsByRule"): list_targets_by_rule}
