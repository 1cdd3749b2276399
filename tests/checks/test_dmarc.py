"""dmarc: the policy that receivers find, and what of SES's mail aligns with it."""

from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.finding import AwsCall, DnsRecord
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "dmarc"
DOMAIN = "yourdomain.com"
SENDER = "no-reply@yourdomain.com"
NAME = "_dmarc.yourdomain.com"
RUA = "rua=mailto:dmarc-reports@yourdomain.com"
GOOD = f"v=DMARC1; p=quarantine; {RUA}"


def _published(*texts: str, world: World | None = None, at: str = NAME) -> World:
    return (world or ready_world()).dns(at, "TXT", *texts)


def _minimum(policy: str, world: World, **more: Any) -> World:
    return world.with_gate(checks={"dmarc": {"options": {"minimum_policy": policy}, **more}})


def _mail_from(world: World, domain: str | None) -> World:
    given = {"MailFromDomain": domain, "MailFromDomainStatus": "SUCCESS"} if domain else {}
    return world.answer("sesv2", "GetEmailIdentity", {"EmailIdentity": DOMAIN}, MailFromAttributes=given)


def _sender(world: World, address: str, **more: str) -> World:
    return world.with_gate(senders=[{"address": address, **more}])


def _one(world: World, cause: str | None) -> Judged:
    [judged] = [one for one in run(CHECK, world) if one.cause == cause]
    return judged


def _record(judged: Judged, at: str = NAME) -> str:
    """The text that the remedy publishes."""
    assert judged.finding.remedy is not None
    [record] = [one for one in judged.finding.remedy.changes if isinstance(one, DnsRecord)]
    assert (record.name, record.type) == (at, "TXT")
    return record.value


def test_policy_and_alignment_pass() -> None:
    policy, alignment = run(CHECK, ready_world())
    assert (policy.status.value, alignment.status.value) == ("pass", "pass")
    assert "is quarantine" in policy.finding.message
    assert "DKIM d=yourdomain.com and MAIL FROM bounce.yourdomain.com" in alignment.finding.message


def test_few_dns_questions_are_enough() -> None:
    assert len(run(CHECK, ready_world())[-1].evidence) <= 5


class TestNoRecord:
    @pytest.mark.parametrize("world", [ready_world().no_name(NAME), _published("some other text")])
    def test_missing_blocks_and_gives_a_record(self, world: World) -> None:
        [judged] = run(CHECK, world)
        assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "missing", "blocker")
        assert _record(judged) == f"v=DMARC1; p=none; {RUA}"

    def test_the_record_to_publish_asks_for_what_the_gate_asks_for(self) -> None:
        judged = _one(_minimum("reject", ready_world().no_name(NAME)), "missing")
        assert _record(judged) == f"v=DMARC1; p=reject; {RUA}"

    def test_a_record_at_the_domain_itself_is_found(self) -> None:
        judged = _one(_published(GOOD, at=DOMAIN, world=ready_world().no_name(NAME)), "at-apex")
        assert judged.severity.value == "blocker"
        assert _record(judged) == GOOD

    def test_a_name_that_got_the_zone_twice_is_found(self) -> None:
        doubled = f"{NAME}.{DOMAIN}"
        judged = _one(_published(GOOD, at=doubled, world=ready_world().no_name(NAME)), "doubled-name")
        assert doubled in judged.finding.message
        assert _record(judged) == GOOD

    def test_a_second_look_that_fails_hides_nothing(self) -> None:
        world = ready_world().no_name(NAME).dns_fails(f"{NAME}.{DOMAIN}").dns_fails(DOMAIN)
        assert causes(run(CHECK, world)) == {"missing"}

    def test_a_registrys_own_record_is_none_of_ours(self) -> None:
        world = _published("v=DMARC1; p=none; psd=y", at="_dmarc.com", world=ready_world().no_name(NAME))
        assert causes(run(CHECK, world)) == {"missing"}

    def test_a_subdomain_is_told_both_names(self) -> None:
        world = _sender(ready_world().no_name(NAME), "news@mail.yourdomain.com")
        judged = _one(world, "missing")
        assert f"_dmarc.mail.yourdomain.com nor at {NAME}" in judged.finding.message
        assert _record(judged).startswith("v=DMARC1; p=none")


class TestRecordsThatCountForNothing:
    def test_two_records_are_as_good_as_none(self) -> None:
        [judged] = run(CHECK, _published("v=DMARC1; p=none", GOOD))
        assert (judged.cause, judged.severity.value) == ("several", "blocker")
        assert _record(judged) == GOOD

    @pytest.mark.parametrize(
        "text",
        [
            "v=DMARC1; p=none; p=reject",
            "v=dmarc1; p=reject",
            "v=DMARC1, p=reject",
            "v=DMARC1; p=monitor",
            "v=DMARC1; p=monitor; rua=mailto:dmarc-reports@yourdomain.com",
            "v=DMARC1; rua=mailto:dmarc-reports@yourdomain.com",
            "v=DMARC1; p=reject; sp=off",
        ],
    )
    def test_an_invalid_record_blocks(self, text: str) -> None:
        judged = _one(_published(text), "invalid")
        assert (judged.status.value, judged.severity.value) == ("fail", "blocker")
        assert _record(judged).startswith("v=DMARC1; p=")
        assert "not-enforced" not in causes(run(CHECK, _published(text)))

    def test_an_invalid_tag_is_repaired_and_the_rest_is_kept(self) -> None:
        judged = _one(_published(f"v=DMARC1; p=reject; sp=off; {RUA}"), "invalid")
        assert _record(judged) == f"v=DMARC1; p=reject; {RUA}"

    def test_an_invalid_record_of_the_subdomain_is_told_where_the_organization_has_a_good_one(self) -> None:
        world = _published("v=DMARC1; p=off; p=off", at="_dmarc.mail.yourdomain.com")
        found = run(CHECK, _sender(world, "news@mail.yourdomain.com"))
        assert causes(found) == {"invalid"}
        assert [one.severity.value for one in found if one.cause] == ["blocker"]

    def test_what_stands_above_a_record_that_applies_is_no_matter(self) -> None:
        world = _published("v=dmarc1; p=none", world=_published(GOOD, at="_dmarc.mail.yourdomain.com"))
        assert "invalid" not in causes(run(CHECK, _sender(world, "news@mail.yourdomain.com")))


class TestEnforcement:
    def test_a_policy_of_none_warns(self) -> None:
        judged = _one(_published(f"v=DMARC1; p=none; {RUA}"), "not-enforced")
        assert (judged.status.value, judged.severity.value) == ("fail", "warning")
        assert _record(judged) == GOOD

    @pytest.mark.parametrize(
        ("policy", "minimum"), [("none", "quarantine"), ("none", "reject"), ("quarantine", "reject")]
    )
    def test_below_the_minimum_it_blocks(self, policy: str, minimum: str) -> None:
        judged = _one(_minimum(minimum, _published(f"v=DMARC1; p={policy}; {RUA}")), "not-enforced")
        assert judged.severity.value == "blocker"
        assert _record(judged) == f"v=DMARC1; p={minimum}; {RUA}"

    def test_the_gates_own_word_on_the_cause_counts(self) -> None:
        world = _published(f"v=DMARC1; p=none; {RUA}")
        world = _minimum("reject", world, causes={"not-enforced": {"severity": "info"}})
        assert _one(world, "not-enforced").severity.value == "info"

    @pytest.mark.parametrize("minimum", ["none", "quarantine"])
    def test_what_is_strict_enough_passes(self, minimum: str) -> None:
        assert statuses(run(CHECK, _minimum(minimum, ready_world()))) == {"pass"}

    def test_testing_is_no_enforcement(self) -> None:
        found = run(CHECK, _published(f"{GOOD}; t=y"))
        assert causes(found) == {"testing", "not-enforced"}
        assert {_record(one) for one in found if one.cause} == {GOOD}

    def test_testing_lowers_reject_by_one_step(self) -> None:
        assert causes(run(CHECK, _published(f"v=DMARC1; p=reject; t=y; {RUA}"))) == {"testing"}

    @pytest.mark.parametrize(("pct", "is_told"), [("25", True), ("0", True), ("100", False)])
    def test_a_share_is_no_longer_read(self, pct: str, is_told: bool) -> None:
        found = run(CHECK, _published(f"v=DMARC1; p=reject; pct={pct}; {RUA}"))
        assert ("pct-ignored" in causes(found)) is is_told

    def test_unprotected_subdomains_are_told_to_their_parent(self) -> None:
        judged = _one(_published(f"v=DMARC1; p=reject; sp=none; {RUA}"), "subdomain-unprotected")
        assert judged.severity.value == "info"
        assert _record(judged) == f"v=DMARC1; p=reject; {RUA}"

    def test_unprotected_subdomains_warn_where_the_sender_is_one(self) -> None:
        world = _sender(_published(f"v=DMARC1; p=reject; sp=none; {RUA}"), "news@mail.yourdomain.com")
        assert {one.cause: one.severity.value for one in run(CHECK, world) if one.cause} == {
            "subdomain-unprotected": "warning",
            "not-enforced": "warning",
        }

    def test_all_that_is_wrong_is_put_right_by_one_record(self) -> None:
        found = run(CHECK, _published("v=DMARC1; p=none; sp=none; aspf=s; pct=10; t=y"))
        texts = {_record(one) for one in found if one.status.value == "fail"}
        assert texts == {f"v=DMARC1; p=quarantine; sp=none; {RUA}"}


