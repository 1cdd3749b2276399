"""bulk-sender: what receivers ask of the declared volume and kind."""

from typing import Any

import pytest

from sesgate.evidence import FailureKind
from sesgate.sandbox.documents import DOMAIN, MAIL_FROM, SENDER
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "bulk-sender"
LISTS: tuple[str, str, dict[str, Any]] = ("sesv2", "ListContactLists", {})


def volume(daily: int | None = 50_000, kind: str = "transactional", **parts: Any) -> World:
    """The ready world with this plan."""
    planned: dict[str, Any] = {"kind": kind} if daily is None else {"kind": kind, "daily": daily}
    return ready_world().with_gate(volume=planned, **parts)


def bulk(*lists: str, **parts: Any) -> World:
    """A newsletter, in an account with these contact lists."""
    return volume(kind="bulk", **parts).answer(*LISTS, ContactLists=[{"ContactListName": name} for name in lists])


def attested(name: str, expires: str = "2027-02-17") -> list[dict[str, Any]]:
    signed = {"signed_by": "cto@yourdomain.com", "signed_on": "2026-02-17", "expires": expires}
    return [{"id": name, "statement": "It is so.", **signed}]


def because(world: World) -> set[tuple[str, str]]:
    """What the findings lean on."""
    told = [judged.finding.because for judged in run(CHECK, world)]
    return {(each.check, each.subject) for each in told if each}


def test_transactional_mail_that_is_authenticated_passes() -> None:
    [judged] = run(CHECK, volume())
    assert (judged.subject, judged.status.value) == (DOMAIN, "pass")
    assert "50,000 messages a day, transactional" in judged.finding.message


@pytest.mark.parametrize("daily", [4_999, 1])
def test_below_the_line_nothing_more_is_asked(daily: int) -> None:
    [judged] = run(CHECK, volume(daily, kind="bulk"))
    assert judged.status.value == "pass"
    assert "stay below" in judged.finding.message


def test_the_line_itself_is_bulk() -> None:
    [judged] = run(CHECK, volume(5_000))
    assert "DKIM, SPF and DMARC" in judged.finding.message


def test_without_a_plan_there_is_nothing_to_judge() -> None:
    assert statuses(run(CHECK, volume(None))) == {"skip"}
    assert statuses(run(CHECK, ready_world().with_gate(volume=None))) == {"skip"}


class TestToldElsewhere:
    def test_dkim_that_ses_has_not_found(self) -> None:
        dkim = {"Status": "PENDING", "SigningEnabled": True, "Tokens": ["a", "b", "c"]}
        assert because(volume().answer("sesv2", "GetEmailIdentity", DkimAttributes=dkim)) == {("dkim", DOMAIN)}

    def test_a_dkim_record_that_is_gone(self) -> None:
        world = volume()
        [name, *_] = [question.fields[1] for question in world.answers if "_domainkey" in str(question)]
        assert because(world.no_name(name)) == {("dkim", DOMAIN)}

    def test_spf_that_does_not_pass(self) -> None:
        assert because(volume().dns(MAIL_FROM, "TXT", "v=spf1 -all")) == {("spf", MAIL_FROM)}
        assert because(volume().dns(MAIL_FROM, "TXT", "v=spf1 inclde:amazonses.com -all")) == {("spf", MAIL_FROM)}
        assert because(volume().dns(MAIL_FROM, "TXT")) == {("spf", MAIL_FROM)}

    def test_amazons_own_mail_from(self) -> None:
        assert because(volume().answer("sesv2", "GetEmailIdentity", MailFromAttributes={})) == {("mail-from", DOMAIN)}

    def test_dmarc_that_is_missing_or_has_no_policy(self) -> None:
        assert because(volume().dns(f"_dmarc.{DOMAIN}", "TXT")) == {("dmarc", DOMAIN)}
        assert because(volume().dns(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; rua=mailto:a@b.org")) == {("dmarc", DOMAIN)}

    def test_a_policy_of_none_is_enough_here(self) -> None:
        assert statuses(run(CHECK, volume().dns(f"_dmarc.{DOMAIN}", "TXT", "v=DMARC1; p=none"))) == {"pass"}

    def test_a_sender_without_an_identity(self) -> None:
        world = volume().answer("sesv2", "ListEmailIdentities", EmailIdentities=[])
        assert because(world) == {("identity-verified", SENDER)}

    def test_a_teller_that_is_switched_off_leaves_it_to_this_check(self) -> None:
        world = volume(checks={"spf": {"enabled": False}}).dns(MAIL_FROM, "TXT")
        [judged] = run(CHECK, world)
        assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "authentication", "warning")


class TestUnsubscribing:
    def test_no_sign_of_it_is_a_warning(self) -> None:
        [judged] = run(CHECK, bulk())
        assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "no-one-click", "warning")

    def test_a_contact_list_proves_nothing_yet(self) -> None:
        [judged] = run(CHECK, bulk("news"))
        assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "one-click-unproven", "info")
        assert "news" in judged.finding.message

    def test_a_person_may_state_it(self) -> None:
        assert statuses(run(CHECK, bulk(attestations=attested("one-click-unsubscribe")))) == {"pass"}

    def test_as_long_as_it_holds(self) -> None:
        world = bulk(attestations=attested("one-click-unsubscribe", expires="2026-11-23"))
        assert causes(run(CHECK, world)) == {"no-one-click"}

    def test_what_is_denied_is_an_error(self) -> None:
        world = bulk().fail("sesv2", "ListContactLists", FailureKind.DENIED, {})
        assert statuses(run(CHECK, world)) == {"error"}


class TestSpamRate:
    def test_a_domain_that_google_does_not_know(self) -> None:
        [judged] = run(CHECK, volume().dns(DOMAIN, "TXT", "v=spf1 -all"))
        assert (judged.status.value, judged.cause) == ("fail", "spam-rate-unwatched")

    def test_a_person_may_state_that_it_is_watched(self) -> None:
        world = volume(attestations=attested("spam-rate-watched")).dns(DOMAIN, "TXT", "v=spf1 -all")
        assert statuses(run(CHECK, world)) == {"pass"}

    def test_what_the_dns_does_not_tell_is_an_error(self) -> None:
        [judged] = run(CHECK, volume().dns_fails(DOMAIN, "TXT"))
        assert judged.status.value == "error"


def test_a_mailbox_providers_domain_is_nobodys_to_send_as() -> None:
    [judged] = run(CHECK, volume(senders=[{"address": "shop@gmail.com"}]))
    assert (judged.status.value, judged.cause) == ("fail", "mailbox-domain")


def test_what_can_not_be_seen_is_never_a_pass() -> None:
    found = run(CHECK, volume().fail("sesv2", "GetEmailIdentity"))
    assert statuses(found) == {"error"}
    assert {judged.severity.value for judged in found} == {"warning"}
