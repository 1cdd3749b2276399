"""The queue that the gate names, read in place of the application: what is not the run's own is given back."""

import threading
import time
from collections.abc import Callable, Sequence

from sesgate.evidence.question import NotSeen
from sesgate.sending.acts import LONG_POLL, Acts
from sesgate.sending.events import Event
from sesgate.sending.inbox import Inbox
from sesgate.sending.receiving import Message, delete, give_back, receive
from sesgate.ses.declared_queue import LOOK_EVERY

HIDDEN = 15
"""Seconds after which SQS gives back by itself what a run that was killed has received."""
LONGEST_LOOK = 8.0
"""Seconds. A look ends well before what it holds becomes visible again."""
GIVING_BACK = 3.0
"""Seconds that the end of a run waits for a look that is under way."""
IDLE = 0.1


class SharedQueue:
    """Looks into the queue as long as somebody waits for an event.

    A look goes once through all that is there, and holds what is others' until it is through: given back before, the
    same messages would come again and again, and the run's own would never be reached behind them.
    """

    def __init__(self, acts: Acts, region: str, url: str, inbox: Inbox, is_own: Callable[[Event], bool]) -> None:
        self._acts = acts
        self._region = region
        self._url = url
        self._inbox = inbox
        self._is_own = is_own
        self._stopping = threading.Event()
        self._holding = threading.Lock()
        self._seen: set[str] = set()

    def open(self) -> None:
        """Begins to read."""
        threading.Thread(target=self._read, name="listening", daemon=True).start()

    def stop(self) -> None:
        """Ends the reading, once what is held was given back."""
        self._stopping.set()
        if self._holding.acquire(timeout=GIVING_BACK):
            self._holding.release()

    def _read(self) -> None:
        while not self._stopping.is_set():
            if not self._inbox.is_awaited(self._url):
                self._stopping.wait(IDLE)
                continue
            try:
                held = self._look()
            except NotSeen as failed:
                self._inbox.go_blind(self._url, failed)
                return
            if held:
                self._stopping.wait(LOOK_EVERY)

    def _look(self) -> int:
        """How many messages were others'. Raises NotSeen."""
        until = time.monotonic() + LONG_POLL + LONGEST_LOOK
        messages = self._receive(LONG_POLL)
        others: list[Message] = []
        with self._holding:
            try:
                while messages:
                    others += self._take(messages)
                    is_over = self._stopping.is_set() or time.monotonic() > until
                    messages = [] if is_over else self._receive(0)
            finally:
                give_back(self._acts, self._region, self._url, others)
        return len(others)

    def _receive(self, wait: int) -> list[Message]:
        return receive(self._acts, self._region, self._url, wait=wait, hidden=HIDDEN)

    def _take(self, messages: Sequence[Message]) -> list[Message]:
        """Takes what is the run's own out of the queue. The rest. SQS may hand out a message a second time."""
        own = [one for one in messages if one.event is not None and self._is_own(one.event)]
        for message in own:
            if message.event is not None and message.id not in self._seen:
                self._inbox.add(message.event, self._url)
            self._seen.add(message.id)
        delete(self._acts, self._region, self._url, own)
        return [one for one in messages if one not in own]
