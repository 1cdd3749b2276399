"""The source of environment variables: reads a service's places once, judges there, and answers with facts alone."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from sesgate.evidence.environment.asking import (
    Sources,
    setting_of,
    sources_of,
    start_question,
    variables_question,
)
from sesgate.evidence.environment.found import Reading
from sesgate.evidence.environment.judging import facts
from sesgate.evidence.environment.merging import Read
from sesgate.evidence.environment.once import Once
from sesgate.evidence.environment.outside import Outside
from sesgate.evidence.environment.readers import reader
from sesgate.evidence.environment.start import answer_start
from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.pool import Pool
from sesgate.evidence.question import Failure, FailureKind, NotSeen, Question, canonical

if TYPE_CHECKING:
    from sesgate.gate import Gate, Service

THREADS = 32


class EnvironmentSource(OneByOne):
    """Answers ("environment", "variables" or "start", service) for the services of a gate, and for no others.

    The rules come from the gate and not from the question: what was filled into them may be secret.
    """

    limit = 30.0

    def __init__(self, gate: "Gate", outside: Outside) -> None:
        self._setting = setting_of(gate, outside.region)
        self._services: Mapping[Question, Service] = {
            **{variables_question(service, self._setting): service for service in gate.services},
            **{start_question(service): service for service in gate.services},
        }
        self._outside = outside
        self._once = Once()
        self._pool = Pool(THREADS, "environment")

    def answer(self, question: Question, flight: Flight) -> Any:
        service = self._services.get(question)
        if service is None:
            raise NotSeen(Failure(FailureKind.REJECTED, "the gate of this run has no such service"))
        sources = sources_of(service)
        read = self._read(sources, service.read_secrets, flight)
        if question.fields[0] == "start":
            kinds = [kind for kind, _ in sources]
            reach = self._outside.reach(flight, read_secrets=service.read_secrets)
            return answer_start(list(zip(kinds, read, strict=True)), reach)
        if all(isinstance(each, Failure) for each in read):
            raise NotSeen(next(each for each in read if isinstance(each, Failure)))
        return facts(service, read, self._setting)

    def _read(self, sources: Sources, read_secrets: bool, flight: Flight) -> list[Read]:
        """What came of each source, read side by side."""
        calls = [self._pool.submit(self._read_one, kind, spec, read_secrets, flight) for kind, spec in sources]
        return [_outcome(call) for call in calls]

    def _read_one(self, kind: str, spec: Any, read_secrets: bool, flight: Flight) -> Reading:
        def read() -> Reading:
            return reader(kind, spec)(spec, self._outside.reach(flight, read_secrets=read_secrets))

        reading: Reading = self._once.get((kind, canonical(spec), read_secrets), read)
        return reading


def _outcome(call: "Future[Reading]") -> Read:
    """The reading, or why there is none. The text of an exception may hold anything, a secret too."""
    try:
        return call.result()
    except NotSeen as not_seen:
        return not_seen.failure
    except Exception as fault:  # noqa: BLE001 - contained, and told as a failure
        return Failure(FailureKind.NOT_UNDERSTOOD, f"the place could not be understood ({type(fault).__name__})")
