"""Going live: gates opened, signed in for, and ready to be run side by side."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from sesgate.commands.opening import make_plan, open_gate, open_registry, saved_report
from sesgate.commands.sharing import ACCOUNT, Shared, login_of
from sesgate.commands.sources import endpoint_of, find_profile, first_services, own_sources, resolvers_of
from sesgate.commands.stop import USAGE, Stop, every

if TYPE_CHECKING:
    from sesgate.commands.acting import Acting
    from sesgate.commands.asking import Request
    from sesgate.context import Place
    from sesgate.evidence import Answer, Evidence, Question, Source
    from sesgate.evidence.aws import AwsSource, Login
    from sesgate.gate import LoadedGate
    from sesgate.plan import Plan
    from sesgate.registry import Registry
    from sesgate.run import Run, Setting, Weighing

THREADS = 32


class Live(Struct, frozen=True):
    """A gate that is ready to be run. `sources` answers a further run, with the same login and the same clients.

    `deadline` is a monotonic time. While `door` is open the run may act, if it was told to.
    """

    setting: "Setting"
    sources: "Callable[[], Mapping[str, Source]]"
    deadline: float
    door: AbstractContextManager[None]

    def again(self, known: "Mapping[Question, Answer]", timeout: float) -> "Run":
        """A further run on what is known; only what is not known is asked. `timeout` in seconds."""
        from sesgate.evidence import Evidence
        from sesgate.run import audit

        deadline = time.monotonic() + timeout
        evidence = Evidence(self.sources(), known=known, deadline=deadline)
        return audit(replace(self.setting, evidence=evidence), deadline=deadline)


class _Opened(Struct, frozen=True):
    """A gate, what is to run of it, how it signs in, what it shares with others, and what acts for it."""

    loaded: "LoadedGate"
    plan: "Plan"
    login: "Login"
    aws: "AwsSource | None"
    common: "Mapping[str, Source]"
    acting: "Acting | None"

    def region(self, request: "Request") -> str:
        """The region under audit."""
        return request.region or self.loaded.gate.aws.region


def go_live(request: "Request", deadline: float) -> list[Live]:
    """Opens the gates and signs in for each. `deadline` is a monotonic time.

    Ends the command where nothing is to be audited, and tells what is wrong with any of them.
    """
    registry, shared = open_registry(request.checks_dir), Shared(THREADS * max(1, len(request.gates)))
    opened = every(lambda argument: _open(request, registry, argument, shared), request.gates or (None,))
    _each_once([gate.loaded for gate in opened])
    weighings = _weighings(request, [gate.loaded for gate in opened])
    deadline += max(gate.acting.longest if gate.acting else 0.0 for gate in opened)
    asking = [_evidence(request, gate, shared, deadline) for gate in opened]
    places = _places(request, opened, asking)
    parts = zip(opened, asking, places, weighings, strict=True)
    return [_live(request, registry, *one, deadline) for one in parts]


def go_live_alone(request: "Request", deadline: float) -> Live:
    """The same for a command that takes one gate."""
    return go_live(request, deadline)[0]


def _open(request: "Request", registry: "Registry", argument: str | None, shared: Shared) -> _Opened:
    from sesgate.plan import Selection

    loaded = open_gate(argument, request.sender, request.region, needs_secrets=not request.offline)
    plan = make_plan(registry, loaded, Selection(request.only, request.skip, request.offline, request.send))
    login = login_of(request, loaded)
    common: dict[str, Source] = {}
    aws = None
    if plan.needs_aws and not request.offline:
        aws = common["aws"] = shared.aws(login, loaded.gate.aws.account)
    if any(check.dns for check in plan.running) and not request.offline:
        common["dns"] = shared.dns(resolvers_of(request, loaded), loaded.gate.dns)
    opened = _Opened(loaded, plan, login, aws, common, None)
    if aws is None or not (request.send and plan.acts):
        return opened
    from sesgate.commands.acting import Acting

    pace = shared.pace(login, loaded.gate.aws.account, opened.region(request))
    return replace(opened, acting=Acting(loaded.gate, aws, pace))


def _each_once(gates: "Sequence[LoadedGate]") -> None:
    """The same gate twice is a slip: its findings would count twice."""
    paths = [gate.path.resolve() if gate.path else None for gate in gates]
    for at, path in enumerate(paths):
        if path in paths[:at]:
            raise Stop(USAGE, f"{gates[at].path or 'standard input'} is given twice")


def _weighings(request: "Request", gates: "Sequence[LoadedGate]") -> "list[Weighing]":
    """How the findings of each gate are weighed: of an earlier report the same gate's count."""
    from sesgate.run import Weighing, gate_source

    weighing = Weighing(request.fail_on, (), request.use_waivers)
    if request.baseline is None:
        return [weighing for _ in gates]
    from sesgate.report.joint import gates_of, matched

    earlier = gates_of(saved_report(request.baseline, f"--baseline {request.baseline}"))
    known = matched([report.gate for report in earlier], [gate_source(gate) for gate in gates])
    return [replace(weighing, baseline=() if at is None else earlier[at].failures) for at in known]


