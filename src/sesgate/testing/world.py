"""A world for a check to look at: a gate, a place, a moment, and what each question is answered with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import structs

from sesgate.clock import FixedClock
from sesgate.context import Context, Place
from sesgate.evidence import Answer, Evidence, Failure, FailureKind, Question, Source
from sesgate.evidence.offline import OUTSIDE, OfflineSource
from sesgate.evidence.recording import Recording
from sesgate.gate import LoadedGate, load_gate
from sesgate.testing.stated import NXDOMAIN, EmptyDns, Sent, StatedEnvironment

if TYPE_CHECKING:
    from sesgate.evidence.environment.found import Reading

MOMENT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
"""When test worlds are, unless said otherwise."""

_LOCAL = ("file", "clients", "git")
_ANSWERED: Mapping[str, Any] = {
    "transport": "https",
    "status": 200,
    "headers": {},
    "redirect": None,
    "hops": 0,
    "bytes": 2,
    "whole": True,
    "json": True,
    "unexpected_headers": [],
    "unexpected_json": [],
    "credentials": [],
}


@dataclass(frozen=True)
class World:
    """An outside made of stated answers. Each method returns another world; the first one stays as it is.

    A DNS question without an answer gets NXDOMAIN, any other one a failure.
    """

    gate_text: str
    answers: Mapping[Question, Answer]
    place: Place
    moment: datetime = MOMENT
    variables: Mapping[str, str] | None = None
    asks_outside: bool = True
    readings: Mapping[str, "Sequence[Reading | Failure]"] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_recording(cls, recording: Recording) -> "World":
        """The world that a run saw."""
        return cls(
            recording.gate_text,
            dict(recording.answers),
            Place.from_json(recording.place),
            recording.started_at,
            dict(recording.variables),
        )

    def gate(self, text: str) -> "World":
        """With another gate."""
        return replace(self, gate_text=text)

    def with_gate(self, **parts: Any) -> "World":
        """With some top-level parts of the gate replaced (None takes a part away)."""
        kept = {name: part for name, part in {**_parts(self.gate_text), **parts}.items() if part is not None}
        return self.gate(_written(kept))

    def at(self, moment: datetime) -> "World":
        """At another time."""
        return replace(self, moment=moment)

    def elsewhere(self, **changes: Any) -> "World":
        """With another `Place`: other_regions, resolvers, account …"""
        return replace(self, place=structs.replace(self.place, **changes))

    def answer(
        self, service: str, operation: str, parameters: Mapping[str, Any] | None = None, **fields: Any
    ) -> "World":
        """With top-level fields of an AWS answer replaced.

        With `parameters` for that question alone (which need not have been asked before); without, for every known
        question of the operation.
        """
        return self._each(service, operation, parameters, lambda value: {**(value or {}), **fields})

    def absent(self, service: str, operation: str, parameters: Mapping[str, Any] | None = None) -> "World":
        """Where the thing asked for does not exist."""
        return self._each(service, operation, parameters, lambda _: None)

    def fail(
        self,
        service: str,
        operation: str,
        kind: FailureKind = FailureKind.DENIED,
        parameters: Mapping[str, Any] | None = None,
    ) -> "World":
        """Where an operation can't be looked at."""
        action = f"{service.removesuffix('v2')}:{operation}"
        failure = Failure(kind, f"{action} is {kind.value}: grant {action} to the caller", action)
        known = self._questions(service, operation, parameters)
        return self._with({question: self._failed(failure) for question in known})

    def fail_all(self) -> "World":
        """Where nothing can be looked at, neither AWS nor the DNS."""
        return replace(self, answers={}, readings={}, place=structs.replace(self.place, resolvers=("unreachable",)))

    def dns(self, name: str, rdtype: str, *records: str, ttl: int = 300, chain: Sequence[str] = ()) -> "World":
        """With these records at a name, at every resolver; no records means that the name has none of this type."""
        value = {"rcode": "NOERROR", "records": sorted(records), "chain": list(chain), "ttl": ttl}
        return self._dns(name, rdtype, value)

    def no_name(self, name: str, *rdtypes: str) -> "World":
        """Where a name does not exist (for all types that were asked, or those given)."""
        return self._all_types(name, rdtypes, lambda: self._found(dict(NXDOMAIN)))

    def dns_fails(self, name: str, *rdtypes: str, kind: FailureKind = FailureKind.SERVFAIL) -> "World":
        """Where no resolver can tell about a name (for all types that were asked, or those given)."""
        failure = Failure(kind, f"resolver 1 answered {kind.value.upper()} to {name}")
        return self._all_types(name, rdtypes, lambda: self._failed(failure))

    def dns_at(self, resolver: str, name: str, rdtype: str, *records: str, ttl: int = 300) -> "World":
        """With these records at one resolver."""
        value = {"rcode": "NOERROR", "records": sorted(records), "chain": [], "ttl": ttl}
        return self._with({Question.dns(rdtype, name, resolver): self._found(value)})

    def name_server(
        self, host: str, name: str, rdtype: str, *records: str, ttl: int = 300, delegated: Sequence[str] = ()
    ) -> "World":
        """With these records at one of the zone's own name servers, or a referral to the servers it delegates to."""
        value = {"rcode": "NOERROR", "records": sorted(records), "chain": [], "ttl": ttl}
        more = {"authoritative": not delegated, "delegated": sorted(delegated)}
        return self._with({Question.name_server(rdtype, name, host): self._found({**value, **more})})

    def name_server_fails(self, host: str, name: str, *rdtypes: str) -> "World":
        """Where one of the zone's own name servers does not answer about a name."""
        failure = Failure(FailureKind.TIMEOUT, f"{host} did not answer")
        return self._with({Question.name_server(rdtype, name, host): self._failed(failure) for rdtype in rdtypes})

    def file(self, path: str, text: str | None, reader: str = "policies") -> "World":
        """With a local file of this text, as its reader takes it; None: there is no such file."""
        from sesgate.connect import file_readers

        value = None if text is None else file_readers()[reader](text)
        return self._with({Question.file(reader, path): self._found(value)})

    def environment(self, service: str, *read: "Reading | Failure") -> "World":
        """Where a service of the gate has these variables: what its sources give, in their order."""
        return replace(self, readings={**self.readings, service: read})

    def sets(self, service: str, **values: str) -> "World":
        """Where a service's variables stand in plain text in one place, ".env"."""
        from sesgate.evidence.environment.found import Reading, Variable

        found = {name: Variable(name, ".env", value) for name, value in values.items()}
        return self.environment(service, Reading(".env", found))

    def beside(self, **texts: str) -> "World":
        """With these files beside the gate, for what looks at a service's start: `Dockerfile="FROM node"`."""
        return replace(self, texts={**self.texts, **texts})

    def told(self, question: Question, value: Any) -> "World":
        """With this answer to a question of any source; None: the thing asked for does not exist."""
        return self._with({question: self._found(value)})

    def http(self, name: str, **facts: Any) -> "World":
        """With some facts of the answer to one of the gate's requests replaced, by its name: `status=200`."""
        question = self._request(name)
        known = self.answers.get(question)
        return self._with({question: self._found({**((known.value if known else None) or _ANSWERED), **facts})})

    def http_fails(self, name: str, kind: FailureKind = FailureKind.TIMEOUT) -> "World":
        """Where one of the gate's requests gets no answer."""
        failure = Failure(kind, f"{name} got no answer: {kind.value}")
        return self._with({self._request(name): self._failed(failure)})

    def _request(self, name: str) -> Question:
        from sesgate.api import requests_of

        api = self.loaded().gate.api
        assert api is not None, "the gate has no api"
        return next(
            Question.http(each.name, each.shown, each.written) for each in requests_of(api) if each.name == name
        )

    def sending(self, mailbox: str | None = None) -> "World":
        """Where the run may act: `check --send`. What acting learned is told by `sent`, or by the recording."""
        return self.elsewhere(send=True, mailbox=mailbox)

    def sent(self, sender: str, address: str, **fields: Any) -> "World":
        """With top-level fields of what a test message of a sender to an address came to replaced, or stated."""
        known = [question for question in self.answers if question.fields == ("message", sender, address)]
        asked = known[0] if known else Question.message(sender, address, {})
        old = self.answers[asked].value if known else {}
        return self._with({asked: self._found({**old, **fields})})

    def offline(self) -> "World":
        """Where only local files are asked: `check --offline`."""
        local = {question: answer for question, answer in self.answers.items() if question.source in _LOCAL}
        return replace(self, answers=local, asks_outside=False)

    def evidence(self) -> Evidence:
        """The evidence of this world, with nothing asked yet."""
        sources: dict[str, Source] = {"dns": EmptyDns()}
        if not self.asks_outside:
            sources = dict.fromkeys((*OUTSIDE, "environment", "contract"), OfflineSource())
        if self.readings:
            sources["environment"] = StatedEnvironment(self)
        if self.place.send:
            sources["sending"] = Sent(self.answers)
        return Evidence(sources, known=self.answers, clock=FixedClock(self.moment), threads=4)

    def loaded(self) -> LoadedGate:
        """The gate of this world."""
        return load_gate("-", self.variables or {}, self.gate_text, stand_in=True)

    def context(self) -> Context:
        """The context that a check sees in this world."""
        loaded = self.loaded()
        place = structs.replace(self.place, region=self.place.region or loaded.gate.aws.region)
        return Context(loaded.gate, self.evidence(), FixedClock(self.moment), place)

    def _each(self, service: str, operation: str, parameters: Mapping[str, Any] | None, change: Any) -> "World":
        known = self._questions(service, operation, parameters)
        old = {question: self.answers[question].value if question in self.answers else None for question in known}
        return self._with({question: self._found(change(old[question])) for question in known})

    def _questions(self, service: str, operation: str, parameters: Mapping[str, Any] | None) -> list[Question]:
        if parameters is not None:
            return [Question.aws(self.place.region, service, operation, parameters)]
        asked = [question for question in self.answers if question.source == "aws"]
        known = [question for question in asked if question.fields[1:] == (service, operation)]
        return known or [Question.aws(self.place.region, service, operation)]

    def _dns(self, name: str, rdtype: str, value: Mapping[str, Any]) -> "World":
        return self._with({Question.dns(rdtype, name, at): self._found(dict(value)) for at in self.place.resolvers})

    def _all_types(self, name: str, rdtypes: Iterable[str], answer: Any) -> "World":
        wanted = set(rdtypes) or {"A", "AAAA", "CNAME", "MX", "NS", "SOA", "TXT"}
        return self._with(
            {Question.dns(rdtype, name, at): answer() for rdtype in wanted for at in self.place.resolvers}
        )

    def _with(self, answers: Mapping[Question, Answer]) -> "World":
        return replace(self, answers={**self.answers, **answers})

    def _found(self, value: Any) -> Answer:
        return Answer(value, None, self.moment, 0.0)

    def _failed(self, failure: Failure) -> Answer:
        return Answer(None, failure, self.moment, 0.0)


@lru_cache(maxsize=64)
def _parts(gate_text: str) -> Mapping[str, Any]:
    import yaml

    found: dict[str, Any] = yaml.load(gate_text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both safe
    return found


def _written(parts: Mapping[str, Any]) -> str:
    import yaml

    text: str = yaml.dump(parts, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper), sort_keys=False)
    return text
