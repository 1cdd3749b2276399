"""Running a gate live: sources, the account guard, the audit, the writing."""

import hashlib
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sesgate.commands.opening import make_plan, open_gate, open_registry, saved_report
from sesgate.commands.progress import progress
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import Outputs, writable, write, write_reports
from sesgate.files import STDOUT
from sesgate.finding import Severity

if TYPE_CHECKING:
    from sesgate.commands.sealing import Sealing
    from sesgate.context import Place
    from sesgate.evidence import Answer, Evidence, Question, Source
    from sesgate.evidence.aws import AwsSource
    from sesgate.gate import Gate, LoadedGate
    from sesgate.plan import Plan
    from sesgate.run import Run, Setting, Weighing

THREADS = 32
IAM_TO_SERVICE = {"ses": ("sesv2", "ses")}
"""IAM's service prefixes whose botocore services have other names."""
KIND_TO_SERVICE = {"ecs": "ecs", "apprunner": "apprunner", "lambda": "lambda", "ssm": "ssm"}
"""The services that kinds of sources of variables ask first."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a run is asked for: by `check`, and by `demo` against its own account."""

    gate: str | None = None
    sender: str | None = None
    region: str | None = None
    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    offline: bool = False
    send: bool = False
    mailbox: str | None = None
    record: str | None = None
    seal: str | None = None
    fail_on: Severity = Severity.BLOCKER
    baseline: str | None = None
    use_waivers: bool = True
    resolvers: tuple[str, ...] = ()
    timeout: float = 60.0
    outputs: Outputs = field(default_factory=lambda: Outputs((("text", "-"),)))


def run_gate(request: Request) -> int:
    """Runs the gate, writes what was asked for, and returns the exit code of the verdict."""
    from sesgate.report.model import RecordingRef
    from sesgate.verdict import EXIT_CODES

    if request.record:
        writable(request.record)
    sealing = _sealing(request)
    run = audit_live(request)
    report = run.report
    text = run.recording.to_json() if request.record else ""
    if request.record:
        write(request.record, text)
        report = replace(report, recording=RecordingRef(request.record, hashlib.sha256(text.encode()).hexdigest()))
    write_reports(report, request.outputs)
    if sealing:
        sealing.seal(report, report.to_json(), text)
    return EXIT_CODES[report.verdict]


def _sealing(request: Request) -> "Sealing | None":
    """What --seal needs, tried before the run."""
    if request.seal is None:
        return None
    from sesgate.commands.sealing import sealing

    files = [path for kind, path in request.outputs.targets if kind == "json" and path != STDOUT]
    return sealing(request.seal, files[0] if files else None, request.record)


def audit_live(request: Request) -> "Run":
    """One run against AWS and the DNS."""
    from sesgate.run import audit

    live = go_live(request, time.monotonic() + request.timeout)
    with live.door:
        return audit(live.setting, deadline=live.deadline, progress=progress(quiet=request.outputs.quiet))


@dataclass(frozen=True, slots=True)
class Live:
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


def go_live(request: Request, deadline: float) -> Live:
    """Opens the gate and signs in. Ends the command where nothing is to be audited. `deadline` is a monotonic time."""
    from sesgate.clock import SystemClock
    from sesgate.commands.acting import Acting
    from sesgate.evidence import Evidence
    from sesgate.plan import Selection
    from sesgate.run import Setting

    loaded = open_gate(request.gate, request.sender, request.region, needs_secrets=not request.offline)
    registry = open_registry()
    plan = make_plan(registry, loaded, Selection(request.only, request.skip, request.offline, request.send))
    weighing = _weighing(request)
    resolvers = _resolvers(request, loaded)
    aws = _aws(request) if plan.needs_aws and not request.offline else None
    outside = _nothing_outside() if request.offline else _outside(request, loaded, aws, plan)

    def sources() -> "Mapping[str, Source]":
        return {**outside, **_local(request, loaded, aws)}

    acting = Acting(loaded.gate, aws) if request.send and plan.acts and aws else None
    deadline += acting.longest if acting else 0.0
    answering = {**sources(), **(acting.sources if acting else {})}
    evidence = Evidence(answering, deadline=deadline, threads=THREADS + (acting.messages if acting else 0))
    place = _place(request, loaded, aws, evidence, plan)
    setting = Setting(
        loaded=loaded,
        registry=registry,
        plan=plan,
        place=replace(
            place,
            resolvers=tuple(f"resolver {at}" for at in range(1, len(resolvers) + 1)),
            send=request.send,
            mailbox=request.mailbox,
        ),
        evidence=evidence,
        clock=SystemClock(),
        weighing=weighing,
        endpoint=_endpoint(aws),
        region_overridden=place.region != loaded.gate.aws.region,
        command={
            "only": sorted(request.only),
            "skip": sorted(request.skip),
            "offline": request.offline,
            **weighing.to_json(),
        },
    )
    door = acting.on_behalf_of(place, request.profile, setting.endpoint) if acting else nullcontext()
    return Live(setting, sources, deadline, door)


