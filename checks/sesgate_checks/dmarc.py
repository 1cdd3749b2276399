"""Does a DMARC policy apply to the sender's domain, is it enforced, and does SES's mail align?"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from sesgate.check import check
from sesgate.context import Context, ContextResolver
from sesgate.evidence import NotSeen
from sesgate.finding import (
    HOUR,
    Because,
    DnsRecord,
    Finding,
    Owner,
    Remedy,
    Severity,
    failed,
    passed,
    skipped,
    unseen,
)
from sesgate.mail.dmarc import (
    MAX_QUERIES,
    Discovery,
    Policy,
    Problem,
    Record,
    ReportUri,
    discover,
    is_dmarc,
    report_permission,
)
from sesgate.mail.dmarc import Fault as RecordFault
from sesgate.mail.domains import is_subdomain, labels
from sesgate.mail.resolver import DnsFailure, Resolver
from sesgate.ses.alignment import Way, ways
from sesgate.ses.dkim_repairs import create_domain, sign
from sesgate.ses.dmarc import SHOWN, Fault, alignment_faults, invalid_policy, policy_faults
from sesgate.ses.dmarc_repairs import (
    corrected,
    fault_remedy,
    first_record,
    organization,
    publish_dmarc,
    strictest,
)
from sesgate.ses.envelope import Envelope, envelopes
from sesgate.ses.zones import apexes
from sesgate.subjects import SenderDomain

RFC_REPORTS = "https://www.rfc-editor.org/rfc/rfc9990.html"
MOST_DESTINATIONS = 4


@dataclass(frozen=True, slots=True)
class DmarcOptions:
    """`minimum_policy`: an effective policy below it blocks."""

    minimum_policy: Literal["none", "quarantine", "reject"] = "none"


@check(
    id="dmarc",
    each=SenderDomain,
    asked_by="senders",
    serves="DMARC policy published, enforced, and aligned as SES sends",
    severity=Severity.BLOCKER,
    reads=["ses:ListEmailIdentities", "ses:GetEmailIdentity"],
    dns=True,
    options=DmarcOptions,
    causes={
        "missing": Severity.BLOCKER,
        "at-apex": Severity.BLOCKER,
        "doubled-name": Severity.BLOCKER,
        "several": Severity.BLOCKER,
        "invalid": Severity.BLOCKER,
        "nothing-aligned": Severity.BLOCKER,
        "not-enforced": Severity.WARNING,
        "testing": Severity.WARNING,
        "pct-ignored": Severity.WARNING,
        "subdomain-unprotected": Severity.WARNING,
        "tags-ignored": Severity.WARNING,
        "dkim-not-aligned": Severity.WARNING,
        "spf-not-aligned": Severity.WARNING,
        "report-unauthorised": Severity.WARNING,
        "no-reports": Severity.INFO,
        "psl-disagrees": Severity.INFO,
    },
)
def dmarc(subject: SenderDomain, context: Context, options: DmarcOptions) -> Iterator[Finding]:
    """The policy that receivers find by RFC 9989, and whether DKIM or SPF aligns as SES sends. Source: DNS, SES."""
    author, minimum, resolver = subject.name, Policy(options.minimum_policy), ContextResolver(context)
    names = labels(author)
    context.start_dns(
        (f"_dmarc.{'.'.join(names[at:])}", "TXT") for at in range(len(names)) if len(names) <= MAX_QUERIES
    )
    try:
        found = discover(author, resolver)
    except DnsFailure as failure:
        yield unseen(f"the DMARC policy of {author} could not be looked up: {failure}")
        return
    problems = [problem for problem in found.problems if _matters(problem, found)]
    for problem in problems:
        if problem.fault is not RecordFault.NO_POLICY:
            yield _problem(problem, found, minimum)
    if found.record is None or found.policy_domain is None or not _is_ours(found.policy_domain, author):
        if not problems:
            yield _missing(context, author, minimum)
        return
    yield from _applying(subject, context, found, found.record, minimum)


def _applying(
    subject: SenderDomain, context: Context, found: Discovery, record: Record, minimum: Policy
) -> Iterator[Finding]:
    """A record that receivers find: its policy, who has the reports, what aligns with it."""
    author, resolver = subject.name, ContextResolver(context)
    invalid = invalid_policy(found, minimum)
    faults = [invalid] if invalid else list(policy_faults(found, minimum))
    if found.effective and not any(fault.cause in ("invalid", "not-enforced") for fault in faults):
        told = f"{found.source}={found.declared} at _dmarc.{found.policy_domain}"
        yield passed(f"the effective DMARC policy of {author} is {found.effective} ({told})", found=record.text[:SHOWN])
    blind: Finding | None = None
    seen: list[Way] = []
    behind: list[Envelope] = []
    try:
        behind = envelopes(context, subject.senders)
        seen = ways(author, (one for one in behind if one.identity), record, resolver)
    except NotSeen as failure:
        blind = unseen(f"what aligns with {author} could not be looked at: {failure}")
    faults += alignment_faults(author, seen, record)
    domain = found.policy_domain or author
    publish = publish_dmarc(domain, corrected(record, faults))
    for fault in faults:
        yield failed(
            fault.cause,
            fault.message,
            expected=fault.expected,
            found=fault.found,
            severity=fault.severity,
            remedy=_identity_remedy(fault, author, context.region) or fault_remedy(fault, domain, publish),
        )
    yield from _alignment(author, seen, behind)
    if blind:
        yield blind
    yield from _reports(context, found, record, resolver)


def _identity_remedy(fault: Fault, author: str, region: str) -> Remedy | None:
    """What to do at SES, where an identity is to blame and not the record."""
    if fault.unsigned_by:
        return sign(fault.unsigned_by, region)
    return create_domain(author, region) if fault.needs_identity else None


def _is_ours(domain: str, author: str) -> bool:
    """Whether a name belongs to the sender's organization, and not to the registry above it."""
    if domain == author or is_subdomain(domain, author):
        return True
    top = organization(author)
    return domain == top or is_subdomain(domain, top)


