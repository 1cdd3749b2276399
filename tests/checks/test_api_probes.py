"""api-probes: what each answer means, which refusals count, and what is not sent."""

from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.evidence import FailureKind
from sesgate.testing import World, causes, ready_world, run, statuses

HEALTH = "health is answered to anybody"
AS_WRITTEN = "invoices: as written"
OTHER_BUSINESS = "invoices: for another business"
MAIL: dict[str, Any] = {
    "name": "mail",
    "request": {
        "method": "POST",
        "path": "/v1/mail",
        "headers": {"Authorization": "Bearer ${API_TOKEN:-t}"},
        "body": {"message": {"from": "no-reply@yourdomain.com"}, "to": "success@simulator.amazonses.com"},
    },
    "sender": {"field": "message.from"},
}


def probed(world: World) -> list[Judged]:
    return run("api-probes", world)


def about(world: World, name: str) -> list[tuple[str, str | None]]:
    """Status and cause of all findings on one probe."""
    return [(one.status.value, one.cause) for one in probed(world) if one.subject == name]


def asking(*, writes: bool | None = None, **api: Any) -> World:
    """A gate with this API only, sent with --send where something is written."""
    entry = {**MAIL, **({} if writes is None else {"writes": writes})}
    parts = api or {"ready_made": [entry]}
    return ready_world().with_gate(api={"base_url": "https://api.yourdomain.com", **parts})


def test_all_is_answered_as_it_must_be() -> None:
    assert statuses(probed(ready_world())) == {"pass"}


@pytest.mark.parametrize(
    ("way", "cause"),
    [
        ("without authentication", "open-to-anyone"),
        ("without the business header", "business-scope-optional"),
        ("for another business", "other-business-open"),
    ],
)
def test_what_goes_through_and_must_be_refused(way: str, cause: str) -> None:
    world = ready_world().http(f"invoices: {way}", status=200)
    assert about(world, f"invoices: {way}") == [("fail", cause)]
    assert causes(probed(world)) == {cause}


def test_a_sender_that_the_body_may_choose() -> None:
    world = asking(writes=True).elsewhere(send=True).http("mail: as written", status=202)
    world = world.http("mail: without authentication", status=401)
    assert causes(probed(world.http("mail: with an arbitrary sender", status=422))) == set()
    assert causes(probed(world.http("mail: with an arbitrary sender", status=202))) == {"arbitrary-sender-accepted"}


@pytest.mark.parametrize(
    ("writes", "send", "wanted"),
    [(True, False, "run with --send"), (None, False, "writes: true"), (None, True, "writes: true")],
)
def test_what_changes_something_is_not_sent(writes: bool | None, send: bool, wanted: str) -> None:
    found = probed(asking(writes=writes).elsewhere(send=send))
    assert {(one.status.value, one.cause) for one in found} == {("error", "not-run")}
    assert all(wanted in one.finding.message for one in found)


def test_a_get_that_writes_needs_the_flag_as_well() -> None:
    probe = {"name": "a", "request": {"path": "/unsubscribe"}, "writes": True, "expect": {"status": 200}}
    world = asking(probes=[probe])
    assert causes(probed(world)) == {"not-run"}
    assert statuses(probed(world.elsewhere(send=True).http("a", status=200))) == {"pass"}


def test_refusals_tell_nothing_where_the_request_does_not_work() -> None:
    world = ready_world().http(AS_WRITTEN, status=401)
    assert about(world, AS_WRITTEN) == [("fail", "request-refused")]
    assert about(world, OTHER_BUSINESS) == [("skip", "absent")]
    assert about(world.http(OTHER_BUSINESS, status=200), OTHER_BUSINESS) == [("fail", "other-business-open")]
    assert about(ready_world().http_fails(AS_WRITTEN), OTHER_BUSINESS) == [("error", "not-seen")]


@pytest.mark.parametrize("status", [408, 425, 429])
def test_later_is_no_refusal(status: int) -> None:
    assert about(ready_world().http(OTHER_BUSINESS, status=status), OTHER_BUSINESS) == [("error", "not-seen")]
    assert about(ready_world().http(HEALTH, status=status), HEALTH) == [("error", "not-seen")]


