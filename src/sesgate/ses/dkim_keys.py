"""Whether a DKIM key record serves mail that SES signs: RSA with SHA-256. RFC 6376 section 3.6.1, RFC 8301."""

from msgspec import Struct

from sesgate.mail.dkim import MINIMUM_BITS, DkimSyntaxError, Key, KeyType, parse_key


class KeyRecord(Struct, frozen=True):
    """One TXT record where a key ought to be. `bits` is 0 where there is no key; `fault` says why it is of no use."""

    bits: int
    fault: str | None = None

    @property
    def is_idle(self) -> bool:
        """An empty record or an empty `p`: what SES leaves at the selectors it does not sign with at the moment."""
        return self.bits == 0 and self.fault is None


def read_key(text: str) -> KeyRecord:
    """Judges one TXT record. Never raises."""
    if not text.strip():
        return KeyRecord(0)
    try:
        key = parse_key(text)
    except DkimSyntaxError as error:
        return KeyRecord(0, str(error))
    return KeyRecord(0) if key.revoked else KeyRecord(key.bits, _fault(key))


def _fault(key: Key) -> str | None:
    if key.type is not KeyType.RSA:
        return "the key is no RSA key, and SES signs with RSA"
    if key.bits < MINIMUM_BITS:
        return f"the key has {key.bits} bits, and verifiers ignore fewer than {MINIMUM_BITS} (RFC 8301)"
    if key.testing:
        return "t=y: the key is marked as a test, and verifiers treat its signatures as none"
    if not key.takes_sha256:
        return "h= leaves out sha256, the only hash that counts"
    if not key.serves_email:
        return "s= leaves out email"
    return None
