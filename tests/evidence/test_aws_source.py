"""The AWS source over real HTTP: pages, batches, throttling, and errors told apart."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from sesgate.evidence import Evidence, Failure, FailureKind, Question
from sesgate.evidence.aws import AwsSource, Login, NoSuchProfile, _moment
from sesgate.evidence.flight import Flight
from sesgate.evidence.operations import OPERATIONS
from sesgate.sandbox.documents import REGION, crowd, ready
from sesgate.sandbox.world import Sandbox


@pytest.fixture
def sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(ready()) as running:
        _enter(running, monkeypatch)
        yield running


def _enter(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in sandbox.environ().items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)


def ask(evidence: Evidence, operation: str, service: str = "sesv2", **parameters: Any) -> Any:
    return evidence.ask(Question.aws(REGION, service, operation, parameters))


def live() -> Evidence:
    return Evidence({"aws": AwsSource()})


def failure_of(sandbox: Sandbox, operation: str = "GetAccount", service: str = "sesv2", **parameters: Any) -> Failure:
    failure: Failure | None = ask(live(), operation, service, **parameters).failure
    assert failure is not None
    return failure


def test_an_answer_is_what_is_kept_of_it(sandbox: Sandbox) -> None:
    value = ask(live(), "GetAccount").read()
    assert value["ProductionAccessEnabled"] is True
    assert "ResponseMetadata" not in value
    assert "UseCaseDescription" not in value["Details"]


def test_what_does_not_exist_is_an_answer(sandbox: Sandbox) -> None:
    assert ask(live(), "GetEmailIdentity", EmailIdentity="nowhere.example").read() is None
    assert ask(live(), "GetTopicAttributes", "sns", TopicArn=f"arn:aws:sns:{REGION}:111122223333:gone").read() is None


def test_an_operation_that_is_not_in_the_table_never_leaves_the_process(sandbox: Sandbox) -> None:
    for operation in ("DeleteEmailIdentity", "SendEmail", "PutAccountDetails"):
        failure = failure_of(sandbox, operation, EmailIdentity="yourdomain.com")
        assert failure.kind is FailureKind.REJECTED
    assert sandbox.log.calls == []


def test_the_table_holds_reads_only() -> None:
    verbs = ("Get", "List", "Describe", "Lookup", "Simulate", "BatchGet")
    assert all(operation.name.startswith(verbs) for operation in OPERATIONS.values())
    assert all(operation.keep for operation in OPERATIONS.values())


def test_all_pages_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(crowd(250)) as sandbox:
        _enter(sandbox, monkeypatch)
        identities = ask(live(), "ListEmailIdentities").read()["EmailIdentities"]
        assert len(identities) == 251
        assert sandbox.log.count_calls()["sesv2", "ListEmailIdentities"] == 3


def test_pages_that_never_end_are_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(crowd(250)) as sandbox:
        _enter(sandbox, monkeypatch)
        sandbox.faults.aws.repeat_token("sesv2", "ListEmailIdentities")
        assert failure_of(sandbox, "ListEmailIdentities").kind is FailureKind.NOT_UNDERSTOOD


def test_a_page_that_fails_fails_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(crowd(250)) as sandbox:
        _enter(sandbox, monkeypatch)
        source = AwsSource()
        source.prepare(["sesv2"], REGION)
        calls = iter([False, True, True, True, True, True])
        real = sandbox.faults.aws.meet

        def second_page_denied(call: Any, protocol: str) -> Any:
            if next(calls, True):
                sandbox.faults.aws.deny("sesv2", "ListEmailIdentities")
            return real(call, protocol)

        monkeypatch.setattr(sandbox.faults.aws, "meet", second_page_denied)
        answer = ask(Evidence({"aws": source}), "ListEmailIdentities")
        assert answer.failure is not None
        assert answer.value is None


def test_batch_reads_are_gathered(monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(crowd(150)) as sandbox:
        _enter(sandbox, monkeypatch)
        evidence = live()
        names = [entry["IdentityName"] for entry in ask(evidence, "ListEmailIdentities").read()["EmailIdentities"]]
        questions = [
            Question.aws(REGION, "ses", "GetIdentityNotificationAttributes", {"Identity": name}) for name in names
        ]
        answers = evidence.ask_all(questions)
        assert all(answer.read()["ForwardingEnabled"] in (True, False) for answer in answers)
        assert sandbox.log.count_calls()["ses", "GetIdentityNotificationAttributes"] == 2


def test_an_identity_that_a_batch_does_not_know_is_absent(sandbox: Sandbox) -> None:
    assert ask(live(), "GetIdentityVerificationAttributes", "ses", Identity="nowhere.example").read() is None


@pytest.mark.parametrize(
    ("service", "operation", "parameters", "action"),
    [
        ("sesv2", "GetAccount", {}, "ses:GetAccount"),
        (
            "ses",
            "GetIdentityVerificationAttributes",
            {"Identity": "a.example"},
            "ses:GetIdentityVerificationAttributes",
        ),
        ("sns", "GetTopicAttributes", {"TopicArn": f"arn:aws:sns:{REGION}:1:t"}, "sns:GetTopicAttributes"),
        ("kms", "DescribeKey", {"KeyId": "k"}, "kms:DescribeKey"),
        ("cloudwatch", "DescribeAlarms", {}, "cloudwatch:DescribeAlarms"),
    ],
)
def test_denied_names_the_action_to_grant(
    sandbox: Sandbox, service: str, operation: str, parameters: dict[str, Any], action: str
) -> None:
    sandbox.faults.aws.deny(service)
    failure = failure_of(sandbox, operation, service, **parameters)
    assert (failure.kind, failure.grant) == (FailureKind.DENIED, action)
    assert f"grant {action}" in failure.message


def test_a_denial_by_an_scp_does_not_advise_a_grant(sandbox: Sandbox) -> None:
    sandbox.faults.aws.deny("sesv2", because="with an explicit deny in a service control policy")
    failure = failure_of(sandbox)
    assert "service control policy" in failure.message
    assert "grant ses" not in failure.message


def test_expired_credentials(sandbox: Sandbox) -> None:
    sandbox.faults.aws.expire_token()
    assert failure_of(sandbox).kind is FailureKind.EXPIRED_CREDENTIALS


def test_no_credentials(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name)
    failure = failure_of(sandbox)
    assert failure.kind is FailureKind.NO_CREDENTIALS
    assert sandbox.log.calls == []


def test_a_profile_that_does_not_exist(sandbox: Sandbox) -> None:
    with pytest.raises(NoSuchProfile):
        AwsSource(Login(profile="nobody")).region()


def test_a_role_is_assumed_once(sandbox: Sandbox) -> None:
    evidence = Evidence({"aws": AwsSource(Login(role_arn="arn:aws:iam::111122223333:role/ses-auditor"))})
    assert ask(evidence, "GetAccount").read()["ProductionAccessEnabled"] is True
    assert ask(evidence, "GetCallerIdentity", "sts").failure is None
    assert sandbox.log.count_calls()["sts", "AssumeRole"] == 1


def test_a_role_that_may_not_be_assumed(sandbox: Sandbox) -> None:
    sandbox.faults.aws.deny("sts", "AssumeRole")
    evidence = Evidence({"aws": AwsSource(Login(role_arn="arn:aws:iam::111122223333:role/ses-auditor"))})
    failure = ask(evidence, "GetAccount").failure
    assert failure is not None
    assert failure.kind is FailureKind.DENIED
    assert "grant sts:AssumeRole to the caller" in failure.message


def test_throttling_heals_at_one_request_a_second(sandbox: Sandbox) -> None:
    sandbox.faults.aws.limit_ses_rate(1.0)
    questions = [
        Question.aws(REGION, "sesv2", "GetEmailIdentity", {"EmailIdentity": f"{number}.example"}) for number in range(4)
    ]
    answers = live().ask_all(questions)
    assert [answer.failure for answer in answers] == [None] * 4


def test_throttled_to_the_end(sandbox: Sandbox) -> None:
    sandbox.faults.aws.throttle("sesv2")
    assert failure_of(sandbox).kind is FailureKind.THROTTLED


def test_server_errors_heal(sandbox: Sandbox) -> None:
    sandbox.faults.aws.server_error("sesv2", times=2)
    assert ask(live(), "GetAccount").read()["SendingEnabled"] is True


def test_server_errors_that_do_not_heal(sandbox: Sandbox) -> None:
    sandbox.faults.aws.server_error("sesv2")
    assert failure_of(sandbox).kind is FailureKind.SERVER_ERROR


def test_a_reset_connection(sandbox: Sandbox) -> None:
    sandbox.faults.aws.reset("sesv2")
    assert failure_of(sandbox).kind is FailureKind.UNREACHABLE


@pytest.mark.parametrize("fault", ["garbage", "not_found_page"])
def test_an_answer_that_makes_no_sense(sandbox: Sandbox, fault: str) -> None:
    getattr(sandbox.faults.aws, fault)("sesv2")
    getattr(sandbox.faults.aws, fault)("sns")
    failure = failure_of(sandbox)
    assert failure.kind in (FailureKind.NOT_UNDERSTOOD, FailureKind.REJECTED)
    assert failure_of(sandbox, "GetTopicAttributes", "sns", TopicArn="arn:aws:sns:a:1:t").kind in (
        FailureKind.NOT_UNDERSTOOD,
        FailureKind.REJECTED,
    )


def test_an_endpoint_that_is_not_there(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert failure_of(sandbox).kind is FailureKind.UNREACHABLE


def test_a_hung_answer_ends_at_the_deadline(sandbox: Sandbox) -> None:
    sandbox.faults.aws.hang("sesv2")
    began = time.monotonic()
    evidence = Evidence({"aws": AwsSource()}, deadline=began + 1.0)
    failure = ask(evidence, "GetAccount").failure
    assert failure is not None
    assert failure.kind is FailureKind.DEADLINE
    assert time.monotonic() - began < 3.0


def test_the_endpoint_that_was_used_is_known(sandbox: Sandbox) -> None:
    source = AwsSource()
    source.answer(Question.aws(REGION, "sesv2", "GetAccount"), Flight(1))
    assert source.endpoints() == [sandbox.endpoint_url]


def test_time_stamps_of_every_shape_are_read_alike() -> None:
    """XML sends ISO 8601, JSON seconds, a header RFC 822; all become the same moment."""
    wanted = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    seconds = int(wanted.timestamp())
    for sent in ("2026-11-24T06:00:00Z", "2026-11-24T06:00:00.000Z", seconds, str(seconds)):
        assert _moment(sent) == wanted
    assert _moment("Tue, 24 Nov 2026 06:00:00 GMT") == wanted


def test_policies_are_kept_as_they_were_written(sandbox: Sandbox) -> None:
    evidence = Evidence({"aws": AwsSource()})
    told = ask(evidence, "GetAccountAuthorizationDetails", "iam", Filter=["Role"]).read()
    document = told["RoleDetailList"][0]["AssumeRolePolicyDocument"]
    assert document == json.dumps(ready().account["iam"]["roles"][0]["AssumeRolePolicyDocument"])
