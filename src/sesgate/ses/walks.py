"""What a zone's own name servers say, judged: who is asked, who is behind, and where a record is published. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum, auto

from msgspec import Struct

HALF_OF_SERIALS = 2**31
NAMED = 4


class ServerSaid(Struct, frozen=True):
    """What one name server says of its zone: the SOA's serial, and the servers that it names itself.

    `trouble` says in one line why it told nothing of the zone; it is a note, never a finding.
    """

    name: str
    serial: int | None = None
    names: tuple[str, ...] = ()
    trouble: str | None = None


class Walk(Struct, frozen=True):
    """A zone, from the zone above it to each of its own name servers. Names are in lower case.

    `delegated` are the servers that the parent names: none where it does not delegate the zone, None where it could
    not be seen (`parent_trouble` says why). `servers` were all asked, whoever names them.
    """

    zone: str
    parent: str
    delegated: tuple[str, ...] | None
    servers: tuple[ServerSaid, ...]
    parent_trouble: str | None = None

    @property
    def asked(self) -> tuple[str, ...]:
        """The servers that resolvers ask: those that the parent names or, where it could not be seen, all."""
        return tuple(one.name for one in self.servers) if self.delegated is None else self.delegated

    @property
    def unasked(self) -> tuple[str, ...]:
        """Servers of the zone that its parent does not name, so that nobody on the way down comes to them."""
        return tuple(one.name for one in self.servers if one.name not in self.asked)

    @property
    def behind(self) -> tuple[ServerSaid, ...]:
        """Servers in use with an older serial than another one."""
        told = [one for one in self.servers if one.serial is not None and one.name in self.asked]
        return tuple(one for one in told if any(is_newer(other.serial, one.serial) for other in told))

    def serial_of(self, host: str) -> int | None:
        """The serial that a server told."""
        return next((one.serial for one in self.servers if one.name == host), None)


class Place(Enum):
    """Where a record is published."""

    NOWHERE = auto()
    EVERYWHERE = auto()
    NOT_ON_ALL = auto()
    UNASKED = auto()
    UNKNOWN = auto()


class Published(Struct, frozen=True):
    """Where a record is published as wanted; the servers that have it, and those in use that do not."""

    place: Place
    having: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


def published(walk: Walk, right: Mapping[str, bool | None]) -> Published:
    """Judges what each server answered: True for the record as wanted, False for none or another, None for no word."""
    having = tuple(host for host in walk.asked if right.get(host) is True)
    lacking = tuple(host for host in walk.asked if right.get(host) is False)
    if having:
        return Published(Place.NOT_ON_ALL if lacking else Place.EVERYWHERE, having, lacking)
    unasked = tuple(host for host in walk.unasked if right.get(host) is True)
    if unasked:
        return Published(Place.UNASKED, unasked, lacking)
    return Published(Place.NOWHERE if lacking else Place.UNKNOWN, (), lacking)


def told(walk: Walk, found: Published, ttl: int | None) -> str | None:
    """The end of a sentence about a record that resolvers do not show as wanted. `ttl` is theirs, in seconds."""
    match found.place:
        case Place.EVERYWHERE:
            wait = f"up to {ttl} s more" if ttl else "a while"
            return f"every name server of {walk.zone} that answered has it; resolvers keep the old answer for {wait}"
        case Place.NOT_ON_ALL:
            having, lacking = with_serials(walk, found.having), with_serials(walk, found.lacking)
            return f"it is on {having} and not on {lacking}: resolvers get the one or the other"
        case Place.UNASKED:
            return f"it is on {names(found.having)}, in a zone that nobody asks: {delegation(walk)}"
        case Place.NOWHERE:
            return f"not published: none of the name servers of {walk.zone} has it ({names(found.lacking)})"
        case Place.UNKNOWN:
            return None


def delegation(walk: Walk) -> str:
    """To whom the parent sends those who ask for the zone."""
    if walk.delegated is None:
        return f"what {walk.parent} delegates {walk.zone} to could not be seen"
    if not walk.delegated:
        return f"{walk.parent} does not delegate {walk.zone} at all"
    return f"{walk.parent} delegates {walk.zone} to {names(walk.delegated)}"


def notes(walk: Walk) -> list[str]:
    """What else was seen on the way, a line each: servers without an answer, other names, other serials."""
    lines = []
    if walk.parent_trouble:
        lines.append(f"the delegation of {walk.zone} could not be seen: {walk.parent_trouble}")
    lines += [f"{one.name}, a name server of {walk.zone}: {one.trouble}" for one in walk.servers if one.trouble]
    own = {host for one in walk.servers if one.name in walk.asked for host in one.names}
    if walk.delegated is not None and own and own != set(walk.delegated):
        lines.append(f"{delegation(walk)}, and the zone itself names {names(sorted(own))}")
    if walk.behind:
        seen = ((one.name, one.serial) for one in walk.servers if one.serial is not None and one.name in walk.asked)
        serials = ", ".join(f"{serial} at {host}" for host, serial in seen)
        lines.append(f"the name servers of {walk.zone} hold different serials: {serials}")
    return lines


def with_serials(walk: Walk, hosts: Sequence[str]) -> str:
    """The servers by name, with the serials that they told."""
    serials = ((host, walk.serial_of(host)) for host in hosts)
    return names([host if serial is None else f"{host} (serial {serial})" for host, serial in serials])


def names(hosts: Iterable[str]) -> str:
    """The first few, and how many more there are."""
    known = list(hosts)
    more = f" and {len(known) - NAMED} more" if len(known) > NAMED else ""
    return ", ".join(known[:NAMED]) + more


def is_newer(one: int | None, other: int | None) -> bool:
    """Whether a serial comes after another one; they wrap around. RFC 1982 section 3.2."""
    if one is None or other is None:
        return False
    return 0 < (one - other) % 2**32 < HALF_OF_SERIALS
