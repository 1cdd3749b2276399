"""YAML 1.2 core scalars."""

import math
from typing import Any

import pytest

from sesgate.gate.models.base import seconds
from sesgate.gate.yaml12 import Scalar, boolean, integer, native, number


@pytest.mark.parametrize("text", ["true", "True", "TRUE"])
def test_true(text: str) -> None:
    assert boolean(text) is True


@pytest.mark.parametrize("text", ["false", "False", "FALSE"])
def test_false(text: str) -> None:
    assert boolean(text) is False


@pytest.mark.parametrize("text", ["yes", "no", "on", "off", "y", "n", "tRUE", "1", "", "true "])
def test_no_boolean(text: str) -> None:
    assert boolean(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [("012", 12), ("0o14", 12), ("0x1F", 31), ("-5", -5), ("+5", 5), ("0", 0), ("9" * 300, 10**300 - 1)],
)
def test_integers(text: str, value: int) -> None:
    assert integer(text) == value


@pytest.mark.parametrize("text", ["1_000", "12:30", "1.0", "1e3", "0b1", "0o8", "0xg", "-0x1", "", "٣", "9" * 301])
def test_no_integer(text: str) -> None:
    assert integer(text) is None


@pytest.mark.parametrize(("text", "value"), [("1.5", 1.5), ("1e3", 1000), (".5", 0.5), ("5.", 5), ("-.inf", -math.inf)])
def test_numbers(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["inf", "nan", "1,5", "e3", ".", "-", "1.2.3"])
def test_no_number(text: str) -> None:
    assert number(text) is None


def test_nan() -> None:
    assert math.isnan(number(".nan") or 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[("3s", 3), ("500ms", 0.5), ("1m30s", 90), ("2h", 7200), ("1.5s", 1.5), ("1h1m1s1ms", 3661.001)],
        *[("3", 3), ("0.5", 0.5), ("0s", 0)],
    ],
)
def test_lengths_of_time(text: str, value: float) -> None:
    assert seconds(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "s", "3 s", "3d", "3S", "30s1m", "m", "soon", "1e"])
def test_no_length_of_time(text: str) -> None:
    assert seconds(text) is None


@pytest.mark.parametrize(
    ("scalar", "value"),
    [
        *[(Scalar.of("null"), None), (Scalar.of(""), None), (Scalar.of("~"), None), (Scalar.of("true"), True)],
        *[(Scalar.of("012"), 12), (Scalar.of("1.5"), 1.5), (Scalar.of("no"), "no"), (Scalar.of("12:30"), "12:30")],
        *[(Scalar.of("5", plain=False), "5"), (Scalar.of("", plain=False), "")],
        *[(Scalar.of("5", written="${X}"), 5), (Scalar.of("5", plain=False, written="${X}"), "5")],
    ],
)
def test_native_values(scalar: Scalar, value: Any) -> None:
    found = native({"a": [scalar]})["a"][0]
    assert found == value
    assert type(found) is type(value)
