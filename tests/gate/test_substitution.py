"""`${VAR}` and its forms."""

import pytest

from sesgate.gate.substitution import CREDENTIALS, fill

ENVIRON = {"A": "x", "EMPTY": "", "REFERENCE": "${A}", "BYTES": "\udcff", **dict.fromkeys(CREDENTIALS, "AKID")}

FORMS = "${VAR}, ${VAR:-default} or ${VAR:?message} is expected"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        *[("${A}", "x"), ("-${A}-${A}-", "-x-x-"), ("${EMPTY}", ""), ("${REFERENCE}", "${A}")],
        *[("${A:-y}", "x"), ("${B:-y}", "y"), ("${EMPTY:-y}", "y"), ("${B:-}", ""), ("${B:-a:-b:?c d}", "a:-b:?c d")],
        *[("${A:?needed}", "x"), ("$${A}", "${A}"), ("$$${A}", "$${A}"), ("$A $$ $ {A}", "$A $$ $ {A}")],
    ],
)
def test_filled(text: str, filled: str) -> None:
    filling = fill(text, ENVIRON)
    assert filling.text == filled
    assert filling.wrong == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${B}", "the variable B is not set"),
        ("${B:?}", "the variable B is not set"),
        ("${EMPTY:?say what}", "the variable EMPTY is not set: say what"),
        ("${B:?two\n lines}", "the variable B is not set: two lines"),
        ("${BYTES}", "the variable BYTES does not hold UTF-8"),
        ("${", "${ has no closing }"),
        ("${A", "${ has no closing }"),
        ("${A:-${A}}", "a default can't hold another ${…}"),
        *[(text, FORMS) for text in ("${}", "${1}", "${A-b}", "${A b}", "${A:b}", "${Ä}")],
        *[(f"${{{name}}}", f"the credential {name} is never filled into a gate") for name in sorted(CREDENTIALS)],
        ("${aws_session_token:-x}", "the credential aws_session_token is never filled into a gate"),
    ],
)
def test_refused(text: str, message: str) -> None:
    filling = fill(text, ENVIRON)
    assert [wrong.message for wrong in filling.wrong] == [message]
    assert "AKID" not in filling.text


def test_each_reference_is_told() -> None:
    assert len(fill("${B} ${A} ${C}", ENVIRON).wrong) == 2


def test_what_was_used_is_known() -> None:
    filling = fill("${A} ${B:-default}", ENVIRON)
    assert filling.used == {"A": "x"}
    assert filling.values == {"x", "default"}


def test_a_stand_in_is_the_reference_itself() -> None:
    filling = fill("${A} ${B} ${C:-d} ${D:?said}", ENVIRON, stand_in=True)
    assert filling.text == "x ${B} d ${D:?said}"
    assert filling.wrong == []
