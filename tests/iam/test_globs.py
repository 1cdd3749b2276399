"""Wildcards: against a naive reference, their laws, and time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.iam import glob_matches

PATTERNS = st.text(alphabet="ab*?é", max_size=12)
TEXTS = st.text(alphabet="abé", max_size=14)


def naive(pattern: str, text: str) -> bool:
    """The definition, spelled out."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return naive(pattern[1:], text) or (bool(text) and naive(pattern, text[1:]))
    return bool(text) and pattern[0] in ("?", text[0]) and naive(pattern[1:], text[1:])


@given(PATTERNS, TEXTS)
def test_agrees_with_the_definition(pattern: str, text: str) -> None:
    assert glob_matches(pattern, text) is naive(pattern, text)


@given(st.text())
def test_a_pattern_matches_itself_and_a_star_matches_all(text: str) -> None:
    assert glob_matches(text, text)
    assert glob_matches("*", text)
    assert glob_matches("?" * len(text), text)
    assert not glob_matches("?" * (len(text) + 1), text)


@given(st.lists(TEXTS, max_size=4))
def test_stars_between_parts_match_the_parts_joined(parts: list[str]) -> None:
    assert glob_matches("*".join(parts), "".join(parts))


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("a.c", "abc", False),
        ("[ab]", "a", False),
        ("a\\*", "a*", False),
        ("*a?b*", "xxacaab", True),
        ("a*a", "a", False),
        ("a**b", "ab", True),
        ("*??*", "a", False),
        ("*ab*b", "ab", False),
        ("", "", True),
        ("?*", "", False),
    ],
)
def test_matches(pattern: str, text: str, matches: bool) -> None:
    assert glob_matches(pattern, text) is matches


@pytest.mark.parametrize(
    "pattern",
    ["a*" * 3000 + "b", "*a" * 3000 + "b", "*" + "a?" * 900 + "b*", "?*" * 3000 + "b", "*" * 6000 + "b"],
)
def test_a_policy_made_to_be_slow_is_not(pattern: str) -> None:
    started = time.process_time()
    assert not glob_matches(pattern, "a" * 6000)
    assert time.process_time() - started < 30
