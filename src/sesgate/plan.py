"""Which checks run for a gate, with which knobs, and which parts of the gate nothing looks at."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from msgspec import Struct

from sesgate.check import Check
from sesgate.engine import OFFLINE, Job, Judged, offline_skip, scaled
from sesgate.finding import Severity, skipped, unseen
from sesgate.gate import Gate
from sesgate.options import configured
from sesgate.registry import Registry
from sesgate.subjects import Path

PARTS = ("senders", "roles", "services", "database", "test_send", "api", "clients", "attestations")
"""The parts of a gate that ask for something. The others are parameters of these."""
TEST_SEND = "test_send"
"""The part that `--send` asks for as well."""
GATE = "gate"
"""The check id of findings about the gate itself."""


class Selection(Struct, frozen=True):
    """What the command line leaves in. Empty `only` is everything; `send` asks for a test send, if the gate doesn't."""

    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    offline: bool = False
    send: bool = False

    @property
    def partial(self) -> bool:
        return bool(self.only or self.skip or self.offline)

    def takes(self, check: Check) -> bool:
        return check.id not in self.skip and (not self.only or check.id in self.only)


class Mistake(Struct, frozen=True):
    """A name or knob, in the gate or on the command line, that fits no installed check. `where` is in the gate."""

    where: Path
    message: str
    hint: str | None = None


class Plan(Struct, frozen=True):
    """What will run. `unserved` are findings about parts of the gate that no installed check looks at.

    `left_out` are the checks that the gate asks for and the command line does not.
    """

    jobs: tuple[Job, ...]
    unserved: tuple[Judged, ...]
    not_asked: tuple[str, ...]
    partial: bool
    left_out: tuple[str, ...] = ()

    @property
    def running(self) -> tuple[Check, ...]:
        """The checks that will really look."""
        return tuple(job.check for job in self.jobs if job.skip is None)

    @property
    def acts(self) -> tuple[str, ...]:
        """The IAM actions that the running checks need for acts, with --send."""
        return tuple(dict.fromkeys(action for check in self.running for action in check.acts))

    @property
    def needs_aws(self) -> bool:
        """Whether a running check asks AWS."""
        return any(check.reads for check in self.running)


def plan(registry: Registry, gate: Gate, selection: Selection) -> Plan:
    """Chooses the jobs. Names that fit nothing are `mistakes`' business."""
    asked = [
        check for check in registry.checks.values() if _asks(gate, check.asked_by, selection) or _is_set(gate, check)
    ]
    served = {check.asked_by.partition(".")[0] for check in asked}
    jobs = tuple(_job(check, gate, selection) for check in asked if selection.takes(check))
    return Plan(
        jobs=jobs,
        unserved=tuple(_unserved(registry, gate, selection)) if not selection.only else (),
        not_asked=tuple(part for part in PARTS if not _asks(gate, part, selection) and part not in served),
        partial=selection.partial,
        left_out=tuple(_left_out(asked, jobs)),
    )


def mistakes(registry: Registry, gate: Gate, selection: Selection) -> Iterator[Mistake]:
    """Every check id, cause and option, in the gate or on the command line, that fits no installed check."""
    for name in sorted(selection.only | selection.skip):
        if name not in registry.checks:
            yield Mistake((), *_unknown(registry, name))
    for name, settings in gate.checks.items():
        if name not in registry.checks:
            yield Mistake(("checks", name), *_unknown(registry, name))
            continue
        check = registry.checks[name]
        for cause in settings.causes:
            if cause not in check.causes:
                yield Mistake(("checks", name, "causes", cause), *_unknown_cause(check, cause))
        for problem in configured(check, settings.options)[1]:
            yield Mistake(("checks", name, "options", problem.name), problem.message, problem.hint)
    for position, waiver in enumerate(gate.waivers):
        if waiver.check not in registry.checks and waiver.check != GATE:
            yield Mistake(("waivers", position, "check"), *_unknown(registry, waiver.check))
        elif waiver.cause not in (None, "not-seen", "not-run", *_causes(registry, waiver.check)):
            yield Mistake(
                ("waivers", position, "cause"), *_unknown_cause(registry.checks[waiver.check], str(waiver.cause))
            )


def _causes(registry: Registry, name: str) -> Collection[str]:
    return registry.checks[name].causes if name in registry.checks else ()


def _unknown(registry: Registry, name: str) -> tuple[str, str]:
    near = registry.nearest(name)
    return f"no installed check is named {name!r}", f"did you mean {near}?" if near else "see `sesgate list`"


def _unknown_cause(check: Check, cause: str) -> tuple[str, str]:
    return f"{check.id} has no cause {cause!r}", f"its causes: {', '.join(check.causes)}"


def _job(check: Check, gate: Gate, selection: Selection) -> Job:
    settings = gate.checks.get(check.id)
    severity = settings.severity if settings and settings.severity else check.severity
    overrides = {cause: knobs.severity for cause, knobs in settings.causes.items()} if settings else {}
    causes = {
        cause: overrides.get(cause) or scaled(declared, check.severity, severity)
        for cause, declared in check.causes.items()
    }
    enabled = settings.enabled if settings else None
    skip = None
    if enabled is False:
        skip = skipped("switched off in the gate", cause="switched-off")
    elif selection.offline and not check.local:
        skip = offline_skip()
    options: Any = configured(check, settings.options if settings else {})[0]
    settled = frozenset(cause for cause, stated in overrides.items() if stated)
    return Job(check, options, severity, causes, enabled, skip, settled)


def _is_set(gate: Gate, check: Check) -> bool:
    """Whether the gate asks for a check by its knobs: switched on, or with options of its own."""
    settings = gate.checks.get(check.id)
    return settings is not None and bool(settings.enabled or settings.options)


def _left_out(asked: Iterable[Check], jobs: Iterable[Job]) -> Iterator[str]:
    taken = {job.check.id: job.skip.cause if job.skip else None for job in jobs}
    return (check.id for check in asked if taken.get(check.id, OFFLINE) == OFFLINE)


def _asks(gate: Gate, part: str, selection: Selection) -> bool:
    """Whether the gate has this part, `api` or `api.probes`, or the command line asks for it."""
    if part == TEST_SEND and selection.send:
        return True
    value: Any = gate
    for name in part.split("."):
        value = getattr(value, name, None)
        if value is None or value in ((), {}):
            return False
    return True


def _unserved(registry: Registry, gate: Gate, selection: Selection) -> Iterator[Judged]:
    served = {check.asked_by.partition(".")[0] for check in registry.checks.values()}
    for part in PARTS:
        if part not in served and _asks(gate, part, selection):
            message = f"the gate asks for {part}, and nothing installed looks at it"
            yield Judged(GATE, part, Severity.BLOCKER, unseen(message, cause="not-run"), where=(part,))
