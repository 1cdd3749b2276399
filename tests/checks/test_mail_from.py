"""mail-from: a MAIL FROM domain of one's own, its MX, and what SES says of it."""

from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.finding import AwsCall, DnsRecord, Text
from sesgate.testing import World, causes, ready_world, run, statuses
from tests.checks.walked import FIRST, OTHER, SECOND, publishing, soa, walked

CHECK = "mail-from"
DOMAIN = "yourdomain.com"
SENDER = "no-reply@yourdomain.com"
BOUNCE = "bounce.yourdomain.com"
RIGHT = "10 feedback-smtp.ap-southeast-1.amazonses.com"


def _settings(domain: str | None = BOUNCE, status: str = "SUCCESS", behavior: str = "USE_DEFAULT_VALUE") -> World:
    attributes: dict[str, Any] = {"BehaviorOnMxFailure": behavior}
    if domain:
        attributes |= {"MailFromDomain": domain, "MailFromDomainStatus": status}
    return ready_world().answer("sesv2", "GetEmailIdentity", {"EmailIdentity": DOMAIN}, MailFromAttributes=attributes)


def _senders(world: World, *entries: dict[str, str]) -> World:
    return world.with_gate(senders=list(entries))


def _one(world: World, cause: str) -> Judged:
    [judged] = [one for one in run(CHECK, world) if one.cause == cause]
    return judged


def _changes(judged: Judged) -> tuple[Any, ...]:
    assert judged.finding.remedy is not None
    return judged.finding.remedy.changes


def test_a_domain_that_ses_found_passes() -> None:
    [judged] = run(CHECK, ready_world())
    assert judged.status.value == "pass"
    assert RIGHT in judged.finding.message


def test_none_at_all_warns_and_gives_records_and_operation() -> None:
    judged = _one(_senders(_settings(None), {"address": SENDER}), "none")
    assert (judged.status.value, judged.severity.value) == ("fail", "warning")
    mx, txt, call = _changes(judged)
    assert mx == DnsRecord(BOUNCE, "MX", RIGHT)
    assert txt == DnsRecord(BOUNCE, "TXT", "v=spf1 include:amazonses.com ~all")
    assert call.parameters == {
        "EmailIdentity": DOMAIN,
        "MailFromDomain": BOUNCE,
        "BehaviorOnMxFailure": "USE_DEFAULT_VALUE",
    }
    assert call.undo.parameters == {"EmailIdentity": DOMAIN}


def test_none_where_the_gate_declares_one_says_that_it_was_wanted() -> None:
    judged = _one(_settings(None), "none")
    assert f"the gate wants {BOUNCE}" in judged.finding.message
    assert judged.finding.remedy is not None
    assert f"publish-mail-from-mx:{BOUNCE}" in judged.finding.remedy.after


def test_what_the_gate_declares_is_to_be_published_before_it_is_set() -> None:
    world = _settings(None).no_name(BOUNCE)
    assert causes(run(CHECK, world)) == {"none", "mx-missing"}


def test_another_one_than_the_gate_wants_is_told() -> None:
    world = _settings("mail.yourdomain.com").dns("mail.yourdomain.com", "MX", RIGHT)
    judged = _one(world, "differs")
    assert (judged.finding.expected, judged.finding.found) == (BOUNCE, "mail.yourdomain.com")
    [call] = _changes(judged)
    assert call.undo.parameters["MailFromDomain"] == "mail.yourdomain.com"


def test_a_name_that_ses_will_refuse_is_told() -> None:
    mail = {"IdentityType": "DOMAIN", "IdentityName": "mail.yourdomain.com", "VerificationStatus": "SUCCESS"}
    world = ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[mail])
    world = world.answer("sesv2", "GetEmailIdentity", {"EmailIdentity": "mail.yourdomain.com"}, MailFromAttributes={})
    world = _senders(world, {"address": "no-reply@mail.yourdomain.com", "mail_from": BOUNCE})
    assert causes(run(CHECK, world)) == {"none", "not-subdomain"}


