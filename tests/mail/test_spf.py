"""The check_host() function. RFC 7208 sections 2.6, 4, 5 and 6, and the examples of its appendix A."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from sesgate.mail.resolver import DnsFailure
from sesgate.mail.spf import Outcome, Result, Step, check_host

from .zones import Node, Values, ZoneResolver

CLIENT = "192.0.2.1"
NOTHING: Mapping[str, Node] = MappingProxyType({})


def checked(record: str, more: Mapping[str, Node] = NOTHING, ip: str = CLIENT) -> Outcome:
    """Mail from joe@example.com, which publishes `record`, in a zone that `more` adds to."""
    return check_host(ip, "example.com", "joe@example.com", ZoneResolver({"example.com": {"TXT": record}, **more}))


# Initial processing: RFC 7208 section 4.3.


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "example",
        "a..example.com",
        ".example.com",
        "example.com..",
        "x" * 64 + ".com",
        ".".join(["x" * 60] * 5),
        "[192.0.2.1]",
        "\u00e9.com",
    ],
)
def test_a_malformed_domain_is_none_and_asks_nothing(domain: str) -> None:
    resolver = ZoneResolver({})
    assert check_host(CLIENT, domain, f"joe@{domain}", resolver).result is Result.NONE
    assert not resolver.queries


def test_a_final_dot_and_case_do_not_matter() -> None:
    resolver = ZoneResolver({"example.com": {"TXT": "v=spf1 -all"}})
    assert check_host(CLIENT, "Example.COM.", "joe@example.com", resolver).result is Result.FAIL
    assert resolver.queries == [("example.com", "TXT")]


def test_what_is_no_address_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        check_host("192.0.2", "example.com", "joe@example.com", ZoneResolver({}))


# Record lookup and selection: sections 4.4 and 4.5.


@pytest.mark.parametrize(
    ("node", "result"),
    [
        ({"TXT": []}, Result.NONE),
        ({"A": CLIENT}, Result.NONE),
        ({"TXT": ["v=spf10 all", "other", "v=spf2.0/pra all"]}, Result.NONE),
        ({"TXT": ["other \x96", "v=spf1 all"]}, Result.PASS),
        ({"TXT": "v=spf1"}, Result.NEUTRAL),
        ({"TXT": ["v=spf1 all", "V=SPF1 all"]}, Result.PERMERROR),
        ({"TXT": ["v=spf1 all", "v=spf1 all"]}, Result.PERMERROR),
        ({"SPF": "v=spf1 all"}, Result.NONE),
        ({"CNAME": "other.example"}, Result.SOFTFAIL),
        ({"CNAME": "example.com"}, Result.TEMPERROR),
        ({"TXT": DnsFailure}, Result.TEMPERROR),
        (DnsFailure("SERVFAIL"), Result.TEMPERROR),
    ],
)
def test_one_record_is_selected(node: Node, result: Result) -> None:
    resolver = ZoneResolver({"example.com": node, "other.example": {"TXT": "v=spf1 ~all"}})
    assert check_host(CLIENT, "example.com", "joe@example.com", resolver).result is result


def test_a_name_that_does_not_exist_is_none() -> None:
    assert check_host(CLIENT, "example.com", "joe@example.com", ZoneResolver({})).result is Result.NONE


# Evaluation: sections 4.6 and 4.7.


@pytest.mark.parametrize("record", ["v=spf1 all moo", "v=spf1 moo all", "v=spf1 all a:\u00e9.example", "v=spf1 all\tx"])
def test_a_syntax_error_anywhere_is_permerror_before_any_query(record: str) -> None:
    outcome = checked(record)
    assert outcome.result is Result.PERMERROR
    assert outcome.trace == ()
    assert outcome.matched is None


@pytest.mark.parametrize(
    ("qualifier", "result"),
    [("", Result.PASS), ("+", Result.PASS), ("-", Result.FAIL), ("~", Result.SOFTFAIL), ("?", Result.NEUTRAL)],
)
def test_the_qualifier_of_the_first_match_decides(qualifier: str, result: Result) -> None:
    outcome = checked(f"v=spf1 -ip4:192.0.2.2 {qualifier}ip4:192.0.2.1 -all")
    assert outcome.result is result
    assert outcome.matched == f"{qualifier}ip4:192.0.2.1 in example.com"


def test_no_match_is_neutral() -> None:
    outcome = checked("v=spf1 ip4:192.0.2.2")
    assert (outcome.result, outcome.matched) == (Result.NEUTRAL, None)


# Mechanisms: section 5.


@pytest.mark.parametrize(
    ("mechanism", "ip", "matches"),
    [
        ("ip4:192.0.2.128/25", "192.0.2.129", True),
        ("ip4:192.0.2.128/25", "192.0.2.127", False),
        ("ip4:1.1.1.1/0", CLIENT, True),
        ("ip4:192.0.2.1", "::ffff:192.0.2.1", True),
        ("ip6:::ffff:192.0.2.1", "::ffff:192.0.2.1", False),
        ("ip6:::/0", CLIENT, False),
        ("ip6:::/0", "2001:db8::1", True),
        ("ip4:0.0.0.0/0", "2001:db8::1", False),
        ("ip6:2001:db8:f000::/36", "2001:db8:f123::1", True),
        ("ip6:2001:db8::1", "2001:db8::1%eth0", True),
        ("a:host.example", CLIENT, True),
        ("a:host.example", "192.0.2.9", False),
        ("a:host.example/24", "192.0.2.9", True),
        ("a:host.example/0", "2001:db8::9", False),
        ("a:host.example//64", "2001:db8::9", True),
        ("a:host.example//64", "192.0.2.9", False),
        ("a:HOST.example.", "2001:db8::1", True),
        ("a:host.example", "::ffff:192.0.2.1", True),
        ("a:alias.example", CLIENT, True),
        ("a:none.example/0", CLIENT, False),
        ("a:a..example", CLIENT, False),
        (f"a:{'x' * 64}.example", CLIENT, False),
        ("mx:mail.example", "198.51.100.2", True),
        ("mx:mail.example", "198.51.100.3", False),
        ("mx:mail.example/24", "198.51.100.3", True),
        ("mx:mail.example//32", "2001:db8::2", True),
        ("mx:host.example", CLIENT, False),
        ("mx:null.example", CLIENT, False),
        ("exists:host.example", "2001:db8::9", True),
        ("exists:six.example", "2001:db8::1", False),
        ("exists:none.example", CLIENT, False),
    ],
)
def test_mechanisms(mechanism: str, ip: str, matches: bool) -> None:
    zone: dict[str, Node] = {
        "host.example": {"A": ["198.51.100.9", CLIENT], "AAAA": "2001:db8::1"},
        "alias.example": {"CNAME": "host.example"},
        "six.example": {"AAAA": "2001:db8::1"},
        "mail.example": {"A": "203.0.113.1", "MX": ["10 mx1.example", "20 mx2.example."]},
        "mx1.example": {"A": "198.51.100.1", "AAAA": "2001:db8::1"},
        "mx2.example": {"A": "198.51.100.2"},
        "null.example": {"A": CLIENT, "MX": "0 ."},
    }
    assert checked(f"v=spf1 {mechanism} -all", zone, ip).result is (Result.PASS if matches else Result.FAIL)


def test_a_and_mx_mean_the_current_domain() -> None:
    zone: dict[str, Node] = {"b.example": {"TXT": "v=spf1 a mx -all", "A": CLIENT, "MX": "1 c.example"}}
    assert checked("v=spf1 redirect=b.example", zone).matched == "a in b.example"
    zone["c.example"] = {"A": "192.0.2.2"}
    assert checked("v=spf1 redirect=b.example", zone, "192.0.2.2").matched == "mx in b.example"


@pytest.mark.parametrize(
    ("policy", "result"),
    [
        ("v=spf1 all", Result.PASS),
        ("v=spf1 -all", Result.SOFTFAIL),
        ("v=spf1 ~all", Result.SOFTFAIL),
        ("v=spf1 ?all", Result.SOFTFAIL),
        ("v=spf1", Result.SOFTFAIL),
        ("v=spf1 moo", Result.PERMERROR),
        ("no record", Result.PERMERROR),
        (DnsFailure, Result.TEMPERROR),
    ],
)
def test_the_table_of_include(policy: str | type[DnsFailure], result: Result) -> None:
    assert checked("v=spf1 include:other.example ~all", {"other.example": {"TXT": policy}}).result is result


def test_an_include_of_a_name_that_does_not_exist_is_permerror() -> None:
    assert checked("v=spf1 include:other.example all").result is Result.PERMERROR
    assert checked("v=spf1 include:a..example all").result is Result.PERMERROR


def test_the_qualifier_of_include_counts_not_that_within() -> None:
    outcome = checked("v=spf1 ?include:other.example -all", {"other.example": {"TXT": "v=spf1 ip4:192.0.2.0/24 -all"}})
    assert outcome.result is Result.NEUTRAL
    assert outcome.matched == "?include:other.example in example.com"
    assert "ip4:192.0.2.0/24 in other.example" in outcome.reason


@pytest.mark.parametrize("mechanism", ["a:x.example", "mx:x.example", "exists:x.example", "include:x.example"])
def test_a_dns_failure_is_temperror_unless_decided_before(mechanism: str) -> None:
    zone: dict[str, Node] = {"x.example": DnsFailure("no answer")}
    outcome = checked(f"v=spf1 {mechanism} all", zone)
    assert outcome.result is Result.TEMPERROR
    assert "x.example" in outcome.reason
    assert "no answer" in outcome.reason
    assert checked(f"v=spf1 all {mechanism}", zone).result is Result.PASS


def test_an_address_that_makes_no_sense_is_temperror() -> None:
    assert checked("v=spf1 a:x.example", {"x.example": {"A": "192.0.2.999"}}).result is Result.TEMPERROR


def ptr_zone(*names: str, **nodes: Node) -> dict[str, Node]:
    """The client's reverse name leads to `names`; `x` in `nodes` is the node of x.example.com."""
    zone: dict[str, Node] = {f"{name}.example.com": node for name, node in nodes.items()}
    return {"1.2.0.192.in-addr.arpa": {"PTR": list(names)}, **zone}


