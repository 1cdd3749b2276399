"""For all tests: a machine under load is no failure, and what decides a release decides it twice the same."""

import os
import signal
from functools import cache

import botocore.session
from hypothesis import HealthCheck, settings

settings.register_profile(
    "unhurried",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("unhurried")

botocore.session.create_loader = cache(botocore.session.create_loader)
"""The models of AWS services are read once and not anew for each session: half the time of a run."""

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what is in the background deaf to Ctrl-C, and so would be all processes that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
