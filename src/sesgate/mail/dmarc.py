"""Which DMARC policy applies to a domain, what aligns with it, who may have its reports. RFC 9989, RFC 9990.

The DNS is asked through a `Resolver`. Where it could not tell, DnsFailure comes out: that is never "no record".
"""

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct

from sesgate.mail.dmarc_record import (
    Alignment,
    DmarcSyntaxError,
    Policy,
    Psd,
    Record,
    ReportUri,
    is_dmarc,
    parse,
    parse_uri,
)
from sesgate.mail.domains import MAX_NAME, labels, normalise
from sesgate.mail.resolver import Resolver

__all__ = [
    "Alignment",
    "Discovery",
    "DmarcSyntaxError",
    "Fault",
    "Lookup",
    "Policy",
    "Problem",
    "Psd",
    "Record",
    "ReportPermission",
    "ReportUri",
    "aligned",
    "discover",
    "is_dmarc",
    "organizational_domain",
    "parse",
    "parse_uri",
    "report_permission",
]

MAX_QUERIES = 8
"""The most names that one tree walk asks for. RFC 9989 section 4.10."""


class Fault(StrEnum):
    """Why text that is there counts for nothing, or for less than was meant."""

    SEVERAL = "several"
    """More than one DMARC record at a name: none of them counts. RFC 9989 section 4.10, steps 2 and 6."""
    MALFORMED = "malformed"
    """A DMARC record that must be ignored as a whole."""
    MISWRITTEN = "miswritten"
    """Text that was probably meant as a DMARC record, and is none."""
    NO_POLICY = "no-policy"
    """The record that was found holds no valid policy and no valid `rua`: DMARC is not applied. Section 4.10.1."""


class Problem(Struct, frozen=True):
    """Something wrong at `_dmarc.<domain>`. `detail` may hold text of the record."""

    fault: Fault
    domain: str
    detail: str


class Lookup(Struct, frozen=True):
    """What one step of a tree walk found at `_dmarc.<domain>`: the texts there that begin as a DMARC record does, and
    the record, where exactly one of them is valid."""

    domain: str
    texts: tuple[str, ...] = ()
    record: Record | None = None
    problem: Problem | None = None

    @property
    def name(self) -> str:
        """The name that was asked for."""
        return f"_dmarc.{self.domain}"


class Discovery(Struct, frozen=True):
    """What a receiver finds for an author domain. RFC 9989 section 4.10.1.

    `policy_domain` and `record` are None where no record was found. `declared` is the policy of the tag that counts
    (`source`: p, sp or np), `effective` the same after `t`; they and `source` are None where DMARC is not applied.
    """

    author_domain: str
    organizational_domain: str
    lookups: tuple[Lookup, ...]
    policy_domain: str | None = None
    record: Record | None = None
    declared: Policy | None = None
    effective: Policy | None = None
    source: str | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def queries(self) -> int:
        """How many names the tree walk asked for, at most MAX_QUERIES."""
        return len(self.lookups)


def discover(domain: str, resolver: Resolver, *, exists: bool | None = None) -> Discovery:
    """The policy that applies to mail from `domain`.

    `exists` says whether the domain does (no NXDOMAIN); with None the DNS is asked, where an `np` makes it matter.
    Raises DnsFailure, and DomainSyntaxError for text that is no domain. RFC 9989 section 4.10.1.
    """
    author = normalise(domain)
    lookups = tuple(_walk(author, resolver))
    organization = _organizational(author, lookups)
    problems = [lookup.problem for lookup in lookups if lookup.problem]
    found = _applicable(author, organization, lookups)
    if found is None or found.record is None:
        return Discovery(author, organization, lookups, problems=tuple(problems))

    record, subdomain = found.record, found.domain != author
    declared = source = None
    if record.applies:
        if exists is None and subdomain and record.np is not None and not record.invalid_policy:
            exists = resolver.query(author, "A").exists
        declared, source = record.policy(subdomain=subdomain, exists=exists is not False)
    else:
        problems.append(Problem(Fault.NO_POLICY, found.domain, "there is no valid policy and no valid rua"))
    return Discovery(
        author_domain=author,
        organizational_domain=organization,
        lookups=lookups,
        policy_domain=found.domain,
        record=record,
        declared=declared,
        effective=declared.one_below() if declared and record.t else declared,
        source=source,
        problems=tuple(problems),
    )


def organizational_domain(domain: str, resolver: Resolver) -> str:
    """The top of what belongs together with `domain`, by a tree walk. Raises DnsFailure. RFC 9989 section 4.10.2."""
    start = normalise(domain)
    return _organizational(start, tuple(_walk(start, resolver)))


def aligned(identifier: str, author_domain: str, mode: Alignment, resolver: Resolver) -> bool:
    """Whether an authenticated domain (DKIM `d=`, the envelope's) aligns with the author domain.

    Says nothing on whether a policy applies at all. Raises DnsFailure. RFC 9989 sections 4.4 and 4.10.2.
    """
    identifier, author = normalise(identifier), normalise(author_domain)
    if identifier == author:
        return True
    # An organizational domain is its domain, or above it: without a top-level domain in common there is none to share.
    if mode is Alignment.STRICT or labels(identifier)[-1] != labels(author)[-1]:
        return False
    return organizational_domain(identifier, resolver) == organizational_domain(author, resolver)


