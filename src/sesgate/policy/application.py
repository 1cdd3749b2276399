"""The least policy for the application: what the gate says its role needs, and sending as its senders."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct

from sesgate.gate import Gate, Need, Role, Sender
from sesgate.iam.known_actions import KnownAction, known_action
from sesgate.policy.grants import EVERY, Conditions, Grant, document, in_regions
from sesgate.policy.resources import account_of, literal, names_of
from sesgate.ses.configuration_sets import identity_arn, partition, set_arn

SENDERS = "senders"
SEND = ("ses:SendEmail", "ses:SendRawEmail")
FROM_ADDRESS = "ses:FromAddress"
IDENTITY, CONFIGURATION_SET = "identity", "configuration-set"
_LOGINS = {"iam": "rds-db:connect", "secrets_manager": "secretsmanager:GetSecretValue"}
"""What a role must be able to do for each way to log in to the database."""


class NoAccount(Exception):  # noqa: N818 - a statement about the gate
    """The gate does not tell in which account the identities are."""


class Application(Struct, frozen=True):
    """A policy document, and what a reader must know of it: what it does not hold, and why."""

    document: Mapping[str, Any]
    notes: tuple[str, ...] = ()


class _Alike(Struct, frozen=True):
    """Senders of one domain and one configuration set: one statement lets the application send as all of them."""

    domain: str
    senders: tuple[Sender, ...]
    identities: tuple[str, ...]
    configuration_set: str | None

    def resources(self, known: KnownAction | None) -> tuple[str, ...]:
        """What SES asks for: permission on the identity, and on the set that is in use."""
        kinds = {kind.name for kind in known.types} if known else {IDENTITY, CONFIGURATION_SET}
        identities = self.identities if IDENTITY in kinds else ()
        sets = (self.configuration_set,) if self.configuration_set and CONFIGURATION_SET in kinds else ()
        return (*identities, *sets)

    @property
    def conditions(self) -> Conditions:
        """As these senders only. Of a sender that is a domain, any address: its local parts vary."""
        if self.senders[0].address is None:
            return (("StringLike", FROM_ADDRESS, (f"*@{literal(self.domain)}",)),)
        return (("StringEquals", FROM_ADDRESS, tuple(_value(str(sender.address)) for sender in self.senders)),)


def application_policy(gate: Gate, role: Role | None, region: str, identities: Sequence[str] = ()) -> Application:
    """The policy for one role of the gate; without one, for an application that does nothing but send.

    Which identity SES takes for a sender, only SES knows: the address, its domain, or a domain above. `identities` are
    those that there are; without them all are named. Raises NoAccount.
    """
    account = account_of(gate)
    if account is None:
        raise NoAccount
    writing = _Writing(region, tuple(_alike(gate, region, account, identities)))
    needs = role.needs if role else ()
    if not needs:
        needs = (Need(actions=SEND, resources=(SENDERS,)),)
        writing.note("the gate states no `needs` here: this lets the application send as its senders, and nothing else")
    grants = [grant for need in needs for grant in writing.grants(need)]
    writing.note_login(gate, account)
    return Application(document(grants), tuple(writing.notes))


def _alike(gate: Gate, region: str, account: str, identities: Sequence[str]) -> Iterator[_Alike]:
    groups: dict[tuple[str, bool, str | None], list[Sender]] = {}
    for sender in gate.senders:
        groups.setdefault((sender.from_domain, sender.address is None, sender.configuration_set), []).append(sender)
    for (domain, _, chosen), members in groups.items():
        names = dict.fromkeys(name for sender in members for name in _identities(sender.name, identities))
        yield _Alike(
            domain=domain,
            senders=tuple(members),
            identities=tuple(identity_arn(region, account, literal(name)) for name in names),
            configuration_set=set_arn(region, account, chosen) if chosen else None,
        )


def _identities(sender: str, known: Sequence[str]) -> tuple[str, ...]:
    """The identity that SES takes for the sender, where it is known which there are; else all that it may be."""
    candidates = names_of(sender)
    spelt = {name.lower(): name for name in known}
    taken = next((spelt[name.lower()] for name in candidates if name.lower() in spelt), None)
    return (taken,) if taken else candidates


@dataclass
class _Writing:
    region: str
    alike: tuple[_Alike, ...]
    notes: dict[str, None] = field(default_factory=dict)

    def note(self, text: str) -> None:
        self.notes[text] = None

    def grants(self, need: Need) -> Iterator[Grant]:
        for action in need.actions:
            known = known_action(action)
            name = known.name if known else action
            stated = tuple(resource for resource in need.resources if resource not in (SENDERS, "*"))
            if stated:
                yield Grant(name, stated, about=f"Use {_service(name)}")
            if known is not None and _sends(known):
                self._note_sending(known, stated)
            if SENDERS in need.resources:
                yield from self._as_senders(name, known)
            if "*" in need.resources:
                yield from self._on_every(name, known)

    def _note_sending(self, known: KnownAction, stated: tuple[str, ...]) -> None:
        """What a reader must know of an action that sends."""
        if any(":identity/" in resource for resource in stated):
            self.note(f"{known.name} is let on an identity as any address of it: write [senders] to bind it to theirs")
        for kind in known.types:
            if kind.required and kind.name != IDENTITY and not any(f":{kind.name}/" in each for each in stated):
                self.note(f"{known.name} needs the {kind.name} as well, which the gate does not name: add its ARN")
        if not known.carries(FROM_ADDRESS.lower()):
            self.note(
                f"{known.name} carries no {FROM_ADDRESS}: whoever may do it on an identity sends as any address of it. "
                "--identity names the identities that there are, so that no other is let in"
            )

    def _as_senders(self, name: str, known: KnownAction | None) -> Iterator[Grant]:
        if known is not None and not {IDENTITY, CONFIGURATION_SET} & {kind.name for kind in known.types}:
            yield self._everywhere(name)
            return
        binds = known is not None and _sends(known) and known.carries(FROM_ADDRESS.lower())
        for group in self.alike:
            resources = group.resources(known)
            if resources:
                yield Grant(name, resources, group.conditions if binds else (), f"Send as {group.domain}")
            if binds and group.configuration_set is None:
                self._note_no_set(group)

    def _note_no_set(self, group: _Alike) -> None:
        names = ", ".join(sender.name for sender in group.senders)
        self.note(
            f"{names}: the gate names no configuration set. Where the identity has a default one, SES asks for "
            "permission on that as well: write it as `configuration_set` of the sender"
        )

    def _on_every(self, name: str, known: KnownAction | None) -> Iterator[Grant]:
        """Resources that the gate leaves out are every one; in sending, that would be as anybody, and is not meant."""
        if known is not None and _sends(known):
            self.note(f"{name} stands in the gate without resources, and is let on the senders': write [senders]")
            yield from self._as_senders(name, known)
            return
        if known is not None and not known.needs_star:
            self.note(f"{name} stands in the gate without resources, and is let on every one: name those it needs")
        yield self._everywhere(name)

    def _everywhere(self, name: str) -> Grant:
        service = _service(name)
        return Grant(name, EVERY, in_regions([self.region]) if service == "ses" else (), f"Use {service}")

    def note_login(self, gate: Gate, account: str) -> None:
        """Whom the application logs in as, and which secret tells, only the `needs` of a role can say."""
        database = gate.database
        if database is None or database.login is None:
            return
        action = _LOGINS[database.login]
        asked = {name.lower() for role in gate.roles for need in role.needs for name in need.actions}
        if action.lower() in asked:
            return
        where = "the secret that holds the login"
        if database.login == "iam":
            home = f"{partition(self.region)}:rds-db:{self.region}:{account}"
            where = f"arn:{home}:dbuser:ID/USER, where ID is the DbiResourceId (of a cluster, DbClusterResourceId)"
        self.note(
            f"database.login is {database.login}, and no role `needs` {action}, so that this policy lets nobody log in "
            f"to {database.name}: add it to the role, on {where}"
        )


def _sends(known: KnownAction) -> bool:
    """Does it send as somebody? Such an action of SES needs an identity."""
    return known.name.startswith("ses:Send") and IDENTITY in {kind.name for kind in known.types}


def _service(action: str) -> str:
    return action.partition(":")[0]


def _value(text: str) -> str:
    """A value of StringEquals, in which only `$` means something else."""
    return text.replace("$", "${$}")


def roles_named(roles: Iterable[Role], name: str) -> list[Role]:
    """The roles that `--role` means: by ARN, by the name at its end, or by their documents."""
    ends = {role: role.arn.rsplit("/", 1)[-1] if role.arn else role.name for role in roles}
    return [role for role, end in ends.items() if name in (role.name, end)]
