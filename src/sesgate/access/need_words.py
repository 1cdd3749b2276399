"""Words and repairs for needs that are not met: what a person reads, and the statement to add."""

from collections.abc import Iterable, Mapping
from typing import Any

from sesgate.access.needs import LOCAL_PART, Judge, Outcome, Target
from sesgate.access.placed import Origin, PlacedPolicy, inline_of
from sesgate.access.requests import FROM_ADDRESS
from sesgate.access.roles import RoleAccess
from sesgate.access.wildcards import listed
from sesgate.finding import MINUTE, Change, Owner, PolicyRef, Remedy, StatementToAdd, Text
from sesgate.iam import Effect, StatementEffect
from sesgate.iam.known_actions import known_action
from sesgate.subjects import RoleAction

IAM_GUIDE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
SES_GUIDE = "https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html"
_OPEN = "open:"


def decided_by(access: RoleAccess, outcome: Outcome) -> str:
    """The statement that decided, by policy and Sid."""
    decided = outcome.decision.statement
    if decided is None:
        return f"the {outcome.decision.layer}"
    placed = access.source(decided)
    if placed is None:
        return f"{decided.policy} {decided.sid or f'Statement[{decided.index}]'}"
    return f"{placed.label} {placed.title(decided.index)}"


def allowed(access: RoleAccess, outcomes: Iterable[Outcome]) -> str:
    """What a pass says: on what, as whom, by which statements, and which layers nobody could see."""
    known = list(outcomes)
    by = dict.fromkeys(decided_by(access, outcome) for outcome in known)
    unseen = dict.fromkeys(layer for outcome in known for layer in outcome.decision.unseen)
    said = f"allowed on {on(known)} by {listed(by, 3)}"
    assumed = dict.fromkeys(name for placed in access.documents if placed.written for name in placed.written.assumed)
    if assumed:
        said += f", with {listed(assumed, 3)} at the template's default"
    return said + (f"; {' and '.join(unseen)} can't be seen from here" if unseen else "")


def on(outcomes: Iterable[Outcome]) -> str:
    """The resources, and the addresses that it is sent as."""
    known = [outcome.target for outcome in outcomes]
    addresses = dict.fromkeys(_address(target) for target in known if target.address)
    return listed(dict.fromkeys(map(str, known)), 4) + (f" as {listed(addresses, 3)}" if addresses else "")


def _address(target: Target) -> str:
    address = str(target.address)
    return f"any address of {target.sender}" if address.startswith(f"{LOCAL_PART}@") else address


def refused(judge: Judge, outcomes: list[Outcome]) -> str:
    """What a failure says. The outcomes have one cause."""
    access, first = judge.access, outcomes[0]
    who, where = access.name, on(outcomes)
    match first.cause:
        case "denied-explicitly":
            return f"{who} may not {judge.action} on {where}: {decided_by(access, first)} denies it"
        case "boundary":
            limit = access.boundary.label if access.boundary else "the permissions boundary"
            how = "denies it" if first.decision.effect is Effect.EXPLICITLY_DENIED else "does not allow it"
            return f"{who} may not {judge.action} on {where}: {limit} {how}, whatever its own policies allow"
        case "configuration-set-not-allowed":
            return (
                f"{who} may not {judge.action} on {where}, and SES asks for the configuration set as well as for the "
                "identity: every send with it is refused"
            )
        case "from-address":
            others = f"its policies speak of {listed(first.instead, 3)}" if first.instead else decided_by(access, first)
            return f"{who} may not {judge.action} on {where}: ses:FromAddress decides, and {others}"
        case "wrong-api":
            others = listed(first.instead)
            return f"{who} may not {judge.action} on {where}, though it may {others}: each API has an action of its own"
        case "depends":
            return _depends(access, where, first)
        case "malformed-policy":
            problems = [str(problem.message) for problem in first.decision.problems]
            told = listed(problems, 2) or f"{decided_by(access, first)} can't be read"
            return f"{who} may not {judge.action} on {where}, as far as its policies can be read: {told}"
    never = ""
    if judge.addresses() and first.target.sender and first.target.address is None:
        never = f": {judge.action} carries no ses:FromAddress, so that a condition on it never holds"
    return f"no policy of {who} allows {judge.action} on {where}{never}"


def _depends(access: RoleAccess, where: str, first: Outcome) -> str:
    who = access.name
    if first.instead:
        return f"on {where}, {who} may only where it is {listed(first.instead, 3)}: name what is needed in `resources`"
    keys = sorted(first.decision.depends_on)
    spelt = {name.lower(): name for placed in access.everything if placed.written for name in placed.written.open}
    left_open = [spelt.get(key.removeprefix(_OPEN).lower(), key) for key in keys if key.startswith(_OPEN)]
    if left_open:
        return f"whether {who} may on {where} depends on what the template leaves open: {listed(left_open)}"
    return f"whether {who} may on {where} depends on {listed(keys)} of the request, which nothing here tells"


def found(outcomes: list[Outcome]) -> str:
    """What the evaluation said."""
    decision = outcomes[0].decision
    return f"{decision.effect} ({decision.layer})" if decision.layer else str(decision.effect)


