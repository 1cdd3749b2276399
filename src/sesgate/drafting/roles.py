"""The parts of a first gate that IAM tells of: the application's roles, and who else can send."""

from collections.abc import Iterable

from sesgate.drafting.facts import Facts, Principal
from sesgate.drafting.writing import bullets, commented, entry, line, note, scalar

MOST_TOLD = 10


def of_application(facts: Facts) -> tuple[Principal, ...]:
    """What the services run as; where none is seen to run as any, what AWS compute runs as and can send.

    A full administrator is nobody's application.
    """
    found = [each for each in facts.principals or () if not each.is_administrator]
    running = tuple(each for each in found if each.runs)
    return running or tuple(each for each in found if each.is_application and each.actions)


def roles(facts: Facts) -> list[str]:
    """Each role of the application, with what it can do today as what it needs."""
    found = of_application(facts)
    if not found:
        why = "No role that runs an application can send as these senders:"
        asked = "The application's IAM roles, and what they must be able to do:"
        example = [
            "roles:",
            "  - arn: arn:aws:iam::111122223333:role/api",
            "    needs: [{actions: [ses:SendEmail, ses:SendRawEmail], resources: [senders]}]",
        ]
        otherwise = [
            f"{each.arn} may send, and not as these senders" for each in facts.principals or () if each.otherwise
        ]
        told = bullets(otherwise[:MOST_TOLD])
        return [*note(asked if facts.principals is None else why), *told, *commented(example)]
    lines = [*note("`needs` is what the role can do now: put in what the application must be able to do."), "roles:"]
    for each in found:
        lines += _role(each)
    return lines


def _role(role: Principal) -> list[str]:
    runs = f"runs {', '.join(role.runs)}" if role.runs else "AWS compute runs as it"
    lines = line(f"- arn: {scalar(role.arn)}", runs if role.actions else f"{runs}; it can't send yet", 2)
    sending = list(role.actions) or ["ses:SendEmail", "ses:SendRawEmail"]
    lines += line("needs:", "", 4)
    lines += entry({"actions": sending, "resources": ["senders"]}, 6)
    if role.reads:
        lines += entry({"actions": list(role.reads)}, 6)
    return lines


def may_send(facts: Facts) -> list[str]:
    """Left out, it is the roles above. Who else can send is told, and is for a person to decide about."""
    mine = {each.arn for each in of_application(facts)}
    others = [
        each for each in facts.principals or () if each.arn not in mine and (each.actions or each.is_administrator)
    ]
    if not others:
        return note("may_send, left out, is the roles above.") if mine else []
    lines = note(
        "may_send, left out, is the roles above. These can send as well: name those who are meant to, and take the "
        "right from the others."
    )
    lines += bullets(_told(others))
    patterns = [*sorted(mine), *sorted(each.arn for each in others if each.is_administrator)]
    lines += commented(["may_send:", *(f"  - {scalar(arn)}" for arn in patterns[:MOST_TOLD])])
    return lines


def _what(other: Principal) -> str:
    if other.is_administrator:
        return " (administrator)"
    return " (AWS compute runs as it, and no service that was found)" if other.is_application else ""


def _told(others: Iterable[Principal]) -> list[str]:
    told = [f"{each.arn}{_what(each)}" for each in others]
    more = [f"{len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
    return [*told[:MOST_TOLD], *more]
