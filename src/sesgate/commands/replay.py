"""`sesgate replay`: runs the gate on recorded evidence, without any network."""

import dataclasses
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from msgspec.structs import replace

from sesgate.commands import flags
from sesgate.commands.helping import add
from sesgate.commands.opening import color_named, decoded, make_plan, names, open_registry, saved_text, severity_named
from sesgate.commands.saying import say
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import outputs, write_reports

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sesgate.evidence.recording import Recording
    from sesgate.finding import Severity
    from sesgate.gate import LoadedGate
    from sesgate.plan import Selection
    from sesgate.registry import Registry
    from sesgate.report.joint import AnyReport
    from sesgate.run import Setting


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "replay",
        replay,
        "Run the gate again on recorded evidence",
        ("sesgate replay evidence.json", "The same findings, at the recorded time."),
        ("sesgate replay evidence.json gate.yaml --now", "Today's gate on yesterday's evidence."),
    )


def replay(
    evidence: Annotated[str, typer.Argument(help="A file that `sesgate check --record` wrote.")],
    gate: Annotated[str | None, typer.Argument(help="Another gate than the recorded one.")] = None,
    now: Annotated[bool, typer.Option("--now", help="Judge at the present time, not at the recorded one.")] = False,
    only: flags.Only = None,
    skip: flags.Skip = None,
    checks_dir: flags.ChecksDir = None,
    form: flags.Form = "text",
    output: flags.Output = None,
    report: flags.MoreReports = None,
    color: flags.Color = "auto",
    quiet: flags.Quiet = False,
    verbose: flags.Verbose = False,
    fail_on: flags.FailOnAgain = None,
    no_waivers: flags.NoWaivers = False,
) -> int:
    """Run the gate again on recorded evidence: no network, the recorded time, the same findings.

    What was told to weigh (--fail-on, --baseline, --no-waivers) weighs again. Exit codes are those of `sesgate check`.
    """
    from sesgate.verdict import EXIT_CODES

    wanted = outputs(form, output, report or [], color=color_named(color), quiet=quiet, verbose=verbose)
    recordings = [open_recording(evidence)] if gate else open_recordings(evidence)
    chosen = names(only or []), names(skip or [])
    registry = open_registry(checks_dir)
    settings = [recorded_setting(registry, recording, gate, *chosen, at_present=now) for recording in recordings]
    tell_changed_packs(registry, recordings)
    severity = severity_named(fail_on) if fail_on is not None else None
    result = judged_again([_weighed(setting, severity, no_waivers=no_waivers) for setting in settings])
    write_reports(result, wanted)
    return EXIT_CODES[result.verdict]


def judged_again(settings: "Iterable[Setting]") -> "AnyReport":
    """The report of recorded evidence, of one gate or of several."""
    from sesgate.run import audit, whole

    reports = [audit(setting, deadline=float("inf")).report for setting in settings]
    return whole(reports, sum(report.duration_seconds for report in reports))


def _weighed(setting: "Setting", fail_on: "Severity | None", *, no_waivers: bool) -> "Setting":
    """As it was recorded, but for what this command line says."""
    weighing = setting.weighing
    if fail_on is not None:
        weighing = replace(weighing, fail_on=fail_on)
    if no_waivers:
        weighing = replace(weighing, use_waivers=False)
    return replace(setting, weighing=weighing)


def recorded_setting(
    registry: "Registry",
    recording: "Recording",
    gate: str | None = None,
    only: frozenset[str] = frozenset(),
    skip: frozenset[str] = frozenset(),
    *,
    at_present: bool = False,
) -> "Setting":
    """What a run on a recording is given: its gate or another one, and its time or the present.

    Ends the command where checks of the run are not here, unless the command line names those that are wanted.
    """
    from sesgate.clock import FixedClock, SystemClock
    from sesgate.context import Place
    from sesgate.evidence import Evidence
    from sesgate.run import Setting, Weighing

    try:
        place, weighing = Place.from_json(recording.place), Weighing.from_json(recording.run)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise Stop(USAGE, "the recording is damaged: it does not tell where and how the run looked") from None
    if not only:
        _all_packs(registry, recording)
    loaded = _gate(recording, gate)
    clock = SystemClock() if at_present else FixedClock(recording.started_at)
    return Setting(
        loaded=loaded,
        registry=registry,
        plan=make_plan(registry, loaded, selection(recording, only, skip)),
        place=place,
        evidence=Evidence({}, known=recording.answers, clock=clock),
        clock=clock,
        weighing=weighing,
        endpoint=recording.place.get("endpoint"),
        region_overridden=bool(recording.place.get("region_overridden")),
        replayed=True,
        command=recording.run,
    )


