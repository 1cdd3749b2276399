"""A fast loader of YAML 1.2: `NO`, `on` and `12:30` are text, and `010` is ten. YAML 1.2, section 10.3."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from sesgate.gate.yaml12 import integer, number

if TYPE_CHECKING:
    from yaml import ScalarNode

_TAG = "tag:yaml.org,2002:"
_PLAIN = (
    ("bool", re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), "tTfF"),
    ("null", re.compile(r"(?:~|null|Null|NULL|)\Z"), ("~", "n", "N", "")),
    ("int", re.compile(r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z", re.ASCII), "-+0123456789"),
    (
        "float",
        re.compile(
            r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
            r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z",
            re.ASCII,
        ),
        "-+.0123456789",
    ),
    ("merge", re.compile(r"<<\Z"), "<"),
)
"""What characters without quotes mean, and with which ones such a value begins. Merge keys are no part of YAML 1.2, and
written all the same."""


@cache
def core_loader() -> Any:
    """The loader's class, libyaml's where that is there. It makes plain values alone, as the safe loader does."""
    import yaml

    safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader: Any = type("CoreLoader", (safe,), {"yaml_implicit_resolvers": {}})
    for name, pattern, first in _PLAIN:
        loader.add_implicit_resolver(f"{_TAG}{name}", pattern, list(first))
    loader.add_constructor(f"{_TAG}bool", lambda made, node: made.construct_scalar(node).lower() == "true")
    loader.add_constructor(f"{_TAG}int", _whole)
    loader.add_constructor(f"{_TAG}float", _number)
    return loader


def _whole(loader: Any, node: "ScalarNode") -> Any:
    """Raises ValueError for `!!int` before something else."""
    value = integer(loader.construct_scalar(node))
    if value is None:
        raise ValueError("no whole number")
    return value


def _number(loader: Any, node: "ScalarNode") -> Any:
    """Raises ValueError for `!!float` before something else."""
    value = number(loader.construct_scalar(node))
    if value is None:
        raise ValueError("no number")
    return value
