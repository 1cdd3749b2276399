"""What the gate wants at a place: the keys that a mapping may have, the words that a value may be."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sesgate.gate.models import Gate

_LONGEST_WORD = 60
"""Beyond it no comparison is worth its time."""


def key_of(name: str, field: FieldInfo) -> str:
    """The key in the file of a model's field."""
    return field.validation_alias if isinstance(field.validation_alias, str) else name


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """The fields of a model by their keys in the file."""
    return {key_of(name, field): field for name, field in model.model_fields.items()}


def bare(annotation: Any) -> Any:
    """An annotation without `Annotated` and without `| None`."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return bare(get_args(annotation)[0])
    if origin in (Union, UnionType):
        others = [each for each in get_args(annotation) if each is not NoneType]
        return bare(others[0]) if len(others) == 1 else annotation
    return annotation


def wanted_at(path: Iterable[str | int]) -> Any:
    """The bare annotation of the value at a path of the gate; None where the gate knows no such place."""
    annotation: Any = Gate
    for step in path:
        origin = get_origin(annotation)
        if origin is tuple:
            annotation = bare(get_args(annotation)[0])
            if isinstance(step, int):
                continue
        if origin is dict:
            annotation = bare(get_args(annotation)[1])
        elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
            field = fields_of(annotation).get(str(step))
            if field is None:
                return None
            annotation = bare(field.annotation)
        else:
            return None
    return annotation


def keys_at(path: Iterable[str | int]) -> list[str]:
    """The keys that a mapping at this path, or in a list there, may have; none where they are names of the user's."""
    model = wanted_at(path)
    if get_origin(model) is tuple:
        model = bare(get_args(model)[0])
    return list(fields_of(model)) if isinstance(model, type) and issubclass(model, BaseModel) else []


def words_at(path: Iterable[str | int]) -> list[str]:
    """The words that a value at this path may be, where only certain ones are allowed."""
    wanted = wanted_at(path)
    if get_origin(wanted) is Literal:
        return [str(word) for word in get_args(wanted)]
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return [str(word.value) for word in wanted]
    return []


def sections_with(key: str) -> list[str]:
    """The sections of the gate in which a key is right: a key is often written one level too high."""
    return [section for section in fields_of(Gate) if key in keys_at([section])]


def nearest(word: str, words: Iterable[str]) -> str | None:
    """The word that was most likely meant."""
    if len(word) > _LONGEST_WORD:
        return None
    by_lower = {each.lower().replace("-", "_"): each for each in words}
    found = difflib.get_close_matches(word.lower().replace("-", "_"), by_lower, n=1, cutoff=0.6)
    return by_lower[found[0]] if found else None
