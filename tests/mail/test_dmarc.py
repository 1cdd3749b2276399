"""DMARC: records, the tree walk, the policy that applies, alignment, permission for reports. RFC 9989, RFC 9990."""

from collections.abc import Mapping

import pytest

from sesgate.mail.dmarc import (
    Alignment,
    DmarcSyntaxError,
    Fault,
    Policy,
    Psd,
    Record,
    ReportUri,
    aligned,
    discover,
    organizational_domain,
    parse,
    parse_uri,
    report_permission,
)
from sesgate.mail.domains import DomainSyntaxError
from sesgate.mail.resolver import DnsFailure

from .zones import Node, ZoneResolver

NONE, QUARANTINE, REJECT = Policy
RUA = "rua=mailto:d@example.com"


def dns(records: Mapping[str, str | list[str]], **others: Node) -> ZoneResolver:
    """A DNS with DMARC records at these domains."""
    return ZoneResolver({f"_dmarc.{domain}": {"TXT": texts} for domain, texts in records.items()} | others)


# Records: section 4.7 and 4.8.


def test_every_tag() -> None:
    record = parse(
        "v=DMARC1; p=reject; sp=quarantine; np=none; adkim=s; aspf=s; fo=1:d:s; psd=n; t=y; "
        "rua=mailto:a@example.com,mailto:b@example.net; ruf=mailto:c@example.com;"
    )
    assert (record.p, record.sp, record.np) == (REJECT, QUARANTINE, NONE)
    assert (record.adkim, record.aspf) == (Alignment.STRICT, Alignment.STRICT)
    assert (record.fo, record.psd, record.t) == (("1", "d", "s"), Psd.NO, True)
    assert [uri.address for uri in record.rua] == ["a@example.com", "b@example.net"]
    assert [uri.host for uri in record.ruf] == ["example.com"]
    assert not record.notes
    assert not record.problems


def test_defaults() -> None:
    record = parse("v=DMARC1; p=none")
    assert (record.sp, record.np, record.rua, record.ruf) == (None, None, (), ())
    assert (record.adkim, record.aspf) == (Alignment.RELAXED, Alignment.RELAXED)
    assert (record.fo, record.psd, record.t) == (("0",), Psd.UNKNOWN, False)
    assert not record.notes
    assert not record.problems


@pytest.mark.parametrize(
    "text",
    [
        "v=DMARC1;p=reject",
        "v \t=\tDMARC1 \t;\tp = reject \t;",
        "V=DMARC1; P=Reject",
        "v=DMARC1; p=reject; ",
        "v=DMARC1; p=REJECT",
    ],
)
def test_spaces_and_capitals_that_do_not_matter(text: str) -> None:
    record = parse(text)
    assert record.p is REJECT
    assert not record.problems


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=dmarc1; p=reject",
        "v=DMARC2; p=reject",
        "v=DMARC1 p=reject",
        "v=DMARC1, p=reject",
        "v=DMARC1p=reject",
        " v=DMARC1; p=reject",
        '"v=DMARC1; p=reject"',
        "p=reject; v=DMARC1",
        "v:DMARC1; p=reject",
        "\u00a0v=DMARC1; p=reject",
        "v=DMARC1\n; p=reject",
        "v=spf1 -all",
    ],
)
def test_what_is_no_dmarc_record(text: str) -> None:
    with pytest.raises(DmarcSyntaxError, match="does not begin"):
        parse(text)


@pytest.mark.parametrize("tags", ["p=none; p=reject", "p=none; P=none", "p=none; v=DMARC1", "p=none; x=1; x=1"])
def test_a_tag_that_comes_twice_spoils_the_record(tags: str) -> None:
    with pytest.raises(DmarcSyntaxError, match="more than once"):
        parse(f"v=DMARC1; {tags}")


