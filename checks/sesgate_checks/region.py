"""Does everything that names a region name the one under audit?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.finding import HOUR, Finding, Owner, Remedy, Severity, Text, failed, passed
from sesgate.ses.regions import SES_REGIONS, is_region, region_in
from sesgate.subjects import Path

if TYPE_CHECKING:
    from sesgate.gate import Gate, Service, Source, Variable

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/regions.html"
AWS_REGION = "aws.region"


@dataclass(frozen=True, slots=True)
class Named:
    """Regions that stand in one place. One of them has to be the region under audit. `by` is the text, or the rule."""

    by: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegionUse:
    """A place of the gate in which regions are named. `owner` is who can change what stands there."""

    kind: ClassVar[str] = "where a region is named"
    name: str
    named: tuple[Named, ...]
    where: Path
    owner: Owner = Owner.APPLICATION

    @classmethod
    def find(cls, context: Context) -> Iterable[Self]:
        gate = context.gate
        found: dict[str, Self] = {}
        for name, named, where, owner in (
            (AWS_REGION, (Named("aws.region", (gate.aws.region,)),), ("aws", "region"), Owner.APPLICATION),
            *_of_roles(gate),
            *_of_services(gate),
            *_of_the_rest(gate),
        ):
            if named:
                found.setdefault(name, cls(name, named, where, owner))
        return list(found.values())


@check(
    id="region",
    each=RegionUse,
    asked_by="senders",
    serves="SES region selected, consistent with API and DB",
    severity=Severity.BLOCKER,
    reads=[],
    causes={"differs": Severity.BLOCKER, "unknown-region": Severity.WARNING},
    local=True,
)
def region(subject: RegionUse, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Every ARN, end point and variable of the gate names the SES region under audit."""
    audited = context.region
    if subject.name == AWS_REGION:
        yield _of_the_audit(context)
        return
    wrong = [named for named in subject.named if audited not in named.regions]
    for named in wrong:
        found = ", ".join(named.regions)
        yield failed(
            "differs",
            f"{subject.name} names {found} ({named.by}); SES is audited in {audited}",
            expected=audited,
            found=found,
            remedy=_one_region(subject, audited),
        )
    if not wrong:
        yield passed(f"{subject.name} names {audited}, the SES region under audit")


def _of_the_audit(context: Context) -> Finding:
    audited = context.region
    if audited not in SES_REGIONS:
        return failed(
            "unknown-region",
            f"SES has no end point in {audited} as far as this version of sesgate knows: is the region spelled right?",
            expected="a region with an end point of SES",
            found=audited,
            remedy=Remedy(
                id="choose-ses-region",
                summary="Name a region in which SES is offered, and the one that the application sends from",
                owner=Owner.APPLICATION,
                lead_time_seconds=0,
                docs="https://docs.aws.amazon.com/general/latest/gr/ses.html",
            ),
        )
    note = ""
    if context.gate.aws.region != audited:
        note = f", by --region: the gate names {context.gate.aws.region}"
    in_gate = {name for use in RegionUse.find(context) for named in use.named for name in named.regions}
    others = [name for name in context.place.other_regions if name not in in_gate]
    if others:
        note += f" (the profile or the environment of this run also names {', '.join(others)})"
    return passed(f"SES is audited in {audited}{note}")


def _one_region(subject: RegionUse, audited: str) -> Remedy:
    return Remedy(
        id=f"same-region:{subject.name}",
        summary=f"Make {subject.name} and SES use one region",
        owner=subject.owner,
        lead_time_seconds=HOUR,
        changes=(
            Text(f"Use {audited} for {subject.name}, or, where that is the right region, audit SES there: aws.region"),
        ),
        docs=DOCS,
    )


_Use = tuple[str, tuple[Named, ...], Path, Owner]


def _texts(*texts: str | None) -> tuple[Named, ...]:
    """What ARNs, host names and URLs name. The text is kept, so it must not be secret."""
    found = ((text, region_in(text)) for text in texts if text)
    return tuple(Named(text, (name,)) for text, name in found if name)


def _of_roles(gate: "Gate") -> Iterator[_Use]:
    """An ARN is its own subject: many roles need the same. ARNs of IAM itself name no region."""
    for at, role in enumerate(gate.roles):
        for need_at, need in enumerate(role.needs):
            for resource_at, resource in enumerate(need.resources):
                where = ("roles", at, "needs", need_at, "resources", resource_at)
                yield resource, _texts(resource), where, Owner.IAM


def _of_services(gate: "Gate") -> Iterator[_Use]:
    for at, service in enumerate(gate.services):
        yield f"{service.name} source", _of_sources(service), ("services", at, "source"), Owner.APPLICATION
        for name, variable in service.variables.items():
            where = ("services", at, "variables", name)
            yield f"{service.name}/{name}", tuple(_of_variable(variable)), where, Owner.APPLICATION


def _of_sources(service: "Service") -> tuple[Named, ...]:
    return tuple(named for source in service.source for named in _texts(*_arns(source)))


def _arns(source: "Source") -> Iterator[str | None]:
    yield from (source.apprunner, source.lambda_, source.secrets_manager)
    if source.ecs:
        yield from (source.ecs.cluster, source.ecs.service)
    if source.ecs_task_definition:
        yield source.ecs_task_definition.definition


def _of_variable(variable: "Variable") -> Iterator[Named]:
    """The rules whose values all name a region. A value is not told: it may belong to a secret."""
    rules = {
        "equals": (variable.equals,),
        "default": (variable.default,),
        "one_of": variable.one_of or (),
    }
    for rule, values in rules.items():
        regions = [_region_of(variable, value) for value in values if value]
        named = tuple(dict.fromkeys(name for name in regions if name))
        if named and None not in regions and variable.forbidden is None:
            yield Named(rule, named)


def _region_of(variable: "Variable", value: str) -> str | None:
    if variable.meaning == "region" or is_region(value):
        return value
    return region_in(value)


def _of_the_rest(gate: "Gate") -> Iterator[_Use]:
    if gate.database:
        yield "database", _texts(gate.database.name), ("database",), Owner.AWS
    if gate.test_send:
        yield "test_send.queue", _texts(gate.test_send.queue), ("test_send", "queue"), Owner.APPLICATION
    if gate.api:
        urls: list[tuple[str, str, Path]] = [("api.base_url", gate.api.base_url, ("api", "base_url"))]
        if gate.api.contract:
            urls.append(("api.contract.live", gate.api.contract.live, ("api", "contract", "live")))
        for name, url, where in urls:
            host = region_in(url)
            yield name, (Named("its host", (host,)),) if host else (), where, Owner.APPLICATION
