"""What a shell is told when it asks what could come next."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .inside import run_inside


def completed(shell: str, line: str, folder: Path) -> str:
    words = line.split(" ")
    asked = {
        "_SESGATE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1],
    }
    _code, out, err = run_inside((), folder, {**os.environ, **asked}, None)
    assert "Traceback" not in err
    return out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_shell_is_told_the_checks(shell: str, tmp_path: Path) -> None:
    told = completed(shell, "sesgate explain ident", tmp_path)
    assert "identity-verified" in told
    assert "identity-policies" in told
    assert "dkim" not in told


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("sesgate explain dkim#cname-d", "dkim#cname-doubled"),
        ("sesgate check --only spf,mail", "spf,mail-from"),
        ("sesgate check --format js", "json"),
        ("sesgate repairs --format cl", "cloudformation"),
        ("sesgate waive prod", "production-access"),
        ("sesgate wai", "wait"),
        ("sesgate check --fail-on war", "warning"),
        ("sesgate check --color al", "always"),
        ("sesgate check --report ht", "html"),
    ],
)
def test_what_could_come_next(line: str, wanted: str, tmp_path: Path) -> None:
    assert wanted in completed("zsh", line, tmp_path)


IN_BASH = """
eval "$(sesgate --show-completion)"
COMP_WORDS=({line}) COMP_CWORD={word} COMPREPLY=()
_sesgate_completion sesgate
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("sesgate check --only spf,mail", "spf,mail-from"),
        ("sesgate explain dkim#cname-d", "dkim#cname-doubled"),
        ("sesgate check ga", "gate.yaml"),
        ("sesgate check folder/", "folder/other.yml"),
    ],
)
def test_bash_itself_completes(tmp_path: Path, line: str, wanted: str) -> None:
    (tmp_path / "gate.yaml").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "other.yml").touch()
    (tmp_path / "folder" / "notes.txt").touch()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    told = subprocess.run(
        ["bash", "--norc", "-c", IN_BASH.format(line=line, word=line.count(" "))],
        env={**os.environ, "PATH": path, "SHELL": "bash"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert wanted in told.stdout.split()
    assert "notes.txt" not in told.stdout


@pytest.mark.skipif(shutil.which("fish") is None, reason="no fish here")
@pytest.mark.parametrize(
    ("line", "wanted"),
    [("sesgate check --only dkim,sp", "dkim,spf"), ("sesgate explain dkim#cname-d", "cname-doubled")],
)
def test_fish_itself_completes(tmp_path: Path, line: str, wanted: str) -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    told = subprocess.run(
        ["fish", "--no-config", "-c", 'sesgate --show-completion | source; complete -C "$LINE"'],
        env={**os.environ, "PATH": path, "SHELL": "fish", "LINE": line, "HOME": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert wanted in told.stdout


def test_nothing_is_made_up(tmp_path: Path) -> None:
    assert completed("bash", "sesgate explain nothing#", tmp_path).strip() == ""


def test_gate_files_and_the_folders_on_the_way_are_completed(tmp_path: Path) -> None:
    (tmp_path / "gates").mkdir()
    for name in ("gates/a.yaml", "gates/b.yml", "gates/notes.txt", "gates/.hidden.yaml"):
        (tmp_path / name).write_text("", "utf-8")
    assert f"{tmp_path}/gates/" in completed("zsh", f"sesgate check {tmp_path}/ga", tmp_path)
    told = completed("zsh", f"sesgate check {tmp_path}/gates/a.yaml {tmp_path}/gates/", tmp_path)
    assert "a.yaml" in told
    assert "b.yml" in told
    assert "notes.txt" not in told
    assert "hidden" not in told
