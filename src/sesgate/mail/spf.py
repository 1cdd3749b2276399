"""Whether a domain allows an address to send for it: the check_host() function of RFC 7208."""

from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import assert_never

from msgspec import Struct
from msgspec.structs import replace

from sesgate.mail.resolver import DnsFailure, Resolver
from sesgate.mail.spf_lookups import Address, Lookups, PermanentError
from sesgate.mail.spf_macros import MacroString, MacroSyntaxError, expand, parse_macros, to_name
from sesgate.mail.spf_names import client_address, dotted, is_domain, is_within, split_sender
from sesgate.mail.spf_networks import networks
from sesgate.mail.spf_outcome import Outcome, Result, Step
from sesgate.mail.spf_record import (
    A,
    All,
    Directive,
    Exists,
    Include,
    Modifier,
    Mx,
    Network,
    Ptr,
    Qualifier,
    Record,
    SpfSyntaxError,
    all_qualifier,
    parse,
    shown,
)

__all__ = [
    "Outcome",
    "Qualifier",
    "Record",
    "Result",
    "SpfSyntaxError",
    "Step",
    "all_qualifier",
    "check_host",
    "networks",
    "parse",
]

TERM_SHOWN = 255
"""Characters of a term that the trace shows."""

RESULTS = {
    Qualifier.PASS: Result.PASS,
    Qualifier.FAIL: Result.FAIL,
    Qualifier.SOFTFAIL: Result.SOFTFAIL,
    Qualifier.NEUTRAL: Result.NEUTRAL,
}


def check_host(
    ip: str | Address,
    domain: str,
    sender: str,
    resolver: Resolver,
    *,
    helo: str | None = None,
    receiver: str = "unknown",
    timestamp: int = 0,
) -> Outcome:
    """Evaluates `domain`'s policy for mail from `sender` that the client `ip` hands over. RFC 7208 section 4.

    `helo` (by default the sender's domain), `receiver` and `timestamp` (seconds since 1970) serve macros only. Never
    raises for what the DNS holds; raises ValueError where `ip` is no address.
    """
    local_part, sender_domain = split_sender(sender, helo or domain)
    client = client_address(ip)
    fixed = {
        "s": f"{local_part}@{sender_domain}",
        "l": local_part,
        "o": sender_domain,
        "i": dotted(client),
        "v": "in-addr" if client.version == 4 else "ip6",
        "h": helo or sender_domain,
        "c": str(client),
        "r": receiver,
        "t": str(timestamp),
    }
    return _Check(client, fixed, Lookups(resolver)).run(domain.removesuffix("."))


class _Verdict(Struct, frozen=True):
    """What a record came to. `directive` is None where no term matched; `because` says what the match was."""

    result: Result
    domain: str
    record: Record
    directive: Directive | None
    because: str

    @property
    def matched(self) -> str | None:
        return f"{_cut(self.directive.text)} in {self.domain}" if self.directive else None


