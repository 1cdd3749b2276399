"""What one DKIM key record says, and how long its key is. RFC 6376 section 3.6.1, RFC 8301, RFC 8463."""

import base64
import binascii
import re
from enum import StrEnum

from msgspec import Struct

MINIMUM_BITS = 1024
"""Signatures of shorter RSA keys do not count. RFC 8301 section 3.2."""

RECOMMENDED_BITS = 2048
"""What an RSA key ought to have. RFC 8301 section 3.2."""

_SPACE = " \t\r\n"
_TAG_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")
_TAG_VALUE = re.compile(r"[\x21-\x3a\x3c-\x7e \t\r\n]*\Z")
_WORD = re.compile(r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\Z")
_WHITE = re.compile(r"[ \t\r\n]+")

_ED25519_OCTETS = 32
_SEQUENCE, _INTEGER, _BIT_STRING, _OBJECT = 0x30, 0x02, 0x03, 0x06
_RSA_ENCRYPTION = bytes.fromhex("2a864886f70d010101")
_NULL = bytes.fromhex("0500")


class DkimSyntaxError(ValueError):
    """The text is no key record that a verifier can use. RFC 6376 sections 3.2 and 3.6.1."""


class KeyType(StrEnum):
    """The tag `k`. RFC 6376 section 3.6.1, RFC 8463 section 3."""

    RSA = "rsa"
    ED25519 = "ed25519"


class Key(Struct, frozen=True):
    """One key. `bits` is the length of the modulus for RSA, 256 for Ed25519, 0 for a revoked key.

    `hashes` and `services` are as written, in their order; no hashes means all of them. RFC 6376 section 3.6.1.
    """

    type: KeyType
    bits: int
    revoked: bool = False
    testing: bool = False
    """`t=y`: verifiers treat a signature no better than none."""
    same_domain: bool = False
    """`t=s`: the domain of `i=` has to be that of `d=`."""
    hashes: tuple[str, ...] = ()
    services: tuple[str, ...] = ("*",)
    note: str = ""

    @property
    def takes_sha256(self) -> bool:
        """Whether `h` allows the only hash that still counts. RFC 8301 section 3.1."""
        return not self.hashes or "sha256" in self.hashes

    @property
    def serves_email(self) -> bool:
        """Whether `s` allows the key for mail."""
        return not {"*", "email"}.isdisjoint(self.services)


def parse_key(text: str) -> Key:
    """Reads the TXT record at `<selector>._domainkey.<domain>`. Raises DkimSyntaxError. RFC 6376 section 3.6.1."""
    tags = _tags(text)
    if "v" in tags and (next(iter(tags)) != "v" or tags["v"] != "DKIM1"):
        raise DkimSyntaxError("v, where it is there, has to be the first tag and DKIM1")
    if "p" not in tags:
        raise DkimSyntaxError("there is no p, the public key")
    flags = _words(tags, "t")
    key_type = _key_type(tags.get("k", KeyType.RSA))
    key = _WHITE.sub("", tags["p"])
    return Key(
        type=key_type,
        bits=_bits(key_type, _decoded(key)) if key else 0,
        revoked=not key,
        testing="y" in flags,
        same_domain="s" in flags,
        hashes=_words(tags, "h"),
        services=_words(tags, "s") or ("*",),
        note=tags.get("n", ""),
    )


def _tags(text: str) -> dict[str, str]:
    """The tag list, in its order. Names are case-sensitive, and none comes twice. RFC 6376 section 3.2."""
    segments = text.split(";")
    if len(segments) > 1 and not segments[-1].strip(_SPACE):
        segments.pop()
    tags: dict[str, str] = {}
    for segment in segments:
        name, equals, value = (part.strip(_SPACE) for part in segment.partition("="))
        if not (equals and _TAG_NAME.match(name) and _TAG_VALUE.match(value)):
            raise DkimSyntaxError(f"{_shown(segment)} is no tag=value")
        if name in tags:
            raise DkimSyntaxError(f"the tag {_shown(name)} comes more than once")
        tags[name] = value
    return tags


def _words(tags: dict[str, str], name: str) -> tuple[str, ...]:
    """The values of a tag that lists them between colons; those nobody knows are kept, to be ignored."""
    if name not in tags:
        return ()
    words = tuple(word.strip(_SPACE) for word in tags[name].split(":"))
    for word in words:
        if not (_WORD.match(word) or (name, word) == ("s", "*")):
            raise DkimSyntaxError(f"{name}={_shown(tags[name])} is no list of words between colons")
    return words


def _key_type(text: str) -> KeyType:
    try:
        return KeyType(text)
    except ValueError as error:
        raise DkimSyntaxError(f"k={_shown(text)} is no key type that verifiers know: rsa or ed25519") from error


def _decoded(text: str) -> bytes:
    """The octets of base64 without white space."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        hint = ": the lines of a PEM file that begin with hyphens do not belong there" if "-----" in text else ""
        raise DkimSyntaxError(f"p is no base64{hint or ', or was cut short'}") from error


def _bits(key_type: KeyType, key: bytes) -> int:
    if key_type is KeyType.RSA:
        return rsa_bits(key)
    if len(key) != _ED25519_OCTETS:
        raise DkimSyntaxError(f"an Ed25519 key has {_ED25519_OCTETS} octets, bare; this one has {len(key)}")
    return 8 * _ED25519_OCTETS


def rsa_bits(key: bytes) -> int:
    """The bits of the modulus in a DER SubjectPublicKeyInfo or RSAPublicKey. Raises DkimSyntaxError.

    RFC 6376 section 3.6.1 asks for the latter (RFC 8017 appendix A.1.1); its own example, and everyone, writes the
    former (RFC 5280 section 4.1).
    """
    if len(key) == _ED25519_OCTETS and not key.startswith(bytes([_SEQUENCE, _ED25519_OCTETS - 2])):
        raise DkimSyntaxError(f"p holds the {_ED25519_OCTETS} octets of an Ed25519 key, and there is no k=ed25519")
    (first_tag, first), (second_tag, second) = _pair(_only(key, _SEQUENCE))
    if (first_tag, second_tag) == (_SEQUENCE, _BIT_STRING):
        (first_tag, first), (second_tag, second) = _pair(_only(_bare_key(first, second), _SEQUENCE))
    if (first_tag, second_tag) != (_INTEGER, _INTEGER):
        raise DkimSyntaxError("p is no RSA key: two integers were wanted")
    modulus, exponent = _integer(first), _integer(second)
    if not modulus & exponent & 1 or exponent < 3:
        raise DkimSyntaxError("p is no RSA key: modulus and exponent have to be odd, the exponent at least 3")
    return modulus.bit_length()


def _bare_key(algorithm: bytes, bits: bytes) -> bytes:
    """The RSAPublicKey in a SubjectPublicKeyInfo."""
    tag, identifier, parameters = _split(algorithm)
    if (tag, identifier) != (_OBJECT, _RSA_ENCRYPTION) or parameters not in {b"", _NULL}:
        raise DkimSyntaxError("p holds a key, and no RSA key")
    if not bits.startswith(b"\0"):
        raise DkimSyntaxError("p is not DER: the bits of the key are no whole octets")
    return bits[1:]


def _integer(content: bytes) -> int:
    """The value of a positive INTEGER."""
    if not content or content[0] & 0x80 or (content[0] == 0 and len(content) > 1 and not content[1] & 0x80):
        raise DkimSyntaxError("p is not DER: an integer is negative, empty or padded")
    return int.from_bytes(content, "big")


def _pair(der: bytes) -> tuple[tuple[int, bytes], tuple[int, bytes]]:
    """Tag and content of two elements, which have to be all there is."""
    first_tag, first, rest = _split(der)
    second_tag, second, rest = _split(rest)
    if rest:
        raise DkimSyntaxError("p is no RSA key: it holds more than it should")
    return (first_tag, first), (second_tag, second)


def _only(der: bytes, wanted: int) -> bytes:
    """The content of the one element there is, which has to have this tag."""
    tag, content, rest = _split(der)
    if tag != wanted or rest:
        raise DkimSyntaxError("p is not DER: one sequence was wanted, and nothing after it")
    return content


def _split(der: bytes) -> tuple[int, bytes, bytes]:
    """Tag and content of the first element, and what follows it. X.690 sections 8.1 and 10.1."""
    if len(der) < 2:
        raise DkimSyntaxError("p is not DER, or was cut short")
    length, start = der[1], 2
    if length & 0x80:
        size = length & 0x7F
        start += size
        length = int.from_bytes(der[2:start], "big")
        # The shortest form is the only one. Without any octets it would be BER's open end, and comes out as zero.
        if length < 0x80 or length >> 8 * (size - 1) == 0:
            raise DkimSyntaxError("p is not DER: a length is not written as it has to be")
    if len(der) < start + length:
        raise DkimSyntaxError("p was cut short: the key says that it is longer")
    return der[0], der[start : start + length], der[start + length :]


def _shown(text: str) -> str:
    """Foreign text, cut to what a message can hold."""
    return repr(text if len(text) <= 60 else text[:57] + "...")