@pytest.mark.parametrize(
    "broken",
    [
        "reject",
        "=reject",
        "p1=reject",
        "adkim=x",
        "adkim=",
        "aspf=rs",
        "psd=x",
        "t=yes",
        "fo=x",
        "sp-x=1",
        "ä=1",
        "t=\u00ff",
        "",
    ],
)
def test_other_errors_cost_only_the_tag(broken: str) -> None:
    record = parse(f"v=DMARC1; p=reject; {broken}; np=none")
    assert record == Record(record.text, p=REJECT, np=NONE, notes=record.notes, problems=record.problems)
    assert len(record.problems) == 1
    assert record.applies


@pytest.mark.parametrize("fo", ["0", "1", "d", "s", "d:s", "0:d", "1:s:d", "d:1:s", "s:d:0", "D"])
def test_failure_options(fo: str) -> None:
    assert parse(f"v=DMARC1; p=none; ruf=mailto:a@example.com; fo={fo}").fo == tuple(fo.lower().split(":"))


@pytest.mark.parametrize("fo", ["0:1", "0:0", "d:d", "d:", ":d", "0 : d", "0,d", "2"])
def test_failure_options_that_are_none(fo: str) -> None:
    record = parse(f"v=DMARC1; p=none; ruf=mailto:a@example.com; fo={fo}")
    assert record.fo == ("0",)
    assert record.problems


def test_what_receivers_ignore_is_noted() -> None:
    record = parse("v=DMARC1; pct=50; rf=afrf; ri=3600; p=none; fo=1; x=y; rua=mailto:a@example.com!10m")
    assert not record.problems
    notes = "\n".join(record.notes)
    for said in ("pct is", "rf is", "ri is", "'x' is", "!10m", "no ruf", "not the second"):
        assert said in notes


def test_remarks_are_bounded() -> None:
    record = parse("v=DMARC1; p=none" + ";" * 60000)
    assert len(record.problems) == 20


@pytest.mark.parametrize(
    ("tags", "applies", "policy"),
    [
        ("p=reject", True, REJECT),
        (RUA, True, NONE),
        (f"p=bogus; {RUA}", True, NONE),
        (f"p=; {RUA}", True, NONE),
        (f"p=reject; sp=bogus; {RUA}", True, NONE),
        (f"p=reject; np=bogus; {RUA}", True, NONE),
        ("", False, NONE),
        ("p=bogus", False, NONE),
        ("p=reject; sp=bogus", False, NONE),
        ("p=reject; np=", False, NONE),
        ("rua=d@example.com", False, NONE),
        ("p=bogus; rua=mailto:", False, NONE),
        ("rua=https://example.com/dmarc", True, NONE),
    ],
)
def test_without_a_valid_policy_only_a_report_keeps_it_alive(tags: str, applies: bool, policy: Policy) -> None:
    record = parse(f"v=DMARC1; {tags}")
    assert record.applies is applies
    assert record.policy(subdomain=False) == (policy, "p")


def test_a_missing_p_leaves_sp_and_an_invalid_tag_leaves_nothing() -> None:
    assert parse(f"v=DMARC1; sp=reject; {RUA}").policy(subdomain=True) == (REJECT, "sp")
    assert parse(f"v=DMARC1; p=x; sp=reject; {RUA}").policy(subdomain=True) == (NONE, "p")
    assert parse(f"v=DMARC1; p=reject; sp=x; np=reject; {RUA}").policy(subdomain=True, exists=False) == (NONE, "p")


# Destinations: section 4.8, RFC 3986, RFC 6068.


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("mailto:d@Example.com", ReportUri("mailto:d@Example.com", "mailto", "example.com", "d@Example.com")),
        (
            "MAILTO:d@example.com!10m",
            ReportUri("MAILTO:d@example.com", "mailto", "example.com", "d@example.com", "10m"),
        ),
        ("mailto:a%21b@example.com", ReportUri("mailto:a%21b@example.com", "mailto", "example.com", "a!b@example.com")),
        (
            "mailto:d@example.com?subject=x",
            ReportUri("mailto:d@example.com?subject=x", "mailto", "example.com", "d@example.com"),
        ),
        (
            "mailto:d@b%C3%BCcher.example",
            ReportUri("mailto:d@b%C3%BCcher.example", "mailto", "xn--bcher-kva.example", "d@bücher.example"),
        ),
        ("https://u@Example.com:8443/p?q#f", ReportUri("https://u@Example.com:8443/p?q#f", "https", "example.com")),
        ("https://[2001:db8::1]/", ReportUri("https://[2001:db8::1]/", "https", "[2001:db8::1]")),
        ("https://example.com", ReportUri("https://example.com", "https", "example.com")),
        ("file:///reports", ReportUri("file:///reports", "file", None)),
        ("tel:+1-201-555-0123", ReportUri("tel:+1-201-555-0123", "tel", None)),
    ],
)
def test_destinations(text: str, uri: ReportUri) -> None:
    assert parse_uri(text) == uri