def _matters(problem: Problem, found: Discovery) -> bool:
    """Whether a record that counts for nothing stands where one was to apply: not above one that does."""
    above = found.policy_domain is not None and is_subdomain(found.policy_domain, problem.domain)
    return _is_ours(problem.domain, found.author_domain) and not above


def _alignment(author: str, seen: list[Way], behind: list[Envelope]) -> Iterator[Finding]:
    """What aligns, and where that could not be told. One of DKIM and SPF is enough for DMARC."""
    for way in seen:
        aligns = way.dkim_aligns or way.spf_aligns
        if aligns:
            yield _aligned(author, way)
        if way.unseen:
            yield replace(unseen(way.unseen), severity=Severity.WARNING if aligns else None)
    for one in behind:
        if one.identity is None:
            name = one.sender.name
            yield skipped(f"no identity stands behind {name}", because=Because("identity-verified", name))


def _aligned(author: str, way: Way) -> Finding:
    names = (
        f"DKIM d={way.signed_by}" if way.dkim_aligns else None,
        f"MAIL FROM {way.mail_from}" if way.spf_aligns else None,
    )
    told = " and ".join(name for name in names if name)
    if way.dkim_aligns and way.spf_aligns:
        return passed(f"{told} align with {author}", found=told)
    only = "" if way.unseen else " (nothing else does)"
    return passed(f"{told} aligns with {author}{only}", found=told)


