"""What holds for every text and every tree of records. RFC 9989."""

import time

from hypothesis import given
from hypothesis import strategies as st

from sesgate.mail.dmarc import (
    MAX_QUERIES,
    Alignment,
    DmarcSyntaxError,
    Policy,
    aligned,
    discover,
    is_dmarc,
    organizational_domain,
    parse,
    parse_uri,
    report_permission,
)
from sesgate.mail.domains import is_subdomain

from .zones import ZoneResolver

TAGS = st.sampled_from(
    [
        *("p=none", "p=quarantine", "p=reject", "p=x", "sp=none", "sp=reject", "sp=x", "np=reject", "np=x"),
        *("psd=y", "psd=n", "psd=u", "t=y", "adkim=s", "aspf=x", "fo=1:d", "fo=", "pct=5", "x=1", "", "="),
        *("rua=mailto:a@example.com", "rua=a", "ruf=mailto:a@b.test,https://b.test!1k"),
    ]
)
RECORDS = st.lists(TAGS, max_size=5, unique_by=lambda tag: tag.partition("=")[0]).map(
    lambda tags: "; ".join(["v=DMARC1", *tags])
)
TEXTS = (
    RECORDS | st.sampled_from(["v=spf1 -all", "v=dmarc1; p=none", "v=DMARC1; p=none; p=none"]) | st.text(max_size=20)
)
# Few labels, so that domains share their upper parts; up to eleven of them, so that the walk has to skip.
DOMAINS = st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=11).map(".".join)
ZONES = st.dictionaries(DOMAINS, st.lists(TEXTS, min_size=1, max_size=2), max_size=8).map(
    lambda records: ZoneResolver({f"_dmarc.{domain}": {"TXT": texts} for domain, texts in records.items()})
)


@given(st.text() | TEXTS | st.text(alphabet="vp=DMARC1;, \t:!%@", max_size=60))
def test_a_record_is_read_or_refused(text: str) -> None:
    try:
        record = parse(text)
    except DmarcSyntaxError:
        return
    assert is_dmarc(text)
    assert record.text == text
    for exists in (True, False):
        assert record.policy(subdomain=False, exists=exists)[1] == "p"
        assert record.policy(subdomain=True, exists=exists)[0] in Policy


@given(st.text() | st.text(alphabet="mailto:/@?#[]!%0a.", max_size=60))
def test_a_destination_is_read_or_refused(text: str) -> None:
    try:
        uri = parse_uri(text)
    except DmarcSyntaxError:
        return
    assert text.startswith(uri.text)
    assert parse_uri(uri.text).host == uri.host
    assert (uri.address is None) is (uri.scheme != "mailto")


@given(RECORDS)
def test_the_order_of_tags_changes_no_policy(text: str) -> None:
    version, *tags = text.split("; ")
    one, other = parse(text), parse("; ".join([version, *reversed(tags)]))
    assert (one.p, one.sp, one.np, one.t, one.psd, one.applies) == (
        other.p,
        other.sp,
        other.np,
        other.t,
        other.psd,
        other.applies,
    )


@given(DOMAINS, ZONES)
def test_discovery(domain: str, zone: ZoneResolver) -> None:
    found = discover(domain, zone, exists=True)
    assert found.queries == zone.count() <= MAX_QUERIES
    assert len({lookup.name for lookup in found.lookups}) == found.queries
    for place in (found.organizational_domain, found.policy_domain or domain):
        assert place == domain or is_subdomain(domain, place)
    assert (found.record is None) is (found.policy_domain is None)
    assert (found.declared is None) is (found.record is None or not found.record.applies)
    if found.declared is not None and found.record is not None:
        assert found.effective == (found.declared.one_below() if found.record.t else found.declared)


@given(DOMAINS, ZONES)
def test_the_organizational_domain_aligns_with_itself(domain: str, zone: ZoneResolver) -> None:
    assert aligned(domain, domain, Alignment.RELAXED, zone)
    assert aligned(domain, domain, Alignment.STRICT, zone)
    assert organizational_domain(domain, zone) == discover(domain, zone, exists=True).organizational_domain


@given(DOMAINS, DOMAINS, DOMAINS, ZONES)
def test_alignment_is_an_equivalence(one: str, two: str, three: str, zone: ZoneResolver) -> None:
    for mode in Alignment:
        assert aligned(one, two, mode, zone) is aligned(two, one, mode, zone)
        if aligned(one, two, mode, zone) and aligned(two, three, mode, zone):
            assert aligned(one, three, mode, zone)
    if aligned(one, two, Alignment.STRICT, zone):
        assert aligned(one, two, Alignment.RELAXED, zone)


@given(DOMAINS, DOMAINS, ZONES)
def test_reports_within_an_organization_need_no_permission(policy: str, host: str, zone: ZoneResolver) -> None:
    permission = report_permission(policy, parse_uri(f"mailto:d@{host}"), zone)
    assert (permission.name is None) is aligned(policy, host, Alignment.RELAXED, zone)
    assert permission.granted is (permission.name is None)


def test_hostile_text_is_read_fast() -> None:
    start = time.process_time()
    for tail in (
        ";" * 65000,
        "; a" * 20000,
        "; rua=" + "mailto:a@b.test," * 4000,
        "; rua=" + "a" * 65000,
        "; rua=x://" + "@" * 65000,
    ):
        parse("v=DMARC1" + tail)
        parse("v=DMARC1; rua=x:" + tail.replace(";", "/"))
    for tail in (" " * 65000 + "x", "=" * 65000):
        assert not is_dmarc("v" + tail)
    assert time.process_time() - start < 30