@pytest.mark.parametrize(
    "text",
    [
        "",
        "d@example.com",
        "mailto:",
        "mailto:d",
        "mailto:@example.com",
        "mailto://d@example.com",
        "mailto:d@example.com mailto:e@example.com",
        "mailto:a!b@example.com",
        "mailto:d@example.com!10x",
        "mailto:d@example.com!",
        "mailto:a%2Cb@exa%20mple.com",
        "mailto:d@exam%ple.com",
        "mailto:d@-..com",
        "mailto:d%0A@example.com",
        "https://",
        "https://a@b@example.com/",
        "https://exa[mple.com/",
        "1ftp://example.com/",
        "mailto:ü@example.com",
    ],
)
def test_what_is_no_destination(text: str) -> None:
    with pytest.raises(DmarcSyntaxError):
        parse_uri(text)


def test_a_list_of_destinations_keeps_those_that_are_valid() -> None:
    record = parse(
        "v=DMARC1; p=none; rua=mailto:a@example.com , b@example.com,,mailto:c@example.com\t,mailto:d%2Ce@example.com"
    )
    assert [uri.text for uri in record.rua] == ["mailto:a@example.com", "mailto:c@example.com"]
    assert len(record.problems) == 3
    assert "mailto: is missing" in record.problems[0]


# The tree walk: section 4.10.


