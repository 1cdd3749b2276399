"""Macro expansion. RFC 7208 section 7."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from sesgate.mail.resolver import DnsFailure
from sesgate.mail.spf import check_host
from sesgate.mail.spf_macros import to_name

from .zones import Node, ZoneResolver

SENDER = "strong-bad@email.example.com"
V4 = "192.0.2.3"
V6 = "2001:db8::cb01"
V6_REVERSED = "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"


def explained(
    text: str, ip: str = V4, sender: str = SENDER, more: Mapping[str, Node] = MappingProxyType({})
) -> str | None:
    """What a receiver would be told where `exp=` leads to `text`, in a zone that `more` adds to."""
    zone: dict[str, Node] = {
        "email.example.com": {"TXT": "v=spf1 -all exp=why.example.com"},
        "why.example.com": {"TXT": text},
        "3.2.0.192.in-addr.arpa": {"PTR": "mx.example.org"},
        "mx.example.org": {"A": V4},
    }
    resolver = ZoneResolver({**zone, **more})
    outcome = check_host(ip, "email.example.com", sender, resolver, helo="helo.example", timestamp=1_700_000_000)
    return outcome.explanation


@pytest.mark.parametrize(
    ("text", "expansion"),
    [
        ("%{s}", "strong-bad@email.example.com"),
        ("%{o}", "email.example.com"),
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l}", "strong-bad"),
        ("%{l-}", "strong.bad"),
        ("%{lr}", "strong-bad"),
        ("%{lr-}", "bad.strong"),
        ("%{l1r-}", "strong"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com"),
        ("%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"),
        ("%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net"),
    ],
)
def test_the_examples_of_the_rfc(text: str, expansion: str) -> None:
    assert explained(text) == expansion


def test_the_ipv6_example_of_the_rfc() -> None:
    """The nibbles have no case in a name; the RFC writes them small, the published test suite big."""
    assert str(explained("%{ir}.%{v}._spf.%{d2}", V6)).lower() == f"{V6_REVERSED}.ip6._spf.example.com"


@pytest.mark.parametrize(
    ("text", "expansion"),
    [
        ("100%% of%_them%-", "100% of them%20"),
        ("%{h} %{c} %{r} %{t} %{p}", "helo.example 192.0.2.3 unknown 1700000000 mx.example.org"),
        ("%{p2} %{pr}", "example.org org.example.mx"),
        ("%{d127} %{d0002} %{d" + "9" * 5000 + "}", "email.example.com example.com email.example.com"),
        ("%{DR}", "com.example.email"),
        ("%{S}", "strong-bad%40email.example.com"),
        ("A dot stays.", "A dot stays."),
    ],
)
def test_what_else_may_stand_in_an_explanation(text: str, expansion: str) -> None:
    assert explained(text) == expansion


def test_several_delimiters() -> None:
    assert explained("%{l2r+-.,/_=}", sender="a.b-c+d,e/f_g=h@email.example.com") == "b.a"


def test_upper_case_letters_escape_all_but_the_unreserved_characters() -> None:
    assert explained("%{L}", sender="a~b_c-d.e+f&g/h=i@email.example.com") == "a~b_c-d.e%2Bf%26g%2Fh%3Di"


def test_the_readable_address_is_compressed() -> None:
    assert explained("%{c}", "2001:0DB8:0:0:0:0:0:1") == "2001:db8::1"


@pytest.mark.parametrize(
    ("sender", "expansion"),
    [
        ("@email.example.com", "postmaster"),
        ("email.example.com", "postmaster"),
        ('"a@b"@email.example.com', '"a@b"'),
    ],
)
def test_a_missing_local_part_is_postmaster(sender: str, expansion: str) -> None:
    assert explained("%{l}", sender=sender) == expansion


def test_without_sender_and_helo_name_the_domain_stands_in() -> None:
    resolver = ZoneResolver({"a.example": {"TXT": "v=spf1 -all exp=b.example"}, "b.example": {"TXT": "%{s} %{h}"}})
    assert check_host(V4, "a.example", "", resolver).explanation == "postmaster@a.example a.example"


def test_p_prefers_the_domain_then_what_lies_below_it() -> None:
    below = "mx.email.example.com"
    more: dict[str, Node] = {"3.2.0.192.in-addr.arpa": {"PTR": ["mx.example.org", below]}, below: {"A": V4}}
    assert explained("%{p}", more=more) == below
    more["3.2.0.192.in-addr.arpa"] = {"PTR": ["mx.example.org", below, "email.example.com"]}
    more["email.example.com"] = {"A": V4, "TXT": "v=spf1 -all exp=why.example.com"}
    assert explained("%{p}", more=more) == "email.example.com"


@pytest.mark.parametrize("reverse", [DnsFailure, {"PTR": DnsFailure}, {"PTR": []}, {"PTR": "else.example.org"}])
def test_p_is_unknown_where_no_name_is_validated(reverse: Node) -> None:
    more: dict[str, Node] = {"3.2.0.192.in-addr.arpa": reverse, "else.example.org": {"A": "192.0.2.4"}}
    assert explained("%{p}", more=more) == "unknown"


def test_p_is_unknown_where_the_names_cannot_be_looked_up() -> None:
    assert explained("%{p}", more={"mx.example.org": DnsFailure}) == "unknown"


def test_p_asks_once_however_often_it_stands() -> None:
    resolver = ZoneResolver(
        {
            "a.example": {"TXT": "v=spf1 exists:%{p}.%{p}.%{p}.b.example -all"},
            "3.2.0.192.in-addr.arpa": {"PTR": "x.example"},
            "x.example": {"A": V4},
        }
    )
    check_host(V4, "a.example", "joe@a.example", resolver)
    assert resolver.count("PTR") == 1


def test_long_names_lose_labels_on_the_left() -> None:
    fitting = ".".join(["a" * 63, "b" * 63, "c" * 63, "d" * 61])
    assert len(fitting) == 253
    assert to_name(fitting + ".") == fitting
    assert to_name("x.y." + fitting) == fitting
    assert to_name("e" + fitting) == fitting.partition(".")[2]


@pytest.mark.parametrize(
    "text",
    ["", ".", "a..example", ".example", "a" * 64 + ".example", "x" * 300, "\u00e9.example", "a\n.example"],
)
def test_a_name_that_cannot_be_asked_for(text: str) -> None:
    assert to_name(text) is None
