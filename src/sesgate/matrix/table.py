"""The whole matrix, for the report: a cell for each variable that the gate declares, in each of its services."""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from sesgate.cell import Cell
from sesgate.evidence import FailureKind
from sesgate.finding import Status
from sesgate.matrix.cells import cell
from sesgate.matrix.facts import Fact, parse, variables_of
from sesgate.report.model import EnvironmentCell

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.engine import Judged
    from sesgate.evidence import Answer


def table(context: "Context", judged: Collection["Judged"]) -> tuple[EnvironmentCell, ...]:
    """The cells of the services that this run looked at. It asks nothing: what was not asked for has no cells.

    `judged` are the findings about variables. They know more than the places tell: whether what a value names is there.
    """
    failed = {one.subject for one in judged if one.status is Status.FAIL and one.severity.weight}
    unseen = {one.subject for one in judged if one.status is Status.ERROR}
    return tuple(_cells(context, failed, unseen))


def _cells(context: "Context", failed: Collection[str], unseen: Collection[str]) -> Iterator[EnvironmentCell]:
    answers = context.evidence.answers()
    for service in context.gate.services:
        answer = answers.get(variables_of(context, service))
        if answer is None or (answer.failure and answer.failure.kind is FailureKind.OFFLINE):
            continue
        facts = _facts(answer)
        for name, rules in service.variables.items():
            fact = facts.get(name)
            state = cell(fact, rules) if fact else Cell.UNREADABLE
            subject = f"{service.name}/{name}"
            if state.is_right and subject in failed:
                state = Cell.WRONG
            elif state.is_right and subject in unseen:
                state = Cell.UNREADABLE
            yield EnvironmentCell(service.name, name, state.value, fact.place if fact else None)


def _facts(answer: "Answer") -> Mapping[str, Fact]:
    """What is known of each variable. A recording that somebody changed may hold anything: that is not seen."""
    if answer.failure:
        return {}
    try:
        return parse(answer.value).variables
    except (LookupError, TypeError, ValueError, AttributeError):
        return {}
