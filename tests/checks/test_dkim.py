"""dkim: the nearest domain identity signs, and receivers find its key."""

import base64
from typing import Any

import pytest

from sesgate.context import Context
from sesgate.engine import Judged
from sesgate.evidence import FailureKind, Question
from sesgate.finding import AwsCall, DnsRecord
from sesgate.ses.dkim_look import NOBODYS_LABEL, look
from sesgate.ses.identities import Identity, identity
from sesgate.testing import World, causes, ready_world, run, statuses
from tests.checks.walked import FIRST, OTHER, PARENT_SERVER, SECOND, publishing, serving, soa, walked

CHECK = "dkim"
DOMAIN = "yourdomain.com"
SENDER = "no-reply@yourdomain.com"
TOKENS = ("vqh3zncp5cz2x7rkfwexvgpsaolcbbu4", "h6fqjyd2m3tsk7w4nxuaclrgoevzipb5", "k2xwtmrpzqv6lyca4ngjhsu7iebodf35")
NAMES = tuple(f"{token}._domainkey.{DOMAIN}" for token in TOKENS)
SELECTOR = f"mail2026._domainkey.{DOMAIN}"
REGIONAL = "dkim.ap-southeast-3.amazonses.com"


def _der(tag: int, content: bytes) -> bytes:
    size = len(content)
    octets = size.to_bytes((size.bit_length() + 7) // 8 or 1, "big")
    length = octets if size < 128 else bytes([0x80 | len(octets)]) + octets
    return bytes([tag]) + length + content


def _key(bits: int = 2048, *, more: str = "") -> str:
    """A key record of so many bits. Its modulus is no product of primes: nobody signs with it."""
    modulus = b"\x00" + ((1 << bits - 1) | 1).to_bytes(bits // 8, "big")
    der = _der(0x30, _der(2, modulus) + _der(2, (65537).to_bytes(3, "big")))
    return f"v=DKIM1; k=rsa; {more}p={base64.b64encode(der).decode()}"


def _attributes(world: World) -> dict[str, Any]:
    [value] = [
        answer.value
        for question, answer in world.answers.items()
        if question.fields[1:] == ("sesv2", "GetEmailIdentity") and question.parameters["EmailIdentity"] == DOMAIN
    ]
    return dict(value["DkimAttributes"])


def _dkim(world: World | None = None, *, look: dict[str, Any] | None = None, **changes: Any) -> World:
    """The ready world with other DkimAttributes, and with what SES saw when it last looked."""
    world = world or ready_world()
    fields: dict[str, Any] = {"DkimAttributes": {**_attributes(world), **changes}}
    if look is not None:
        fields["VerificationInfo"] = {"LastCheckedTimestamp": "2026-11-24T05:20:00Z", **look}
    return world.answer("sesv2", "GetEmailIdentity", {"EmailIdentity": DOMAIN}, **fields)


def _own(**changes: Any) -> World:
    return _dkim(
        SigningAttributesOrigin="EXTERNAL",
        Tokens=["mail2026"],
        CurrentSigningKeyLength=None,
        NextSigningKeyLength=None,
        **changes,
    )


def _gone(world: World, *names: str) -> World:
    for name in names:
        world = world.no_name(name)
    return world


def _without_key(world: World, text: str | None, *names: str) -> World:
    for name in names:
        world = world.dns(name, "TXT", *([text] if text is not None else []))
    return world


def _one(world: World) -> tuple[Judged, str, str | None]:
    [judged] = run(CHECK, world)
    return judged, judged.status.value, judged.cause


def _records(judged: Judged) -> list[tuple[str, str, str]]:
    assert judged.finding.remedy is not None
    changes = judged.finding.remedy.changes
    return [(one.name, one.type, one.value) for one in changes if isinstance(one, DnsRecord)]


def _call(judged: Judged) -> AwsCall:
    assert judged.finding.remedy is not None
    return next(one for one in judged.finding.remedy.changes if isinstance(one, AwsCall))


def test_easy_dkim_passes() -> None:
    judged, status, _ = _one(ready_world())
    assert status == "pass"
    assert "Easy DKIM (2048 bits)" in judged.finding.message


def test_the_key_behind_one_token_is_enough() -> None:
    """SES signs with one selector; the others answer with an empty text, or with a p that is empty."""
    world = _without_key(_without_key(ready_world(), "", NAMES[0]), "p=", NAMES[1])
    assert statuses(run(CHECK, world)) == {"pass"}


def test_no_identity_is_the_business_of_identity_verified() -> None:
    judged, status, cause = _one(ready_world().answer("sesv2", "ListEmailIdentities", EmailIdentities=[]))
    assert (status, cause) == ("skip", "absent")
    assert str(judged.finding.because) == f"identity-verified {SENDER}"


def _with_address(world: World, status: str = "SUCCESS", *, alone: bool = False, signing: bool = True) -> World:
    address = {"IdentityType": "EMAIL_ADDRESS", "IdentityName": SENDER, "VerificationStatus": status}
    domain = {"IdentityType": "DOMAIN", "IdentityName": DOMAIN, "VerificationStatus": "SUCCESS"}
    entries = [{**entry, "SendingEnabled": True} for entry in (address, domain)]
    return world.answer("sesv2", "ListEmailIdentities", EmailIdentities=entries[: 1 if alone else 2]).answer(
        "sesv2",
        "GetEmailIdentity",
        {"EmailIdentity": SENDER},
        IdentityType="EMAIL_ADDRESS",
        DkimAttributes={"SigningEnabled": signing, "Status": "NOT_STARTED"},
    )


def test_an_address_without_a_domain_identity_fails() -> None:
    judged, status, cause = _one(_with_address(ready_world(), alone=True))
    assert (status, cause) == ("fail", "not-domain-identity")
    assert _call(judged).operation == "CreateEmailIdentity"


def test_an_address_inherits_from_its_domain() -> None:
    assert statuses(run(CHECK, _with_address(ready_world()))) == {"pass"}


def test_signing_off_at_the_address_fails() -> None:
    judged, status, cause = _one(_with_address(ready_world(), signing=False))
    assert (status, cause) == ("fail", "signing-off")
    assert _call(judged).parameters == {"EmailIdentity": SENDER, "SigningEnabled": True}


def test_an_address_that_is_not_verified_overrides_nothing() -> None:
    assert statuses(run(CHECK, _with_address(ready_world(), "PENDING", signing=False))) == {"pass"}


def test_signing_off_at_the_domain_fails_and_can_be_undone() -> None:
    judged, status, cause = _one(_dkim(SigningEnabled=False))
    assert (status, cause) == ("fail", "signing-off")
    undo = _call(judged).undo
    assert undo is not None
    assert undo.parameters == {"EmailIdentity": DOMAIN, "SigningEnabled": False}


def test_no_dkim_at_all_is_not_started() -> None:
    judged, status, cause = _one(_dkim(Status="NOT_STARTED", Tokens=[], SigningEnabled=False))
    assert (status, cause) == ("fail", "not-started")
    assert _call(judged).parameters["SigningAttributesOrigin"] == "AWS_SES"


def test_records_without_a_start_are_not_started() -> None:
    assert _one(_dkim(Status="NOT_STARTED"))[1:] == ("fail", "not-started")


def test_missing_records_are_one_finding_with_all_records() -> None:
    judged, status, cause = _one(_gone(_dkim(Status="PENDING"), *NAMES[:2]))
    assert (status, cause, judged.severity.value) == ("fail", "cname-missing", "blocker")
    assert judged.finding.message.startswith("2 of 3 DKIM records of yourdomain.com are missing")
    assert _records(judged) == [(f"{t}._domainkey.{DOMAIN}", "CNAME", f"{t}.dkim.amazonses.com") for t in TOKENS[:2]]


def test_a_record_that_is_gone_fails_though_ses_counts_it() -> None:
    judged, status, cause = _one(_gone(ready_world(), NAMES[0]))
    assert (status, cause) == ("fail", "cname-missing")
    assert "revokes it" in judged.finding.message


def test_a_doubled_name_is_found() -> None:
    doubled = f"{NAMES[2]}.{DOMAIN}"
    world = _gone(_dkim(Status="PENDING"), NAMES[2]).dns(doubled, "CNAME", f"{TOKENS[2]}.dkim.amazonses.com")
    judged, status, cause = _one(world)
    assert (status, cause) == ("fail", "cname-doubled")
    assert judged.finding.found == f"CNAME at {doubled}"
    assert _records(judged) == [(NAMES[2], "CNAME", f"{TOKENS[2]}.dkim.amazonses.com")]


def test_a_foreign_cname_at_the_doubled_name_explains_nothing() -> None:
    world = _gone(ready_world(), NAMES[2]).dns(f"{NAMES[2]}.{DOMAIN}", "CNAME", "www.yourdomain.com")
    assert causes(run(CHECK, world)) == {"cname-missing"}


def test_a_doubled_name_that_can_not_be_seen_is_missing() -> None:
    world = _gone(ready_world(), NAMES[2]).dns_fails(f"{NAMES[2]}.{DOMAIN}", "CNAME")
    assert causes(run(CHECK, world)) == {"cname-missing"}


@pytest.mark.parametrize(
    ("target", "cause"),
    [
        (f"{TOKENS[0]}.{REGIONAL}", "cname-wrong-zone"),
        ("aaaabbbbccccddddeeeeffffgggghhhh.dkim.amazonses.com", "cname-old-token"),
        (f"{TOKENS[1]}.dkim.amazonses.com", "cname-wrong"),
        (f"{TOKENS[0]}.dkim.amazonses.com.{DOMAIN}", "cname-target-doubled"),
        ("www.yourdomain.com", "cname-wrong"),
    ],
)
def test_a_wrong_target_is_told_apart(target: str, cause: str) -> None:
    judged, status, found = _one(ready_world().dns(NAMES[0], "CNAME", target))
    assert (status, found) == ("fail", cause)
    assert judged.finding.found == f"CNAME {target}"
    assert _records(judged) == [(NAMES[0], "CNAME", f"{TOKENS[0]}.dkim.amazonses.com")]


def test_the_default_zone_is_wrong_where_the_identity_has_its_own() -> None:
    judged, status, cause = _one(_dkim(SigningHostedZone=REGIONAL))
    assert (status, cause) == ("fail", "cname-wrong-zone")
    assert _records(judged)[0][2] == f"{TOKENS[0]}.{REGIONAL}"


def test_a_zone_that_ses_does_not_tell_is_no_reason_to_fail_what_it_verified() -> None:
    world = _dkim(SigningHostedZone=None)
    for token, name in zip(TOKENS, NAMES, strict=True):
        world = world.dns(name, "CNAME", f"{token}.{REGIONAL}")
    assert statuses(run(CHECK, world)) == {"pass"}


def test_two_cnames_at_one_name_are_wrong() -> None:
    targets = (f"{TOKENS[0]}.dkim.amazonses.com", "www.yourdomain.com")
    assert causes(run(CHECK, ready_world().dns(NAMES[0], "CNAME", *targets))) == {"cname-wrong"}


def test_the_case_of_a_target_does_not_matter() -> None:
    world = ready_world().dns(NAMES[0], "CNAME", f"{TOKENS[0].upper()}.DKIM.amazonses.com")
    assert statuses(run(CHECK, world)) == {"pass"}


def test_a_key_without_a_cname_is_flattened() -> None:
    assert causes(run(CHECK, ready_world().dns(NAMES[0], "CNAME"))) == {"cname-flattened"}


def test_an_address_without_a_cname_is_proxied() -> None:
    world = ready_world().dns(NAMES[0], "CNAME").dns(NAMES[0], "TXT").dns(NAMES[0], "A", "104.16.0.1")
    judged, status, cause = _one(world)
    assert (status, cause) == ("fail", "cname-flattened")
    assert "104.16.0.1" in str(judged.finding.found)


def test_a_wildcard_is_no_proxy() -> None:
    world = ready_world().dns(NAMES[0], "CNAME").dns(NAMES[0], "TXT").dns(NAMES[0], "A", "203.0.113.10")
    assert causes(run(CHECK, world.dns(f"_domainkey.{DOMAIN}", "A", "203.0.113.10"))) == {"cname-missing"}


def test_a_domain_that_does_not_exist_is_told_once() -> None:
    judged, status, cause = _one(_gone(_dkim(Status="PENDING"), *NAMES, DOMAIN))
    assert (status, cause) == ("fail", "domain-missing")
    assert len(_records(judged)) == 3


def test_different_faults_share_one_remedy() -> None:
    world = _gone(ready_world(), NAMES[0]).dns(NAMES[1], "CNAME", "www.yourdomain.com")
    judged = run(CHECK, world)
    assert causes(judged) == {"cname-missing", "cname-wrong"}
    assert len({repr(one.finding.remedy) for one in judged}) == 1


def test_right_records_that_ses_has_not_seen_wait() -> None:
    judged, status, cause = _one(_dkim(Status="PENDING", look={"ErrorType": "HOST_NOT_FOUND"}))
    assert (status, cause) == ("pending", "pending")
    assert "2026-11-24 05:20 UTC and saw HOST_NOT_FOUND" in judged.finding.message


def test_a_temporary_failure_with_right_records_waits() -> None:
    world = _dkim(Status="TEMPORARY_FAILURE", look={"ErrorType": "DNS_SERVER_ERROR"})
    assert _one(world)[1:] == ("pending", "pending")


def _saw(primary: str, serial: int) -> dict[str, Any]:
    return {"ErrorType": "HOST_NOT_FOUND", "SOARecord": {"PrimaryNameServer": primary, "SerialNumber": serial}}


def _with_zone(world: World) -> World:
    soa = "ns1.example.net. hostmaster.yourdomain.com. 2026112401 7200 900 1209600 300"
    return world.dns("yourdomain.com", "SOA", soa)


def test_another_zone_at_ses_is_not_waited_for() -> None:
    judged, status, cause = _one(_with_zone(_dkim(Status="PENDING", look=_saw("ns1.old-host.net.", 7))))
    assert (status, cause) == ("fail", "zone-differs")
    assert "ns1.old-host.net" in judged.finding.message


def test_a_zone_that_changed_since_is_waited_for() -> None:
    judged, status, cause = _one(_with_zone(_dkim(Status="PENDING", look=_saw("ns1.example.net", 2026112400))))
    assert (status, cause) == ("pending", "pending")
    assert "serial 2026112401" in judged.finding.message


def test_ses_that_gave_up_is_asked_again() -> None:
    judged, status, cause = _one(_dkim(Status="FAILED"))
    assert (status, cause) == ("fail", "status-failed")
    assert (_call(judged).service, _call(judged).operation) == ("ses", "VerifyDomainDkim")


def test_ses_that_gave_up_on_missing_records_is_both() -> None:
    assert causes(run(CHECK, _gone(_dkim(Status="FAILED"), NAMES[0]))) == {"cname-missing", "status-failed"}


def test_an_unknown_status_is_an_error() -> None:
    assert statuses(run(CHECK, _dkim(Status="ODD"))) == {"error"}


def test_no_key_behind_any_record_fails() -> None:
    assert _one(_without_key(ready_world(), "", *NAMES))[1:] == ("fail", "key-missing")


def test_a_key_that_is_no_key_fails() -> None:
    judged, status, cause = _one(_without_key(ready_world(), "p=AAAA", NAMES[0]))
    assert (status, cause) == ("fail", "key-invalid")
    assert "of no use" in judged.finding.message


def test_no_key_is_expected_before_ses_verified() -> None:
    assert causes(run(CHECK, _without_key(_dkim(Status="PENDING"), "", *NAMES))) == {"pending"}


def test_a_short_key_is_a_warning() -> None:
    world = _dkim(CurrentSigningKeyLength="RSA_1024_BIT", NextSigningKeyLength="RSA_1024_BIT")
    judged, status, cause = _one(world)
    assert (status, cause, judged.severity.value) == ("fail", "weak-key", "warning")
    assert _call(judged).parameters["SigningAttributes"] == {"NextSigningKeyLength": "RSA_2048_BIT"}
    assert _call(judged).undo is not None


def test_a_short_key_on_its_way_out_is_pending() -> None:
    assert _one(_dkim(CurrentSigningKeyLength="RSA_1024_BIT"))[1:] == ("pending", "weak-key")


def test_a_short_key_is_read_where_ses_does_not_tell() -> None:
    world = _dkim(CurrentSigningKeyLength=None, NextSigningKeyLength=None)
    assert causes(run(CHECK, _without_key(world, _key(1024), *NAMES))) == {"weak-key"}


def test_the_key_of_a_replica_is_lengthened_at_its_parent() -> None:
    world = _dkim(
        SigningAttributesOrigin="AWS_SES_EU_WEST_1",
        CurrentSigningKeyLength="RSA_1024_BIT",
        NextSigningKeyLength="RSA_1024_BIT",
    )
    assert _call(_one(world)[0]).region == "eu-west-1"


def test_a_replica_passes_with_the_records_of_its_parent() -> None:
    judged, status, _ = _one(_dkim(SigningAttributesOrigin="AWS_SES_EU_WEST_1"))
    assert status == "pass"
    assert "its parent in eu-west-1" in judged.finding.message


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("REPLICATION_PRIMARY_NOT_FOUND", "parent-missing"),
        ("REPLICATION_PRIMARY_BYO_DKIM_NOT_SUPPORTED", "parent-unusable"),
    ],
)
def test_a_replica_without_a_parent_does_not_wait(error: str, cause: str) -> None:
    world = _dkim(Status="PENDING", SigningAttributesOrigin="AWS_SES_EU_WEST_1", look={"ErrorType": error})
    judged, status, found = _one(world)
    assert (status, found) == ("fail", cause)
    assert "eu-west-1" in judged.finding.message


