"""Outputs that can't take what is written."""

import subprocess
import sys
from pathlib import Path

import pytest

from .stage import Stage

COMMAND = Path(sys.executable).with_name("sesgate")


@pytest.mark.parametrize("arguments", [("list",), ("explain", "spf"), ("schema", "gate"), ("--help",), ("--version",)])
def test_a_full_disk_is_told(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run([COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (74, "sesgate: the output could not be written\n")


def test_a_closed_output_takes_nothing_and_breaks_nothing(stage: Stage) -> None:
    line = f"{COMMAND} check --only production-access >&-"
    done = subprocess.run(
        ["sh", "-c", line], cwd=stage.folder, env=stage.environ, stderr=subprocess.PIPE, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
