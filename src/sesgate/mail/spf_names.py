"""The names and addresses that check_host() is given, and as macros tell them. RFC 7208."""

from ipaddress import IPv6Address, ip_address

from sesgate.mail.spf_lookups import Address
from sesgate.mail.spf_macros import is_name


def split_sender(sender: str, default_domain: str) -> tuple[str, str]:
    """Local part and domain; postmaster where there is no local part. RFC 7208 section 4.3."""
    local_part, _, domain = sender.rpartition("@")
    return local_part or "postmaster", (domain or default_domain).removesuffix(".")


def client_address(ip: str | Address) -> Address:
    """The client's address: an IPv4-mapped one is IPv4, a zone is dropped. RFC 7208 section 5. Raises ValueError."""
    address = ip_address(ip)
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))
    return address


def dotted(client: Address) -> str:
    """`%{i}`: the dotted quad, or the nibbles of an IPv6 address. RFC 7208 section 7.3."""
    return str(client) if client.version == 4 else ".".join(client.exploded.replace(":", "").upper())


def is_domain(text: str) -> bool:
    """RFC 7208 section 4.3: well formed, of several labels, and no address literal."""
    return is_name(text) and "." in text and not text.startswith("[")


def is_within(name: str, domain: str) -> bool:
    return f".{name}".lower().endswith(f".{domain}".lower())
