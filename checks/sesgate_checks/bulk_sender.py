"""Does the mail that is planned do what Gmail, Yahoo, Outlook.com and Apple ask of this volume and kind?"""

from collections.abc import Callable, Iterator, Sequence

from sesgate.attestations import flaw
from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.evidence import NotSeen
from sesgate.finding import (
    DAY,
    HOUR,
    AwsCall,
    Because,
    Change,
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
from sesgate.mail.domains import MAILBOXES
from sesgate.mail.resolver import DnsFailure
from sesgate.ses.envelope import Envelope, envelopes
from sesgate.ses.receivers import (
    BULK,
    Lack,
    at_postmaster_tools,
    contact_lists,
    dkim_lacks,
    dmarc_lacks,
    spf_lacks,
)
from sesgate.subjects import SenderDomain

GMAIL = "https://support.google.com/a/answer/81126"
SUBSCRIPTIONS = "https://docs.aws.amazon.com/ses/latest/dg/sending-email-subscription-management.html"
ONE_CLICK = "one-click-unsubscribe"
SPAM_RATE = "spam-rate-watched"
"""Ids of attestations that count here."""
CHECKS = {"dkim": "dkim", "spf": "spf", "mail from": "mail-from", "dmarc": "dmarc"}
Lacks = Callable[[Context, str, Sequence[Envelope]], Iterator[Lack]]
RULES: tuple[tuple[str, Lacks], ...] = (
    ("Gmail, Yahoo and Outlook.com refuse mail without DKIM", dkim_lacks),
    ("Gmail, Yahoo and Outlook.com want SPF to pass for the sender's own domain", spf_lacks),
    ("Gmail, Yahoo, Outlook.com and Apple want a DMARC policy, and mail that aligns with it", dmarc_lacks),
)


@check(
    id="bulk-sender",
    each=SenderDomain,
    asked_by="senders",
    serves="What Gmail, Yahoo, Outlook.com and Apple ask of the declared volume and kind",
    severity=Severity.WARNING,
    reads=["ses:ListEmailIdentities", "ses:GetEmailIdentity", "ses:ListContactLists"],
    dns=True,
    causes={
        "mailbox-domain": Severity.WARNING,
        "authentication": Severity.WARNING,
        "no-one-click": Severity.WARNING,
        "one-click-unproven": Severity.INFO,
        "spam-rate-unwatched": Severity.WARNING,
    },
)
def bulk_sender(subject: SenderDomain, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """The receivers' rules for the declared volume and kind. Sources: GetEmailIdentity, the DNS, the gate."""
    volume = context.gate.volume
    if subject.name in MAILBOXES:
        yield _mailbox_domain(subject.name)
        return
    if volume is None or volume.daily is None:
        yield skipped("the gate declares no volume.daily: the rules hang on it")
        return
    if volume.daily < BULK:
        yield passed(
            f"{volume.daily:,} messages a day stay below the {BULK:,} to one provider from which more is asked",
            found=f"{volume.daily:,} a day",
        )
        return
    is_bulk = volume.kind == "bulk"
    wrong = [
        *_authentication(subject, context),
        *(_one_click(subject, context) if is_bulk else ()),
        *_spam_rate(subject, context),
    ]
    yield from wrong
    if not wrong:
        unsubscribing = "one-click unsubscribe" if is_bulk else "no unsubscribing, which nobody asks of such mail"
        yield passed(
            f"{volume.daily:,} messages a day, {volume.kind}: DKIM, SPF and DMARC, {unsubscribing}, a spam rate that "
            "can be watched; TLS and reverse DNS are SES's",
            found=f"{volume.daily:,} a day, {volume.kind}",
        )


def _authentication(subject: SenderDomain, context: Context) -> Iterator[Finding]:
    """DKIM, SPF, DMARC. What another check tells in full is only named here, with the rule that it breaks."""
    try:
        behind = envelopes(context, subject.senders)
    except NotSeen as failure:
        yield unseen(f"what receivers ask of {subject.name} could not be looked at: {failure}")
        return
    nameless = [one.sender.name for one in behind if one.identity is None]
    if nameless:
        yield skipped(f"no identity stands behind {nameless[0]}", because=Because("identity-verified", nameless[0]))
        return
    for rule, lacks in RULES:
        try:
            for lack in lacks(context, subject.name, behind):
                yield _told_elsewhere(context, rule, lack)
        except (NotSeen, DnsFailure) as failure:
            yield unseen(f"{rule}, and whether {subject.name} does that could not be seen: {failure}")


def _told_elsewhere(context: Context, rule: str, lack: Lack) -> Finding:
    """A skip that leans on the check which tells it; where the gate has that one switched off, a failure."""
    teller = CHECKS[lack.of]
    settings = context.gate.checks.get(teller)
    if settings is None or settings.enabled is not False:
        return skipped(f"{rule}: {lack.message}", because=Because(teller, lack.domain))
    return failed(
        "authentication",
        f"{rule}: {lack.message}",
        expected="DKIM, SPF and DMARC that pass",
        found=lack.message,
        remedy=Remedy(
            id=f"switch-on-check:{teller}",
            summary=f"Take `enabled: false` from {teller} in the gate: that check tells what to publish",
            owner=Owner.PERSON,
            lead_time_seconds=HOUR,
            docs=GMAIL,
        ),
    )


def _stands(context: Context, name: str) -> bool:
    """Whether somebody states it."""
    found = (entry for entry in context.gate.attestations if entry.id == name)
    return any(flaw(entry, context.now()) is None for entry in found)


def _one_click(subject: SenderDomain, context: Context) -> Iterator[Finding]:
    """RFC 8058. Whether the headers are in the mail no API tells; a person does."""
    if _stands(context, ONE_CLICK):
        return
    try:
        lists = contact_lists(context)
    except NotSeen as failure:
        yield unseen(f"whether SES manages unsubscribing for {subject.name} could not be seen: {failure}")
        return
    rule = "Gmail and Yahoo want one-click unsubscribe (RFC 8058) in bulk mail, done within two days"
    if lists:
        yield failed(
            "one-click-unproven",
            f"{rule}: SES adds it to mail that names the contact list {lists[0]}, and whether mail of {subject.name} "
            "does, nobody states",
            expected=f"an attestation {ONE_CLICK}",
            found=f"contact list {lists[0]}",
            remedy=_subscriptions(subject.name, (_name_list(lists[0]),), HOUR),
        )
        return
    create = AwsCall(
        "sesv2",
        "CreateContactList",
        {"ContactListName": "subscribers"},
        context.region,
        AwsCall("sesv2", "DeleteContactList", {"ContactListName": "subscribers"}, context.region),
    )
    yield failed(
        "no-one-click",
        f"{rule}: the account has no contact list that SES could manage it with, and nobody states that mail of "
        f"{subject.name} has it",
        expected="List-Unsubscribe and List-Unsubscribe-Post in every bulk message",
        found=f"no contact list, no attestation {ONE_CLICK}",
        remedy=_subscriptions(subject.name, (create, _name_list("subscribers")), 2 * DAY),
    )


def _name_list(name: str) -> Text:
    return Text(
        f"Name {name} in ListManagementOptions of every bulk send, or set List-Unsubscribe: <https://…> and "
        f"List-Unsubscribe-Post: List-Unsubscribe=One-Click in the mail. Then state it: an attestation {ONE_CLICK}."
    )


def _subscriptions(domain: str, changes: tuple[Change, ...], seconds: int) -> Remedy:
    return Remedy(
        id=f"one-click-unsubscribe:{domain}",
        summary=f"Let whoever gets bulk mail of {domain} unsubscribe with one click",
        owner=Owner.APPLICATION,
        lead_time_seconds=seconds,
        changes=changes,
        docs=SUBSCRIPTIONS,
    )


def _spam_rate(subject: SenderDomain, context: Context) -> Iterator[Finding]:
    """Gmail reports no single complaints, so that SES's complaint rate does not know of them."""
    if _stands(context, SPAM_RATE):
        return
    try:
        if at_postmaster_tools(context, subject.name):
            return
    except NotSeen as failure:
        yield unseen(f"whether {subject.name} is known to Postmaster Tools could not be seen: {failure}")
        return
    yield failed(
        "spam-rate-unwatched",
        f"Gmail refuses bulk mail from a spam rate of 0.3 % on, and tells the rate in Postmaster Tools only: "
        f"{subject.name} was not proved to Google, so nobody can see it",
        expected="a TXT record google-site-verification=…, and a rate below 0.1 %",
        found="no such record",
        remedy=Remedy(
            id=f"watch-spam-rate:{subject.name}",
            summary=f"Add {subject.name} to Google Postmaster Tools, and watch its spam rate",
            owner=Owner.PERSON,
            lead_time_seconds=DAY,
            changes=(
                Text(
                    "Add the domain at https://postmaster.google.com, publish the TXT record that it asks for, and "
                    f"look at the rate each week. Where it is watched otherwise, state that: attestation {SPAM_RATE}"
                ),
            ),
            docs=GMAIL,
        ),
    )


def _mailbox_domain(domain: str) -> Finding:
    return failed(
        "mailbox-domain",
        f"{domain} is a mailbox provider's: mail that SES sends as it can't align, and receivers refuse it",
        expected="a sender of a domain of one's own",
        found=domain,
        remedy=Remedy(
            id=f"own-domain:{domain}",
            summary=f"Send from a domain of your own, and let {domain} be the reply-to address at most",
            owner=Owner.PERSON,
            lead_time_seconds=2 * DAY,
            docs=GMAIL,
        ),
    )
