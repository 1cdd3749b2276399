"""What all models of the gate share: the base class, the scalar types, and how a model refuses a value.

A value comes from the loader as a `Scalar`, or from Python code as itself. Messages never hold the value: the loader
adds what was found, and leaves it out where it is secret.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple, NoReturn, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sesgate.gate.problems import quoted
from sesgate.gate.yaml12 import Scalar, boolean, integer, native, number


class Fault(NamedTuple):
    """One thing that a model refuses: one line, without the value.

    `at` is the path below the refused value. The fault lies in the value there, in the key, or in how it stands to
    others; only of a value is it told what was found.
    """

    message: str
    hint: str | None = None
    at: tuple[str | int, ...] = ()
    about: Literal["value", "key", "relation"] = "value"


def refuse(message: str, hint: str | None = None) -> NoReturn:
    """Refuses the value under validation."""
    refuse_all([Fault(message, hint)])


def refuse_untold(message: str, hint: str | None = None) -> NoReturn:
    """Refuses the value under validation, and it is not told what was found."""
    refuse_all([Fault(message, hint, about="relation")])


def refuse_all(faults: Iterable[Fault]) -> NoReturn:
    """Refuses the value under validation, for one or more reasons."""
    reasons = tuple(faults)
    text = "; ".join(fault.message for fault in reasons)
    raise PydanticCustomError("gate", "{text}", {"text": text, "faults": reasons})


def refuse_keys(keys: Iterable[str], message: str) -> None:
    """Refuses a mapping for these of its keys, if there are any."""
    faults = [Fault(f"{message}, found {quoted(key)}", at=(key,), about="key") for key in keys]
    if faults:
        refuse_all(faults)


def refuse_twice(identities: Iterable[str], message: str, *, key: str | None = None) -> None:
    """Refuses a list in which something stands twice. `message` takes the first position, `key` is where it shows."""
    first: dict[str, int] = {}
    faults = []
    for at, identity in enumerate(identities):
        if first.setdefault(identity, at) != at:
            place = (at,) if key is None else (at, key)
            faults.append(Fault(message.format(first[identity]), at=place, about="relation"))
    if faults:
        refuse_all(faults)


class Model(BaseModel):
    """A part of the gate: frozen, and unknown keys are refused."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        defer_build=True,
        validate_by_name=True,
        validate_by_alias=True,
    )

    @model_validator(mode="before")
    @classmethod
    def _section_without_content(cls, value: Any) -> Any:
        """`test_send:` with nothing below it is an empty section."""
        return {} if isinstance(value, Scalar) and value.is_null else value


def _text(value: Any) -> Any:
    if isinstance(value, Scalar):
        if value.is_blank:
            refuse("text is expected", "write the value, or leave the key out")
        return str(value)
    return value


_TRUE_IN_YAML_1_1 = frozenset({"yes", "y", "on"})
_FALSE_IN_YAML_1_1 = frozenset({"no", "n", "off"})


def _truth_meant(value: Any) -> str | None:
    """What to write where the value is a boolean of YAML 1.1, or of the core schema in quotes."""
    word = str(value).lower()
    if word in _TRUE_IN_YAML_1_1:
        return "write true"
    return "write false" if word in _FALSE_IN_YAML_1_1 else _without_quotes(value)


def _flag(value: Any) -> bool:
    truth = boolean(value) if isinstance(value, Scalar) and value.typed else value
    if not isinstance(truth, bool):
        refuse("true or false is expected", _truth_meant(value))
    return truth


def whole(value: Any) -> int:
    """A whole number, as a validator before pydantic's own."""
    read = integer(value) if isinstance(value, Scalar) and value.typed else value
    if isinstance(read, bool) or not isinstance(read, int):
        refuse("a whole number is expected", _without_quotes(value))
    return read


def _amount(value: Any) -> float:
    read = number(value) if isinstance(value, Scalar) and value.typed else value
    if isinstance(read, bool) or not isinstance(read, int | float) or not math.isfinite(read):
        refuse("a number is expected", _without_quotes(value))
    return float(read)


def _without_quotes(value: Any) -> str | None:
    """What to do where only the quotes are wrong."""
    quoted = isinstance(value, Scalar) and not value.typed
    return "leave the quotes out" if quoted and (boolean(value) is not None or number(value) is not None) else None


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _day(value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        refuse("a day is expected, written YYYY-MM-DD")
    try:
        return date.fromisoformat(value)
    except ValueError:
        refuse("a day is expected, and the calendar has no such day")


_DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+)ms)?", re.ASCII)
_LONGEST_DURATION = 7 * 24 * 3600.0


def seconds(text: str) -> float | None:
    """`3s`, `500ms`, `1m30s`, `2h` or a bare number of seconds, as seconds; None where it is none of these."""
    bare = number(text)
    if bare is not None:
        return bare
    match = _DURATION.fullmatch(text) if text else None
    if match is None:
        return None
    hours, minutes, whole, milliseconds = (float(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + whole + milliseconds / 1000


def _duration(value: Any) -> float:
    length = seconds(value) if isinstance(value, str) else value
    if isinstance(length, bool) or not isinstance(length, int | float) or not 0 < length <= _LONGEST_DURATION:
        refuse("a length of time above zero is expected, such as 3s, 500ms or 1m30s")
    return float(length)


def _empty_list(value: Any) -> Any:
    return () if isinstance(value, Scalar) and value.is_null else value


def _empty_mapping(value: Any) -> Any:
    return {} if isinstance(value, Scalar) and value.is_null else value


Item = TypeVar("Item")

Text = Annotated[str, Field(min_length=1), BeforeValidator(_text)]
"""Text that is not empty. A plain scalar counts by its own characters: `NO`, `12:30`, `8080`."""
AnyText = Annotated[str, BeforeValidator(_text)]
"""Text that may be empty, when it is written as `""`."""
Flag = Annotated[bool, BeforeValidator(_flag)]
"""`true` or `false`."""
Count = Annotated[int, Field(ge=1), BeforeValidator(whole)]
"""A whole number from 1."""
Port = Annotated[int, Field(ge=1, le=65535), BeforeValidator(whole)]
"""A port of TCP or UDP."""
Rate = Annotated[float, Field(gt=0), BeforeValidator(_amount)]
"""A number above 0."""
Day = Annotated[date, BeforeValidator(_day)]
"""A day, `2026-02-17`."""
Duration = Annotated[float, BeforeValidator(_duration), WithJsonSchema({"type": ["string", "number"]})]
"""A length of time in seconds, written `3s`, `500ms`, `1m30s`, or as a bare number of seconds."""
Json = Annotated[Any, BeforeValidator(native)]
"""Anything, read by the core schema of YAML 1.2."""
Many = Annotated[tuple[Item, ...], BeforeValidator(_empty_list)]
"""A list; nothing after the colon is an empty one."""
AtLeastOne = Annotated[tuple[Item, ...], Field(min_length=1), BeforeValidator(_empty_list)]
"""A list that is not empty."""
Named = Annotated[dict[str, Item], BeforeValidator(_empty_mapping)]
"""A mapping whose keys are names of the user's."""


class OneOrSeveral:
    """Marks a list of which a single entry may be written without the list."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        several = handler(schema)
        return {"anyOf": [several["items"], several]}


def _listed(value: Any) -> Any:
    value = _empty_list(value)
    return value if isinstance(value, list | tuple) else (value,)


class OrBare:
    """Marks a mapping for which a bare value may be written, too: tells the JSON Schema of that value."""

    def __init__(self, bare: dict[str, Any]) -> None:
        self.bare = bare

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [self.bare, handler(schema)]}
