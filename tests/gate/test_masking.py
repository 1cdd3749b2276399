"""Secrets that stand in a gate itself are neither recorded nor told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.gate import GateError, LoadedGate, load_gate
from sesgate.gate.masking import masked

PLANTED = "pl4nted-S3cret"
HEADER = ("api", "probes", 0, "request", "headers", "Authorization")
RULE = ("services", 0, "variables", "DB_PASSWORD", "equals")
GATE = """\
version: 1
name: A 🚪 gate
aws: {region: eu-west-1}
senders: [{address: a@yourdomain.com}]
services:
  - name: api
    source: process
    variables:
      API_TOKEN: {equals: pl4nted-S3cret, matches: "pl4nted-.*"}
      NODE_ENV: {equals: production}
      CODE: {secret: true, one_of: [pl4nted-S3cret, "${CODE:-pl4nted-S3cret}"], default: 'pl4nted-S3cret'}
api:
  base_url: ${API_URL:-https://api.yourdomain.com}
  probes:
    - name: a probe
      request:
        path: /v1?key=${API_KEY:-pl4nted-S3cret}
        headers:
          Authorization: &bearer Bearer
            pl4nted-S3cret
          Cookie: "session=pl4nted-S3cret; lang=${LANG_WANTED:-en}"
          X-Api-Key: "${API_KEY:-pl4nted-S3cret}"
          X-Business-Id: b-1001
          X-Auth-Token: *bearer
        query: {access_token: pl4nted-S3cret, page: 2}
        body: {login: {password: pl4nted-S3cret, name: demo, token: null}}
      expect:
        status: 200
        headers: {Cache-Control: no-store}
      writes: true
  contract:
    headers:
      Authorization: >-
        Bearer
        pl4nted-S3cret
    baseline: b.json
    live: /o.json
"""


def loaded(text: str, environ: dict[str, str] | None = None) -> LoadedGate:
    return load_gate(Path("gate.yaml"), environ or {}, text, stand_in=True)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_what_stands_in_the_file_is_not_recorded(newline: str, mark: str) -> None:
    gate = loaded(mark + GATE.replace("\n", newline))
    recorded = gate.recordable
    assert "pl4nted" not in recorded
    for kept in (
        "🚪",
        "b-1001",
        "production",
        "no-store",
        "https://api.yourdomain.com",
        "page: 2",
        "name: demo",
    ):
        assert kept in recorded
    again = loaded(recorded)
    assert recorded.count("\n") == gate.text.count("\n")
    assert again.gate.api is not None
    assert again.locate("api", "contract") == gate.locate("api", "contract")
    assert again.recordable == recorded


def test_what_a_request_is_called_by_holds_no_secret_either() -> None:
    gate = loaded(GATE)
    assert gate.gate.api is not None
    assert PLANTED not in str(gate.gate.api.probes[0].written)
    assert PLANTED in gate.gate.api.probes[0].request.headers["Authorization"]
    assert PLANTED in gate.secrets


def test_a_secret_in_the_file_is_not_told_when_it_is_wrong() -> None:
    with pytest.raises(GateError) as caught:
        loaded(GATE.replace('matches: "pl4nted-.*"', 'matches: "(pl4nted-.*"'))
    assert "pl4nted" not in str(caught.value)
    assert "(not shown)" in str(caught.value)


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        (HEADER, "Bearer ${API_TOKEN}", "Bearer ${API_TOKEN}"),
        (HEADER, "Bearer ${API_TOKEN:-demo}", "Bearer ${API_TOKEN}"),
        (HEADER, "Bearer ${API_TOKEN:?ask ops}", "Bearer ${API_TOKEN:?ask ops}"),
        (HEADER, "${SCHEME:-Bearer} abc", "(not shown)"),
        (HEADER, "abc", "(not shown)"),
        (HEADER, "", ""),
        ((*HEADER[:-1], "Accept"), "application/json", "application/json"),
        (("api", "base_url"), "${URL:-https://a.b}", "${URL:-https://a.b}"),
        (("api", "probes", 0, "name"), "${API_KEY:-demo}", "${API_KEY}"),
        (RULE, "correct horse", "(not shown)"),
        (RULE, "${DB_PASSWORD}", "${DB_PASSWORD}"),
        ((*RULE[:-1], "is"), "postgres_url", "postgres_url"),
    ],
)
def test_what_is_told(path: tuple[str | int, ...], text: str, told: str) -> None:
    assert masked(text, path) == told


@given(st.text(alphabet="ab12 =;:.${}()-", max_size=40))
def test_masking_again_masks_nothing_more(text: str) -> None:
    once = masked(text, HEADER)
    assert masked(once, HEADER) == once