PARENT = Question.aws("eu-west-1", "sesv2", "GetEmailIdentity", {"EmailIdentity": DOMAIN})


def _replica(parent: dict[str, Any] | None, status: str = "PENDING") -> World:
    """A replica in this state of a parent in eu-west-1 with these DkimAttributes; None where there is no parent."""
    world = _dkim(Status=status, SigningAttributesOrigin="AWS_SES_EU_WEST_1")
    looked = {"LastCheckedTimestamp": "2026-11-24T05:20:00Z", "ErrorType": "HOST_NOT_FOUND"}
    told = {"IdentityType": "DOMAIN", "DkimAttributes": parent, "VerificationInfo": looked}
    return world.told(PARENT, None if parent is None else told)


@pytest.mark.parametrize("status", ["PENDING", "TEMPORARY_FAILURE"])
def test_a_replica_waits_with_its_parent(status: str) -> None:
    judged, found, cause = _one(_replica({"Status": status, "SigningAttributesOrigin": "AWS_SES"}))
    assert (found, cause) == ("pending", "parent-unverified")
    assert f"its parent in eu-west-1 is: DKIM there is {status}" in judged.finding.message
    assert "HOST_NOT_FOUND" in judged.finding.message


@pytest.mark.parametrize("status", ["FAILED", "NOT_STARTED"])
def test_a_parent_that_ses_does_not_look_for_is_started_where_it_is(status: str) -> None:
    judged, found, cause = _one(_replica({"Status": status, "SigningAttributesOrigin": "AWS_SES"}))
    assert (found, cause) == ("fail", "parent-unverified")
    assert (_call(judged).operation, _call(judged).region) == ("VerifyDomainDkim", "eu-west-1")


