"""How far each action goes that a statement grants: on whatever resource, or held small, and by what."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from sesgate.iam.documents import Policy, Statement, StatementEffect
from sesgate.iam.known_actions import KnownAction, expand
from sesgate.iam.matching import parse_resource
from sesgate.iam.openness import is_about, is_open
from sesgate.iam.weighing import Weight, weigh, weigh_deny


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
    """One granted action, and how far it goes."""

    action: KnownAction
    fate: Fate


class Judging:
    """One statement by itself: what is the same for many actions is found out once."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement
        self._patterns = tuple(each.text for each in statement.resources or ())
        self._excepted = tuple(each.text for each in statement.not_resources or ())
        self._inverse = statement.not_resources is not None
        self._everywhere = self._inverse or any(each.everything for each in statement.resources or ())
        self._fates: dict[int, Fate | None] = {}

    @property
    def is_plain(self) -> bool:
        """On `*`, without a condition: the most frequent of all, and each is like the other."""
        return self._everywhere and not self._inverse and not self.statement.conditions

    def fate(self, action: KnownAction) -> Fate | None:
        """How far an action goes by this statement; None where it is not granted after all."""
        if action.shape not in self._fates:
            self._fates[action.shape] = self._fate(action)
        return self._fates[action.shape]

    def _fate(self, action: KnownAction) -> Fate | None:
        limits = weigh(self.statement.conditions, action)
        if not limits.grants or not self._is_about(action):
            return None
        narrow = limits.weight is Weight.RESOURCE
        is_open_here = not narrow and self._is_open(action)
        return Fate(is_open_here, narrow, False, limits.weight, limits.one_region, limits.texts)

    def _is_about(self, action: KnownAction) -> bool:
        """Can the statement's resources be what the action acts on? Only `*` grants what acts on none."""
        return self._everywhere or any(is_about(text, kind.arn) for text in self._patterns for kind in action.types)

    def _is_open(self, action: KnownAction) -> bool:
        """Could the action be held to fewer resources, and is it not? One type left closed is enough."""
        if action.needs_star or not action.types:
            return False
        if self._inverse:
            return not any(is_open(text, kind.arn) for text in self._excepted for kind in action.decisive)
        if self._everywhere:
            return True
        required = [kind for kind in action.decisive if kind.required]
        left_open = (any(is_open(text, kind.arn) for text in self._patterns) for kind in required or action.decisive)
        return all(left_open) if required else any(left_open)


@dataclass(frozen=True, slots=True)
class Around:
    """What else bears on a statement's grants: the Deny statements of the same principal, and its boundary."""

    denies: tuple[Statement, ...] = ()
    boundary: Policy | None = None
    _passed: dict[tuple[str, bool], bool] = field(default_factory=dict, compare=False, repr=False)
    _allows: tuple[Judging, ...] = field(default=(), compare=False, repr=False)
    _within: "Around | None" = field(default=None, compare=False, repr=False)
    """The boundary's own Deny statements."""

    @classmethod
    def of(cls, policies: Iterable[Policy], boundary: Policy | None = None) -> "Around":
        """From all identity policies of a principal."""
        statements = (each for policy in policies for each in policy.statements)
        denies = tuple(each for each in statements if each.effect is StatementEffect.DENY)
        if boundary is None:
            return cls(denies)
        allows = tuple(Judging(each) for each in boundary.statements if _allows(each))
        return cls(denies, boundary, {}, allows, cls.of([boundary]))

    @property
    def is_nothing(self) -> bool:
        """Does nothing else bear on it?"""
        return not self.denies and self.boundary is None

    def applied(self, action: KnownAction, fate: Fate) -> Fate | None:
        """What is left of a grant; None where nothing is."""
        narrow = fate.narrow
        texts = list(fate.texts)
        lowered = action.name.lower()
        for deny in self.denies:
            if deny.covers_action(lowered):
                left = weigh_deny(deny, action)
                if not left.grants:
                    return None
                narrow = narrow or left.weight is Weight.RESOURCE
                texts += left.texts
        open_still = fate.open and not narrow
        bounded = self.boundary is not None and not self._passes(action, widely=open_still)
        if bounded and self.boundary is not None:
            texts.append(f"the permissions boundary {self.boundary.name}")
        return fate._replace(open=open_still, narrow=narrow, bounded=bounded, texts=tuple(texts))

    def _passes(self, action: KnownAction, *, widely: bool) -> bool:
        """Does the boundary let the action pass: at all, or `widely`, on whatever resource?"""
        key = action.name, widely
        if key not in self._passed:
            self._passed[key] = any(self._lets(each, action, widely=widely) for each in self._allows)
        return self._passed[key]

    def _lets(self, judging: Judging, action: KnownAction, *, widely: bool) -> bool:
        if not judging.statement.covers_action(action.name.lower()):
            return False
        fate = judging.fate(action)
        if fate is None:
            return False
        left = self._within.applied(action, fate) if self._within is not None else fate
        return left is not None and (not widely or left.open)


ALONE = Around()


def _allows(statement: Statement) -> bool:
    return statement.effect is StatementEffect.ALLOW and not statement.malformed


def reaches(entry: str, judging: Judging, around: Around) -> tuple[Reach, ...]:
    """All that an entry of Action grants, gravest first."""
    if around.is_nothing and judging.is_plain:
        return _on_everything(entry)
    return tuple(_reaches(entry, judging, around))


@lru_cache(maxsize=8192)
def _on_everything(entry: str) -> tuple[Reach, ...]:
    return tuple(_reaches(entry, Judging(_EVERYWHERE), ALONE))


_EVERYWHERE = Statement(0, None, StatementEffect.ALLOW, resources=(parse_resource("*", variables=False),))


def _reaches(entry: str, judging: Judging, around: Around) -> Iterator[Reach]:
    for action in expand(entry):
        fate = judging.fate(action)
        if fate is not None and not around.is_nothing:
            fate = around.applied(action, fate)
        if fate is not None:
            yield Reach(action, fate)
