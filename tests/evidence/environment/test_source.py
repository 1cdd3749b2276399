"""The source of environment variables: places read once, merged, judged; no value of a secret leaves."""

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from sesgate.evidence import Evidence, Failure, FailureKind, NotSeen
from sesgate.evidence.environment import readers
from sesgate.evidence.environment.asking import setting_of, start_question, variables_question
from sesgate.evidence.environment.found import Reading, Variable
from sesgate.evidence.environment.outside import Outside
from sesgate.evidence.environment.reach import Reach
from sesgate.evidence.environment.source import EnvironmentSource
from sesgate.evidence.flight import Flight
from sesgate.gate import LoadedGate, load_gate

REGION = "ap-southeast-1"
HEAD = "version: 1\naws: {region: ap-southeast-1}\nsenders: [{address: no-reply@yourdomain.com}]\nservices:\n"


class NoFiles:
    def text(self, path: str) -> str | None:
        return None


class Account:
    """Answers every AWS read with its own name, and counts."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self._lock = threading.Lock()

    def whole(self, region: str, service: str, name: str, parameters: Mapping[str, Any], flight: Flight) -> Any:
        with self._lock:
            self.calls.append(name)
        return {"Name": name, "Region": region}


def _gate(services: str, environ: Mapping[str, str] | None = None) -> LoadedGate:
    return load_gate("-", environ or {}, HEAD + services)


def _ask(
    services: str, environ: Mapping[str, str] | None = None, aws: Account | None = None, *, filled: str = ""
) -> dict[str, Any]:
    gate = _gate(services, {"FILLED": filled}).gate
    outside = Outside(REGION, environ or {}, NoFiles(), aws)
    evidence = Evidence({"environment": EnvironmentSource(gate, outside)})
    setting = setting_of(gate, REGION)
    answer: dict[str, Any] = evidence.ask(variables_question(gate.services[0], setting)).read()
    return answer


def test_the_process_is_read() -> None:
    services = "  - {name: api, source: process, variables: {NODE_ENV: {equals: production}, PORT: {}}}\n"
    variables = _ask(services, {"NODE_ENV": "development"})["variables"]
    assert variables["NODE_ENV"]["state"] == "set"
    assert variables["NODE_ENV"]["broken"] == ["equals"]
    assert variables["NODE_ENV"]["value"] == "development"
    assert variables["PORT"] == {"state": "unset"}


def test_a_kind_that_nothing_reads_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "_MODULES", {"dotenv": "not_there"})
    with pytest.raises(NotSeen, match="nothing here reads dotenv"):
        _ask("  - {name: api, source: {dotenv: .env}}\n")


def test_a_service_of_another_gate_is_refused() -> None:
    one = _gate("  - {name: api, source: process}\n").gate
    other = _gate("  - {name: api, source: process, read_secrets: true}\n").gate
    evidence = Evidence({"environment": EnvironmentSource(one, Outside(REGION, {}, NoFiles(), None))})
    answer = evidence.ask(start_question(other.services[0]))
    assert answer.failure is not None
    assert answer.failure.kind is FailureKind.REJECTED


def test_what_is_filled_into_the_rules_of_a_secret_stays_out_of_the_question() -> None:
    services = (
        "  - name: api\n    source: process\n    variables:\n"
        '      ONE: {secret: true, equals: "${FILLED}"}\n'
        '      DB_PASSWORD: {equals: "${FILLED}"}\n'
        "      THREE: {secret: true, one_of: [written-by-hand]}\n"
    )
    gate = _gate(services, {"FILLED": "s3cr3t-Value-92"}).gate
    question = str(variables_question(gate.services[0], setting_of(gate, REGION)))
    assert question.count("${FILLED}") == 2
    assert "s3cr3t" not in question
    assert "written-by-hand" not in question
    assert "s3cr3t" not in str(_ask(services, {"ONE": "s3cr3t-Value-92"}, filled="s3cr3t-Value-92"))


def test_a_gate_that_is_replayed_asks_the_same_question() -> None:
    services = '  - {name: api, source: process, variables: {ONE: {secret: true, equals: "${FILLED}"}}}\n'
    gate = _gate(services, {"FILLED": "s3cr3t-Value-92"})
    again = load_gate("-", gate.variables, gate.text, stand_in=True)
    [asked, replayed] = [
        variables_question(each.gate.services[0], setting_of(each.gate, REGION)) for each in (gate, again)
    ]
    assert asked == replayed


def test_two_services_read_one_place_once(monkeypatch: pytest.MonkeyPatch) -> None:
    account = Account()

    def read(spec: Any, reach: Reach) -> Reading:
        reach.aws("ssm", "GetParametersByPath", {"Path": spec})
        return Reading("place", {"NODE_ENV": Variable("NODE_ENV", "place", "production")})

    monkeypatch.setattr("sesgate.evidence.environment.source.reader", lambda *_: read)
    gate = _gate("  - {name: one, source: {ssm: /prod}}\n  - {name: two, source: [{ssm: /prod}, {ssm: /other}]}\n").gate
    source = EnvironmentSource(gate, Outside(REGION, {}, NoFiles(), account))
    setting = setting_of(gate, REGION)
    answers = Evidence({"environment": source}).ask_all(variables_question(each, setting) for each in gate.services)
    assert [answer.failure for answer in answers] == [None, None]
    assert account.calls == ["GetParametersByPath"] * 2


def test_offline_refuses_what_needs_aws_and_reads_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(spec: Any, reach: Reach) -> Reading:
        reach.aws("ssm", "GetParametersByPath", {"Path": spec})
        return Reading("place", {})

    process = readers.reader("process", True)
    monkeypatch.setattr(
        "sesgate.evidence.environment.source.reader", lambda kind, _: process if kind == "process" else read
    )
    services = "  - {name: api, source: [{ssm: /prod}, process], variables: {ONE: {}, TWO: {}}}\n"
    variables = _ask(services, {"ONE": "1"})["variables"]
    assert variables["ONE"]["state"] == "set"
    assert (variables["TWO"]["state"], variables["TWO"]["kind"]) == ("unreadable", "offline")
    with pytest.raises(NotSeen) as refused:
        _ask("  - {name: api, source: {ssm: /prod}}\n")
    assert refused.value.failure.kind is FailureKind.OFFLINE


def test_a_reader_that_raises_tells_its_class_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(spec: Any, reach: Reach) -> Reading:
        raise ValueError("s3cr3t-Value-92")

    monkeypatch.setattr("sesgate.evidence.environment.source.reader", lambda *_: read)
    with pytest.raises(NotSeen) as refused:
        _ask("  - {name: api, source: {ssm: /prod}}\n")
    assert "s3cr3t" not in str(refused.value)
    assert "ValueError" in refused.value.failure.message


def test_a_failure_is_not_asked_again() -> None:
    asked: list[str] = []

    class Refusing(Account):
        def whole(self, region: str, service: str, name: str, parameters: Mapping[str, Any], flight: Flight) -> Any:
            asked.append(name)
            raise NotSeen(Failure(FailureKind.DENIED, "denied"))

    reach = Outside(REGION, {}, NoFiles(), Refusing()).reach(Flight(1), read_secrets=False)
    for _ in range(2):
        with pytest.raises(NotSeen):
            reach.aws("ssm", "GetParametersByPath", {})
    assert asked == ["GetParametersByPath"]
