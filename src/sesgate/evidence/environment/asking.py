"""The questions about a service's environment, as plain data in which no secret of the gate stands."""

from typing import TYPE_CHECKING, Any

from sesgate.evidence.environment.meanings import Setting
from sesgate.evidence.question import Question
from sesgate.secrets import NOT_SHOWN, is_secret_name

if TYPE_CHECKING:
    from sesgate.gate import Gate, Service, Variable

Sources = list[tuple[str, Any]]
"""Kind and specification of each source, in the order of the gate."""
_VALUES = ("equals", "one_of", "default")


def sources_of(service: "Service") -> Sources:
    """`[("ecs", {"cluster": "prod", "service": "api"}), ("dotenv", ".env")]`."""
    written = [source.model_dump(by_alias=True, exclude_none=True) for source in service.source]
    return [pair for source in written for pair in source.items()]


def setting_of(gate: "Gate", region: str) -> Setting:
    """What the meanings of a gate's variables are measured against."""
    return Setting(region, tuple(sender.address or sender.domain or "" for sender in gate.senders))


def variables_question(service: "Service", setting: Setting) -> Question:
    """What the service's variables are, and whether they keep the rules of the gate."""
    rules = {name: _shown(name, variable) for name, variable in service.variables.items()}
    measured = {"region": setting.region, "senders": list(setting.senders)}
    return Question.environment("variables", service.name, {**_places(service), **measured, "rules": rules})


def start_question(service: "Service") -> Question:
    """What the service does when it starts."""
    return Question.environment("start", service.name, _places(service))


def is_secret(name: str, variable: "Variable | None") -> bool:
    """Whether the gate says so, or the name does."""
    return (variable is not None and variable.secret) or is_secret_name(name)


def _places(service: "Service") -> dict[str, Any]:
    return {
        "sources": [{kind: spec} for kind, spec in sources_of(service)],
        "read_secrets": service.read_secrets,
    }


def _shown(name: str, variable: "Variable") -> dict[str, Any]:
    """The rules. Those of a secret have `${VAR}` for what was filled, and no value that the gate itself holds."""
    rules: dict[str, Any] = variable.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if not is_secret(name, variable):
        return rules
    return {**rules, **{rule: variable.written.get(rule, NOT_SHOWN) for rule in (*_VALUES, "matches") if rule in rules}}
