"""Words and repairs for statements that are too wide: what a person reads, and what to put in place."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sesgate.access.placed import PlacedPolicy, inline_of
from sesgate.access.roles import RoleAccess
from sesgate.access.wanted import NO_SET
from sesgate.finding import MINUTE, AwsCall, Change, Owner, PolicyRef, Remedy, StatementToAdd, Text
from sesgate.iam import PrincipalKind, Statement, StatementEffect
from sesgate.iam.breadth import Breadth, TooWide
from sesgate.iam.known_actions import KnownAction, version
from sesgate.iam.narrowing import Narrowed, Wanted, narrowed, with_brackets
from sesgate.iam.trust import Opening, Stranger, closed

LEAST_PRIVILEGE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege"
CONFUSED_DEPUTY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html"
OIDC = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html"
NAMED = 5
LISTED = 15
CONFIGURATION_SET = "configuration-set"
_LONGEST = 120


def listed(items: Iterable[str], most: int = NAMED, longest: int = _LONGEST) -> str:
    """Some of them by name, the others by number; each on one line and of bounded length."""
    texts = [with_brackets(" ".join(item.split())[:longest]) for item in items]
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more


def some(items: Iterable[str]) -> str:
    """The first of them, after "such as": how many there are is no matter."""
    return listed(list(items)[:NAMED])


def said(found: Breadth, placed: PlacedPolicy) -> str:
    """One line: what the statement grants that is too much, what narrows it, and what else is wide in it."""
    whose = f"{placed.name}, a policy that AWS maintains, " if placed.is_aws_managed else ""
    limits = f"; {listed(found.limits, 3)} limits it" if found.limits else ""
    also = f"; also {', '.join(found.also)}" if found.also else ""
    return f"{whose}{_granted(found)}{limits}{also}"


def _granted(found: Breadth) -> str:
    entries, resources = listed(found.entries), listed(found.resources, 3)
    names = listed(action.name for action in found.actions)
    notable = f", such as {some(found.notable)}" if found.notable else ""
    match found.kind:
        case TooWide.ADMINISTRATOR:
            return f"grants every action of every service on every resource{notable}"
        case TooWide.NOT_ACTION:
            return f"grants every action but {entries} on {resources}{notable}"
        case TooWide.SERVICE | TooWide.ACTION:
            if not found.actions:
                what = "every action of every service" if not found.entries[0].strip("*:") else "actions nobody knows"
                return f"grants {entries} on {resources}: {what}{notable}"
            examples = some(action.name for action in found.actions)
            return f"grants {entries} on {resources}: {_counted(found.actions)}, such as {examples}"
        case TooWide.PASS_ROLE:
            return f"grants {entries} on {resources}: any role, an administrator's too, can be given to a service"
        case TooWide.NOT_RESOURCE:
            return f"grants {names} on {resources}: NotResource allows whatever it does not name"
        case TooWide.RESOURCE:
            return f"grants {names} on {resources}, though it could name which: {_nameable(found.actions)}"
        case TooWide.DATA:
            return f"lets read with {names} what is stored in every {_kinds(found.actions)} ({resources})"
        case TooWide.REGION:
            return f"grants {names} on {resources}, in every region"
        case TooWide.UNKNOWN:
            return f"names {entries}, which the service authorization reference ({version()}) does not know"


def _counted(actions: tuple[KnownAction, ...]) -> str:
    number = len(actions)
    return f"{number} actions that change something" if number > 1 else "an action that changes something"


def _nameable(actions: Iterable[KnownAction]) -> str:
    """The kinds of resources that decide; for sending the configuration set as well, which SES asks for too."""
    known = list(actions)
    sets = {kind.name: None for action in known for kind in action.types if kind.name == CONFIGURATION_SET}
    return ", ".join([_kinds(known), *sets])


def _kinds(actions: Iterable[KnownAction]) -> str:
    kinds = dict.fromkeys(kind.name.lower() for action in actions for kind in action.decisive)
    return listed((kind for kind in kinds if "accesspoint" not in kind), 3)


def shown(statement: Statement, found: Breadth) -> str:
    """The entries as they are written, and what they grant too widely, gravest first."""
    element = "NotAction" if statement.not_actions is not None else "Action"
    entries = listed(statement.not_actions or statement.actions or ())
    actions = f": {listed((action.name for action in found.actions), LISTED)}" if found.actions else ""
    return f"{element} {entries}; Resource {listed(found.resources, 3)}{actions}"


def wanted_instead(found: Breadth, region: str) -> str:
    """What was expected in place of it."""
    match found.kind:
        case TooWide.REGION:
            return f"ARNs in {region}"
        case TooWide.UNKNOWN:
            return "actions that exist"
        case TooWide.RESOURCE | TooWide.NOT_RESOURCE | TooWide.DATA | TooWide.PASS_ROLE:
            return f"ARNs of the resources that are meant, in {region}"
    return f"the actions that are needed, by name, on their resources in {region}"


def narrow(access: RoleAccess, placed: PlacedPolicy, statement: Statement, wanted: Wanted) -> Remedy:
    """The narrowed statement in place of this one; of a policy of AWS's, detach it and write one instead."""
    if placed.is_aws_managed:
        return _replace(access, placed, wanted)
    title = placed.title(statement.index)
    policy = placed.arn or f"{access.name} {placed.label}"
    return Remedy(
        id=f"narrow-statement:{policy}:{title}",
        summary=f"Narrow {title} of {placed.label} to what is needed",
        owner=Owner.IAM,
        lead_time_seconds=MINUTE,
        changes=tuple(
            _in_place(
                narrowed(statement, wanted),
                f"{_of(access, placed)}, in place of {title}",
                title,
                placed.reference(access.kind, access.name, statement.index),
            )
        ),
        docs=LEAST_PRIVILEGE,
    )


