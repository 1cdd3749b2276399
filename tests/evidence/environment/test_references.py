"""References to stores of AWS: do they exist, are they secrets, and what is in them where that may be read."""

from collections.abc import Mapping
from typing import Any

import pytest

from sesgate.evidence import FailureKind
from sesgate.evidence.environment.found import Reading, Reference, Variable
from sesgate.evidence.environment.references import reference_of, resolved
from tests.evidence.environment.reaching import Given, arn, denied

SECRET = arn("secretsmanager", "secret:bizassist/db-a1b2c3")
FAR = arn("secretsmanager", "secret:bizassist/db-a1b2c3", "eu-west-1")
THERE: dict[str, Any] = {"secretsmanager DescribeSecret": {"ARN": SECRET}}
TEXT = '{"username": "api", "password": "s3cr3t", "port": 5432, "more": {}}'


def _resolve(given: Given, *value_from: str) -> list[Variable]:
    written = {f"V{at}": Variable(f"V{at}", "here", reference=reference_of(one)) for at, one in enumerate(value_from)}
    return list(resolved(Reading("here", written), given).variables.values())


def _seen(variable: Variable) -> Reference:
    assert variable.reference is not None
    return variable.reference


def _parameters(*kept: tuple[str, str, str]) -> Any:
    def answer(asked: Mapping[str, Any]) -> dict[str, Any]:
        known = {name: {"Name": name, "Type": kind, "Value": value} for name, kind, value in kept}
        return {"Parameters": [known[name] for name in asked["Names"] if name in known]}

    return answer


@pytest.mark.parametrize(
    ("value_from", "name", "key"),
    [
        (SECRET, SECRET, None),
        (f"{SECRET}:password::", SECRET, "password"),
        (f"{SECRET}:password:AWSCURRENT:", SECRET, "password"),
        (f"{SECRET}:::", SECRET, None),
        (f"{SECRET}:password:AWSPREVIOUS:", f"{SECRET}:password:AWSPREVIOUS:", "password"),
        ("/aws/reference/secretsmanager/bizassist/db", "bizassist/db", None),
    ],
)
def test_a_secret_is_named_with_key_and_version(value_from: str, name: str, key: str | None) -> None:
    assert reference_of(value_from) == Reference("secrets-manager", name, secret=True, key=key)


@pytest.mark.parametrize("name", ["/bizassist/db", "db", arn("ssm", "parameter/bizassist/db")])
def test_anything_else_is_a_parameter(name: str) -> None:
    assert reference_of(name) == Reference("ssm", name, secret=True)


def test_without_read_secrets_only_their_existence_is_asked() -> None:
    given = Given({"secretsmanager DescribeSecret": {"ARN": SECRET}})
    [variable] = _resolve(given, f"{SECRET}:password::")
    assert (_seen(variable).exists, variable.value, variable.unreadable) == (True, None, None)
    assert given.asked("GetSecretValue") == []


def test_a_secret_is_asked_once_for_all_its_keys() -> None:
    given = Given({"secretsmanager DescribeSecret": {"ARN": SECRET}})
    _resolve(given, *(f"{SECRET}:{key}::" for key in ("host", "port", "password")))
    assert given.asked("DescribeSecret") == [{"SecretId": SECRET}]


@pytest.mark.parametrize("answer", [None, {"ARN": SECRET, "DeletedDate": "2026-11-20T00:00:00Z"}])
def test_a_secret_that_is_not_there_or_is_being_deleted(answer: Any) -> None:
    [variable] = _resolve(Given({"secretsmanager DescribeSecret": answer}), SECRET)
    assert _seen(variable).exists is False


def test_other_regions_are_asked_where_they_are() -> None:
    far = arn("ssm", "parameter/db", "us-east-1")
    given = Given({"secretsmanager DescribeSecret": {"ARN": FAR}, "ssm GetParameters": {"Parameters": []}})
    _resolve(given, FAR, far, "near")
    assert given.regions("DescribeSecret") == {"eu-west-1"}
    assert given.regions("GetParameters") == {"us-east-1", "ap-southeast-1"}


def test_what_is_denied_is_unreadable_and_names_the_action() -> None:
    refused = denied("secretsmanager:DescribeSecret")
    [variable] = _resolve(Given({"secretsmanager DescribeSecret": refused}), SECRET)
    assert _seen(variable).exists is None
    assert variable.unreadable is not None
    assert "grant secretsmanager:DescribeSecret" in variable.unreadable