def test_a_replica_that_ses_gave_up_on_tells_of_its_parent_too() -> None:
    world = _replica({"Status": "FAILED", "SigningAttributesOrigin": "AWS_SES"}, status="FAILED")
    assert causes(run(CHECK, world)) == {"parent-unverified", "status-failed"}


def test_a_replica_whose_parent_is_verified_is_looked_at_by_ses_soon() -> None:
    assert _one(_replica({"Status": "SUCCESS", "SigningAttributesOrigin": "AWS_SES"}))[1:] == ("pending", "pending")


def test_a_replica_whose_records_are_wrong_needs_the_records() -> None:
    world = _gone(_replica({"Status": "PENDING", "SigningAttributesOrigin": "AWS_SES"}), NAMES[0])
    assert _one(world)[1:] == ("fail", "cname-missing")


@pytest.mark.parametrize(
    ("parent", "cause", "why"),
    [
        (None, "parent-missing", "does not exist"),
        ({"SigningAttributesOrigin": "EXTERNAL", "Status": "SUCCESS"}, "parent-unusable", "a key of its own"),
        ({"SigningAttributesOrigin": "AWS_SES_US_EAST_1", "Status": "SUCCESS"}, "parent-unusable", "a replica itself"),
    ],
)
def test_a_parent_is_looked_at_before_ses_tells_of_it(parent: dict[str, Any] | None, cause: str, why: str) -> None:
    judged, status, found = _one(_replica(parent))
    assert (status, found) == ("fail", cause)
    assert why in judged.finding.message


