"""Which identities were made to try something out: by whole words in their names, never by parts of words."""

from sesgate.mail.domains import DomainSyntaxError, is_reserved, normalise

WORDS = frozenset(
    {"changeme", "demo", "dummy", "example", "foo", "placeholder", "sample", "sandbox", "test", "testing"}
)
"""A whole label of a domain, or a whole local part, that says so by itself."""

SIMULATOR = "simulator.amazonses.com"
"""The mailbox simulator of SES: mail goes there, none comes from there."""


def reserved_name(name: str) -> str | None:
    """The domain of an identity, where it is set aside for examples and tests. RFC 2606, RFC 6761, RFC 6762."""
    try:
        domain = normalise(name.rpartition("@")[2])
    except DomainSyntaxError:
        return None
    return domain if is_reserved(domain) else None


def is_simulator(name: str) -> bool:
    """Whether an identity is an address of the mailbox simulator, or its domain."""
    domain = name.rpartition("@")[2].lower()
    return domain == SIMULATOR or domain.endswith(f".{SIMULATOR}")


def placeholder_word(name: str) -> str | None:
    """The whole label or local part that is one of `WORDS`. A top-level domain is none: `.foo` is for everyone."""
    local, _, domain = name.lower().rpartition("@")
    candidates = [local.partition("+")[0], *domain.split(".")[:-1]]
    return next((word for word in candidates if word in WORDS), None)