def _of(access: RoleAccess, placed: PlacedPolicy) -> str:
    return placed.label if placed.written or placed.arn else f"{placed.label} of {access.name}"


def _in_place(made: Narrowed, target: str, title: str, policy: PolicyRef | None) -> Iterator[Change]:
    yield from (StatementToAdd(target, each, policy) for each in made.statements)
    if made.unknown:
        yield Text(
            f"Nobody has said which actions of {listed(made.unknown)} are needed: write them under `needs` of this "
            "role in the gate, and the next report writes the statement."
        )
    elif not made.statements:
        yield Text(f"Remove {title}: the gate names no need that it serves.")
    elif made.dropped:
        yield Text(f"{listed(made.dropped)} is left out: the gate names no need that it serves.")
    if made.to_fill:
        yield Text(
            f"Fill in {listed(made.to_fill)}; until then the statement grants nothing by it.{_where_no_set(made)}"
        )


def _where_no_set(made: Narrowed) -> str:
    if NO_SET not in made.to_fill:
        return ""
    return (
        " SES asks for the configuration set that applies as well as for the identity; where none does, strike its ARN."
    )


def _replace(access: RoleAccess, placed: PlacedPolicy, wanted: Wanted) -> Remedy:
    allows = [each for each in placed.statements if each.effect is StatementEffect.ALLOW]
    made = [narrowed(each, wanted) for each in allows]
    statements: list[Mapping[str, Any]] = []
    for each in (statement for one in made for statement in one.statements):
        if each not in statements:
            statements.append(each)
    whole = Narrowed(
        tuple(statements),
        unknown=_all(one.unknown for one in made),
        to_fill=_all(one.to_fill for one in made),
    )
    return Remedy(
        id=f"replace-policy:{access.name}:{placed.group or ''}:{placed.name}",
        summary=f"Give {access.name} a policy of its own, then detach {placed.name}",
        owner=Owner.IAM,
        lead_time_seconds=MINUTE,
        changes=(
            *_in_place(
                whole,
                f"a policy of {access.name}'s own",
                f"what {placed.name} grants",
                PolicyRef(inline_of(access.kind), access.name),
            ),
            _detach(access, placed),
        ),
        docs=LEAST_PRIVILEGE,
    )


def _all(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in parts for name in part))


def _detach(access: RoleAccess, placed: PlacedPolicy) -> AwsCall:
    if placed.group:
        kind, name = "Group", placed.group
    else:
        kind, name = ("User" if access.kind is PrincipalKind.USER else "Role"), access.name
    parameters = {f"{kind}Name": name, "PolicyArn": placed.arn}
    undo = AwsCall("iam", f"Attach{kind}Policy", parameters)
    return AwsCall("iam", f"Detach{kind}Policy", parameters, undo=undo)


def let_in(opening: Opening) -> str:
    """One line: who can assume the role, and what would keep them out."""
    match opening.stranger:
        case Stranger.ANYONE:
            who = "anyone with an AWS account"
        case Stranger.ALL_BUT:
            who = "everyone whom NotPrincipal does not name"
        case Stranger.ACCOUNT:
            who = f"everyone whom account {opening.account} lets, another account than the role's"
        case Stranger.UNKNOWN:
            who = f"everyone whom account {opening.account} lets"
        case Stranger.TOKEN:
            who = f"whoever gets a token of {opening.issuer}"
    return f"{listed([who])} can assume the role; wanted: {listed([opening.wanted])}"


def _trust_of(access: RoleAccess, placed: PlacedPolicy) -> str:
    return placed.label if placed.written else f"the trust policy of {access.name}"


def close(
    access: RoleAccess, placed: PlacedPolicy, statement: Statement, through: tuple[Opening, ...], wanted: Wanted
) -> Remedy:
    """The statement of the trust policy with the openings closed."""
    title = placed.title(statement.index)
    whose = access.name if access.arn else f"the role of {placed.label}"
    made = closed(statement, through, wanted.account, wanted.partition)
    policy = placed.reference(access.kind, access.name, statement.index)
    tokens = all(opening.stranger is Stranger.TOKEN for opening in through)
    return Remedy(
        id=f"close-trust:{access.name}:{title}",
        summary=f"Let only those assume {whose} who are meant to",
        owner=Owner.IAM,
        lead_time_seconds=MINUTE,
        changes=(
            *(StatementToAdd(f"{_trust_of(access, placed)}, in place of {title}", each, policy) for each in made),
            Text("Fill in what stands in angle brackets; until then it lets nobody in."),
        ),
        docs=OIDC if tokens else CONFUSED_DEPUTY,
    )