def remedy(subject: RoleAction, judge: Judge, outcomes: list[Outcome], waiting: PlacedPolicy | None) -> Remedy:
    """The statement to add to the right policy, or what to change where adding doesn't help.

    `waiting` is a local document that would allow it, and is not in the account.
    """
    access, cause = judge.access, outcomes[0].cause
    actions = together(subject, outcomes)
    summary, changes = f"Let {access.name} {listed(actions)} on {on(outcomes)}", _to_add(actions, judge, outcomes)
    name = f"allow:{access.name}:{'+'.join(actions)}:{'+'.join(outcome.target.resource for outcome in outcomes)}"
    docs = SES_GUIDE if subject.action.startswith("ses:") else IAM_GUIDE + "reference_policies_evaluation-logic.html"
    if waiting is not None:
        name, summary = f"put-in-place:{waiting.label}", f"Put {waiting.label} in place: it allows what is needed"
        changes = (Text(f"Attach {waiting.label} to {access.name}."),)
    elif cause == "denied-explicitly" or (
        cause in ("boundary", "from-address") and outcomes[0].decision.effect is Effect.EXPLICITLY_DENIED
    ):
        deciding = decided_by(access, outcomes[0])
        name, docs = (
            f"except-from-deny:{access.name}:{deciding}",
            IAM_GUIDE + "reference_policies_evaluation-logic.html",
        )
        summary = f"Except {access.name} from {deciding}"
        changes = (Text(f"No Allow helps against a Deny: narrow {deciding} so that it leaves out {on(outcomes)}."),)
    elif cause == "depends":
        name, docs = (
            f"tell-context:{access.name}:{subject.action}",
            IAM_GUIDE + "reference_policies_condition-keys.html",
        )
        summary = f"Make certain that {access.name} may {subject.action}"
        changes = (Text(refused(judge, outcomes)),)
    elif cause == "malformed-policy":
        name, docs = f"correct-policies:{access.name}", IAM_GUIDE + "reference_policies_grammar.html"
        summary = f"Correct what can't be read in the policies of {access.name}"
        problems = dict.fromkeys(f"{one.policy} {one.where}: {one.message}" for one in outcomes[0].decision.problems)
        changes = (Text("\n".join(list(problems)[:20]) or refused(judge, outcomes)),)
    return Remedy(name, summary, Owner.IAM, MINUTE, changes, docs=docs)


def together(subject: RoleAction, outcomes: list[Outcome]) -> tuple[str, ...]:
    """The actions that the gate needs on the same resources and that one statement can grant: one repair for all."""
    if not any(outcome.target.address for outcome in outcomes):
        return tuple(name for name in subject.together if not _carries_address(name))
    return tuple(name for name in subject.together if _carries_address(name))


def _carries_address(action: str) -> bool:
    known = known_action(action)
    return known is not None and known.service == "ses" and known.carries(FROM_ADDRESS.lower())


def _to_add(actions: tuple[str, ...], judge: Judge, outcomes: list[Outcome]) -> tuple[Change, ...]:
    access = judge.access
    statement = statement_for(actions, [outcome.target for outcome in outcomes])
    if outcomes[0].cause == "boundary" and access.boundary is not None:
        return (into_boundary(access, access.boundary, statement),)
    return (added(access, actions[0], statement),)


def statement_for(actions: tuple[str, ...], targets: list[Target]) -> Mapping[str, Any]:
    """The statement that grants what is missing and nothing more. Sending is bound to the senders' addresses."""
    resources = list(dict.fromkeys(target.resource for target in targets))
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": list(actions),
        "Resource": resources[0] if len(resources) == 1 else resources,
    }
    addresses = dict.fromkeys(_pattern(target) for target in targets if target.address)
    if addresses:
        operator = "StringLike" if any("*" in address for address in addresses) else "StringEquals"
        statement["Condition"] = {operator: {FROM_ADDRESS: list(addresses)}}
    return statement


def _pattern(target: Target) -> str:
    address = str(target.address)
    return f"*@{target.sender}" if address.startswith(f"{LOCAL_PART}@") else address


def into_boundary(access: RoleAccess, boundary: PlacedPolicy, statement: Mapping[str, Any]) -> StatementToAdd:
    """The statement in the role's permissions boundary."""
    return StatementToAdd(boundary.label, statement, boundary.reference(access.kind, access.name))


def added(access: RoleAccess, action: str, statement: Mapping[str, Any]) -> StatementToAdd:
    """The statement where it belongs: in a policy of the role's own that speaks of the service, else in any own one."""
    service = action.partition(":")[0].lower() + ":"
    own = [
        placed
        for placed in access.all_policies
        if placed.group is None and not placed.is_aws_managed and placed.origin is not Origin.BOUNDARY
    ]
    speaking = [placed for placed in own if _speaks_of(placed, service)]
    chosen = next(iter((*speaking, *own)), None)
    if chosen is None:
        target, policy = f"a new inline policy of {access.name}", PolicyRef(inline_of(access.kind), access.name)
        return StatementToAdd(target, statement, policy)
    target = chosen.label if chosen.written else f"{chosen.label} of {access.name}"
    return StatementToAdd(target, statement, chosen.reference(access.kind, access.name))


def _speaks_of(placed: PlacedPolicy, service: str) -> bool:
    return any(
        entry.lower().startswith(service)
        for statement in placed.statements
        if statement.effect is StatementEffect.ALLOW
        for entry in statement.actions or ()
    )
