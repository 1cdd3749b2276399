"""Packs of a recorded run held against those that are here."""

import pytest

from sesgate.pack_changes import changes, missing

A, B = "sha256:aa", "sha256:bb"


@pytest.mark.parametrize(
    ("recorded", "here", "gone", "told"),
    [
        ({"builtin": "1"}, {"builtin": "1"}, [], []),
        ({"builtin": "1"}, {"builtin": "2"}, [], ["the pack builtin was 1, and is 2"]),
        ({"acme": "1"}, {"other": "1"}, ["acme"], ["acme was 1, and is not there", "other was not there, and is 1"]),
        ({"ops/": A}, {"ops/": B}, [], [f"the pack ops/ was {A}, and is {B}"]),
        ({"ops/": A}, {}, ["ops/"], [f"the pack ops/ was {A}, and is not there"]),
        ({"ops/": A}, {"moved/": A}, [], ["the pack ops/ is here as moved/, and says the same"]),
        ({"ops/": A}, {"ops/": B, "old/": A}, [], [f"old/ was not there, and is {A}", f"ops/ was {A}, and is {B}"]),
    ],
)
def test_each_difference_is_told_once(
    recorded: dict[str, str], here: dict[str, str], gone: list[str], told: list[str]
) -> None:
    assert list(missing(recorded, here)) == gone
    found = list(changes(recorded, here))
    assert len(found) == len(told)
    assert all(line.endswith(end) for line, end in zip(found, told, strict=True))