def test_a_parent_that_can_not_be_looked_at_is_a_note() -> None:
    judged, status, cause = _one(_dkim(Status="PENDING", SigningAttributesOrigin="AWS_SES_EU_WEST_1"))
    assert (status, cause) == ("pending", "pending")
    [note] = judged.notes
    assert note.startswith("the parent of yourdomain.com in eu-west-1 could not be looked at: ")


def test_own_key_passes() -> None:
    judged, status, _ = _one(_own().dns(SELECTOR, "TXT", _key()))
    assert status == "pass"
    assert "BYODKIM" in judged.finding.message


def test_own_key_passes_where_ses_tells_no_selector() -> None:
    assert statuses(run(CHECK, _dkim(_own(), Tokens=[]))) == {"pass"}


def test_own_key_missing() -> None:
    assert _one(_own().no_name(SELECTOR))[1:] == ("fail", "byodkim-missing")


def test_own_key_at_a_doubled_name_is_told_with_its_value() -> None:
    judged, status, cause = _one(_own().no_name(SELECTOR).dns(f"{SELECTOR}.{DOMAIN}", "TXT", _key()))
    assert (status, cause) == ("fail", "byodkim-doubled")
    assert _records(judged) == [(SELECTOR, "TXT", _key())]


@pytest.mark.parametrize(
    ("records", "why"),
    [
        (["p="], "revoked"),
        ([_key(more="t=y; ")], "t=y"),
        ([_key(512)], "512 bits"),
        ([_key(more="h=sha1; ")], "sha256"),
        ([_key(more="s=other; ")], "email"),
        ([f"k=ed25519; p={base64.b64encode(bytes(32)).decode()}"], "RSA"),
        (["hello"], "tag=value"),
        ([_key(), _key(1024)], "2 TXT records"),
    ],
)
def test_own_key_of_no_use(records: list[str], why: str) -> None:
    judged, status, cause = _one(_own().dns(SELECTOR, "TXT", *records))
    assert (status, cause) == ("fail", "byodkim-invalid")
    assert why in judged.finding.message


