"""Places in which regions are named: in the gate, in the variables of its services, in what SES publishes to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from sesgate.finding import Owner
from sesgate.ses.regions import is_region, region_in
from sesgate.subjects.base import Path
from sesgate.subjects.senders import Sender

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.gate import Gate, Service, Source
    from sesgate.gate import Variable as Rules
    from sesgate.matrix import Fact

AWS_REGION = "aws.region"


class Named(Struct, frozen=True):
    """Regions that stand in one place. One of them has to be the region under audit. `by` is the text, or the rule."""

    by: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegionUse:
    """A place in which regions are named. `owner` is who can change what stands there.

    `service` is set for the variables of a service. Of these `fact` is what is known of the value, None where nothing
    is; `declared` is false for one that the gate does not declare. `sender` is set where SES has to be asked.
    """

    kind: ClassVar[str] = "where a region is named"
    name: str
    where: Path
    named: tuple[Named, ...] = ()
    owner: Owner = Owner.APPLICATION
    service: "Service | None" = field(default=None, repr=False)
    fact: "Fact | None" = None
    declared: bool = True
    sender: Sender | None = None

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        found: dict[str, Self] = {}
        for use in (*cls._of_gate(context.gate), *cls._of_services(context), *cls._of_senders(context)):
            found.setdefault(use.name, use)
        return list(found.values())

    @classmethod
    def _of_gate(cls, gate: "Gate") -> Iterator[Self]:
        yield cls(AWS_REGION, ("aws", "region"), (Named(AWS_REGION, (gate.aws.region,)),))
        for name, where, owner, text in _texts_of(gate):
            if named := _named(text):
                yield cls(name, where, named, owner)
        for name, url, where in _urls(gate):
            if region := region_in(url):
                yield cls(name, where, (Named("its host", (region,)),))

    @classmethod
    def _of_services(cls, context: "Context") -> Iterator[Self]:
        """Values are read where a service's places can be read; else one place stands for all that was not seen."""
        from sesgate.matrix import parse, variables_of

        services = context.gate.services
        answers = context.evidence.ask_all(variables_of(context, service) for service in services)
        for at, (service, answer) in enumerate(zip(services, answers, strict=True)):
            where: Path = ("services", at)
            if arns := tuple(named for source in service.source for named in _named(*_arns(source))):
                yield cls(f"{service.name} source", (*where, "source"), arns)
            facts = parse(answer.value) if answer.failure is None else None
            for name, rules in service.variables.items():
                fact = facts.variables[name] if facts else None
                named = (*_of_rules(rules), *_of_fact(fact))
                if named:
                    place = (*where, "variables", name)
                    yield cls(f"{service.name}/{name}", place, named, service=service, fact=fact)
            if facts is None:
                yield cls(f"{service.name} variables", where, service=service)
            for name, fact in facts.others.items() if facts else ():
                if named := _of_fact(fact):
                    yield cls(f"{service.name}/{name}", where, named, service=service, fact=fact, declared=False)

    @classmethod
    def _of_senders(cls, context: "Context") -> Iterator[Self]:
        for sender in Sender.find(context):
            yield cls(f"{sender.name} events", sender.where, owner=Owner.AWS, sender=sender)


def _named(*texts: str | None) -> tuple[Named, ...]:
    """What ARNs, host names and URLs name. The text is kept, so it must not be secret."""
    found = ((text, region_in(text)) for text in texts if text)
    return tuple(Named(text, (name,)) for text, name in found if name)


def _texts_of(gate: "Gate") -> Iterator[tuple[str, Path, Owner, str | None]]:
    """An ARN is its own subject: many roles need the same. ARNs of IAM itself name no region."""
    for at, role in enumerate(gate.roles):
        for need_at, need in enumerate(role.needs):
            for resource_at, resource in enumerate(need.resources):
                yield resource, ("roles", at, "needs", need_at, "resources", resource_at), Owner.IAM, resource
    if gate.database:
        yield "database", ("database",), Owner.AWS, gate.database.name
    if gate.test_send:
        yield "test_send.queue", ("test_send", "queue"), Owner.APPLICATION, gate.test_send.queue


def _urls(gate: "Gate") -> Iterator[tuple[str, str, Path]]:
    """What may hold a secret in its path or query."""
    if gate.api:
        yield "api.base_url", gate.api.base_url, ("api", "base_url")
        if gate.api.contract:
            yield "api.contract.live", gate.api.contract.live, ("api", "contract", "live")


def _arns(source: "Source") -> Iterator[str | None]:
    yield from (source.apprunner, source.lambda_, source.secrets_manager)
    if source.ecs:
        yield from (source.ecs.cluster, source.ecs.service)
    if source.ecs_task_definition:
        yield source.ecs_task_definition.definition


def _of_rules(rules: "Rules") -> Iterator[Named]:
    """The rules whose values all name a region. A value is not told: it may belong to a secret."""
    told = {
        "equals": (rules.equals,),
        "default": (rules.default,),
        "one_of": rules.one_of or (),
    }
    for rule, values in told.items():
        regions = [_region_of(rules, value) for value in values if value]
        named = tuple(dict.fromkeys(name for name in regions if name))
        if named and None not in regions and rules.forbidden is None:
            yield Named(rule, named)


def _region_of(rules: "Rules", value: str) -> str | None:
    if rules.meaning == "region" or is_region(value):
        return value
    return region_in(value)


def _of_fact(fact: "Fact | None") -> tuple[Named, ...]:
    """What the value itself names. The default of the gate is told as a rule already."""
    if fact is None or fact.region is None or fact.default:
        return ()
    return (Named(f"in {fact.place}", (fact.region,)),)
