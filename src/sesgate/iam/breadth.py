"""What a statement of an identity policy grants too widely: judged once a statement, by the gravest that it does.

Nothing is found where nothing could be narrower: actions that only `*` grants, reads that tell no secret and no data,
names with a suffix that AWS gives, grants that a condition, a Deny or the permissions boundary holds small.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from sesgate.iam.documents import Policy, Statement, StatementEffect
from sesgate.iam.known_actions import KnownAction, Level, actions_of, expand, gravest_first, services
from sesgate.iam.openness import any_region, is_open
from sesgate.iam.reach import ALONE, Around, Judging, Reach, reaches
from sesgate.iam.weighing import Weight, weigh

PASS_ROLE = "iam:PassRole"  # noqa: S105 - an action
_WRITE_LINES = frozenset({"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"})
"""Writes that only add lines to a log: wide, and of little harm."""
_NOTABLE = (
    *("iam:PassRole", "iam:CreateAccessKey", "iam:AttachRolePolicy", "sts:AssumeRole", "ses:PutEmailIdentityPolicy"),
    *("ses:SendEmail", "secretsmanager:GetSecretValue", "s3:GetObject", "lambda:UpdateFunctionCode"),
)
"""What to name of grants that are too wide to be listed."""


class TooWide(StrEnum):
    """In what way, gravest first."""

    ADMINISTRATOR = "administrator"
    NOT_ACTION = "not-action"
    SERVICE = "service-wildcard"
    PASS_ROLE = "pass-role-any"  # noqa: S105 - a cause
    ACTION = "action-wildcard"
    NOT_RESOURCE = "not-resource"
    RESOURCE = "resource-wildcard"
    DATA = "data-read"
    REGION = "region-wildcard"
    UNKNOWN = "unknown-action"


_Granted: TypeAlias = list[tuple[str, tuple[Reach, ...]]]
"""The entries of Action, and what each grants."""
_GRAVITY = {kind: place for place, kind in enumerate(TooWide)}


class Breadth(Struct, frozen=True):
    """What is too wide in one statement.

    `kind` is the gravest, `also` are lesser ones. `element` is the entry to look at (`Action[1]`), `entries` are the
    entries of Action (or NotAction) that it comes from. `actions` are what it grants too widely, gravest first; empty
    where that is nearly everything. `resources` are the entries that are open. `limits` say in words what narrows it;
    `lessened` where that makes it weigh less.
    """

    kind: TooWide
    element: str
    entries: tuple[str, ...] = ()
    actions: tuple[KnownAction, ...] = ()
    resources: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    lessened: bool = False
    also: tuple[TooWide, ...] = ()
    notable: tuple[str, ...] = ()


@dataclass(slots=True)
class _Part:
    """One way in which a statement is too wide."""

    kind: TooWide
    element: str
    reaches: list[Reach] = field(default_factory=list)
    entries: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    lessened: bool = False


def breadth(statement: Statement, around: Around = ALONE) -> Breadth | None:
    """What the statement of an identity policy grants too widely; None where that is nothing."""
    if statement.effect is not StatementEffect.ALLOW or statement.malformed or statement.names_principals:
        return None
    if statement.resources is None and statement.not_resources is None:
        return None
    parts = sorted(_parts(statement, around), key=lambda part: (part.lessened, _GRAVITY[part.kind]))
    if not parts:
        return None
    first, *others = parts
    actions = sorted({reach.action.name: reach.action for reach in first.reaches}.values(), key=gravest_first)
    limits = dict.fromkeys(text for reach in first.reaches for text in reach.fate.texts)
    if not first.reaches:
        limits = dict.fromkeys(_limits_of_everything(statement, around))
    return Breadth(
        first.kind,
        first.element,
        first.entries,
        tuple(actions),
        first.resources or _open_entries(statement),
        tuple(limits),
        first.lessened,
        tuple(dict.fromkeys(part.kind for part in others if part.kind is not first.kind)),
        notable=tuple(name for name in _NOTABLE if statement.covers_action(name.lower())) if not actions else (),
    )


def _parts(statement: Statement, around: Around) -> Iterator[_Part]:
    if statement.not_actions is not None:
        yield from _all_but(statement, around)
        return
    entries = statement.actions or ()
    everything = [place for place, entry in enumerate(entries) if stands_for_all(entry)]
    if everything:
        kind = TooWide.ADMINISTRATOR if _everywhere(statement) else TooWide.SERVICE
        lessened = _lessened_as_a_whole(statement, around)
        yield _Part(kind, f"Action[{everything[0]}]", [], (entries[everything[0]],), lessened=lessened)
        return
    judging = Judging(statement)
    granted: list[tuple[str, tuple[Reach, ...]]] = []
    for place, entry in enumerate(entries):
        found = reaches(entry, judging, around)
        granted.append((entry, found))
        yield from _wild_entry(entry, place, found)
        if not expand(entry) and "*" not in entry and "?" not in entry and _of_known_service(entry):
            yield _Part(TooWide.UNKNOWN, f"Action[{place}]", [], (entry,))
    yield from _resources(statement, granted)


def stands_for_all(entry: str) -> bool:
    """`*`, and `*:*`, which is read as that."""
    service, _, name = entry.partition(":")
    return bool(entry) and not service.strip("*") and not name.strip("*")


def _of_known_service(entry: str) -> bool:
    return entry.partition(":")[0].lower() in services()


def _everywhere(statement: Statement) -> bool:
    return statement.not_resources is not None or any(_is_all(each.text) for each in statement.resources or ())


def _is_all(text: str) -> bool:
    """`*`, and `arn:aws:*`: every resource of every service."""
    return not text.removeprefix("arn:").removeprefix("aws:").strip("*:")


def _open_entries(statement: Statement) -> tuple[str, ...]:
    if statement.not_resources is not None:
        return tuple(f"all but {each.text}" for each in statement.not_resources)
    return tuple(each.text for each in statement.resources or ())


def _all_but(statement: Statement, around: Around) -> Iterator[_Part]:
    excepted = statement.not_actions or ()
    if any(stands_for_all(entry) for entry in excepted):
        return
    lessened = _lessened_as_a_whole(statement, around)
    yield _Part(TooWide.NOT_ACTION, "NotAction[0]", [], excepted, lessened=lessened)


def _lessened_as_a_whole(statement: Statement, around: Around) -> bool:
    """Only what says on what may be acted weighs against "everything"; where from does not."""
    return weigh(statement.conditions, None).weight is Weight.RESOURCE or _bounds_everything(around.boundary)


def _bounds_everything(boundary: Policy | None) -> bool:
    if boundary is None:
        return False
    return not any(_is_boundless(each, boundary) for each in boundary.statements)


def _is_boundless(statement: Statement, boundary: Policy) -> bool:
    found = breadth(statement, Around.of([boundary]))
    return found is not None and found.kind in (TooWide.ADMINISTRATOR, TooWide.NOT_ACTION) and not found.lessened


def _limits_of_everything(statement: Statement, around: Around) -> Iterator[str]:
    yield from weigh(statement.conditions, None).texts
    if around.boundary is not None and _bounds_everything(around.boundary):
        yield f"the permissions boundary {around.boundary.name}"


def _wild_entry(entry: str, place: int, found: tuple[Reach, ...]) -> Iterator[_Part]:
    """`ses:*`, `ses:Send*`: too wide where it stands for more than one action and one of them changes something."""
    service, _, name = entry.partition(":")
    if "*" not in name and "?" not in name:
        return
    kind = TooWide.SERVICE if name and not name.strip("*") else TooWide.ACTION
    if "*" in service or "?" in service:
        return
    if not actions_of(service.lower()):
        yield _Part(kind, f"Action[{place}]", [], (entry,))
        return
    changing = [reach for reach in found if reach.action.level in (Level.WRITE, Level.PERMISSIONS, Level.TAGGING)]
    if len(found) > 1 and changing and len(expand(entry)) > 1:
        yield _part(kind, f"Action[{place}]", changing, (entry,))


def _resources(statement: Statement, granted: _Granted) -> Iterator[_Part]:
    wide = [reach for _, found in granted for reach in found if reach.fate.open]
    inverse = statement.not_resources is not None
    passing = [reach for reach in wide if reach.action.name == PASS_ROLE]
    changing = [reach for reach in wide if reach.action.level.changes and reach.action.name != PASS_ROLE]
    reading = [reach for reach in wide if reach.action.level is Level.DATA]
    for kind, among in (
        (TooWide.PASS_ROLE, passing),
        (TooWide.NOT_RESOURCE if inverse else TooWide.RESOURCE, changing),
        (TooWide.DATA, reading),
    ):
        if among:
            yield _part(kind, *_where(statement, granted, among))
    if not wide:
        yield from _regions(statement, granted)


def _where(
    statement: Statement, granted: _Granted, among: list[Reach]
) -> tuple[str, list[Reach], tuple[str, ...], tuple[str, ...]]:
    """The first open entry of Resource, with all that are open and the actions' own entries."""
    named = _entries(granted, among)
    if statement.not_resources is not None:
        return "NotResource[0]", among, named, _open_entries(statement)
    kinds = {kind.arn for reach in among for kind in reach.action.decisive}
    patterns = [
        (place, each.text)
        for place, each in enumerate(statement.resources or ())
        if any(is_open(each.text, arn) for arn in kinds)
    ]
    return f"Resource[{patterns[0][0]}]" if patterns else "Resource", among, named, tuple(each for _, each in patterns)


