"""For all tests: a machine under load is no failure, what decides a release decides it twice the same, and what
stays the same for the whole run is made once."""

import gc
import os
import signal
from functools import cache
from typing import Any

import botocore.client
import botocore.hooks
import botocore.session
import pytest
import typer.main
from hypothesis import HealthCheck, settings

settings.register_profile(
    "unhurried",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.register_profile("thorough", settings.get_profile("unhurried"), max_examples=1000)
settings.load_profile("unhurried")

botocore.session.create_loader = cache(botocore.session.create_loader)
"""The models of AWS services are read once and not anew for each session: half the time of a run."""

typer.main.get_command = cache(typer.main.get_command)
"""The command line is put together once. In a process of its own it is used once anyway."""

_METHODS: dict[str, Any] = {}
_create_methods = botocore.client.ClientCreator._create_methods


def _methods_once(creator: Any, service_model: Any) -> Any:
    """The methods of a client follow from the model of its service alone: a dozen clients a run, hundreds of runs."""
    name = service_model.service_name
    if name not in _METHODS:
        _METHODS[name] = _create_methods(creator, service_model)
    return dict(_METHODS[name])


botocore.client.ClientCreator._create_methods = _methods_once

_NAMES: dict[str, str] = {}
_alias_event_name = botocore.hooks.EventAliaser._alias_event_name


def _name_once(aliaser: Any, event_name: str) -> str:
    """The names under which each of 200 built-in handlers is registered, in every session and client."""
    if event_name not in _NAMES:
        _NAMES[event_name] = _alias_event_name(aliaser, event_name)
    return _NAMES[event_name]


botocore.hooks.EventAliaser._alias_event_name = _name_once

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what is in the background deaf to Ctrl-C, and so would be all processes that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(tryfirst=True)
def pytest_collection() -> None:
    """What is imported now stays: nothing of it is garbage."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Whoever looks for garbage during the tests need not look through all modules and all tests each time."""
    gc.freeze()
    gc.set_threshold(700, 10, 200)
    gc.enable()
