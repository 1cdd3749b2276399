"""What holds for any SPF record, however hostile."""

import contextlib
import time
from ipaddress import ip_address

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sesgate.mail.resolver import DnsFailure
from sesgate.mail.spf import Result, SpfSyntaxError, check_host, networks, parse

from .zones import Node, ZoneResolver

NAMES = ["a.example", "b.example", "c.example", "mx.a.example"]
CLIENTS = ["192.0.2.1", "198.51.100.7", "2001:db8::1", "::ffff:192.0.2.1"]

# A busy machine is no failure.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

targets = st.sampled_from([*NAMES, "none.example", "%{d}", "%{ir}.%{l}.b.example", "%{p}", "%{d2}", "x..y", "%{H}"])
prefixes = st.sampled_from(["", "/24", "//64", "/0//0", "/32//128"])
mechanisms = st.one_of(
    st.sampled_from(["all", "a", "mx", "ptr", "ip4:192.0.2.0/24", "ip6:2001:db8::/32", "ip4:198.51.100.7"]),
    st.builds("include:{}".format, targets),
    st.builds("exists:{}".format, targets),
    st.builds("ptr:{}".format, targets),
    st.builds("a:{}{}".format, targets, prefixes),
    st.builds("mx:{}{}".format, targets, prefixes),
)
directives = st.builds("{}{}".format, st.sampled_from(["", "+", "-", "~", "?"]), mechanisms)
unknown_modifiers = st.builds("m{}={}".format, st.integers(0, 99), st.sampled_from(["", "x", "%{d}", "a:/=%%"]))
records = st.builds(
    lambda terms, redirect: " ".join(["v=spf1", *terms, *redirect]),
    st.lists(st.one_of(directives, directives, unknown_modifiers), max_size=6),
    st.lists(st.builds("redirect={}".format, targets), max_size=1),
)
garbage = st.text(st.sampled_from("v=spf1 aimxptr:/.%{}dr0129-+~?\t\0\u00e9"), max_size=60)
texts = st.one_of(records, garbage.map("v=spf1 {}".format), st.text(max_size=40))
nodes = st.one_of(
    st.just(DnsFailure),
    st.fixed_dictionaries(
        {},
        optional={
            "TXT": st.lists(texts, max_size=2),
            "A": st.lists(st.sampled_from(["192.0.2.1", "192.0.2.9", "198.51.100.7"]), max_size=2),
            "AAAA": st.lists(st.just("2001:db8::1"), max_size=1),
            "MX": st.lists(st.sampled_from([f"10 {name}" for name in [*NAMES, "."]]), max_size=12),
        },
    ),
)
zones = st.fixed_dictionaries(
    {
        **dict.fromkeys(NAMES, nodes),
        **{ip_address(ip).reverse_pointer: st.just({"PTR": NAMES * 3}) for ip in CLIENTS[:3]},
    }
)


def result(record: str, zone: dict[str, Node], ip: str = CLIENTS[0]) -> Result:
    return check_host(ip, "a.example", "joe@a.example", ZoneResolver({**zone, "a.example": {"TXT": record}})).result


@unhurried
@given(texts)
def test_the_parser_raises_nothing_but_its_own_error(text: str) -> None:
    with contextlib.suppress(SpfSyntaxError):
        assert parse(text).text == text


@unhurried
@given(zones, st.sampled_from(CLIENTS), st.text(max_size=20))
def test_an_evaluation_ends_within_its_limits(zone: dict[str, Node], ip: str, local_part: str) -> None:
    resolver = ZoneResolver(zone)
    outcome = check_host(ip, "a.example", f"{local_part}@a.example", resolver, helo=local_part)
    assert outcome.lookups <= 10
    assert outcome.void_lookups <= 2 or outcome.result is Result.PERMERROR
    # Each of ten terms asks once, and again for each of ten hosts; so do the macros, the first record and exp.
    assert resolver.count() <= 13 * 11
    assert outcome.explanation is None or outcome.result is Result.FAIL
    assert outcome.matched or outcome.result not in (Result.PASS, Result.FAIL, Result.SOFTFAIL)