@dataclass(slots=True)
class _Check:
    """One run of check_host(). `fixed` holds the macro letters that stay the same throughout."""

    client: Address
    fixed: dict[str, str]
    lookups: Lookups
    trace: list[Step] = field(default_factory=list)
    client_names: dict[str, str] = field(default_factory=dict)
    record: str | None = None

    def run(self, domain: str) -> Outcome:
        if not is_domain(domain):
            return self._outcome(Result.NONE, domain, f"{shown(domain)} is no domain name of two or more labels")
        try:
            self.record = self.lookups.spf_text(domain, counted=False)
            if self.record is None:
                return self._outcome(Result.NONE, domain, f"{domain} publishes no SPF record")
            verdict = self._evaluate(domain, self.record, 0)
        except DnsFailure as failure:
            return self._outcome(Result.TEMPERROR, domain, f"the DNS could not tell: {failure}")
        except PermanentError as error:
            return self._outcome(Result.PERMERROR, domain, str(error))
        return self._decided(domain, verdict)

    def _decided(self, domain: str, verdict: _Verdict) -> Outcome:
        explanation = self._explanation(verdict) if verdict.result is Result.FAIL else None
        if verdict.directive is None:
            reason = f"no term in the record of {verdict.domain} matches {self.client}"
        else:
            reason = f"{self.client} gets {verdict.result} from {verdict.matched}: {verdict.because}"
        return self._outcome(verdict.result, domain, reason, verdict.matched, explanation)

    def _outcome(
        self, result: Result, domain: str, reason: str, matched: str | None = None, explanation: str | None = None
    ) -> Outcome:
        lookups, voids = self.lookups.terms, self.lookups.voids
        return Outcome(result, domain, self.record, matched, reason, explanation, lookups, voids, tuple(self.trace))

    def _evaluate(self, domain: str, text: str, depth: int) -> _Verdict:
        """RFC 7208 sections 4.6 and 4.7. Raises DnsFailure (temperror) and PermanentError (permerror)."""
        try:
            record = parse(text)
        except SpfSyntaxError as error:
            raise PermanentError(f"the record of {domain} breaks the syntax at {error}") from error
        for directive in record.directives:
            because = self._match(directive, domain, depth)
            if because is not None:
                return _Verdict(RESULTS[directive.qualifier], domain, record, directive, because)
        if record.redirect is not None:
            return self._redirected(record.redirect, domain, depth)
        return _Verdict(Result.NEUTRAL, domain, record, None, "")

    def _redirected(self, redirect: Modifier, domain: str, depth: int) -> _Verdict:
        """RFC 7208 section 6.1. A record with an `all` never comes here, since `all` matches."""
        self.trace.append(Step(depth, domain, _cut(redirect.text), "goes on there"))
        return self._evaluate(*self._other_record(redirect.text, redirect.target, domain), depth + 1)

    def _other_record(self, term: str, target: MacroString, domain: str) -> tuple[str, str]:
        """Domain and text of the record that include or redirect leads to. Raises PermanentError where there is none.

        RFC 7208 sections 5.2 and 6.1.
        """
        self.lookups.count_term(term)
        name = self._name(target, domain)
        if name is None or not is_domain(name):
            raise PermanentError(f"{shown(term)} in {domain} leads to no domain name")
        text = self.lookups.spf_text(name, counted=True)
        if text is None:
            raise PermanentError(f"{shown(term)} in {domain} leads to {name}, which publishes no SPF record")
        return name, text

    def _match(self, directive: Directive, domain: str, depth: int) -> str | None:
        """Why the mechanism matches, None where it does not. Leaves its step before those of the record it includes."""
        at = len(self.trace)
        step = Step(depth, domain, _cut(directive.text), "does not match")
        try:
            because = self._matches(directive, domain, depth)
        except (DnsFailure, PermanentError) as error:
            self.trace.insert(at, replace(step, outcome=f"error: {error}"))
            raise
        self.trace.insert(at, step if because is None else replace(step, outcome=f"matches: {because}"))
        return because

    def _matches(self, directive: Directive, domain: str, depth: int) -> str | None:
        mechanism = directive.mechanism
        match mechanism:
            case All():
                return "all matches everything"
            case Network():
                return f"{mechanism.network} holds it" if self.client in mechanism.network else None
            case Include():
                verdict = self._evaluate(*self._other_record(directive.text, mechanism.target, domain), depth + 1)
                return f"{verdict.matched} passes" if verdict.result is Result.PASS else None
        self.lookups.count_term(directive.text)
        name = domain if mechanism.target is None else self._name(mechanism.target, domain)
        if name is None:
            return None
        match mechanism:
            case A():
                return self._among((name,), mechanism)
            case Mx():
                return self._among(self.lookups.mail_hosts(name), mechanism)
            case Exists():
                return f"{name} has an A record" if self.lookups.addresses(name, 4) else None
            case Ptr():
                return self._client_name_within(name)
        assert_never(mechanism)

    def _among(self, hosts: tuple[str, ...], mechanism: A | Mx) -> str | None:
        """RFC 7208 sections 5.3 and 5.4: the client's network and that of one of the hosts are the same."""
        prefix = mechanism.prefix4 if self.client.version == 4 else mechanism.prefix6
        for host in hosts:
            for address in self.lookups.addresses(host, self.client.version):
                if self.client in ip_network((address, prefix), strict=False):
                    return f"{host} has {address}, taken as /{prefix}"
        return None

    def _client_name_within(self, target: str) -> str | None:
        """RFC 7208 section 5.5. A DNS failure is no match."""
        try:
            names = self.lookups.client_names(self.client)
        except DnsFailure:
            return None
        if not names:
            self.lookups.count_void(self.client.reverse_pointer, "PTR")
        for name in names:
            if is_within(name, target) and self.lookups.has_address(name, self.client):
                return f"its name is {name}"
        return None

    def _name(self, target: MacroString, domain: str) -> str | None:
        return to_name(self._expanded(target, domain))

    def _expanded(self, text: MacroString, domain: str) -> str:
        def value(letter: str) -> str:
            if letter == "d":
                return domain
            return self._client_name(domain) if letter == "p" else self.fixed[letter]

        return expand(text, value)

    def _client_name(self, domain: str) -> str:
        """`%{p}`: the domain itself if it is a validated name of the client, else one below it, else any, else unknown.

        RFC 7208 section 7.3. Asked once a domain, however often a record holds the macro.
        """
        if domain not in self.client_names:
            try:
                names = self.lookups.client_names(self.client)
            except DnsFailure:
                names = ()
            best_first = sorted(names, key=lambda name: (name.lower() != domain.lower(), not is_within(name, domain)))
            validated = (name for name in best_first if self.lookups.has_address(name, self.client))
            self.client_names[domain] = next(validated, "unknown")
        return self.client_names[domain]

    def _explanation(self, verdict: _Verdict) -> str | None:
        """What the deciding record's `exp=` leads to; None for anything wrong on the way. RFC 7208 section 6.2."""
        if verdict.record.exp is None:
            return None
        name = self._name(verdict.record.exp.target, verdict.domain)
        if name is None:
            return None
        try:
            texts = self.lookups.texts(name)
            return self._expanded(parse_macros(texts[0], explanation=True), verdict.domain) if len(texts) == 1 else None
        except (DnsFailure, MacroSyntaxError):
            return None


def _cut(term: str) -> str:
    return term if len(term) <= TERM_SHOWN else term[:TERM_SHOWN] + "..."
