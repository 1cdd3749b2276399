"""What a test send sends as: exactly what a service's variables name, else what the gate declares."""

from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from sesgate.evidence.environment.asking import setting_of, variables_question
from sesgate.evidence.question import NotSeen
from sesgate.ses.reach import aside, cite

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Service
    from sesgate.subjects import Sender

LOCAL_PART = "no-reply"
"""Used where the gate declares a domain, whose local parts vary."""


class SendingAs(Struct, frozen=True):
    """The From address and the configuration set to pass; None where the identity's default is to apply.

    `named_by` are the variables that say so, as "service/VARIABLE".
    """

    address: str
    configuration_set: str | None
    named_by: tuple[str, ...] = ()


def sending_as(context: "Context", sender: "Sender") -> SendingAs:
    """As whom, and through what. Variables that can't be read are a note, and leave it to the gate."""
    address = sender.declared.address or f"{LOCAL_PART}@{sender.domain}"
    declared = sender.declared.configuration_set
    for service in context.gate.services:
        if found := _of_service(context, service, sender, declared):
            return found
    return SendingAs(address, declared)


def _of_service(context: "Context", service: "Service", sender: "Sender", declared: str | None) -> SendingAs | None:
    """What one service sends as; None where it names no From that is this sender."""
    if not any(variable.meaning == "sender" for variable in service.variables.values()):
        return None
    way = aside(context)
    try:
        told = way.ask(variables_question(service, setting_of(context.gate, context.region))) or {}
    except NotSeen as not_seen:
        note = f"the test send is as the gate declares: the variables of {service.name} are unseen ({not_seen})"
        context.notes[note] = None
        return None
    cite(context, way.cited)
    facts = told.get("variables") or {}
    for name, value in _named(service, facts, "sender"):
        address = parseaddr(value)[1]
        if not _is(sender, address):
            continue
        sets = list(_named(service, facts, "configuration_set"))
        chosen = sets[0][1] if sets else declared
        return SendingAs(address, chosen, tuple(f"{service.name}/{one}" for one in (name, *(at for at, _ in sets[:1]))))
    return None


def _named(service: "Service", facts: Mapping[str, Any], meaning: str) -> Iterator[tuple[str, str]]:
    """The variables with a meaning that have a value which may be told."""
    for name, variable in service.variables.items():
        fact = facts.get(name) or {}
        value = fact.get("value")
        if variable.meaning == meaning and fact.get("state") != "placeholder" and isinstance(value, str) and value:
            yield name, value


def _is(sender: "Sender", address: str) -> bool:
    declared = sender.declared.address
    return address.lower() == declared.lower() if declared else address.lower().endswith(f"@{sender.domain}")
