"""Text from outside is shown, never obeyed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.report.forms.escape import shorten, visible

ANY_TEXT = st.text(st.characters(categories=None))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("v=spf1 include:amazonses.com ~all", "v=spf1 include:amazonses.com ~all"),
        ("\x1b[31m", "\\x1b[31m"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"),
        ("\x9b\x85\x7f", "\\x9b\\x85\\x7f"),
        ("\u202egnp.exe\u2066", "\\u202egnp.exe\\u2066"),
        ("\u2028\u2029\ufeff\u00ad\u00a0", "\\u2028\\u2029\\ufeff\\xad\\xa0"),
        ("\U000e0041", "\\U000e0041"),
        ("\ud800", "\\ud800"),
        ("grüße 東京 ✗", "grüße 東京 ✗"),
        ("::error::x ::set-output name=a::b", ":\\x3aerror::x :\\x3aset-output name=a::b"),
        ("##[error]x and ##vso[task]", "#\\x23[error]x and #\\x23vso[task]"),
        ("arn:aws:iam::111122223333:role/x", "arn:aws:iam::111122223333:role/x"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_ascii_only_spells_out_the_rest() -> None:
    assert visible("é…✗\U0001f600", ascii_only=True) == "\\xe9\\u2026\\u2717\\U0001f600"


@given(ANY_TEXT)
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert visible(shown) == shown
    assert not shown.startswith("::")
    assert visible(text, ascii_only=True).isascii()


def test_shorten_says_how_long_it_was() -> None:
    assert shorten("x" * 10, 10) == "x" * 10
    assert shorten("x" * 11, 10, ", --verbose shows more") == "x" * 10 + "… (11 characters, --verbose shows more)"
