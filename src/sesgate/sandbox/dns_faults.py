"""Faults of the name server: what is dropped, refused, cut short, garbled or slow."""

import threading
from dataclasses import dataclass
from enum import Enum, auto


class DnsMisbehaviour(Enum):
    """What the name server does instead of answering."""

    DROP = auto()
    SERVFAIL = auto()
    REFUSED = auto()
    TRUNCATE = auto()
    GARBAGE = auto()
    CNAME_LOOP = auto()


@dataclass
class _Rule:
    name: str | None
    rdtype: str | None
    misbehaviour: DnsMisbehaviour
    left: int | None


class DnsFaults:
    """Each fault is for one name and type, for a name, or, without a name, for all.

    `times` is how many questions it meets before it heals; None is for ever. The first fault that fits is met.
    Latencies add up and meet every question, on top of whatever else it meets.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[_Rule] = []
        self._latencies: list[tuple[str | None, float]] = []

    def drop(self, name: str | None = None, rdtype: str | None = None, *, times: int | None = None) -> None:
        """No answer at all."""
        self._add(DnsMisbehaviour.DROP, name, rdtype, times)

    def servfail(self, name: str | None = None, rdtype: str | None = None, *, times: int | None = None) -> None:
        """SERVFAIL, as a resolver says of a zone that is broken."""
        self._add(DnsMisbehaviour.SERVFAIL, name, rdtype, times)

    def refuse(self, name: str | None = None, rdtype: str | None = None, *, times: int | None = None) -> None:
        """REFUSED, as a resolver says to a stranger."""
        self._add(DnsMisbehaviour.REFUSED, name, rdtype, times)

    def truncate(self, name: str | None = None, rdtype: str | None = None) -> None:
        """Truncated over UDP, and TCP connections break, as behind a firewall that knows DNS over UDP only."""
        self._add(DnsMisbehaviour.TRUNCATE, name, rdtype, None)

    def garbage(self, name: str | None = None, rdtype: str | None = None, *, times: int | None = None) -> None:
        """Octets that are no DNS message."""
        self._add(DnsMisbehaviour.GARBAGE, name, rdtype, times)

    def cname_loop(self, name: str) -> None:
        """The name is an alias of a name that is an alias of it."""
        self._add(DnsMisbehaviour.CNAME_LOOP, name, None, None)

    def slow(self, milliseconds: float, name: str | None = None) -> None:
        """Each answer takes so much longer."""
        with self._lock:
            self._latencies.append((_plain(name), milliseconds / 1000))

    def heal(self) -> None:
        """Takes every fault out."""
        with self._lock:
            self._rules.clear()
            self._latencies.clear()

    def delay(self, name: str) -> float:
        """Seconds to wait before this question is answered."""
        with self._lock:
            return sum(seconds for wanted, seconds in self._latencies if wanted in (None, name))

    def meet(self, name: str, rdtype: str) -> DnsMisbehaviour | None:
        """What this question meets instead of its answer; counts it."""
        with self._lock:
            for rule in self._rules:
                if rule.left != 0 and rule.name in (None, name) and rule.rdtype in (None, rdtype):
                    rule.left = None if rule.left is None else rule.left - 1
                    return rule.misbehaviour
        return None

    def _add(self, misbehaviour: DnsMisbehaviour, name: str | None, rdtype: str | None, times: int | None) -> None:
        with self._lock:
            self._rules.append(_Rule(_plain(name), rdtype, misbehaviour, times))


def _plain(name: str | None) -> str | None:
    return None if name is None else name.lower().rstrip(".")
