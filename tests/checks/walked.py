"""Worlds whose gate asks the zone's own name servers: the domain's zone on two servers, delegated by `com`."""

from sesgate.testing import World

DOMAIN = "yourdomain.com"
PARENT_SERVER = "a.gtld-servers.net"
FIRST, SECOND, OTHER = "ns1.example.net", "ns2.example.net", "ns9.new-host.net"
BOTH = (FIRST, SECOND)
SERIAL = 2026112401


def soa(serial: int = SERIAL) -> str:
    return f"ns1.example.net. hostmaster.yourdomain.com. {serial} 7200 3600 1209600 300"


def serving(world: World, host: str, serial: int = SERIAL, names: tuple[str, ...] = BOTH) -> World:
    """With a name server that serves the zone, and names its servers."""
    return world.name_server(host, DOMAIN, "SOA", soa(serial)).name_server(host, DOMAIN, "NS", *names)


def walked(
    world: World, *, delegated: tuple[str, ...] = (FIRST, SECOND), own: tuple[str, ...] = (FIRST, SECOND)
) -> World:
    """With `dns.authoritative`; `own` are the servers that the zone names, `delegated` those that `com` names."""
    world = world.with_gate(dns={"authoritative": True}).dns(DOMAIN, "SOA", soa())
    world = world.dns("com", "NS", PARENT_SERVER).dns(DOMAIN, "NS", *own)
    world = world.name_server(PARENT_SERVER, DOMAIN, "NS", delegated=delegated)
    for host in dict.fromkeys((*delegated, *own)):
        world = serving(world, host, names=own)
    return world


def publishing(world: World, host: str, rdtype: str, *records: tuple[str, str]) -> World:
    """With records, each a name and its value, at one name server."""
    for name, value in records:
        world = world.name_server(host, name, rdtype, value)
    return world
