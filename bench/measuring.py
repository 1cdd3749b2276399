"""Measures whole processes: wall seconds and peak memory, as the operating system tells them."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

RUNS = 7


@dataclass(frozen=True)
class Measure:
    """Medians over several runs: wall and processor seconds, peak resident MiB; the exit code of the last run."""

    wall: float
    cpu: float
    memory: float
    code: int


def measure(command: Sequence[str], *, environ: Mapping[str, str] | None = None, runs: int = RUNS) -> Measure:
    """Runs a command several times after one warm-up."""
    single = [_once(command, environ) for _ in range(runs + 1)][-max(runs, 1) :]
    return Measure(
        statistics.median(one.wall for one in single),
        statistics.median(one.cpu for one in single),
        statistics.median(one.memory for one in single),
        single[-1].code,
    )


def more_than(
    base: Sequence[str], command: Sequence[str], *, environ: Mapping[str, str] | None = None, runs: int = RUNS
) -> Measure:
    """What a command takes more than another, after one warm-up of both; the exit code is the command's.

    They run by turns and each is compared with its neighbour, so that whatever else the machine does meets both.
    """
    pairs = [(_once(base, environ), _once(command, environ)) for _ in range(runs + 1)][1:]
    return Measure(
        statistics.median(second.wall - first.wall for first, second in pairs),
        statistics.median(second.cpu - first.cpu for first, second in pairs),
        statistics.median(second.memory - first.memory for first, second in pairs),
        pairs[-1][1].code,
    )


def _once(command: Sequence[str], environ: Mapping[str, str] | None) -> Measure:
    began = time.perf_counter()
    compiled = {**(os.environ if environ is None else environ)}
    compiled.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(command, env=compiled, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    return Measure(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode)


def python(*arguments: str) -> list[str]:
    """This interpreter with arguments."""
    return [sys.executable, *arguments]


def row(name: str, value: str, bound: str, *, good: bool | None = None) -> None:
    """One line of the table."""
    mark = {None: " ", True: "+", False: "!"}[good]
    print(f"{mark} {name:<44} {value:>16}   {bound}")