@pytest.mark.parametrize(
    ("term", "zone", "matches"),
    [
        ("ptr", ptr_zone("mail.Example.com.", mail={"A": CLIENT}), True),
        ("ptr:mail.example.com", ptr_zone("mail.example.com", mail={"A": CLIENT}), True),
        ("ptr:ample.com", ptr_zone("mail.example.com", mail={"A": CLIENT}), False),
        ("ptr", ptr_zone("mail.example.com", mail={"A": "192.0.2.2"}), False),
        ("ptr", ptr_zone("mail.example.com", mail={"AAAA": "2001:db8::1"}), False),
        ("ptr", ptr_zone("mail.other.example", mail={"A": CLIENT}), False),
        ("ptr", ptr_zone("bad.example.com", "mail.example.com", bad=DnsFailure, mail={"A": CLIENT}), True),
        ("ptr", {"1.2.0.192.in-addr.arpa": DnsFailure}, False),
        ("ptr", {}, False),
        ("ptr:a..example", ptr_zone("mail.example.com", mail={"A": CLIENT}), False),
        ("ptr", ptr_zone("a..example.com"), False),
        ("ptr", ptr_zone(*["no.example.com"] * 10, "mail.example.com", mail={"A": CLIENT}), False),
        ("ptr", ptr_zone(*["no.example.com"] * 9, "mail.example.com", mail={"A": CLIENT}), True),
    ],
)
def test_ptr(term: str, zone: Mapping[str, Node], matches: bool) -> None:
    assert checked(f"v=spf1 {term} -all", zone).result is (Result.PASS if matches else Result.FAIL)


