"""identity-verified: the sender, its domain or a domain above is verified, in this region."""

from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.evidence import FailureKind, Question
from sesgate.ses.identities import identity
from sesgate.testing import World, causes, ready_world, run, statuses
from tests.checks.walked import FIRST, OTHER, SECOND, publishing, soa, walked

CHECK = "identity-verified"
DOMAIN = "yourdomain.com"
SENDER = "no-reply@yourdomain.com"
ALL_REGIONS = ("eu-west-1",)


def _entry(name: str, status: str = "SUCCESS", *, sending: bool | None = None) -> dict[str, Any]:
    return {
        "IdentityType": "EMAIL_ADDRESS" if "@" in name else "DOMAIN",
        "IdentityName": name,
        "SendingEnabled": status == "SUCCESS" if sending is None else sending,
        "VerificationStatus": status,
    }


def _listing(*entries: dict[str, Any]) -> World:
    return ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=list(entries))


def _unverified(status: str, **info: Any) -> World:
    known = {"LastCheckedTimestamp": "2026-11-24T05:20:00Z", "ErrorType": "HOST_NOT_FOUND", **info}
    fields = {"VerificationStatus": status, "VerifiedForSendingStatus": False, "VerificationInfo": known}
    return _listing(_entry(DOMAIN, status)).answer("sesv2", "GetEmailIdentity", {"EmailIdentity": DOMAIN}, **fields)


def _with_sender(world: World, **sender: Any) -> World:
    return world.with_gate(senders=[sender])


def _elsewhere(world: World, region: str, *entries: dict[str, Any]) -> World:
    there = world.elsewhere(region=region).answer("sesv2", "ListEmailIdentities", {}, EmailIdentities=list(entries))
    both = World(world.gate_text, {**there.answers, **world.answers}, world.place, world.moment)
    return both.elsewhere(other_regions=(region,))


def _one(world: World) -> tuple[Judged, str, str | None]:
    [judged] = run(CHECK, world)
    return judged, judged.status.value, judged.cause


def test_a_verified_domain_passes() -> None:
    assert statuses(run(CHECK, ready_world())) == {"pass"}


def test_a_verified_address_passes_without_its_domain() -> None:
    assert statuses(run(CHECK, _listing(_entry(SENDER)))) == {"pass"}


def test_an_unverified_address_below_a_verified_domain_passes_and_is_told() -> None:
    judged, status, _ = _one(_listing(_entry(SENDER, "PENDING"), _entry(DOMAIN)))
    assert status == "pass"
    assert f"{SENDER} itself is PENDING" in judged.finding.message


def test_a_domain_above_counts() -> None:
    world = _with_sender(ready_world(), address="no-reply@mail.yourdomain.com")
    assert statuses(run(CHECK, world)) == {"pass"}


def test_a_verified_address_stands_for_its_labels() -> None:
    world = _with_sender(_listing(_entry(SENDER)), address="no-reply+invoices@yourdomain.com")
    assert statuses(run(CHECK, world)) == {"pass"}


def test_no_identity_is_missing_and_the_remedy_can_be_undone() -> None:
    judged, status, cause = _one(_listing(_entry("other.com")))
    assert (status, cause, judged.severity.value) == ("fail", "missing", "blocker")
    assert judged.finding.remedy is not None
    call = judged.finding.remedy.changes[0]
    assert (call.operation, call.undo.operation) == ("CreateEmailIdentity", "DeleteEmailIdentity")  # type: ignore[union-attr]


def test_a_name_that_only_ends_alike_is_missing() -> None:
    assert causes(run(CHECK, _listing(_entry("notyourdomain.com"), _entry("com")))) == {"missing"}


def test_verified_in_another_region_is_named() -> None:
    judged, status, cause = _one(_elsewhere(_listing(), "eu-west-1", _entry(DOMAIN)))
    assert (status, cause) == ("fail", "other-region")
    assert "verified in eu-west-1" in judged.finding.message


