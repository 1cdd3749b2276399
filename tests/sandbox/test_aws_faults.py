"""Each fault of the endpoint, as botocore's clients meet it."""

import threading
import time
from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from sesgate.evidence.aws_errors import DENIED, EXPIRED, THROTTLED
from sesgate.sandbox import Sandbox, ready
from sesgate.sandbox.documents import REGION, TOPIC_ARN
from tests.sandbox.conftest import Clients

CALLS: dict[str, Callable[[Any], Any]] = {
    "sesv2": lambda client: client.get_account(),
    "ses": lambda client: client.get_identity_verification_attributes(Identities=["x"]),
    "sns": lambda client: client.get_topic_attributes(TopicArn=TOPIC_ARN),
    "sts": lambda client: client.get_caller_identity(),
    "cloudwatch": lambda client: client.describe_alarms(),
    "kms": lambda client: client.describe_key(KeyId="alias/bizassist-ses-events"),
}
services = pytest.mark.parametrize("service", CALLS)


def refusal(client: Clients, service: str) -> dict[str, Any]:
    with pytest.raises(ClientError) as refused:
        CALLS[service](client(service))
    response = refused.value.response
    return {**response["Error"], "Status": response["ResponseMetadata"]["HTTPStatusCode"]}


@services
def test_denied(sandbox: Sandbox, client: Clients, service: str) -> None:
    sandbox.faults.aws.deny(service)
    error = refusal(client, service)
    assert error["Code"] in DENIED
    assert "is not authorized to perform" in error["Message"]


def test_denied_says_by_which_layer(sandbox: Sandbox, client: Clients) -> None:
    sandbox.faults.aws.deny("sesv2", because="with an explicit deny in a service control policy")
    assert "perform: ses:GetAccount with an explicit deny in a service" in refusal(client, "sesv2")["Message"]


def test_a_fault_of_one_operation_leaves_the_others_alone(sandbox: Sandbox, client: Clients) -> None:
    sandbox.faults.aws.deny("sesv2", "GetAccount")
    refusal(client, "sesv2")
    assert client("sesv2").list_email_identities()["EmailIdentities"]


@services
def test_throttled(sandbox: Sandbox, client: Clients, service: str) -> None:
    sandbox.faults.aws.throttle(service)
    error = refusal(client, service)
    assert error["Code"] in THROTTLED
    assert error["Status"] == (429 if service == "sesv2" else 400)


def test_throttled_for_a_while(sandbox: Sandbox, client: Clients) -> None:
    sandbox.faults.aws.throttle("sesv2", times=2)
    refusal(client, "sesv2")
    refusal(client, "sesv2")
    CALLS["sesv2"](client("sesv2"))
    assert sandbox.log.count_calls()["sesv2", "GetAccount"] == 3


def test_the_rate_of_the_control_plane(sandbox: Sandbox, client: Clients) -> None:
    sandbox.faults.aws.limit_ses_rate(per_second=10)
    began = time.monotonic()
    CALLS["sesv2"](client("sesv2"))
    client("sesv2").list_email_identities()
    CALLS["sesv2"](client("sesv2", "eu-west-1"))
    assert time.monotonic() - began > 0.1 or refusal(client, "sesv2")["Code"] == "TooManyRequestsException"
    time.sleep(0.1)
    CALLS["sesv2"](client("sesv2"))


@services
def test_server_errors_heal(sandbox: Sandbox, client: Clients, service: str) -> None:
    sandbox.faults.aws.server_error(service, times=1)
    assert refusal(client, service)["Status"] == 500
    CALLS[service](client(service))


@services
def test_expired_token(sandbox: Sandbox, client: Clients, service: str) -> None:
    sandbox.faults.aws.expire_token()
    assert refusal(client, service)["Code"] in EXPIRED


@services
def test_reset(sandbox: Sandbox, client: Clients, service: str) -> None:
    sandbox.faults.aws.reset(service, times=1)
    with pytest.raises(ConnectionClosedError):
        CALLS[service](client(service))
    CALLS[service](client(service))


def test_hang(sandbox: Sandbox, client: Clients) -> None:
    sandbox.faults.aws.hang("sesv2", times=1)
    with pytest.raises(ReadTimeoutError):
        CALLS["sesv2"](client("sesv2", read_timeout=0.1))


def test_who_hangs_is_let_go_at_the_end() -> None:
    session = botocore.session.Session()
    session.set_credentials("a", "b")
    ended = threading.Event()
    with Sandbox(ready()) as sandbox:
        sandbox.faults.aws.hang()
        made: Any = session.create_client("sts", region_name=REGION, endpoint_url=sandbox.endpoint_url)

        def call() -> None:
            with pytest.raises(Exception, match=r"Connection|connect"):
                made.get_caller_identity()
            ended.set()

        threading.Thread(target=call, daemon=True).start()
        while not sandbox.log.calls:
            time.sleep(0.005)
    assert ended.wait(5)


@pytest.mark.parametrize("service", ["sts", "ses", "sns"])
def test_garbage_is_not_xml(sandbox: Sandbox, client: Clients, service: str) -> None:
    sandbox.faults.aws.garbage(service)
    with pytest.raises((ResponseParserError, KeyError)):
        CALLS[service](client(service))["nothing"]


def test_garbage_is_not_json(sandbox: Sandbox, client: Clients) -> None:
    sandbox.faults.aws.garbage("sesv2")
    answer = CALLS["sesv2"](client("sesv2"))
    assert "SendQuota" not in answer


def test_a_page_that_was_not_found(sandbox: Sandbox, client: Clients) -> None:
    sandbox.faults.aws.not_found_page("sesv2")
    assert refusal(client, "sesv2")["Status"] == 404


def test_slow(sandbox: Sandbox, client: Clients) -> None:
    sandbox.faults.aws.slow(40)
    sandbox.faults.aws.slow(40, "sesv2")
    began = time.monotonic()
    CALLS["sesv2"](client("sesv2"))
    assert time.monotonic() - began >= 0.08


@pytest.mark.parametrize(("service", "method"), [("sesv2", "list_email_identities"), ("events", "list_rules")])
def test_pages_that_never_end(sandbox: Sandbox, client: Clients, service: str, method: str) -> None:
    call = getattr(client(service), method)
    sandbox.faults.aws.repeat_token("sesv2", "ListEmailIdentities")
    sandbox.faults.aws.repeat_token("events", "ListRules")
    token = call()["NextToken"]
    assert call(NextToken=token)["NextToken"] == token


def test_retries_meet_the_fault_again(sandbox: Sandbox, client: Clients) -> None:
    sandbox.faults.aws.server_error("sesv2", times=1)
    CALLS["sesv2"](client("sesv2", attempts=2))
    assert sandbox.log.count_calls()["sesv2", "GetAccount"] == 2


def test_healed(sandbox: Sandbox, client: Clients) -> None:
    sandbox.faults.aws.deny()
    sandbox.faults.aws.slow(10_000)
    sandbox.faults.heal()
    CALLS["sesv2"](client("sesv2"))
