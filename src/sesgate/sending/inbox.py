"""Where the events of a run come together, from all queues that are read; and who waits for them."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct

from sesgate.evidence.question import NotSeen
from sesgate.sending.events import Event


class Arrival(Struct, frozen=True):
    """An event, the place where it was looked for (a topic's ARN, a queue's), and when it came, as monotonic time."""

    event: Event
    place: str
    at: float


class Inbox:
    """Takes arrivals from the threads that read queues. A place that can't be read any more hides what may be there."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._arrivals: list[Arrival] = []
        self._blind: dict[str, NotSeen] = {}
        self._awaited: Counter[str] = Counter()

    def add(self, event: Event, place: str) -> None:
        """An event has come."""
        with self._news:
            self._arrivals.append(Arrival(event, place, time.monotonic()))
            self._news.notify_all()

    def go_blind(self, place: str, why: NotSeen) -> None:
        """The place can't be read any more."""
        with self._news:
            self._blind.setdefault(place, why)
            self._news.notify_all()

    @contextmanager
    def awaiting(self, places: Sequence[str]) -> Iterator[None]:
        """As long as this lasts, somebody waits for what comes to the places."""
        with self._news:
            self._awaited.update(places)
        try:
            yield
        finally:
            with self._news:
                self._awaited.subtract(places)

    def is_awaited(self, place: str) -> bool:
        """Whether anybody waits for what comes to the place."""
        with self._news:
            return self._awaited[place] > 0

    def arrivals(self) -> list[Arrival]:
        """All that came by now, in order."""
        with self._news:
            return list(self._arrivals)

    def wait(self, places: Sequence[str], enough: Callable[[Sequence[Arrival]], bool], until: float) -> bool:
        """Waits until what came is enough: True; or until a monotonic time: False. Raises NotSeen."""
        with self._news:
            while not enough(self._arrivals):
                for place in places:
                    if why := self._blind.get(place):
                        raise why
                left = until - time.monotonic()
                if left <= 0:
                    return False
                self._news.wait(left)
            return True
