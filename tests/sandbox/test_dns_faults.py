"""Each fault of the name server."""

import time

import dns.exception
import dns.flags
import dns.rcode
import dns.rdatatype
import pytest

from sesgate.evidence import FailureKind, NotSeen, Question
from sesgate.evidence.dns import DnsSource
from sesgate.evidence.dns_exchange import Server
from sesgate.evidence.flight import Flight
from sesgate.sandbox import Sandbox
from sesgate.sandbox.documents import DOMAIN, MAIL_FROM
from tests.sandbox.test_nameserver import ask


def test_drop(sandbox: Sandbox) -> None:
    sandbox.faults.dns.drop(MAIL_FROM, times=1)
    with pytest.raises(dns.exception.Timeout):
        ask(sandbox, MAIL_FROM, "MX", timeout=0.1)
    assert ask(sandbox, MAIL_FROM, "MX").answer


def test_one_name_and_type(sandbox: Sandbox) -> None:
    sandbox.faults.dns.servfail(f"{MAIL_FROM.upper()}.", "TXT")
    assert ask(sandbox, MAIL_FROM, "TXT").rcode() == dns.rcode.SERVFAIL
    assert ask(sandbox, MAIL_FROM, "MX").rcode() == dns.rcode.NOERROR
    assert ask(sandbox, DOMAIN, "TXT").rcode() == dns.rcode.NOERROR


def test_refused(sandbox: Sandbox) -> None:
    sandbox.faults.dns.refuse()
    assert ask(sandbox, DOMAIN, "A").rcode() == dns.rcode.REFUSED


def test_truncated_without_tcp(sandbox: Sandbox) -> None:
    sandbox.faults.dns.truncate(DOMAIN)
    assert ask(sandbox, DOMAIN, "A").flags & dns.flags.TC
    with pytest.raises((EOFError, OSError)):
        ask(sandbox, DOMAIN, "A", tcp=True)


def test_garbage(sandbox: Sandbox) -> None:
    sandbox.faults.dns.garbage(DOMAIN, times=1)
    with pytest.raises(dns.exception.DNSException):
        ask(sandbox, DOMAIN, "A")
    assert ask(sandbox, DOMAIN, "A").answer


def test_cname_loop(sandbox: Sandbox) -> None:
    sandbox.faults.dns.cname_loop(DOMAIN)
    response = ask(sandbox, DOMAIN, "TXT")
    assert [rrset.rdtype for rrset in response.answer] == [dns.rdatatype.CNAME] * 2
    assert response.answer[1][0].target == response.question[0].name


def test_slow(sandbox: Sandbox) -> None:
    sandbox.faults.dns.slow(30)
    sandbox.faults.dns.slow(30, DOMAIN)
    for tcp in (False, True):
        began = time.monotonic()
        ask(sandbox, DOMAIN, "A", tcp=tcp)
        assert time.monotonic() - began >= 0.06


def test_healed(sandbox: Sandbox) -> None:
    sandbox.faults.dns.drop()
    sandbox.faults.dns.slow(10_000)
    sandbox.faults.heal()
    assert ask(sandbox, DOMAIN, "A").answer


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("drop", FailureKind.TIMEOUT),
        ("servfail", FailureKind.SERVFAIL),
        ("refuse", FailureKind.REFUSED),
        ("truncate", FailureKind.UNREACHABLE),
        ("garbage", FailureKind.NOT_UNDERSTOOD),
        ("cname_loop", FailureKind.NOT_UNDERSTOOD),
    ],
)
def test_as_the_evidence_sees_them(sandbox: Sandbox, fault: str, kind: FailureKind) -> None:
    getattr(sandbox.faults.dns, fault)(DOMAIN)
    host, _, port = sandbox.dns_address.partition(":")
    source = DnsSource({"resolver 1": [Server(host, int(port))]}, timeout=0.1)
    with pytest.raises(NotSeen) as unseen:
        source.answer(Question.dns("MX", DOMAIN, "resolver 1"), Flight(1))
    assert unseen.value.failure.kind == kind
