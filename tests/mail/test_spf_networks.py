"""The networks that a record authorises without a message at hand."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from sesgate.mail.resolver import DnsFailure
from sesgate.mail.spf import networks

from .zones import Node, ZoneResolver


def found(text: str, more: Mapping[str, Node] = MappingProxyType({})) -> list[str]:
    """The networks of example.com, in a zone that `more` adds to."""
    zone: dict[str, Node] = {
        "example.com": {"TXT": text, "A": "192.0.2.1", "AAAA": "2001:db8::1", "MX": ["20 mx.example.com", "0 ."]},
        "mx.example.com": {"A": ["192.0.2.25", "192.0.2.26"]},
        "other.example": {"TXT": "v=spf1 ip4:198.51.100.0/24 ~all"},
    }
    return [str(network) for network in networks("example.com.", ZoneResolver({**zone, **more}))]


def test_networks_in_the_order_of_the_record() -> None:
    text = "v=spf1 ip6:2001:db8:1::/48 include:other.example a/24//64 mx ip4:198.51.100.0/24 -all"
    assert found(text) == [
        "2001:db8:1::/48",
        "198.51.100.0/24",
        "192.0.2.0/24",
        "2001:db8::/64",
        "192.0.2.25/32",
        "192.0.2.26/32",
    ]


def test_redirect_is_followed_unless_there_is_all() -> None:
    assert found("v=spf1 redirect=other.example") == ["198.51.100.0/24"]
    assert found("v=spf1 redirect=other.example -all") == []


def test_what_does_not_pass_or_depends_on_the_message_is_left_out() -> None:
    assert found("v=spf1 -ip4:192.0.2.1 ?a ~mx ptr exists:other.example a:%{h} include:%{d2} all ip4:192.0.2.9") == []


@pytest.mark.parametrize(
    "text",
    [
        "v=spf1 ip4:192.0.2.1 include:none.example ip4:192.0.2.9",
        "v=spf1 ip4:192.0.2.1 include:broken.example ip4:192.0.2.9",
        "v=spf1 ip4:192.0.2.1 include:two.example ip4:192.0.2.9",
        "v=spf1 ip4:192.0.2.1 include:example.com",
        "v=spf1 ip4:192.0.2.1 redirect=a..example",
    ],
)
def test_a_break_ends_the_list(text: str) -> None:
    more: dict[str, Node] = {"broken.example": {"TXT": "v=spf1 moo"}, "two.example": {"TXT": ["v=spf1", "v=spf1"]}}
    assert found(text, more) == ["192.0.2.1/32"]


@pytest.mark.parametrize("text", ["v=spf1 ip4:192.0.2.1 moo", "no record", "v=spf1"])
def test_a_record_that_is_broken_or_absent_authorises_nothing(text: str) -> None:
    assert found(text) == []


def test_names_without_records_do_not_end_the_list() -> None:
    text = "v=spf1 a:1.example a:2.example mx:3.example a:4.example a:a..example ip4:192.0.2.1"
    assert found(text) == ["192.0.2.1/32"]


@pytest.mark.parametrize("term", ["include:broken.example", "a:broken.example", "mx:broken.example"])
def test_a_dns_failure_is_no_answer(term: str) -> None:
    with pytest.raises(DnsFailure, match=r"broken\.example"):
        found(f"v=spf1 ip4:192.0.2.1 {term}", {"broken.example": DnsFailure})