def test_ptr_under_ipv6() -> None:
    reverse = "1" + ".0" * 23 + ".8.b.d.0.1.0.0.2.ip6.arpa"
    zone: dict[str, Node] = {reverse: {"PTR": "six.example.com"}, "six.example.com": {"AAAA": "2001:DB8::1"}}
    assert checked("v=spf1 ptr -all", zone, "2001:db8::1").result is Result.PASS


# Modifiers: section 6.


def test_redirect_takes_over_where_nothing_matched() -> None:
    zone: dict[str, Node] = {"b.example": {"TXT": "v=spf1 ip4:192.0.2.1 ~all"}}
    record = "v=spf1 redirect=b.example -ip4:192.0.2.9"
    assert checked(record, zone).result is Result.PASS
    assert checked(record, zone, "192.0.2.8").result is Result.SOFTFAIL
    assert checked(record, zone, "192.0.2.9").result is Result.FAIL


def test_all_makes_redirect_void() -> None:
    outcome = checked("v=spf1 redirect=none.example ?all")
    assert (outcome.result, outcome.lookups) == (Result.NEUTRAL, 0)


@pytest.mark.parametrize("target", ["none.example", "b.example", "a..example", "%{l}"])
def test_redirect_to_no_record_is_permerror(target: str) -> None:
    assert checked(f"v=spf1 redirect={target}", {"b.example": {"TXT": "no record"}}).result is Result.PERMERROR