def _problem(problem: Problem, found: Discovery, minimum: Policy) -> Finding:
    """Text that is there, and counts for nothing."""
    texts = next((lookup.texts for lookup in found.lookups if lookup.domain == problem.domain), ())
    best = strictest(texts) or first_record(problem.domain, minimum)
    if problem.fault is RecordFault.SEVERAL:
        return failed(
            "several",
            f"_dmarc.{problem.domain} holds {len(texts)} DMARC records, and receivers ignore all of them",
            expected="one TXT record that begins with v=DMARC1",
            found=" | ".join(texts)[:SHOWN],
            remedy=publish_dmarc(problem.domain, best, "Remove the other TXT records that begin with v=DMARC1."),
        )
    return failed(
        "invalid",
        f"receivers ignore the DMARC record at _dmarc.{problem.domain}: {problem.detail}",
        expected=best,
        found=" | ".join(texts)[:SHOWN] or problem.detail[:SHOWN],
        remedy=publish_dmarc(problem.domain, best, "Remove the record that receivers ignore."),
    )


def _missing(context: Context, author: str, minimum: Policy) -> Finding:
    """No record anywhere on the way up: whether one was published where nobody looks."""
    top = organization(author)
    tops = apexes(author)
    doubled = [f"_dmarc.{domain}.{zone}" for domain in tops for zone in tops]
    places = [*tops, *doubled]
    for name, look in zip(places, context.dns_all((name, "TXT") for name in places), strict=True):
        try:
            text = next((text for text in look.read().records if is_dmarc(text)), None)
        except NotSeen:
            continue
        if text is None:
            continue
        domain = name if name in tops else next(apex for apex in tops if name.startswith(f"_dmarc.{apex}."))
        where = f"at {name} itself" if name in tops else f"at {name} (the zone was appended to a name that had it)"
        return failed(
            "at-apex" if name in tops else "doubled-name",
            f"the DMARC record of {domain} stands {where}, and receivers look at _dmarc.{domain} only",
            expected=f"the record at _dmarc.{domain}",
            found=f"{name}: {text[:SHOWN]}",
            remedy=publish_dmarc(domain, strictest((text,)) or first_record(domain, minimum), f"Remove it at {name}."),
        )
    return failed(
        "missing",
        f"no DMARC record at _dmarc.{author}" + (f" nor at _dmarc.{top}" if top != author else ""),
        expected=first_record(top, minimum),
        found="no DMARC record",
        remedy=publish_dmarc(top, first_record(top, minimum)),
    )


def _reports(context: Context, found: Discovery, record: Record, resolver: Resolver) -> Iterator[Finding]:
    """Whether those that reports go to have said that they take them. RFC 9990 section 4."""
    domain = str(found.policy_domain)
    destinations = [uri for uri in record.rua if uri.host and not _is_ours(uri.host, domain)][:MOST_DESTINATIONS]
    context.start_dns((f"{domain}._report._dmarc.{uri.host}", "TXT") for uri in destinations)
    for uri in destinations:
        try:
            permission = report_permission(domain, uri, resolver)
        except DnsFailure as failure:
            message = f"whether {uri.host} takes DMARC reports on {domain} could not be looked up: {failure}"
            yield replace(unseen(message), severity=Severity.WARNING)
            continue
        if not permission.granted:
            yield _unauthorised(domain, uri, permission.name, permission.problem)


def _unauthorised(domain: str, uri: ReportUri, name: str | None, problem: str | None) -> Finding:
    return failed(
        "report-unauthorised",
        f"reports on {domain} will not be sent to {uri.text[:SHOWN]}: {problem or 'it gave no permission'}",
        expected=f"{name} TXT v=DMARC1" if name else f"a destination below {domain}",
        found=problem,
        remedy=Remedy(
            id=f"authorise-dmarc-reports:{domain}:{uri.host}",
            summary=f"Ask {uri.host} to take DMARC reports on {domain}, or send them to a mailbox of {domain}",
            owner=Owner.DNS,
            lead_time_seconds=HOUR,
            changes=(DnsRecord(name, "TXT", "v=DMARC1"),) if name else (),
            docs=RFC_REPORTS,
        ),
    )
