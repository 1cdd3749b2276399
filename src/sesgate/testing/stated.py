"""Sources that answer by what a world states."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sesgate.evidence import Answer, Failure, FailureKind, NotSeen, Question
from sesgate.evidence.evidence import OneByOne
from sesgate.evidence.flight import Flight
from sesgate.evidence.question import NAME_SERVER

if TYPE_CHECKING:
    from sesgate.testing.world import World

NXDOMAIN: Mapping[str, Any] = {"rcode": "NXDOMAIN", "records": [], "chain": [], "ttl": 300}


class EmptyDns(OneByOne):
    """A DNS in which nothing exists; the resolver "unreachable" answers nothing."""

    limit = 5.0

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002
        if question.fields[2].startswith(NAME_SERVER):
            return {**NXDOMAIN, "authoritative": True, "delegated": []}
        if question.fields[2] == "unreachable":
            raise NotSeen(Failure(FailureKind.TIMEOUT, "the resolver did not answer"))
        return dict(NXDOMAIN)


class StatedEnvironment(OneByOne):
    """Judges the stated readings by the rules of the world's gate, as the real source judges what it reads."""

    limit = 5.0

    def __init__(self, world: "World") -> None:
        from sesgate.evidence.environment.asking import setting_of, start_question, variables_question
        from sesgate.evidence.environment.outside import Outside

        gate = world.loaded().gate
        self._setting = setting_of(gate, world.place.region or gate.aws.region)
        self._services = {
            **{variables_question(service, self._setting): service for service in gate.services},
            **{start_question(service): service for service in gate.services},
        }
        self._readings = world.readings
        self._outside = Outside(self._setting.region, {}, _Texts(world.texts), None)

    def answer(self, question: Question, flight: Flight) -> Any:
        from sesgate.evidence.environment.judging import facts
        from sesgate.evidence.environment.start import answer_start

        service = self._services.get(question)
        if service is None or service.name not in self._readings:
            raise NotSeen(Failure(FailureKind.NOT_RECORDED, "the world states nothing of this service"))
        read = self._readings[service.name]
        if question.fields[0] == "start":
            kinds = [source.kind for source in service.source]
            return answer_start(list(zip(kinds, read, strict=True)), self._outside.reach(flight, read_secrets=False))
        return facts(service, read, self._setting)


@dataclass(frozen=True)
class _Texts:
    """The files beside the gate."""

    texts: Mapping[str, str]

    def text(self, path: str) -> str | None:
        return self.texts.get(path)


class Sent(OneByOne):
    """What test messages came to, whatever they were sent as: known by sender and address."""

    limit = 5.0

    def __init__(self, answers: Mapping[Question, Answer]) -> None:
        self._known = {question.fields: answer for question, answer in answers.items() if question.source == "sending"}

    def answer(self, question: Question, flight: Flight) -> Any:  # noqa: ARG002
        known = self._known.get(question.fields)
        if known is None:
            raise NotSeen(Failure(FailureKind.NOT_RECORDED, "the world does not tell what the message came to"))
        return known.read()