def test_redirect_to_a_dns_failure_is_temperror() -> None:
    assert checked("v=spf1 redirect=b.example", {"b.example": DnsFailure}).result is Result.TEMPERROR


def explanation(record: str, node: Node, ip: str = CLIENT) -> str | None:
    more: dict[str, Node] = {
        "why.example": node,
        "fails.example": {"TXT": "v=spf1 -all exp=theirs.example"},
        "plain.example": {"TXT": "v=spf1 -all"},
        "passes.example": {"TXT": "v=spf1 all exp=theirs.example"},
        "theirs.example": {"TXT": "theirs, says %{d}"},
    }
    return checked(record, more, ip).explanation


def test_exp_leads_to_the_explanation_of_a_fail() -> None:
    assert (
        explanation("v=spf1 -all exp=why.example", {"TXT": "%{c} is none of %{d}"})
        == "192.0.2.1 is none of example.com"
    )


@pytest.mark.parametrize("qualifier", ["+", "~", "?"])
def test_exp_is_not_asked_for_unless_mail_fails(qualifier: str) -> None:
    resolver = ZoneResolver({"example.com": {"TXT": f"v=spf1 {qualifier}all exp=why.example"}})
    assert check_host(CLIENT, "example.com", "joe@example.com", resolver).explanation is None
    assert resolver.count() == 1


@pytest.mark.parametrize(
    "node",
    [
        DnsFailure,
        {"TXT": []},
        {"TXT": ["one", "two"]},
        {"TXT": "caf\u00e9"},
        {"TXT": "\x1b[31m"},
        {"TXT": "%{x}"},
        {"TXT": "%"},
    ],
)
def test_what_is_wrong_with_an_explanation_drops_it(node: Node) -> None:
    assert explanation("v=spf1 -all exp=why.example", node) is None


def test_an_explanation_whose_name_cannot_be_asked_for_is_dropped() -> None:
    assert explanation("v=spf1 -all exp=a..example", {}) is None


def test_the_explanation_is_that_of_the_redirect_never_that_of_an_include() -> None:
    ours: Node = {"TXT": "ours"}
    assert explanation("v=spf1 include:fails.example -all exp=why.example", ours) == "ours"
    assert explanation("v=spf1 include:fails.example -all", ours) is None
    assert explanation("v=spf1 -include:passes.example", ours) is None
    assert explanation("v=spf1 redirect=fails.example exp=why.example", ours) == "theirs, says fails.example"
    assert explanation("v=spf1 redirect=plain.example exp=why.example", ours) is None


def test_the_explanation_counts_neither_as_lookup_nor_as_void() -> None:
    outcome = checked("v=spf1 a:1.example a:2.example exp=3.example -all")
    assert (outcome.result, outcome.lookups, outcome.void_lookups) == (Result.FAIL, 2, 2)


# Limits: section 4.6.4.

HOST: Mapping[str, Node] = {"x.example": {"A": "198.51.100.1", "MX": "1 x.example", "TXT": "v=spf1 a:x.example"}}


@pytest.mark.parametrize("term", ["a:x.example", "mx:x.example", "exists:none.example", "include:x.example", "ptr"])
def test_ten_terms_may_ask_the_dns(term: str) -> None:
    outcome = checked("v=spf1 " + f"-a:x.example {term} " * 6, HOST)
    assert outcome.result is Result.PERMERROR
    assert outcome.lookups <= 10


def test_the_tenth_term_is_allowed_and_the_eleventh_is_not() -> None:
    ten = "v=spf1 " + "a:x.example " * 10
    outcome = checked(ten + "ip4:192.0.2.1 a:x.example", HOST)
    assert (outcome.result, outcome.lookups) == (Result.PASS, 10)
    assert checked(ten + "a:x.example ip4:192.0.2.1", HOST).result is Result.PERMERROR
    assert checked(ten + "redirect=x.example", HOST).result is Result.PERMERROR
    assert checked(ten + "redirect=x.example -all", HOST).result is Result.FAIL


def test_what_includes_ask_counts_too() -> None:
    assert checked("v=spf1 " + "include:x.example " * 5, HOST).lookups == 10
    assert checked("v=spf1 " + "include:x.example " * 6, HOST).result is Result.PERMERROR


@pytest.mark.parametrize("record", ["v=spf1 include:example.com", "v=spf1 redirect=example.com"])
def test_a_loop_ends_in_permerror(record: str) -> None:
    outcome = checked(record)
    assert (outcome.result, outcome.lookups) == (Result.PERMERROR, 10)