def test_own_short_key_is_a_warning() -> None:
    judged, status, cause = _one(_own().dns(SELECTOR, "TXT", _key(1024)))
    assert (status, cause, judged.severity.value) == ("fail", "weak-key", "warning")


def test_own_key_waits_for_ses() -> None:
    assert _one(_own(Status="PENDING").dns(SELECTOR, "TXT", _key()))[1:] == ("pending", "pending")


def test_own_key_that_can_not_be_seen_is_an_error_and_the_rest_is_told() -> None:
    judged = run(CHECK, _own(Status="PENDING").dns_fails(SELECTOR))
    assert statuses(judged) == {"pending", "error"}


def test_own_key_that_ses_gave_up_on_has_no_call_with_the_private_key() -> None:
    judged, status, cause = _one(_own(Status="FAILED").dns(SELECTOR, "TXT", _key()))
    assert (status, cause) == ("fail", "status-failed")
    assert judged.finding.remedy is not None
    assert not [one for one in judged.finding.remedy.changes if isinstance(one, AwsCall)]


def test_one_record_that_can_not_be_seen_hides_no_other() -> None:
    judged = run(CHECK, _gone(ready_world(), NAMES[0]).dns_fails(NAMES[1]))
    assert [(one.status.value, one.cause) for one in judged] == [("fail", "cname-missing"), ("error", "not-seen")]


