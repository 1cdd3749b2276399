"""SPF, DKIM, DMARC and alignment of one message: as its receiver found them, and as the DNS has them now."""

from collections.abc import Iterator

from msgspec import Struct

from sesgate.mail.dmarc import Alignment, Discovery, aligned, discover
from sesgate.mail.domains import registrable
from sesgate.mail.message import domain_of
from sesgate.mail.receiving.authentication_results import Result
from sesgate.mail.receiving.rules import Facts, Line, Status
from sesgate.mail.resolver import DnsFailure

UNCLEAR = "temperror"
"""The result of a receiver that could not tell: it may pass another time. RFC 8601 section 2.7."""


def authentication(facts: Facts) -> Iterator[Line]:
    """The rules `spf`, `dkim`, `dkim-signature`, `dmarc` and `alignment`."""
    yield ("spf", *_of_receiver(facts, "spf", ("smtp.mailfrom", "smtp.helo")))
    yield ("dkim", *_of_receiver(facts, "dkim", ("header.d", "header.i")))
    yield ("dkim-signature", *_signature(facts))
    policy = _policy(facts)
    yield ("dmarc", *_dmarc(facts, policy))
    yield ("alignment", *_alignment(facts, policy))


def _of_receiver(facts: Facts, method: str, names: tuple[str, ...]) -> tuple[Status, str]:
    """What the receiver wrote of a method. One pass is enough: a message may bear several signatures."""
    results = facts.results.of(method)
    if facts.results.server is None:
        return Status.NOT_SEEN, _no_results(facts)
    if not results:
        return Status.NOT_SEEN, f"{facts.results.server} wrote no {method} result"
    best = min(results, key=lambda result: (result.result != "pass", result.result == UNCLEAR))
    value = best.property(*names)
    seen = f"{method}={best.result}" + (f" for {value}" if value else "") + f", says {facts.results.server}"
    if best.result == "pass":
        return Status.PASS, seen
    return (Status.NOT_SEEN if best.result == UNCLEAR else Status.FAIL), seen


def _no_results(facts: Facts) -> str:
    if facts.results.is_named:
        return "no Authentication-Results of the named server"
    return "no Authentication-Results: take the message from the mailbox that received it"


def _signature(facts: Facts) -> tuple[Status, str]:
    if not facts.signatures:
        return Status.FAIL, "the message bears no DKIM signature"
    if facts.valid:
        first = facts.valid[0]
        part = "; l= leaves the end of the body unsigned" if first.part_of_body else ""
        others = "".join(f"; that of {one.domain}: {one.reason}" for one in facts.signatures if not one.valid)
        return Status.PASS, f"that of {first.domain}, selector {first.selector}, verifies{part}{others}"
    if facts.not_verified:
        return Status.NOT_SEEN, facts.not_verified
    told = "; ".join(f"{one.domain or 'no domain'}: {one.reason}" for one in facts.signatures)
    return (Status.NOT_SEEN if any(one.valid is None for one in facts.signatures) else Status.FAIL), told


class _Policy(Struct, frozen=True):
    """What the DNS has for the From domain; `why` says why nothing is known."""

    found: Discovery | None
    why: str = ""


def _policy(facts: Facts) -> _Policy:
    author = facts.message.author_domain
    if author is None:
        return _Policy(None, "From holds no one address")
    if facts.resolver is None:
        return _Policy(None, "the DNS was not asked: offline")
    try:
        return _Policy(discover(author, facts.resolver))
    except DnsFailure as failure:
        return _Policy(None, str(failure))


def _dmarc(facts: Facts, policy: _Policy) -> tuple[Status, str]:
    results = facts.results.of("dmarc")
    if any(result.result == "fail" for result in results):
        return Status.FAIL, f"dmarc=fail, says {facts.results.server}"
    if policy.found is not None:
        record = policy.found.record
        if record is None or record.p is None or record.invalid_policy:
            return Status.FAIL, f"no DMARC record with a policy applies to {policy.found.author_domain}"
        said = f"; dmarc={results[0].result}, says {facts.results.server}" if results else ""
        return Status.PASS, f"p={record.p.value} at {policy.found.policy_domain}{said}"
    if any(result.result == "pass" for result in results):
        return Status.PASS, f"dmarc=pass, says {facts.results.server}"
    if any(result.result in {"none", "permerror"} for result in results):
        return Status.FAIL, f"dmarc={results[0].result}, says {facts.results.server}"
    return Status.NOT_SEEN, policy.why


def _alignment(facts: Facts, policy: _Policy) -> tuple[Status, str]:
    author = facts.message.author_domain
    if author is None:
        return Status.FAIL, "From holds no one address, so nothing can align with it"
    signed, sent = _signed_by(facts), _sent_by(facts)
    record = policy.found.record if policy.found else None
    modes = (record.adkim, record.aspf) if record else (Alignment.RELAXED, Alignment.RELAXED)
    ways: list[tuple[str, bool]] = []
    try:
        for domain in signed:
            ways.append((f"DKIM d={domain}", _aligns(domain, author, modes[0], facts)))  # noqa: PERF401 - kept on failure
        if sent:
            ways.append((f"SPF domain {sent}", _aligns(sent, author, modes[1], facts)))
    except DnsFailure as failure:
        if not any(good for _, good in ways):
            return Status.NOT_SEEN, str(failure)
    told = ", ".join(f"{name} {'aligns' if good else 'does not align'}" for name, good in ways)
    by = f"{author}: {told} ({modes[0].name.lower()} for DKIM, {modes[1].name.lower()} for SPF)"
    if any(good for _, good in ways):
        return Status.PASS, by
    if _could_still_pass(facts, signed, sent):
        return Status.NOT_SEEN, f"{by}; more could not be seen" if ways else "neither SPF nor DKIM was seen to pass"
    return Status.FAIL, by if ways else f"{author}: neither SPF nor DKIM passes"


def _signed_by(facts: Facts) -> list[str]:
    """Domains whose signature counts: verified here, and where that could not be done, as the receiver says."""
    if facts.valid:
        return list(dict.fromkeys(one.domain for one in facts.valid))
    if any(one.valid is None for one in facts.signatures):
        passing = [_domain(one, "header.d", "header.i") for one in facts.results.of("dkim") if one.result == "pass"]
        return list(dict.fromkeys(name for name in passing if name))
    return []


def _sent_by(facts: Facts) -> str | None:
    """The MAIL FROM domain for which SPF passed."""
    for result in facts.results.of("spf"):
        if result.result == "pass":
            return _domain(result, "smtp.mailfrom", "smtp.helo") or facts.message.return_path
    return None


def _domain(result: Result, *names: str) -> str | None:
    value = result.property(*names)
    return domain_of(value) if value else None


def _could_still_pass(facts: Facts, signed: list[str], sent: str | None) -> bool:
    no_spf = sent is None and all(one.result == UNCLEAR for one in facts.results.of("spf"))
    no_dkim = not signed and any(one.valid is None for one in facts.signatures)
    return no_spf or no_dkim


def _aligns(domain: str, author: str, mode: Alignment, facts: Facts) -> bool:
    """By the tree walk; offline by the Public Suffix List. RFC 9989 section 4.4."""
    if facts.resolver is not None:
        return aligned(domain, author, mode, facts.resolver)
    return domain == author or (registrable(author) is not None and registrable(domain) == registrable(author))
