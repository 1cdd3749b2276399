"""YAML 1.2 by a loader that is made for speed."""

import math
from typing import Any

import pytest
import yaml

from sesgate.evidence.yaml_core import core_loader


def _load(text: str) -> Any:
    return yaml.load(text, Loader=core_loader())  # noqa: S506 - what is tested


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(
            ("NO", "NO"),
            ("on", "on"),
            ("yes", "yes"),
            ("12:30", "12:30"),
            ("2026-01-02", "2026-01-02"),
            ("1_000", "1_000"),
        ),
        *(("true", True), ("FALSE", False), ("~", None), ("null", None), ("", None), ("'true'", "true")),
        *(
            ("010", 10),
            ("0o10", 8),
            ("0x1F", 31),
            ("-7", -7),
            ("1.50", 1.5),
            ("1e3", 1000.0),
            (".5", 0.5),
            ("-.inf", -math.inf),
        ),
        *(("0b11", "0b11"), ("1.2.3", "1.2.3"), ("=", "="), ("٣", "٣")),
        ("{on: 1, 200: 2}", {"on": 1, 200: 2}),
        ("a: &a {x: 1}\nb: {<<: *a, y: 2}", {"a": {"x": 1}, "b": {"x": 1, "y": 2}}),
    ],
)
def test_what_characters_mean(text: str, value: Any) -> None:
    loaded = _load(text)
    assert loaded == value
    assert type(loaded) is type(value)


@pytest.mark.parametrize("text", ["!!int x", "!!float x", "!!python/object/apply:os.system [id]", "1" * 5000])
def test_what_it_refuses(text: str) -> None:
    with pytest.raises((ValueError, yaml.YAMLError)):
        _load(text)


def test_the_library_itself_reads_as_before() -> None:
    assert yaml.safe_load("on") is True
