"""DKIM key records: the tags, and the length of the key."""

import base64
import contextlib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.mail.dkim import DkimSyntaxError, Key, KeyType, parse_key, rsa_bits

# RFC 6376 appendix C and RFC 8463 appendix A.2.
RFC_6376 = (
    "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
    "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
    "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB"
)
RFC_8463 = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="


def element(tag: int, content: bytes) -> bytes:
    """One element of DER."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def integer(value: int) -> bytes:
    return element(0x02, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def bare(modulus: int, exponent: int = 65537) -> bytes:
    """An RSAPublicKey."""
    return element(0x30, integer(modulus) + integer(exponent))


RSA = element(0x06, bytes.fromhex("2a864886f70d010101"))
NULL = bytes.fromhex("0500")


def wrapped(key: bytes, algorithm: bytes = RSA + NULL, unused: bytes = b"\0") -> bytes:
    """A SubjectPublicKeyInfo."""
    return element(0x30, element(0x30, algorithm) + element(0x03, unused + key))


def modulus(bits: int) -> int:
    return (1 << (bits - 1)) | 1


def record(key: bytes, tags: str = "v=DKIM1; k=rsa") -> str:
    return f"{tags}; p={base64.b64encode(key).decode()}"


def test_the_examples_of_the_rfcs() -> None:
    assert parse_key(RFC_6376) == Key(KeyType.RSA, 1024)
    assert parse_key(RFC_8463) == Key(KeyType.ED25519, 256)


@pytest.mark.parametrize("bits", [512, 1023, 1024, 2048, 4096])
def test_bits_of_both_forms(bits: int) -> None:
    key = bare(modulus(bits))
    assert parse_key(record(key)).bits == bits
    assert parse_key(record(wrapped(key))).bits == bits
    assert parse_key(record(wrapped(key, algorithm=RSA))).bits == bits


def test_every_tag() -> None:
    text = record(
        wrapped(bare(modulus(2048))), "v=DKIM1; k=rsa; h=sha1 : sha256; s=email:x-other; t=y:s:z; n=a note; x=1"
    )
    assert parse_key(text) == Key(
        type=KeyType.RSA,
        bits=2048,
        testing=True,
        same_domain=True,
        hashes=("sha1", "sha256"),
        services=("email", "x-other"),
        note="a note",
    )


def test_defaults() -> None:
    key = parse_key(record(bare(modulus(1024)), "n="))
    assert (key.type, key.testing, key.same_domain, key.hashes, key.services) == (KeyType.RSA, False, False, (), ("*",))
    assert key.takes_sha256
    assert key.serves_email


def test_what_a_key_may_be_used_for() -> None:
    key = bare(modulus(1024))
    assert not parse_key(record(key, "h=sha1")).takes_sha256
    assert parse_key(record(key, "h=sha1:sha256")).takes_sha256
    assert not parse_key(record(key, "s=tlsrpt")).serves_email
    assert parse_key(record(key, "s=tlsrpt:*")).serves_email


@pytest.mark.parametrize("text", ["v=DKIM1; p=", "p=;", "v=DKIM1; k=ed25519; p= \t ;"])
def test_an_empty_key_is_revoked(text: str) -> None:
    key = parse_key(text)
    assert key.revoked
    assert key.bits == 0


def test_white_space_folds() -> None:
    folded = RFC_6376.replace("; p=", " ;\r\n\tp = ").replace("QDwIRP/", "QDw \r\n IRP/\t")
    assert parse_key(folded + " ; ") == parse_key(RFC_6376)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no tag=value"),
        ("hello", "no tag=value"),
        ("v=spf1 -all", "DKIM1"),
        ("v=DKIM1", "no p"),
        ("v=DKIM1;; p=", "no tag=value"),
        ("; p=", "no tag=value"),
        ("p=; v=DKIM1", "first tag"),
        ("v=DKIM2; p=", "DKIM1"),
        ("v=dkim1; p=", "DKIM1"),
        ("v=DKIM1; P=", "no p"),
        ("v=DKIM1; p=; p=", "more than once"),
        ("v=DKIM1; 1k=rsa; p=", "no tag=value"),
        ("v=DKIM1; n=\u00fc; p=", "no tag=value"),
        ("v=DKIM1; k=dsa; p=", "key type"),
        ("v=DKIM1; k=RSA; p=", "key type"),
        ("v=DKIM1; h=; p=", "list of words"),
        ("v=DKIM1; s=email,*; p=", "list of words"),
        ("v=DKIM1; t=y::s; p=", "list of words"),
        ("v=DKIM1; p=abc$", "base64"),
        ("v=DKIM1; p=QUJD$", "base64"),
        ("v=DKIM1; p=abc", "cut short"),
        ("v=DKIM1; p=-----BEGIN PUBLIC KEY-----MIGf", "PEM"),
        ("v=DKIM1; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "k=ed25519"),
        ("v=DKIM1; k=ed25519; p=MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "32 octets"),
    ],
)
def test_what_no_verifier_can_use(text: str, says: str) -> None:
    with pytest.raises(DkimSyntaxError, match=says):
        parse_key(text)


KEY = bare(modulus(1024))


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30",
        b"\x30\x00",
        b"\x30\x80\x00\x00",
        b"\x30\xff" + b"\x00" * 200,
        b"\x30\x84\xff\xff\xff\xff",
        b"\x30\x81\x06" + integer(5) + integer(3),
        b"\x30\x82\x00" + KEY[2:],
        b"\x30\x83\x01",
        KEY[:-1],
        KEY + b"\0",
        b"\x31" + KEY[1:],
        element(0x30, integer(modulus(1024))),
        element(0x30, integer(modulus(1024)) + integer(3) + integer(5)),
        element(0x30, element(0x04, b"\1") + integer(3)),
        bare(modulus(1024) + 1),
        bare(0),
        bare(modulus(1024), 1),
        bare(modulus(1024), 4),
        element(0x30, element(0x02, b"") + integer(3)),
        element(0x30, element(0x02, b"\x81") + integer(3)),
        element(0x30, element(0x02, b"\x00\x05") + integer(3)),
        wrapped(KEY, unused=b""),
        wrapped(KEY, unused=b"\x01"),
        wrapped(KEY, algorithm=element(0x06, bytes.fromhex("2a8648ce3d0201")) + NULL),
        wrapped(KEY, algorithm=RSA + NULL + NULL),
        wrapped(KEY, algorithm=b""),
        wrapped(wrapped(KEY)),
        wrapped(KEY) + b"\0",
    ],
)
def test_der_that_is_no_rsa_key(der: bytes) -> None:
    with pytest.raises(DkimSyntaxError):
        rsa_bits(der)


@given(st.binary(max_size=300) | st.binary(max_size=60).map(lambda junk: KEY[:100] + junk))
def test_der_is_read_or_refused(der: bytes) -> None:
    with contextlib.suppress(DkimSyntaxError):
        assert rsa_bits(der) > 0


TAGS = st.sampled_from(
    ["v=DKIM1", "k=rsa", "k=ed25519", "h=sha256", "t=y:s", "s=*", "p=", "p=MIGf", RFC_8463[22:], "n=", "", "x"]
)


@given(st.text() | st.lists(TAGS | st.text(max_size=10), max_size=6).map(";".join))
def test_a_record_is_read_or_refused(text: str) -> None:
    try:
        key = parse_key(text)
    except DkimSyntaxError:
        return
    assert key.revoked is (key.bits == 0)


@given(st.integers(min_value=1, max_value=5000).map(modulus), st.integers(min_value=1, max_value=70000))
def test_bits_are_those_of_the_modulus(value: int, half: int) -> None:
    key = bare(value, 2 * half + 1)
    assert rsa_bits(key) == rsa_bits(wrapped(key)) == value.bit_length()


def test_hostile_text_is_refused_fast() -> None:
    start = time.process_time()
    for text in (
        "p=" + "A" * 65000,
        "p=" + "a b" * 20000,
        ";" * 65000,
        "a=;" * 20000,
        "p=" + "MAAwADAA" * 8000,
        "t=" + "y:" * 30000,
    ):
        with pytest.raises(DkimSyntaxError):
            parse_key(text)
    assert time.process_time() - start < 30
