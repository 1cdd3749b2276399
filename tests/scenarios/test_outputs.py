"""Outputs that can't take what is written."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from .inside import run_inside
from .stage import Stage

COMMAND = Path(sys.executable).with_name("sesgate")


FULL = (74, "sesgate: the output could not be written\n")


@pytest.mark.parametrize("arguments", [("list",), ("explain", "spf"), ("schema", "gate"), ("--help",), ("--version",)])
def test_a_full_disk_is_told(arguments: tuple[str, ...], tmp_path: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        code, _out, err = run_inside(arguments, tmp_path, os.environ, None, stdout=full)
    assert (code, err) == FULL


def test_a_process_ends_so_too() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([COMMAND, "list"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == FULL


def test_a_closed_output_takes_nothing_and_breaks_nothing(stage: Stage) -> None:
    line = f"{COMMAND} check --only production-access >&-"
    done = subprocess.run(
        ["sh", "-c", line], cwd=stage.folder, env=stage.environ, stderr=subprocess.PIPE, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
