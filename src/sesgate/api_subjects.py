"""The kinds of subject that the gate's `api` has."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from sesgate.evidence import Question
from sesgate.subjects import Path

if TYPE_CHECKING:
    from sesgate.api import ApiRequest
    from sesgate.context import Context


@dataclass(frozen=True, slots=True)
class ApiProbe:
    """A request of `api.probes`, or one made from `api.ready_made`. `works` is the one that it was made from.

    `is_first` marks the first of all: there it is told what concerns them all.
    """

    kind: ClassVar[str] = "probe"
    name: str
    request: "ApiRequest"
    works: "ApiRequest | None"
    is_first: bool

    @property
    def where(self) -> Path:
        return self.request.where

    @property
    def question(self) -> Question:
        """The request, to be asked."""
        return _question(self.request)

    @property
    def control(self) -> Question | None:
        """The request that works, to be asked."""
        return _question(self.works) if self.works is not None else None

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        from sesgate.api import requests_of

        found = list(requests_of(context.gate.api)) if context.gate.api is not None else []
        by_name = {request.name: request for request in found}
        for at, request in enumerate(found):
            yield cls(request.name, request, by_name[request.works] if request.works else None, at == 0)


def _question(request: "ApiRequest") -> Question:
    return Question.http(request.name, request.shown, request.written)
