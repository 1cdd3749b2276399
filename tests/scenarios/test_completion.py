"""What a shell is told when it asks what could come next."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def completed(shell: str, line: str) -> str:
    words = line.split(" ")
    asked = {
        "_SESGATE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(words) - 1),
        "_TYPER_COMPLETE_ARGS": line,
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
        "_TYPER_COMPLETE_WORD_TO_COMPLETE": words[-1],
    }
    command = Path(sys.executable).with_name("sesgate")
    done = subprocess.run([command], env={**os.environ, **asked}, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_every_shell_is_told_the_checks(shell: str) -> None:
    told = completed(shell, "sesgate explain ident")
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
    ],
)
def test_what_could_come_next(line: str, wanted: str) -> None:
    assert wanted in completed("zsh", line)


def test_nothing_is_made_up() -> None:
    assert completed("bash", "sesgate explain nothing#").strip() == ""


def test_gate_files_and_the_folders_on_the_way_are_completed(tmp_path: Path) -> None:
    (tmp_path / "gates").mkdir()
    for name in ("gates/a.yaml", "gates/b.yml", "gates/notes.txt", "gates/.hidden.yaml"):
        (tmp_path / name).write_text("", "utf-8")
    assert f"{tmp_path}/gates/" in completed("zsh", f"sesgate check {tmp_path}/ga")
    told = completed("zsh", f"sesgate check {tmp_path}/gates/a.yaml {tmp_path}/gates/")
    assert "a.yaml" in told
    assert "b.yml" in told
    assert "notes.txt" not in told
    assert "hidden" not in told
