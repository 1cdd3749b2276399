"""The models as Python code uses them, and what their values become."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sesgate.finding import Severity
from sesgate.gate import (
    Api,
    ApiContract,
    Aws,
    CheckSettings,
    Database,
    Dns,
    Expect,
    Gate,
    Probe,
    Request,
    ResolverAddress,
    Role,
    Sender,
    Service,
    Source,
    Variable,
    Waiver,
    load_gate,
    resolver_address,
)
from tests.gate.corpus import ENVIRON, HERE


def good(name: str) -> Gate:
    return load_gate(HERE / "good" / f"{name}.yaml", ENVIRON).gate


def test_a_gate_of_python_values() -> None:
    gate = Gate(version=1, aws=Aws(region="eu-west-1"), senders=(Sender(address="A.B@YourDomain.com."),))
    assert gate.senders[0].address == "A.B@yourdomain.com"
    assert gate.dns == Dns(resolvers=("system",), authoritative=False, port=53, timeout=3.0)
    assert (gate.services, gate.checks, gate.database, gate.allowed_to_send) == ((), {}, None, ())


def test_models_are_frozen() -> None:
    sender = Sender(domain="b.com")
    with pytest.raises(ValidationError, match="frozen"):
        sender.domain = "c.com"
    assert hash(sender) == hash(Sender(domain="b.com"))


def test_characters_count_where_text_is_wanted() -> None:
    gate = good("characters")
    assert gate.name == "NO"
    assert gate.aws.account == "012345678901"
    assert gate.senders[0].address == "1e3@yourdomain.com"
    service = gate.services[0]
    assert service.name == "12:30"
    assert [rule.equals for rule in service.variables.values() if rule.equals] == [
        *("8080", "yes", "012", "0x1F", "null", "~", "1.50", "2026-02-17", "5", ".inf", "quoted: yes", "{}")
    ]
    assert service.variables["I"].one_of == ("on", "off", "true", "1_000", "")
    assert (gate.waivers[0].reason, gate.waivers[0].owner) == ("404", "true")
    assert all(type(rule.equals) is str for rule in service.variables.values() if rule.equals)


def test_typed_values() -> None:
    gate = good("typed")
    assert (gate.dns.authoritative, gate.dns.port, gate.dns.timeout) == (True, 53, 0.5)
    assert gate.volume is not None
    assert (gate.volume.daily, gate.volume.per_second) == (5, 10.0)
    assert gate.test_send is not None
    assert gate.test_send.timeout == 90
    assert gate.attestations[0].signed_on == date(2026, 2, 17)
    assert gate.senders[1].name == "mail.yourdomain.com"


def test_filled_values() -> None:
    gate = good("filled")
    assert gate.name == "BizAssist in staging, ${NOT} $HOME $$"
    assert gate.dns.authoritative is True
    assert gate.volume is not None
    assert (gate.volume.daily, gate.volume.kind) == (50000, "bulk")
    assert gate.waivers[0].expires == date(2026, 12, 1)
    assert gate.api is not None
    probe = gate.api.probes[0]
    assert probe.request.body == {"number": "50000", "token": ENVIRON["API_TOKEN"]}
    assert probe.expect.status == (403,)
    assert ENVIRON["API_TOKEN"] not in repr(probe)


def test_merge_keys() -> None:
    gate = good("merges")
    assert gate.senders[1].address == "b@yourdomain.com"
    assert gate.senders[1].configuration_set == "one"
    worker = gate.services[1].variables
    assert list(worker) == ["AWS_REGION", "SES_FROM_EMAIL", "EXTRA"]
    assert worker["AWS_REGION"] == Variable(equals="ap-southeast-1"), "the first of several wins"
    assert worker["EXTRA"] == Variable(required=True, meaning="port")


def test_empty_sections() -> None:
    gate = good("empty")
    assert (gate.roles, gate.clients, gate.waivers, gate.services[0].variables) == ((), (), (), {})
    assert gate.dns == Dns()
    assert gate.test_send is not None
    assert gate.checks == {"dmarc": CheckSettings(), "spf": CheckSettings()}


def test_sources() -> None:
    kinds = [[source.kind for source in service.source] for service in good("sources").services]
    assert kinds == [
        *(["process"], ["process"], ["dotenv"], ["ecs"], ["ecs"], ["ecs_task_definition"], ["ecs_task_definition"]),
        *(["apprunner"], ["lambda"], ["render"], ["compose"], ["kubernetes"], ["ssm"], ["secrets_manager"]),
        ["process", "dotenv", "ssm"],
    ]


def test_knobs() -> None:
    gate = good("knobs")
    dmarc = gate.checks["dmarc"]
    assert dmarc.severity is Severity.WARNING
    assert dmarc.causes["not-enforced"].severity is Severity.INFO
    assert gate.checks["of-a-pack"].options == {"list": [1, "two", 3.5, True, None, {"a": ["b"]}], "text": "5"}
    assert gate.roles[0].name == "infra/a.json, infra/b.json"
    assert gate.clients[0].must_not == ("aws_credentials", "ses")


def test_probes() -> None:
    api = good("probes").api
    assert api is not None
    assert api.base_url == "https://api.yourdomain.com/base"
    one, everything, options, expression = api.probes
    assert (one.expect.status, one.changes_something, one.expect.no_credentials) == ((200,), False, True)
    assert everything.request.headers == {
        "Content-Type": "application/json",
        "X-Active-Business-Id": "7",
        "X-Empty": "",
    }
    assert everything.request.query == {"page": "1", "flag": "true"}
    assert everything.request.body["deep"] == [True, None, 1.5, "5", {"a": "b"}]
    assert everything.expect.body == {"error": {"code": "forbidden"}}
    assert everything.changes_something
    assert options.expect.status is None
    assert expression.expect.jmespath == ("ok",)
    assert api.contract is not None
    assert not api.contract.live_is_file


def test_requests_that_work() -> None:
    api = good("probes").api
    assert api is not None
    least, most = api.ready_made
    assert (least.credentials, least.business, least.sender, least.refused_with) == (("x-api-key",), None, None, None)
    assert most.credentials == ("authorization", "x-token")
    assert most.may_be_sent_to_act
    assert most.business is not None
    assert most.business.other == "8"
    assert most.refused_with == (400, 403)


def test_a_request_keeps_how_it_was_written() -> None:
    """What is filled in is secret, so that a question names a request by the gate's own text."""
    text = "version: 1\naws: {region: eu-west-1}\nsenders: [{domain: a.b}]\napi:\n  base_url: https://a.b\n  probes:\n"
    text += "    - {name: 'a ${API_TOKEN}', request: {path: '/${API_TOKEN}'}, expect: {status: 200}}\n"
    one, other = (load_gate("-", {"API_TOKEN": value}, text).gate.api for value in ("one", "other"))
    assert one is not None
    assert other is not None
    assert one.probes[0].written == other.probes[0].written
    assert one.probes[0].request.path == "/one"
    assert one.probes[0].name == "a ${API_TOKEN}"


