"""The outline of a place where services get their variables: names, and the few facts that a first gate is made of.

Nobody has written rules yet, so what a variable means is guessed from its name. Values stay here, as ever.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sesgate.evidence.environment import outline_places as places
from sesgate.evidence.environment.found import Reading, Variable
from sesgate.evidence.environment.judging import may_be_an_arn
from sesgate.evidence.environment.meanings import Setting, judge
from sesgate.evidence.environment.naming import STAGES, meaning_of
from sesgate.evidence.environment.outline_places import Part
from sesgate.evidence.environment.outside import Outside
from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question
from sesgate.secrets import find, is_secret_name, looks_like_placeholder

MOST_VARIABLES = 300
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,99}", re.ASCII)
_STAGE = re.compile(r"[Pp]roduction|prod|live|staging|development|dev|test|local")
_WITH_CREDENTIALS = ("postgres_url", "smtp_user")
"""Meanings whose values look like credentials, and of which no more is told than is safe."""
_URL_MEANINGS = ("https_url", "postgres_url")

Fact = dict[str, Any]
_PLACES: Mapping[str, Callable[[Any, Any], Iterator[Part]]] = {
    "ecs": places.of_ecs,
    "apprunner": places.of_apprunner,
    "lambda": places.of_lambda,
    "dotenv": places.of_dotenv,
    "compose": places.of_compose,
    "render": places.of_render,
    "kubernetes": places.of_kubernetes,
    "ecs_task_definition": places.of_task_definition,
}


class OutlineSource(OneByOne):
    """Answers ("outline", kind) with `{"parts": [{"name", "source", "role", "variables", …}], "unseen": [why]}`.

    What one part of a place hides is told in `unseen`; a place that can't be read at all is NotSeen.
    """

    limit = 20.0

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def answer(self, question: Question, flight: Flight) -> Any:
        [kind] = question.fields
        parts_of = _PLACES.get(kind)
        if parts_of is None:
            raise NotSeen(Failure(FailureKind.REJECTED, f"nothing here outlines {kind}"))
        reach = places.Nearby(self._outside.reach(flight, read_secrets=False))
        parts, unseen = [], []
        for part in parts_of(question.parameters, reach):
            try:
                parts.append(_outlined(part, part.read()))
            except NotSeen as hidden:
                unseen.append(hidden.failure.message)
        return {"parts": parts, "unseen": unseen}


def _outlined(part: Part, reading: Reading) -> Fact:
    named = [variable for name, variable in sorted(reading.variables.items()) if _NAME.fullmatch(name)]
    return {
        "name": part.name,
        "container": part.container,
        "source": part.source,
        "role": part.role,
        "place": reading.place,
        "variables": [_fact(each) for each in named[:MOST_VARIABLES]],
        "unseen": list(reading.unseen[:5]),
        "releases": any(start.release_command for start in reading.starts),
    }


def _fact(variable: Variable) -> Fact:
    meaning, reference = meaning_of(variable.name), variable.reference
    fact: Fact = {"name": variable.name, "state": _state(variable), "meaning": meaning}
    fact["secret"] = is_secret_name(variable.name) or (reference is not None and reference.secret)
    fact["stored"] = reference is not None and reference.secret
    value = variable.value
    if fact["state"] != "set" or value is None:
        return fact
    if meaning not in _WITH_CREDENTIALS and any(hit.kind.is_credential for hit in find(value)):
        return fact
    if variable.name.upper() in STAGES and _STAGE.fullmatch(value):
        fact["stage"] = value
    if meaning is not None:
        fact.update(_judged(meaning, value, secret=fact["secret"]))
    return fact


def _judged(meaning: str, value: str, *, secret: bool) -> Fact:
    """Whether the value can be what its name says, and what may be told of it."""
    by = "email" if meaning == "sender" else meaning
    judgement = judge(by, value, Setting(value if meaning == "region" else "", ()))
    fact: Fact = {"fits": judgement.why is None or judgement.other_region}
    if judgement.placeholder:
        fact["state"] = "placeholder"
    parts = dict(judgement.parts)
    told = not secret or meaning in _URL_MEANINGS or may_be_an_arn(parts.get("arn", ""))
    return {**fact, "parts": parts} if told else fact


def _state(variable: Variable) -> str:
    if variable.unreadable is not None:
        return "unreadable"
    if variable.value is None:
        return "stored"
    if not variable.value.strip():
        return "empty"
    return "placeholder" if looks_like_placeholder(variable.value) else "set"