def test_unverified_in_another_region_is_missing() -> None:
    assert causes(run(CHECK, _elsewhere(_listing(), "eu-west-1", _entry(DOMAIN, "PENDING")))) == {"missing"}


def test_another_region_that_cannot_be_seen_hides_nothing() -> None:
    assert causes(run(CHECK, _listing().elsewhere(other_regions=("eu-west-1",)))) == {"missing"}


def test_a_domain_sender_needs_more_than_addresses() -> None:
    judged, status, cause = _one(_with_sender(_listing(_entry(SENDER)), domain=DOMAIN))
    assert (status, cause) == ("fail", "only-addresses")
    assert SENDER in judged.finding.message


def test_an_address_in_other_case_is_another_address() -> None:
    assert causes(run(CHECK, _listing(_entry("No-Reply@yourdomain.com")))) == {"address-case"}


def test_pending_says_when_ses_looked_and_what_it_saw() -> None:
    judged, status, cause = _one(_unverified("PENDING"))
    assert (status, cause) == ("pending", "pending")
    assert "2026-11-24 05:20 UTC and saw HOST_NOT_FOUND" in judged.finding.message


def _without_a_record(world: World) -> World:
    found = identity(ready_world().context(), DOMAIN)
    assert found is not None
    return world.no_name(f"{found.dkim.tokens[0]}._domainkey.{DOMAIN}")


def test_waiting_does_not_help_while_a_record_is_wrong() -> None:
    judged, status, cause = _one(_without_a_record(_unverified("PENDING")).no_name(f"_amazonses.{DOMAIN}"))
    assert (status, cause) == ("fail", "records-wrong")
    assert judged.finding.remedy is not None
    assert judged.finding.remedy.id == f"publish-dkim:{DOMAIN}"


def test_the_legacy_record_verifies_in_place_of_a_wrong_one() -> None:
    assert causes(run(CHECK, _without_a_record(_unverified("PENDING")))) == {"pending"}


def test_a_legacy_record_that_cannot_be_seen_leaves_it_pending() -> None:
    world = _without_a_record(_unverified("PENDING")).dns_fails(f"_amazonses.{DOMAIN}")
    assert causes(run(CHECK, world)) == {"pending"}


def test_pending_is_told_when_the_last_look_is_denied() -> None:
    world = _unverified("PENDING").fail("sesv2", "GetEmailIdentity")
    assert causes(run(CHECK, world)) == {"pending"}


def test_a_link_that_was_not_opened_is_pending() -> None:
    judged, status, cause = _one(_listing(_entry(SENDER, "PENDING")))
    assert (status, cause) == ("pending", "link-unopened")
    assert judged.finding.remedy is not None
    assert judged.finding.remedy.owner.value == "person"


def test_a_link_that_ran_out_fails() -> None:
    assert _one(_listing(_entry(SENDER, "FAILED")))[1:] == ("fail", "link-expired")


def test_a_temporary_failure_waits() -> None:
    world = _unverified("TEMPORARY_FAILURE", ErrorType="DNS_SERVER_ERROR")
    assert _one(world)[1:] == ("pending", "temporary-failure")


def test_failed_is_started_again() -> None:
    judged, status, cause = _one(_unverified("FAILED"))
    assert (status, cause) == ("fail", "failed")
    assert judged.finding.remedy is not None
    assert judged.finding.remedy.changes[0].operation == "VerifyDomainDkim"  # type: ignore[union-attr]


def test_a_replica_without_a_parent_does_not_wait() -> None:
    assert _one(_unverified("PENDING", ErrorType="REPLICATION_PRIMARY_NOT_FOUND"))[1:] == ("fail", "failed")


