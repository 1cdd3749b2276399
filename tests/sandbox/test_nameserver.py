"""The DNS server, asked as resolvers' clients ask, over UDP and TCP."""

import socket
import threading

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.query
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import pytest

from sesgate.sandbox import Sandbox
from sesgate.sandbox.documents import DOMAIN, MAIL_FROM
from sesgate.sandbox.log import DnsQuestion


def ask(
    sandbox: Sandbox, name: str, rdtype: str, *, payload: int = 1232, tcp: bool = False, timeout: float = 5
) -> dns.message.Message:
    host, _, port = sandbox.dns_address.partition(":")
    query = dns.message.make_query(name, rdtype, use_edns=0 if payload else -1, payload=payload or 512)
    exchange = dns.query.tcp if tcp else dns.query.udp
    return exchange(query, host, timeout, int(port))


def texts(response: dns.message.Message) -> list[str]:
    return [str(record) for rrset in response.answer for record in rrset]


def test_records(sandbox: Sandbox) -> None:
    response = ask(sandbox, MAIL_FROM, "MX")
    assert response.rcode() == dns.rcode.NOERROR
    assert response.flags & dns.flags.RA
    assert not response.flags & dns.flags.AA
    assert texts(response) == ["10 feedback-smtp.ap-southeast-1.amazonses.com."]
    assert texts(ask(sandbox, f"_dmarc.{DOMAIN}", "TXT"))[0].startswith('"v=DMARC1; ')


def test_names_in_any_case_are_answered_as_asked(sandbox: Sandbox) -> None:
    response = ask(sandbox, "BOUNCE.YourDomain.com", "MX")
    assert response.answer[0].name.to_text() == "BOUNCE.YourDomain.com."
    assert sandbox.log.questions == [DnsQuestion(MAIL_FROM, "MX", "udp")]


def test_ttls(sandbox: Sandbox) -> None:
    assert ask(sandbox, DOMAIN, "MX").answer[0].ttl == 3600
    assert ask(sandbox, DOMAIN, "A").answer[0].ttl == 300


def test_a_cname_is_followed(sandbox: Sandbox) -> None:
    token = sandbox.account.region("ap-southeast-1")["ses"]["identities"][DOMAIN]["DkimAttributes"]["Tokens"][0]
    response = ask(sandbox, f"{token}._domainkey.{DOMAIN}", "TXT")
    assert [rrset.rdtype for rrset in response.answer] == [dns.rdatatype.CNAME, dns.rdatatype.TXT]
    only = ask(sandbox, f"{token}._domainkey.{DOMAIN}", "CNAME")
    assert texts(only) == [f"{token}.dkim.amazonses.com."]


def test_a_cname_to_nowhere(sandbox: Sandbox) -> None:
    sandbox.zone[f"alias.{DOMAIN}"] = {"CNAME": "gone.amazonses.com"}
    response = ask(sandbox, f"alias.{DOMAIN}", "A")
    assert response.rcode() == dns.rcode.NXDOMAIN
    assert texts(response) == ["gone.amazonses.com."]
    assert response.authority[0].name.to_text() == "amazonses.com."


def test_cnames_in_a_circle_end(sandbox: Sandbox) -> None:
    sandbox.zone[f"a.{DOMAIN}"] = {"CNAME": f"b.{DOMAIN}"}
    sandbox.zone[f"b.{DOMAIN}"] = {"CNAME": f"a.{DOMAIN}"}
    assert len(ask(sandbox, f"a.{DOMAIN}", "A").answer) == 2


@pytest.mark.parametrize("name", [f"nothing.{DOMAIN}", "nothing.nowhere", f"_dmarc.nothing.{DOMAIN}"])
def test_nxdomain(sandbox: Sandbox, name: str) -> None:
    response = ask(sandbox, name, "TXT")
    assert response.rcode() == dns.rcode.NXDOMAIN
    assert response.authority[0].rdtype == dns.rdatatype.SOA
    assert response.authority[0].name.to_text() == (f"{DOMAIN}." if name.endswith(DOMAIN) else ".")


@pytest.mark.parametrize("name", [MAIL_FROM, f"_domainkey.{DOMAIN}", "in-addr.arpa"])
def test_no_data(sandbox: Sandbox, name: str) -> None:
    """Also where a name exists only because there is something below it."""
    response = ask(sandbox, name, "A")
    assert response.rcode() == dns.rcode.NOERROR
    assert response.answer == []
    assert response.authority[0].rdtype == dns.rdatatype.SOA