@pytest.mark.parametrize("world", [ready_world().no_name(BOUNCE), ready_world().dns(BOUNCE, "MX")])
def test_a_success_whose_mx_is_gone_fails(world: World) -> None:
    [judged] = run(CHECK, world)
    assert (judged.status.value, judged.cause) == ("fail", "mx-missing")
    assert "SES still says SUCCESS" in judged.finding.message
    assert _changes(judged) == (DnsRecord(BOUNCE, "MX", RIGHT),)


def test_a_name_that_got_the_zone_twice_is_found() -> None:
    doubled = f"{BOUNCE}.{DOMAIN}"
    judged = _one(_settings(status="PENDING").no_name(BOUNCE).dns(doubled, "MX", RIGHT), "doubled-name")
    assert judged.status.value == "fail"
    assert doubled in judged.finding.message
    assert isinstance(_changes(judged)[0], Text)


def test_a_second_look_that_fails_hides_nothing() -> None:
    world = ready_world().no_name(BOUNCE).dns_fails(f"{BOUNCE}.{DOMAIN}")
    assert causes(run(CHECK, world)) == {"mx-missing"}


@pytest.mark.parametrize(
    ("records", "cause"),
    [
        (["0 ."], "mx-null"),
        ([RIGHT, "20 mx1.yourdomain.com"], "mx-several"),
        ([RIGHT, "20 feedback-smtp.ap-southeast-1.amazonses.com"], "mx-several"),
        (["10 feedback-smtp.eu-west-1.amazonses.com"], "mx-other-region"),
        (["10 mx1.yourdomain.com"], "mx-wrong"),
        (["10 inbound-smtp.ap-southeast-1.amazonaws.com"], "mx-wrong"),
    ],
)
def test_an_mx_that_is_wrong_fails_even_while_ses_searches(records: list[str], cause: str) -> None:
    [judged] = run(CHECK, _settings(status="PENDING").dns(BOUNCE, "MX", *records))
    assert (judged.status.value, judged.cause) == ("fail", cause)
    assert DnsRecord(BOUNCE, "MX", RIGHT) in _changes(judged)


def test_the_mx_is_compared_without_regard_to_case() -> None:
    world = ready_world().dns(BOUNCE, "MX", "10 Feedback-SMTP.ap-southeast-1.AmazonSES.com")
    assert statuses(run(CHECK, world)) == {"pass"}


@pytest.mark.parametrize(("status", "cause"), [("PENDING", "pending"), ("TEMPORARY_FAILURE", "temporary-failure")])
def test_a_right_mx_that_ses_has_not_taken_is_waited_for(status: str, cause: str) -> None:
    [judged] = run(CHECK, _settings(status=status))
    assert (judged.status.value, judged.cause) == ("pending", cause)
    assert "SPF does not align" in judged.finding.message


def test_a_status_that_failed_wants_the_domain_set_again() -> None:
    [judged] = run(CHECK, _settings(status="FAILED"))
    assert (judged.status.value, judged.cause) == ("fail", "status-failed")
    [call] = _changes(judged)
    assert isinstance(call, AwsCall)
    assert call.parameters["MailFromDomain"] == BOUNCE


def test_a_status_nobody_knows_is_no_pass() -> None:
    assert statuses(run(CHECK, _settings(status="SOMETHING_NEW"))) == {"error"}


def test_refusing_mail_is_a_choice_that_is_told() -> None:
    judged = _one(_settings(behavior="REJECT_MESSAGE"), "rejects-on-failure")
    assert judged.severity.value == "info"
    assert statuses(run(CHECK, _settings(behavior="REJECT_MESSAGE"))) == {"fail", "pass"}


def test_refused_mail_is_told_where_ses_does_not_find_the_mx() -> None:
    judged = _one(_settings(status="PENDING", behavior="REJECT_MESSAGE"), "pending")
    assert "mail is refused" in judged.finding.message


