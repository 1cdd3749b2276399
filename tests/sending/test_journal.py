"""The journal tells what may be there, wherever the run was cut off."""

from pathlib import Path

import pytest

from sesgate.evidence import NotSeen
from sesgate.sending.journal import Header, InUse, Journal, Thing, journals, state_folder

HEADER = Header("111122223333", "arn:aws:iam::111122223333:user/me", None, "work", "2026-11-24T06:00:00Z")
QUEUE = Thing("eu-west-1", "111122223333", "sesgate-test-send-1")
SUBSCRIPTION = Thing("eu-west-1", "111122223333", "sesgate-test-send-1", "arn:aws:sns:eu-west-1:111122223333:t")


def test_what_was_begun_and_is_not_gone_is_left(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path, "run", HEADER)
    journal.about_to_make(QUEUE)
    journal.about_to_make(SUBSCRIPTION)
    journal.gone(SUBSCRIPTION)
    journal.close()
    again = Journal.open(tmp_path / "run.jsonl")
    assert (again.header, again.left) == (HEADER, [QUEUE])
    again.gone(QUEUE)
    again.close()
    assert list(journals(tmp_path)) == []


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    Journal.begin(tmp_path / "new", "run", HEADER)
    assert (tmp_path / "new" / "run.jsonl").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_line_that_is_torn_at_the_end_was_before_any_act(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path, "run", HEADER)
    journal.about_to_make(QUEUE)
    journal.close()
    path = tmp_path / "run.jsonl"
    path.write_text(path.read_text("utf-8") + '{"make": {"region": "eu-w', "utf-8")
    assert Journal.open(path).left == [QUEUE]


@pytest.mark.parametrize("text", ["", "{}\n", "[]\n", "not JSON\n", '{"run": {}}\n', '{"run": {"account": "1"}}\n'])
def test_what_is_no_journal(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"empty|damaged|Expecting"):
        Journal.open(path)


def test_the_journal_of_a_run_that_goes_on_is_not_opened(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path, "run", HEADER)
    with pytest.raises(InUse):
        Journal.open(tmp_path / "run.jsonl")
    journal.close()


def test_without_a_journal_nothing_may_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(NotSeen, match="journal"):
        Journal.begin(tmp_path / "file" / "below", "run", HEADER)


def test_where_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert state_folder({"XDG_STATE_HOME": "/state"}) == Path("/state/sesgate/sends")
    for environ in ({}, {"XDG_STATE_HOME": ""}, {"XDG_STATE_HOME": "relative"}):
        assert state_folder(environ) == Path("/home/me/.local/state/sesgate/sends")
