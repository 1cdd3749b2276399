"""What a gate tells about the resources that its checks read: their ARNs, as far as it names them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sesgate.gate import Gate, arn_parts
from sesgate.iam.known_actions import ResourceType
from sesgate.mail.domains import registrable
from sesgate.ses.configuration_sets import identity_arn, partition, set_arn
from sesgate.ses.regions import region_in
from sesgate.ses.senders import identity_names
from sesgate.subjects import Account, Identity, Role, RoleAction, RoleStatement

if TYPE_CHECKING:
    from sesgate.check import Check

ANY = "*"
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_OF_SENDERS = frozenset({"senders", "roles", "test_send"})
_AWS_MANAGED_POLICIES = "arn:{partition}:iam::aws:policy/*"


@dataclass(frozen=True, slots=True)
class Told:
    """`regions` are where SES is asked, the audited one first. `identities`, `sets` and `roles` are ARNs, or patterns.

    `account` is `*` where the gate does not tell it. `named` are ARNs in other regions, by service.
    """

    regions: tuple[str, ...]
    account: str = ANY
    identities: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    named: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def partition(self) -> str:
        return partition(self.regions[0])

    def regions_of(self, service: str) -> tuple[str, ...]:
        """Where a service is asked. Only of SES a check wants to know whether it was set up elsewhere."""
        if service == "ses":
            return self.regions
        named = (region_in(arn) for arn in self.named.get(service, ()))
        return tuple(dict.fromkeys((self.regions[0], *(region for region in named if region))))

    def resources(self, kind: ResourceType, service: str, check: "Check") -> Iterator[str]:
        """The ARNs of one kind that a check reads: those that the gate names, or all of the account and region."""
        own = self._of(kind, service, check)
        if own:
            yield from own
            return
        for region in self.regions_of(service):
            yield self._filled(kind, region)
        if (service, kind.name) == ("iam", "policy"):
            yield _AWS_MANAGED_POLICIES.format(partition=self.partition)

    def _filled(self, kind: ResourceType, region: str) -> str:
        """Every resource of a kind."""
        known = {"Partition": self.partition, "Region": region, "Account": self.account}
        return _PLACEHOLDER.sub(lambda found: known.get(found[1], ANY), kind.arn)

    def _of(self, kind: ResourceType, service: str, check: "Check") -> tuple[str, ...]:
        """Where a check looks at each sender or role, what belongs to these; a check of the whole account reads all."""
        of_senders = check.asked_by.partition(".")[0] in _OF_SENDERS and check.each not in (Account, Identity)
        match service, kind.name:
            case "ses", "identity" if of_senders:
                return self.identities
            case "ses", "configuration-set" if of_senders:
                return self.sets
            case "iam", "role" if check.each in (Role, RoleAction, RoleStatement):
                return self.roles
        return ()


def told_by(gate: Gate, region: str, others: Iterable[str] = ()) -> Told:
    """What a gate tells. `others` are further regions that it names."""
    account = account_of(gate)
    regions = tuple(dict.fromkeys((region, *others)))
    named = [name for sender in gate.senders for name in names_of(sender.name)]
    sets = [sender.configuration_set for sender in gate.senders]
    return Told(
        regions=regions,
        account=account or ANY,
        identities=tuple(identity_arn(at, account or ANY, literal(name)) for at in regions for name in _unique(named)),
        sets=() if None in sets else tuple(set_arn(region, account or ANY, str(name)) for name in _unique(sets)),
        roles=tuple(role.arn for role in gate.roles if role.arn and ":role/" in role.arn),
        named=_named(gate, region),
    )


def account_of(gate: Gate) -> str | None:
    """The account that the gate names, else the one that all its roles are in."""
    accounts = {role.arn.split(":")[4] for role in gate.roles if role.arn}
    return gate.aws.account or (accounts.pop() if len(accounts) == 1 else None)


def names_of(sender: str) -> tuple[str, ...]:
    """The names of the identities that may stand behind a sender, first the one that SES takes first.

    Without asking SES nobody knows which of them there is. Names of public suffixes are left out. An address is named
    as the gate spells it, too: resources are case-sensitive.
    """
    names = dict.fromkeys((sender, *identity_names(sender)))
    return tuple(name for name in names if "@" in name or registrable(name) is not None)


def literal(text: str) -> str:
    """A text within a Resource or a condition's value, where `*`, `?` and `$` would mean something else."""
    return re.sub(r"[$*?]", lambda found: f"${{{found[0]}}}", text)


def _unique(names: Iterable[str | None]) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))


def _named(gate: Gate, region: str) -> dict[str, tuple[str, ...]]:
    """The ARNs of sources and of the database that lie in another region than the one under audit, by service."""
    found: dict[str, dict[str, None]] = {}
    for text in _texts(gate):
        parts = arn_parts(text)
        if parts and region_in(text) not in (None, region):
            found.setdefault(parts.service, {})[text] = None
    return {service: tuple(arns) for service, arns in found.items()}


def _texts(gate: Gate) -> Iterator[str]:
    if gate.database:
        yield gate.database.name
    for service in gate.services:
        for source in service.source:
            ecs = (source.ecs.cluster, source.ecs.service) if source.ecs else ()
            task = (source.ecs_task_definition.definition,) if source.ecs_task_definition else ()
            yield from filter(None, (*ecs, *task, source.apprunner, source.lambda_, source.secrets_manager))
