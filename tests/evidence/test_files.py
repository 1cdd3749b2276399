"""The source of local files: within bounds, without hanging, and never with the file's text."""

import os
from pathlib import Path
from typing import Any

import pytest

from sesgate.evidence import Answer, Evidence, FailureKind, Question
from sesgate.evidence import files as module
from sesgate.evidence.files import FileSource
from sesgate.evidence.offline import OfflineSource


def ask(folder: Path, path: str, reader: str = "length") -> Answer:
    evidence = Evidence({"file": FileSource(folder, {"length": len, "text": str, "broken": _broken})})
    return evidence.ask(Question.file(reader, path))


def _broken(_text: str) -> Any:
    raise KeyError("a secret")


def failure(answer: Answer) -> str:
    assert answer.failure is not None
    assert answer.value is None
    return answer.failure.message


def test_a_reader_takes_what_it_wants(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("héllo", "utf-8")
    assert ask(tmp_path, "a.json").read() == 5


def test_paths_start_at_the_folder(tmp_path: Path) -> None:
    (tmp_path / "gate").mkdir()
    (tmp_path / "a.json").write_text("x", "utf-8")
    assert ask(tmp_path / "gate", "../a.json").read() == 1
    assert ask(tmp_path / "gate", str(tmp_path / "a.json")).read() == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_windows_writes_is_read(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a").write_text("{é}", encoding)
    assert ask(tmp_path, "a", "text").read() == "{é}"


def test_no_such_file_is_an_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    assert ask(tmp_path, "missing").read() is None
    assert ask(tmp_path, "file/below").read() is None


def test_a_folder_a_pipe_and_a_device_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "directory" in failure(ask(tmp_path, "."))
    assert "not a regular file" in failure(ask(tmp_path, "pipe"))
    assert "not a regular file" in failure(ask(tmp_path, "/dev/zero"))


def test_what_is_no_path_no_text_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "can't be read" in failure(ask(tmp_path, "a\0b"))
    assert "can't be read" in failure(ask(tmp_path, "a" * 5000))
    (tmp_path / "binary").write_bytes(b"ab\xff")
    assert "not UTF-8 at byte 2" in failure(ask(tmp_path, "binary"))
    monkeypatch.setattr(module, "LARGEST", 2)
    (tmp_path / "large").write_text("abc", "utf-8")
    assert "larger than" in failure(ask(tmp_path, "large"))


def test_a_reader_that_fails_does_not_tell_what_it_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x", "utf-8")
    assert "secret" not in failure(ask(tmp_path, "a", "broken"))
    assert "nothing here reads" in failure(ask(tmp_path, "a", "unknown"))


def test_offline_refuses_everything() -> None:
    evidence = Evidence({"aws": OfflineSource()})
    answer = evidence.ask(Question.aws("eu-west-1", "iam", "GetRole"))
    assert answer.failure is not None
    assert answer.failure.kind is FailureKind.OFFLINE
