"""What is wrong with a DMARC policy, and with the alignment of SES's mail. Pure."""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from sesgate.finding import Severity
from sesgate.mail.dmarc import Alignment, Discovery, Policy, Record
from sesgate.mail.domains import registrable
from sesgate.ses.alignment import Way
from sesgate.ses.dmarc_repairs import STRENGTH, Tags, organization, reports_to

SHOWN = 300


class Fault(Struct, frozen=True):
    """One thing that is wrong.

    `tags` are the changes to the record that put it right, `advice` is what to do where the record is not to blame;
    `needs_identity` says that a domain identity is what is missing, `unsigned_by` at which one signing is off.
    """

    cause: str
    message: str
    expected: str
    found: str
    tags: Tags = {}
    advice: str | None = None
    severity: Severity | None = None
    needs_identity: bool = False
    unsigned_by: str | None = None


def invalid_policy(found: Discovery, minimum: Policy) -> Fault | None:
    """A record without a policy that receivers can rely on. RFC 9989 section 4.10.1."""
    record = found.record
    if record is None or (record.p is not None and not record.invalid_policy):
        return None
    what = "a policy tag holds no policy" if record.invalid_policy else "it holds no p"
    detail = next((problem for problem in record.problems if problem.startswith(("p=", "sp=", "np="))), what)
    reading = "RFC 9989 reads it as p=none, and large receivers refuse it" if record.rua else "it is ignored"
    return Fault(
        "invalid",
        f"the DMARC record of {found.policy_domain} has no valid policy ({detail}): {reading}",
        "p=none, p=quarantine or p=reject, right after v=DMARC1",
        record.text[:SHOWN],
        {
            "p": (record.p or minimum).value,
            "sp": record.sp.value if record.sp else None,
            "np": record.np.value if record.np else None,
        },
    )


def policy_faults(found: Discovery, minimum: Policy) -> Iterator[Fault]:
    """What is wrong with a policy that applies: how far it is enforced, and which tags do not do what was meant."""
    record, declared, effective = found.record, found.declared, found.effective
    if record is None or declared is None or effective is None:
        return
    yield from _enforcement(found, record, declared, effective, minimum)
    if record.t and declared is not Policy.NONE:
        yield Fault(
            "testing",
            f"t=y at _dmarc.{found.policy_domain} asks receivers to apply {effective} where {declared} is written",
            "no t=y once testing is over",
            record.text[:SHOWN],
            {"t": None},
        )
    pct = _tag(record, "pct")
    if pct is not None and pct != "100":
        yield Fault(
            "pct-ignored",
            f"pct={pct[:20]!r} at _dmarc.{found.policy_domain}: RFC 9989 removed pct, so that newer receivers apply "
            "the policy to all mail and older ones to a part of it",
            "no pct",
            record.text[:SHOWN],
            {"pct": None},
        )
    yield from _subdomains(found, record)
    unread = [problem for problem in record.problems if not problem.startswith(("p=", "sp=", "np="))]
    if unread:
        yield Fault(
            "tags-ignored",
            f"receivers ignore a part of the record at _dmarc.{found.policy_domain}: {'; '.join(unread)[:SHOWN]}",
            "tags that RFC 9989 section 4.8 allows",
            record.text[:SHOWN],
            advice=f"Write in valid form: {'; '.join(unread)[:SHOWN]}",
        )
    if not record.rua:
        yield Fault(
            "no-reports",
            f"the DMARC record of {found.policy_domain} has no rua, so nobody hears of mail that fails",
            "rua=mailto:…",
            record.text[:SHOWN],
            {"rua": reports_to(str(found.policy_domain))},
        )
    listed = registrable(found.author_domain)
    if listed and listed != found.organizational_domain:
        yield Fault(
            "psl-disagrees",
            f"the organizational domain of {found.author_domain} is {found.organizational_domain} by the tree walk of "
            f"RFC 9989 and {listed} by the Public Suffix List, which many receivers still use",
            f"{listed} by both",
            found.organizational_domain,
            advice=f"Publish a DMARC record at _dmarc.{listed} as well, without psd.",
        )


