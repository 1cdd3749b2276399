"""What keeps somebody from sending: a Deny beside what they have, a condition on the address, or less of a policy."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sesgate.access.account import AccountPrincipal
from sesgate.access.mailers.actions import ASSUME, BULK
from sesgate.access.mailers.aims import Aims
from sesgate.access.mailers.asking import Granted
from sesgate.access.mailers.survey import Mailer
from sesgate.access.mailers.ways import Means, Way
from sesgate.access.mailers.words import as_senders, decided_by, names, only_where, short
from sesgate.access.needs import LOCAL_PART, SENDING
from sesgate.access.placed import PlacedPolicy, inline_of
from sesgate.access.requests import FROM_ADDRESS
from sesgate.access.wildcards import listed
from sesgate.finding import MINUTE, Change, Owner, PolicyRef, Remedy, StatementToAdd, Text
from sesgate.iam import Statement
from sesgate.iam.narrowing import conditions_as_written

SES_GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html"
DENIES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html"
ESCALATION = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html"
ASSUMING = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_update-role-trust-policy.html"
_PERMISSION_SET = "/aws-reserved/sso.amazonaws.com/"


def keep_out(mailer: Mailer, aims: Aims) -> Remedy:
    """For one whom the gate does not name: keep it from sending, or name it."""
    who, way = mailer.who, mailer.way
    name = short(who.arn)
    if way.last is not None:
        return _hold(mailer)
    if way.means is Means.ROLE:
        statement: dict[str, Any] = _deny([ASSUME], [way.through])
        summary, docs = f"Keep {name} from assuming {short(way.through)}, or name it under may_send", ASSUMING
        text = f"Or take {name} out of the trust policy of {short(way.through)}, where that names it."
    else:
        statement = _deny(SENDING, aims.arns)
        summary, docs = f"Keep {name} from sending as {as_senders(aims)}, or name it under may_send", DENIES
        text = f"Or take the sending out of {decided_by(who, way.granted)}, where nobody else needs it."
    named = f"Or name it under may_send in the gate, beside whoever may send now: {who.arn}"
    changes = (_beside(who, statement), Text(text), Text(named))
    return Remedy(f"keep-from-sending:{who.arn}", summary, Owner.IAM, MINUTE, changes, docs=docs)


def _hold(mailer: Mailer) -> Remedy:
    """Against one who may rewrite policies no Deny in a policy of its own holds."""
    step = mailer.way.last or mailer.way
    who = short(mailer.who.arn)
    where = short(step.through)
    text = (
        f"Take {step.granted.action} on {where} out of what {who} may do, or give it a permissions boundary that "
        "leaves out sending; a Deny in a policy that it can rewrite would not hold. If it deploys the application, and "
        "is meant to, waive this finding."
    )
    return Remedy(
        f"hold:{mailer.who.arn}",
        f"Keep {who} from {step.granted.action} on {where}",
        Owner.IAM,
        MINUTE,
        (Text(text),),
        docs=ESCALATION,
    )


def bind_address(mailer: Mailer, granted: Granted, aims: Aims, sets: Iterable[str]) -> Remedy:
    """The sending statement with a condition on ses:FromAddress, in place of the one that has none.

    `sets` are the ARNs of the senders' configuration sets.
    """
    who = mailer.who
    placed = who.source(granted.statement)
    statement = (
        next((each for each in placed.statements if each.index == granted.statement.index), None)
        if (placed and granted.statement)
        else None
    )
    changes = tuple(_bound(who, placed, statement, aims, sets)) if placed and statement else ()
    return Remedy(
        f"bind-address:{who.arn}",
        f"Let {short(who.arn)} send as {as_senders(aims)} only",
        Owner.IAM,
        MINUTE,
        changes or (Text(f"Hold {decided_by(who, granted)} to {as_senders(aims)}."),),
        docs=SES_GUIDE,
    )


def _bound(
    who: AccountPrincipal, placed: PlacedPolicy, statement: Statement, aims: Aims, sets: Iterable[str]
) -> Iterator[Change]:
    covered = [name for name in SENDING if statement.covers_action(name.lower())]
    actions = [name for name in covered if name != BULK]
    title, label = placed.title(statement.index), placed.label
    editable = not (placed.is_aws_managed or placed.group)
    if actions:
        bound = _as_senders(statement, actions, aims, sets)
        if editable:
            whole = statement.index if statement.actions and len(statement.actions) == len(actions) else None
            target = f"{label} of {short(who.arn)}, in place of the sending in {title}"
            yield StatementToAdd(target, bound, placed.reference(who.kind, who.name, whole))
        else:
            yield _beside(who, bound)
    if BULK in covered:
        yield Text(f"Leave {BULK} out: its requests carry no {FROM_ADDRESS}, and no condition holds it.")
    if not editable:
        where = f"the group {placed.group}" if placed.group else short(who.arn)
        yield Text(f"Then take {label} from {where}: it allows sending from any address.")
    elif statement.actions is None or len(statement.actions) != len(actions):
        yield Text(f"Take the sending out of {title}, and leave there what else is needed of it.")


def _as_senders(statement: Statement, actions: list[str], aims: Aims, sets: Iterable[str]) -> Mapping[str, Any]:
    addresses = [_pattern(aim.address) for aim in aims.senders]
    operator = "StringLike" if any("*" in address for address in addresses) else "StringEquals"
    others = [each for each in statement.conditions if each.key.lower() != FROM_ADDRESS.lower()]
    conditions = conditions_as_written(others)
    conditions.setdefault(operator, {})[FROM_ADDRESS] = addresses
    made: dict[str, Any] = {"Sid": statement.sid} if statement.sid else {}
    return made | {
        "Effect": "Allow",
        "Action": actions,
        "Resource": [*aims.arns, *sets],
        "Condition": conditions,
    }


def _pattern(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"*@{domain}" if local == LOCAL_PART else address


def _deny(actions: Iterable[str], resources: Iterable[str]) -> dict[str, Any]:
    return {"Effect": "Deny", "Action": list(actions), "Resource": list(resources)}


def _beside(who: AccountPrincipal, statement: Mapping[str, Any]) -> StatementToAdd:
    """A statement in a policy of its own: what IAM Identity Center made, it makes anew from its own."""
    if _PERMISSION_SET in who.arn:
        permission_set = who.name.removeprefix("AWSReservedSSO_").rpartition("_")[0]
        target = f"the inline policy of the permission set {permission_set} in IAM Identity Center"
        return StatementToAdd(target, statement)
    kind = inline_of(who.kind)
    return StatementToAdd(f"a new inline policy of {kind} {listed([who.name])}", statement, PolicyRef(kind, who.name))


def make_certain(mailer: Mailer, way: Way | Granted) -> Remedy:
    """Where it turns on what nothing here tells."""
    name = short(mailer.who.arn)
    return Remedy(
        f"tell-context:{mailer.who.arn}",
        f"Make certain whether {name} can send",
        Owner.IAM,
        MINUTE,
        (Text(f"It can{only_where(way)}: say by a Deny that it can't, or name it under may_send: {mailer.who.arn}"),),
        docs=DENIES,
    )


def name_administrators(undeclared: list[str], heirs: list[str]) -> Remedy:
    """What there is to do about administrators: have few."""
    return Remedy(
        "few-administrators",
        "Have as few full administrators as can be, each with a second factor",
        Owner.PERSON,
        MINUTE,
        (
            Text(
                f"Take AdministratorAccess from whoever does not need it: {names([*undeclared, *heirs])}. Name those "
                "who are meant to have it under may_send, and they are told no more."
            ),
        ),
        docs="https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege",
    )


def forget(entry: str) -> Remedy:
    """An entry of `may_send` that is nobody."""
    return Remedy(
        f"forget-may-send:{entry}",
        f"Take {listed([entry])} out of may_send, or correct it",
        Owner.APPLICATION,
        MINUTE,
        (Text("The path is part of a principal's ARN, and upper and lower case count."),),
    )
