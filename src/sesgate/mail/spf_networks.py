"""The networks that an SPF record authorises, without a message at hand."""

from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network, ip_network

from sesgate.mail.resolver import Resolver
from sesgate.mail.spf_lookups import Lookups, PermanentError
from sesgate.mail.spf_macros import MacroString, expand, is_static, to_name
from sesgate.mail.spf_record import A, All, Directive, Include, Mx, Network, Qualifier, SpfSyntaxError, parse

AnyNetwork = IPv4Network | IPv6Network


def networks(domain: str, resolver: Resolver) -> tuple[AnyNetwork, ...]:
    """What the record of `domain` lets pass by ip4, ip6, a, mx, include and redirect without macros, in its order.

    Terms with another qualifier and `ptr`, `exists` and `all` are passed over: ask check_host() about one address. A
    record that breaks the rules authorises what stands before the break. Raises DnsFailure.
    """
    found: dict[AnyNetwork, None] = {}
    try:
        for network in _of_record(domain.removesuffix("."), Lookups(resolver, void_limit=None)):
            found[network] = None
    except (PermanentError, SpfSyntaxError):
        # What an evaluation meets before it breaks off is authorised all the same. RFC 7208 section 4.6.
        pass
    return tuple(found)


def _of_record(domain: str, lookups: Lookups) -> Iterator[AnyNetwork]:
    """Raises PermanentError, SpfSyntaxError and DnsFailure where an evaluation would end."""
    name = to_name(domain)
    text = lookups.spf_text(name, counted=False) if name else None
    if text is None:
        raise PermanentError(f"{domain} publishes no SPF record")
    record = parse(text)
    for directive in record.directives:
        if isinstance(directive.mechanism, All):
            return
        if directive.qualifier is Qualifier.PASS:
            yield from _of_directive(directive, domain, lookups)
    if record.redirect is not None and is_static(record.redirect.target):
        lookups.count_term(record.redirect.text)
        yield from _of_record(_text(record.redirect.target), lookups)


def _of_directive(directive: Directive, domain: str, lookups: Lookups) -> Iterator[AnyNetwork]:
    mechanism = directive.mechanism
    if isinstance(mechanism, Network):
        yield mechanism.network
    elif isinstance(mechanism, Include) and is_static(mechanism.target):
        lookups.count_term(directive.text)
        yield from _of_record(_text(mechanism.target), lookups)
    elif isinstance(mechanism, A | Mx) and (mechanism.target is None or is_static(mechanism.target)):
        lookups.count_term(directive.text)
        name = to_name(domain if mechanism.target is None else _text(mechanism.target))
        yield from _of_hosts(mechanism, name, lookups) if name else ()


def _of_hosts(mechanism: A | Mx, name: str, lookups: Lookups) -> Iterator[AnyNetwork]:
    """The addresses of the name or of its mail hosts, widened by the prefix lengths. RFC 7208 sections 5.3 and 5.4."""
    for host in (name,) if isinstance(mechanism, A) else lookups.mail_hosts(name):
        for version, prefix in ((4, mechanism.prefix4), (6, mechanism.prefix6)):
            for address in lookups.addresses(host, version):
                yield ip_network((address, prefix), strict=False)


def _text(target: MacroString) -> str:
    """The text of a target without macros."""
    return expand(target, str)
