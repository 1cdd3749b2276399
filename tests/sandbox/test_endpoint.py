"""The endpoint: every protocol, in both directions, and whatever else comes over HTTP."""

import http.client
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.exceptions import ClientError
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from sesgate.sandbox import ApiError, Call, Sandbox
from sesgate.sandbox.endpoint import Endpoint
from tests.sandbox.conftest import Clients

SIGNED = "AWS4-HMAC-SHA256 Credential=AKIA/20261124/ap-southeast-1/{}/aws4_request, SignedHeaders=host, Signature=0"


class Answering:
    """An endpoint that gives out one answer, and keeps the calls."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.answer: dict[str, Any] | Exception = {}
        self.endpoint = Endpoint(self._answer)
        self.session = botocore.session.Session()
        self.session.set_credentials("AKIA", "secret")

    def _answer(self, call: Call) -> dict[str, Any]:
        self.calls.append(call)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def client(self, service: str) -> Any:
        return self.session.create_client(service, region_name="eu-west-1", endpoint_url=self.endpoint.url)


@pytest.fixture(scope="module")
def module_answering() -> Iterator[Answering]:
    answering = Answering()
    yield answering
    answering.endpoint.close()


@pytest.fixture
def answering(module_answering: Answering) -> Answering:
    module_answering.calls.clear()
    module_answering.answer = {}
    return module_answering


def raw(url: str, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def test_query(answering: Answering) -> None:
    answering.answer = {"Account": "1", "Arn": "arn:aws:iam::1:user/<&>", "UserId": "u"}
    assert answering.client("sts").get_caller_identity()["Arn"] == "arn:aws:iam::1:user/<&>"
    answering.client("sns").publish(TopicArn="t", Message="m", MessageAttributes={"a": {"DataType": "String"}})
    assert answering.calls[-1] == Call(
        "sns",
        "Publish",
        "eu-west-1",
        {"TopicArn": "t", "Message": "m", "MessageAttributes": {"a": {"DataType": "String"}}},
    )


def test_rest_json(answering: Answering) -> None:
    answering.answer = {"MessageId": "m-1"}
    content = {"Raw": {"Data": b"From: x\r\n\r\n\x00\xff"}}
    assert answering.client("sesv2").send_email(Content=content)["MessageId"] == "m-1"
    assert answering.calls == [Call("sesv2", "SendEmail", "eu-west-1", {"Content": content})]


def test_rest_json_labels_and_queries(answering: Answering) -> None:
    answering.answer = {"Code": {"Location": "s3"}}
    answering.client("lambda").get_function(FunctionName="a/b:c d", Qualifier="7")
    [call] = answering.calls
    assert (call.operation, call.parameters) == ("GetFunction", {"FunctionName": "a/b:c d", "Qualifier": "7"})


def test_json_of_a_service_that_once_spoke_query(answering: Answering) -> None:
    sqs = answering.client("sqs")
    answering.answer = {"QueueUrl": "https://q"}
    assert sqs.create_queue(QueueName="q", Attributes={"A": "1"})["QueueUrl"] == "https://q"
    assert answering.calls[0].parameters == {"QueueName": "q", "Attributes": {"A": "1"}}
    answering.answer = ApiError("QueueDoesNotExist", "no such queue")
    with pytest.raises(sqs.exceptions.QueueDoesNotExist) as refused:
        sqs.get_queue_url(QueueName="q")
    assert refused.value.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue"


def test_rest_xml(answering: Answering) -> None:
    answering.answer = {
        "ResourceRecordSets": [{"Name": "a.", "Type": "TXT", "TTL": 60, "ResourceRecords": [{"Value": '"x"'}]}],
        "IsTruncated": False,
        "MaxItems": "100",
    }
    answer = answering.client("route53").list_resource_record_sets(HostedZoneId="Z1")
    assert answer["ResourceRecordSets"][0]["TTL"] == 60
    assert answering.calls[0].parameters == {"HostedZoneId": "Z1"}


def test_ec2(answering: Answering) -> None:
    answering.answer = {"Vpcs": [{"VpcId": "vpc-1"}]}
    assert answering.client("ec2").describe_vpcs(VpcIds=["vpc-1"])["Vpcs"][0]["VpcId"] == "vpc-1"
    answering.answer = ApiError("InvalidVpcID.NotFound", "no such VPC")
    with pytest.raises(ClientError, match=r"InvalidVpcID\.NotFound"):
        answering.client("ec2").describe_vpcs()


def test_cbor(answering: Answering) -> None:
    model: Any = answering.session.get_service_model("cloudwatch").operation_model("DescribeAlarms")
    answering.answer = {"MetricAlarms": [{"AlarmName": "x", "Threshold": 0.5, "StateUpdatedTimestamp": 1795500000}]}
    request = create_serializer("smithy-rpc-v2-cbor").serialize_to_request({"AlarmNames": ["x"]}, model)
    headers = {**request["headers"], "Authorization": SIGNED.format("monitoring")}
    status, body = raw(answering.endpoint.url, "POST", request["url_path"], headers, request["body"])
    response = {"status_code": status, "headers": {}, "body": body}
    parsed = create_parser("smithy-rpc-v2-cbor").parse(response, model.output_shape)
    assert answering.calls[0].parameters == {"AlarmNames": ["x"]}
    assert parsed["MetricAlarms"][0]["Threshold"] == 0.5
    assert parsed["MetricAlarms"][0]["StateUpdatedTimestamp"].year == 2026
    answering.answer = ApiError("ResourceNotFound", "none", 404)
    status, body = raw(answering.endpoint.url, "POST", request["url_path"], headers, request["body"])
    response = {"status_code": status, "headers": {}, "body": body}
    assert create_parser("smithy-rpc-v2-cbor").parse(response, model.output_shape)["Error"]["Message"] == "none"


@pytest.mark.parametrize(
    ("service", "method", "parameters"),
    [
        ("ses", "get_send_quota", {}),
        ("sesv2", "get_account", {}),
        ("kms", "describe_key", {"KeyId": "k"}),
        ("route53", "get_hosted_zone", {"Id": "Z1"}),
    ],
)
def test_an_error_that_no_model_knows(
    answering: Answering, service: str, method: str, parameters: dict[str, str]
) -> None:
    answering.answer = ApiError("SomethingNew", 'a <message> & "more"', 418)
    with pytest.raises(ClientError) as refused:
        getattr(answering.client(service), method)(**parameters)
    assert refused.value.response["Error"]["Code"] == "SomethingNew"
    assert refused.value.response["Error"]["Message"] == 'a <message> & "more"'
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 418


def test_an_error_takes_its_status_from_the_model(answering: Answering) -> None:
    answering.answer = ApiError("NotFoundException", "none")
    with pytest.raises(ClientError) as refused:
        answering.client("sesv2").get_email_identity(EmailIdentity="x.net")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 404


def test_a_fault_of_the_sandbox_is_an_internal_failure(answering: Answering, caplog: pytest.LogCaptureFixture) -> None:
    answering.answer = RuntimeError("oops")
    status, body = raw(answering.endpoint.url, "GET", "/v2/email/account", {"Authorization": SIGNED.format("ses")})
    assert status == 500
    assert b"InternalFailure" in body
    assert "oops" in caplog.text


def test_an_unsigned_request_is_refused(sandbox: Sandbox) -> None:
    status, body = raw(sandbox.endpoint_url, "GET", "/v2/email/account", {})
    assert status == 403
    assert b"MissingAuthenticationToken" in body


@pytest.mark.parametrize(
    ("signed_by", "path", "status"),
    [("nothing", "/", 404), ("ses", "/v2/email/nowhere", 404), ("sts", "/?Action=Nothing", 404), ("sts", "/", 404)],
)
def test_what_no_service_has(sandbox: Sandbox, signed_by: str, path: str, status: int) -> None:
    assert raw(sandbox.endpoint_url, "GET", path, {"Authorization": SIGNED.format(signed_by)})[0] == status
    assert sandbox.log.calls == []


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[1]", b'{"KeyId": '])
def test_a_body_that_makes_no_sense(sandbox: Sandbox, body: bytes) -> None:
    headers = {"Authorization": SIGNED.format("kms"), "X-Amz-Target": "TrentService.DescribeKey"}
    assert raw(sandbox.endpoint_url, "POST", "/", headers, body)[0] in (400, 500)


def test_one_connection_carries_many_requests(sandbox: Sandbox) -> None:
    connection = http.client.HTTPConnection(urlsplit(sandbox.endpoint_url).netloc, timeout=5)
    sockets = set()
    for _ in range(3):
        connection.request("GET", "/v2/email/account", headers={"Authorization": SIGNED.format("ses")})
        assert b"SendQuota" in connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()
    assert len(sockets) == 1


def test_calls_side_by_side(sandbox: Sandbox, client: Clients) -> None:
    sesv2 = client("sesv2")
    threads = [threading.Thread(target=sesv2.get_account) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sandbox.log.count_calls() == {("sesv2", "GetAccount"): 24}


def test_the_log_keeps_calls(sandbox: Sandbox, client: Clients) -> None:
    client("kms").describe_key(KeyId="alias/bizassist-ses-events")
    expected = Call("kms", "DescribeKey", "ap-southeast-1", {"KeyId": "alias/bizassist-ses-events"})
    assert sandbox.log.calls == [expected]
