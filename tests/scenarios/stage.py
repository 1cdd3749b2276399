"""A stage for scenarios: the embedded account on loopback, and the command line that asks it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from sesgate.sandbox import Sandbox
from tests.report.schema import validate_report

from .inside import run_inside

LONGEST = 50.0
"""Seconds that a scenario may take; a hang is a failure."""


@dataclass(frozen=True)
class Done:
    """What a run of the command line left behind."""

    code: int
    out: str
    err: str
    seconds: float

    @cached_property
    def report(self) -> dict[str, Any]:
        """The JSON report on stdout, valid by its schema."""
        document: dict[str, Any] = json.loads(self.out)
        validate_report(document)
        return document

    def statuses(self, check: str | None = None) -> set[str]:
        """The statuses of one check's findings, or of all."""
        return {one["status"] for one in self.report["findings"] if check in (None, one["check"])}

    def messages(self, status: str) -> list[str]:
        """The messages of all findings with a status."""
        return [one["message"] for one in self.report["findings"] if one["status"] == status]


@dataclass
class Stage:
    """A sandbox, a folder with its gate, and the environment in which the command line runs."""

    sandbox: Sandbox
    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SESGATE_"))}
        self.environ = {**clean, **self.sandbox.environ(), "COLUMNS": "100", "CI": "true"}
        self.sandbox.write_gate(self.folder)

    @property
    def gate(self) -> Path:
        return self.folder / "gate.yaml"

    def run(self, *arguments: str, environ: Mapping[str, str | None] | None = None, stdin: str | None = None) -> Done:
        """Runs sesgate in the folder. A variable given as None is taken out of the environment."""
        began = time.monotonic()
        code, out, err = run_inside(arguments, self.folder, self._environment(environ), stdin)
        return _judged(Done(code, out, err, time.monotonic() - began))

    def process(self, *arguments: str, environ: Mapping[str, str | None] | None = None) -> Done:
        """The same in a process of its own, for what a process alone can show: how it starts, and how it ends."""
        began = time.monotonic()
        process = self.start(*arguments, environ=environ)
        out, err = process.communicate(timeout=LONGEST)
        return _judged(Done(process.returncode, out, err, time.monotonic() - began))

    def check(self, *arguments: str, environ: Mapping[str, str | None] | None = None) -> Done:
        """Runs the gate, with the JSON report on stdout."""
        return self.run("check", "--format", "json", *arguments, environ=environ)

    def start(self, *arguments: str, environ: Mapping[str, str | None] | None = None) -> "subprocess.Popen[str]":
        """Starts sesgate and does not wait."""
        return subprocess.Popen(
            [sys.executable, "-m", "sesgate", *arguments],
            cwd=self.folder,
            env=self._environment(environ),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def interrupt_when_asked(self, process: "subprocess.Popen[str]", number: signal.Signals) -> Done:
        """Sends a signal as soon as the account was asked something."""
        began = time.monotonic()
        while not self.sandbox.log.calls and time.monotonic() - began < LONGEST:
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(number)
        out, err = process.communicate(timeout=LONGEST)
        return Done(process.returncode, out, err, time.monotonic() - began)

    def _environment(self, changes: Mapping[str, str | None] | None) -> dict[str, str]:
        merged = {**self.environ, **(changes or {})}
        return {name: value for name, value in merged.items() if value is not None}


def _judged(done: Done) -> Done:
    assert "Traceback" not in done.err + done.out, done.err
    return done
