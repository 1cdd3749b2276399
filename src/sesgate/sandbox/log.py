"""What the sandbox was asked, so that tests and measurements can count it."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import NamedTuple

from sesgate.sandbox.calls import Call


class DnsQuestion(NamedTuple):
    """A DNS question that came; `name` in lower case without final dot, `transport` "udp" or "tcp"."""

    name: str
    rdtype: str
    transport: str


@dataclass
class Log:
    """Calls and questions in the order in which they came, refused and unanswered ones too."""

    calls: list[Call] = field(default_factory=list)
    questions: list[DnsQuestion] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add_call(self, call: Call) -> None:
        with self._lock:
            self.calls.append(call)

    def add_question(self, question: DnsQuestion) -> None:
        with self._lock:
            self.questions.append(question)

    def count_calls(self) -> Counter[tuple[str, str]]:
        """How often each (service, operation) was called."""
        with self._lock:
            return Counter((call.service, call.operation) for call in self.calls)

    def count_questions(self) -> Counter[tuple[str, str]]:
        """How often each (name, type) was asked, over UDP and TCP together."""
        with self._lock:
            return Counter((question.name, question.rdtype) for question in self.questions)

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            self.calls.clear()
            self.questions.clear()