@pytest.mark.parametrize("kind", [FailureKind.SERVFAIL, FailureKind.TIMEOUT])
def test_records_that_can_not_be_seen_are_an_error(kind: FailureKind) -> None:
    world = ready_world()
    for name in NAMES:
        world = world.dns_fails(name, kind=kind)
    assert statuses(run(CHECK, world)) == {"error"}


def test_a_key_that_can_not_be_seen_is_an_error() -> None:
    world = ready_world()
    for name in NAMES:
        world = world.dns_fails(name, "TXT")
    assert statuses(run(CHECK, world)) == {"error"}


@pytest.mark.parametrize("operation", ["ListEmailIdentities", "GetEmailIdentity"])
def test_what_is_denied_is_an_error(operation: str) -> None:
    [judged] = run(CHECK, ready_world().fail("sesv2", operation))
    assert (judged.status.value, judged.cause) == ("error", "not-seen")


def test_an_identity_deleted_in_between_is_an_error() -> None:
    assert statuses(run(CHECK, ready_world().absent("sesv2", "GetEmailIdentity"))) == {"error"}


def test_six_questions_are_enough_where_all_is_well() -> None:
    context = ready_world().context()
    from sesgate.check import NoOptions
    from sesgate.subjects import SenderDomain
    from sesgate_checks.dkim import dkim

    [subject] = SenderDomain.find(context)
    assert [one.status.value for one in dkim(subject, context, NoOptions())] == ["pass"]
    assert len(context.cited) == 2 + 6


