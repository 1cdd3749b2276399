"""The kinds of subject that the gate's `api` has."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self

from msgspec import Struct

from sesgate.evidence import Question
from sesgate.subjects import Path

if TYPE_CHECKING:
    from sesgate.api import ApiRequest
    from sesgate.context import Context
    from sesgate.gate import ApiContract


class ApiProbe(Struct, frozen=True):
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


class ApiOperation(Struct, frozen=True):
    """An operation of the baseline contract, or the contract as a whole: then `path` is None and `method` too.

    `breaks` are those of this operation, as `ContractSource` tells them.
    """

    kind: ClassVar[str] = "path and method"
    name: str
    method: str | None
    path: str | None
    breaks: tuple[Mapping[str, Any], ...]

    @property
    def where(self) -> Path:
        return ("api", "contract")

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        contract = context.gate.api.contract if context.gate.api is not None else None
        if contract is None:
            return
        facts = context.ask(_contract_question(contract))
        of_operation: dict[tuple[str | None, str | None], list[Mapping[str, Any]]] = {}
        for each in facts["breaks"]:
            of_operation.setdefault((each["method"], each["path"]), []).append(each)
        whole = of_operation.pop((None, None), [])
        of_path = {path: breaks for (method, path), breaks in of_operation.items() if method is None}
        paths = {path for _, path in facts["operations"]}
        whole += [each for path, breaks in of_path.items() if path not in paths for each in breaks]
        if whole or not facts["operations"]:
            yield cls(contract.baseline, None, None, tuple(whole))
        for method, path in facts["operations"]:
            breaks = [*of_path.get(path, ()), *of_operation.get((method, path), ())]
            yield cls(f"{method} {path}", method, path, tuple(breaks))


def _contract_question(contract: "ApiContract") -> Question:
    written = contract.written["live"] if contract.written else contract.live
    return Question.contract(contract.baseline, str(written))


def _question(request: "ApiRequest") -> Question:
    return Question.http(request.name, request.shown, request.written)