def test_a_long_name_is_asked_for_in_eight_queries() -> None:
    resolver = dns({})
    assert discover("a.b.c.d.e.f.g.h.i.j.mail.example.com", resolver).effective is None
    assert [name for name, _ in resolver.queries] == [
        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "_dmarc.g.h.i.j.mail.example.com",
        "_dmarc.h.i.j.mail.example.com",
        "_dmarc.i.j.mail.example.com",
        "_dmarc.j.mail.example.com",
        "_dmarc.mail.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    ]


@pytest.mark.parametrize(("count", "queries"), [(1, 1), (2, 2), (7, 7), (8, 8), (9, 8), (40, 8)])
def test_queries_by_labels(count: int, queries: int) -> None:
    domain = ".".join(f"l{index}" for index in range(count))
    resolver = dns({})
    assert discover(domain, resolver).queries == resolver.count() == queries
    assert len(set(resolver.queries)) == queries


def test_a_record_that_the_skip_jumps_over_is_not_found() -> None:
    resolver = dns({"b.c.d.e.f.g.example.com": "v=DMARC1; p=reject"})
    assert discover("a.b.c.d.e.f.g.example.com", resolver).record is None
    assert discover("b.c.d.e.f.g.example.com", resolver).declared is REJECT


@pytest.mark.parametrize("psd", ["y", "n", "N"])
def test_the_walk_stops_at_what_psd_says(psd: str) -> None:
    resolver = dns({"b.example.com": f"v=DMARC1; p=none; psd={psd}", "com": "v=DMARC1; p=reject"})
    discover("a.b.example.com", resolver)
    assert [name for name, _ in resolver.queries] == ["_dmarc.a.b.example.com", "_dmarc.b.example.com"]


def test_the_walk_goes_on_at_psd_u() -> None:
    resolver = dns({"b.example.com": "v=DMARC1; p=none; psd=u"})
    assert discover("a.b.example.com", resolver).queries == 4


def test_a_name_that_the_dns_cannot_hold_is_not_asked_for() -> None:
    domain = ".".join(["a" * 61] * 4)
    resolver = dns({"a" * 61: "v=DMARC1; p=reject"})
    found = discover(domain, resolver)
    assert found.policy_domain == "a" * 61
    assert found.queries == resolver.count() == 3


def test_names_are_normalised() -> None:
    found = discover("BÜCHER.example.", dns({"xn--bcher-kva.example": "v=DMARC1; p=reject"}))
    assert (found.author_domain, found.declared) == ("xn--bcher-kva.example", REJECT)
    with pytest.raises(DomainSyntaxError):
        discover("a..b", dns({}))


@pytest.mark.parametrize("broken", ["_dmarc.a.example.com", "_dmarc.example.com", "_dmarc.com"])
def test_a_dns_that_cannot_tell_is_never_no_record(broken: str) -> None:
    resolver = ZoneResolver({"_dmarc.a.example.com": {"TXT": "v=DMARC1; p=reject"}, broken: DnsFailure})
    with pytest.raises(DnsFailure):
        discover("a.example.com", resolver)
    with pytest.raises(DnsFailure):
        organizational_domain("a.example.com", resolver)
    with pytest.raises(DnsFailure):
        aligned("b.example.com", "a.example.com", Alignment.RELAXED, resolver)


# Which record counts: section 4.10, steps 2 and 6.


def test_foreign_text_beside_the_record_is_ignored() -> None:
    found = discover(
        "example.com", dns({"example.com": ["v=spf1 -all", "v=DMARC1; p=reject", "hello", "v=dmarc1; p=none"]})
    )
    assert found.declared is REJECT
    assert not found.problems
    assert found.lookups[0].texts == ("v=DMARC1; p=reject",)


def test_several_records_count_as_none() -> None:
    found = discover(
        "a.example.com",
        dns({"a.example.com": ["v=DMARC1; p=reject", "v=DMARC1; p=reject"], "example.com": "v=DMARC1; p=none"}),
    )
    assert (found.policy_domain, found.declared) == ("example.com", NONE)
    assert [(problem.fault, problem.domain) for problem in found.problems] == [(Fault.SEVERAL, "a.example.com")]


def test_psd_in_one_of_several_records_stops_nothing() -> None:
    assert discover("example.com", dns({"example.com": ["v=DMARC1; p=none; psd=n", "v=DMARC1; p=none"]})).queries == 2


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("v=DMARC1; p=none; p=reject", Fault.MALFORMED),
        ("v=dmarc1; p=reject", Fault.MISWRITTEN),
        (' "v = DMARC1 p=reject"', Fault.MISWRITTEN),
        ("p=reject; v=DMARC1", Fault.MISWRITTEN),
    ],
)
def test_a_record_that_does_not_count_says_why(text: str, fault: Fault) -> None:
    found = discover("example.com", dns({"example.com": text}))
    assert (found.record, found.policy_domain, found.declared, found.effective) == (None, None, None, None)
    assert [(problem.fault, problem.domain) for problem in found.problems] == [(fault, "example.com")]
    assert found.problems[0].detail


def test_no_record_anywhere() -> None:
    found = discover("a.example.com", dns({}))
    assert (found.record, found.policy_domain, found.source, found.problems) == (None, None, None, ())
    assert found.organizational_domain == "a.example.com"


# Which policy: section 4.10.1.


def test_the_author_domain_has_its_own_p() -> None:
    found = discover(
        "a.example.com",
        dns({"a.example.com": "v=DMARC1; p=quarantine; sp=none", "example.com": "v=DMARC1; p=reject; sp=reject"}),
    )
    assert (found.policy_domain, found.declared, found.source) == ("a.example.com", QUARANTINE, "p")
    assert found.organizational_domain == "example.com"


def test_the_organizational_domain_comes_before_what_is_between() -> None:
    records = {"b.example.com": "v=DMARC1; p=reject", "example.com": "v=DMARC1; p=none; sp=quarantine"}
    found = discover("a.b.example.com", dns(records))
    assert (found.policy_domain, found.declared, found.source) == ("example.com", QUARANTINE, "sp")


