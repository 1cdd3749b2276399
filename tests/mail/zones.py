"""A DNS made of a dictionary, for the tests of mail authentication."""

from collections.abc import Mapping, Sequence

from sesgate.mail.resolver import DnsFailure, Records

Failure = type[DnsFailure] | DnsFailure
Values = str | Sequence[str] | Failure
Node = Mapping[str, Values] | Failure

CHAIN_LIMIT = 8


class ZoneResolver:
    """Answers from `{"example.com": {"TXT": [...], "MX": ["10 mx.example.com"], "CNAME": "other.example"}}`.

    A value may be one string or a list. `DnsFailure`, the class or an instance, in place of the values fails that
    type; in place of a whole node it fails every type. Names are matched without case or final dot. A name that others
    lie below exists, without records. Asking for a name that no query can hold is the asker's error. `queries` holds
    what was asked.
    """

    def __init__(self, zone: Mapping[str, Node]) -> None:
        self.zone = {_key(name): node for name, node in zone.items()}
        self.queries: list[tuple[str, str]] = []

    def query(self, name: str, rdtype: str) -> Records:
        """The records of `rdtype` at `name`, CNAMEs followed. Raises DnsFailure where the zone says so, or loops."""
        assert all(0 < len(label) < 64 for label in name.split(".")), f"no query can hold {name!r}"
        assert len(name) <= 253, f"no query can hold {name!r}"
        self.queries.append((name, rdtype))
        for _ in range(CHAIN_LIMIT):
            records, alias = self._answer(_key(name), rdtype)
            if alias is None:
                return records
            name = alias
        raise DnsFailure("a chain of aliases without end")

    def count(self, rdtype: str | None = None) -> int:
        """How many queries were asked, of one type or of all."""
        return sum(rdtype in (None, asked) for _, asked in self.queries)

    def _answer(self, name: str, rdtype: str) -> tuple[Records, str | None]:
        """The records at `name` itself, or the alias to follow."""
        node = self.zone.get(name)
        if node is None:
            return Records(exists=any(known.endswith("." + name) for known in self.zone)), None
        if isinstance(node, Mapping):
            if "CNAME" in node and rdtype != "CNAME":
                return Records(), _values(node["CNAME"])[0]
            return Records(_values(node.get(rdtype, ()))), None
        raise node


def _values(values: Values) -> tuple[str, ...]:
    if isinstance(values, str):
        return (values,)
    if isinstance(values, Sequence):
        return tuple(values)
    raise values


def _key(name: str) -> str:
    return name.removesuffix(".").lower()
