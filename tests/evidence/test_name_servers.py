"""A zone's own name servers over real packets, each at an address of its own."""

from collections.abc import Iterator

import pytest

from sesgate.clock import FixedClock
from sesgate.context import Context, Place
from sesgate.evidence import Evidence, FailureKind, Question
from sesgate.evidence.dns import DnsSource
from sesgate.evidence.dns_exchange import Server
from sesgate.gate import load_gate
from sesgate.sandbox import Sandbox, ready
from sesgate.ses.walking import walk, where
from sesgate.ses.walks import Place as Where
from sesgate.testing import MOMENT

DOMAIN = "yourdomain.com"
PARENT, FIRST, SECOND = "a.gtld-servers.net", "ns1.example.net", "ns2.example.net"
GATE = """
version: 1
aws: {region: ap-southeast-1}
dns: {authoritative: true}
senders: [{address: no-reply@yourdomain.com}]
"""


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    """`com` at one server, and yourdomain.com at two; the second one is a transfer behind."""
    with Sandbox(ready()) as running:
        zone = dict(running.zone)
        old = {**zone, DOMAIN: {**zone[DOMAIN], "SOA": zone[DOMAIN]["SOA"].replace("2026112401", "2026112400")}}
        running.serve_zone(PARENT, "com", {DOMAIN: {"NS": [FIRST, SECOND]}, "com": zone["com"]})
        running.serve_zone(FIRST, DOMAIN, {**zone, f"new.{DOMAIN}": {"TXT": ["here"]}})
        running.serve_zone(SECOND, DOMAIN, old)
        yield running


def evidence(sandbox: Sandbox) -> Evidence:
    resolver = Server("127.0.0.1", sandbox.dns_port)
    return Evidence({"dns": DnsSource({"resolver 1": [resolver]}, 0.3, sandbox.dns_port)})


def context(sandbox: Sandbox) -> Context:
    return Context(load_gate("-", {}, GATE).gate, evidence(sandbox), FixedClock(MOMENT), Place("ap-southeast-1"))


def test_a_name_server_answers_for_its_zone(sandbox: Sandbox) -> None:
    value = evidence(sandbox).ask(Question.name_server("TXT", f"new.{DOMAIN}", FIRST)).read()
    assert (value["records"], value["authoritative"], value["delegated"]) == (["here"], True, [])


def test_a_parent_refers_to_the_zones_servers(sandbox: Sandbox) -> None:
    value = evidence(sandbox).ask(Question.name_server("NS", DOMAIN, PARENT)).read()
    assert (value["records"], value["authoritative"], value["delegated"]) == ([], False, [FIRST, SECOND])


def test_a_name_that_is_not_there_is_an_answer(sandbox: Sandbox) -> None:
    value = evidence(sandbox).ask(Question.name_server("TXT", f"new.{DOMAIN}", SECOND)).read()
    assert (value["rcode"], value["authoritative"]) == ("NXDOMAIN", True)


def test_a_server_asked_for_another_zone_refuses(sandbox: Sandbox) -> None:
    failure = evidence(sandbox).ask(Question.name_server("SOA", "example.org", FIRST)).failure
    assert failure is not None
    assert (failure.kind, failure.message.startswith(FIRST)) == (FailureKind.REFUSED, True)


@pytest.mark.parametrize("host", ["nowhere.example.net", "a..b"])
def test_a_server_without_an_address_can_not_be_reached(sandbox: Sandbox, host: str) -> None:
    assert evidence(sandbox).ask(Question.name_server("SOA", DOMAIN, host)).failure is not None


def test_the_walk_finds_delegation_serials_and_records(sandbox: Sandbox) -> None:
    at = context(sandbox)
    found = walk(at, f"new.{DOMAIN}")
    assert found is not None
    assert (found.zone, found.parent, found.delegated) == (DOMAIN, "com", (FIRST, SECOND))
    assert [(one.name, one.serial) for one in found.servers] == [(FIRST, 2026112401), (SECOND, 2026112400)]
    query = (f"new.{DOMAIN}", "TXT")
    assert where(at, found, {query: lambda records: records == ("here",)})[query].place is Where.NOT_ON_ALL
    assert list(at.notes) == [
        f"the name servers of {DOMAIN} hold different serials: 2026112401 at {FIRST}, 2026112400 at {SECOND}"
    ]


def test_each_server_is_asked_once_for_its_soa_and_looked_up_once(sandbox: Sandbox) -> None:
    at = context(sandbox)
    for name in (DOMAIN, f"new.{DOMAIN}", f"_domainkey.{DOMAIN}"):
        assert walk(at, name) is not None
    asked = sandbox.log.count_questions()
    assert asked[DOMAIN, "SOA"] == 2
    assert (asked[FIRST, "A"], asked[SECOND, "A"], asked[PARENT, "A"]) == (1, 1, 1)


def test_a_server_that_is_gone_is_a_note(sandbox: Sandbox) -> None:
    sandbox.zone[SECOND] = {"A": ["127.0.0.99"]}
    at = context(sandbox)
    found = walk(at, DOMAIN)
    assert found is not None
    assert [one.serial for one in found.servers] == [2026112401, None]
    assert any(note.startswith(f"{SECOND}, a name server of {DOMAIN}: ") for note in at.notes)