@pytest.mark.parametrize(
    ("tags", "exists", "policy", "source"),
    [
        ("p=reject", True, REJECT, "p"),
        ("p=reject", False, REJECT, "p"),
        ("p=reject; sp=quarantine", True, QUARANTINE, "sp"),
        ("p=reject; sp=quarantine", False, QUARANTINE, "sp"),
        ("p=reject; np=quarantine", True, REJECT, "p"),
        ("p=reject; np=quarantine", False, QUARANTINE, "np"),
        ("p=none; sp=quarantine; np=reject", True, QUARANTINE, "sp"),
        ("p=none; sp=quarantine; np=reject", False, REJECT, "np"),
    ],
)
def test_the_policy_of_subdomains(tags: str, exists: bool, policy: Policy, source: str) -> None:
    zone = {"_dmarc.example.com": {"TXT": f"v=DMARC1; {tags}"}}
    there: dict[str, Node] = {"a.example.com": {"MX": "10 mx.example.com"}} if exists else {}
    found = discover("a.example.com", ZoneResolver(zone | there))
    assert (found.declared, found.effective, found.source) == (policy, policy, source)
    assert discover("a.example.com", ZoneResolver(zone), exists=exists) == found


def test_a_name_without_records_exists_where_others_lie_below_it() -> None:
    resolver = dns({"example.com": "v=DMARC1; p=none; np=reject"}, **{"x.a.example.com": {"A": "192.0.2.1"}})
    assert discover("a.example.com", resolver).declared is NONE


def test_np_is_not_for_the_domain_itself() -> None:
    found = discover("example.com", dns({"example.com": "v=DMARC1; p=none; np=reject; sp=reject"}), exists=False)
    assert (found.declared, found.source) == (NONE, "p")


def test_existence_is_asked_only_where_it_matters() -> None:
    resolver = dns({"example.com": "v=DMARC1; p=none; sp=reject"})
    discover("a.example.com", resolver)
    assert resolver.count("A") == 0
    discover("example.com", dns({"example.com": "v=DMARC1; p=none; np=reject"}, **{"example.com": DnsFailure}))
    discover("a.example.com", dns({"example.com": f"v=DMARC1; p=x; np=none; {RUA}"}, **{"a.example.com": DnsFailure}))
    resolver = dns({"example.com": "v=DMARC1; p=none; np=reject"}, **{"a.example.com": DnsFailure})
    with pytest.raises(DnsFailure):
        discover("a.example.com", resolver)


@pytest.mark.parametrize(
    ("tags", "effective"),
    [("p=reject; t=y", QUARANTINE), ("p=quarantine; t=Y", NONE), ("p=none; t=y", NONE), ("p=reject; t=n", REJECT)],
)
def test_testing_lowers_the_policy_by_one(tags: str, effective: Policy) -> None:
    found = discover("example.com", dns({"example.com": f"v=DMARC1; {tags}"}))
    assert found.record is not None
    assert (found.declared, found.effective) == (found.record.p, effective)


def test_testing_lowers_sp_as_well() -> None:
    found = discover("a.example.com", dns({"example.com": "v=DMARC1; p=none; sp=reject; t=y"}))
    assert (found.declared, found.effective) == (REJECT, QUARANTINE)


def test_a_record_that_applies_nothing_ends_the_search() -> None:
    found = discover("a.example.com", dns({"a.example.com": "v=DMARC1; p=bogus", "example.com": "v=DMARC1; p=reject"}))
    assert (found.policy_domain, found.declared, found.effective, found.source) == ("a.example.com", None, None, None)
    assert [problem.fault for problem in found.problems] == [Fault.NO_POLICY]


