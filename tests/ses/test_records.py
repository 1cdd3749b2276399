"""Records written out for remedies: what they keep, and that they say what they are to say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.mail.dmarc import parse as parse_dmarc
from sesgate.mail.spf import parse as parse_spf
from sesgate.ses.records import (
    MAIL_FROM_SPF,
    dmarc_with,
    feedback_host,
    feedback_region,
    mail_hosts,
    spf_merged,
    spf_repaired,
    spf_with_ses,
)

TERMS = st.sampled_from(
    ["mx", "a", "ip4:203.0.113.0/24", "include:x.example.net", "-all", "~all", "redirect=x.example.net", "unknown=x"]
)
NONSENSE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("v=spf1 mx -all", "v=spf1 include:amazonses.com mx -all"),
        ("v=spf1 mx ?include:AmazonSES.com ~all", "v=spf1 include:amazonses.com mx ~all"),
        ("v=spf1", "v=spf1 include:amazonses.com ~all"),
        ("v=spf1 redirect=x.example.net", "v=spf1 include:amazonses.com redirect=x.example.net"),
    ],
)
def test_the_include_comes_first_and_the_rest_is_kept(text: str, wanted: str) -> None:
    assert spf_with_ses(parse_spf(text)) == wanted


def test_an_open_end_is_closed() -> None:
    assert spf_with_ses(parse_spf("v=spf1 mx +all"), closed=True) == "v=spf1 include:amazonses.com mx ~all"


@given(st.lists(TERMS | NONSENSE, max_size=8))
def test_a_repaired_record_parses_and_begins_with_ses(terms: list[str]) -> None:
    repaired = spf_repaired(" ".join(["v=spf1", *terms]))
    assert parse_spf(repaired).directives[0].text == "include:amazonses.com"


@given(st.lists(st.lists(TERMS, max_size=4), min_size=2, max_size=3))
def test_merged_records_are_one_that_parses(records: list[list[str]]) -> None:
    merged = parse_spf(spf_merged(" ".join(["v=spf1", *terms]) for terms in records))
    assert merged.directives[0].text == "include:amazonses.com"
    assert sum(term.text.lstrip("+-~?") == "all" for term in merged.directives) <= 1


def test_what_cannot_be_repaired_becomes_what_aws_asks_for() -> None:
    assert spf_repaired("v=spf1 \N{NO-BREAK SPACE}") == MAIL_FROM_SPF


def test_tags_are_set_taken_out_and_kept_in_their_order() -> None:
    text = "v=DMARC1;p=none ; aspf=s; rua=mailto:a@b.example;"
    assert dmarc_with(text, {"p": "reject", "aspf": None}) == "v=DMARC1; p=reject; rua=mailto:a@b.example"


def test_what_no_record_may_hold_is_left_out() -> None:
    assert dmarc_with("v=DMARC1; p=none; x=\x1b[31m\n", {}) == "v=DMARC1; p=none; x=[31m"


def test_a_new_policy_is_the_second_tag() -> None:
    assert dmarc_with("v=DMARC1; sp=none", {"p": "none", "rua": "x"}) == "v=DMARC1; p=none; sp=none; rua=x"


@given(st.sampled_from(["none", "quarantine", "reject"]), st.text(max_size=40))
def test_the_policy_is_what_was_set(policy: str, rest: str) -> None:
    written = dmarc_with(f"v=DMARC1; {rest.replace('=', '')}", {"p": policy})
    assert parse_dmarc(written).p == policy


def test_hosts_come_best_first_in_lower_case() -> None:
    assert mail_hosts(["20 B.example", "5 a.example", "100 c.example."]) == ("a.example", "b.example", "c.example")
    assert mail_hosts(["0 ."]) == (".",)


@pytest.mark.parametrize("host", ["feedback-smtp..amazonses.com", "mx.example.net", "feedback-smtp.amazonses.com"])
def test_other_hosts_take_no_feedback(host: str) -> None:
    assert feedback_region(host) is None


def test_a_feedback_host_names_its_region() -> None:
    assert feedback_region(feedback_host("eu-west-1").upper()) == "eu-west-1"
