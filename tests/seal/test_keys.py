"""Keys that seal, and keys that do not."""

import hashlib

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sesgate.seal.keys import BadKey, PrivateKey, read_private, read_public

from .keys import made, private_pem, public_pem

RFC_8032 = {
    "secret": "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    "signature": "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
    "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
}
"""RFC 8032 section 7.1, test 1: the empty message."""


def test_a_signature_is_that_of_the_standard() -> None:
    key = PrivateKey(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(RFC_8032["secret"])))
    signature = key.sign(b"")
    assert signature.hex() == RFC_8032["signature"]
    assert key.public.verifies(signature, b"")
    assert not key.public.verifies(signature, b"x")


def test_a_key_is_read_as_it_was_written() -> None:
    key = made()
    again = read_private(private_pem(key), None)
    assert again.public.fingerprint == read_public(public_pem(key)).fingerprint == key.public.fingerprint


def test_the_fingerprint_is_one_that_openssl_gives_too() -> None:
    key = made()
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    der = key.public.key.public_bytes(serialization.Encoding.DER, spki)
    assert key.public.fingerprint == hashlib.sha256(der).hexdigest()


def test_a_passphrase_opens_an_encrypted_key() -> None:
    key = made()
    pem = private_pem(key, "open sesame")
    assert read_private(pem, "open sesame").public.fingerprint == key.public.fingerprint
    for passphrase, told in ((None, "its passphrase is expected"), ("", "expected"), ("other", "can't be opened")):
        with pytest.raises(BadKey, match=told) as refused:
            read_private(pem, passphrase)
        assert "other" not in str(refused.value)


def test_a_passphrase_that_is_not_needed_does_no_harm() -> None:
    key = made()
    assert read_private(private_pem(key), "open sesame").public.fingerprint == key.public.fingerprint


def test_other_keys_are_refused() -> None:
    key = made()
    pkcs8 = serialization.PrivateFormat.PKCS8
    curve = ec.generate_private_key(ec.SECP256R1())
    other = curve.private_bytes(serialization.Encoding.PEM, pkcs8, serialization.NoEncryption())
    openssh = serialization.PrivateFormat.OpenSSH
    of_ssh = key.key.private_bytes(serialization.Encoding.PEM, openssh, serialization.NoEncryption())
    for pem, told in (
        (other, "no Ed25519 key"),
        (of_ssh, "a key of OpenSSH"),
        (public_pem(key), "a public key"),
        (b"anything", "it is no key: make one with: openssl genpkey"),
        (b"", "it is no key"),
    ):
        with pytest.raises(BadKey, match=told):
            read_private(pem, None)
    public = curve.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    for pem, told in (
        (private_pem(key), "a private key"),
        (private_pem(key, "x"), "a private key"),
        (b"\x00", "no public key"),
        (public, "no Ed25519 key"),
    ):
        with pytest.raises(BadKey, match=told):
            read_public(pem)


def test_a_private_key_is_never_shown() -> None:
    key = made()
    raw = key.key.private_bytes_raw()
    assert raw.hex() not in repr(key)
    assert "object at" in repr(key)
