"""What Compose puts in the place of `${VAR}`: the Compose Specification's own examples, and what always holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.evidence.environment.compose_interpolation import NotFilled, interpolate

KNOWN = {"SET": "one", "EMPTY": "", "_x1": "low"}


def _fill(text: str) -> str:
    return interpolate(text, KNOWN.get).text


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("$SET", "one"),
        ("${SET}", "one"),
        ("a-$SET-b ${_x1}c", "a-one-b lowc"),
        ("${UNSET:-default}", "default"),
        ("${EMPTY:-default}", "default"),
        ("${SET:-default}", "one"),
        ("${UNSET-default}", "default"),
        ("${EMPTY-default}", ""),
        ("${SET:?err}", "one"),
        ("${EMPTY?err}", ""),
        ("${SET:+other}", "other"),
        ("${EMPTY:+other}", ""),
        ("${EMPTY+other}", "other"),
        ("${UNSET+other}", ""),
        ("${UNSET:-${SET}}", "one"),
        ("${UNSET:-$SET}", "one"),
        ("${UNSET:-${OTHER:-default}}", "default"),
        ("${UNSET:-}", ""),
        ('${UNSET:-{"a": 1}}', '{"a": 1}'),
        ("${UNSET:-a:-b}", "a:-b"),
        ("$$SET", "$SET"),
        ("$${SET}", "${SET}"),
        ("$$$SET", "$one"),
        ("cost: 5$", "cost: 5$"),
        ("$5 and $-", "$5 and $-"),
        ("${SET}}", "one}"),
    ],
)
def test_what_stands_for_it(text: str, filled: str) -> None:
    assert _fill(text) == filled


@pytest.mark.parametrize(
    "text",
    ["${UNSET:?err}", "${UNSET?err}", "${EMPTY:?err}", "${", "${SET", "${}", "${1}", "${SET/foo/bar}", "${UNSET:-${}}"],
)
def test_what_compose_refuses(text: str) -> None:
    with pytest.raises(NotFilled):
        _fill(text)


def test_what_nothing_sets_is_told() -> None:
    assert interpolate("$UNSET ${UNSET} ${OTHER-x} ${THIRD:-$FOURTH}", KNOWN.get).missing == ("UNSET", "FOURTH")


def test_nesting_is_bound() -> None:
    with pytest.raises(NotFilled, match="nested deeper"):
        _fill("${A:-" * 200 + "}" * 200)


@given(st.text())
def test_doubled_dollars_keep_a_text_as_it_is(text: str) -> None:
    assert _fill(text.replace("$", "$$")) == text


@given(st.text(alphabet="$ {}:-?+aSET_1"))
def test_any_text_is_filled_or_refused(text: str) -> None:
    try:
        filled = interpolate(text, KNOWN.get)
    except NotFilled:
        return
    assert "$" in text or filled.text == text


@given(st.text(st.characters(exclude_characters="${}")), st.sampled_from(["-", ":-"]))
def test_a_default_stands_for_what_is_not_set(default: str, operator: str) -> None:
    assert _fill(f"<${{UNSET{operator}{default}}}>") == f"<{default}>"
