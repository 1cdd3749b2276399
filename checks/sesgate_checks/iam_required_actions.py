"""iam-required-actions: can the application's roles do what the gate says they need, on the resources that are real?"""

import difflib
from collections.abc import Iterator

from msgspec.structs import replace

from sesgate.access import ROLE_READS, PlacedPolicy, RoleAccess, role
from sesgate.access.need_words import allowed, found, on, refused, remedy
from sesgate.access.needs import Judge, Outcome, Target, account_of, targets
from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import FailureKind
from sesgate.finding import (
    MINUTE,
    Because,
    Finding,
    Owner,
    Remedy,
    Severity,
    Text,
    failed,
    passed,
    skipped,
    unseen,
)
from sesgate.iam import Policies
from sesgate.iam.known_actions import actions_of, known_action, version
from sesgate.subjects import RoleAction

ID = "iam-required-actions"
REFERENCE = "https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html"
ROLES = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create.html"


@check(
    id=ID,
    each=RoleAction,
    asked_by="roles",
    serves="IAM: the role can do what the API needs, on these resources",
    severity=Severity.BLOCKER,
    reads=[*ROLE_READS, "ses:ListEmailIdentities", "ses:GetEmailIdentity"],
    causes={
        "role-missing": Severity.BLOCKER,
        "not-allowed": Severity.BLOCKER,
        "denied-explicitly": Severity.BLOCKER,
        "boundary": Severity.BLOCKER,
        "configuration-set-not-allowed": Severity.BLOCKER,
        "from-address": Severity.BLOCKER,
        "wrong-api": Severity.BLOCKER,
        "malformed-policy": Severity.BLOCKER,
        "depends": Severity.WARNING,
        "unknown-action": Severity.WARNING,
    },
    local=True,
)
def iam_required_actions(subject: RoleAction, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Each action that a role needs, evaluated on its resources. Source: IAM, policy evaluation logic."""
    access = role(context, subject.role.declared)
    yield from _unknown(subject)
    yield from _not_read(access)
    if access.exists is False:
        yield _missing(subject, access)
    if access.exists is not True and not access.documents:
        return
    account = account_of(context, access.arn)
    if account is None:
        yield unseen("in which account the role is can't be told, so neither can its resources: state aws.account")
        return
    yield from _judged(subject, access, account, targets(context, subject, access, account))


def _judged(subject: RoleAction, access: RoleAccess, account: str, wanted: list[Target]) -> Iterator[Finding]:
    """The account as it is; and the documents, which may come after it or stand alone."""
    planned = _outcomes(subject, access, access.with_documents, account, wanted)
    if access.exists is not True:
        yield from _told(subject, access, access.with_documents, account, planned)
        return
    now = _outcomes(subject, access, access.in_account, account, wanted)
    if any(outcome.cause for outcome in now):
        waiting = None if any(outcome.cause for outcome in planned) else _allowing(access, planned)
        yield from _told(subject, access, access.in_account, account, now, waiting)
    else:
        yield from _told(subject, access, access.with_documents, account, planned)


def _outcomes(
    subject: RoleAction, access: RoleAccess, policies: Policies, account: str, wanted: list[Target]
) -> list[Outcome]:
    return Judge(access, policies, subject.action, account).outcomes(wanted)


def _told(
    subject: RoleAction,
    access: RoleAccess,
    policies: Policies,
    account: str,
    outcomes: list[Outcome],
    waiting: PlacedPolicy | None = None,
) -> Iterator[Finding]:
    """One finding for each cause; one pass where there is none. Where a policy was not seen, only a Deny is certain."""
    judge = Judge(access, policies, subject.action, account)
    causes = dict.fromkeys(outcome.cause for outcome in outcomes if outcome.cause)
    hidden = bool(access.file_problems) or (access.exists is True and bool(access.unseen))
    for cause in causes:
        alike = [outcome for outcome in outcomes if outcome.cause == cause]
        if hidden and cause != "denied-explicitly":
            continue
        deciding = access.source(alike[0].decision.statement)
        yield failed(
            cause,
            refused(judge, alike) + (f"; {waiting.label} allows it and is not in place yet" if waiting else ""),
            expected=f"{subject.action} allowed on {on(alike)}",
            found=found(alike),
            remedy=remedy(subject, judge, alike, waiting),
            location=deciding.locate(alike[0].decision.statement.index)
            if deciding and alike[0].decision.statement
            else None,
        )
    if not causes and not hidden:
        yield passed(allowed(access, outcomes))


def _allowing(access: RoleAccess, outcomes: list[Outcome]) -> PlacedPolicy | None:
    """The local document that allows what the account does not."""
    sources = (access.source(outcome.decision.statement) for outcome in outcomes)
    return next((placed for placed in sources if placed is not None and placed.written is not None), None)


def _not_read(access: RoleAccess) -> Iterator[Finding]:
    """What could not be seen of the role, and what could not be read of its documents."""
    for missing in access.unseen:
        if missing.failure.kind is FailureKind.OFFLINE:
            if not access.documents:
                yield skipped("offline: the role's policies in the account are not asked", cause="offline")
        else:
            yield unseen(f"{missing}")
    for problem in access.file_problems:
        yield replace(unseen(str(problem)), location=problem.location)


def _missing(subject: RoleAction, access: RoleAccess) -> Finding:
    """Told once, at the first action that the role needs."""
    if subject.name != subject.first:
        return skipped(f"{access.name} does not exist", because=Because(ID, subject.first))
    elsewhere = f"; there is {access.elsewhere}: is the path left out?" if access.elsewhere else ""
    return failed(
        "role-missing",
        f"the account has no {access.arn}{elsewhere}",
        expected=str(access.arn),
        found=access.elsewhere or "no such role",
        remedy=Remedy(
            id=f"create-role:{access.arn}",
            summary=f"Name {access.elsewhere} in the gate" if access.elsewhere else f"Create {access.arn}",
            owner=Owner.IAM,
            lead_time_seconds=MINUTE,
            changes=(
                Text(
                    f"Write arn: {access.elsewhere} in the gate."
                    if access.elsewhere
                    else f"Create {access.arn}, trusted by the service that runs the application, with the policy that "
                    "`sesgate policy application` writes; or correct its ARN in the gate."
                ),
            ),
            docs=ROLES,
        ),
    )


def _unknown(subject: RoleAction) -> Iterator[Finding]:
    """A need that AWS does not know is a slip of the pen, or newer than the data that is installed here."""
    if known_action(subject.action) is not None:
        return
    service, _, name = subject.action.partition(":")
    known = {action.name.partition(":")[2] for action in actions_of(service).values()}
    near = difflib.get_close_matches(name, known, n=1)
    meant = f"; did you mean {service}:{near[0]}?" if near else ""
    yield failed(
        "unknown-action",
        f"the service authorization reference ({version()}) knows no {subject.action}{meant}",
        expected="an action that exists",
        found=subject.action,
        remedy=Remedy(
            id=f"correct-need:{subject.action}",
            summary=f"Correct {subject.action} in the gate" + (f" to {service}:{near[0]}" if near else ""),
            owner=Owner.APPLICATION,
            lead_time_seconds=MINUTE,
            docs=REFERENCE,
        ),
    )
