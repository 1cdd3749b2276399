"""Makes anew what is generated from the embedded account: the ready account's recording, the picture of the README, and
the reports that golden files are rendered from. `make golden`."""

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sesgate.clock import FixedClock
from sesgate.commands.replay import recorded_setting
from sesgate.connect import (
    client_source,
    contract_source,
    environment_source,
    file_source,
    history_source,
    http_source,
    resolver_places,
)
from sesgate.context import Place
from sesgate.evidence import Evidence, Source
from sesgate.evidence.aws import AwsSource
from sesgate.evidence.dns import DnsSource
from sesgate.evidence.recording import Recording
from sesgate.gate import load_gate
from sesgate.plan import Selection, plan
from sesgate.registry import load
from sesgate.report.model import Report
from sesgate.run import Run, Setting, audit, identify
from sesgate.sandbox import Document, Sandbox, evening_before, ready
from sesgate.sending.source import Run as Acting
from sesgate.sending.source import SendingSource
from sesgate.testing import MOMENT

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
RECORDING = ROOT / "src" / "sesgate" / "data" / "ready-recording.json"
REPORTS = ROOT / "tests" / "report" / "golden" / "accounts"
PICTURE = ROOT / "docs" / "report.svg"
SHOWN_RESOLVER = "127.0.0.1:5353"
SHOWN_ENDPOINT = "http://127.0.0.1:4566"


@contextmanager
def _environment(changes: Mapping[str, str]) -> "Iterator[None]":
    before = dict(os.environ)
    os.environ.update(changes)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def run_at_moment(document: Document, spoil: Callable[[Sandbox], None] = lambda _: None) -> Run:
    """One run with --send against a sandbox, as if at the moment of test worlds, and with fixed ports.

    `spoil` puts faults into the sandbox before it is asked.
    """
    clock = FixedClock(MOMENT)
    with (
        Sandbox(document, now=MOMENT) as sandbox,
        _environment(sandbox.environ()),
        tempfile.TemporaryDirectory() as folder,
    ):
        spoil(sandbox)
        served = load_gate(sandbox.write_gate(Path(folder)), {})
        loaded = load_gate("-", {}, re.sub(r"127\.0\.0\.1:\d+", SHOWN_RESOLVER, sandbox.gate_text()))
        registry = load()
        api = http_source(served, send=True)
        files = file_source(Path(folder))
        contract = contract_source(served, files, offline=False)
        assert api is not None
        assert contract is not None
        aws = AwsSource()
        sending = SendingSource(aws, clock, Path(folder), longest=30, nonces=_nonce)
        sources: dict[str, Source] = {
            "aws": aws,
            "sending": sending,
            "dns": DnsSource(resolver_places([sandbox.dns_address])),
            "http": api,
            "contract": contract,
            "file": files,
            "environment": environment_source(loaded.gate, loaded.gate.aws.region, {}, files, aws),
            "clients": client_source(Path(folder)),
            "git": history_source(loaded),
        }
        evidence = Evidence(sources, clock=clock)
        region = loaded.gate.aws.region
        account, caller = identify(evidence, region, loaded.gate.aws.account)
        setting = Setting(
            loaded=loaded,
            registry=registry,
            plan=plan(registry, loaded.gate, Selection(send=True)),
            place=Place(region, account, caller, send=True),
            evidence=evidence,
            clock=clock,
            endpoint=SHOWN_ENDPOINT,
            command={"only": [], "skip": [], "offline": False},
        )
        sending.run = Acting(region, account, caller)
        try:
            return audit(setting, deadline=time.monotonic() + 60)
        finally:
            assert sending.close() == []


def comparable(text: str) -> str:
    """A recording with nothing in it that differs from one run to the next.

    It holds what acting learned, and yet is the world of a run that only reads: a test that acts says so.
    """
    return _timeless(text).replace('"send": true', '"send": false')


def _timeless(text: str) -> str:
    return re.sub(r'"seconds": [0-9.]+', '"seconds": 0.001', text)


def _refuse(sandbox: Sandbox) -> None:
    sandbox.faults.aws.deny()
    sandbox.faults.dns.servfail()


ACCOUNTS: dict[str, Callable[[], Run]] = {
    "ready": lambda: run_at_moment(ready()),
    "evening-before": lambda: run_at_moment(evening_before()),
    "refused": lambda: run_at_moment(ready(), _refuse),
}
"""The embedded account as it should be, on the evening before, and where neither AWS nor the DNS answers."""


def account_report(name: str) -> Report:
    """The report of one of the accounts, from a recording that differs in nothing from one run to the next."""
    recording = Recording.from_json(_timeless(ACCOUNTS[name]().recording.to_json()))
    setting = replace(recorded_setting(load(), recording), replayed=False)
    return replace(audit(setting, deadline=float("inf")).report, duration_seconds=1.0)


def _nonce(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:10]


def main() -> None:
    """Writes the recording, the picture and the reports."""
    from sesgate.report.forms.text import picture

    text = run_at_moment(ready()).recording.to_json()
    RECORDING.write_text(comparable(text), "utf-8")
    PICTURE.write_text(picture(run_at_moment(evening_before()).report, 100), "utf-8")
    for name in ACCOUNTS:
        REPORTS.joinpath(f"{name}.json").write_text(account_report(name).to_json(), "utf-8")


if __name__ == "__main__":
    main()
