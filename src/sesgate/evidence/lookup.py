"""What several resolvers say of one name: one good answer is enough to judge, a disagreement is told."""

from collections.abc import Mapping

from msgspec import Struct

from sesgate.evidence.question import Answer, NotSeen


class Lookup(Struct, frozen=True):
    """The records of one type at one name, in presentation form.

    TXT strings are joined, names carry no final dot, MX reads `"10 mx.example.com"`. `exists` is false for NXDOMAIN.
    `chain` holds the CNAME targets that were followed. `ttl` is the records' own or, where there are none, the negative
    TTL of the zone, in seconds. `disagreement` tells in one line what other resolvers said, or is None.
    """

    name: str
    rdtype: str
    exists: bool
    records: tuple[str, ...]
    chain: tuple[str, ...] = ()
    ttl: int | None = None
    disagreement: str | None = None

    def __str__(self) -> str:
        if self.records:
            return ", ".join(self.records)
        return f"no {self.rdtype} record" if self.exists else "no such name (NXDOMAIN)"


def lookup(name: str, rdtype: str, answers: Mapping[str, Answer]) -> Lookup:
    """Joins what the resolvers said: the first that has records counts, else the first good answer.

    So a record that one resolver does not see yet is judged, and the disagreement told. Raises NotSeen where none
    could tell.
    """
    good = {at: _read(name, rdtype, answer) for at, answer in answers.items() if answer.failure is None}
    if not good:
        failures = [answer.failure for answer in answers.values() if answer.failure is not None]
        raise NotSeen(failures[0])
    first_at, first = next(((at, said) for at, said in good.items() if said.records), next(iter(good.items())))
    others = [f"{at}: {said}" for at, said in good.items() if sorted(said.records) != sorted(first.records)]
    failed = [f"{at}: {answer.failure.message}" for at, answer in answers.items() if answer.failure is not None]
    if not others:
        return first if not failed else _with_note(first, "; ".join(failed))
    return _with_note(first, "; ".join([f"{first_at}: {first}", *others, *failed]))


def _with_note(found: Lookup, note: str) -> Lookup:
    wait = f" (cached for up to {found.ttl} s)" if found.ttl else ""
    return Lookup(found.name, found.rdtype, found.exists, found.records, found.chain, found.ttl, note + wait)


def _read(name: str, rdtype: str, answer: Answer) -> Lookup:
    value = answer.value
    return Lookup(
        name, rdtype, value["rcode"] != "NXDOMAIN", tuple(value["records"]), tuple(value["chain"]), value["ttl"]
    )
