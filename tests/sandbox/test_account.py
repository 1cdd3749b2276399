"""What botocore's clients read from the embedded account: one test an operation, and what holds for all."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sesgate.evidence.operations import OPERATIONS
from sesgate.sandbox import Call, Sandbox, crowd
from sesgate.sandbox.account import Account
from sesgate.sandbox.documents import CONFIGURATION_SET, DOMAIN, REGION, TOPIC_ARN
from tests.sandbox.conftest import NOW, Clients


def code_of(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refused.value.response["Error"]["Code"])


def outcome(made: Any, operation: str, parameters: dict[str, Any]) -> str:
    """The code of the error; nothing where there is none."""
    try:
        made._make_api_call(operation, parameters)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ""


@pytest.mark.parametrize(("service", "name"), OPERATIONS)
def test_every_read_that_sesgate_may_make_is_answered(client: Clients, service: str, name: str) -> None:
    made = client(service)
    shape = made.meta.service_model.operation_model(name).input_shape
    parameters: dict[str, Any] = dict.fromkeys(shape.required_members, "unknown") if shape else {}
    if "Identities" in parameters:
        parameters["Identities"] = ["unknown"]
    assert outcome(made, name, parameters) in {"", "InvalidParameter", *OPERATIONS[service, name].absent}


def test_the_caller(client: Clients) -> None:
    answer = client("sts").get_caller_identity()
    assert answer["Account"] == "111122223333"
    assert answer["Arn"].startswith("arn:aws:sts::111122223333:assumed-role/")


def test_the_account(client: Clients) -> None:
    answer = client("sesv2").get_account()
    assert answer["ProductionAccessEnabled"] is True
    assert answer["SendQuota"] == {"Max24HourSend": 100000.0, "MaxSendRate": 28.0, "SentLast24Hours": 312.0}
    assert answer["Details"]["ReviewDetails"]["Status"] == "GRANTED"


def test_a_region_that_nobody_touched_is_in_the_ses_sandbox(client: Clients) -> None:
    answer = client("sesv2", "eu-west-1").get_account()
    assert answer["ProductionAccessEnabled"] is False
    assert answer["SendQuota"]["Max24HourSend"] == 200
    assert client("sesv2", "eu-west-1").list_email_identities()["EmailIdentities"] == []


def test_an_identity(client: Clients) -> None:
    answer = client("sesv2").get_email_identity(EmailIdentity=DOMAIN)
    assert answer["VerifiedForSendingStatus"] is True
    assert len(answer["DkimAttributes"]["Tokens"]) == 3
    assert answer["DkimAttributes"]["SigningHostedZone"] == "dkim.amazonses.com"
    assert answer["VerificationInfo"]["LastCheckedTimestamp"] == datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
    assert answer["VerificationInfo"]["SOARecord"]["SerialNumber"] == 2026112401
    assert "VerificationToken" not in answer


def test_an_address_goes_through_the_path(sandbox: Sandbox, client: Clients) -> None:
    sandbox.account.region(REGION)["ses"]["identities"]["a+b@yourdomain.com"] = {"IdentityType": "EMAIL_ADDRESS"}
    assert client("sesv2").get_email_identity(EmailIdentity="a+b@yourdomain.com")["IdentityType"] == "EMAIL_ADDRESS"


def test_an_identity_policy_is_text(sandbox: Sandbox, client: Clients) -> None:
    policy = {"Version": "2012-10-17", "Statement": []}
    sandbox.account.region(REGION)["ses"]["identities"][DOMAIN]["Policies"] = {"shared": policy}
    assert json.loads(client("sesv2").get_email_identity(EmailIdentity=DOMAIN)["Policies"]["shared"]) == policy


def test_a_configuration_set_and_its_destinations(client: Clients) -> None:
    answer = client("sesv2").get_configuration_set(ConfigurationSetName=CONFIGURATION_SET)
    assert answer["DeliveryOptions"]["TlsPolicy"] == "REQUIRE"
    assert "EventDestinations" not in answer
    answer = client("sesv2").get_configuration_set_event_destinations(ConfigurationSetName=CONFIGURATION_SET)
    [destination] = answer["EventDestinations"]
    assert destination["SnsDestination"]["TopicArn"] == TOPIC_ARN
    assert {"BOUNCE", "COMPLAINT"} <= set(destination["MatchingEventTypes"])


def test_attributes_that_only_the_first_api_tells(client: Clients) -> None:
    answer = client("ses").get_identity_verification_attributes(Identities=[DOMAIN, "unknown.net"])
    assert set(answer["VerificationAttributes"]) == {DOMAIN}
    assert answer["VerificationAttributes"][DOMAIN]["VerificationStatus"] == "Success"
    assert answer["VerificationAttributes"][DOMAIN]["VerificationToken"].endswith("=")
    answer = client("ses").get_identity_notification_attributes(Identities=[DOMAIN])
    assert answer["NotificationAttributes"][DOMAIN]["ForwardingEnabled"] is False


def test_a_batch_of_more_than_100_is_refused(client: Clients) -> None:
    with pytest.raises(ClientError) as refused:
        client("ses").get_identity_verification_attributes(Identities=[f"d{number}.net" for number in range(101)])
    assert code_of(refused) == "InvalidParameterValue"


def test_a_topic_and_its_subscriptions(client: Clients) -> None:
    attributes = client("sns").get_topic_attributes(TopicArn=TOPIC_ARN)["Attributes"]
    assert json.loads(attributes["Policy"])["Statement"][0]["Principal"] == {"Service": "ses.amazonaws.com"}
    assert attributes["SubscriptionsConfirmed"] == "1"
    [subscription] = client("sns").list_subscriptions_by_topic(TopicArn=TOPIC_ARN)["Subscriptions"]
    assert subscription["Protocol"] == "sqs"
    assert subscription["Owner"] == "111122223333"


def test_a_topic_without_a_policy_has_the_default_one(client: Clients) -> None:
    arn = TOPIC_ARN.replace("ses-events", "alerts")
    policy = json.loads(client("sns").get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"])
    assert policy["Statement"][0]["Condition"] == {"StringEquals": {"AWS:SourceOwner": "111122223333"}}


def test_a_key_by_id_arn_and_alias(client: Clients) -> None:
    by_alias = client("kms").describe_key(KeyId="alias/bizassist-ses-events")["KeyMetadata"]
    assert by_alias["KeyManager"] == "CUSTOMER"
    for name in (by_alias["KeyId"], by_alias["Arn"], f"arn:aws:kms:{REGION}:111122223333:alias/bizassist-ses-events"):
        assert client("kms").describe_key(KeyId=name)["KeyMetadata"] == by_alias
    policy = json.loads(client("kms").get_key_policy(KeyId=by_alias["Arn"])["Policy"])
    assert {statement["Effect"] for statement in policy["Statement"]} == {"Allow"}


def test_rules_and_targets(sandbox: Sandbox, client: Clients) -> None:
    rule = {"EventPattern": {"source": ["aws.ses"]}, "Targets": [{"Id": "1", "Arn": "arn:aws:sqs:x:1:q"}]}
    sandbox.account.region(REGION)["events"] = {"buses": {"default": {"rules": {"ses-events": rule}}}}
    [found] = client("events").list_rules()["Rules"]
    assert json.loads(found["EventPattern"]) == {"source": ["aws.ses"]}
    assert found["Arn"] == f"arn:aws:events:{REGION}:111122223333:rule/ses-events"
    assert client("events").list_targets_by_rule(Rule="ses-events")["Targets"] == rule["Targets"]
    assert client("events").list_rules(NamePrefix="other")["Rules"] == []


def test_a_delivery_stream(sandbox: Sandbox, client: Clients) -> None:
    sandbox.account.region(REGION)["firehose"] = {"streams": {"events": {"DeliveryStreamStatus": "SUSPENDED"}}}
    answer = client("firehose").describe_delivery_stream(DeliveryStreamName="events")
    assert answer["DeliveryStreamDescription"]["DeliveryStreamStatus"] == "SUSPENDED"


def test_alarms(sandbox: Sandbox, client: Clients) -> None:
    sandbox.account.region(REGION)["cloudwatch"]["composite_alarms"] = {"all": {"AlarmRule": "ALARM(x)"}}
    answer = client("cloudwatch").describe_alarms()
    assert [alarm["MetricName"] for alarm in answer["MetricAlarms"]] == [
        "Reputation.BounceRate",
        "Reputation.ComplaintRate",
        "Send",
    ]
    assert answer["CompositeAlarms"] == []
    both = client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    assert [alarm["AlarmName"] for alarm in both["CompositeAlarms"]] == ["all"]
    one = client("cloudwatch").describe_alarms(AlarmNames=["bizassist-ses-bounce-rate"])
    assert len(one["MetricAlarms"]) == 1


@pytest.mark.parametrize(
    ("service", "method", "parameters", "code", "status"),
    [
        ("sesv2", "get_email_identity", {"EmailIdentity": "no.net"}, "NotFoundException", 404),
        ("sesv2", "get_configuration_set", {"ConfigurationSetName": "no"}, "NotFoundException", 404),
        (
            "sesv2",
            "get_configuration_set_event_destinations",
            {"ConfigurationSetName": "no"},
            "NotFoundException",
            404,
        ),
        ("sns", "get_topic_attributes", {"TopicArn": TOPIC_ARN + "x"}, "NotFound", 404),
        ("sns", "list_subscriptions_by_topic", {"TopicArn": TOPIC_ARN + "x"}, "NotFound", 404),
        ("sns", "get_topic_attributes", {"TopicArn": "arn:aws:sns:eu-west-1:1:x"}, "InvalidParameter", 400),
        ("kms", "describe_key", {"KeyId": "no"}, "NotFoundException", 400),
        ("kms", "get_key_policy", {"KeyId": "no"}, "NotFoundException", 400),
        ("kms", "get_key_policy", {"KeyId": "alias/bizassist-ses-events"}, "InvalidArnException", 400),
        ("events", "list_rules", {"EventBusName": "no"}, "ResourceNotFoundException", 400),
        ("events", "list_targets_by_rule", {"Rule": "no"}, "ResourceNotFoundException", 400),
        ("firehose", "describe_delivery_stream", {"DeliveryStreamName": "no"}, "ResourceNotFoundException", 400),
    ],
)
def test_what_does_not_exist(
    client: Clients, service: str, method: str, parameters: dict[str, Any], code: str, status: int
) -> None:
    with pytest.raises(ClientError) as refused:
        getattr(client(service), method)(**parameters)
    assert code_of(refused) == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status


def test_pages_hold_everything_once() -> None:
    account = Account(crowd(identities=230).account, now=NOW)
    names, token = [], None
    for _ in range(9):
        parameters = {"PageSize": 1000} | ({"NextToken": token} if token else {})
        page = account.answer(Call("sesv2", "ListEmailIdentities", REGION, parameters))
        names += [entry["IdentityName"] for entry in page["EmailIdentities"]]
        token = page.get("NextToken")
        if not token:
            break
    assert len(names) == len(set(names)) == 231


def test_the_page_size_asked_for(sandbox: Sandbox, client: Clients) -> None:
    for number in range(4):
        sandbox.account.region(REGION)["ses"]["identities"][f"d{number}.net"] = {}
    page = client("sesv2").list_email_identities(PageSize=2)
    assert len(page["EmailIdentities"]) == 2
    rest = client("sesv2").list_email_identities(PageSize=3, NextToken=page["NextToken"])
    assert len(rest["EmailIdentities"]) == 3
    assert "NextToken" not in rest


def test_alarms_come_in_pages_too(sandbox: Sandbox, client: Clients) -> None:
    sandbox.account.document["page_size"] = {"DescribeAlarms": 2}
    pages = list(client("cloudwatch").get_paginator("describe_alarms").paginate())
    assert [len(page["MetricAlarms"]) for page in pages] == [2, 1]


@pytest.mark.parametrize("token", ["nonsense", "TGlzdFJ1bGVzOjE="])
def test_a_token_that_was_never_given_is_refused(client: Clients, token: str) -> None:
    with pytest.raises(ClientError) as refused:
        client("sesv2").list_email_identities(NextToken=token)
    assert code_of(refused) == "BadRequestException"


def test_operations_without_code_are_answered_from_data(sandbox: Sandbox, client: Clients) -> None:
    sandbox.account.document["everywhere"] = {
        "answers": {
            "iam": {
                "GetRole": [
                    {"when": {"RoleName": "api"}, "answer": {"Role": {"RoleName": "api", "Path": "/"}}},
                    {"error": {"Code": "NoSuchEntity", "Message": "no such role", "Status": 404}},
                ]
            }
        }
    }
    assert client("iam").get_role(RoleName="api")["Role"]["RoleName"] == "api"
    with pytest.raises(ClientError) as refused:
        client("iam").get_role(RoleName="other")
    assert code_of(refused) == "NoSuchEntity"


def test_data_overrides_code_and_is_paged(sandbox: Sandbox, client: Clients) -> None:
    sandbox.account.document["page_size"] = 1
    answer = {"Users": [{"UserName": "a"}, {"UserName": "b"}]}
    sandbox.account.region(REGION)["answers"] = {
        "sesv2": {"GetAccount": [{"error": {"Code": "BadRequestException"}}]},
        "iam": {"ListUsers": [{"answer": answer}]},
    }
    with pytest.raises(ClientError) as refused:
        client("sesv2").get_account()
    assert code_of(refused) == "BadRequestException"
    pages = client("iam", "ap-southeast-1").get_paginator("list_users").paginate()
    assert [user["UserName"] for page in pages for user in page["Users"]] == ["a", "b"]


def test_what_nobody_answers_is_said_so(client: Clients) -> None:
    with pytest.raises(ClientError, match="the sandbox does not answer iam ListUsers") as refused:
        client("iam").list_users()
    assert code_of(refused) == "InvalidAction"


def test_the_document_given_is_left_alone_and_moments_are_counted_from_now() -> None:
    document = {"regions": {"r": {"x": ["now", "now-1d+2h", "nowhere"]}}}
    account = Account(document, now=NOW)
    assert account.region("r")["x"] == ["2026-11-24T06:00:00Z", "2026-11-23T08:00:00Z", "nowhere"]
    assert document == {"regions": {"r": {"x": ["now", "now-1d+2h", "nowhere"]}}}
