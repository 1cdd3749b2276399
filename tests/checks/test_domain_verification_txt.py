"""domain-verification-txt: the legacy record, looked at where nothing else verifies the domain."""

from typing import Any

from sesgate.engine import Judged
from sesgate.finding import AwsCall, DnsRecord
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "domain-verification-txt"
DOMAIN = "yourdomain.com"
NAME = f"_amazonses.{DOMAIN}"
TOKEN = "zQ0n4jv1sX8qk2tYc5bPrW7mLhUeD3aG6fJoI9xTgVE="


def _asked() -> World:
    """The gate of the ready world asks for the record."""
    return ready_world()


def _unasked(status: str = "SUCCESS", dkim: str = "SUCCESS") -> World:
    world = ready_world().with_gate(checks=None)
    [identity] = [
        answer.value
        for question, answer in world.answers.items()
        if question.fields[1:] == ("sesv2", "GetEmailIdentity")
    ]
    entry = {"IdentityType": "DOMAIN", "IdentityName": DOMAIN, "SendingEnabled": False, "VerificationStatus": status}
    return world.answer("sesv2", "ListEmailIdentities", EmailIdentities=[entry]).answer(
        "sesv2",
        "GetEmailIdentity",
        VerificationStatus=status,
        VerifiedForSendingStatus=status == "SUCCESS",
        DkimAttributes={**identity["DkimAttributes"], "Status": dkim},
    )


def _one(world: World) -> tuple[Judged, str, str | None]:
    [judged] = run(CHECK, world)
    return judged, judged.status.value, judged.cause


def _records(judged: Judged) -> list[Any]:
    assert judged.finding.remedy is not None
    return [(one.name, one.type, one.value) for one in judged.finding.remedy.changes if isinstance(one, DnsRecord)]


def _calls(judged: Judged) -> list[str]:
    assert judged.finding.remedy is not None
    return [one.operation for one in judged.finding.remedy.changes if isinstance(one, AwsCall)]


def test_the_record_passes_where_it_is_asked_for() -> None:
    assert statuses(run(CHECK, _asked())) == {"pass"}


def test_a_verified_domain_needs_no_record_and_no_question() -> None:
    world = _unasked().fail("sesv2", "GetEmailIdentity").fail("ses", "GetIdentityVerificationAttributes")
    judged, status, cause = _one(world.dns_fails(NAME))
    assert (status, cause) == ("skip", "not-asked")
    assert "is verified" in judged.finding.message


def test_dkim_that_verifies_the_domain_makes_the_record_needless() -> None:
    assert statuses(run(CHECK, _unasked("PENDING"))) == {"skip"}


def test_a_domain_that_nothing_verifies_is_looked_at() -> None:
    assert _one(_unasked("PENDING", "PENDING").no_name(NAME))[1:] == ("fail", "missing")


def test_missing_is_a_warning_with_the_record() -> None:
    judged, status, cause = _one(_asked().no_name(NAME))
    assert (status, cause, judged.severity.value) == ("fail", "missing", "warning")
    assert _records(judged) == [(NAME, "TXT", TOKEN)]


def test_a_doubled_name_is_found() -> None:
    judged, status, cause = _one(_asked().no_name(NAME).dns(f"{NAME}.{DOMAIN}", "TXT", TOKEN))
    assert (status, cause) == ("fail", "doubled")
    assert f"{NAME}.{DOMAIN}" in judged.finding.message


def test_a_doubled_name_that_can_not_be_seen_is_missing() -> None:
    assert causes(run(CHECK, _asked().no_name(NAME).dns_fails(f"{NAME}.{DOMAIN}"))) == {"missing"}


def test_another_token_is_wrong_and_stays_where_it_is() -> None:
    judged, status, cause = _one(_asked().dns(NAME, "TXT", "another", TOKEN.lower()))
    assert (status, cause) == ("fail", "wrong-value")
    assert "Keep the values" in str(judged.finding.remedy)


def test_one_right_value_among_several_passes() -> None:
    assert statuses(run(CHECK, _asked().dns(NAME, "TXT", "another", TOKEN))) == {"pass"}


def test_a_domain_without_a_token_was_never_started() -> None:
    judged, status, cause = _one(_asked().answer("ses", "GetIdentityVerificationAttributes", VerificationToken=None))
    assert (status, cause) == ("fail", "no-token")
    assert _calls(judged) == ["VerifyDomainIdentity"]


def test_a_right_record_that_ses_has_not_seen_waits() -> None:
    assert _one(_unasked("PENDING", "PENDING"))[1:] == ("pending", "pending")


def test_a_right_record_that_ses_gave_up_on_is_started_again() -> None:
    judged, status, cause = _one(_unasked("FAILED", "FAILED"))
    assert (status, cause) == ("fail", "gave-up")
    assert _calls(judged) == ["VerifyDomainIdentity"]


def test_no_identity_is_the_business_of_identity_verified() -> None:
    judged, status, _ = _one(_asked().answer("sesv2", "ListEmailIdentities", EmailIdentities=[]))
    assert status == "skip"
    assert str(judged.finding.because) == "identity-verified no-reply@yourdomain.com"


def test_an_address_identity_has_no_record() -> None:
    entry = {
        "IdentityType": "EMAIL_ADDRESS",
        "IdentityName": "no-reply@yourdomain.com",
        "VerificationStatus": "SUCCESS",
    }
    judged, status, _ = _one(_asked().answer("sesv2", "ListEmailIdentities", EmailIdentities=[entry]))
    assert status == "skip"
    assert judged.finding.because is None


def test_what_can_not_be_seen_is_an_error() -> None:
    assert statuses(run(CHECK, _asked().fail("sesv2", "ListEmailIdentities"))) == {"error"}
    assert statuses(run(CHECK, _asked().fail("ses", "GetIdentityVerificationAttributes"))) == {"error"}
    assert statuses(run(CHECK, _asked().dns_fails(NAME))) == {"error"}