@pytest.mark.parametrize("expression", ["a ==", "a[", "'a", "@@"])
def test_an_expression_is_read_when_the_gate_is(expression: str) -> None:
    with pytest.raises(ValidationError):
        Expect(jmespath=(expression,))


def test_text_between_backticks_is_read_as_it_was_of_old() -> None:
    assert Expect(jmespath=("error.code == `forbidden`",)).jmespath == ("error.code == `forbidden`",)


@pytest.mark.parametrize("live", ["build/openapi.json", "openapi.yaml", "../openapi.json"])
def test_a_contract_may_be_two_files(live: str) -> None:
    assert ApiContract(baseline="a.json", live=live).live_is_file


def test_a_method_tells_whether_it_changes_something() -> None:
    expect = Expect(status=(401,))
    assert Probe(name="a", request=Request(method="POST", path="/"), expect=expect).changes_something
    assert Probe(name="a", request=Request(path="/"), writes=True, expect=expect).changes_something


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        *[("1.1.1.1", "1.1.1.1", None), ("1.1.1.1:5353", "1.1.1.1", 5353), ("::1", "::1", None)],
        *[("[::1]", "::1", None), ("[::1]:53", "::1", 53)],
    ],
)
def test_resolver_addresses(text: str, host: str, port: int | None) -> None:
    assert resolver_address(text) == ResolverAddress(host, port)


@pytest.mark.parametrize(
    "text", ["", "system", "dns.google", "1.1.1.1:", "1.1.1.1:0", "1.1.1.1:x", "[::1", "[::1]x", "1.1.1"]
)
def test_no_resolver_address(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        resolver_address(text)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: Sender(address=1),  # type: ignore[arg-type]
        lambda: Dns(authoritative=1),  # type: ignore[arg-type]
        lambda: Dns(port=True),
        lambda: Dns(port=53.0),  # type: ignore[arg-type]
        lambda: Dns(timeout=float("inf")),
        lambda: Dns(timeout=True),
        Role,
        Database,
        Source,
        lambda: Service(name="a", source=()),
        lambda: Variable(matches="("),
        lambda: Variable(matches="x{99999999999}"),
        Expect,
        lambda: Api(base_url="https://[::1"),
        lambda: Waiver(check="a", subject="b", reason="c", owner="d", expires=datetime(2026, 1, 1)),  # noqa: DTZ001
    ],
)
def test_python_values_are_refused_as_well(refused: Callable[[], Any]) -> None:
    with pytest.raises(ValidationError):
        refused()


@pytest.mark.parametrize(
    ("from_domain", "mail_from", "right"),
    [
        *[("b.com", "bounce.b.com", True), ("b.com", "x.y.b.com", True), ("b.com", "b.com", False)],
        *[("mail.b.com", "bounce.b.com", True), ("mail.b.com", "mail.b.com", True), ("b.com", "xb.com", False)],
        *[("b.com", "bounce.c.com", False), ("b.co.uk", "bounce.b.co.uk", True)],
    ],
)
def test_mail_from_is_below_some_identity(from_domain: str, mail_from: str, right: bool) -> None:
    """SES wants a subdomain of the verified identity, which may be a parent of the From domain."""
    if right:
        Sender(domain=from_domain, mail_from=mail_from)
    else:
        with pytest.raises(ValidationError, match="a subdomain of the sender's domain is expected"):
            Sender(domain=from_domain, mail_from=mail_from)


def test_every_module_of_the_gate_reads_in_one_sitting() -> None:
    folder = Path(__file__).parents[2] / "src" / "sesgate" / "gate"
    assert not [path.name for path in folder.rglob("*.py") if len(path.read_text("utf-8").splitlines()) > 300]