@pytest.mark.parametrize(("status", "expected"), [("PENDING", ("pending", "pending")), ("FAILED", ("fail", "failed"))])
def test_a_replica_is_verified_with_its_parent(status: str, expected: tuple[str, str]) -> None:
    world = _unverified("PENDING")
    parent = Question.aws("eu-west-1", "sesv2", "GetEmailIdentity", {"EmailIdentity": DOMAIN})
    question = Question.aws("ap-southeast-1", "sesv2", "GetEmailIdentity", {"EmailIdentity": DOMAIN})
    own = world.answers[question].value
    attributes = {**own["DkimAttributes"], "Status": "PENDING", "SigningAttributesOrigin": "AWS_SES_EU_WEST_1"}
    world = world.told(question, {**own, "DkimAttributes": attributes})
    world = world.told(parent, {"DkimAttributes": {"Status": status, "SigningAttributesOrigin": "AWS_SES"}})
    judged, *found = _one(world)
    assert tuple(found) == expected
    assert "its parent in eu-west-1" in judged.finding.message


def test_failed_after_a_success_is_revoked() -> None:
    judged, status, cause = _one(_unverified("FAILED", LastSuccessTimestamp="2026-10-01T00:00:00Z"))
    assert (status, cause) == ("fail", "revoked")
    assert "until 2026-10-01" in judged.finding.message


@pytest.mark.parametrize("name", [DOMAIN, SENDER])
def test_not_started_fails(name: str) -> None:
    world = _listing(_entry(name, "NOT_STARTED")).fail("sesv2", "GetEmailIdentity")
    assert _one(world)[1:] == ("fail", "not-started")


def test_sending_off_fails() -> None:
    assert _one(_listing(_entry(DOMAIN, sending=False)))[1:] == ("fail", "sending-off")


def test_a_list_without_status_is_looked_up() -> None:
    entry = {name: value for name, value in _entry(DOMAIN).items() if name != "VerificationStatus"}
    assert statuses(run(CHECK, _listing(entry))) == {"pass"}


def test_an_unknown_status_is_an_error() -> None:
    assert statuses(run(CHECK, _unverified("ODD"))) == {"error"}


@pytest.mark.parametrize("kind", [FailureKind.DENIED, FailureKind.THROTTLED])
def test_what_can_not_be_listed_is_an_error(kind: FailureKind) -> None:
    [judged] = run(CHECK, ready_world().fail("sesv2", "ListEmailIdentities", kind))
    assert (judged.status.value, judged.cause) == ("error", "not-seen")


def _records_of(world: World) -> list[tuple[str, str]]:
    found = identity(world.context(), DOMAIN)
    assert found is not None
    return [(f"{token}._domainkey.{DOMAIN}", found.dkim.target(token)) for token in found.dkim.tokens]


def _first_gone() -> World:
    return walked(_without_a_record(_unverified("PENDING")).no_name(f"_amazonses.{DOMAIN}"))


def test_a_record_that_resolvers_do_not_see_yet_is_waited_for() -> None:
    world = _first_gone()
    for host in (FIRST, SECOND):
        world = publishing(world, host, "CNAME", *_records_of(world))
    assert _one(world)[1:] == ("pending", "not-seen-yet")


def test_a_record_in_a_zone_that_nobody_asks_is_told() -> None:
    world = walked(_first_gone(), own=(FIRST, OTHER), delegated=(FIRST,))
    assert _one(publishing(world, OTHER, "CNAME", *_records_of(world)))[1:] == ("fail", "zone-unasked")


def test_a_secondary_behind_is_why_ses_waits() -> None:
    world = walked(_unverified("PENDING"))
    assert _one(publishing(world, FIRST, "CNAME", *_records_of(world)))[1:] == ("fail", "secondary-behind")


def test_another_zone_at_ses_is_why_it_waits() -> None:
    world = _unverified("PENDING", SOARecord={"PrimaryNameServer": "ns1.old-host.net", "SerialNumber": 7})
    assert _one(world.dns(DOMAIN, "SOA", soa()))[1:] == ("fail", "zone-differs")
