"""The shape of a secret: which keys are there, and where it leads, with no word of its own."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.evidence.secret_shapes import KEYS, shape

HOST = "bizassist-prod.c9akciq32example.ap-southeast-1.rds.amazonaws.com"


def test_a_whole_login() -> None:
    login = {"host": HOST, "port": 5432, "username": "api", "password": "s3cr3t-w0rds", "dbname": "shop", "more": "x"}
    assert shape(json.dumps(login)) == {
        "json": True,
        "keys": dict.fromkeys(KEYS, "set"),
        "host": HOST,
        "port": "5432",
        "dbname": "shop",
    }


@pytest.mark.parametrize(
    ("value", "state"),
    [("", "blank"), ("  ", "blank"), (None, "blank"), ([], "blank"), ("changeme", "placeholder"), ("x9!", "set")],
)
def test_the_states_of_a_key(value: Any, state: str) -> None:
    assert shape(json.dumps({"password": value}))["keys"] == {"password": state}


@pytest.mark.parametrize("text", [None, b"binary", "", "no json", "[1]", '"text"', "[" * 100_000])
def test_what_is_no_object_has_no_keys(text: Any) -> None:
    assert shape(text) == {"json": False, "keys": {}}


@pytest.mark.parametrize("host", ["db.internal", HOST, HOST.upper(), f"{HOST}."])
def test_hosts_that_may_be_told(host: str) -> None:
    assert shape(json.dumps({"host": host}))["host"] == host


@pytest.mark.parametrize("host", ["Zx81kQ99mmPq20", "user:s3cr3t@db.internal", "a\nb", f"Zx81kQ99mmPq20/{HOST}"])
def test_a_host_that_might_be_a_secret_is_not_told(host: str) -> None:
    assert "host" not in shape(json.dumps({"host": host}))


@given(st.text(min_size=9), st.text(min_size=9))
def test_user_and_password_are_never_told(user: str, password: str) -> None:
    told = shape(json.dumps({"username": user, "password": password}))
    assert set(told) == {"json", "keys"}
    assert set(told["keys"].values()) <= {"set", "blank", "placeholder"}
