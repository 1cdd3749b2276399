"""spf: what receivers make of the envelope domain, for the addresses that SES sends from."""

from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.finding import DnsRecord
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "spf"
DOMAIN = "yourdomain.com"
SENDER = "no-reply@yourdomain.com"
BOUNCE = "bounce.yourdomain.com"
WANTED = "v=spf1 include:amazonses.com ~all"


def _published(*texts: str, world: World | None = None) -> World:
    return (world or ready_world()).dns(BOUNCE, "TXT", *texts)


def _settings(**attributes: Any) -> World:
    return ready_world().answer("sesv2", "GetEmailIdentity", {"EmailIdentity": DOMAIN}, MailFromAttributes=attributes)


def _one(world: World) -> Judged:
    [judged] = run(CHECK, world)
    return judged


def _record(judged: Judged) -> str:
    """The text that the remedy publishes."""
    assert judged.finding.remedy is not None
    [record] = [one for one in judged.finding.remedy.changes if isinstance(one, DnsRecord)]
    assert (record.name, record.type) == (BOUNCE, "TXT")
    return record.value


def _including(count: int, *, world: World | None = None) -> tuple[World, str]:
    """A world with so many records to include, and the terms that include them."""
    world = world or ready_world()
    for number in range(count):
        world = world.dns(f"i{number}.example.net", "TXT", "v=spf1 -all")
    return world, " ".join(f"include:i{number}.example.net" for number in range(count))


def test_the_include_passes_and_the_counts_are_told() -> None:
    judged = _one(ready_world())
    assert judged.status.value == "pass"
    for told in ("11 networks", "1 of 10 look-ups", "0 of 2 void", "-all"):
        assert told in judged.finding.message


def test_two_dns_questions_are_enough() -> None:
    world = ready_world()
    asked = {question.id: question.source for question in world.context().evidence.answers()}
    assert [asked[one] for one in _one(world).evidence].count("dns") == 2


@pytest.mark.parametrize("text", [WANTED, "v=spf1 redirect=amazonses.com", "V=SPF1 INCLUDE:AmazonSES.com -ALL"])
def test_whatever_lets_ses_pass_counts(text: str) -> None:
    assert statuses(run(CHECK, _published(text))) == {"pass"}


def test_a_record_that_asks_anew_for_each_address_is_tried_for_a_few() -> None:
    judged = _one(_published("v=spf1 exists:%{i}.x.example.net include:amazonses.com -all"))
    assert judged.status.value == "pass"
    assert "3 networks tried" in judged.finding.message


@pytest.mark.parametrize("world", [_published(), _published("some-verification=1"), ready_world().no_name(BOUNCE)])
def test_no_record_is_a_blocker(world: World) -> None:
    judged = _one(world)
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "missing", "blocker")
    assert _record(judged) == WANTED


def test_what_looks_like_a_record_and_is_none_is_shown() -> None:
    judged = _one(_published("v=spf1include:amazonses.com ~all"))
    assert judged.cause == "missing"
    assert "v=spf1include:amazonses.com ~all" in judged.finding.message


def test_a_name_that_got_the_zone_twice_is_found() -> None:
    judged = _one(_published(world=ready_world().dns(f"{BOUNCE}.{DOMAIN}", "TXT", WANTED)))
    assert judged.cause == "doubled-name"
    assert _record(judged) == WANTED


def test_two_records_are_merged_into_one() -> None:
    judged = _one(_published("v=spf1 include:amazonses.com ~all", "v=spf1 ip4:203.0.113.7 -all"))
    assert judged.cause == "several"
    assert _record(judged) == "v=spf1 include:amazonses.com ip4:203.0.113.7 -all"


def test_a_term_that_breaks_the_syntax_is_named() -> None:
    judged = _one(_published("v=spf1 include:amazonses.com ipv4:203.0.113.7 -all"))
    assert judged.cause == "syntax"
    assert "ipv4:203.0.113.7" in judged.finding.message
    assert _record(judged) == "v=spf1 include:amazonses.com -all"


@pytest.mark.parametrize(
    ("text", "result"),
    [("v=spf1 mx -all", "fail"), ("v=spf1 mx ~all", "softfail"), ("v=spf1 ?include:amazonses.com -all", "neutral")],
)
def test_a_record_without_ses_says_what_it_says_of_it(text: str, result: str) -> None:
    judged = _one(_published(text))
    assert judged.cause == "not-included"
    assert f"SPF of {BOUNCE} is {result} for mail from SES (11 of the 11 networks" in judged.finding.message
    rest = text.removeprefix("v=spf1 ").removeprefix("?include:amazonses.com ")
    assert _record(judged) == f"v=spf1 include:amazonses.com {rest}"


def test_an_include_behind_the_all_is_never_reached() -> None:
    judged = _one(_published("v=spf1 -all include:amazonses.com"))
    assert judged.cause == "not-included"
    assert _record(judged) == "v=spf1 include:amazonses.com -all"


def test_a_flattened_copy_that_went_stale_is_found() -> None:
    judged = _one(_published("v=spf1 ip4:199.255.192.0/22 ip4:199.127.232.0/22 ip4:54.240.0.0/18 -all"))
    assert judged.cause == "not-included"
    assert "8 of the 11 networks" in judged.finding.message


