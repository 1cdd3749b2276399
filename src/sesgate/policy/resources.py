"""What a gate tells about the resources that its checks read: their ARNs, as far as it names them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.access import ROLE_READS
from sesgate.gate import Gate
from sesgate.iam.known_actions import ResourceType
from sesgate.mail.domains import registrable
from sesgate.policy.places import named_resources, reads_of_places, regions_named, without_other_places
from sesgate.ses.configuration_sets import identity_arn, partition, set_arn
from sesgate.ses.senders import identity_names
from sesgate.subjects import Account, Identity

if TYPE_CHECKING:
    from sesgate.check import Check

ANY = "*"
_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_OF_SENDERS = frozenset({"senders", "roles", "test_send"})
_AWS_MANAGED_POLICIES = "arn:{partition}:iam::aws:policy/*"


class Told(Struct, frozen=True):
    """`regions` are where SES is asked, the audited one first. `identities`, `sets` and `roles` are ARNs, or patterns.

    `account` is `*` where the gate does not tell it. `named` are further ARNs by service and resource type, `elsewhere`
    the regions of the gate's ARNs by service, `of_places` the reads of its places of variables.
    """

    regions: tuple[str, ...]
    account: str = ANY
    identities: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    named: Mapping[tuple[str, str], tuple[str, ...]] = {}
    elsewhere: Mapping[str, tuple[str, ...]] = {}
    of_places: frozenset[str] = frozenset()

    @property
    def partition(self) -> str:
        return partition(self.regions[0])

    def reads(self, check: "Check") -> tuple[str, ...]:
        """What a check needs for this gate, of what it declares."""
        return without_other_places(check.reads, self.of_places)

    def regions_of(self, service: str) -> tuple[str, ...]:
        """Where a service is asked. Only of SES a check wants to know whether it was set up elsewhere."""
        if service == "ses":
            return self.regions
        return tuple(dict.fromkeys((self.regions[0], *self.elsewhere.get(service, ()))))

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
            case "iam", "role" if set(ROLE_READS) <= set(check.reads):
                return self.roles
        return self.named.get((service, kind.name), ())


def told_by(gate: Gate, region: str, others: Iterable[str] = ()) -> Told:
    """What a gate tells. `others` are further regions that it names."""
    account = account_of(gate) or ANY
    regions = tuple(dict.fromkeys((region, *others)))
    names = _unique(name for sender in gate.senders for name in names_of(sender.name))
    sets = [sender.configuration_set for sender in gate.senders]
    return Told(
        regions=regions,
        account=account,
        identities=tuple(identity_arn(at, account, literal(name)) for at in regions for name in names),
        sets=() if None in sets else tuple(set_arn(region, account, name) for name in _unique(sets)),
        roles=tuple(role.arn for role in gate.roles if role.arn and ":role/" in role.arn),
        named=named_resources(gate, region, account),
        elsewhere=regions_named(gate),
        of_places=reads_of_places(gate),
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
