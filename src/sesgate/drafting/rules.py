"""Rules for a variable, guessed from its name and from the facts of its value: what a gate asks of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from sesgate.drafting.facts import Place, Variable

_KEYS: Mapping[str, dict[str, Any]] = {
    "AWS_ACCESS_KEY_ID": {"discouraged": "use a role"},
    "AWS_SECRET_ACCESS_KEY": {"discouraged": "use a role", "secret": True},
    "AWS_SESSION_TOKEN": {"discouraged": "use a role", "secret": True},
}
_ALWAYS = frozenset({"region", "sender", "configuration_set", "email"})
"""Meanings that a name tells so well that a value which does not fit is a mistake."""


_TELL_THE_REGION = frozenset({"ecs", "lambda"})
"""Platforms that set AWS_REGION by themselves: it is looked at, since it may be another one than SES's."""


def rules_of(variable: Variable, *, postgres: bool = False) -> dict[str, Any] | None:
    """`{"required": True, "is": "region"}`; None where nothing can be guessed.

    `postgres`: the database is PostgreSQL, so that a URL that is not seen is taken for one of it.
    """
    if variable.name in _KEYS:
        return _KEYS[variable.name]
    if variable.stage is not None or variable.name == "NODE_ENV":
        return {"required": True, "equals": variable.stage if variable.stage == "Production" else "production"}
    meaning = _meaning(variable, postgres=postgres)
    if meaning is None and not variable.secret:
        return None
    rules: dict[str, Any] = {} if variable.state == "empty" else {"required": True}
    if variable.secret:
        rules["secret"] = True
    if meaning is not None:
        rules["is"] = meaning
    return rules


def _meaning(variable: Variable, *, postgres: bool) -> str | None:
    meaning = variable.meaning
    if meaning == "postgres_url":
        unseen = variable.state in ("stored", "unreadable")
        return (
            meaning
            if (unseen and postgres) or variable.parts.get("scheme", "").partition("+")[0] in ("postgres", "postgresql")
            else None
        )
    if meaning == "https_url" and variable.parts.get("scheme") == "http":
        return "url"
    if meaning in _ALWAYS or variable.fits:
        return meaning
    return meaning if meaning in ("secret_arn", "role_arn", "port") and variable.state != "set" else None


def matrix(place: Place, *, postgres: bool = False) -> tuple[dict[str, dict[str, Any]], tuple[str, ...]]:
    """The rules by variable, and the names of variables that have none."""
    found: dict[str, dict[str, Any]] = {}
    if place.kind in _TELL_THE_REGION and all(each.name != "AWS_REGION" for each in place.variables):
        found["AWS_REGION"] = {"is": "region"}
    for variable in place.variables:
        rules = rules_of(variable, postgres=postgres)
        if rules is not None:
            found[variable.name] = rules
    return found, tuple(each.name for each in place.variables if each.name not in found)


def doubts(place: Place) -> Iterator[str]:
    """What is not right with a variable already, in words."""
    for variable in place.variables:
        if variable.state == "placeholder" and rules_of(variable) is not None:
            yield f"{variable.name} holds a placeholder now"
        elif variable.secret and not variable.stored and variable.state == "set":
            yield f"{variable.name} stands there in plain text, and a secret store is wanted"
        elif variable.stage is not None and variable.stage.lower() != "production":
            yield f"{variable.name} is {variable.stage} now"