def test_more_than_ten_lookups_ahead_of_ses_is_a_blocker() -> None:
    world, terms = _including(10)
    judged = _one(_published(f"v=spf1 {terms} include:amazonses.com -all", world=world))
    assert (judged.cause, judged.severity.value) == ("too-many-lookups", "blocker")
    assert _record(judged) == WANTED


def test_more_than_ten_lookups_behind_ses_hit_others_only() -> None:
    world, terms = _including(10)
    found = run(CHECK, _published(f"v=spf1 include:amazonses.com {terms} -all", world=world))
    assert [(one.status.value, one.cause, one.severity.value) for one in found] == [
        ("fail", "broken-for-others", "warning"),
        ("pass", None, "blocker"),
    ]


def test_nine_lookups_are_near_the_limit() -> None:
    world, terms = _including(8)
    found = run(CHECK, _published(f"v=spf1 include:amazonses.com {terms} -all", world=world))
    assert causes(found) == {"near-limit"}
    assert "9 of 10 look-ups" in found[0].finding.message


def test_eight_lookups_are_not() -> None:
    world, terms = _including(7)
    assert statuses(run(CHECK, _published(f"v=spf1 include:amazonses.com {terms} -all", world=world))) == {"pass"}


def test_more_than_two_void_lookups_are_a_blocker() -> None:
    judged = _one(_published("v=spf1 a:a.example.net a:b.example.net a:c.example.net include:amazonses.com -all"))
    assert judged.cause == "too-many-void-lookups"


def test_an_include_that_leads_nowhere_is_permerror() -> None:
    judged = _one(_published("v=spf1 include:gone.example.net include:amazonses.com -all"))
    assert judged.cause == "permerror"
    assert "gone.example.net" in judged.finding.message


@pytest.mark.parametrize(
    "text", ["v=spf1 include:amazonses.com +all", "v=spf1 include:amazonses.com ?all", "v=spf1 include:amazonses.com"]
)
def test_a_record_that_lets_everybody_pass_warns(text: str) -> None:
    found = run(CHECK, _published(text))
    assert [(one.status.value, one.cause) for one in found] == [("fail", "permissive-all"), ("pass", None)]
    assert _record(found[0]) == WANTED


def test_everybody_by_a_network_of_all_addresses_is_found_too() -> None:
    assert causes(run(CHECK, _published("v=spf1 ip4:0.0.0.0/0 -all"))) == {"permissive-all"}


def test_a_failure_behind_ses_leaves_the_result_for_ses() -> None:
    world = ready_world().dns_fails("slow.example.net")
    assert statuses(
        run(CHECK, _published("v=spf1 include:amazonses.com include:slow.example.net -all", world=world))
    ) == {"pass"}


@pytest.mark.parametrize(
    "world",
    [
        ready_world().dns_fails(BOUNCE),
        ready_world().dns_fails("amazonses.com"),
        ready_world().no_name("amazonses.com"),
        _published(
            "v=spf1 include:slow.example.net include:amazonses.com -all",
            world=ready_world().dns_fails("slow.example.net"),
        ),
        ready_world().fail("sesv2", "GetEmailIdentity"),
    ],
)
def test_what_cannot_be_seen_is_an_error(world: World) -> None:
    assert statuses(run(CHECK, world)) == {"error"}


def test_a_failing_include_is_an_error_beside_a_record_that_is_there() -> None:
    assert causes(run(CHECK, _published(world=ready_world().dns_fails("amazonses.com")))) == {"missing"}


def test_what_the_gate_declares_is_judged_before_ses_uses_it() -> None:
    judged = _one(_published(world=_settings()))
    assert (judged.subject, judged.cause) == (BOUNCE, "missing")
    assert "SES does not use this domain yet" in judged.finding.message


def test_what_applies_is_judged_where_the_gate_declares_another() -> None:
    other = "mail.yourdomain.com"
    world = _settings(MailFromDomain=other, MailFromDomainStatus="SUCCESS").dns(other, "TXT", WANTED)
    judged = _one(world)
    assert (judged.subject, judged.status.value) == (other, "pass")


def test_amazons_own_domain_is_not_run_on() -> None:
    judged = _one(_settings().with_gate(senders=[{"address": SENDER}]))
    assert (judged.subject, judged.status.value) == ("ap-southeast-1.amazonses.com", "skip")
    assert str(judged.finding.because) == f"mail-from {DOMAIN}"


def test_a_check_that_is_switched_off_is_not_leant_on() -> None:
    world = _settings().with_gate(senders=[{"address": SENDER}], checks={"mail-from": {"enabled": False}})
    judged = _one(world)
    assert (judged.status.value, judged.finding.because) == ("skip", None)


def test_without_an_identity_the_other_check_speaks() -> None:
    world = ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[])
    judged = _one(world.with_gate(senders=[{"address": SENDER}]))
    assert judged.status.value == "skip"
    assert str(judged.finding.because) == f"identity-verified {SENDER}"


def test_senders_of_one_envelope_domain_are_one_subject() -> None:
    entries = [{"address": f"{name}@{DOMAIN}", "mail_from": BOUNCE} for name in ("a", "b")]
    assert [one.subject for one in run(CHECK, ready_world().with_gate(senders=entries))] == [BOUNCE]