def test_the_soa_of_a_negative_answer(sandbox: Sandbox) -> None:
    soa = ask(sandbox, f"nothing.{DOMAIN}", "A").authority[0]
    assert soa[0].serial == 2026112401
    assert texts(ask(sandbox, DOMAIN, "SOA"))[0].split()[2] == "2026112401"


def test_wildcards(sandbox: Sandbox) -> None:
    sandbox.zone[f"*.apps.{DOMAIN}"] = {"A": "192.0.2.9"}
    sandbox.zone[f"x.there.apps.{DOMAIN}"] = {"A": "192.0.2.10"}
    assert texts(ask(sandbox, f"a.b.apps.{DOMAIN}", "A")) == ["192.0.2.9"]
    assert ask(sandbox, f"a.apps.{DOMAIN}", "MX").rcode() == dns.rcode.NOERROR
    assert ask(sandbox, f"a.there.apps.{DOMAIN}", "A").rcode() == dns.rcode.NXDOMAIN


def test_a_long_text_is_cut_into_strings(sandbox: Sandbox) -> None:
    sandbox.zone[f"long.{DOMAIN}"] = {"TXT": ["p=" + "é" * 300]}
    [rrset] = ask(sandbox, f"long.{DOMAIN}", "TXT").answer
    assert [len(string) for string in rrset[0].strings] == [255, 255, 92]
    assert b"".join(rrset[0].strings).decode() == "p=" + "é" * 300


def test_strings_can_be_given(sandbox: Sandbox) -> None:
    sandbox.zone[f"two.{DOMAIN}"] = {"TXT": [["v=spf1 ", "-all"], "other"]}
    assert texts(ask(sandbox, f"two.{DOMAIN}", "TXT")) == ['"v=spf1 " "-all"', '"other"']


def test_reverse_names(sandbox: Sandbox) -> None:
    pointer = ask(sandbox, "11.224.169.69.in-addr.arpa", "PTR")
    assert texts(pointer) == ["e224-11.smtp-out.ap-southeast-1.amazonses.com."]


@pytest.mark.parametrize("payload", [0, 512, 1232, 4096])
def test_truncation_and_tcp(sandbox: Sandbox, payload: int) -> None:
    sandbox.zone[f"big.{DOMAIN}"] = {"TXT": [f"{number}" * 250 for number in range(8)]}
    sandbox.zone[f"some.{DOMAIN}"] = {"TXT": [f"{number}" * 250 for number in range(3)]}
    over_udp = ask(sandbox, f"big.{DOMAIN}", "TXT", payload=payload)
    assert over_udp.flags & dns.flags.TC
    assert over_udp.answer == []
    assert len(texts(ask(sandbox, f"big.{DOMAIN}", "TXT", payload=payload, tcp=True))) == 8
    assert bool(ask(sandbox, f"some.{DOMAIN}", "TXT", payload=payload).flags & dns.flags.TC) == (payload < 1232)


def test_tcp_carries_many_questions(sandbox: Sandbox) -> None:
    host, _, port = sandbox.dns_address.partition(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        for rdtype in ("MX", "TXT", "A"):
            dns.query.send_tcp(connection, dns.message.make_query(MAIL_FROM, rdtype))
            assert dns.query.receive_tcp(connection)[0].question[0].rdtype == dns.rdatatype.from_text(rdtype)
    assert {question.transport for question in sandbox.log.questions} == {"tcp"}


def test_what_is_no_question(sandbox: Sandbox) -> None:
    host, _, port = sandbox.dns_address.partition(":")
    update = dns.message.make_query(DOMAIN, "SOA")
    update.set_opcode(dns.opcode.NOTIFY)
    assert dns.query.udp(update, host, 5, int(port)).rcode() == dns.rcode.NOTIMP
    chaos = dns.message.make_query("version.bind", "TXT", rdclass=dns.rdataclass.CH)
    assert dns.query.udp(chaos, host, 5, int(port)).rcode() == dns.rcode.REFUSED
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.sendto(b"hello", (host, int(port)))
        plain.sendto(b"", (host, int(port)))
    assert ask(sandbox, DOMAIN, "A").rcode() == dns.rcode.NOERROR


def test_questions_side_by_side(sandbox: Sandbox) -> None:
    threads = [threading.Thread(target=ask, args=(sandbox, DOMAIN, "MX")) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sandbox.log.count_questions() == {(DOMAIN, "MX"): 24}
