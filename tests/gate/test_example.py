"""gate.example.yaml is the contract's gate, whole."""

from datetime import date

import pytest

from sesgate.gate import Gate, load_gate
from tests.gate.corpus import ENVIRON, EXAMPLE


@pytest.fixture(scope="module")
def gate() -> Gate:
    return load_gate(EXAMPLE, ENVIRON).gate


def test_it_asks_for_everything(gate: Gate) -> None:
    assert not [name for name in Gate.model_fields if getattr(gate, name) in (None, (), {})]


def test_its_values_are_the_contracts(gate: Gate) -> None:
    assert gate.name == "BizAssist API"
    assert (gate.aws.account, gate.aws.region) == ("111122223333", "ap-southeast-1")
    assert (gate.dns.resolvers, gate.dns.authoritative, gate.dns.port, gate.dns.timeout) == (("system",), False, 53, 3)
    sender = gate.senders[0]
    assert (sender.name, sender.from_domain) == ("no-reply@yourdomain.com", "yourdomain.com")
    assert sender.configuration_set == "bizassist-transactional"
    assert sender.mail_from == "bounce.yourdomain.com"
    assert sender.reply_to == "support@yourdomain.com"
    assert gate.volume is not None
    assert (gate.volume.daily, gate.volume.per_second, gate.volume.kind) == (50000, 14, "transactional")
    assert [need.resources for need in gate.roles[0].needs[:2]] == [("senders",), ("*",)]
    assert gate.allowed_to_send == ("arn:aws:iam::111122223333:role/bizassist-api",)
    assert gate.database is not None
    assert (gate.database.name, gate.database.login) == ("bizassist-prod", "iam")
    assert gate.test_send is not None
    assert (gate.test_send.queue, gate.test_send.timeout) == ("bizassist-ses-events", 60)
    assert gate.attestations[0].expires == date(2027, 2, 17)
    assert gate.checks["dmarc"].options == {"minimum_policy": "quarantine"}
    assert gate.checks["placeholder-identities"].options == {"patterns": ["*.staging.yourdomain.com"]}
    assert gate.checks["domain-verification-txt"].enabled is True
    assert (gate.waivers[0].cause, gate.waivers[0].expires) == ("not-enforced", date(2026, 12, 1))


def test_its_matrix_is_the_checklists(gate: Gate) -> None:
    service = gate.services[0]
    assert [source.kind for source in service.source] == ["ecs"]
    assert service.migrations == "pre_deploy"
    rules = service.variables
    assert [name for name, rule in rules.items() if rule.required] == [
        *("AWS_REGION", "SES_FROM_EMAIL", "DATABASE_URL", "NODE_ENV", "PORT")
    ]
    assert rules["PORT"].equals == "8080"
    assert rules["AWS_REGION"].default == "ap-southeast-1"
    assert rules["AWS_SECRET_ACCESS_KEY"].discouraged == "use the task role"
    assert [name for name, rule in rules.items() if rule.secret] == ["AWS_SECRET_ACCESS_KEY", "DATABASE_URL"]