def _evidence(request: "Request", gate: _Opened, shared: Shared, deadline: float) -> "Evidence":
    from sesgate.evidence import Evidence

    acting = gate.acting
    sources = {**own_sources(request, gate.loaded, gate.aws), **(acting.sources if acting else {})}
    threads = THREADS + (acting.messages if acting else 0)
    return Evidence(sources, deadline=deadline, threads=threads, shared=shared.evidence(gate.common))


def _places(request: "Request", gates: Sequence[_Opened], asking: "Sequence[Evidence]") -> "list[Place]":
    """Where each run looks. Every caller is asked for before any answer is waited for; clients are made meanwhile."""
    from sesgate.evidence import Question

    pairs = list(zip(gates, asking, strict=True))
    every(find_profile, [gate.aws for gate in gates if gate.aws])
    for gate, evidence in pairs:
        if gate.aws:
            evidence.start([Question.aws(gate.region(request), "sts", "GetCallerIdentity")])
    for gate in gates:
        if gate.aws:
            gate.aws.prepare(first_services(gate.plan, gate.loaded.gate), gate.region(request))
    return every(lambda pair: _place(request, *pair, alone=len(pairs) == 1), pairs)


def _place(request: "Request", gate: _Opened, evidence: "Evidence", *, alone: bool) -> "Place":
    """Refuses credentials of another account than the gate's before anything else is asked."""
    from sesgate.connect import other_regions
    from sesgate.context import Place
    from sesgate.run import WrongAccount, identify

    asked, region = gate.loaded.gate, gate.region(request)
    place = Place(
        region,
        asked.aws.account,
        resolvers=tuple(f"resolver {at}" for at in range(1, len(resolvers_of(request, gate.loaded)) + 1)),
        send=request.send,
        mailbox=request.mailbox,
    )
    if gate.aws is None:
        return place
    try:
        account, caller = identify(evidence, region, asked.aws.account)
    except WrongAccount as wrong:
        hint = f". --profile and --role-arn with {ACCOUNT} sign in to each gate's own account"
        told = f"{wrong}{'' if alone or ACCOUNT in f'{request.profile}{request.role_arn}' else hint}"
        raise Stop(USAGE, told if alone else f"{gate.loaded.path or 'standard input'}: {told}") from None
    others = other_regions(asked, region, os.environ, gate.aws.region())
    return replace(place, account=account, caller=caller, other_regions=others)


def _live(
    request: "Request",
    registry: "Registry",
    gate: _Opened,
    evidence: "Evidence",
    place: "Place",
    weighing: "Weighing",
    deadline: float,
) -> Live:
    from sesgate.clock import SystemClock
    from sesgate.run import Setting

    endpoint = endpoint_of(gate.aws)
    setting = Setting(
        loaded=gate.loaded,
        registry=registry,
        plan=gate.plan,
        place=place,
        evidence=evidence,
        clock=SystemClock(),
        weighing=weighing,
        endpoint=endpoint,
        region_overridden=place.region != gate.loaded.gate.aws.region,
        command={
            "only": sorted(request.only),
            "skip": sorted(request.skip),
            "offline": request.offline,
            **weighing.to_json(),
        },
    )
    door = gate.acting.on_behalf_of(place, gate.login.profile, endpoint) if gate.acting else nullcontext()
    return Live(setting, lambda: {**gate.common, **own_sources(request, gate.loaded, gate.aws)}, deadline, door)