def _enforcement(
    found: Discovery, record: Record, declared: Policy, effective: Policy, minimum: Policy
) -> Iterator[Fault]:
    is_below = STRENGTH[effective] < STRENGTH[minimum]
    if effective is not Policy.NONE and not is_below:
        return
    wanted = minimum if STRENGTH[minimum] else Policy.QUARANTINE
    lowered = record.t and declared is not effective
    why = f"{found.source}={declared}, lowered by t=y" if lowered else f"{found.source}={declared}"
    asked = f"the gate asks for {minimum} or stricter" if is_below else "receivers deliver forged mail all the same"
    tags: dict[str, str | None] = {"t": None} if record.t else {}
    if STRENGTH[record.p or Policy.NONE] < STRENGTH[wanted]:
        tags["p"] = wanted.value
    if found.source != "p":
        weaker = (("sp", record.sp), ("np", record.np))
        tags |= {name: None for name, value in weaker if value and STRENGTH[value] < STRENGTH[wanted]}
    yield Fault(
        "not-enforced",
        f"the effective DMARC policy of {found.author_domain} is {effective} ({why} at _dmarc.{found.policy_domain}): "
        f"{asked}",
        f"p={wanted}",
        record.text[:SHOWN],
        tags,
        severity=Severity.BLOCKER if is_below else None,
    )


def _subdomains(found: Discovery, record: Record) -> Iterator[Fault]:
    """An sp=none that takes away for all subdomains what p gives. A sender below it is hit itself."""
    if record.sp is not Policy.NONE or record.p in (None, Policy.NONE):
        return
    is_hit = found.author_domain != found.policy_domain
    yield Fault(
        "subdomain-unprotected",
        f"sp=none at _dmarc.{found.policy_domain} leaves every subdomain unprotected where p={record.p} is written",
        f"no sp, or sp={record.p}",
        record.text[:SHOWN],
        {"sp": None},
        severity=None if is_hit else Severity.INFO,
    )


def alignment_faults(author: str, found: Iterable[Way], record: Record) -> Iterator[Fault]:
    """What of SES's mail does not align. Without a custom MAIL FROM domain SPF can't, which is another check's word."""
    for way in found:
        if way.unseen or (way.dkim_aligns and (way.spf_aligns or not way.mail_from)):
            continue
        tags: dict[str, str | None] = {}
        if not way.dkim_aligns and way.signed_by and record.adkim is Alignment.STRICT:
            tags["adkim"] = None
        if not way.spf_aligns and way.mail_from and record.aspf is Alignment.STRICT:
            tags["aspf"] = None
        share = f"Publish a DMARC record at _dmarc.{organization(author)}, so that the names share an organization"
        advice = None if tags else share
        wanted = f"aligned with {author}"
        off = way.unsigned_by
        alone = way.signed_by is None and not off
        who = ", ".join(way.senders)[:SHOWN]
        dkim, spf = _dkim(author, way, record), _spf(author, way, record)
        signed = way.signed_by or "amazonses.com"
        if not (way.dkim_aligns or way.spf_aligns):
            message = f"mail of {who} fails DMARC: {dkim}, and {spf}"
            found_pair = f"d={signed}, MAIL FROM {way.mail_from or 'of Amazon'}"
            yield Fault("nothing-aligned", message, wanted, found_pair, tags, advice, None, alone, off)
        elif not way.dkim_aligns:
            message = f"mail of {who} hangs on SPF alone, which forwarding breaks: {dkim}"
            yield Fault("dkim-not-aligned", message, wanted, f"d={signed}", tags, advice, None, alone, off)
        elif way.mail_from and not way.spf_aligns:
            message = f"mail of {who} hangs on DKIM alone: {spf}"
            yield Fault("spf-not-aligned", message, wanted, f"MAIL FROM {way.mail_from}", tags, advice)


def _dkim(author: str, way: Way, record: Record) -> str:
    if way.signed_by is None:
        if way.unsigned_by:
            return f"DKIM signing is switched off at {way.unsigned_by}, so SES's own signature is the only one"
        return f"no domain identity signs as {author}, so SES's own signature (d=amazonses.com) is the only one"
    return f"DKIM signs as {way.signed_by}, which {_mode(record.adkim)} does not let align with {author}"


def _spf(author: str, way: Way, record: Record) -> str:
    if way.mail_from is None:
        return "the MAIL FROM domain is Amazon's own"
    return f"the MAIL FROM domain is {way.mail_from}, which {_mode(record.aspf)} does not let align with {author}"


def _mode(mode: Alignment) -> str:
    return "strict alignment" if mode is Alignment.STRICT else "even relaxed alignment"


def _tag(record: Record, name: str) -> str | None:
    """The value of a tag as written."""
    for segment in record.text.split(";")[1:]:
        key, equals, value = segment.partition("=")
        if equals and key.strip().lower() == name:
            return value.strip()
    return None