@unhurried
@given(zones, records, st.sampled_from(["moo", "all:", "ip4:", "=", "%", "a:%{x}.example", "\t", "\u00e9"]))
def test_garbage_at_the_end_is_permerror(zone: dict[str, Node], record: str, term: str) -> None:
    assert result(f"{record} {term}", zone) is Result.PERMERROR


@unhurried
@given(zones, st.lists(directives, max_size=4), st.data())
def test_where_unknown_modifiers_stand_changes_nothing(
    zone: dict[str, Node], terms: list[str], data: st.DataObject
) -> None:
    mixed = list(terms)
    for modifier in data.draw(st.lists(unknown_modifiers, max_size=3)):
        mixed.insert(data.draw(st.integers(0, len(mixed))), modifier)
    assert result(" ".join(["v=spf1", *mixed]), zone) is result(" ".join(["v=spf1", *terms]), zone)


@unhurried
@given(zones, records, st.sampled_from(CLIENTS))
def test_case_changes_nothing(zone: dict[str, Node], record: str, ip: str) -> None:
    """Macro letters aside: an upper-case one asks for URL escapes."""
    shouted = record if "%" in record else record.upper()
    assert result(shouted, zone, ip) is result(record, zone, ip)


@unhurried
@given(zones, st.lists(directives, max_size=4), st.sampled_from(["+", "-", "~", "?"]))
def test_what_follows_all_changes_nothing(zone: dict[str, Node], terms: list[str], qualifier: str) -> None:
    decided = f"v=spf1 {qualifier}all"
    assert result(" ".join([decided, *terms]), zone) is result(decided, zone)


@unhurried
@given(zones, st.sampled_from(CLIENTS[:3]))
def test_networks_hold_every_client_that_passes_by_static_terms(zone: dict[str, Node], ip: str) -> None:
    """The other way round need not be: a term that fails may stand before."""
    static = {"TXT": "v=spf1 ip4:192.0.2.0/24 a:b.example/24//64 mx:c.example include:mx.a.example"}
    resolver = ZoneResolver({**zone, "a.example": static, "mx.a.example": {"TXT": "v=spf1 ip6:2001:db8::/32 -all"}})
    outcome = check_host(ip, "a.example", "joe@a.example", resolver)
    try:
        found = networks("a.example", resolver)
    except DnsFailure:
        return
    assert outcome.result is not Result.PASS or any(ip_address(ip) in network for network in found)


LENGTH = 65_000
"""Characters, near the most that one TXT record holds."""


@pytest.mark.parametrize(
    "terms",
    [
        "exists:" + "%{s}" * (LENGTH // 4),
        "exists:" + "%{p}" * (LENGTH // 4),
        "exists:" + "%{" * (LENGTH // 2),
        "exists:%{s" + ".-+,/_=" * (LENGTH // 7) + "}",
        "exists:%{d" + "9" * LENGTH + "}",
        "a:" + "/1" * (LENGTH // 2),
        "a/" + "1" * LENGTH,
        "a:" + "." * LENGTH + "com",
        "ip6:" + ":" * LENGTH,
        "ip4:192.0.2.9 " * (LENGTH // 14),
        " " * LENGTH,
        "x" * LENGTH + "=",
        "-all exp=c.example",
    ],
    ids=range(13),
)
def test_a_hostile_record_costs_little(terms: str) -> None:
    resolver = ZoneResolver(
        {
            "a.example": {"TXT": f"v=spf1 {terms}"},
            "c.example": {"TXT": "%{s}" * (LENGTH // 4)},
            "1.2.0.192.in-addr.arpa": {"PTR": [f"{n}.example" for n in range(1000)]},
        }
    )
    before = time.process_time()
    check_host(CLIENTS[0], "a.example", "joe@a.example", resolver)
    assert time.process_time() - before < 30
    assert resolver.count() <= 13