def _walk(domain: str, resolver: Resolver) -> Iterator[Lookup]:
    """The tree walk, from the domain to the top or to the first `psd` that is said. RFC 9989 section 4.10."""
    names = labels(domain)
    # A long name is asked for itself, and then from its last seven labels up.
    above = names[1:] if len(names) < MAX_QUERIES else names[1 - MAX_QUERIES :]
    targets = [domain, *(".".join(above[index:]) for index in range(len(above)))]
    for target in targets:
        if len(target) + len("_dmarc.") > MAX_NAME:
            # The DNS can hold nothing at so long a name.
            continue
        lookup = _look_up(target, resolver)
        yield lookup
        if lookup.record and lookup.record.psd is not Psd.UNKNOWN:
            return


def _look_up(domain: str, resolver: Resolver) -> Lookup:
    """The one DMARC record at a name, or why none of what is there counts. RFC 9989 section 4.10, steps 2 and 6."""
    values = resolver.query(f"_dmarc.{domain}", "TXT").values
    texts = tuple(value for value in values if is_dmarc(value))
    if len(texts) > 1:
        problem = Problem(Fault.SEVERAL, domain, f"{len(texts)} DMARC records are there, so none of them counts")
        return Lookup(domain, texts, problem=problem)
    suspect = texts[0] if texts else next(filter(_looks_like_dmarc, values), None)
    if suspect is None:
        return Lookup(domain)
    try:
        return Lookup(domain, texts, parse(suspect))
    except DmarcSyntaxError as error:
        fault = Fault.MALFORMED if texts else Fault.MISWRITTEN
        return Lookup(domain, texts, problem=Problem(fault, domain, str(error)))


def _looks_like_dmarc(text: str) -> bool:
    """Whether foreign text was probably meant as a DMARC record: capitals, quotes, spaces or the order are wrong."""
    return "v=dmarc" in "".join(text[:1000].lower().split())


def _organizational(start: str, lookups: tuple[Lookup, ...]) -> str:
    """The organizational domain that a walk from `start` found. RFC 9989 section 4.10.2."""
    found = [(lookup.domain, lookup.record) for lookup in lookups if lookup.record]
    for domain, record in found:
        if record.psd is Psd.NO:
            return domain
        if record.psd is Psd.YES and domain != start:
            return ".".join(labels(start)[-len(labels(domain)) - 1 :])
    return found[-1][0] if found else start


def _applicable(author: str, organization: str, lookups: tuple[Lookup, ...]) -> Lookup | None:
    """Where the record that applies was found: the author domain, else the organizational, else the public suffix."""
    found = {lookup.domain: lookup for lookup in lookups if lookup.record}
    # A walk that met a psd=y ended there, so the public suffix domain is the last one found.
    last = next(reversed(found.values()), None)
    return found.get(author) or found.get(organization) or last


class ReportPermission(Struct, frozen=True):
    """Whether reports may go to a destination. RFC 9990 section 4.

    `name` is where its permission was asked for, None where none is needed. `destinations` is where the reports then
    go: the record there may name others of the same host. `problem` says why not.
    """

    granted: bool
    name: str | None = None
    destinations: tuple[ReportUri, ...] = ()
    problem: str | None = None


def report_permission(policy_domain: str, uri: ReportUri, resolver: Resolver, tag: str = "rua") -> ReportPermission:
    """Whether the owner of a report destination takes the reports on `policy_domain`, where the policy was found.

    `tag` is rua or ruf. Raises DnsFailure. RFC 9990 section 4, for `ruf` RFC 9991 section 5.
    """
    domain = normalise(policy_domain)
    if uri.host is None or uri.host.startswith("["):
        return ReportPermission(False, problem="the destination has no domain")
    if aligned(uri.host, domain, Alignment.RELAXED, resolver):
        return ReportPermission(True, destinations=(uri,))
    name = f"{domain}._report._dmarc.{uri.host}"
    if len(name) > MAX_NAME:
        return ReportPermission(False, name, problem="the name is longer than the DNS allows")

    records = list(_report_records(resolver.query(name, "TXT").values))
    if not records:
        return ReportPermission(False, name, problem="no record there begins with v=DMARC1")
    others = tuple(other for record in records for other in (record.rua if tag == "rua" else record.ruf))
    if any(other.host != uri.host for other in others):
        return ReportPermission(False, name, problem="the record there names a destination of another host")
    return ReportPermission(True, name, others or (uri,))


def _report_records(values: tuple[str, ...]) -> Iterator[Record]:
    """The records that parse; here several may stand side by side, and none needs a policy."""
    for value in values:
        try:
            yield parse(value)
        except DmarcSyntaxError:
            continue
