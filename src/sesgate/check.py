"""What a check is: a function of one subject, declared once and completely."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sesgate.finding import Finding, Severity

if TYPE_CHECKING:
    from sesgate.context import Context
    from sesgate.subjects import Subject

ATTRIBUTE = "__sesgate_check__"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z]+")

CheckFunction = Callable[[Any, "Context", Any], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class NoOptions:
    """The options of a check that has none."""


@dataclass(frozen=True, slots=True)
class Check:
    """A declared check. `reads` are the IAM actions it may need; `dns` says whether it asks the DNS, `http` the API.

    `acts` are the IAM actions that it needs beside them with --send, and then only.
    """

    id: str
    each: "type[Subject]"
    asked_by: str
    serves: str
    severity: Severity
    reads: tuple[str, ...]
    causes: Mapping[str, Severity]
    function: CheckFunction = field(repr=False)
    dns: bool = False
    local: bool = False
    options: type = NoOptions
    http: bool = False
    acts: tuple[str, ...] = ()

    @property
    def summary(self) -> str:
        """The first line of the function's docstring."""
        return (self.function.__doc__ or "").strip().splitlines()[0] if self.function.__doc__ else ""


def check(  # noqa: PLR0913 - a check is declared completely
    *,
    id: str,  # noqa: A002 - the field's name in the contract
    each: "type[Subject]",
    asked_by: str,
    serves: str,
    severity: Severity,
    reads: Sequence[str],
    causes: Mapping[str, Severity],
    dns: bool = False,
    local: bool = False,
    options: type = NoOptions,
    http: bool = False,
    acts: Sequence[str] = (),
) -> Callable[[CheckFunction], CheckFunction]:
    """Declares the function below it as a check.

    `each` is the kind of subject it is called with, one call a subject, `asked_by` the part of the gate that asks for
    it (`senders`), `serves` the checklist line, `reads` the IAM actions it may need, `dns` whether it asks the DNS,
    `http` whether it asks the application's API, `local` whether local files are enough for it. `acts` are the IAM
    actions that it needs with --send only. `options` is a frozen dataclass whose fields are the knobs of
    `checks.<id>.options`. Raises ValueError where the declaration contradicts itself.
    """

    def declare(function: CheckFunction) -> CheckFunction:
        asks = (dns, local, options, http, tuple(acts))
        declared = Check(id, each, asked_by, serves, severity, tuple(reads), dict(causes), function, *asks)
        problems = list(_contradictions(declared))
        if problems:
            raise ValueError(f"check {id!r}: " + "; ".join(problems))
        setattr(function, ATTRIBUTE, declared)
        return function

    return declare


def _contradictions(declared: Check) -> Iterable[str]:
    if not _ID.fullmatch(declared.id):
        yield "an id is lower-case words joined by '-'"
    if not declared.causes:
        yield "a check that has no cause can't fail"
    for cause, severity in declared.causes.items():
        if not _ID.fullmatch(cause):
            yield f"cause {cause!r} is not lower-case words joined by '-'"
        if severity.weight > declared.severity.weight:
            yield f"cause {cause!r} weighs more than the check"
    for action in (*declared.reads, *declared.acts):
        if not _ACTION.fullmatch(action):
            yield f"{action!r} is not an IAM action"