def _resolvers(request: Request, loaded: "LoadedGate") -> Sequence[str]:
    """Those of the command line, else the gate's."""
    return request.resolvers or loaded.gate.dns.resolvers


def _weighing(request: Request) -> "Weighing":
    from sesgate.run import Weighing

    return Weighing(request.fail_on, _baseline(request.baseline), request.use_waivers)


def _baseline(path: str | None) -> frozenset[tuple[str, str, str | None]]:
    """The failures of an earlier report."""
    if path is None:
        return frozenset()
    report = saved_report(path, f"--baseline {path}")
    failed = [finding for finding in report.findings if finding.status.value in ("fail", "pending")]
    return frozenset((finding.check, finding.subject, finding.cause) for finding in failed)


def _aws(request: Request) -> "AwsSource":
    from sesgate.evidence.aws import AwsSource, Login

    return AwsSource(Login(request.profile, request.role_arn, request.external_id))


def _nothing_outside() -> "Mapping[str, Source]":
    """With --offline: neither AWS nor the DNS nor the API."""
    from sesgate.evidence.offline import OUTSIDE, OfflineSource

    return {source: OfflineSource() for source in OUTSIDE}


def _local(request: Request, loaded: "LoadedGate", aws: "AwsSource | None") -> "Mapping[str, Source]":
    """What begins on this machine: files, clients, history, and the services' variables, some of which AWS keeps."""
    from sesgate.connect import (
        client_source,
        contract_source,
        environment_source,
        file_source,
        history_source,
        secret_source,
    )

    files = file_source(loaded.folder)
    sources: dict[str, Source] = {"file": files}
    if loaded.gate.clients:
        sources["clients"] = client_source(loaded.folder)
    contract = contract_source(loaded, files, offline=request.offline)
    if contract is not None:
        sources["contract"] = contract
    if loaded.gate.attestations:
        sources["git"] = history_source(loaded)
    if loaded.gate.services:
        region = request.region or loaded.gate.aws.region
        sources["environment"] = environment_source(loaded.gate, region, os.environ, files, aws)
    if loaded.gate.database and aws is not None:
        sources["secret"] = secret_source(loaded.gate, aws)
    return sources


def _outside(request: Request, loaded: "LoadedGate", aws: "AwsSource | None", plan: "Plan") -> "Mapping[str, Source]":
    from sesgate.connect import http_source

    sources: dict[str, Source] = {}
    http = http_source(loaded, send=request.send)
    if http is not None:
        sources["http"] = http
    if aws is not None:
        sources["aws"] = aws
    if any(check.dns for check in plan.running):
        from sesgate.connect import resolver_places
        from sesgate.evidence.dns import DnsSource

        asked = loaded.gate.dns
        sources["dns"] = DnsSource(resolver_places(_resolvers(request, loaded)), asked.timeout, asked.port)
    return sources


def _place(
    request: Request, loaded: "LoadedGate", aws: "AwsSource | None", evidence: "Evidence", plan: "Plan"
) -> "Place":
    """Where the run looks. Refuses credentials of another account than the gate's before anything else is asked."""
    from sesgate.connect import other_regions
    from sesgate.context import Place

    gate = loaded.gate
    region = request.region or gate.aws.region
    if aws is None:
        return Place(region, gate.aws.account)
    account, caller = _identify(aws, evidence, region, gate, plan)
    return Place(region, account, caller, other_regions=other_regions(gate, region, os.environ, aws.region()))


def _identify(
    aws: "AwsSource", evidence: "Evidence", region: str, gate: "Gate", plan: "Plan"
) -> tuple[str | None, str | None]:
    from sesgate.evidence import Question
    from sesgate.evidence.aws import NoSuchProfile
    from sesgate.run import WrongAccount, identify

    try:
        aws.region()
        evidence.start([Question.aws(region, "sts", "GetCallerIdentity")])
        aws.prepare(_services(plan, gate), region)
        return identify(evidence, region, gate.aws.account)
    except NoSuchProfile as missing:
        raise Stop(USAGE, f"there is no AWS profile named {str(missing)!r}") from None
    except WrongAccount as wrong:
        raise Stop(USAGE, str(wrong)) from None


def _services(plan: "Plan", gate: "Gate") -> list[str]:
    """The services that the running checks ask first. What else they need depends on what they see."""
    prefixes = dict.fromkeys(check.reads[0].partition(":")[0] for check in plan.running if check.reads)
    first = [service for prefix in prefixes for service in IAM_TO_SERVICE.get(prefix, (prefix,))]
    kinds = dict.fromkeys(source.kind for service in gate.services for source in service.source)
    return [*dict.fromkeys((*first, *(KIND_TO_SERVICE[kind] for kind in kinds if kind in KIND_TO_SERVICE)))]


def _endpoint(aws: "AwsSource | None") -> str | None:
    from sesgate.connect import foreign_endpoint

    return foreign_endpoint(aws.endpoints()) if aws else None
