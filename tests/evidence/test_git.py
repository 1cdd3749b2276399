"""The source of the gate file's history: real repositories, and what must not be believed or run."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sesgate.connect import history_source
from sesgate.evidence import Evidence
from sesgate.evidence.git import GateFile, GitSource
from sesgate.gate import load_gate

GATE = """version: 1
aws: {region: eu-west-1}
senders: [{address: a@b.org}]
attestations:
  - id: first
    statement: One.
    signed_by: x@b.org
  - id: second
    statement: Two.
    signed_by: y@b.org
"""


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def git(folder: Path, *arguments: str, when: str = "2026-03-01T10:00:00Z") -> str:
    environ = {**os.environ, "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when}
    told = ("-c", "user.name=x", "-c", "user.email=x@b.org")
    done = subprocess.run(["git", *told, *arguments], cwd=folder, env=environ, capture_output=True, check=True)
    return done.stdout.decode().strip()


def committed(folder: Path, text: str = GATE, name: str = "gate.yaml", when: str = "2026-03-01T10:00:00Z") -> str:
    """The commit of a gate in a repository."""
    folder.mkdir(exist_ok=True)
    if not (folder / ".git").exists():
        git(folder, "init", "-q")
    (folder / name).write_text(text)
    git(folder, "--literal-pathspecs", "add", "--", name)
    git(folder, "commit", "-q", "-m", "x", when=when)
    return git(folder, "rev-parse", "HEAD")


def asked(path: Path) -> Any:
    from sesgate.attestations import HISTORY

    return Evidence({"git": history_source(load_gate(path, {}))}).ask(HISTORY).read()


def test_each_attestation_has_the_commit_that_last_touched_its_lines(tmp_path: Path) -> None:
    first = committed(tmp_path)
    second = committed(tmp_path, GATE.replace("Two.", "Two, and more."), when="2026-04-01T10:00:00Z")
    assert asked(tmp_path / "gate.yaml") == {
        "first": {"commit": first, "at": "2026-03-01T10:00:00Z"},
        "second": {"commit": second, "at": "2026-04-01T10:00:00Z"},
    }


def test_lines_that_moved_are_found_and_changed_ones_are_not_committed(tmp_path: Path) -> None:
    first = committed(tmp_path)
    (tmp_path / "gate.yaml").write_text("# moved\n" + GATE.replace("Two.", "Three."))
    answer = asked(tmp_path / "gate.yaml")
    assert answer["first"]["commit"] == first
    assert answer["second"]["commit"] == ""


def test_line_ends_of_windows_make_no_difference(tmp_path: Path) -> None:
    first = committed(tmp_path)
    (tmp_path / "gate.yaml").write_bytes(GATE.replace("\n", "\r\n").encode())
    assert asked(tmp_path / "gate.yaml")["first"]["commit"] == first


def test_where_there_is_no_history_there_is_no_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gate.yaml").write_text(GATE)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert asked(tmp_path / "gate.yaml") is None
    git(tmp_path, "init", "-q")
    assert asked(tmp_path / "gate.yaml") is None
    monkeypatch.setenv("PATH", "")
    assert asked(tmp_path / "gate.yaml") is None


def test_a_gate_without_a_file_has_no_history() -> None:
    from sesgate.attestations import HISTORY

    loaded = load_gate("-", {}, GATE)
    assert Evidence({"git": history_source(loaded)}).ask(HISTORY).read() is None


def test_a_history_that_was_cut_off_is_not_believed(tmp_path: Path) -> None:
    committed(tmp_path / "whole")
    committed(tmp_path / "whole", GATE + "# more\n")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{tmp_path}/whole", "cut")
    assert asked(tmp_path / "cut" / "gate.yaml") is None


@pytest.mark.parametrize("name", ["-n.yaml", "a b.yaml", "x:y.yaml", "*.yaml", ":(top)gate.yaml"])
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    first = committed(tmp_path, name=name)
    assert asked(tmp_path / name)["first"]["commit"] == first


def test_nothing_that_the_repository_names_is_run(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch '{tmp_path}/sprung'\ncat\n")
    trap.chmod(0o755)
    folder = tmp_path / "repository"
    committed(folder)
    for key in (
        *("core.fsmonitor", "core.pager", "diff.trap.textconv", "filter.trap.clean", "filter.trap.smudge"),
        *("core.sshCommand", "core.hooksPath", "core.alternateRefsCommand"),
    ):
        git(folder, "config", key, str(trap))
    (folder / ".git/info/attributes").write_text("* diff=trap filter=trap\n")
    (tmp_path / "sprung").unlink(missing_ok=True)
    assert asked(folder / "gate.yaml")["first"]["commit"]
    assert not (tmp_path / "sprung").exists()


def test_variables_of_a_hook_do_not_lead_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    committed(tmp_path / "other", "something else\n")
    first = committed(tmp_path / "mine")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    assert asked(tmp_path / "mine/gate.yaml")["first"]["commit"] == first


def test_a_git_that_hangs_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sesgate.attestations import HISTORY

    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec /bin/sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", str(slow.parent))
    monkeypatch.setattr("sesgate.evidence.git.SECONDS", 0.2)
    source = GitSource(GateFile(tmp_path / "gate.yaml", GATE, {"first": (5, 7)}))
    assert Evidence({"git": source}).ask(HISTORY).read() is None
