"""Which of the places that were found are services of the application: those that send mail, deployed before local."""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from sesgate.drafting.facts import Place

MOST = 20
_FILES_THAT_FOLLOW = frozenset({"ecs_task_definition"})
"""Sources in files of what is seen running as well."""


class Selected(Struct, frozen=True):
    """`taken` have names of their own. `local` describe a developer's machine, `others` do not speak of mail."""

    taken: tuple[Place, ...] = ()
    local: tuple[Place, ...] = ()
    others: tuple[Place, ...] = ()


def select(places: Sequence[Place], sending_roles: Iterable[str] = (), application: str = "") -> Selected:
    """What speaks of mail, or runs as a role that can send. Local places count where nothing is deployed."""
    roles = frozenset(sending_roles)
    sending = [each for each in places if each.sends or each.role in roles]
    running = any(each.kind == "ecs" for each in sending)
    deployed = [each for each in sending if not each.is_local and not (running and each.kind in _FILES_THAT_FOLLOW)]
    taken = _main_containers(deployed or _local(sending))
    tasks = {(each.kind, each.name) for each in taken if each.container}
    rest = [each for each in places if each not in taken and not (each.container and (each.kind, each.name) in tasks)]
    return Selected(
        tuple(_with_names(taken[:MOST], application)),
        tuple(each for each in rest if each.is_local and each.sends),
        tuple(each for each in rest if not (each.is_local and each.sends)),
    )


def _local(sending: Sequence[Place]) -> list[Place]:
    """A Compose file takes its variables from .env, as a rule."""
    composed = [each for each in sending if each.kind == "compose"]
    return composed or [each for each in sending if each.is_local]


def _main_containers(places: Sequence[Place]) -> list[Place]:
    """Of a task whose role can send, the containers that speak of mail; where none does, all of them."""
    by_task: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        by_task.setdefault((place.kind, place.name), []).append(place)
    return [each for group in by_task.values() for each in ([one for one in group if one.sends] or group)]


def _with_names(places: Sequence[Place], application: str) -> list[Place]:
    """Each name once: the service's, with the container or a number where several have it."""
    used: set[str] = set()
    named = []
    for place in places:
        base = " ".join(place.name.split()) or application or "app"
        shared = sum(other.name == place.name for other in places) > 1
        name = f"{base}/{place.container}" if shared and place.container else base
        number = 2
        unique = name
        while unique in used:
            unique, number = f"{name}-{number}", number + 1
        used.add(unique)
        named.append(replace(place, name=unique))
    return named