class TestTheRestOfTheRecord:
    def test_no_reports_are_information(self) -> None:
        judged = _one(_published("v=DMARC1; p=reject"), "no-reports")
        assert judged.severity.value == "info"
        assert _record(judged) == f"v=DMARC1; p=reject; {RUA}"

    def test_what_receivers_ignore_is_told(self) -> None:
        judged = _one(_published("v=DMARC1; p=reject; rua=dmarc-reports@yourdomain.com"), "tags-ignored")
        assert "mailto: is missing" in judged.finding.message

    def test_reports_to_strangers_need_their_word(self) -> None:
        judged = _one(_published("v=DMARC1; p=reject; rua=mailto:in@reports.example.net"), "report-unauthorised")
        name = f"{DOMAIN}._report._dmarc.reports.example.net"
        assert judged.severity.value == "warning"
        assert _record(judged, name) == "v=DMARC1"

    def test_a_stranger_that_gave_its_word_is_fine(self) -> None:
        world = _published("v=DMARC1; p=reject; rua=mailto:in@reports.example.net")
        name = f"{DOMAIN}._report._dmarc.reports.example.net"
        assert statuses(run(CHECK, _published("v=DMARC1", at=name, world=world))) == {"pass"}

    def test_a_stranger_that_cannot_be_asked_is_an_error_that_only_warns(self) -> None:
        world = _published("v=DMARC1; p=reject; rua=mailto:in@reports.example.net")
        judged = _one(world.dns_fails(f"{DOMAIN}._report._dmarc.reports.example.net"), "not-seen")
        assert (judged.status.value, judged.severity.value) == ("error", "warning")

    def test_list_and_tree_walk_may_disagree(self) -> None:
        world = _published(GOOD, at="_dmarc.mail.yourdomain.com", world=ready_world().no_name(NAME))
        judged = _one(_sender(world, "news@mail.yourdomain.com"), "psl-disagrees")
        assert judged.severity.value == "info"


