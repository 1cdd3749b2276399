""".env files: quotes, comments, several lines, the last of a name, and lines that can't be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.evidence import NotSeen
from sesgate.evidence.environment import dotenv
from sesgate.evidence.environment.found import Reading
from tests.evidence.environment.reaching import Given

NAMES = st.from_regex(r"[A-Z_][A-Z0-9_]{0,20}", fullmatch=True)


def _read(text: str) -> Reading:
    return dotenv.read("config/.env", Given(files={"config/.env": text}))


def _values(text: str) -> dict[str, str | None]:
    return {name: variable.value for name, variable in _read(text).variables.items()}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("A=b", "b"),
        ("export A=b", "b"),
        ("  A = b  ", "b"),
        ("A='b c' # why", "b c"),
        ('A="b # c"', "b # c"),
        ("A=b # c", "b"),
        ("A=b#c", "b#c"),
        ("A= # c", ""),
        ('A="b\nc"', "b\nc"),
        ('A="b\\nc"', "b\nc"),
        ("A='b\\nc'", "b\\nc"),
        ("A=", ""),
        ("A=$HOME/${X:-y}", "$HOME/${X:-y}"),
        ("A=postgres://u:p@h/d?x=1#y", "postgres://u:p@h/d?x=1#y"),
        ("\ufeffA=b", "b"),
        ("# A=c\r\nA=b\r\n", "b"),
    ],
)
def test_one_value(text: str, value: str) -> None:
    assert _values(text) == {"A": value}


def test_the_last_of_a_name_counts_and_tells_its_line() -> None:
    text = "\n\n# first\nA=1\n\nB='x\ny'\n\nA=2\n"
    variables = _read(text).variables
    assert (variables["A"].value, variables["A"].line, variables["A"].place) == ("2", 9, "config/.env:9")
    assert variables["B"].line == 6


def test_a_name_alone_sets_nothing() -> None:
    assert _values("A=1\nA\nB") == {}


def test_lines_that_cannot_be_read_are_told_without_their_words() -> None:
    reading = _read("A=1\n=s3cr3t\nB='s3cr3t\nC=2\n")
    assert reading.variables["A"].value == "1"
    assert reading.unseen == (
        "config/.env:2: NAME=value is expected, so what stands there is not known",
        "config/.env:3: NAME=value is expected, so what stands there is not known",
    )
    assert "s3cr3t" not in str(reading)


def test_many_bad_lines_are_counted() -> None:
    assert _read("=x\n" * 9).unseen[-1] == "config/.env has 4 more lines that can't be read"


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(NotSeen, match=r"there is no file config/\.env"):
        dotenv.read("config/.env", Given())


@pytest.mark.parametrize("text", ["A=" + "x" * 3_000_000, "A=x" + " " * 5000 + "y"])
def test_what_no_person_wrote_is_refused(text: str) -> None:
    with pytest.raises(NotSeen, match=r"config/\.env"):
        _read(text)


@given(NAMES, st.text(st.characters(codec="utf-8", exclude_characters="\0\r")))
def test_what_is_quoted_comes_back(name: str, value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    assert _values(f"{name}='{escaped}'") == {name: value}


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        reading = _read(text)
    except NotSeen:
        return
    lines = len(text.splitlines()) + 1
    assert all(variable.line is not None and 1 <= variable.line <= lines for variable in reading.variables.values())
