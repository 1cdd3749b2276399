"""A run that acts: what a test send made is taken away again, however the run ends."""

import contextlib
import os
import signal
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from sesgate.commands.saying import say
from sesgate.commands.stop import ENDING

if TYPE_CHECKING:
    from sesgate.context import Place
    from sesgate.evidence import Source
    from sesgate.evidence.aws import AwsSource
    from sesgate.gate import Gate
    from sesgate.sending.pacing import Pace

MOST_MESSAGES = 5
"""Those of one sender: four to the simulator, and one to a mailbox of one's own."""
SLOWEST = 1.0
"""Messages a second in the SES sandbox, the lowest rate there is."""
REMOVAL = 20.0
"""Seconds that making and removing the queues may take, on top of the waiting."""


class Acting:
    """The acting door of one run. `longest` is how many seconds it may take, on top of the run's own limit.

    `messages` is the most that are sent, each a question that waits for what comes of it.
    """

    def __init__(self, gate: "Gate", aws: "AwsSource", pace: "Pace") -> None:
        from sesgate.clock import SystemClock
        from sesgate.gate import TestSend
        from sesgate.sending.journal import state_folder
        from sesgate.sending.source import SendingSource

        self.messages = MOST_MESSAGES * len(gate.senders)
        self.longest = (gate.test_send or TestSend()).timeout + self.messages / SLOWEST + REMOVAL
        folder = state_folder(os.environ)
        self._source: SendingSource = SendingSource(aws, SystemClock(), folder, longest=self.longest, pace=pace)

    @property
    def sources(self) -> "Mapping[str, Source]":
        """What the evidence asks to act."""
        return {"sending": self._source}

    @contextlib.contextmanager
    def on_behalf_of(self, place: "Place", profile: str | None, endpoint: str | None) -> Iterator[None]:
        """Opens the door for the caller; when it closes, all that was made is removed, and what is not is told."""
        from sesgate.sending.source import Run

        self._source.run = Run(place.region, place.account, place.caller, profile, endpoint)
        try:
            yield
        finally:
            with shielded():
                stuck = self._source.close()
            for thing, why in stuck:
                say(f"could not remove {thing}: {why}")
            if stuck:
                say("run `sesgate cleanup` to remove what is left")


@contextlib.contextmanager
def shielded() -> Iterator[None]:
    """Keeps Ctrl-C, SIGTERM and SIGHUP from breaking off what has to be ended; each step of it has a time limit."""
    before = {number: signal.signal(number, _wait) for number in (signal.SIGINT, *ENDING)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait(_number: int, _frame: Any) -> None:
    say("still removing what the test send made; killed now, `sesgate cleanup` finishes it")
