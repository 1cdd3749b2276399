"""api-contract: breaks become findings of their operation; what could not be compared or had is an error."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sesgate.connect import contract_source, file_source
from sesgate.engine import Judged
from sesgate.evidence import Answer, Evidence, FailureKind, Question
from sesgate.gate import load_gate
from sesgate.openapi import Kind
from sesgate.sandbox import ready
from sesgate.testing import World, causes, ready_world, run, statuses
from tests.evidence.http_server import deaf, saying, serving

BASELINE: dict[str, Any] = ready().api["openapi"]
QUESTION = Question.contract("openapi.baseline.json", "/openapi.json")
INVOICES = "GET /v1/invoices"
OPERATIONS = [["GET", "/v1/health"], ["GET", "/v1/invoices"]]
EVERY_CAUSE = (
    *("base-path-changed", "path-removed", "method-removed", "operation-id-changed", "parameter-removed"),
    *("parameter-required", "parameter-serialization-changed", "body-removed", "body-required", "media-type-removed"),
    *("response-removed", "response-added", "header-removed", "security-added", "security-changed"),
    *("security-removed", "property-removed", "property-required", "property-optional"),
    *("additional-properties-changed", "type-changed", "null-changed", "enum-changed", "format-changed"),
    *("limit-changed", "pattern-changed", "alternative-changed", "discriminator-changed"),
)


def broken(kind: str, **parts: Any) -> dict[str, Any]:
    """A break as the source tells it."""
    place = {"path": "/v1/invoices", "method": "GET", "side": "live", "pointer": "/paths/~1v1~1invoices/get"}
    return {"kind": kind, "message": "something is gone", "severity": "blocker", **place, **parts}


def told(*breaks: dict[str, Any]) -> World:
    """Where the documents differ in these ways."""
    return ready_world().told(QUESTION, {"operations": OPERATIONS, "breaks": list(breaks)})


def found(world: World) -> list[Judged]:
    return run("api-contract", world)


def test_a_contract_that_is_kept() -> None:
    judged = found(ready_world())
    assert statuses(judged) == {"pass"}
    assert [one.subject for one in judged] == ["GET /v1/health", INVOICES]


@pytest.mark.parametrize("kind", EVERY_CAUSE)
def test_each_kind_of_break_is_a_cause(kind: str) -> None:
    judged = found(told(broken(kind)))
    assert [(one.subject, one.cause) for one in judged if one.cause] == [(INVOICES, kind)]


def test_no_kind_is_without_a_cause() -> None:
    assert {kind.value for kind in Kind} == {*EVERY_CAUSE, "not-compared"}


def test_breaks_of_one_kind_are_one_finding_as_grave_as_the_gravest() -> None:
    one, other = broken("limit-changed", severity="warning"), broken("limit-changed", message="minimum is 3 now")
    [judged] = [each for each in found(told(one, other)) if each.cause]
    assert judged.severity.value == "blocker"
    assert judged.finding.message == "something is gone (and 1 more of the kind)"
    [judged] = [each for each in found(told(one)) if each.cause]
    assert judged.severity.value == "warning"
    assert judged.finding.found == "live /paths/~1v1~1invoices/get"


def test_a_path_that_is_gone_is_told_of_each_of_its_operations() -> None:
    judged = found(told(broken("path-removed", method=None)))
    assert [(one.subject, one.cause) for one in judged if one.cause] == [(INVOICES, "path-removed")]


def test_what_concerns_the_whole_document_has_a_subject_of_its_own() -> None:
    world = told(broken("base-path-changed", path=None, method=None), broken("path-removed", path="/x", method=None))
    subjects = {one.subject for one in found(world) if one.cause}
    assert subjects == {"openapi.baseline.json"}


def test_what_was_not_compared_is_neither_pass_nor_failure() -> None:
    [judged] = [one for one in found(told(broken("not-compared", severity="warning"))) if one.subject == INVOICES]
    assert (judged.status.value, judged.cause, judged.severity.value) == ("error", "not-seen", "warning")


def test_offline_only_files_are_compared() -> None:
    assert {(one.status.value, one.cause) for one in found(ready_world().offline())} == {("skip", "offline")}


def compared(
    folder: Path, *, offline: bool = False, url: str = "https://api.yourdomain.com", **contract: Any
) -> Answer:
    """What the source says of the contract that a gate in this folder has."""
    gate = {
        "version": 1,
        "aws": {"region": "ap-southeast-1"},
        "senders": [{"domain": "yourdomain.com"}],
        "api": {"base_url": url, "contract": {"baseline": "baseline.json", "live": "/openapi.json", **contract}},
    }
    path = folder / "gate.yaml"
    path.write_text(json.dumps(gate), "utf-8")
    loaded = load_gate(path, {})
    source = contract_source(loaded, file_source(loaded.folder), offline=offline)
    assert source is not None
    live = str(contract.get("live", "/openapi.json"))
    return Evidence({"contract": source}).ask(Question.contract("baseline.json", live))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "baseline.json").write_text(json.dumps(BASELINE), "utf-8")
    return tmp_path


def without_total() -> dict[str, Any]:
    document = copy.deepcopy(BASELINE)
    del document["components"]["schemas"]["Invoice"]["properties"]["total"]
    return document


def inlined() -> dict[str, Any]:
    """The same contract with a reference written out, and its paths in another order."""
    document = copy.deepcopy(BASELINE)
    health = document["paths"]["/v1/health"]["get"]["responses"]["200"]["content"]["application/json"]
    health["schema"] = document["components"]["schemas"].pop("Health")
    document["paths"] = dict(reversed(document["paths"].items()))
    return document


def kinds(answer: Answer) -> list[tuple[str, str]]:
    return [(each["method"], each["kind"]) for each in answer.read()["breaks"]]


@pytest.mark.parametrize(("change", "breaks"), [(without_total, ["property-removed"]), (inlined, [])])
def test_the_api_serves_it(folder: Path, change: Callable[[], Any], breaks: list[str]) -> None:
    live = json.dumps(change()).encode()
    with serving() as server:
        server.replies["/openapi.json"] = saying(live)
        answer = compared(folder, url=server.url, headers={"Authorization": "Bearer t"})
        assert b"Authorization: Bearer t" in server.requests[0]
    assert [kind for _, kind in kinds(answer)] == breaks
    assert answer.read()["operations"] == OPERATIONS


def test_two_files_need_no_network(folder: Path) -> None:
    (folder / "live.yaml").write_text(json.dumps(without_total(), indent=1), "utf-8")
    assert kinds(compared(folder, live="live.yaml", offline=True)) == [("GET", "property-removed")]


def test_yaml_is_read_with_numbers_as_keys_and_shared_parts(folder: Path) -> None:
    text = """
