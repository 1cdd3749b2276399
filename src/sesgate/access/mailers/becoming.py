"""Who may become whom: roles that can be assumed, directly or through others, by policy and trust policy."""

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from sesgate.access.account import AccountPrincipal
from sesgate.access.mailers.actions import ASSUME
from sesgate.access.mailers.asking import Asking, Granted, is_personal
from sesgate.access.mailers.scopes import Arns
from sesgate.access.mailers.ways import Means, Way
from sesgate.iam import PrincipalKind, Statement, StatementEffect

_ASSUMING = ASSUME.lower()


class _Door(Struct, frozen=True):
    """Whom of its own account a trust policy speaks of: everyone, the account as a whole, or these ARNs."""

    everyone: bool
    account: bool
    arns: frozenset[str]
    personal: bool


class Becoming:
    """The roles that the principals of one account may assume."""

    def __init__(self, asking: Asking, everyone: Mapping[str, AccountPrincipal], account: str) -> None:
        self._asking = asking
        self._everyone = everyone
        self._account = account
        self._doors: dict[str, _Door] = {}
        self._wide, self._holders = self._with_a_policy()

    def _with_a_policy(self) -> tuple[list[AccountPrincipal], dict[str, list[AccountPrincipal]]]:
        """Who may assume whatever trusts the account as a whole; and by such role, who else has a policy for it."""
        roles = Arns(
            arn for arn, who in self._everyone.items() if who.kind is PrincipalKind.ROLE and self._door(who).account
        )
        wide: list[AccountPrincipal] = []
        holders: dict[str, list[AccountPrincipal]] = {}
        for who in self._everyone.values():
            if not self._asking.allows(who, [ASSUME]):
                continue
            scope = self._asking.scope(who, ASSUME)
            if scope.is_open:
                wide.append(who)
            else:
                for arn in dict.fromkeys(scope.within(roles)):
                    holders.setdefault(arn, []).append(who)
        return wide, holders

    def ways(
        self, goals: Iterable[tuple[AccountPrincipal, Way]], known: Iterable[str], *, certain: bool
    ) -> Iterator[tuple[AccountPrincipal, Way]]:
        """Everyone who may become one of the goals, with the shortest way; those of `known` are left out.

        Breadth first, each principal once. With `certain`, only what nothing stands in the way of.
        """
        queue = [(goal, way) for goal, way in goals if goal.kind is PrincipalKind.ROLE and (way.certain or not certain)]
        done = {*known, *(goal.arn for goal, _ in queue)}
        for role, onward in queue:
            for who, granted in self._assuming(role, done, certain=certain):
                done.add(who.arn)
                way = Way(
                    Means.ROLE,
                    granted,
                    role.arn,
                    (role.arn, *onward.then),
                    granted.depends_on | onward.depends_on,
                    granted.unreadable or onward.unreadable,
                    onward.last,
                )
                yield who, way
                if who.kind is PrincipalKind.ROLE:
                    queue.append((who, way))

    def _assuming(
        self, role: AccountPrincipal, done: set[str], *, certain: bool
    ) -> Iterator[tuple[AccountPrincipal, Granted]]:
        for who in self._candidates(role):
            if who.arn in done:
                continue
            granted = self.may_assume(who, role)
            if granted is not None and (granted.certain or not certain):
                yield who, granted

    def may_assume(self, who: AccountPrincipal, role: AccountPrincipal) -> Granted | None:
        """What lets a principal assume a role; None where policy or trust policy say no."""
        door = self._door(role)
        trust = role.trust.policy if role.trust else None
        if trust is None or not (door.everyone or door.account or who.arn in door.arns):
            return None
        alike = not door.everyone and who.arn not in door.arns and not door.personal
        return self._asking.may(
            who, ASSUME, role.arn, resource_policy=trust, resource_must_allow=True, same_for_all=alike
        )

    def _candidates(self, role: AccountPrincipal) -> Iterator[AccountPrincipal]:
        """Those whom the trust policy speaks of, and, of an account as a whole, those with a policy to that end."""
        door = self._door(role)
        if door.everyone:
            yield from self._everyone.values()
            return
        yield from (self._everyone[arn] for arn in sorted(door.arns) if arn in self._everyone)
        if door.account:
            for who in (*self._wide, *self._holders.get(role.arn, ())):
                if who.arn not in door.arns:
                    yield who

    def _door(self, role: AccountPrincipal) -> _Door:
        if role.arn not in self._doors:
            self._doors[role.arn] = self._read_door(role)
        return self._doors[role.arn]

    def _read_door(self, role: AccountPrincipal) -> _Door:
        statements = [each for each in role.trust.statements if _lets_assume(each)] if role.trust else []
        named = [each.principals for each in statements if each.principals is not None]
        return _Door(
            everyone=any(each.everyone for each in named) or any(each.not_principals for each in statements),
            account=any(self._account in each.accounts for each in named),
            arns=frozenset(arn for each in named for arn in each.arns),
            personal=any(is_personal(each) for each in (role.trust.statements if role.trust else ())),
        )


def _lets_assume(statement: Statement) -> bool:
    return statement.effect is StatementEffect.ALLOW and statement.covers_action(_ASSUMING)
