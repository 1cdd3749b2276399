"""The grammar of SPF records. RFC 7208 sections 4.5 to 7.1 and 12."""

from ipaddress import ip_network

import pytest

from sesgate.mail.spf import SpfSyntaxError, all_qualifier, parse
from sesgate.mail.spf_record import SHOWN, A, All, Exists, Include, Mx, Network, Ptr, Qualifier, is_spf


@pytest.mark.parametrize("text", ["v=spf1", "v=spf1 -all", "V=sPf1 -all", "v=spf1 "])
def test_the_version_is_followed_by_a_space_or_the_end(text: str) -> None:
    assert is_spf(text)
    parse(text)


@pytest.mark.parametrize("text", ["", "v=spf10", "v=spf1-all", " v=spf1", "v=spf2.0/pra", "spf1 -all", "v=spf1\t-all"])
def test_other_texts_are_no_spf_records(text: str) -> None:
    assert not is_spf(text)
    with pytest.raises(SpfSyntaxError):
        parse(text)


def test_each_mechanism_becomes_its_type() -> None:
    record = parse(
        "v=spf1 include:i.example a a:a.example/24//64 mx//48 ptr ip4:192.0.2.9/24 ip6:2001:DB8::1/32 exists:e.x.y all"
    )
    include, a_plain, a_full, mx, ptr, ip4, ip6, exists, everything = (term.mechanism for term in record.directives)
    assert isinstance(include, Include)
    assert a_plain == A(None, 32, 128)
    assert isinstance(a_full, A)
    assert (a_full.prefix4, a_full.prefix6) == (24, 64)
    assert mx == Mx(None, 32, 48)
    assert ptr == Ptr(None)
    assert ip4 == Network(ip_network("192.0.2.0/24"))
    assert ip6 == Network(ip_network("2001:db8::/32"))
    assert isinstance(exists, Exists)
    assert everything == All()


def test_names_have_no_case_and_terms_keep_their_spelling() -> None:
    record = parse("v=spf1 ?Ip4:192.0.2.1 REDIRECT=b.example")
    assert record.directives[0].text == "?Ip4:192.0.2.1"
    assert record.redirect is not None
    assert record.redirect.text == "REDIRECT=b.example"


def test_qualifiers() -> None:
    record = parse("v=spf1 a +a -a ~a ?a")
    assert [term.qualifier for term in record.directives] == ["+", "+", "-", "~", "?"]


def test_any_number_of_spaces_parts_terms() -> None:
    assert len(parse("v=spf1   a    -all   ").directives) == 2


@pytest.mark.parametrize(
    "term",
    [
        "all",
        "include:%{d}",
        "include:a.%{d2}",
        "a:host.example.",
        "a:foo.xn--kgbechtv",
        "a:foo.1-1",
        "a:.com",
        "a:x:y/z.host.example",
        "a:x:y/z.host.example/24//64",
        "a/0",
        "a/32//128",
        "a//0",
        "mx:%{d}/24",
        "mx:%{l/}",
        "exists:%{ir}.%{l1r+-}._spf.%{d}",
        "exists:a%%b%_c%-.example",
        "exists:a%-",
        "ip4:0.0.0.0/0",
        "ip6:::/0",
        "ip6:::ffff:192.0.2.1/96",
        "redirect=%{d}",
        "exp=a.example",
        "unknown=",
        "a=192.0.2.1",
        "x.y-z_1=%{d}/x:=%%",
    ],
)
def test_allowed_terms(term: str) -> None:
    parse(f"v=spf1 {term}")


@pytest.mark.parametrize(
    "term",
    [
        # No such mechanism, or not so written.
        "moo", "moo:x.example", "+", "-", "--all", "++a", "redirect:b.example", "exp:b.example", "ip:192.0.2.1", ":a",
        # all takes nothing.
        "all.", "all:", "-all/8", "all:a.example",
        # Targets that must be there.
        "include", "include:", "exists", "exists:", "a:", "mx:", "ptr:", "redirect=", "exp=", "ip4", "ip4:", "ip6:",
        # Targets that end in neither a macro nor a dot and a top label.
        "a:local", "a:local.", "a:host.456", "a:192.0.2.1", "a:example.-com", "a:example.com-", "a:example.com:25",
        "a:%{d}com", "a:%{d}.", "a:foo..", "a:foo.c_m", "a:foo.co%%m", "redirect=-all", "exp=-all",
        # Prefix lengths.
        "a/", "a//", "a/33", "a//129", "a/032", "a/00", "a/24/64", "a///64", "a/-1", "a/1a", "a/24//", "a:a.example/",
        "ip4:192.0.2.1/33", "ip4:192.0.2.1/032", "ip4:192.0.2.1/", "ip4:192.0.2.1//32", "ip4:192.0.2.1/8/8",
        "ip6:::/129", "ip6:::1//33", "ip6:::/00", "include:a.example/24", "ptr/0", "ptr:a.example/24",
        # Addresses.
        "ip4:192.0.2", "ip4:192.0.2.256", "ip4:192.0.2.01", "ip4:192.0.2.1:25", "ip4:2001:db8::1", "ip6:192.0.2.1",
        "ip6::2001:db8::1", "ip6:fe80::1%eth0",
        # Modifiers.
        "=x", "9x=y", "-redirect=b.example", "x/y=z", "x:y=z", "x+y=z", "x=%", "x=%a", "x=%{x}",
        # Macros.
        "a:%{d", "a:%{}", "a:%{x}", "a:%{d0}", "a:%{d00}", "a:%{d2x}", "a:%{dr2}", "a:%{d.!}", "a:%(d).example",
        "a:foo%", "a:foo%.example", "exists:%{c}", "exists:%{R}", "redirect=%{t}",
        # Characters.
        "a:a.example\0", "a\r", "a\t-all", "ip4:192.0.2.1\n", "a:\u00e9.example", "\u212aelvin=x", "moo=\u00e9",
    ],
)  # fmt: skip
def test_a_wrong_term_is_named(term: str) -> None:
    with pytest.raises(SpfSyntaxError) as caught:
        parse(f"v=spf1 ip4:192.0.2.1 {term} -all")
    assert caught.value.term == term
    assert caught.value.problem


@pytest.mark.parametrize("name", ["redirect", "exp", "Exp"])
def test_redirect_and_exp_stand_once(name: str) -> None:
    with pytest.raises(SpfSyntaxError, match="twice"):
        parse(f"v=spf1 {name}=a.example -all {name.upper()}=a.example")


def test_unknown_modifiers_may_repeat() -> None:
    assert parse("v=spf1 moo=1 moo=2 -all").unknown == ("moo=1", "moo=2")


def test_the_message_about_a_hostile_term_is_short_and_escaped() -> None:
    with pytest.raises(SpfSyntaxError) as caught:
        parse("v=spf1 \x1b[31m" + "x" * 60_000)
    assert "\x1b" not in str(caught.value)
    assert len(str(caught.value)) < 2 * SHOWN


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("v=spf1 a all", Qualifier.PASS),
        ("v=spf1 -all a ~all", Qualifier.FAIL),
        ("v=spf1 ~ALL", Qualifier.SOFTFAIL),
        ("v=spf1 ?all", Qualifier.NEUTRAL),
        ("v=spf1 a redirect=b.example", None),
    ],
)
def test_all_qualifier_is_that_of_the_first_all(text: str, qualifier: Qualifier | None) -> None:
    assert all_qualifier(parse(text)) == qualifier
