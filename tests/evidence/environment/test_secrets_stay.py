"""Whatever is planted as a secret, in whatever place, it leaves neither in an answer, nor in a report or recording."""

import json
import re
import string
import time
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from sesgate.clock import FixedClock
from sesgate.context import Place
from sesgate.evidence import Evidence
from sesgate.evidence.environment.asking import setting_of
from sesgate.evidence.environment.found import Reading, Reference, Variable
from sesgate.evidence.environment.judging import facts
from sesgate.evidence.environment.outside import Outside
from sesgate.evidence.environment.source import EnvironmentSource
from sesgate.gate import LoadedGate, load_gate
from sesgate.plan import Selection, plan
from sesgate.registry import load
from sesgate.report.forms import KINDS, render
from sesgate.report.forms.options import RenderOptions
from sesgate.run import Setting, audit
from sesgate.testing import MOMENT

MEANINGS = [
    "region",
    "sender",
    "configuration_set",
    "email",
    "domain",
    "url",
    "https_url",
    "postgres_url",
    "port",
    "role_arn",
    "secret_arn",
    "smtp_host",
    "smtp_user",
    "integer",
    "boolean",
]
SHAPES = (
    "{}",
    " {} ",
    "postgres://app:{}@db.internal:5432/app",
    "postgres://{}@db.internal/app?sslmode=disable",
    "postgresql://app:{}@/app?host=localhost",
    "postgres://app:12/{}@db.internal/app",
    "https://user:{}@hooks.internal/{}?token={}#{}",
    "https://hooks.internal/{}",
    "{}:587",
    "arn:aws:secretsmanager:eu-west-1:111122223333:secret:{}",
    "email-smtp.eu-west-1.amazonaws.com/{}",
    "AKIA{}",
    "Name <{}@elsewhere.com>",
    "<{}>",
    "changeme-{}",
)
secrets = st.text(string.ascii_letters + string.digits + "/+=_-.%", min_size=12, max_size=40).filter(
    lambda text: any(map(str.isdigit, text)) and any(map(str.isalpha, text))
)


def _gate(variables: Mapping[str, Any], environ: Mapping[str, str] | None = None) -> LoadedGate:
    service = {"name": "api", "source": "process", "read_secrets": True, "variables": variables}
    text = json.dumps(
        {
            "version": 1,
            "aws": {"region": "ap-southeast-1"},
            "senders": [{"address": "no-reply@yourdomain.com"}],
            "services": [service],
        }
    )
    return load_gate("-", environ or {}, text)


def _rules(meaning: str) -> dict[str, Any]:
    """The same rules for a variable that is secret by its rule, and for others that are so by their names."""
    rules = {"is": meaning, "equals": "another", "matches": "[0-9]", "required": True}
    return {"ONE": {**rules, "secret": True}, "API_TOKEN": rules, "DATABASE_URL": rules, "dbPassword": rules}


@given(secrets, st.sampled_from(MEANINGS), st.sampled_from(SHAPES), st.booleans())
@settings(max_examples=2 * settings().max_examples)
def test_no_fact_holds_a_secret(secret: str, meaning: str, shape: str, referred: bool) -> None:
    value = shape.replace("{}", secret)
    gate = _gate(_rules(meaning)).gate
    reference = Reference("ssm", secret, secret=True) if referred else None
    found = {name: Variable(name, "place", value, reference) for name in (*_rules(meaning), "OTHER", "SES_OTHER")}
    told = json.dumps(facts(gate.services[0], [Reading("place", found)], setting_of(gate, "ap-southeast-1")))
    assert secret not in told
    assert not [piece for piece in secret.split("/") if len(piece) > 7 and piece in told]


@given(secrets, st.sampled_from(MEANINGS))
def test_a_variable_that_should_not_hold_one_does_not_tell_it(secret: str, meaning: str) -> None:
    """A key that was pasted into the wrong variable: nothing says that it is secret but its looks."""
    key = "wJa" + re.sub(r"[^A-Za-z0-9/+]", "x", secret) + "Q7zR9tK2mP4"
    gate = _gate({"NODE_ENV": {"is": meaning}, "MODE": {"equals": "production"}}).gate
    found = {name: Variable(name, "place", key) for name in ("NODE_ENV", "MODE")}
    told = json.dumps(facts(gate.services[0], [Reading("place", found)], setting_of(gate, "ap-southeast-1")))
    assert key not in told


class NoFiles:
    def text(self, path: str) -> str | None:
        return None


@pytest.mark.parametrize("shape", SHAPES)
def test_no_report_and_no_recording_holds_a_secret(shape: str, capfd: pytest.CaptureFixture[str]) -> None:
    secret = "s3cr3tV4lue9Zq"
    environ = dict.fromkeys((*_rules("url"), "SES_SECRET_KEY"), shape.replace("{}", secret))
    rules = _rules("postgres_url")
    rules["ONE"]["equals"] = rules["API_TOKEN"]["equals"] = "${FILLED}"
    loaded = _gate(rules, {"FILLED": secret})
    registry = load()
    outside = Outside("ap-southeast-1", environ, NoFiles(), None)
    evidence = Evidence({"environment": EnvironmentSource(loaded.gate, outside)})
    setting = Setting(
        loaded=loaded,
        registry=registry,
        plan=plan(registry, loaded.gate, Selection(only=frozenset({"environment", "region"}), offline=True)),
        place=Place("ap-southeast-1"),
        evidence=evidence,
        clock=FixedClock(MOMENT),
    )
    run = audit(setting, deadline=time.monotonic() + 30)
    assert len(run.report.environment) == len(rules)
    told = [render(kind, run.report, RenderOptions(width=80, ascii=False, verbose=True)) for kind in KINDS]
    assert not [form for form in (*told, run.recording.to_json()) if secret in form]
    assert secret not in repr(replace(run.report, evidence=()))
    assert secret not in "".join(capfd.readouterr())


def test_readings_do_not_print_their_values() -> None:
    variable = Variable("ONE", "place", "s3cr3tV4lue9Zq", None)
    assert "s3cr3t" not in repr(Reading("place", {"ONE": variable}))
