"""Patterns of the gate, on values that nobody chose for them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.evidence import NotSeen
from sesgate.evidence.environment import patterns
from sesgate.evidence.environment.patterns import holds


@pytest.mark.parametrize(
    "pattern", ["(a+)+", "(a|a)*", "(a|aa)+", "(?:a*)*", "(a*){2,50}b", "a*a*a*a*a*b", "(?P<x>a+)+"]
)
def test_a_match_without_end_is_not_waited_for(pattern: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "SECONDS", 0.3)
    with pytest.raises(NotSeen, match="takes longer than"):
        holds(f"(?:{pattern})z", "a" * 3000 + "!")


def test_many_options_are_no_less() -> None:
    assert patterns._steps("a?" * 40 + "a" * 40, 40) > patterns.MOST_STEPS


@pytest.mark.parametrize(
    ("pattern", "text", "holding"),
    [
        (r"([a-z0-9-]+\.)+[a-z]{2,}", "mail.yourdomain.com", True),
        (r"([a-z0-9-]+\.)+[a-z]{2,}", "mail.yourdomain.", False),
        (r"(?i:info|warn)", "WARN", True),
        (r"[]a]+", "]a]", True),
        (r"\(\d+\)", "(12)", True),
        (r"a{", "a{", True),
        ("é+", "éé", True),
        (".*", "a\nb", False),
    ],
)
def test_ordinary_patterns(pattern: str, text: str, holding: bool) -> None:
    assert holds(pattern, text) is holding


def test_a_process_that_can_not_start_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/nonexistent/python")
    with pytest.raises(NotSeen, match="could not be told"):
        holds("(a+)+", "aaa")


PATTERNS = st.from_regex(r"([ab][*+?]?|\([ab]\|[ab]\)|[ab]{1,2}){1,4}", fullmatch=True)


@given(PATTERNS, st.text(alphabet="ab", max_size=6))
def test_it_is_what_python_says(pattern: str, text: str) -> None:
    assert holds(pattern, text) is (re.fullmatch(pattern, text) is not None)
