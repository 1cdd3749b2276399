"""The tutorial, block by block: its files are written, its commands run, and what it says they print is printed."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from sesgate.evidence import operations
from sesgate.evidence.operation import Operation
from sesgate.testing import causes, checks_in, ready_world, run

from .stage import LONGEST, Stage

ROOT = Path(__file__).parents[2]
TUTORIAL = ROOT / "docs" / "tutorial-your-own-check.md"
_BLOCK = re.compile(r"^```(\w+)(?: title=\"([^\"]+)\")?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PIP = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--disable-pip-version-check", "--target", "site")
"""How a pack is installed here: from this machine alone, into a folder of the test."""


class Block(NamedTuple):
    """A block of the tutorial. `title` is the file that it is."""

    language: str
    title: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(*found) for found in _BLOCK.findall(page.read_text("utf-8"))]


def commands(console: str) -> Iterator[tuple[str, list[str]]]:
    """Each command with what it prints."""
    for part in re.split(r"^\$ ", console, flags=re.MULTILINE)[1:]:
        command, *printed = part.splitlines()
        yield command, printed


def pattern(printed: list[str]) -> re.Pattern[str]:
    """The lines, one below the other; `…` stands for anything on a line. Between them there may be more."""
    lines = [r"[^\n]*?".join(re.escape(piece.strip()) for piece in line.split("…")) for line in printed]
    return re.compile(".*?".join(lines), re.DOTALL)


@pytest.fixture
def desk(stage: Stage) -> Stage:
    """A folder with nothing in it, on a machine that asks the embedded account and its DNS."""
    for entry in list(stage.folder.iterdir()):
        if entry.is_file():
            entry.unlink()
    stage.environ |= {
        "SESGATE_RESOLVER": stage.sandbox.dns_address,
        "PYTHONPATH": os.pathsep.join([str(stage.folder / "site"), stage.environ.get("PYTHONPATH", "")]),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), stage.environ["PATH"]]),
        "PYTEST_ADDOPTS": "-p no:cacheprovider",
        "COLUMNS": "160",
    }
    return stage


def test_every_block_of_the_tutorial_is_true(desk: Stage) -> None:
    for block in blocks(TUTORIAL):
        if block.language == "console":
            for command, printed in commands(block.text):
                said = _run(desk, command)
                assert pattern(printed).search(said), f"{command}\n{said}"
        else:
            assert block.title, block.text
            file = desk.folder / block.title
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(block.text, "utf-8")
    _published_it_can_fail(desk)


def _published_it_can_fail(desk: Stage) -> None:
    """What the tutorial says of a recording in which the check passes."""
    desk.sandbox.zone["_mta-sts.yourdomain.com"] = {"TXT": ["v=STSv1; id=1"]}
    _run(desk, "sesgate check strict.yaml --only mta-sts --record evidence.json")
    assert "1 of 1 checks turned red" in _run(desk, "sesgate selftest evidence.json")


def test_every_block_is_a_file_or_commands() -> None:
    found = blocks(TUTORIAL)
    assert len(found) == TUTORIAL.read_text("utf-8").count("\n```") / 2
    assert {block.language for block in found if not block.title} == {"console"}
    assert all(list(commands(block.text)) for block in found if block.language == "console")


def test_the_check_of_contributing_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its module loads, and its test holds, with the entry in the table of reads that the text asks for."""
    read = Operation(
        "sesv2", "GetDedicatedIps", "ses:GetDedicatedIps", ("DedicatedIps.Ip", "DedicatedIps.WarmupStatus")
    )
    monkeypatch.setitem(operations.OPERATIONS, ("sesv2", "GetDedicatedIps"), read)
    python = [block.text for block in blocks(ROOT / "CONTRIBUTING.md") if block.language == "python"]
    module, test = python
    (tmp_path / "dedicated_ips.py").write_text(module, "utf-8")
    registry = checks_in(tmp_path)
    names = {
        "ready_world": ready_world,
        "causes": causes,
        "run": lambda name, world: run(name, world, registry=registry),
    }
    exec(compile(test, "CONTRIBUTING.md", "exec"), names)  # noqa: S102 - it is our own text
    claim = names["test_a_cold_address_is_told"]
    assert callable(claim)
    claim()


def _run(desk: Stage, command: str) -> str:
    """What a command prints. It may end with a verdict, and never with a fault.

    A pack that was installed meanwhile is found by processes alone.
    """
    words = shlex.split(command)
    if words[:4] == ["python", "-m", "pip", "install"]:
        words[4:4] = _PIP
    if words[0] == "sesgate" and not (desk.folder / "site").exists():
        done_inside = desk.run(*words[1:])
        assert done_inside.code in (0, 1), f"{command}\n{done_inside.out}\n{done_inside.err}"
        return done_inside.out + done_inside.err
    program = [sys.executable, *words[1:]] if words[0] == "python" else words
    done = subprocess.run(
        program, cwd=desk.folder, env=desk.environ, capture_output=True, text=True, timeout=LONGEST, check=False
    )
    assert done.returncode in (0, 1), f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr
