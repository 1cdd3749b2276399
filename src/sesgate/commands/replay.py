"""`sesgate replay`: runs the gate on recorded evidence, without any network."""

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.commands import flags
from sesgate.commands.opening import color_named, make_plan, names, open_registry, saved_text, severity_named
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import outputs, write_reports

if TYPE_CHECKING:
    from sesgate.evidence.recording import Recording
    from sesgate.gate import LoadedGate
    from sesgate.plan import Selection
    from sesgate.run import Setting


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("replay")(replay)


def replay(
    evidence: Annotated[str, typer.Argument(help="A file that `sesgate check --record` wrote.")],
    gate: Annotated[str | None, typer.Argument(help="Another gate than the recorded one.")] = None,
    now: Annotated[bool, typer.Option("--now", help="Judge at the present time, not at the recorded one.")] = False,
    only: flags.Only = None,
    skip: flags.Skip = None,
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
    from sesgate.run import audit
    from sesgate.verdict import EXIT_CODES

    wanted = outputs(form, output, report or [], color=color_named(color), quiet=quiet, verbose=verbose)
    recording = open_recording(evidence)
    setting = recorded_setting(recording, gate, names(only or []), names(skip or []), at_present=now)
    weighing = setting.weighing
    if fail_on is not None:
        weighing = replace(weighing, fail_on=severity_named(fail_on))
    if no_waivers:
        weighing = replace(weighing, use_waivers=False)
    result = audit(replace(setting, weighing=weighing), deadline=float("inf")).report
    write_reports(result, wanted)
    return EXIT_CODES[result.verdict]


def recorded_setting(
    recording: "Recording",
    gate: str | None = None,
    only: frozenset[str] = frozenset(),
    skip: frozenset[str] = frozenset(),
    *,
    at_present: bool = False,
) -> "Setting":
    """What a run on a recording is given: its gate or another one, and its time or the present."""
    from sesgate.clock import FixedClock, SystemClock
    from sesgate.context import Place
    from sesgate.evidence import Evidence
    from sesgate.run import Setting, Weighing

    try:
        place, weighing = Place.from_json(recording.place), Weighing.from_json(recording.run)
    except (LookupError, TypeError, ValueError, AttributeError):
        raise Stop(USAGE, "the recording is damaged: it does not tell where and how the run looked") from None
    loaded = _gate(recording, gate)
    registry = open_registry()
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


def open_recording(path: str) -> "Recording":
    """Reads a recording. Ends the command where it is none."""
    from sesgate.evidence.recording import BadRecording, Recording

    try:
        return Recording.from_json(saved_text(path, path))
    except BadRecording as error:
        raise Stop(USAGE, f"{path}: {error}") from None


def recording_in(octets: bytes, named: str) -> "Recording":
    """The recording that octets hold. Ends the command where they hold none. `named` is what messages call them."""
    from sesgate.evidence.recording import BadRecording, Recording

    try:
        return Recording.from_json(octets.decode())
    except UnicodeDecodeError:
        raise Stop(USAGE, f"{named}: it is not UTF-8") from None
    except BadRecording as error:
        raise Stop(USAGE, f"{named}: {error}") from None


def _gate(recording: "Recording", gate: str | None) -> "LoadedGate":
    """The recorded gate, or another one. What was secret was not recorded: its `${VAR}` stands in its place."""
    from sesgate.gate import GateError, load_gate

    try:
        if gate is not None:
            return load_gate(Path(gate), os.environ, stand_in=True)
        if recording.gate_path is None:
            return load_gate("-", recording.variables, recording.gate_text, stand_in=True)
        return load_gate(Path(recording.gate_path), recording.variables, recording.gate_text, stand_in=True)
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