@pytest.mark.parametrize("term", ["a:{}.example", "mx:{}.example", "exists:{}.example"])
def test_two_lookups_may_be_void(term: str) -> None:
    two = " ".join(term.format(n) for n in range(2))
    outcome = checked(f"v=spf1 {two} all")
    assert (outcome.result, outcome.void_lookups) == (Result.PASS, 2)
    assert checked(f"v=spf1 {two} {term.format(2)} all").result is Result.PERMERROR


def test_an_answer_without_records_is_void_as_a_missing_name_is() -> None:
    zone: dict[str, Node] = {"x.example": {"AAAA": "2001:db8::1"}}
    assert checked("v=spf1 a:x.example a:x.example a:x.example all", zone).result is Result.PERMERROR
    assert checked("v=spf1 a:x.example a:x.example a:x.example all", zone, "2001:db8::2").result is Result.PASS


def test_more_than_ten_mx_records_are_permerror_even_where_one_matches() -> None:
    hosts = [f"{n} x.example" for n in range(11)]
    zone: dict[str, Node] = {"x.example": {"A": CLIENT}, "m.example": {"MX": hosts}}
    assert checked("v=spf1 mx:m.example", zone).result is Result.PERMERROR
    zone["m.example"] = {"MX": hosts[:10]}
    assert checked("v=spf1 mx:m.example", zone).result is Result.PASS


def test_any_number_of_addresses_may_belong_to_a_name() -> None:
    zone: dict[str, Node] = {"x.example": {"A": [f"198.51.100.{n}" for n in range(99)] + [CLIENT]}}
    assert checked("v=spf1 a:x.example", zone).result is Result.PASS


# What the outcome tells.


def test_the_trace_shows_each_term_with_its_depth() -> None:
    zone: dict[str, Node] = {
        "b.example": {"TXT": "v=spf1 ip4:198.51.100.0/24"},
        "c.example": {"TXT": "v=spf1 ip4:192.0.2.0/24 -all"},
    }
    outcome = checked("v=spf1 include:b.example redirect=c.example", zone)
    assert [(step.depth, step.domain, step.term) for step in outcome.trace] == [
        (0, "example.com", "include:b.example"),
        (1, "b.example", "ip4:198.51.100.0/24"),
        (0, "example.com", "redirect=c.example"),
        (1, "c.example", "ip4:192.0.2.0/24"),
    ]
    assert outcome.trace[1].outcome == "does not match"
    assert outcome.trace[3].outcome.startswith("matches")


def test_the_trace_ends_with_the_error() -> None:
    trace = checked("v=spf1 ip4:192.0.2.9 a:x.example all", {"x.example": DnsFailure("no answer")}).trace
    assert trace[0] == Step(0, "example.com", "ip4:192.0.2.9", "does not match")
    assert trace[1].outcome.startswith("error")


@pytest.mark.parametrize("record", ["v=spf1 all", "v=spf1 moo", "v=spf1 a:x.example", "v=spf1"])
def test_the_record_is_told_whatever_came_of_it(record: str) -> None:
    outcome = checked(record, {"x.example": DnsFailure})
    assert (outcome.domain, outcome.record) == ("example.com", record)
    assert outcome.reason


# The examples of appendix A.

EXAMPLE_COM: Mapping[str, Values] = {
    "A": ["192.0.2.10", "192.0.2.11"],
    "MX": ["10 mail-a.example.com", "20 mail-b.example.com"],
}
EXAMPLES: Mapping[str, Node] = {
    "example.com": EXAMPLE_COM,
    "amy.example.com": {"A": "192.0.2.65"},
    "bob.example.com": {"A": "192.0.2.66"},
    "mail-a.example.com": {"A": "192.0.2.129"},
    "mail-b.example.com": {"A": "192.0.2.130"},
    "www.example.com": {"CNAME": "example.com"},
    "example.org": {"MX": "10 mail-c.example.org"},
    "mail-c.example.org": {"A": "192.0.2.140"},
    "10.2.0.192.in-addr.arpa": {"PTR": "example.com"},
    "11.2.0.192.in-addr.arpa": {"PTR": "example.com"},
    "65.2.0.192.in-addr.arpa": {"PTR": "amy.example.com"},
    "66.2.0.192.in-addr.arpa": {"PTR": "bob.example.com"},
    "129.2.0.192.in-addr.arpa": {"PTR": "mail-a.example.com"},
    "130.2.0.192.in-addr.arpa": {"PTR": "mail-b.example.com"},
    "140.2.0.192.in-addr.arpa": {"PTR": "mail-c.example.org"},
    "4.0.0.10.in-addr.arpa": {"PTR": "bob.example.com"},
}


