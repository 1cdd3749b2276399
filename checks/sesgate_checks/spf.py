"""Does SPF pass, at the envelope domain, for the addresses that SES sends from?"""

from collections.abc import Iterator

from sesgate.check import NoOptions, check
from sesgate.context import Context, ContextResolver
from sesgate.evidence import NotSeen
from sesgate.evidence.lookup import Lookup
from sesgate.finding import (
    HOUR,
    Because,
    DnsRecord,
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
from sesgate.mail.resolver import DnsFailure
from sesgate.mail.spf import Qualifier, Record, Result, SpfSyntaxError, all_qualifier, networks, parse
from sesgate.mail.spf_lookups import TERM_LIMIT, VOID_LIMIT
from sesgate.mail.spf_record import is_spf
from sesgate.ses.envelope import EnvelopeDomain
from sesgate.ses.records import MAIL_FROM_SPF, spf_merged, spf_repaired, spf_with_ses
from sesgate.ses.spf import SES_DOMAIN, Evaluation, broken_limit, evaluate
from sesgate.ses.zones import apexes

DOCS = "https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-spf.html"
NEAR = 9
SHOWN = 300


@check(
    id="spf",
    each=EnvelopeDomain,
    asked_by="senders",
    serves="SPF record published and including the SES path",
    severity=Severity.BLOCKER,
    reads=["ses:ListEmailIdentities", "ses:GetEmailIdentity"],
    dns=True,
    causes={
        "missing": Severity.BLOCKER,
        "doubled-name": Severity.BLOCKER,
        "several": Severity.BLOCKER,
        "syntax": Severity.BLOCKER,
        "not-included": Severity.BLOCKER,
        "too-many-lookups": Severity.BLOCKER,
        "too-many-void-lookups": Severity.BLOCKER,
        "permerror": Severity.BLOCKER,
        "permissive-all": Severity.WARNING,
        "near-limit": Severity.WARNING,
        "broken-for-others": Severity.WARNING,
    },
)
def spf(subject: EnvelopeDomain, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """check_host() of RFC 7208 at the envelope domain, for an address of each network that SES sends from."""
    if subject.is_amazons:
        yield from _amazons_own(subject, context)
        return
    context.start_dns([(subject.name, "TXT"), (SES_DOMAIN, "TXT")])
    found = context.dns(subject.name, "TXT")
    texts = [text for text in found.records if is_spf(text)]
    if len(texts) != 1:
        yield _several(subject, texts) if texts else _missing(subject, context, found)
        return
    try:
        record = parse(texts[0])
    except SpfSyntaxError as error:
        yield _syntax(subject, texts[0], error)
        return
    try:
        of_ses = networks(SES_DOMAIN, ContextResolver(context))
    except DnsFailure as failure:
        yield unseen(f"the addresses that SES sends from could not be read from {SES_DOMAIN}: {failure}")
        return
    if not of_ses:
        yield unseen(f"{SES_DOMAIN} names no addresses to this resolver, so there is nothing to judge the record by")
        return
    yield from _judged(subject, record, evaluate(context, subject.name, of_ses))


def _amazons_own(subject: EnvelopeDomain, context: Context) -> Iterator[Finding]:
    """Nothing to judge: the record is Amazon's. That it is used at all is the word of mail-from, where that looks."""
    for sender in subject.without_identity:
        yield skipped(f"no identity stands behind {sender.name}", because=Because("identity-verified", sender.name))
    using = dict.fromkeys(sender.domain for sender in subject.senders if sender not in subject.without_identity)
    settings = context.gate.checks.get("mail-from")
    is_switched_off = settings is not None and settings.enabled is False
    for domain in using:
        message = f"SES uses Amazon's own MAIL FROM domain for {domain}, and its SPF is Amazon's"
        yield skipped(message, because=None if is_switched_off else Because("mail-from", domain))


def _judged(subject: EnvelopeDomain, record: Record, seen: Evaluation) -> Iterator[Finding]:
    if seen.unseen:
        yield unseen(seen.unseen.reason)
        return
    if seen.not_passing:
        yield _not_passing(subject, record, seen)
        return
    others = seen.of_others
    is_broken = others.result is Result.PERMERROR
    is_near = seen.lookups >= NEAR and not is_broken
    is_open = others.result in (Result.PASS, Result.NEUTRAL) or all_qualifier(record) in (
        Qualifier.PASS,
        Qualifier.NEUTRAL,
    )
    text = MAIL_FROM_SPF if is_broken or is_near else spf_with_ses(record, closed=True)
    if is_broken:
        yield failed(
            "broken-for-others",
            f"mail from SES passes, but for any other sender the record of {subject.name} is an error: {others.reason}",
            expected="a record that evaluates for every sender",
            found=record.text[:SHOWN],
            remedy=_publish(subject, text, _ONLY_SES),
        )
    if is_near:
        yield failed(
            "near-limit",
            f"the record of {subject.name} takes {seen.lookups} of {TERM_LIMIT} look-ups: one more in any included "
            "record breaks it",
            expected=f"fewer than {NEAR} look-ups",
            found=f"{seen.lookups} look-ups",
            remedy=_publish(subject, text, _ONLY_SES),
        )
    if is_open:
        yield failed(
            "permissive-all",
            f"the record of {subject.name} says {others.result} of every sender there is, so it protects nothing",
            expected="~all or -all",
            found=record.text[:SHOWN],
            remedy=_publish(subject, text),
        )
    tried = len(seen.of_ses)
    yield passed(
        f"mail from SES passes at {subject.name} ({tried} networks tried): {seen.lookups} of {TERM_LIMIT} look-ups, "
        f"{seen.void_lookups} of {VOID_LIMIT} void, {_end(record)}{_not_yet(subject)}",
        found=record.text[:SHOWN],
    )


def _not_passing(subject: EnvelopeDomain, record: Record, seen: Evaluation) -> Finding:
    """SES's mail does not pass: the record breaks a limit or another rule, or does not name the address."""
    _, outcome = seen.not_passing[0]
    if outcome.result is Result.PERMERROR:
        limit = broken_limit(outcome)
        cause = {"look-ups": "too-many-lookups", "void look-ups": "too-many-void-lookups"}.get(limit or "", "permerror")
        return failed(
            cause,
            f"SPF of {subject.name} is permerror: {outcome.reason}{_not_yet(subject)}",
            expected=f"at most {TERM_LIMIT} look-ups, {VOID_LIMIT} of them void"
            if limit
            else "a record without errors",
            found=record.text[:SHOWN],
            remedy=_publish(subject, MAIL_FROM_SPF, _ONLY_SES),
        )
    share = f"{len(seen.not_passing)} of the {len(seen.of_ses)} networks tried"
    return failed(
        "not-included",
        f"SPF of {subject.name} is {outcome.result} for mail from SES ({share}): {outcome.reason}{_not_yet(subject)}",
        expected="pass for every address that SES sends from",
        found=record.text[:SHOWN],
        remedy=_publish(subject, spf_with_ses(record)),
    )


def _missing(subject: EnvelopeDomain, context: Context, found: Lookup) -> Finding:
    elsewhere = _doubled(subject, context)
    if elsewhere:
        return failed(
            "doubled-name",
            f"the SPF record of {subject.name} stands at {elsewhere}: the zone was appended to a name that had it",
            expected=MAIL_FROM_SPF,
            found=elsewhere,
            remedy=_publish(subject, MAIL_FROM_SPF, f"Remove the TXT record at {elsewhere}."),
        )
    near = next((text for text in found.records if "spf1" in text.lower()), None)
    what = "has no SPF record" if found.exists else "does not exist (NXDOMAIN)"
    note = f"; {near[:SHOWN]!r} is none, since one begins with v=spf1 and a space" if near else ""
    return failed(
        "missing",
        f"{subject.name} {what}, so SPF is none for mail from SES{note}{_not_yet(subject)}",
        expected=MAIL_FROM_SPF,
        found=str(found)[:SHOWN],
        remedy=_publish(subject, MAIL_FROM_SPF),
    )


def _several(subject: EnvelopeDomain, texts: list[str]) -> Finding:
    return failed(
        "several",
        f"{subject.name} has {len(texts)} SPF records, and with more than one SPF is permerror{_not_yet(subject)}",
        expected="exactly one TXT record that begins with v=spf1",
        found=" | ".join(texts)[:SHOWN],
        remedy=_publish(subject, spf_merged(texts), "Remove the other TXT records that begin with v=spf1."),
    )


def _syntax(subject: EnvelopeDomain, text: str, error: SpfSyntaxError) -> Finding:
    return failed(
        "syntax",
        f"the SPF record of {subject.name} breaks the syntax at {error}, so SPF is permerror{_not_yet(subject)}",
        expected=MAIL_FROM_SPF,
        found=text[:SHOWN],
        remedy=_publish(subject, spf_repaired(text), f"Write what {error.term[:80]!r} was to say in valid form."),
    )


_ONLY_SES = "Only SES sends under a custom MAIL FROM domain: keep other terms only where something else does as well."


def _publish(subject: EnvelopeDomain, text: str, advice: str | None = None) -> Remedy:
    return Remedy(
        id=f"publish-spf:{subject.name}",
        summary=f"Publish the one SPF record of {subject.name}",
        owner=Owner.DNS,
        lead_time_seconds=HOUR,
        changes=(*([Text(advice)] if advice else []), DnsRecord(subject.name, "TXT", text)),
        docs=DOCS,
    )


def _doubled(subject: EnvelopeDomain, context: Context) -> str | None:
    """The name with the zone appended twice, where the record was published there by mistake."""
    names = [f"{subject.name}.{zone}" for zone in apexes(subject.senders[0].domain)]
    for name, look in zip(names, context.dns_all((name, "TXT") for name in names), strict=True):
        try:
            if any(is_spf(text) for text in look.read().records):
                return name
        except NotSeen:
            continue
    return None


def _end(record: Record) -> str:
    qualifier = all_qualifier(record)
    if qualifier:
        return f"ends in {qualifier.value}all"
    return "goes on by redirect" if record.redirect else "without an all"


def _not_yet(subject: EnvelopeDomain) -> str:
    return "" if subject.in_use else "; SES does not use this domain yet"
