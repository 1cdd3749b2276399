"""Names and addresses: one written form, who is above whom, what is reserved."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sesgate.mail.domains import (
    AddressSyntaxError,
    DomainSyntaxError,
    is_domain,
    is_reserved,
    is_subdomain,
    labels,
    normalise,
    parent,
    registrable,
    split_address,
)

LONGEST = ".".join(["a" * 63] * 3 + ["a" * 61])


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("Example.COM", "example.com"),
        ("example.com.", "example.com"),
        ("_dmarc.example.com", "_dmarc.example.com"),
        ("com", "com"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("bu\u0308cher.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("paral·lel.example", "xn--parallel-koa.example"),
        ("ᾭΣ.example", "xn--uxau433s.example"),
        ("例え。テスト", "xn--r8jz45g.xn--zckzah"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("ｅｘａｍｐｌｅ．com", "example.com"),
        ("a" * 63 + ".example", "a" * 63 + ".example"),
        (LONGEST + ".", LONGEST),
    ],
)
def test_a_domain_has_one_form(written: str, normal: str) -> None:
    assert normalise(written) == normal
    assert normalise(normal) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "example..com",
        ".example.com",
        "example.com..",
        "exa mple.com",
        "a" * 64 + ".example",
        "ü" * 63 + ".example",
        LONGEST + "a",
        "ü." + LONGEST[7:],
        "☃.example",
        "a…b.example",
        "[192.0.2.1]",
        "user@example.com",
        "example.com\n",
        "\ud800.example",
    ],
)
def test_other_text_is_no_domain(text: str) -> None:
    assert not is_domain(text)
    with pytest.raises(DomainSyntaxError):
        normalise(text)


@given(st.text() | st.text(alphabet="aB.-_üß。\u200d\u0308", max_size=80))
@example("\u212b.example")
def test_normalising_settles_or_refuses(text: str) -> None:
    try:
        normal = normalise(text)
    except DomainSyntaxError:
        return
    assert normal.isascii()
    assert len(normal) <= 253
    assert normalise(normal) == normal
    assert normalise(normal.upper() + ".") == normal


def test_above_and_below() -> None:
    assert labels("mail.example.com") == ("mail", "example", "com")
    assert parent("mail.example.com") == "example.com"
    assert parent("com") is None
    assert is_subdomain("mail.example.com", "example.com")
    assert is_subdomain("mail.example.com", "com")
    assert not is_subdomain("example.com", "example.com")
    assert not is_subdomain("badexample.com", "example.com")
    assert not is_subdomain("example.com", "mail.example.com")


@pytest.mark.parametrize(
    ("domain", "top"),
    [
        ("a.b.example.com", "example.com"),
        ("example.com", "example.com"),
        ("com", None),
        ("mail.example.co.uk", "example.co.uk"),
        ("co.uk", None),
        ("shop.github.io", "shop.github.io"),
        ("a.xn--55qx5d.cn", "a.xn--55qx5d.cn"),
    ],
)
def test_registrable_by_the_public_suffix_list(domain: str, top: str | None) -> None:
    assert registrable(domain) == top


@pytest.mark.parametrize(
    "domain",
    [
        "example.com",
        "mail.example.net",
        "example.org",
        "a.test",
        "test",
        "x.example",
        "no.invalid",
        "localhost",
        "printer.local",
    ],
)
def test_reserved(domain: str) -> None:
    assert is_reserved(domain)


@pytest.mark.parametrize(
    "domain", ["example.co", "myexample.com", "test.com", "localhost.com", "com", "example.com.au"]
)
def test_not_reserved(domain: str) -> None:
    assert not is_reserved(domain)


@pytest.mark.parametrize(
    ("address", "local", "domain"),
    [
        ("no-reply@Example.com", "no-reply", "example.com"),
        ("First.Last+tag@example.com", "First.Last+tag", "example.com"),
        ('"a@b c"@example.com', '"a@b c"', "example.com"),
        ("jürgen@bücher.example", "jürgen", "xn--bcher-kva.example"),
        ("x" * 64 + "@example.com", "x" * 64, "example.com"),
    ],
)
def test_an_address_is_split(address: str, local: str, domain: str) -> None:
    assert split_address(address) == (local, domain)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "example.com",
        "@example.com",
        "a@",
        "a b@example.com",
        "a@b@example.com",
        ".a@example.com",
        "a..b@example.com",
        "a.@example.com",
        "A <a@example.com>",
        "a@example.com\n",
        "a\n@example.com",
        '"a\n"@example.com',
        "x" * 65 + "@example.com",
        "a@[192.0.2.1]",
    ],
)
def test_other_text_is_no_address(address: str) -> None:
    with pytest.raises(AddressSyntaxError):
        split_address(address)


@given(st.text() | st.text(alphabet='a@."\\ <>', max_size=80))
def test_splitting_settles_or_refuses(text: str) -> None:
    try:
        local, domain = split_address(text)
    except AddressSyntaxError:
        return
    assert split_address(f"{local}@{domain}") == (local, domain)
