"""The authoritative walk: from the zone above a name to each of its own name servers, where the gate asks for it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from sesgate.evidence import Answer, NotSeen, Question
from sesgate.mail.domains import registrable
from sesgate.ses.walks import Published, ServerSaid, Walk, notes, published
from sesgate.ses.zones import read_soa

if TYPE_CHECKING:
    from sesgate.context import Context

MOST_SERVERS = 13
MOST_PARENTS = 3

Query = tuple[str, str]
Right = Callable[[tuple[str, ...]], bool]


def walk(context: "Context", name: str) -> Walk | None:
    """The walk to the zone that a name lies in; what went wrong on the way becomes notes of the finding.

    None where the gate does not ask for it, or no zone could be found. Never raises NotSeen.
    """
    if not context.gate.dns.authoritative:
        return None
    cuts = _cuts(context, name)
    zone = registrable(name) or name
    zone = next((cut for cut in cuts if cut == zone or cut.endswith(f".{zone}")), zone)
    parent = next((cut for cut in cuts if zone.endswith(f".{cut}")), None)
    if parent is None:
        return None
    own = cuts.get(zone, ())
    context.start(_of_zone(zone, own))
    delegated, trouble = _delegated(context, zone, cuts[parent][:MOST_PARENTS])
    hosts = tuple(dict.fromkeys((*(delegated or ()), *own)))[:MOST_SERVERS]
    servers = _servers(context, zone, hosts)
    named = dict.fromkeys(host for one in servers for host in one.names if host not in hosts)
    servers += _servers(context, zone, tuple(named)[: MOST_SERVERS - len(hosts)])
    found = Walk(zone, parent, delegated, tuple(servers), trouble)
    context.notes.update((note, None) for note in notes(found))
    return found


def where(context: "Context", found: Walk, wanted: Mapping[Query, Right]) -> dict[Query, Published]:
    """Where each record is published: every name server of the zone is asked for it. `wanted` judges its values."""
    hosts = [one.name for one in found.servers if one.trouble is None]
    asked = [(*query, host) for query in wanted for host in hosts]
    answers = dict(zip(asked, context.name_servers(asked), strict=True))
    return {
        query: published(found, {host: _is_right(answers[*query, host], right) for host in hosts})
        for query, right in wanted.items()
    }


def _is_right(answer: Answer, right: Right) -> bool | None:
    """None where the server told nothing of the record: no answer, or a referral to others."""
    value = answer.value
    if answer.failure is not None or not value.get("authoritative"):
        return None
    return right(tuple(value["records"]))


def _cuts(context: "Context", name: str) -> dict[str, tuple[str, ...]]:
    """The zones above a name as resolvers tell them, nearest first, each with its name servers."""
    labels = name.split(".")
    above = [".".join(labels[at:]) for at in range(len(labels))]
    cuts = {}
    for seen in context.dns_all((each, "NS") for each in above):
        try:
            found = seen.read()
        except NotSeen:
            continue
        if found.records and not found.chain:
            cuts[found.name] = _hosts(found.records)
    return cuts


def _delegated(context: "Context", zone: str, parents: Sequence[str]) -> tuple[tuple[str, ...] | None, str | None]:
    """The name servers that the zone above names, or None and why they could not be seen."""
    trouble = "none of its name servers is known"
    for host in parents:
        [answer] = context.name_servers([(zone, "NS", host)])
        if answer.failure is not None:
            trouble = answer.failure.message
            continue
        value = answer.value
        servers = _hosts(value.get("delegated") or value["records"])
        if servers or value.get("authoritative"):
            return servers[:MOST_SERVERS], None
        trouble = f"{host} neither serves the zone above {zone} nor refers to another server"
    return None, trouble


def _of_zone(zone: str, hosts: Iterable[str]) -> list[Question]:
    return [Question.name_server(rdtype, zone, host) for host in hosts for rdtype in ("SOA", "NS")]


def _servers(context: "Context", zone: str, hosts: Sequence[str]) -> list[ServerSaid]:
    answers = context.ask_all(_of_zone(zone, hosts))
    return [_said(host, soa, ns) for host, soa, ns in zip(hosts, answers[::2], answers[1::2], strict=True)]


def _said(host: str, soa: Answer, ns: Answer) -> ServerSaid:
    if soa.failure is not None:
        return ServerSaid(host, trouble=soa.failure.message)
    if not soa.value.get("authoritative") or not soa.value["records"]:
        return ServerSaid(host, trouble="it does not serve this zone (a lame delegation)")
    named = _hosts(ns.value["records"]) if ns.failure is None else ()
    return ServerSaid(host, read_soa(soa.value["records"][0]).serial, named)


def _hosts(records: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(host.lower().rstrip(".") for host in records))