@pytest.mark.parametrize(
    ("record", "passing", "failing"),
    [
        ("v=spf1 +all", ["192.0.2.10", "203.0.113.1"], []),
        ("v=spf1 a -all", ["192.0.2.10", "192.0.2.11"], ["192.0.2.65"]),
        ("v=spf1 a:example.org -all", [], ["192.0.2.10", "192.0.2.140"]),
        ("v=spf1 mx -all", ["192.0.2.129", "192.0.2.130"], ["192.0.2.10"]),
        ("v=spf1 mx:example.org -all", ["192.0.2.140"], ["192.0.2.129"]),
        ("v=spf1 mx mx:example.org -all", ["192.0.2.129", "192.0.2.130", "192.0.2.140"], ["192.0.2.10"]),
        ("v=spf1 mx/30 mx:example.org/30 -all", ["192.0.2.128", "192.0.2.131", "192.0.2.143"], ["192.0.2.132"]),
        ("v=spf1 ptr -all", ["192.0.2.65", "192.0.2.10"], ["192.0.2.140", "10.0.0.4"]),
        ("v=spf1 ip4:192.0.2.128/28 -all", ["192.0.2.129"], ["192.0.2.65"]),
    ],
)
def test_the_simple_examples(record: str, passing: list[str], failing: list[str]) -> None:
    resolver = ZoneResolver({**EXAMPLES, "example.com": {**EXAMPLE_COM, "TXT": record}})
    for ip in passing:
        assert check_host(ip, "example.com", "user@example.com", resolver).result is Result.PASS
    for ip in failing:
        assert check_host(ip, "example.com", "user@example.com", resolver).result is Result.FAIL


def test_the_example_of_several_domains() -> None:
    zone: dict[str, Node] = {
        "example.org": {"TXT": "v=spf1 include:example.com include:example.net -all"},
        "example.com": {"TXT": "v=spf1 ip4:192.0.2.0/24 -all"},
        "example.net": {"TXT": "v=spf1 ip4:198.51.100.0/24 -all"},
        "la.example.org": {"TXT": "v=spf1 redirect=example.org"},
    }
    for ip, result in [(CLIENT, Result.PASS), ("198.51.100.1", Result.PASS), ("203.0.113.1", Result.FAIL)]:
        assert check_host(ip, "la.example.org", "tom@la.example.org", ZoneResolver(zone)).result is result


@pytest.mark.parametrize(
    ("ip", "sender", "result"),
    [
        ("192.168.15.15", "joel@example.com", Result.PASS),
        ("192.168.15.17", "joel@example.com", Result.FAIL),
        ("203.0.113.1", "mary@example.com", Result.PASS),
        ("203.0.113.1", "mary+lists@example.com", Result.PASS),
        ("203.0.113.1", "ann@example.com", Result.FAIL),
    ],
)
def test_the_example_of_users_as_names(ip: str, sender: str, result: Result) -> None:
    listed: Node = {"A": "127.0.0.2"}
    zone: dict[str, Node] = {
        "example.com": {
            "TXT": "v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all",
            "MX": "10 mail-a.example.com",
        },
        "mail-a.example.com": {"A": "192.0.2.129"},
        "mobile-users._spf.example.com": {"TXT": "v=spf1 exists:%{l1r+}.%{d}"},
        "mary.mobile-users._spf.example.com": listed,
        "remote-users._spf.example.com": {"TXT": "v=spf1 exists:%{ir}.%{l1r+}.%{d}"},
        "15.15.168.192.joel.remote-users._spf.example.com": listed,
    }
    assert check_host(ip, "example.com", sender, ZoneResolver(zone)).result is result


@pytest.mark.parametrize(
    ("ip", "result"),
    [("192.0.2.10", Result.PASS), ("192.0.2.140", Result.FAIL), ("10.0.0.4", Result.FAIL)],
)
def test_the_example_of_several_requirements(ip: str, result: Result) -> None:
    zone: dict[str, Node] = {
        **EXAMPLES,
        "here.example.com": {"TXT": "v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all"},
        "ip4._spf.here.example.com": {"TXT": "v=spf1 -ip4:192.0.2.0/24 +all"},
        "ptr._spf.here.example.com": {"TXT": "v=spf1 -ptr:example.com +all"},
    }
    assert check_host(ip, "here.example.com", "user@here.example.com", ZoneResolver(zone)).result is result
