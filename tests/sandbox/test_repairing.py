"""Mistakes of a running sandbox are taken back one by one, and what else happened in it stays."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.sandbox import Sandbox
from sesgate.sandbox.account import Account
from sesgate.sandbox.documents import DOMAIN, MAIL_FROM, REGION, TOPIC_ARN
from sesgate.sandbox.merging import merge
from sesgate.sandbox.mistakes import MISTAKES
from sesgate.sandbox.repairing import Repairing, served, told_of
from sesgate.sandbox.requests import PREFIX, RepairRequests

LONGEST = 20.0
PLAIN = st.recursive(
    st.integers(0, 3), lambda inner: st.dictionaries(st.sampled_from("abc"), inner) | st.lists(inner, max_size=3)
)


@pytest.mark.parametrize(
    ("live", "before", "after", "expected"),
    [
        ({"a": 1, "own": 2}, {"a": 1}, {"a": 3}, {"a": 3, "own": 2}),
        ({"a": 1, "own": 2}, {"a": 1}, {}, {"own": 2}),
        ({"own": 2}, {"a": 1}, {"a": 3}, {"own": 2, "a": 3}),
        ({"b": 1}, {"a": 1, "b": 1}, {"a": 1, "b": 2}, {"b": 2}),
        ({"a": {"b": 1, "own": 2}}, {"a": {"b": 1}}, {"a": {"b": 4}}, {"a": {"b": 4, "own": 2}}),
        ([1, 2, "own"], [1, 2], [1], [1, "own"]),
        ([1, "own"], [1], [1, 2], [1, "own", 2]),
        ([{"a": 1}, "own"], [{"a": 1}], [{"a": 2}], [{"a": 2}, "own"]),
        ("a", "a", "b", "b"),
        ("own", "a", "a", "own"),
    ],
)
def test_a_step_leaves_what_it_is_not_about(live: Any, before: Any, after: Any, expected: Any) -> None:
    assert merge(live, before, after) == expected


@given(PLAIN, PLAIN)
def test_a_step_of_the_state_itself_is_the_next_state(before: Any, after: Any) -> None:
    assert merge(json.loads(json.dumps(before)), before, after) == after


class Bench:
    """A served sandbox in a folder, and what it told meanwhile."""

    def __init__(self, folder: Path) -> None:
        left = {name: told_of(name) for name in MISTAKES}
        self.folder = folder
        self.told: list[str] = []
        self.sandbox = Sandbox(served(left))
        self.sandbox.write_gate(folder)
        self.repairing = Repairing(self.sandbox, folder, left, look_after=0.2, tell=self.told.append)

    def wait_for_looks(self, count: int) -> None:
        began = time.monotonic()
        while len(self.told) < count and time.monotonic() - began < LONGEST:
            time.sleep(0.02)
        assert len(self.told) == count

    @property
    def identity(self) -> dict[str, Any]:
        found: dict[str, Any] = self.sandbox.account.region(REGION)["ses"]["identities"][DOMAIN]
        return found


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    with made.sandbox:
        yield made
        made.repairing.close()


def test_all_repairs_make_the_ready_account(bench: Bench) -> None:
    for name in MISTAKES:
        assert bench.repairing.repair(name), name
    bench.wait_for_looks(1)
    assert bench.repairing.left == {}
    ready = served({})
    expected = Account(ready.account, now=bench.sandbox.account.now).document
    assert bench.sandbox.serial(DOMAIN) > 2026112401
    bench.identity["VerificationInfo"] = expected["regions"][REGION]["ses"]["identities"][DOMAIN]["VerificationInfo"]
    bench.sandbox.zone[DOMAIN]["SOA"] = ready.zone[DOMAIN]["SOA"]
    assert bench.sandbox.account.document == expected
    assert bench.sandbox.zone == ready.zone
    assert bench.sandbox.api == ready.api
    written = {name: (bench.folder / name).read_text("utf-8") for name in ready.files}
    assert written == ready.files
    assert (bench.folder / "gate.yaml").read_text("utf-8") == bench.sandbox.filled(ready.gate)


def test_records_appear_at_once_and_ses_looks_later(bench: Bench) -> None:
    [in_zone, look] = bench.repairing.repair("dkim")
    token = bench.identity["DkimAttributes"]["Tokens"][2]
    assert "its serial is now 2026112402" in in_zone
    assert look == "SES looks again in 0.2 s"
    assert bench.sandbox.zone[f"{token}._domainkey.{DOMAIN}"]["CNAME"] == f"{token}.dkim.amazonses.com"
    assert bench.identity["DkimAttributes"]["Status"] == "PENDING"
    bench.wait_for_looks(1)
    assert bench.identity["DkimAttributes"]["Status"] == "SUCCESS"
    seen = bench.identity["VerificationInfo"]
    assert seen["SOARecord"]["SerialNumber"] == 2026112402
    assert "ErrorType" not in seen
    assert f"{bench.sandbox.account.now:%Y-%m-%dT%H:%M:%SZ}" <= seen["LastSuccessTimestamp"]


def test_other_mistakes_and_what_a_run_made_stay(bench: Bench) -> None:
    subscriptions = bench.sandbox.account.region(REGION)["sns"]["topics"][TOPIC_ARN]["Subscriptions"]
    subscriptions.append({"SubscriptionArn": "arn:of:a:run", "Protocol": "sqs", "Endpoint": "arn:of:its:queue"})
    bench.repairing.repair("subscription")
    listed = bench.sandbox.account.region(REGION)["sns"]["topics"][TOPIC_ARN]["Subscriptions"]
    assert [one["Protocol"] for one in listed] == ["sqs", "sqs"]
    assert listed[1]["SubscriptionArn"] == "arn:of:a:run"
    assert "TXT" not in bench.sandbox.zone[MAIL_FROM]
    assert "subscription" not in bench.repairing.left
    assert "topic-policy" in bench.repairing.left


def test_a_repair_is_made_once(bench: Bench) -> None:
    assert bench.repairing.repair("dmarc")
    assert bench.repairing.repair("dmarc") == []


def test_a_file_that_was_changed_meanwhile_is_left_alone(bench: Bench) -> None:
    gate = bench.folder / "gate.yaml"
    gate.write_text(f"{gate.read_text('utf-8')}# mine\n", "utf-8")
    assert bench.repairing.repair("agreement") == ["left gate.yaml alone: it was changed meanwhile"]
    assert gate.read_text("utf-8").endswith("# mine\n")


def test_a_file_that_was_deleted_meanwhile_is_told(bench: Bench) -> None:
    (bench.folder / "worker.env").unlink()
    [told] = bench.repairing.repair("worker-region")
    assert told.startswith("left worker.env alone")


def ask(bench: Bench, method: str, path: str, **headers: str) -> tuple[int, dict[str, Any]]:
    url = f"{bench.sandbox.endpoint_url}{path}"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, method=method, headers=named)  # noqa: S310 - loopback
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.loads(refused.read())


@pytest.fixture
def asked(bench: Bench) -> Bench:
    """A bench that takes requests."""
    bench.sandbox.serve_beside(PREFIX, RepairRequests(bench.repairing, bench.sandbox.http_port).answer)
    return bench


def test_a_request_repairs(asked: Bench) -> None:
    status, told = ask(asked, "POST", "/_demo/repair/dmarc")
    assert (status, list(told["repaired"])) == (200, ["dmarc"])
    assert "dmarc" not in told["left"]
    assert ask(asked, "POST", "/_demo/repair/dmarc")[1]["repaired"] == {}
    status, told = ask(asked, "POST", "/_demo/repair/all")
    assert (status, told["left"], len(told["repaired"])) == (200, {}, len(MISTAKES) - 1)


def test_a_request_tells_what_is_left(asked: Bench) -> None:
    status, told = ask(asked, "GET", "/_demo")
    assert status == 200
    assert list(told["left"]) == list(MISTAKES)
    assert told["left"]["dmarc"] == "p=none, left from the first week"


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Origin": "https://elsewhere.example"}, "browser"),
        ({"Origin": "null"}, "browser"),
        ({"Sec_Fetch_Site": "cross-site"}, "browser"),
        ({"Referer": "https://elsewhere.example/"}, "browser"),
        ({"Host": "rebound.example"}, "Host"),
        ({"Host": ""}, "Host"),
    ],
)
def test_a_page_in_a_browser_repairs_nothing(asked: Bench, headers: dict[str, str], why: str) -> None:
    status, told = ask(asked, "POST", "/_demo/repair/all", **headers)
    assert status == 403
    assert why in told["error"]
    assert len(asked.repairing.left) == len(MISTAKES)


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/_demo/repair/dkim", 405),
        ("POST", "/_demo", 405),
        ("POST", "/_demo/repair/nothing", 404),
        ("POST", "/_demo/repair", 404),
        ("GET", "/_demo/elsewhere", 404),
        ("GET", "/_demonstration", 404),
    ],
)
def test_other_requests_are_refused(asked: Bench, method: str, path: str, expected: int) -> None:
    status, _ = ask(asked, method, path)
    assert status == expected
    assert len(asked.repairing.left) == len(MISTAKES)
