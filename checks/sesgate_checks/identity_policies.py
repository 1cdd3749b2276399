"""identity-policies: whom do the sending authorisation policies of the identities let in?"""

from collections.abc import Iterator

from sesgate.access.mailers import Authorization, Guest, Invitation, Meant, authorizations
from sesgate.access.mailers.uninviting import GUIDE, uninvite
from sesgate.access.mailers.words import invited
from sesgate.access.needs import SENDING
from sesgate.access.wildcards import listed
from sesgate.check import NoOptions, check
from sesgate.context import Context
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
from sesgate.subjects import LentIdentity

CAUSES = {
    Guest.EVERYONE: "everyone",
    Guest.OTHER_ACCOUNT: "other-account",
    Guest.SERVICE: "service",
    Guest.ORGANIZATION: "organization",
    Guest.OWN: "not-declared",
}


@check(
    id="identity-policies",
    each=LentIdentity,
    asked_by="senders",
    serves="SES sending authorization: no stranger may send with the identities",
    severity=Severity.BLOCKER,
    reads=["ses:ListEmailIdentities", "ses:GetEmailIdentity"],
    causes={
        "everyone": Severity.BLOCKER,
        "other-account": Severity.BLOCKER,
        "service": Severity.BLOCKER,
        "not-declared": Severity.BLOCKER,
        "malformed-policy": Severity.BLOCKER,
        "organization": Severity.WARNING,
        "depends": Severity.WARNING,
    },
)
def identity_policies(subject: LentIdentity, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Nobody but who may is let send with an identity. Source: SES API v2, GetEmailIdentity, Policies."""
    if subject.absent:
        yield skipped("there is no identity", because=Because("identity-verified", subject.senders[0].name))
        return
    meant = Meant(context)
    if meant.account is None:
        yield unseen("in which account the identity is can't be told: state aws.account")
        return
    found = authorizations(context, [subject.name], meant.account)
    told = [finding for one in found for finding in _judged(subject, one, meant, context)]
    yield from told or [passed(_nobody(subject, found, meant))]


def _judged(subject: LentIdentity, granted: Authorization, meant: Meant, context: Context) -> Iterator[Finding]:
    for policy in granted.policies:
        if policy.problems:
            yield _malformed(granted, policy.name, [problem.message for problem in policy.problems])
    by_cause: dict[tuple[str, str], list[Invitation]] = {}
    for guest in granted.invitations():
        foreign_business = guest.guest is Guest.OWN and not subject.senders
        if not foreign_business and not meant.welcomes(guest, context.region):
            by_cause.setdefault((_cause(guest), guest.policy), []).append(guest)
    for (cause, name), guests in by_cause.items():
        yield failed(
            cause,
            f"{'; '.join(dict.fromkeys(_can(guest) for guest in guests[:3]))}"
            + (f"; and {len(guests) - 3} more" if len(guests) > 3 else ""),
            expected="nobody but who the gate says may send",
            found=listed(dict.fromkeys(guest.principal for guest in guests)),
            remedy=uninvite(granted, meant.unwelcome(granted, name, context.region), context.region),
            severity=None if subject.senders else Severity.WARNING,
        )


def _can(guest: Invitation) -> str:
    what = "send" if guest.granted.action in SENDING else f"{guest.granted.action}, so let itself send,"
    return invited([guest], f"{what} with {guest.identity}")


def _cause(invitation: Invitation) -> str:
    turns_on_more = not invitation.granted.certain and invitation.guest is not Guest.ORGANIZATION
    return "depends" if turns_on_more else CAUSES[invitation.guest]


def _malformed(granted: Authorization, policy: str, problems: list[str]) -> Finding:
    return failed(
        "malformed-policy",
        f"the policy {listed([policy])} of {granted.identity} can't be read as it is written: {listed(problems, 3)}",
        expected="a policy that can be read",
        found=listed(problems, 3),
        remedy=Remedy(
            f"identity-policy:{granted.identity}:{policy}:write-anew",
            f"Write the policy {listed([policy])} of {granted.identity} anew, or delete it",
            Owner.AWS,
            MINUTE,
            (Text("What can't be read may let in whom nobody meant, or keep out whom somebody did."),),
            docs=GUIDE,
        ),
    )


def _nobody(subject: LentIdentity, found: tuple[Authorization, ...], meant: Meant) -> str:
    number = sum(len(one.policies) for one in found)
    said = f"{subject.name} has no sending authorisation policy"
    if number:
        whom = "nobody but who may send" if meant.patterns else "nobody outside the account"
        said = f"{number} sending authorisation {'policy lets' if number == 1 else 'policies let'} in {whom}"
    return said + (f"; {subject.untold} identities that no sender uses were not looked at" if subject.untold else "")