RECORDS = tuple((name, f"{token}.dkim.amazonses.com") for token, name in zip(TOKENS, NAMES, strict=True))


def test_without_the_walk_no_name_server_is_asked() -> None:
    context = _gone(_dkim(Status="PENDING"), *NAMES).context()
    assert look(context, _identity_in(context)).faulty
    assert not [one for one in context.evidence.answers() if one.fields[-1].startswith("server ")]


def _identity_in(context: Context) -> Identity:
    found = identity(context, DOMAIN)
    assert found is not None
    return found


def test_a_record_on_no_name_server_is_not_published() -> None:
    judged, status, cause = _one(walked(_gone(_dkim(Status="PENDING"), NAMES[0])))
    assert (status, cause) == ("fail", "cname-missing")
    assert f"not published: none of the name servers of {DOMAIN} has it (ns1.example.net" in judged.finding.message


def test_a_record_on_all_name_servers_is_waited_for_as_long_as_resolvers_remember() -> None:
    world = walked(_gone(_dkim(Status="PENDING"), NAMES[0]))
    for host in (FIRST, SECOND):
        world = publishing(world, host, "CNAME", RECORDS[0])
    judged, status, cause = _one(world)
    assert (status, cause) == ("pending", "not-seen-yet")
    assert "not yet seen by resolvers" in judged.finding.message
    assert "for up to 300 s more" in judged.finding.message
    assert judged.finding.remedy is not None
    assert judged.finding.remedy.lead_time_seconds == 300


def test_an_old_target_that_resolvers_remember_is_waited_for() -> None:
    world = walked(_dkim(Status="PENDING").dns(NAMES[0], "CNAME", "www.yourdomain.com", ttl=7200))
    for host in (FIRST, SECOND):
        world = publishing(world, host, "CNAME", RECORDS[0])
    judged, status, cause = _one(world)
    assert (status, cause) == ("pending", "not-seen-yet")
    assert "7200 s" in judged.finding.message


def test_a_name_server_that_does_not_answer_is_a_note_and_no_status() -> None:
    world = publishing(walked(_gone(_dkim(Status="PENDING"), NAMES[0])), FIRST, "CNAME", RECORDS[0])
    judged, status, cause = _one(world.name_server_fails(SECOND, DOMAIN, "SOA", "NS"))
    assert (status, cause) == ("pending", "not-seen-yet")
    assert "ns2.example.net, a name server of yourdomain.com: ns2.example.net did not answer" in judged.notes


def test_a_secondary_without_the_record_is_behind() -> None:
    world = serving(walked(_gone(_dkim(Status="PENDING"), NAMES[0])), SECOND, 2026112400)
    judged, status, cause = _one(publishing(world, FIRST, "CNAME", RECORDS[0]))
    assert (status, cause) == ("fail", "secondary-behind")
    assert "on ns1.example.net (serial 2026112401) and not on ns2.example.net (serial 2026112400)" in (
        judged.finding.message
    )
    assert "different serials" in " ".join(judged.notes)


def test_a_record_on_servers_that_the_parent_does_not_name_is_in_a_zone_that_nobody_asks() -> None:
    world = walked(_gone(_dkim(Status="PENDING"), NAMES[0]), own=(FIRST, OTHER), delegated=(FIRST,))
    judged, status, cause = _one(publishing(world, OTHER, "CNAME", RECORDS[0]))
    assert (status, cause) == ("fail", "zone-unasked")
    assert "ns9.new-host.net, in a zone that nobody asks: com delegates yourdomain.com to ns1.example.net" in (
        judged.finding.message
    )
    assert _records(judged) == [(NAMES[0], "CNAME", RECORDS[0][1])]
    assert any("the zone itself names ns1.example.net, ns9.new-host.net" in note for note in judged.notes)


def test_right_records_that_only_one_name_server_has_explain_why_ses_waits() -> None:
    world = serving(walked(_dkim(Status="PENDING", look=_saw(FIRST, 2026112400))), SECOND, 2026112400)
    judged, status, cause = _one(publishing(world, FIRST, "CNAME", *RECORDS))
    assert (status, cause) == ("fail", "secondary-behind")
    assert "SES last looked 2026-11-24 05:20 UTC and saw HOST_NOT_FOUND" in judged.finding.message


