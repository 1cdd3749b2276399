"""Running gates live: the audits side by side, one report, one verdict."""

import hashlib
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

from msgspec.structs import replace

from sesgate.commands.live import go_live
from sesgate.commands.progress import Together
from sesgate.commands.writing import writable, write, write_reports
from sesgate.files import STDOUT

if TYPE_CHECKING:
    from sesgate.commands.asking import Request
    from sesgate.commands.live import Live
    from sesgate.commands.sealing import Sealing
    from sesgate.run import Run


def run_gates(request: "Request") -> int:
    """Runs the gates, writes what was asked for, and returns the exit code of the verdict: the worst of theirs."""
    from sesgate.evidence.recording import write_recordings
    from sesgate.report.model import RecordingRef
    from sesgate.run import whole
    from sesgate.verdict import EXIT_CODES

    if request.record:
        writable(request.record)
    sealing = _sealing(request)
    began = time.monotonic()
    runs = audit_live(go_live(request, began + request.timeout), quiet=request.outputs.quiet)
    report = whole([run.report for run in runs], time.monotonic() - began)
    text = write_recordings([run.recording for run in runs]) if request.record else ""
    if request.record:
        write(request.record, text)
        report = replace(report, recording=RecordingRef(request.record, hashlib.sha256(text.encode()).hexdigest()))
    write_reports(report, request.outputs)
    if sealing:
        sealing.seal(report, report.to_json(), text)
    return EXIT_CODES[report.verdict]


def _sealing(request: "Request") -> "Sealing | None":
    """What --seal needs, tried before the run."""
    if request.seal is None:
        return None
    from sesgate.commands.sealing import sealing

    files = [path for kind, path in request.outputs.targets if kind == "json" and path != STDOUT]
    return sealing(request.seal, files[0] if files else None, request.record)


def audit_live(gates: "list[Live]", *, quiet: bool = True) -> "list[Run]":
    """The runs of the gates, side by side."""
    from sesgate.evidence.pool import Pool
    from sesgate.run import audit

    pool, together = Pool(len(gates), "gate"), Together(len(gates), quiet=quiet)
    with ExitStack() as doors:
        for live in gates:
            doors.enter_context(live.door)
        runs = [
            pool.submit(audit, live.setting, deadline=live.deadline, progress=together.of(at))
            for at, live in enumerate(gates)
        ]
        return [run.result() for run in runs]
