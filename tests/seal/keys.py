"""Keys made for one test run."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sesgate.seal.keys import PrivateKey


def made() -> PrivateKey:
    """A new key."""
    return PrivateKey(Ed25519PrivateKey.generate())


def private_pem(key: PrivateKey, passphrase: str | None = None) -> bytes:
    """As `openssl genpkey` writes it."""
    how = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    return key.key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, how)


def public_pem(key: PrivateKey) -> bytes:
    """As `openssl pkey -pubout` writes it."""
    spki = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.key.public_key().public_bytes(serialization.Encoding.PEM, spki)
