"""The environment variables of services."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Self

from msgspec import Struct

from sesgate.subjects.base import Path

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.evidence import Question
    from sesgate.gate import Service as DeclaredService
    from sesgate.gate import Variable as Rules


class Variable(Struct, frozen=True):
    """One variable of one service, `variable` by its name. `position` is the service's, from 0.

    `rules` is None for a variable that the gate does not declare, and that deserves a word all the same. `question` is
    the one about the service: its answer tells of all the variables.
    """

    kind: ClassVar[str] = "service/VARIABLE"
    name: str
    service: "DeclaredService"
    variable: str
    position: int
    question: "Question"
    rules: "Rules | None" = None

    @property
    def where(self) -> Path:
        service = ("services", self.position)
        return (*service, "variables", self.variable) if self.rules is not None else service

    @classmethod
    def find(cls, context: "Context") -> Iterable[Self]:
        from sesgate.matrix import variables_of

        asked = [variables_of(context, service) for service in context.gate.services]
        context.start(asked)
        for position, (service, question) in enumerate(zip(context.gate.services, asked, strict=True)):
            for name, rules in service.variables.items():
                yield cls(f"{service.name}/{name}", service, name, position, question, rules)
        yield from cls._undeclared(context, asked)

    @classmethod
    def _undeclared(cls, context: "Context", asked: "Sequence[Question]") -> Iterable[Self]:
        """Those that look misspelt, or hold a credential in plain text. Where a service can't be seen, there are none:
        its declared variables say so. Not asked through the context: each finding cites its own service alone."""
        from sesgate.matrix import parse, remarkable

        services = context.gate.services
        answers = context.evidence.ask_all(asked)
        for position, (service, question, answer) in enumerate(zip(services, asked, answers, strict=True)):
            if answer.failure is None:
                for name in remarkable(parse(answer.value)):
                    yield cls(f"{service.name}/{name}", service, name, position, question)
