"""For all tests: a machine under load is no failure, what decides a release decides it twice the same, and what
stays the same for the whole run is made once."""

import gc
import os
import signal

import pytest
from hypothesis import HealthCheck, settings

from tests.once import share

settings.register_profile(
    "unhurried",
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.register_profile("thorough", settings.get_profile("unhurried"), max_examples=1000)
settings.load_profile("unhurried")

share()

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
