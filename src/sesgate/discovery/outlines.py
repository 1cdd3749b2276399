"""Outlines of places, as services that a gate could have."""

from collections.abc import Mapping, Sequence
from typing import Any

from sesgate.discovery.look import Look
from sesgate.drafting import Place, Unseen, Variable
from sesgate.evidence import Question
from sesgate.evidence.environment.naming import is_of_mail


def outline(look: Look, places: Mapping[str, tuple[str, Mapping[str, Any]]]) -> list[Place]:
    """The services of each place, asked side by side. `places` has the kind and the place, by words for people."""
    answers = look.read({what: Question.outline(kind, place) for what, (kind, place) in places.items()})
    found: list[Place] = []
    for what, (kind, _) in places.items():
        answer = answers[what] or {}
        look.unseen.extend(Unseen(what, why) for why in answer.get("unseen", ()))
        found.extend(_place(kind, part) for part in answer.get("parts", ()))
    return found


def _place(kind: str, part: Mapping[str, Any]) -> Place:
    variables = tuple(Variable.from_fact(fact) for fact in part["variables"])
    return Place(
        kind=kind,
        name=part["name"],
        container=part["container"],
        source=part["source"],
        shown=part["place"],
        variables=variables,
        role=part["role"],
        unseen=tuple(part["unseen"]),
        releases=part["releases"],
        sends=any(is_of_mail(each.name) for each in variables),
    )


def first(names: Sequence[str], most: int, what: str, look: Look) -> Sequence[str]:
    """At most so many; that there are more is noted."""
    if len(names) > most:
        look.unseen.append(Unseen(f"{len(names) - most} of {len(names)} {what}", f"only {most} are looked into"))
    return names[:most]