def test_a_public_suffix_speaks_for_those_without_a_record() -> None:
    records = {"x.giant.bank.example": "v=DMARC1; p=none", "bank.example": "v=DMARC1; psd=y; p=quarantine; sp=reject"}
    found = discover("a.x.giant.bank.example", dns(records))
    assert (found.organizational_domain, found.policy_domain) == ("giant.bank.example", "bank.example")
    assert (found.declared, found.source) == (REJECT, "sp")
    assert discover("bank.example", dns(records)).declared is QUARANTINE


def test_a_public_suffix_does_not_speak_over_a_record() -> None:
    records = {"giant.bank.example": "v=DMARC1; p=none", "bank.example": "v=DMARC1; psd=y; p=reject"}
    found = discover("a.giant.bank.example", dns(records))
    assert (found.policy_domain, found.declared, found.source) == ("giant.bank.example", NONE, "p")


# The organizational domain: section 4.10.2 and appendix B.4.


@pytest.mark.parametrize(
    ("domain", "records", "organization"),
    [
        ("a.mail.example.com", {"mail.example.com": "", "example.com": ""}, "example.com"),
        ("a.mail.example.com", {"mail.example.com": "psd=n", "example.com": ""}, "mail.example.com"),
        ("a.mail.example.com", {"com": "psd=y"}, "example.com"),
        ("a.mail.example.com", {"com": ""}, "com"),
        ("a.mail.example.com", {}, "a.mail.example.com"),
        ("a.mail.example.com", {"a.mail.example.com": "psd=n", "example.com": ""}, "a.mail.example.com"),
        ("bank.example", {"bank.example": "psd=y", "example": ""}, "bank.example"),
        ("giant.bank.example", {"giant.bank.example": "", "bank.example": "psd=y"}, "giant.bank.example"),
        ("mail.giant.bank.example", {"giant.bank.example": "", "bank.example": "psd=y"}, "giant.bank.example"),
        ("mail.mega.bank.example", {"bank.example": "psd=y"}, "mega.bank.example"),
        ("a.b.c.d.e.f.g.h.i.j.k.example.com", {"example.com": "", "signing.example.com": ""}, "example.com"),
        ("1.2.3.4.5.6.7.8.9.10.11.12", {"6.7.8.9.10.11.12": "psd=y"}, "5.6.7.8.9.10.11.12"),
        ("example.com", {"example.com": "", "com": "psd=y"}, "example.com"),
    ],
)
def test_organizational_domain(domain: str, records: dict[str, str], organization: str) -> None:
    resolver = dns({name: f"v=DMARC1; p=none; {tag}" for name, tag in records.items()})
    assert organizational_domain(domain, resolver) == organization
    assert discover(domain, resolver).organizational_domain == organization


def test_a_record_without_policy_still_marks_its_place_in_the_tree() -> None:
    assert organizational_domain("a.b.example", dns({"example": "v=DMARC1; psd=y"})) == "b.example"


# Alignment: sections 3.2.10, 4.4 and appendices B.1, B.4.


@pytest.mark.parametrize(
    ("identifier", "author", "relaxed", "strict"),
    [
        ("foo.example.com", "news.example.com", True, False),
        ("news.example.com", "NEWS.example.com.", True, True),
        ("example.com", "news.example.com", True, False),
        ("foo.example.net", "news.example.com", False, False),
        ("badexample.com", "example.com", False, False),
        ("mail.mega.bank.example", "giant.bank.example", False, False),
        ("mail.giant.bank.example", "giant.bank.example", True, False),
        ("a.own.example.com", "example.com", False, False),
        ("a.own.example.com", "b.own.example.com", True, False),
        ("a.silent.test", "silent.test", False, False),
        ("silent.test", "silent.test", True, True),
    ],
)
def test_alignment(identifier: str, author: str, relaxed: bool, strict: bool) -> None:
    resolver = dns(
        {
            "example.com": "v=DMARC1; p=reject",
            "own.example.com": "v=DMARC1; p=reject; psd=n",
            "example.net": "v=DMARC1; p=reject",
            "badexample.com": "v=DMARC1; p=reject",
            "giant.bank.example": "v=DMARC1; p=reject",
            "bank.example": "v=DMARC1; p=reject; psd=y",
        }
    )
    assert aligned(identifier, author, Alignment.RELAXED, resolver) is relaxed
    assert aligned(identifier, author, Alignment.STRICT, resolver) is strict


