"""Selftests of checks made in tests, on recorded answers made there too."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sesgate.check import Check
from sesgate.clock import FixedClock
from sesgate.context import Place
from sesgate.evidence import Answer, Evidence, Failure, Question
from sesgate.gate import load_gate
from sesgate.plan import Selection, plan
from sesgate.run import Setting
from sesgate.selftest.proving import Proving
from sesgate.selftest.result import CheckResult, Result
from sesgate.selftest.trial import Trial
from tests.packs import registry_of

MOMENT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
REGION = "eu-west-1"
GATE = """version: 1
aws: {region: eu-west-1, account: "111122223333"}
senders: [{address: no-reply@example.com}]
roles: [{arn: "arn:aws:iam::111122223333:role/api", needs: [{actions: [ses:SendEmail]}]}]
attestations: [{id: dpa, statement: It is signed., signed_by: cto@example.com, signed_on: 2026-01-01}]
"""
ACCOUNT = Question.aws(REGION, "sesv2", "GetAccount")
TXT = Question.dns("TXT", "example.com", "resolver 1")


def found(*records: str) -> dict[str, Any]:
    """What the DNS tells."""
    return {"rcode": "NOERROR", "records": list(records), "chain": [], "ttl": 300}


def selftest_of(*checks: Check, answers: Mapping[Question, Any], gate: str = GATE) -> Result:
    """The selftest of a gate for which just these checks are installed. An answer may be a Failure."""
    import pathlib

    loaded = load_gate(pathlib.Path("gate.yaml"), {}, gate)
    registry = registry_of(*checks)
    known = {question: _answer(value) for question, value in answers.items()}
    setting = Setting(
        loaded=loaded,
        registry=registry,
        plan=plan(registry, loaded.gate, Selection()),
        place=Place(REGION, "111122223333"),
        evidence=Evidence({}, known=known, clock=FixedClock(MOMENT)),
        clock=FixedClock(MOMENT),
    )
    trial = Trial(setting, known, MOMENT)
    return Proving(trial, lambda other: plan(registry, other.gate, Selection())).result()


def check_of(result: Result, name: str = "made") -> CheckResult:
    """What became of one check."""
    return next(one for one in result.checks if one.check == name)


def _answer(value: Any) -> Answer:
    failed = isinstance(value, Failure)
    return Answer(None if failed else value, value if failed else None, MOMENT, 0.0)
