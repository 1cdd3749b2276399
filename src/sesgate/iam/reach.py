"""How far each action goes that a statement grants: on whatever resource, or held small, and by what."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from sesgate.iam.documents import Policy, Statement, StatementEffect
from sesgate.iam.known_actions import KnownAction
from sesgate.iam.openness import is_about, is_open
from sesgate.iam.weighing import Weight, weigh, weigh_deny


@dataclass(frozen=True, slots=True)
class Around:
    """What else bears on a statement's grants: the Deny statements of the same principal, and its boundary."""

    denies: tuple[Statement, ...] = ()
    boundary: Policy | None = None

    @classmethod
    def of(cls, policies: Iterable[Policy], boundary: Policy | None = None) -> "Around":
        """From all identity policies of a principal."""
        statements = (each for policy in policies for each in policy.statements)
        return cls(tuple(each for each in statements if each.effect is StatementEffect.DENY), boundary)


ALONE = Around()


class Fate(NamedTuple):
    """What becomes of an action in a statement: `open` on whatever resource, `bounded` where only the boundary says no.

    `narrow` where a condition or a Deny holds it to some resource or sender. `texts` say in words what narrows it.
    """

    open: bool
    narrow: bool
    bounded: bool
    weight: Weight
    one_region: bool
    texts: tuple[str, ...]


class Reach(NamedTuple):
    """One granted action, and the entry of Action that grants it."""

    action: KnownAction
    entry: int
    fate: Fate


_FATES_ON_EVERYTHING: dict[int, Fate | None] = {}
"""Of actions that are granted on `*`, without a condition, by their shape: the most frequent of all statements."""


class Judging:
    """One statement: what is the same for many actions is found out once."""

    def __init__(self, statement: Statement, around: Around) -> None:
        self.statement = statement
        self.around = around
        self.patterns = tuple(each.text for each in statement.resources or ())
        self.excepted = tuple(each.text for each in statement.not_resources or ())
        self.inverse = statement.not_resources is not None
        self.everywhere = self.inverse or any(each.everything for each in statement.resources or ())
        self._by_shape = not around.denies and around.boundary is None
        plain = self._by_shape and self.everywhere and not self.inverse and not statement.conditions
        self._fates = _FATES_ON_EVERYTHING if plain else {}

    def reach(self, action: KnownAction, entry: int) -> Reach | None:
        """How far an action goes by this statement; None where it is not granted after all."""
        if not self._by_shape:
            fate = self._fate(action)
        elif action.shape in self._fates:
            fate = self._fates[action.shape]
        else:
            fate = self._fates[action.shape] = self._fate(action)
        return None if fate is None else Reach(action, entry, fate)

    def _fate(self, action: KnownAction) -> Fate | None:
        limits = weigh(self.statement.conditions, action)
        if not limits.grants or not self._is_about(action):
            return None
        texts = list(limits.texts)
        narrow = limits.weight is Weight.RESOURCE
        lowered = action.name.lower()
        for deny in self.around.denies:
            if deny.covers_action(lowered):
                left = weigh_deny(deny, action)
                if not left.grants:
                    return None
                narrow = narrow or left.weight is Weight.RESOURCE
                texts += left.texts
        open_here = not narrow and self._is_open(action)
        boundary = self.around.boundary
        bounded = boundary is not None and not _passes(boundary, action, widely=open_here)
        if bounded and boundary is not None:
            texts.append(f"the permissions boundary {boundary.name}")
        return Fate(open_here, narrow, bounded, limits.weight, limits.one_region, tuple(texts))

    def _is_about(self, action: KnownAction) -> bool:
        """Can the statement's resources be what the action acts on? Only `*` grants what acts on none."""
        return self.everywhere or any(is_about(text, kind.arn) for text in self.patterns for kind in action.types)

    def _is_open(self, action: KnownAction) -> bool:
        """Could the action be held to fewer resources, and is it not? One type left closed is enough."""
        if action.needs_star or not action.types:
            return False
        if self.inverse:
            return not any(is_open(text, kind.arn) for text in self.excepted for kind in action.decisive)
        required = [kind for kind in action.decisive if kind.required]
        left_open = (any(is_open(text, kind.arn) for text in self.patterns) for kind in required or action.decisive)
        return all(left_open) if required else any(left_open)


def _passes(boundary: Policy, action: KnownAction, *, widely: bool) -> bool:
    """Does the boundary let the action pass: at all, or `widely`, on whatever resource?"""
    lowered = action.name.lower()
    around = Around(Around.of([boundary]).denies)
    for statement in boundary.statements:
        if statement.effect is not StatementEffect.ALLOW or statement.malformed or not statement.covers_action(lowered):
            continue
        reach = Judging(statement, around).reach(action, 0)
        if reach is not None and (not widely or reach.fate.open):
            return True
    return False