def test_alignment_asks_only_where_it_has_to() -> None:
    resolver = dns({})
    aligned("a.example.com", "example.com", Alignment.STRICT, resolver)
    aligned("a.example.com", "a.example.com", Alignment.RELAXED, resolver)
    aligned("example.com", "example.net", Alignment.RELAXED, resolver)
    assert resolver.count() == 0


# Permission for reports: RFC 9990 section 4.

BLUE = {"_dmarc.blue.example.com": {"TXT": "v=DMARC1; p=none; rua=mailto:reports@red.example.net"}}
RED = parse_uri("mailto:reports@red.example.net")
ASKED = "blue.example.com._report._dmarc.red.example.net"


def permission_zone(*texts: str) -> ZoneResolver:
    return ZoneResolver(BLUE | {ASKED: {"TXT": list(texts)}})


@pytest.mark.parametrize(
    "texts", [("v=DMARC1",), ("v=DMARC1;",), ("hello", "v=DMARC1; p=none"), ("v=DMARC1", "v=DMARC1;")]
)
def test_the_owner_of_the_destination_permits_it(texts: tuple[str, ...]) -> None:
    permission = report_permission("blue.example.com", RED, permission_zone(*texts))
    assert (permission.granted, permission.name, permission.destinations) == (True, ASKED, (RED,))


@pytest.mark.parametrize("texts", [(), ("v=DMARC2",), ("p=none; v=DMARC1",), ("v=DMARC1; x=1; x=1",), ("v=spf1 -all",)])
def test_without_a_record_there_is_no_permission(texts: tuple[str, ...]) -> None:
    permission = report_permission("blue.example.com", RED, permission_zone(*texts))
    assert not permission.granted
    assert permission.name == ASKED
    assert permission.problem
    assert not permission.destinations


def test_the_owner_may_name_another_address_of_the_same_host() -> None:
    resolver = permission_zone("v=DMARC1; rua=mailto:other@red.example.net; ruf=mailto:evil@victim.example")
    permission = report_permission("blue.example.com", RED, resolver)
    assert [uri.address for uri in permission.destinations] == ["other@red.example.net"]
    assert not report_permission("blue.example.com", RED, resolver, "ruf").granted


def test_another_host_ends_it_for_both() -> None:
    resolver = permission_zone("v=DMARC1; rua=mailto:other@red.example.net,mailto:evil@victim.example")
    assert not report_permission("blue.example.com", RED, resolver).granted


@pytest.mark.parametrize("host", ["example.com", "mail.example.com", "a.example.com"])
def test_within_the_organization_no_permission_is_needed(host: str) -> None:
    resolver = dns({"example.com": "v=DMARC1; p=none"})
    permission = report_permission("a.example.com", parse_uri(f"mailto:d@{host}"), resolver)
    assert permission.granted
    assert permission.name is None


def test_a_subdomain_that_is_an_organization_of_its_own_needs_permission() -> None:
    resolver = dns({"example.com": "v=DMARC1; p=none", "own.example.com": "v=DMARC1; p=none; psd=n"})
    assert not report_permission("example.com", parse_uri("mailto:d@own.example.com"), resolver).granted


def test_a_destination_without_a_domain_gets_nothing() -> None:
    for text in ("tel:+1-201-555-0123", "https://[2001:db8::1]/"):
        assert not report_permission("example.com", parse_uri(text), dns({})).granted


def test_a_name_too_long_to_ask_for_gets_nothing() -> None:
    long = ".".join(["a" * 60] * 4)
    permission = report_permission(long, RED, dns({}))
    assert not permission.granted
    assert permission.problem


def test_permission_that_the_dns_cannot_tell() -> None:
    with pytest.raises(DnsFailure):
        report_permission("blue.example.com", RED, ZoneResolver(BLUE | {ASKED: DnsFailure}))
