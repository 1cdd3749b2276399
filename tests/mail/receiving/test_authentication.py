"""SPF, DKIM, DMARC and alignment of messages that are signed here."""

import pytest

from sesgate.mail.receiving import RULES, Status
from sesgate.mail.resolver import DnsFailure
from tests.mail.receiving.messages import DOMAIN, ONE_CLICK, OWN, RESULTS, SELECTOR, judged, message, statuses, zone

KEY = f"{SELECTOR}._domainkey.{DOMAIN}"
PASS, FAIL, NOT_SEEN, NOT_ASKED = Status.PASS, Status.FAIL, Status.NOT_SEEN, Status.NOT_ASKED


def test_a_message_that_is_right() -> None:
    found = statuses(message(more=ONE_CLICK), zone(), is_bulk=True)
    assert found == dict.fromkeys((rule.id for rule in RULES), PASS)


@pytest.mark.parametrize("header", [b"relaxed", b"simple"])
@pytest.mark.parametrize("body", [b"relaxed", b"simple"])
@pytest.mark.parametrize("text", [b"", b"\r\n", b"one", b"one ", b"one \t two\t\r\n \r\n\r\n", b"a\r\n\r\nb\r\n"])
def test_every_canonicalization_verifies(header: bytes, body: bytes, text: bytes) -> None:
    octets = message(body=text, canonicalize=(header, body))
    assert statuses(octets, zone())["dkim-signature"] is PASS
    assert statuses(octets.replace(b"\r\n", b"\n"), zone())["dkim-signature"] is PASS, "as saved with LF"


@pytest.mark.parametrize(
    ("octets", "why"),
    [
        (message().replace(b"invoice is", b"invoices are"), "the body was changed"),
        (message().replace(b"Your invoice", b"Your money"), "does not match the header fields"),
        (message(covered=[b"from"]).replace(b"h=from", b"h=date"), "does not cover From"),
        (message().replace(b"a=rsa-sha256", b"a=rsa-sha1"), "SHA-1"),
        (message().replace(b"s=s1;", b"s=s2;"), "there is no key at s2._domainkey.yourdomain.com"),
        (message().replace(b"v=1;", b"v=2;"), "RFC 6376"),
        (message().replace(b"v=1;", b"v=1;" + b" " * 200), "RFC 6376"),
        (message().replace(b"v=1;", b"v=1; n=" + b"x" * 9000 + b";"), "longer"),
        (message(sign=False), "no DKIM signature"),
    ],
)
def test_signatures_that_do_not_count(octets: bytes, why: str) -> None:
    status, seen = judged(octets, zone())["dkim-signature"]
    assert status is FAIL
    assert why in seen


def test_ed25519_without_pynacl_and_a_signature_that_expired_are_not_seen() -> None:
    curve = message().replace(b"a=rsa-sha256", b"a=ed25519-sha256")
    record = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
    status, seen = judged(curve, zone(**{KEY: {"TXT": record}}))["dkim-signature"]
    assert status is NOT_SEEN
    assert "pynacl" in seen
    assert judged(message().replace(b"v=1;", b"v=1; x=1000;"), zone())["dkim-signature"][0] is NOT_SEEN


def test_one_signature_that_counts_is_enough_and_the_others_are_told() -> None:
    first = message()
    own = first[first.index(b"DKIM-Signature") :]
    signature = own[: own.index(b"From: ")]
    octets = first.replace(signature, signature.replace(b"s=s1;", b"s=s9;") + signature)
    status, seen = judged(octets, zone())["dkim-signature"]
    assert status is PASS
    assert "selector s1, verifies; that of yourdomain.com: there is no key at s9._domainkey.yourdomain.com" in seen


def test_l_leaves_an_end_unsigned_and_is_told() -> None:
    octets = message(length=True) + b"and more\r\n"
    status, seen = judged(octets, zone())["dkim-signature"]
    assert status is PASS
    assert "leaves the end of the body unsigned" in seen


@pytest.mark.parametrize(
    ("record", "why"),
    [("v=DKIM1; p=", "revoked"), ("v=DKIM1; k=rsa; p=AAAA", "can't be used"), ("v=DKIM1; h=sha1; p={}", "SHA-256")],
)
def test_keys_that_do_not_count(record: str, why: str) -> None:
    whole = zone().query(KEY, "TXT").values[0].rpartition("p=")[2]
    status, seen = judged(message(), zone(**{KEY: {"TXT": record.format(whole)}}))["dkim-signature"]
    assert status is FAIL
    assert why in seen


def test_a_dns_that_fails_is_not_seen_and_never_a_failure() -> None:
    found = statuses(message(results=None), zone(**{KEY: DnsFailure, "_dmarc.yourdomain.com": DnsFailure}))
    assert (found["dkim-signature"], found["dmarc"], found["alignment"]) == (NOT_SEEN, NOT_SEEN, NOT_SEEN)
    assert FAIL not in found.values()


