"""Everyone in the account, held against every aim: who can send, who could come to, and who may do everything."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.access.account import ACCOUNT_READS, AccountPrincipal, AccountPrincipals, Group, principals_question
from sesgate.access.mailers.actions import NOBODYS, OF_ADMINISTRATORS, matters
from sesgate.access.mailers.aims import Aims
from sesgate.access.mailers.asking import Asking
from sesgate.access.mailers.authorizations import Authorization
from sesgate.access.mailers.becoming import Becoming
from sesgate.access.mailers.rewriting import Prey, Rewriting
from sesgate.access.mailers.ways import Means, Sending, Way, sending
from sesgate.access.needs import SENDING
from sesgate.iam import PrincipalKind

if TYPE_CHECKING:
    from sesgate.context import Context

MAILER_READS = (*ACCOUNT_READS, "ses:ListEmailIdentities", "ses:GetEmailIdentity")
"""What a check that asks for `survey` declares among its `reads`."""
SERVICE_LINKED = ":role/aws-service-role/"


class Mailer(Struct, frozen=True):
    """A user or role that can send, or could come to. `way` is the shortest; `sending` is None unless it can itself."""

    who: AccountPrincipal
    way: Way
    sending: Sending | None = None
    administrator: bool = False


class Survey(Struct, frozen=True):
    """What was found.

    `mailers` are no administrators; `heirs` may become one and can't send otherwise. `others` are all who can do
    nothing of the kind, by ARN, `unseen` of which some policy is not told. Service-linked roles, which only their
    service can use and nobody can change, are counted in `left_out` alone.
    """

    mailers: tuple[Mailer, ...]
    administrators: tuple[Mailer, ...]
    heirs: tuple[Mailer, ...]
    others: tuple[str, ...]
    unseen: Mapping[str, tuple[str, ...]]
    left_out: int

    @property
    def arns(self) -> tuple[str, ...]:
        """Everyone that was looked at."""
        found = (*self.mailers, *self.administrators, *self.heirs)
        return (*(mailer.who.arn for mailer in found), *self.others)


def survey(
    context: "Context", aims: Aims, authorizations: tuple[Authorization, ...], declared: Callable[[str], bool]
) -> Survey:
    """Looks at everyone. `declared` tells by ARN who is meant to send. Raises NotSeen: declare `MAILER_READS`."""
    details = context.ask(principals_question(context)) or {}
    everyone = AccountPrincipals(details, matters)
    return _Surveying(context, aims, authorizations, declared, everyone).done()


class _Surveying:
    """One survey under way: what is found first is not looked for again."""

    def __init__(
        self,
        context: "Context",
        aims: Aims,
        authorizations: tuple[Authorization, ...],
        declared: Callable[[str], bool],
        everyone: AccountPrincipals,
    ) -> None:
        self._everyone = {who.arn: who for who in everyone if SERVICE_LINKED not in who.arn}
        self._left_out = len(everyone) - len(self._everyone)
        self._groups = {name: group for name in everyone.groups if (group := everyone.group(name)) is not None}
        self._asking = Asking(context, aims.account)
        self._becoming = Becoming(self._asking, self._everyone, aims.account)
        self._aims = aims
        self._identity_policies = {one.arn: one.merged for one in authorizations if one.policies}
        self._declared = declared
        self._found: dict[str, Mailer] = {}

    def done(self) -> Survey:
        """All of it."""
        administrators = {arn: one for arn, who in self._everyone.items() if (one := self._administrator(who))}
        for arn, who in self._everyone.items():
            if arn not in administrators and (direct := self._sending(who)):
                self._found[arn] = Mailer(who, direct.way, direct)
        self._spread(administrators, certain=True)
        heirs = {who.arn: Mailer(who, way) for who, way in self._becoming_one_of(administrators)}
        self._rewrite({*administrators, *heirs})
        self._spread({*administrators, *heirs}, certain=True)
        self._spread({*administrators, *heirs}, certain=False)
        others = [arn for arn in self._everyone if arn not in {*self._found, *administrators, *heirs}]
        return Survey(
            tuple(self._found.values()),
            tuple(administrators.values()),
            tuple(heirs.values()),
            tuple(others),
            {arn: tuple(map(str, missing)) for arn in others if (missing := self._everyone[arn].unseen)},
            self._left_out,
        )

    def _administrator(self, who: AccountPrincipal) -> Mailer | None:
        """May it do everything, everywhere?"""
        if not self._asking.allows(who, [NOBODYS]):
            return None
        granted = [self._asking.may(who, action, "*") for action in OF_ADMINISTRATORS]
        certain = [one for one in granted if one is not None and one.certain]
        if len(certain) < len(granted):
            return None
        direct = sending(self._asking, who, self._aims, self._identity_policies)
        return Mailer(who, direct.way if direct else Way(Means.OWN, certain[0]), direct, administrator=True)

    def _sending(self, who: AccountPrincipal) -> Sending | None:
        if not self._asking.allows(who, SENDING) and not self._is_named(who):
            return None
        return sending(self._asking, who, self._aims, self._identity_policies)

    def _is_named(self, who: AccountPrincipal) -> bool:
        """Does a policy of an identity speak of it?"""
        return any(
            statement.not_principals is not None
            or (statement.principals and (statement.principals.everyone or who.arn in statement.principals.arns))
            for policy in self._identity_policies.values()
            for statement in policy.statements
        )

    def _becoming_one_of(self, goals: dict[str, Mailer]) -> Iterator[tuple[AccountPrincipal, Way]]:
        known = {*self._found, *goals}
        return self._becoming.ways(((one.who, one.way) for one in goals.values()), known, certain=True)

    def _spread(self, known: "dict[str, Mailer] | set[str]", *, certain: bool) -> None:
        goals = [(one.who, one.way) for one in self._found.values()]
        for who, way in list(self._becoming.ways(goals, {*self._found, *known}, certain=certain)):
            self._found[who.arn] = Mailer(who, way)

    def _rewrite(self, known: set[str]) -> None:
        """Who is meant to send is not looked at: it needs no way around."""
        able = [one for one in self._found.values() if one.sending and one.way.certain]
        prey = Prey(
            able=tuple(one.who for one in able),
            declared=tuple(who for arn, who in self._everyone.items() if self._declared(arn)),
            groups=tuple(self._sending_groups()),
        )
        rewriting = Rewriting(self._asking, self._aims, prey, self._groups)
        for arn, who in self._everyone.items():
            if arn not in known and arn not in self._found and not self._declared(arn):
                way = rewriting.way(who)
                if way is not None:
                    self._found[arn] = Mailer(who, way)

    def _sending_groups(self) -> Iterator[Group]:
        """Groups whose policies let a member without any other policy send."""
        for group in self._groups.values():
            alone = AccountPrincipal(
                arn=group.arn.replace(":group/", ":user/sesgate-any-member-of/"),
                name=group.name,
                kind=PrincipalKind.USER,
                policies=group.policies,
            )
            if self._asking.allows(alone, SENDING) and sending(self._asking, alone, self._aims, {}):
                yield group
