"""What is the same in every test is made once for all of them: the suite runs the command line hundreds of times."""

from collections.abc import Callable, Hashable
from functools import cache, wraps
from typing import Any

import botocore.client
import botocore.hooks
import botocore.session
import typer.main

from sesgate import registry


def share() -> None:
    """Keeps what botocore, typer and the packs' entry points make anew in each run; a process makes it once anyway."""
    botocore.session.create_loader = cache(botocore.session.create_loader)
    creator = botocore.client.ClientCreator
    creator._load_service_model = _once_for(creator._load_service_model, lambda service, *version: (service, version))
    creator._create_methods = _once_for(creator._create_methods, lambda model: model.service_name, dict)
    aliaser = botocore.hooks.EventAliaser
    aliaser._alias_event_name = _once_for(aliaser._alias_event_name, lambda name: name)
    typer.main.get_command = cache(typer.main.get_command)
    packs: Any = registry
    packs.entry_points = cache(packs.entry_points)


def _once_for(
    method: Callable[..., Any], key: Callable[..., Hashable], copied: Callable[[Any], Any] = lambda made: made
) -> Callable[..., Any]:
    """A method whose result depends on these arguments alone, and not on the object."""
    made: dict[Hashable, Any] = {}

    @wraps(method)
    def wrapped(this: Any, *arguments: Any) -> Any:
        name = key(*arguments)
        if name not in made:
            made[name] = method(this, *arguments)
        return copied(made[name])

    return wrapped
