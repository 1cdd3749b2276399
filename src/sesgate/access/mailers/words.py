"""Words for who can send: one line each."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sesgate.access.account import AccountPrincipal
from sesgate.access.mailers.actions import BULK, RUNNING
from sesgate.access.mailers.aims import Aims
from sesgate.access.mailers.asking import Granted
from sesgate.access.mailers.authorizations import Guest, Invitation
from sesgate.access.mailers.survey import Mailer, Survey
from sesgate.access.mailers.ways import Means, Sending, Way
from sesgate.access.needs import LOCAL_PART
from sesgate.access.wildcards import listed
from sesgate.iam.evaluation import RESOURCE_POLICY

if TYPE_CHECKING:
    from sesgate.gate import Gate

NAMED = 10
"""So many principals are named in one finding; of the others the number is told."""


def short(arn: str) -> str:
    """An ARN without account and path: `role/bizassist-api`. Names are unique in an account, whatever the path."""
    if not arn.startswith("arn:"):
        return listed([arn])
    parts = arn.rsplit(":", 1)[-1].split("/")
    return listed(["/".join((parts[0], *parts[1:][-1:]))])


def names(arns: Iterable[str], most: int = NAMED) -> str:
    """Some principals by name, the others by number."""
    return listed([short(arn) for arn in arns], most)


def as_senders(aims: Aims, senders: Iterable[str] | None = None) -> str:
    """The senders, as whom somebody sends; all of them unless told."""
    wanted = set(aims_names(aims) if senders is None else senders)
    domains = {aim.sender for aim in aims.senders if aim.address.startswith(f"{LOCAL_PART}@")}
    return listed(
        [f"any address of {name}" if name in domains else name for name in aims_names(aims) if name in wanted]
    )


def aims_names(aims: Aims) -> tuple[str, ...]:
    """The senders' names, in the order of the gate."""
    return tuple(dict.fromkeys(aim.sender for aim in aims.senders))


def can_send(mailer: Mailer, aims: Aims) -> str:
    """As whom it can, and by which way."""
    sent = mailer.sending
    what = as_senders(aims, sent.senders if sent and sent.senders else None)
    if sent and not sent.senders:
        what = f"another address than {what}"
    elif sent and sent.anyhow:
        what = f"{what} and {anyone(sent, aims)}"
    verb = (
        "could come to send, or let others send, as"
        if mailer.way.last
        else "can send as"
        if mailer.way.certain
        else "may send as"
    )
    return f"{short(mailer.who.arn)} {verb} {what}: {by(mailer.who, mailer.way)}{only_where(mailer.way)}"


def anyone(sent: Sending, aims: Aims) -> str:
    """Which addresses besides the senders': of their domains, or of every identity."""
    if sent.any_identity:
        return "with every identity of the account"
    return f"as any address of {listed(dict.fromkeys(aim.address.rpartition('@')[2] for aim in aims.any_address), 3)}"


def only_where(way: Way | Granted) -> str:
    """What it turns on."""
    if way.unreadable:
        return ", unless a Deny says no that can't be read"
    return f", depending on {listed(sorted(way.depends_on), 3)}" if way.depends_on else ""


def decided_by(who: AccountPrincipal, granted: Granted) -> str:
    """The statement that allows it."""
    decided = granted.statement
    if decided is None:
        return f"the {granted.layer}"
    placed = who.source(decided)
    if placed is None:
        return listed([f"{decided.policy} {decided.sid or f'Statement[{decided.index}]'}"])
    return listed([f"{placed.label} {placed.title(decided.index)}"])


def by(who: AccountPrincipal, way: Way) -> str:
    """By which way, step by step."""
    action, goal = way.granted.action, short(way.through)
    match way.means:
        case Means.OWN | Means.GROUP:
            return f"{decided_by(who, way.granted)} allows {action}"
        case Means.IDENTITY_POLICY:
            return f"the policy of {goal} names it"
        case Means.ROLE:
            named = " by its trust policy" if way.granted.layer == RESOURCE_POLICY else ""
            onward = "".join(f", then {short(arn)}" for arn in way.then[1:])
            later = (
                f", which may {way.rewrites.granted.action} on {short(way.rewrites.through)}" if way.rewrites else ""
            )
            return f"it may assume {goal}{named}{onward}{later}"
        case Means.CREDENTIALS:
            return f"{decided_by(who, way.granted)} allows {action} on {goal}, which can send"
        case Means.PASSING:
            service = way.then[0]
            return f"it may pass {goal}, which can send, to {service} by {RUNNING[service]}"
    whose = "its own rights" if way.through == who.arn else goal
    return f"{decided_by(who, way.granted)} allows {action} on {whose}"


def arbitrary(mailer: Mailer, sent: Sending, granted: Granted, aims: Aims) -> str:
    """What a failure says of one who is meant to send, and can from elsewhere too."""
    held = f"; {BULK} carries no ses:FromAddress, so that no condition holds it" if granted.action == BULK else ""
    held = held or "; wanted: a condition on ses:FromAddress that holds it to them"
    verb = "can" if granted.certain else "may"
    return (
        f"{short(mailer.who.arn)} {verb} send not only as {as_senders(aims)} but {anyone(sent, aims)}: "
        f"{decided_by(mailer.who, granted)} allows {granted.action}{only_where(granted)}{held}"
    )


def not_named(gate: "Gate") -> str:
    """Why it is told."""
    return "may_send does not name it" if gate.may_send else "it is none of the gate's roles"


def administrators(survey: Survey, undeclared: list[str], heirs: list[str]) -> str:
    """How many there are, and who."""
    number = len(undeclared)
    many = f"{number} full administrator{'s' if number != 1 else ''} can do everything, so send as anyone, too: "
    told = many + names(undeclared) if undeclared else ""
    if not heirs:
        return told
    goals = dict.fromkeys(heir.way.then[-1] for heir in survey.heirs if heir.way.then)
    further = f"{len(heirs)} more can become one by assuming {names(goals, 3)}: {names(heirs)}"
    return f"{told}; {further}" if told else further


def everyone_else(survey: Survey, aims: Aims) -> str:
    """What a pass says of all the others together."""
    left_out = f", {survey.left_out} service-linked roles left out" if survey.left_out else ""
    return (
        f"{len(survey.others)} of {len(survey.arns)} users and roles can't send as {as_senders(aims)}{left_out}; "
        "SCPs can't be seen from here, and could only take away more"
    )


def invited(invitations: Iterable[Invitation], what: str = "send") -> str:
    """Whom policies of an identity let do it, by which statements, and what that turns on. All are of one guest."""
    told = list(invitations)
    where = listed(dict.fromkeys(f"{one.policy} ({one.title})" for one in told), 3)
    return f"{who_is(told[0])}, can {what} by the policy {where}{only_where(told[0].granted)}"


def who_is(invitation: Invitation) -> str:
    """A guest, in words."""
    who = listed([invitation.principal])
    match invitation.guest:
        case Guest.EVERYONE:
            return "anyone with an AWS account"
        case Guest.ORGANIZATION:
            return "everyone in an AWS organization"
        case Guest.SERVICE:
            return f"{who}, for whichever account it acts"
        case Guest.OTHER_ACCOUNT:
            return f"{who}, of another account"
    return who