def test_right_records_that_no_delegated_server_has_are_in_a_private_zone() -> None:
    judged, status, cause = _one(walked(_dkim(Status="PENDING", look=_saw(FIRST, 7))))
    assert (status, cause) == ("fail", "zone-unasked")
    assert "in a zone that SES does not come to" in judged.finding.message


def test_a_zone_that_is_not_delegated_is_told() -> None:
    world = walked(_dkim(Status="PENDING")).name_server(PARENT_SERVER, DOMAIN, "NS")
    judged, status, cause = _one(publishing(world, FIRST, "CNAME", *RECORDS))
    assert (status, cause) == ("fail", "zone-unasked")
    assert "com does not delegate yourdomain.com at all" in judged.finding.message


def test_right_records_on_all_name_servers_are_waited_for() -> None:
    world = walked(_dkim(Status="PENDING", look=_saw(FIRST, 2026112400)))
    for host in (FIRST, SECOND):
        world = publishing(world, host, "CNAME", *RECORDS)
    assert _one(world)[1:] == ("pending", "pending")


def test_a_parent_that_can_not_be_seen_is_a_note() -> None:
    world = walked(_gone(_dkim(Status="PENDING"), NAMES[0])).name_server_fails(PARENT_SERVER, DOMAIN, "NS")
    judged, status, cause = _one(world)
    assert (status, cause) == ("fail", "cname-missing")
    assert any("the delegation of yourdomain.com could not be seen" in note for note in judged.notes)


def test_what_is_well_passes_with_the_walk() -> None:
    judged, status, _ = _one(walked(ready_world()))
    assert (status, judged.notes) == ("pass", ())


def test_a_wildcard_that_answers_for_the_records_is_told() -> None:
    world = _dkim(Status="PENDING", look={"ErrorType": "INVALID_VALUE"})
    for name in (*NAMES, f"{NOBODYS_LABEL}._domainkey.{DOMAIN}"):
        world = world.dns(name, "CNAME", "www.yourdomain.com")
    judged, status, cause = _one(world)
    assert (status, cause) == ("fail", "cname-wildcard")
    assert len(_records(judged)) == 3


def test_a_wildcard_elsewhere_does_not_explain_another_target() -> None:
    world = ready_world().dns(NAMES[0], "CNAME", "shop.yourdomain.com")
    world = world.dns(f"{NOBODYS_LABEL}._domainkey.{DOMAIN}", "CNAME", "www.yourdomain.com")
    assert _one(world)[1:] == ("fail", "cname-wrong")


THEIR_TOKENS = tuple(f"ireland{number}" + "x" * 24 for number in range(3))


def _in_ireland_too(world: World) -> World:
    """With the same identity in eu-west-1, which the gate names as well."""
    theirs = {"DkimAttributes": {**_attributes(world), "Tokens": list(THEIR_TOKENS)}}
    question = Question.aws("eu-west-1", "sesv2", "GetEmailIdentity", {"EmailIdentity": DOMAIN})
    return world.elsewhere(other_regions=("eu-west-1",)).told(question, {"IdentityType": "DOMAIN", **theirs})


def test_the_records_of_another_region_are_told() -> None:
    world = _in_ireland_too(_gone(_dkim(Status="PENDING"), *NAMES)).dns(DOMAIN, "SOA", soa())
    for token in THEIR_TOKENS:
        world = world.dns(f"{token}._domainkey.{DOMAIN}", "CNAME", f"{token}.dkim.amazonses.com")
    judged, status, cause = _one(world)
    assert (status, cause) == ("fail", "cname-other-region")
    assert "the records of eu-west-1 are there" in str(judged.finding.found)
    assert len(_records(judged)) == 3


def test_a_target_with_the_token_of_another_region_is_told() -> None:
    world = _in_ireland_too(ready_world().dns(NAMES[0], "CNAME", f"{THEIR_TOKENS[0]}.dkim.amazonses.com"))
    judged, status, cause = _one(world)
    assert (status, cause) == ("fail", "cname-other-region")
    assert "a token of eu-west-1" in str(judged.finding.found)


def test_another_region_without_records_leaves_them_missing() -> None:
    assert _one(_in_ireland_too(_gone(ready_world(), NAMES[0])))[1:] == ("fail", "cname-missing")


def test_another_region_that_can_not_be_seen_hides_nothing() -> None:
    world = _gone(ready_world(), NAMES[0]).elsewhere(other_regions=("eu-west-1",))
    assert _one(world)[1:] == ("fail", "cname-missing")