class TestAlignment:
    def test_strict_spf_never_aligns_with_a_mail_from_domain_below(self) -> None:
        judged = _one(_published(f"{GOOD}; aspf=s"), "spf-not-aligned")
        assert judged.severity.value == "warning"
        assert _record(judged) == GOOD

    def test_strict_spf_aligns_where_mail_is_sent_as_the_mail_from_domain(self) -> None:
        world = _sender(_published(f"{GOOD}; aspf=s"), "news@bounce.yourdomain.com")
        assert "spf-not-aligned" not in causes(run(CHECK, world))

    def test_strict_dkim_does_not_align_with_a_subdomain(self) -> None:
        world = _sender(_published(f"{GOOD}; adkim=s"), "news@mail.yourdomain.com")
        judged = _one(world, "dkim-not-aligned")
        assert judged.severity.value == "warning"
        assert _record(judged) == GOOD

    def test_without_a_mail_from_domain_dkim_is_enough(self) -> None:
        found = run(CHECK, _mail_from(ready_world(), None))
        assert statuses(found) == {"pass"}
        assert "nothing else does" in found[-1].finding.message

    def test_neither_aligning_is_a_blocker(self) -> None:
        world = _mail_from(_sender(_published(f"{GOOD}; adkim=s"), "news@mail.yourdomain.com"), None)
        judged = _one(world, "nothing-aligned")
        assert (judged.severity.value, _record(judged)) == ("blocker", GOOD)

    def test_an_address_alone_is_signed_by_amazon(self) -> None:
        address = {"IdentityType": "EMAIL_ADDRESS", "IdentityName": SENDER, "VerificationStatus": "SUCCESS"}
        world = ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[address])
        world = world.answer("sesv2", "GetEmailIdentity", {"EmailIdentity": SENDER}, MailFromAttributes={})
        judged = _one(world, "nothing-aligned")
        assert "d=amazonses.com" in judged.finding.message
        assert judged.finding.remedy is not None
        assert judged.finding.remedy.id == f"create-identity:{DOMAIN}"
        assert isinstance(judged.finding.remedy.changes[0], AwsCall)

    def test_a_record_of_the_subdomain_alone_parts_it_from_the_identity_above(self) -> None:
        world = _published(GOOD, at="_dmarc.mail.yourdomain.com", world=ready_world().no_name(NAME))
        judged = _one(_sender(world, "news@mail.yourdomain.com"), "nothing-aligned")
        assert judged.finding.remedy is not None
        assert f"Publish a DMARC record at {NAME}" in judged.finding.remedy.summary

    def test_without_an_identity_the_other_check_speaks(self) -> None:
        world = ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[])
        policy, alignment = run(CHECK, world)
        assert (policy.status.value, alignment.status.value) == ("pass", "skip")
        assert str(alignment.finding.because) == f"identity-verified {SENDER}"


class TestNotSeen:
    @pytest.mark.parametrize("name", [NAME, "_dmarc.com"])
    def test_a_failing_walk_is_an_error_and_no_missing_record(self, name: str) -> None:
        assert statuses(run(CHECK, ready_world().dns_fails(name))) == {"error"}

    def test_the_policy_is_told_where_ses_cannot_be_asked(self) -> None:
        policy, alignment = run(CHECK, ready_world().fail("sesv2", "ListEmailIdentities"))
        assert (policy.status.value, alignment.status.value) == ("pass", "error")
        assert "ses:ListEmailIdentities" in alignment.finding.message

    def test_a_walk_from_the_mail_from_domain_that_fails_warns_where_dkim_aligns(self) -> None:
        found = run(CHECK, ready_world().dns_fails("_dmarc.bounce.yourdomain.com"))
        assert [one.status.value for one in found] == ["pass", "pass", "error"]
        assert found[-1].severity.value == "warning"

    def test_a_walk_from_the_mail_from_domain_that_fails_is_an_error_where_nothing_aligns(self) -> None:
        world = _sender(_published(f"{GOOD}; adkim=s"), "news@mail.yourdomain.com")
        judged = _one(world.dns_fails("_dmarc.bounce.yourdomain.com"), "not-seen")
        assert judged.severity.value == "blocker"


def test_dkim_that_is_switched_off_does_not_align() -> None:
    value = ready_world().context().aws("sesv2", "GetEmailIdentity", {"EmailIdentity": "yourdomain.com"})
    off = {**value["DkimAttributes"], "SigningEnabled": False}
    judged = run("dmarc", ready_world().answer("sesv2", "GetEmailIdentity", DkimAttributes=off))
    assert causes(judged) == {"dkim-not-aligned"}
    [failure] = [one for one in judged if one.cause == "dkim-not-aligned"]
    assert failure.finding.remedy is not None
    assert failure.finding.remedy.changes[0].operation == "PutEmailIdentityDkimAttributes"  # type: ignore[union-attr]