def test_a_domain_that_is_sent_from_as_well_is_told() -> None:
    world = _senders(ready_world(), {"address": f"news@{BOUNCE}"})
    judged = _one(world, "also-a-sender")
    assert judged.severity.value == "info"


def test_an_address_identity_counts_before_its_domain() -> None:
    address = {"IdentityType": "EMAIL_ADDRESS", "IdentityName": SENDER, "VerificationStatus": "SUCCESS"}
    domain = {"IdentityType": "DOMAIN", "IdentityName": DOMAIN, "VerificationStatus": "SUCCESS"}
    world = ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[address, domain])
    own = {"MailFromDomain": "own.yourdomain.com", "MailFromDomainStatus": "SUCCESS"}
    world = world.answer("sesv2", "GetEmailIdentity", {"EmailIdentity": SENDER}, MailFromAttributes=own)
    judged = _one(world.dns("own.yourdomain.com", "MX", RIGHT), "differs")
    assert _changes(judged)[0].parameters["EmailIdentity"] == SENDER


def test_without_an_identity_the_other_check_speaks() -> None:
    [judged] = run(CHECK, ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[]))
    assert judged.status.value == "skip"
    assert str(judged.finding.because) == f"identity-verified {SENDER}"


@pytest.mark.parametrize(
    "world",
    [
        ready_world().fail("sesv2", "ListEmailIdentities"),
        ready_world().fail("sesv2", "GetEmailIdentity"),
        ready_world().dns_fails(BOUNCE),
    ],
)
def test_what_cannot_be_seen_is_an_error(world: World) -> None:
    assert statuses(run(CHECK, world)) == {"error"}


def test_what_was_seen_is_told_before_what_was_not() -> None:
    assert causes(run(CHECK, _settings(None).dns_fails(BOUNCE))) == {"none", "not-seen"}


def _published(world: World, *hosts: str) -> World:
    for host in hosts:
        world = publishing(world, host, "MX", (BOUNCE, RIGHT))
    return world


def test_an_mx_on_no_name_server_is_not_published() -> None:
    judged = _one(walked(_settings(status="PENDING").no_name(BOUNCE)), "mx-missing")
    assert "not published: none of the name servers of yourdomain.com has it" in judged.finding.message


def test_an_mx_on_all_name_servers_is_waited_for() -> None:
    world = walked(_settings(status="PENDING").dns(BOUNCE, "MX", "10 mx1.yourdomain.com", ttl=3600))
    judged = _one(_published(world, FIRST, SECOND), "not-seen-yet")
    assert judged.status.value == "pending"
    assert "3600 s more" in judged.finding.message


def test_an_mx_that_a_secondary_does_not_have_is_not_waited_for() -> None:
    judged = _one(_published(walked(_settings(status="PENDING")), FIRST), "secondary-behind")
    assert judged.status.value == "fail"
    assert judged.finding.remedy is not None
    assert judged.finding.remedy.id == "transfer-zone:yourdomain.com"


def test_an_mx_in_a_zone_that_nobody_asks_is_told() -> None:
    world = walked(_settings(status="PENDING").no_name(BOUNCE), own=(FIRST, OTHER), delegated=(FIRST,))
    assert _one(_published(world, OTHER), "zone-unasked").status.value == "fail"


def test_ses_that_looks_into_another_zone_is_not_waited_for() -> None:
    look = {"ErrorType": "HOST_NOT_FOUND", "SOARecord": {"PrimaryNameServer": "ns1.old-host.net", "SerialNumber": 7}}
    world = _settings(status="PENDING").dns(DOMAIN, "SOA", soa())
    world = world.answer("sesv2", "GetEmailIdentity", {"EmailIdentity": DOMAIN}, VerificationInfo=look)
    judged = _one(world, "zone-differs")
    assert "ns1.old-host.net" in judged.finding.message