def test_offline_the_receiver_is_believed_and_signatures_are_not_seen() -> None:
    found = judged(message(), None)
    assert found["dkim-signature"] == (NOT_SEEN, "offline")
    assert [found[name][0] for name in ("spf", "dkim", "dmarc", "alignment", "tls", "ptr")] == [PASS] * 6


@pytest.mark.parametrize(
    ("results", "rule", "status"),
    [
        (RESULTS.replace("spf=pass", "spf=softfail"), "spf", FAIL),
        (RESULTS.replace("spf=pass", "spf=temperror"), "spf", NOT_SEEN),
        (RESULTS.replace("dkim=pass", "dkim=none"), "dkim", FAIL),
        (RESULTS.replace("dkim=pass", 'dkim=fail reason="a; dkim=pass"'), "dkim", FAIL),
        (RESULTS.replace("dmarc=pass", "dmarc=fail"), "dmarc", FAIL),
        (RESULTS.replace("dkim=pass", "(dkim=pass; dkim=pass) x=y"), "dkim", NOT_SEEN),
        ("mx.google.com; none", "spf", NOT_SEEN),
        (None, "spf", NOT_SEEN),
    ],
)
def test_what_the_receiver_wrote(results: str | None, rule: str, status: Status) -> None:
    assert statuses(message(results=results), zone())[rule] is status


def test_only_the_topmost_field_of_a_trusted_server_counts() -> None:
    forged = (("Authentication-Results", RESULTS),)
    octets = message(more=forged, results=RESULTS.replace("spf=pass", "spf=fail"))
    assert statuses(octets, zone())["spf"] is FAIL
    assert statuses(octets, zone(), servers=("MX.Google.com",))["spf"] is FAIL
    assert statuses(octets, zone(), servers=("mx.example.net",))["spf"] is NOT_SEEN


def test_a_field_below_of_another_name_adds_nothing() -> None:
    octets = message(
        more=(("Authentication-Results", RESULTS.replace("google", "evil")),), results="mx.google.com; none"
    )
    assert statuses(octets, zone())["spf"] is NOT_SEEN


def test_fields_of_one_house_that_stand_together_count_together() -> None:
    spf = "spf.icloud.com; spf=pass smtp.mailfrom=x@bounce.yourdomain.com"
    dmarc = "Authentication-Results: dmarc.icloud.com; dmarc=pass"
    found = judged(message(results=f"{spf}\r\n{dmarc}"), None)
    assert found["spf"][0] is PASS
    assert found["dmarc"][0] is PASS


def test_outlook_writes_no_name() -> None:
    written = (
        "spf=pass (sender IP is 54.240.8.52) smtp.mailfrom=bounce.yourdomain.com; dkim=pass (signature was verified)"
    )
    assert judged(message(results=written), None)["spf"][0] is PASS


@pytest.mark.parametrize(
    ("dmarc", "status"),
    [
        ("v=DMARC1; p=none", PASS),
        ("v=DMARC1; p=none; aspf=s", PASS),
        ("v=DMARC1; p=none; aspf=s; adkim=s", PASS),
    ],
)
def test_dkim_of_the_same_domain_aligns_in_every_mode(dmarc: str, status: Status) -> None:
    assert statuses(message(), zone(**{"_dmarc.yourdomain.com": {"TXT": dmarc}}))["alignment"] is status


@pytest.mark.parametrize(("mode", "status"), [("r", PASS), ("s", FAIL)])
def test_a_subdomain_aligns_where_alignment_is_relaxed(mode: str, status: Status) -> None:
    own = (("From", "no-reply@mail.yourdomain.com"), *OWN[1:])
    dmarc = {"TXT": f"v=DMARC1; p=none; adkim={mode}; aspf={mode}"}
    assert statuses(message(own), zone(**{"_dmarc.yourdomain.com": dmarc}))["alignment"] is status


def test_amazons_own_domains_do_not_align() -> None:
    own = (("From", "no-reply@other.example"), *OWN[1:])
    found = statuses(message(own), zone(**{"_dmarc.other.example": {"TXT": "v=DMARC1; p=none"}}))
    assert (found["alignment"], found["dmarc"]) == (FAIL, PASS)


def test_no_policy_is_a_failure() -> None:
    assert statuses(message(), zone(**{"_dmarc.yourdomain.com": {}}))["dmarc"] is FAIL


def test_what_a_forwarder_found_is_no_result_of_the_receiver() -> None:
    """ARC fields are the word of whoever passed the message on. RFC 8617 section 4.1."""
    arc = b"ARC-Seal: i=1; cv=none; d=x.example; s=a; a=rsa-sha256; b=AbC\r\n"
    arc += b"ARC-Authentication-Results: i=1; mx.google.com; dkim=fail; spf=fail; dmarc=fail\r\n"
    assert statuses(arc + message(), zone()) == statuses(message(), zone())
    assert statuses(arc + message(results=None), zone())["spf"] is NOT_SEEN
