"""The evidence of one run: each question is asked once, and what came back is kept, failures too."""

import threading
import time
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from sesgate.clock import Clock, SystemClock
from sesgate.evidence.flight import Flight
from sesgate.evidence.pool import Pool
from sesgate.evidence.question import Answer, Failure, FailureKind, NotSeen, Question

BATCH_SIZE = 100
BATCH_WINDOW = 0.004


class Source(Protocol):
    """Answers the questions of one kind with facts. It never answers with a secret."""

    limit: float
    """Seconds that one question may take, time spent waiting for a turn aside."""

    def answer(self, question: Question, flight: Flight) -> Any:
        """The JSON value; None where the thing asked for does not exist. Raises NotSeen."""
        ...

    def batch_key(self, question: Question) -> Hashable | None:
        """Questions with equal keys can be answered by one call. None where there is no such call."""
        ...

    def answer_batch(self, questions: Sequence[Question], flight: Flight) -> Mapping[Question, Any]:
        """The values of up to 100 questions with one key. Raises NotSeen for all of them."""
        ...


class OneByOne:
    """The half of `Source` that is the same for all sources without batches."""

    def batch_key(self, question: Question) -> Hashable | None:  # noqa: ARG002 - no question has company
        return None

    def answer_batch(self, questions: Sequence[Question], flight: Flight) -> Mapping[Question, Any]:
        raise NotImplementedError


class Evidence:
    """Asks the sources, each question once, whoever asks and from however many threads.

    `known` are answers from a recording. `deadline` is a monotonic time: what has not come by then is a failure.
    `shared` answers the questions of some sources for several runs: each is asked once for all of them.
    """

    def __init__(
        self,
        sources: Mapping[str, Source],
        *,
        known: Mapping[Question, Answer] | None = None,
        clock: Clock | None = None,
        deadline: float = float("inf"),
        threads: int = 32,
        shared: "Mapping[str, Evidence] | None" = None,
    ) -> None:
        self._sources = sources
        self._shared = shared or {}
        self._clock = clock or SystemClock()
        self._deadline = deadline
        self._pool = Pool(threads, "question")
        self._lock = threading.Lock()
        self._flights = {question: Flight.landed(answer) for question, answer in (known or {}).items()}
        self._gathering: defaultdict[Hashable, list[Question]] = defaultdict(list)

    def ask(self, question: Question) -> Answer:
        """The answer, which may be a failure."""
        return self.ask_all([question])[0]

    def ask_all(self, questions: Iterable[Question]) -> list[Answer]:
        """The answers, in order; the questions are asked side by side."""
        asked = list(questions)
        self.start(asked)
        return [self._wait(question) for question in asked]

    def start(self, questions: Iterable[Question]) -> None:
        """Sets the questions on their way without waiting for the answers."""
        for evidence, question in self._booked(questions):
            evidence._take_off(question)

    def _booked(self, questions: Iterable[Question]) -> "list[tuple[Evidence, Question]]":
        """A flight for each question that has none, here or where it is shared. Those that have yet to take off."""
        waiting: list[tuple[Evidence, Question]] = []
        with self._lock:
            for question in questions:
                if question in self._flights:
                    continue
                shared = self._shared.get(question.source)
                if shared is None:
                    source = self._sources.get(question.source)
                    self._flights[question] = Flight(source.limit if source else 0)
                    waiting.append((self, question))
                else:
                    waiting += shared._booked([question])
                    self._flights[question] = shared._flights[question]
        return waiting

    def answers(self) -> dict[Question, Answer]:
        """All that is known by now."""
        with self._lock:
            flights = dict(self._flights)
        return {question: flight.answer for question, flight in flights.items() if flight.answer is not None}

    def _take_off(self, question: Question) -> None:
        source = self._sources.get(question.source)
        if source is None:
            failure = Failure(FailureKind.NOT_RECORDED, "the recording does not hold this question")
            self._land(question, failure, 0.0)
            return
        key = source.batch_key(question)
        if key is None:
            self._pool.submit(self._fly, source, question)
            return
        with self._lock:
            self._gathering[key].append(question)
            first = len(self._gathering[key]) == 1
        if first:
            self._pool.submit(self._gather, source, key)

    def _fly(self, source: Source, question: Question) -> None:
        flight = self._flights[question]
        flight.begin()
        began = time.perf_counter()
        value = _guarded(lambda: source.answer(question, flight))
        self._land(question, value, time.perf_counter() - began)

    def _gather(self, source: Source, key: Hashable) -> None:
        time.sleep(BATCH_WINDOW)
        with self._lock:
            questions = self._gathering.pop(key)
        batches = [questions[at : at + BATCH_SIZE] for at in range(0, len(questions), BATCH_SIZE)]
        for batch in batches[1:]:
            self._pool.submit(self._fly_batch, source, batch)
        self._fly_batch(source, batches[0])

    def _fly_batch(self, source: Source, questions: Sequence[Question]) -> None:
        flights = [self._flights[question] for question in questions]
        for flight in flights:
            flight.begin()
        began = time.perf_counter()
        values = _guarded(lambda: source.answer_batch(questions, _Formation(flights)))
        seconds = time.perf_counter() - began
        for question in questions:
            self._land(question, values if isinstance(values, Failure) else values.get(question), seconds)

    def _land(self, question: Question, value: Any, seconds: float) -> Answer:
        failure = value if isinstance(value, Failure) else None
        answer = Answer(None if failure else value, failure, self._clock.now(), round(seconds, 4))
        return self._flights[question].land(answer)

    def _wait(self, question: Question) -> Answer:
        flight = self._flights[question]
        if not flight.wait(self._deadline) and flight.answer is None:
            late = time.monotonic() >= self._deadline
            kind = FailureKind.DEADLINE if late else FailureKind.TIMEOUT
            message = "the time limit of the run was reached" if late else "no whole answer within the limit"
            return self._land(question, Failure(kind, f"{message} ({_where(question)})"), 0.0)
        assert flight.answer is not None
        return flight.answer


class _Formation(Flight):
    """The flights of one batch, extended together."""

    def __init__(self, flights: Sequence[Flight]) -> None:
        super().__init__(0)
        self._flights = flights

    def extend(self, seconds: float) -> None:
        for flight in self._flights:
            flight.extend(seconds)


def _guarded(ask: Any) -> Any:
    """The value, or the Failure. A fault of the source itself is a failure too; its text might hold anything."""
    try:
        return ask()
    except NotSeen as unseen:
        return unseen.failure
    except Exception as fault:  # noqa: BLE001 - contained, and told as a failure
        return Failure(FailureKind.NOT_UNDERSTOOD, f"the answer could not be understood ({type(fault).__name__})")


def _where(question: Question) -> str:
    return " ".join((question.source, *question.fields))
