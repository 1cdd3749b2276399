"""Ed25519 keys, in PEM files. The only module that knows `cryptography`: the extra `sesgate[seal]`."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

MAKE_ONE = "make one with: openssl genpkey -algorithm ed25519 -out seal.key"
TAKE_PUBLIC = "openssl pkey -in seal.key -pubout -out seal.pub"
PASSPHRASE = "SESGATE_SEAL_PASSPHRASE"  # noqa: S105 - the name of a variable


class BadKey(Exception):  # noqa: N818 - it is a statement about a file
    """The octets are no key that can be used; says why. The text never holds anything of them."""


class NoExtra(Exception):  # noqa: N818 - it is a statement about the installation
    """`cryptography` is not installed."""

    def __init__(self) -> None:
        super().__init__("seals need an extra that is not installed (cryptography): pip install 'sesgate[seal]'")


@dataclass(frozen=True)
class PublicKey:
    """The half that everybody may have."""

    key: "Ed25519PublicKey"

    @property
    def fingerprint(self) -> str:
        """SHA-256 of its SubjectPublicKeyInfo (RFC 5280 section 4.1) in DER, in hexadecimal."""
        serialization = _serialization()
        spki = serialization.PublicFormat.SubjectPublicKeyInfo
        return hashlib.sha256(self.key.public_bytes(serialization.Encoding.DER, spki)).hexdigest()

    def verifies(self, signature: bytes, octets: bytes) -> bool:
        """Whether the signature was made over these octets with the other half. RFC 8032 section 5.1.7."""
        from cryptography.exceptions import InvalidSignature

        try:
            self.key.verify(signature, octets)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """The half that signs. It is never shown."""

    key: "Ed25519PrivateKey"

    @property
    def public(self) -> PublicKey:
        return PublicKey(self.key.public_key())

    def sign(self, octets: bytes) -> bytes:
        """64 octets, the same each time. RFC 8032 section 5.1.6."""
        return self.key.sign(octets)


def read_private(pem: bytes, passphrase: str | None) -> PrivateKey:
    """A private key in PKCS #8. Raises BadKey and NoExtra."""
    serialization = _serialization()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    encrypted = b"BEGIN ENCRYPTED PRIVATE KEY" in pem
    if b"OPENSSH PRIVATE KEY" in pem:
        raise BadKey(f"it is a key of OpenSSH, PEM in PKCS #8 is expected: {MAKE_ONE}")
    if b"BEGIN PUBLIC KEY" in pem:
        raise BadKey("it is a public key, sealing takes the private one")
    if encrypted and not passphrase:
        raise BadKey(f"it is encrypted: its passphrase is expected in {PASSPHRASE}")
    try:
        key = serialization.load_pem_private_key(pem, passphrase.encode() if encrypted and passphrase else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        why = f"it can't be opened with the passphrase in {PASSPHRASE}" if encrypted else f"it is no key: {MAKE_ONE}"
        raise BadKey(why) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKey(f"it is no Ed25519 key: {MAKE_ONE}")
    return PrivateKey(key)


def read_public(pem: bytes) -> PublicKey:
    """A public key, as SubjectPublicKeyInfo. Raises BadKey and NoExtra."""
    serialization = _serialization()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    if b"PRIVATE KEY" in pem:
        raise BadKey(f"it is a private key, verifying takes the public one: {TAKE_PUBLIC}")
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise BadKey(f"it is no public key in PEM: {TAKE_PUBLIC}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise BadKey("it is no Ed25519 key")
    return PublicKey(key)


def _serialization() -> Any:
    try:
        from cryptography.hazmat.primitives import serialization
    except ModuleNotFoundError:
        raise NoExtra from None
    return serialization