@pytest.mark.parametrize("name", [HEALTH, OTHER_BUSINESS])
@pytest.mark.parametrize(("status", "cause"), [(500, "server-error"), (503, "server-error"), (302, "redirected")])
def test_neither_a_fault_nor_a_redirect_is_a_refusal(name: str, status: int, cause: str) -> None:
    assert about(ready_world().http(name, status=status), name) == [("fail", cause)]


def test_the_redirect_is_told() -> None:
    world = ready_world().http(HEALTH, status=301, redirect="https://www.yourdomain.com/v1/health")
    [one] = [one for one in probed(world) if one.cause]
    assert "leads to https://www.yourdomain.com/v1/health" in one.finding.message


def test_a_status_that_is_not_expected() -> None:
    assert about(ready_world().http(HEALTH, status=404), HEALTH) == [("fail", "unexpected-status")]


def test_refusals_are_those_that_the_gate_names() -> None:
    entry = {
        "name": "a",
        "request": {"path": "/a", "headers": {"X-Token": "t"}},
        "authentication": "x-token",
        "refused_with": [302, 503],
    }
    world = asking(ready_made=[entry]).http("a: as written")
    name = "a: without authentication"
    assert about(world.http(name, status=302), name) == [("pass", None)]
    assert about(world.http(name, status=503), name) == [("pass", None)]
    assert about(world.http(name, status=401), name) == [("fail", "open-to-anyone")]


def test_a_probe_without_a_status_judges_faults_only() -> None:
    world = asking(probes=[{"name": "a", "request": {"path": "/"}, "expect": {"no_credentials": True}}])
    assert statuses(probed(world.http("a", status=404))) == {"pass"}
    assert causes(probed(world.http("a", status=500))) == {"server-error"}


def test_headers_json_and_credentials() -> None:
    header = {"name": "Content-Type", "expected": "application/json", "found": "text/html"}
    place = {"at": "/status", "expected": '"ok"', "found": '"degraded"'}
    leak = {"kind": "secret-access-key", "place": "line 1, column 9"}
    world = ready_world().http(HEALTH, unexpected_headers=[header], unexpected_json=[place, place], credentials=[leak])
    found = {one.cause: one.finding for one in probed(world) if one.cause}
    assert set(found) == {"unexpected-header", "unexpected-json", "credentials-in-answer"}
    assert "the header Content-Type is text/html" in found["unexpected-header"].message
    assert (
        'the JSON answer at /status is "degraded", "ok" was expected (and 1 more)' in found["unexpected-json"].message
    )
    assert "secret-access-key at line 1, column 9" in found["credentials-in-answer"].message


def test_a_leak_is_told_beside_the_status() -> None:
    leak = {"kind": "smtp-password", "place": "line 1, column 1"}
    world = ready_world().http(OTHER_BUSINESS, status=500, credentials=[leak])
    assert {cause for _, cause in about(world, OTHER_BUSINESS)} == {"server-error", "credentials-in-answer"}


def test_a_certificate_that_does_not_hold() -> None:
    world = ready_world().http(HEALTH, certificate="has expired")
    assert about(world, HEALTH) == [("fail", "tls-invalid")]
    assert about(ready_world().http(AS_WRITTEN, certificate="has expired"), OTHER_BUSINESS) == [("skip", "absent")]


def test_plain_http_is_told_once() -> None:
    world = ready_world().http(HEALTH, transport="http").http(OTHER_BUSINESS, transport="http")
    assert [(one.subject, one.cause) for one in probed(world) if one.cause] == [(HEALTH, "not-https")]


@pytest.mark.parametrize("kind", [FailureKind.UNREACHABLE, FailureKind.TIMEOUT])
def test_an_api_that_does_not_answer(kind: FailureKind) -> None:
    assert about(ready_world().http_fails(HEALTH, kind), HEALTH) == [("error", "not-seen")]


def test_offline() -> None:
    assert {(one.status.value, one.cause) for one in probed(ready_world().offline())} == {("skip", "offline")}


def test_an_answer_that_is_longer_than_what_is_read_is_no_pass() -> None:
    world = ready_world().http(HEALTH, whole=False, bytes=2_097_152, json=False)
    [judged] = [one for one in probed(world) if one.subject == HEALTH]
    assert judged.status.value == "error"
    assert "longer than the 2,097,152 bytes" in judged.finding.message