def _entries(granted: _Granted, among: list[Reach]) -> tuple[str, ...]:
    """The entries of Action by which these are granted."""
    names = {reach.action.name for reach in among}
    return tuple(dict.fromkeys(entry for entry, found in granted if any(reach.action.name in names for reach in found)))


def _part(
    kind: TooWide, element: str, reaches: list[Reach], entries: tuple[str, ...], resources: tuple[str, ...] = ()
) -> _Part:
    """What weighs in full is told; only where nothing does, what is narrowed otherwise is told, and weighs less."""
    full = [
        reach
        for reach in reaches
        if not reach.fate.bounded and not reach.fate.narrow and reach.fate.weight < Weight.CIRCUMSTANCES
    ]
    lessened = not full or (kind is TooWide.RESOURCE and all(reach.action.name in _WRITE_LINES for reach in full))
    return _Part(kind, element, full or reaches, entries, resources, lessened)


def _regions(statement: Statement, granted: _Granted) -> Iterator[_Part]:
    """A named resource in whatever region."""
    found: list[Reach] = []
    patterns: dict[int, str] = {}
    for reach in (reach for _, found_by in granted for reach in found_by):
        action, fate = reach.action, reach.fate
        if action.needs_star or not action.level.changes or fate.narrow or fate.bounded or fate.one_region:
            continue
        for place, each in enumerate(statement.resources or ()):
            if any(any_region(each.text, kind.arn) for kind in action.decisive):
                patterns.setdefault(place, each.text)
                found.append(reach)
    if found:
        named = _entries(granted, found)
        place = min(patterns)
        yield _part(TooWide.REGION, f"Resource[{place}]", found, named, tuple(patterns.values()))
