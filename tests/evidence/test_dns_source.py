"""The DNS source over real packets: what there is, what there is not, and what could not be told."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from sesgate.evidence import Evidence, Failure, FailureKind, Question
from sesgate.evidence.dns import DnsSource
from sesgate.evidence.dns_exchange import Server
from sesgate.sandbox.documents import ready
from sesgate.sandbox.world import Sandbox

NAME = "records.yourdomain.com"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(ready()) as running:
        yield running


def server(sandbox: Sandbox) -> Server:
    host, _, port = sandbox.dns_address.rpartition(":")
    return Server(host, int(port))


def ask(sandbox: Sandbox, rdtype: str, name: str = NAME, timeout: float = 0.3) -> Any:
    evidence = Evidence({"dns": DnsSource({"resolver 1": [server(sandbox)]}, timeout)})
    return evidence.ask(Question.dns(rdtype, name, "resolver 1"))


def failure_of(sandbox: Sandbox, rdtype: str = "TXT", name: str = NAME) -> Failure:
    failure: Failure | None = ask(sandbox, rdtype, name).failure
    assert failure is not None
    return failure


@pytest.mark.parametrize(
    ("rdtype", "given", "wanted"),
    [
        ("A", ["192.0.2.1"], ["192.0.2.1"]),
        ("AAAA", ["2001:db8::1"], ["2001:db8::1"]),
        ("MX", ["10 mx.example.com"], ["10 mx.example.com"]),
        ("MX", ["0 ."], ["0 ."]),
        ("TXT", ["one"], ["one"]),
        ("TXT", ["x" * 600], ["x" * 600]),
        ("TXT", ["grüße"], ["grüße"]),
        ("NS", ["ns1.example.com"], ["ns1.example.com"]),
    ],
)
def test_records_come_in_presentation_form(sandbox: Sandbox, rdtype: str, given: list[str], wanted: list[str]) -> None:
    sandbox.zone[NAME] = {rdtype: given}
    value = ask(sandbox, rdtype).read()
    assert (value["rcode"], value["records"]) == ("NOERROR", wanted)
    assert isinstance(value["ttl"], int)


def test_a_cname_is_a_record_and_a_chain(sandbox: Sandbox) -> None:
    sandbox.zone[NAME] = {"CNAME": "middle.yourdomain.com"}
    sandbox.zone["middle.yourdomain.com"] = {"CNAME": "end.yourdomain.com"}
    sandbox.zone["end.yourdomain.com"] = {"TXT": ["at the end"]}
    assert ask(sandbox, "CNAME").read()["records"] == ["middle.yourdomain.com"]
    value = ask(sandbox, "TXT").read()
    assert value["records"] == ["at the end"]
    assert value["chain"] == ["middle.yourdomain.com", "end.yourdomain.com"]


def test_a_cname_that_leads_nowhere(sandbox: Sandbox) -> None:
    sandbox.zone[NAME] = {"CNAME": "gone.yourdomain.com"}
    value = ask(sandbox, "TXT").read()
    assert (value["rcode"], value["records"], value["chain"]) == ("NXDOMAIN", [], ["gone.yourdomain.com"])


def test_no_such_name_and_no_such_type_are_different_answers(sandbox: Sandbox) -> None:
    sandbox.zone[NAME] = {"A": ["192.0.2.1"]}
    assert ask(sandbox, "TXT").read()["rcode"] == "NOERROR"
    assert ask(sandbox, "TXT").read()["records"] == []
    assert ask(sandbox, "TXT", "nowhere.yourdomain.com").read()["rcode"] == "NXDOMAIN"


def test_names_that_cannot_exist_are_not_asked(sandbox: Sandbox) -> None:
    for name in ("a" * 64 + ".example.com", "double..dot.example", "x." * 140 + "example"):
        assert ask(sandbox, "TXT", name).read()["rcode"] == "NXDOMAIN"
    assert sandbox.log.questions == []


def test_two_hundred_records_come_over_tcp(sandbox: Sandbox) -> None:
    sandbox.zone[NAME] = {"TXT": [f"record number {number:03d}" for number in range(200)]}
    assert len(ask(sandbox, "TXT", timeout=3).read()["records"]) == 200
    assert {question.transport for question in sandbox.log.questions} == {"udp", "tcp"}


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("servfail", FailureKind.SERVFAIL),
        ("refuse", FailureKind.REFUSED),
        ("drop", FailureKind.TIMEOUT),
        ("truncate", FailureKind.UNREACHABLE),
    ],
)
def test_what_could_not_be_told(sandbox: Sandbox, fault: str, kind: FailureKind) -> None:
    getattr(sandbox.faults.dns, fault)(NAME)
    failure = failure_of(sandbox)
    assert failure.kind is kind
    assert "resolver 1" in failure.message
    assert NAME in failure.message


def test_garbage_is_never_an_answer(sandbox: Sandbox) -> None:
    sandbox.faults.dns.garbage(NAME)
    assert failure_of(sandbox).kind in (FailureKind.NOT_UNDERSTOOD, FailureKind.TIMEOUT)


def test_a_lost_packet_is_asked_again(sandbox: Sandbox) -> None:
    sandbox.zone[NAME] = {"TXT": ["here"]}
    sandbox.faults.dns.drop(NAME, times=1)
    assert ask(sandbox, "TXT").read()["records"] == ["here"]


def test_a_cname_loop_ends(sandbox: Sandbox) -> None:
    sandbox.faults.dns.cname_loop(NAME)
    assert failure_of(sandbox).kind is FailureKind.NOT_UNDERSTOOD


def test_a_resolver_that_is_not_there_fails_fast() -> None:
    evidence = Evidence({"dns": DnsSource({"resolver 1": [Server("127.0.0.1", 1)]}, 0.3)})
    began = time.monotonic()
    failure = evidence.ask(Question.dns("TXT", NAME, "resolver 1")).failure
    assert failure is not None
    assert failure.kind in (FailureKind.UNREACHABLE, FailureKind.TIMEOUT)
    assert time.monotonic() - began < 2


def test_the_next_server_of_a_resolver_is_tried(sandbox: Sandbox) -> None:
    sandbox.zone[NAME] = {"TXT": ["here"]}
    source = DnsSource({"resolver 1": [Server("127.0.0.1", 1), server(sandbox)]}, 0.2)
    answer = Evidence({"dns": source}).ask(Question.dns("TXT", NAME, "resolver 1"))
    assert answer.read()["records"] == ["here"]