def test_offline_nothing_is_told() -> None:
    offline = denied("ssm", FailureKind.OFFLINE)
    given = Given({"secretsmanager DescribeSecret": offline, "ssm GetParameters": offline})
    for variable in _resolve(given, SECRET, "db"):
        assert (_seen(variable).exists, variable.unreadable) == (None, None)


def test_with_read_secrets_a_key_is_read() -> None:
    answers = {
        "secretsmanager DescribeSecret": {"ARN": SECRET},
        "secretsmanager GetSecretValue": {"SecretString": TEXT},
    }
    keys = ("password", "port", "absent", "more")
    password, port, absent, more = _resolve(Given(answers, read_secrets=True), *(f"{SECRET}:{key}::" for key in keys))
    assert (password.value, port.value) == ("s3cr3t", "5432")
    assert (absent.value, _seen(absent).exists) == (None, False)
    assert more.unreadable == "it is not text"
    assert "s3cr3t" not in repr(password)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"SecretString": "just a password"}, "no JSON object"),
        ({"SecretBinary": b"x"}, "binary"),
        (None, "no value yet"),
    ],
)
def test_a_key_of_what_has_none_is_unreadable(value: Any, said: str) -> None:
    answers = {**THERE, "secretsmanager GetSecretValue": value}
    [variable] = _resolve(Given(answers, read_secrets=True), f"{SECRET}:password::")
    assert said in str(variable.unreadable)


def test_a_version_that_is_not_current_is_not_judged_by_the_current_one() -> None:
    answers = {
        "secretsmanager DescribeSecret": {"ARN": SECRET},
        "secretsmanager GetSecretValue": {"SecretString": TEXT},
    }
    [variable] = _resolve(Given(answers, read_secrets=True), f"{SECRET}:password:AWSPREVIOUS:")
    assert (variable.value, _seen(variable).exists) == (None, True)


def test_a_string_is_no_secret_and_its_value_is_known() -> None:
    given = Given(
        {"ssm GetParameters": _parameters(("host", "String", "db.internal"), ("key", "SecureString", "AQIC"))}
    )
    host, key, gone = _resolve(given, "host", "key", "gone")
    assert (host.value, _seen(host).secret) == ("db.internal", False)
    assert (key.value, _seen(key).secret, _seen(key).exists) == (None, True, True)
    assert _seen(gone).exists is False
    assert given.asked("GetParameters") == [{"Names": ["host", "key", "gone"], "WithDecryption": False}]


def test_parameters_are_asked_ten_at_a_time() -> None:
    given = Given({"ssm GetParameters": {"Parameters": []}})
    _resolve(given, *(f"p{number}" for number in range(23)))
    assert sorted(len(asked["Names"]) for asked in given.asked("GetParameters")) == [3, 10, 10]


def test_who_may_not_read_may_list() -> None:
    name = arn("ssm", "parameter/bizassist/key")
    listed = {"Parameters": [{"Name": "/bizassist/key", "Type": "SecureString"}, {"Name": "host", "Type": "String"}]}
    answers = {"ssm GetParameters": denied("ssm:GetParameters"), "ssm DescribeParameters": listed}
    key, host, gone = _resolve(Given(answers), name, "host", "gone")
    assert (_seen(key).exists, _seen(key).secret) == (True, True)
    assert (_seen(host).exists, _seen(host).secret) == (True, False)
    assert _seen(gone).exists is False


def test_with_read_secrets_a_denied_parameter_is_unreadable() -> None:
    listed = {"Parameters": [{"Name": "key", "Type": "SecureString"}]}
    answers = {"ssm GetParameters": denied("ssm:GetParameters"), "ssm DescribeParameters": listed}
    [variable] = _resolve(Given(answers, read_secrets=True), "key")
    assert _seen(variable).exists is True
    assert "ssm:GetParameters" in str(variable.unreadable)


def test_denied_twice_names_the_first_action() -> None:
    answers = {"ssm GetParameters": denied("ssm:GetParameters"), "ssm DescribeParameters": denied("ssm:Other")}
    [variable] = _resolve(Given(answers), "key")
    assert "grant ssm:GetParameters" in str(variable.unreadable)