def _all_packs(registry: "Registry", recording: "Recording") -> None:
    """Fewer checks than the run had must not look like the run."""
    from sesgate.checks_folder import is_folder
    from sesgate.pack_changes import missing

    packs = _packs(recording)
    gone = [
        f"checks of the recorded run are in the pack {name} ({packs[name]}), which is not here: "
        + ("give its folder with --checks-dir" if is_folder(name) else "install it")
        for name in missing(packs, registry.packs)
    ]
    if gone:
        raise Stop(USAGE, "\n".join(gone))


def tell_changed_packs(registry: "Registry", recordings: "Iterable[Recording]") -> None:
    """Says which packs are not what they were in the recorded run: what they find may be something else."""
    from sesgate.pack_changes import changes

    for told in dict.fromkeys(line for one in recordings for line in changes(_packs(one), registry.packs)):
        say(f"held against the recording: {told}")


def _packs(recording: "Recording") -> dict[str, str]:
    """The packs of the recorded run, with their versions. Early recordings do not tell them."""
    packs = recording.tool.get("packs")
    return {str(name): str(version) for name, version in packs.items()} if isinstance(packs, dict) else {}


def open_recording(path: str) -> "Recording":
    """Reads a recording of one gate. Ends the command where it is none."""
    found = open_recordings(path)
    if len(found) > 1:
        gates = ", ".join(one.gate_path or "a gate without a file" for one in found)
        raise Stop(USAGE, f"{path}: it holds {len(found)} gates ({gates}): record the one that is wanted by itself")
    return found[0]


def open_recordings(path: str) -> "Sequence[Recording]":
    """Reads a recording, of one gate or of several. Ends the command where it is none."""
    return _recordings(saved_text(path, path), path)


def recordings_in(octets: bytes, named: str) -> "Sequence[Recording]":
    """The recordings that octets hold. Ends the command where they hold none. `named` is what messages call them."""
    return _recordings(decoded(octets, named), named)


def _recordings(text: str, named: str) -> "Sequence[Recording]":
    from sesgate.evidence.recording import BadRecording, read_recordings

    try:
        return read_recordings(text)
    except BadRecording as error:
        raise Stop(USAGE, f"{named}: {error}") from None


def _gate(recording: "Recording", gate: str | None) -> "LoadedGate":
    """The recorded gate, or another one. What was secret was not recorded: its `${VAR}` stands there, or a mask."""
    from sesgate.gate import GateError, load_gate

    try:
        if gate is not None:
            return load_gate(Path(gate), os.environ, stand_in=True)
        path: Path | Literal["-"] = "-" if recording.gate_path is None else Path(recording.gate_path)
        loaded = load_gate(path, recording.variables, recording.gate_text, stand_in=True)
        return dataclasses.replace(loaded, sha256=recording.gate_sha256 or loaded.sha256)
    except GateError as error:
        raise Stop(USAGE, str(error)) from None


def selection(recording: "Recording", only: frozenset[str], skip: frozenset[str]) -> "Selection":
    """What the recorded run looked at, narrowed by this command line."""
    from sesgate.plan import Selection

    recorded = recording.run
    return Selection(
        only=only or frozenset(recorded.get("only", ())),
        skip=skip | frozenset(recorded.get("skip", ())),
        offline=bool(recorded.get("offline")),
        send=bool(recording.place.get("send")),
    )
