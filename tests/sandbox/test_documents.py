"""The worlds that come with the sandbox agree with themselves."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

import dns.name
import dns.rcode
import dns.rdatatype
import pytest
import yaml

from sesgate.mail import dkim, dmarc, spf
from sesgate.mail.resolver import Records
from sesgate.sandbox import Call, Document, Sandbox, crowd, evening_before, organisation, ready
from sesgate.sandbox.account import Account
from sesgate.sandbox.documents import (
    ACCOUNT,
    AGENCY,
    CONFIGURATION_SET,
    DOMAIN,
    MAIL_FROM,
    REGION,
    SENDER,
    TOPIC_ARN,
)
from sesgate.sandbox.mistakes import MISTAKES, Mistake
from sesgate.sandbox.zone import resolve

documents = pytest.mark.parametrize(
    "make",
    [ready, evening_before, lambda: crowd(3), lambda: organisation(12, 15)],
    ids=["ready", "evening", "crowd", "organisation"],
)


def records(document: Document, name: str, rdtype: str) -> list[str]:
    found = resolve(document.zone, dns.name.from_text(name), dns.rdatatype.from_text(rdtype))
    if not found.answer or found.answer[-1].rdtype != dns.rdatatype.from_text(rdtype):
        return []
    if rdtype == "TXT":
        return [b"".join(record.strings).decode() for record in found.answer[-1]]
    return [str(record).rstrip(".") for record in found.answer[-1]]


@documents
def test_documents_are_plain_data(make: Callable[[], Document]) -> None:
    document = make()
    assert json.loads(json.dumps(document.account)) == document.account
    assert json.loads(json.dumps(document.zone)) == document.zone


@documents
def test_every_record_can_be_sent(make: Callable[[], Document]) -> None:
    document = make()
    for name, kinds in document.zone.items():
        assert name == "." or name == name.lower().rstrip(".")
        for kind in kinds.keys() - {"ttl"}:
            found = resolve(document.zone, dns.name.from_text(name), dns.rdatatype.from_text(kind))
            assert found.rcode == dns.rcode.NOERROR
            assert found.answer


@documents
def test_every_arn_is_of_this_account_and_region(make: Callable[[], Document]) -> None:
    arns = re.findall(r"arn:aws:[^\"]+", json.dumps(make().account))
    assert arns
    for arn in arns:
        _, _, service, region, account, _ = arn.split(":", 5)
        assert account == ACCOUNT or (service == "iam" and account in ("aws", AGENCY))
        assert region == ("" if service in ("iam", "sts") else REGION)


def test_documents_are_new_each_time() -> None:
    ready().zone.clear()
    assert ready().zone


def test_names_that_records_point_at_exist() -> None:
    document = ready()
    for kinds in document.zone.values():
        for target in [kinds.get("CNAME"), *(record.split()[-1] for record in kinds.get("MX", []))]:
            if target and target.endswith((DOMAIN, f"{REGION}.amazonses.com", "dkim.amazonses.com")):
                assert resolve(document.zone, dns.name.from_text(target), dns.rdatatype.A).rcode == dns.rcode.NOERROR


def test_dkim_is_published_with_keys_of_2048_bits() -> None:
    document = ready()
    dkim = document.identity["DkimAttributes"]
    keys = set()
    for token in dkim["Tokens"]:
        name = f"{token}._domainkey.{DOMAIN}"
        assert records(document, name, "CNAME") == [f"{token}.{dkim['SigningHostedZone']}"]
        [text] = records(document, name, "TXT")
        der = base64.b64decode(text.removeprefix("p="), validate=True)
        assert len(der) == 294
        keys.add(der)
    assert len(keys) == 3


def test_mail_from_verification_and_zone_agree_with_ses() -> None:
    document = ready()
    assert document.identity["MailFromAttributes"]["MailFromDomain"] == MAIL_FROM
    assert records(document, MAIL_FROM, "MX") == [f"10 feedback-smtp.{REGION}.amazonses.com"]
    assert records(document, MAIL_FROM, "TXT") == ["v=spf1 include:amazonses.com -all"]
    assert records(document, f"_amazonses.{DOMAIN}", "TXT") == [document.identity["VerificationToken"]]
    [soa] = records(document, DOMAIN, "SOA")
    seen = document.identity["VerificationInfo"]["SOARecord"]
    assert soa.split()[0].rstrip(".") == seen["PrimaryNameServer"]
    assert int(soa.split()[2]) == seen["SerialNumber"]


class ZoneResolver:
    """The DNS of a document, as the mail logic asks it."""

    def __init__(self, document: Document) -> None:
        self._document = document

    def query(self, name: str, rdtype: str) -> Records:
        found = resolve(self._document.zone, dns.name.from_text(name), dns.rdatatype.from_text(rdtype))
        return Records(tuple(records(self._document, name, rdtype)), found.rcode != dns.rcode.NXDOMAIN)


def test_mail_of_the_ready_account_authenticates() -> None:
    resolver = ZoneResolver(ready())
    outcome = spf.check_host("69.169.224.11", MAIL_FROM, f"x@{MAIL_FROM}", resolver)
    assert outcome.result == spf.Result.PASS
    policy = dmarc.discover(DOMAIN, resolver)
    assert policy.effective == dmarc.Policy.QUARANTINE
    assert policy.organizational_domain == DOMAIN
    assert dmarc.aligned(MAIL_FROM, DOMAIN, dmarc.Alignment.RELAXED, resolver)
    [token, *_] = ready().identity["DkimAttributes"]["Tokens"]
    assert dkim.parse_key(records(ready(), f"{token}._domainkey.{DOMAIN}", "TXT")[0]).bits == 2048


def test_the_way_back_is_complete() -> None:
    document = ready()
    sets = document.region["ses"]["configuration_sets"]
    assert document.identity["ConfigurationSetName"] == CONFIGURATION_SET
    [destination] = sets[CONFIGURATION_SET]["EventDestinations"]
    assert destination["SnsDestination"]["TopicArn"] == TOPIC_ARN
    condition = document.topic["Attributes"]["Policy"]["Statement"][0]["Condition"]["StringEquals"]
    assert condition["AWS:SourceArn"].endswith(f":configuration-set/{CONFIGURATION_SET}")
    key = document.topic["Attributes"]["KmsMasterKeyId"].rpartition("/")[2]
    grants = [statement["Principal"] for statement in document.region["kms"]["keys"][key]["Policy"]["Statement"]]
    assert {"Service": "ses.amazonaws.com"} in grants
    for alarm in document.region["cloudwatch"]["alarms"].values():
        assert set(alarm["AlarmActions"]) <= set(document.region["sns"]["topics"])


def test_the_gate_asks_for_what_the_account_has() -> None:
    with Sandbox(ready()) as sandbox:
        gate = yaml.safe_load(sandbox.gate_text())
        assert gate["dns"]["resolvers"] == [sandbox.dns_address]
    assert gate["aws"] == {"account": ACCOUNT, "region": REGION}
    [sender] = gate["senders"]
    assert sender["address"] == SENDER
    assert sender["mail_from"] == MAIL_FROM
    assert sender["configuration_set"] == CONFIGURATION_SET
    quota = ready().region["ses"]["account"]["SendQuota"]
    assert gate["volume"]["daily"] < 0.8 * (quota["Max24HourSend"] - quota["SentLast24Hours"])
    assert gate["volume"]["per_second"] < 0.8 * quota["MaxSendRate"]


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_each_mistake_changes_something_on_its_own(mistake: Mistake) -> None:
    document, before = ready(), ready()
    mistake(document)
    assert document != before


def test_the_evening_before() -> None:
    document = evening_before()
    token = document.identity["DkimAttributes"]["Tokens"][2]
    assert records(document, f"{token}._domainkey.{DOMAIN}", "CNAME") == []
    assert records(document, f"{token}._domainkey.{DOMAIN}.{DOMAIN}", "CNAME") == [f"{token}.dkim.amazonses.com"]
    assert records(document, MAIL_FROM, "TXT") == []
    answer = account_answer(document, "GetEmailIdentity", EmailIdentity=DOMAIN)
    assert answer["DkimAttributes"]["Status"] == "PENDING"
    assert answer["VerifiedForSendingStatus"] is False
    answer = account_answer(document, "GetAccount")
    assert answer["ProductionAccessEnabled"] is False
    assert answer["Details"]["ReviewDetails"]["Status"] == "PENDING"


def test_a_crowd() -> None:
    document = crowd(identities=500)
    listed = account_answer(document, "ListEmailIdentities", PageSize=1000)
    assert len(listed["EmailIdentities"]) == 100
    assert listed["NextToken"]
    assert len(document.region["ses"]["identities"]) == 501


def test_an_organisation() -> None:
    iam = organisation(principals=60, policies=50).account["iam"]
    assert len(iam["users"]) + len(iam["roles"]) == 60
    arns = {policy["Arn"] for policy in iam["policies"]}
    assert len(arns) == 50
    groups = {group["GroupName"] for group in iam["groups"]}
    for principal in (*iam["users"], *iam["roles"], *iam["groups"]):
        assert {policy["PolicyArn"] for policy in principal["AttachedManagedPolicies"]} <= arns
        assert set(principal.get("GroupList", ())) <= groups
    assert organisation(60, 50).account == organisation(60, 50).account


def account_answer(document: Document, operation: str, **parameters: Any) -> dict[str, Any]:
    return Account(document.account).answer(Call("sesv2", operation, REGION, parameters))