openapi: 3.0.3
paths:
  /v1/health:
    get:
      responses:
        200: &answer
          description: ok
          content:
            application/json:
              schema: {type: object, properties: {status: {type: string}}, required: [status]}
"""
    baseline = {"openapi": "3.0.3", "paths": {"/v1/health": BASELINE["paths"]["/v1/health"]}}
    baseline["components"] = BASELINE["components"]
    (folder / "baseline.json").write_text(json.dumps(baseline), "utf-8")
    (folder / "live.yaml").write_text(text, "utf-8")
    assert [kind for _, kind in kinds(compared(folder, live="live.yaml"))] == ["operation-id-changed"]


def test_a_url_is_not_asked_offline(folder: Path) -> None:
    failure = compared(folder, offline=True).failure
    assert failure is not None
    assert failure.kind is FailureKind.OFFLINE


def unread(answer: Answer) -> str:
    assert answer.failure is not None
    return answer.failure.message


@pytest.mark.parametrize(
    ("status", "body", "wanted"),
    [
        (404, b"{}", "the API answered 404"),
        (200, b"<html><body>Sign in</body></html>", "neither a JSON object nor a YAML mapping"),
        (200, b"\xff\xfe\xfa", "not UTF-8"),
        (200, b"{", "neither JSON nor YAML"),
        (200, b"a: [", "neither JSON nor YAML in line"),
        (200, b"[1]", "neither a JSON object nor a YAML mapping"),
        (200, b'{"swagger": "2.0"}', "the live document is Swagger 2.0"),
        (200, b"[" * 100_000, "nested too deep"),
        (200, b"a: " + b"[" * 100_000, "nested deeper than 500 levels"),
    ],
)
def test_a_live_document_that_can_not_be_had(folder: Path, status: int, body: bytes, wanted: str) -> None:
    with serving() as server:
        server.replies["/openapi.json"] = saying(body, status=status)
        assert wanted in unread(compared(folder, url=server.url))


def test_a_redirect_is_told(folder: Path) -> None:
    with serving() as server:
        server.replies["/openapi.json"] = saying(status=302, Location="/docs/openapi.json?token=s3cret")
        message = unread(compared(folder, url=server.url))
    assert "answered 302 and leads to 127.0.0.1/docs/openapi.json" in message
    assert "s3cret" not in message


def test_there_is_no_baseline(tmp_path: Path) -> None:
    assert "there is no baseline baseline.json" in unread(compared(tmp_path))


def test_a_baseline_that_can_not_be_read(folder: Path) -> None:
    (folder / "baseline.json").write_text("not: [a contract", "utf-8")
    assert "the baseline baseline.json is neither JSON nor YAML in line" in unread(compared(folder))


def test_there_is_no_live_file(folder: Path) -> None:
    assert "there is no live document build/openapi.json" in unread(compared(folder, live="build/openapi.json"))


def test_nobody_answers(folder: Path) -> None:
    with deaf() as url:
        told = unread(compared(folder, url=url))
    assert "the live document /openapi.json can't be had: nothing listens" in told


def test_a_break_of_the_demo() -> None:
    from sesgate.openapi import compare
    from sesgate.sandbox import evening_before

    assert causes(found(ready_world())) == set()
    breaks = compare(BASELINE, evening_before().api["openapi"])
    assert [each.kind.value for each in breaks] == ["property-removed"]


def test_a_baseline_without_operations_guards_nothing() -> None:
    [judged] = run("api-contract", ready_world().told(QUESTION, {"operations": [], "breaks": []}))
    assert (judged.status.value, judged.cause) == ("error", "not-seen")
