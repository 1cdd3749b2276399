"""The forms of repairs, each read by the tool that it is for."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import botocore.session
import dns.zone
import hcl2
import pytest
from botocore.validate import ParamValidator
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from sesgate.finding import AwsCall, Change, DnsRecord, Owner, Remedy, StatementToAdd, Status, Text
from sesgate.gate import smallest_gate
from sesgate.repairs import FORMS, Work, write
from sesgate.repairs.work import NothingToWrite, SeveralZones, in_order, open_findings, purpose, record_set
from sesgate.ses.account import AccountState, account_state
from sesgate.verdict import Verdict
from tests.report import samples

DKIM_KEY = "v=DKIM1; k=rsa; p=" + "A" * 392
SPF = DnsRecord("bounce.yourdomain.com", "TXT", "v=spf1 include:amazonses.com ~all")
RECORDS = (
    SPF,
    DnsRecord("bounce.yourdomain.com", "MX", "10 feedback-smtp.ap-southeast-1.amazonses.com"),
    DnsRecord("abc._domainkey.yourdomain.com", "CNAME", "abc.dkim.amazonses.com"),
    DnsRecord("own._domainkey.yourdomain.com", "TXT", DKIM_KEY),
)
CALL = AwsCall(
    "sesv2",
    "PutAccountSuppressionAttributes",
    {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
    "ap-southeast-1",
    AwsCall("sesv2", "PutAccountSuppressionAttributes", {"SuppressedReasons": []}, "ap-southeast-1"),
)
STATEMENT = StatementToAdd(
    "send-mail (inline) of bizassist-api",
    {"Effect": "Allow", "Action": "ses:SendEmail", "Resource": "*", "Condition": {"StringEquals": {"a": "${aws:x}"}}},
)
NASTY = "x\n\x1b[31m$(touch /tmp/owned)`id`\"'; ##[error] ${HOME} %{if true} --></script>"


def work(*changes: Change, today: Mapping[tuple[str, str], tuple[str, ...]] | None = None, **more: Any) -> Work:
    remedy = Remedy("repair", "Repair it", Owner.DNS, 300, changes)
    report = samples.report(
        samples.finding("spf", "yourdomain.com", Status.FAIL, "no", cause="missing", remedy=remedy),
        verdict=Verdict.NOT_READY,
    )
    return Work(report, (remedy,), today or {}, **more)


def zone_of(text: str) -> dns.zone.Zone:
    apex = "yourdomain.com. 300 IN SOA ns. host. 1 2 3 4 5\nyourdomain.com. 300 IN NS ns.\n"
    return dns.zone.from_text(apex + text, origin="yourdomain.com.", relativize=False)


def texts(zone: dns.zone.Zone, name: str, kind: str) -> list[str]:
    found = zone.find_rdataset(f"{name}.", kind)
    if kind == "TXT":
        return [b"".join(one.strings).decode() for one in found]
    return [one.to_text().rstrip(".") for one in found]


def test_a_zone_reads_as_what_was_wanted() -> None:
    zone = zone_of(write("zone", work(*RECORDS)))
    for record in RECORDS:
        assert texts(zone, record.name, record.type) == [record.value]


def test_what_other_purposes_hold_stays_and_the_old_goes() -> None:
    today = {("TXT", SPF.name): ("v=spf1 -all", "site-verification=1", "v=other")}
    text = write("zone", work(SPF, today=today))
    assert sorted(texts(zone_of(text), SPF.name, "TXT")) == ["site-verification=1", "v=other", SPF.value]
    assert "; take out: bounce.yourdomain.com TXT v=spf1 -all" in text


def test_an_alias_stands_alone() -> None:
    alias = record_set([RECORDS[2]], ("old.dkim.amazonses.com",))
    assert (alias.values, alias.gone) == (("abc.dkim.amazonses.com",), ("old.dkim.amazonses.com",))


def test_route_53_takes_the_batch() -> None:
    batch = json.loads(write("route53", work(*RECORDS)))
    model = botocore.session.get_session().get_service_model("route53").operation_model("ChangeResourceRecordSets")
    parameters = {"HostedZoneId": "Z123", "ChangeBatch": batch}
    assert not ParamValidator().validate(parameters, model.input_shape).has_errors()
    values = [one["ResourceRecordSet"]["ResourceRecords"][0]["Value"] for one in batch["Changes"]]
    assert values[0] == f'"{SPF.value}"'
    assert all(len(part) <= 255 for part in values[3].strip('"').split('" "'))
    assert "".join(values[3].strip('"').split('" "')) == DKIM_KEY


def test_a_batch_is_for_one_zone() -> None:
    other = DnsRecord("bounce.example.org", "TXT", "v=spf1 -all")
    with pytest.raises(SeveralZones) as several:
        write("route53", work(SPF, other))
    assert several.value.args == ("example.org", "yourdomain.com")
    assert json.loads(write("route53", work(SPF, other, zone="example.org")))["Changes"][0]["ResourceRecordSet"]


def test_terraform_reads_it() -> None:
    text = write("terraform", work(*RECORDS, STATEMENT, CALL))
    read = hcl2.loads(text)
    assert len(read["resource"]) == len(RECORDS)
    assert "zone_id_yourdomain_com" in json.dumps(read["variable"])
    assert r"\"\"" in text
    assert "$${aws:x}" in text


def test_cloudformation_is_clean(tmp_path: Path) -> None:
    text = write("cloudformation", work(*RECORDS))
    from cfnlint.api import lint  # it takes more than a second, and one worker needs it

    assert [str(match) for match in lint(text)] == []


@pytest.mark.parametrize("answer", ["y", "n"])
def test_the_script_asks_does_and_takes_back(tmp_path: Path, answer: str) -> None:
    script, log, aws = tmp_path / "repairs.sh", tmp_path / "log", tmp_path / "aws"
    script.write_text(write("aws-cli", work(CALL)), "utf-8")
    aws.write_text(f'#!/bin/sh\necho "$@" >> {log}\ncase "$2" in get-caller-identity) echo {samples.ACCOUNT};; esac\n')
    aws.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}

    def run(*arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
        command = ["bash", str(script), *arguments]
        return subprocess.run(command, input=said, env=environ, capture_output=True, text=True, check=False)

    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    done = run(said=f"{answer}\n")
    assert "1. Repair it" in done.stdout
    assert (done.returncode, "put-account" in log.read_text()) == ((0, True) if answer == "y" else (1, False))
    undone = run("undo", said="y\n")
    assert (undone.returncode, run("undo", said="n\n").returncode) == (0, 1)
    assert '"SuppressedReasons": []' in log.read_text()


def test_what_has_to_be_filled_in_is_no_command() -> None:
    blank = AwsCall("iam", "UpdateAccessKey", {"UserName": "<its user>", "Status": "Inactive"}, undo=CALL)
    text = write("aws-cli", work(Text("Ask whose it is \N{HORIZONTAL ELLIPSIS}"), blank, CALL))
    commands = [line.strip() for line in text.splitlines() if line.startswith("  aws ")]
    assert [command.split()[2] for command in commands] == ["put-account-suppression-attributes"] * 3
    assert "by hand: Ask whose it is ..." in text
    assert "by hand: aws iam update-access-key" in text
    assert text.count("'1. Repair it'") == 1


def test_the_last_operation_is_taken_back_first() -> None:
    again = AwsCall("ses", "VerifyDomainDkim", {"Domain": "b"})
    undone = (CALL, again, None)
    calls = [AwsCall("ses", "DeleteIdentity", {"Identity": str(undo)[:3]}, undo=undo) for undo in undone]
    text = write("aws-cli", work(*calls))
    told = text.partition("undo() {")[2].partition("\n}")[0]
    assert told.index("verify-domain-dkim") < told.index("put-account-suppression-attributes")
    assert "the rest of it nothing takes back" in told


def test_the_script_refuses_another_account(tmp_path: Path) -> None:
    script, aws = tmp_path / "repairs.sh", tmp_path / "aws"
    script.write_text(write("aws-cli", work(CALL)), "utf-8")
    aws.write_text("#!/bin/sh\necho 999999999999\n")
    aws.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(["bash", str(script)], env=environ, capture_output=True, text=True, check=False, input="y\n")
    assert done.returncode == 2
    assert "999999999999" in done.stderr


def test_what_a_form_does_not_write_is_told_whole() -> None:
    both = (Remedy("a", "Publish it", Owner.DNS, 300, (SPF,)), Remedy("b", "Allow it", Owner.IAM, 60, (STATEMENT,)))
    told = write("zone", replace(work(), remedies=both))
    assert "- Allow it\n" in told
    assert "Publish it" not in told


def test_policies_by_their_home() -> None:
    documents = json.loads(write("policies", work(STATEMENT)))
    assert documents["statements"][STATEMENT.target]["Statement"] == [dict(STATEMENT.statement)]
    assert "policies" not in documents


def test_what_was_looked_at_is_named_where_it_is_not_aws() -> None:
    made = work(SPF, STATEMENT, CALL)
    target = structs.replace(made.report.target, endpoint="http://127.0.0.1:4566")
    elsewhere = replace(made, report=structs.replace(made.report, target=target))
    for form in ("zone", "terraform", "cloudformation", "route53", "aws-cli", "message"):
        assert "This is not AWS: the endpoint was http://127.0.0.1:4566" in write(form, elsewhere)
        assert "This is not AWS" not in write(form, made)


def test_a_message_for_each_owner() -> None:
    two = (Remedy("a", "Publish it", Owner.DNS, 300, (SPF,)), Remedy("b", "Allow it", Owner.IAM, 60, (STATEMENT,)))
    told = write("message", replace(work(), remedies=two))
    assert told.count("Subject: BizAssist API: 1 change needed") == 2
    assert "To: whoever runs the DNS" in told
    assert 'bounce.yourdomain.com. 300 IN TXT "v=spf1 include:amazonses.com ~all"' in told


def test_what_comes_first_is_named_as_people_know_it() -> None:
    first = Remedy("answer-case", "Answer the case", Owner.PERSON, 60)
    second = Remedy("raise-quota", "Raise the quota", Owner.AWS, 60, after=("answer-case", "unheard-of"))
    found = [samples.finding("quota", one.id, Status.FAIL, "no", remedy=one) for one in (first, second)]
    report = samples.report(*found, verdict=Verdict.NOT_READY)
    told = write("message", Work(report, (second,), {}))
    assert "   This comes after: Answer the case.\n   This comes after: unheard-of." in told


def test_a_repair_that_a_form_has_in_part_says_what_else_it_takes() -> None:
    text = write("zone", work(SPF, Text("Delete the old one"), CALL, STATEMENT))
    besides = "sesv2 PutAccountSuppressionAttributes; a statement for send-mail (inline) of bizassist-api"
    assert f"; - Repair it; besides: Delete the old one; {besides}" in text


def test_what_exists_is_told_to_whoever_makes_a_stack() -> None:
    today = {("TXT", SPF.name): ("v=spf1 -all",)}
    metadata = json.loads(write("cloudformation", work(*RECORDS, today=today)))["Metadata"]
    assert metadata["ExistAlready"]["RecordSets"] == ["bounce.yourdomain.com TXT"]
    assert "ExistAlready" not in json.loads(write("cloudformation", work(*RECORDS)))["Metadata"]


@pytest.mark.parametrize(("status", "word"), [("PENDING", "under review"), ("DENIED", "denied")])
def test_a_request_that_was_made_is_not_made_again(status: str, word: str) -> None:
    gate = smallest_gate("no-reply@yourdomain.com", "ap-southeast-1").gate
    told = write("access-request", work(gate=gate, account=standing(status)))
    assert word in told
    assert "support case 123" in told
    assert "put-account-details" not in told


def test_access_that_was_granted_is_not_asked_for() -> None:
    gate = smallest_gate("no-reply@yourdomain.com", "ap-southeast-1").gate
    with pytest.raises(NothingToWrite):
        write("access-request", work(gate=gate, account=standing("GRANTED")))


def standing(status: str) -> AccountState:
    """An account whose request for production access stands so."""
    details = {"WebsiteURL": "https://yourdomain.com/mail", "ReviewDetails": {"Status": status, "CaseId": "123"}}
    quota = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 0.0}
    told = {"ProductionAccessEnabled": status == "GRANTED", "SendingEnabled": True, "SendQuota": quota}
    return account_state({**told, "Details": details}, "ap-southeast-1")


def test_the_request_for_production_access_names_what_is_sent() -> None:
    gate = smallest_gate("no-reply@yourdomain.com", "ap-southeast-1").gate
    told = write("access-request", work(gate=gate))
    assert "We send transactional mail from no-reply@yourdomain.com." in told
    assert "aws sesv2 put-account-details --region ap-southeast-1" in told


@pytest.mark.parametrize("form", FORMS)
def test_nothing_to_write_is_told(form: str) -> None:
    with pytest.raises(NothingToWrite):
        write(form, replace(work(), remedies=()))


@pytest.mark.parametrize("form", ["zone", "route53", "terraform", "cloudformation", "aws-cli", "policies", "message"])
def test_hostile_text_stays_text(form: str, tmp_path: Path) -> None:
    record = DnsRecord("bounce.yourdomain.com", "TXT", NASTY)
    call = AwsCall("sesv2", "CreateEmailIdentity", {"EmailIdentity": NASTY})
    statement = StatementToAdd(NASTY, {"Sid": NASTY, "Effect": "Allow", "Action": "ses:*", "Resource": "*"})
    made = work(record, call, statement, Text(NASTY), today={("TXT", record.name): (NASTY + "old",)})
    text = write(form, replace(made, remedies=(structs.replace(made.remedies[0], summary=NASTY),)))
    assert not {character for character in text if not character.isprintable()} - {"\n"}
    match form:
        case "zone":
            assert NASTY in texts(zone_of(text), record.name, "TXT")[0].encode().decode("utf-8")
        case "terraform":
            hcl2.loads(text)
        case "route53" | "cloudformation" | "policies":
            json.loads(text)
        case "aws-cli":
            script = tmp_path / "script.sh"
            script.write_text(text)
            assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
            assert not [line for line in text.splitlines() if line.strip().startswith(("$(", "`"))]


@given(st.lists(st.tuples(st.integers(0, 6), st.lists(st.integers(0, 6), max_size=3)), max_size=8))
def test_remedies_come_after_those_they_wait_for(rows: list[tuple[int, list[int]]]) -> None:
    """Unless they wait for each other, and each once."""
    by_id = {name: tuple(f"r{one}" for one in after if one < name) for name, after in rows}
    remedies = [Remedy(f"r{name}", "do it", Owner.DNS, 1, after=after) for name, after in by_id.items()]
    found = [samples.finding("spf", one.id, Status.FAIL, "no", remedy=one) for one in remedies]
    ordered = in_order(open_findings(samples.report(*found, verdict=Verdict.NOT_READY)))
    assert sorted(one.id for one in ordered) == sorted(one.id for one in remedies)
    places = {one.id: at for at, one in enumerate(ordered)}
    assert all(places[before] < places[one.id] for one in ordered for before in one.after if before in places)


@pytest.mark.parametrize(("text", "tag"), [("v=spf1 -all", "v=spf1"), ("V=DMARC1; p=none", "v=dmarc1"), ("abc", None)])
def test_a_purpose_is_the_version_tag(text: str, tag: str | None) -> None:
    assert purpose(text) == tag
