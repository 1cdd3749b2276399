"""`sesgate replay`: runs the gate on recorded evidence, without any network."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sesgate.commands.opening import color_named, make_plan, names, open_registry, severity_named
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import outputs, write_reports

if TYPE_CHECKING:
    from sesgate.context import Place
    from sesgate.evidence.recording import Recording
    from sesgate.gate import LoadedGate
    from sesgate.plan import Selection


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("replay")(replay)


def replay(
    evidence: Annotated[str, typer.Argument(help="A file that `sesgate check --record` wrote.")],
    gate: Annotated[str | None, typer.Argument(help="Another gate than the recorded one.")] = None,
    now: Annotated[bool, typer.Option("--now", help="Judge at the present time, not at the recorded one.")] = False,
    only: Annotated[list[str] | None, typer.Option(help="Run these checks only.", metavar="ID")] = None,
    skip: Annotated[list[str] | None, typer.Option(help="Leave these checks out.", metavar="ID")] = None,
    form: Annotated[str, typer.Option("--format", help="The form of the report.")] = "text",
    output: Annotated[str | None, typer.Option(help="Where the report goes.", metavar="FILE")] = None,
    report: Annotated[list[str] | None, typer.Option(help="One more report.", metavar="KIND:PATH")] = None,
    color: Annotated[str, typer.Option(help="auto, always or never.")] = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="The verdict only.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every pass and its evidence.")] = False,
    fail_on: Annotated[str, typer.Option(help="What stops the gate: blocker or warning.")] = "blocker",
    no_waivers: Annotated[bool, typer.Option("--no-waivers", help="Let no waiver count.")] = False,
) -> int:
    """Run the gate again on recorded evidence: no network, the recorded time, the same findings.

    Exit codes are those of `sesgate check`.
    """
    from sesgate.clock import FixedClock, SystemClock  # noqa: PLC0415 - the command line starts without the engine
    from sesgate.evidence import Evidence  # noqa: PLC0415
    from sesgate.run import Setting, Weighing, audit  # noqa: PLC0415
    from sesgate.verdict import EXIT_CODES  # noqa: PLC0415

    wanted = outputs(form, output, report or [], color=color_named(color), quiet=quiet, verbose=verbose)
    recording = open_recording(evidence)
    loaded = _gate(recording, gate)
    registry = open_registry()
    plan = make_plan(registry, loaded, _selection(recording, names(only or []), names(skip or [])))
    clock = SystemClock() if now else FixedClock(recording.started_at)
    setting = Setting(
        loaded=loaded,
        registry=registry,
        plan=plan,
        place=_place(recording.place),
        evidence=Evidence({}, known=recording.answers, clock=clock),
        clock=clock,
        weighing=Weighing(severity_named(fail_on), use_waivers=not no_waivers),
        endpoint=recording.place.get("endpoint"),
        region_overridden=bool(recording.place.get("region_overridden")),
        replayed=True,
        command=recording.run,
    )
    result = audit(setting, deadline=float("inf")).report
    write_reports(result, wanted)
    return EXIT_CODES[result.verdict]


def open_recording(path: str) -> "Recording":
    """Reads a recording. Ends the command where it is none."""
    from sesgate.evidence.recording import BadRecording, Recording  # noqa: PLC0415

    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
        return Recording.from_json(text)
    except OSError as error:
        raise Stop(USAGE, f"{path}: {(error.strerror or 'unreadable').lower()}") from None
    except UnicodeDecodeError:
        raise Stop(USAGE, f"{path}: it is not UTF-8") from None
    except BadRecording as error:
        raise Stop(USAGE, f"{path}: {error}") from None


def _gate(recording: "Recording", gate: str | None) -> "LoadedGate":
    """The recorded gate. What `${VAR}` filled inside `api` is secret and was not recorded: a mark stands in its place."""
    from sesgate.gate import GateError, load_gate, load_gate_text  # noqa: PLC0415

    try:
        if gate is not None:
            return load_gate(Path(gate), environ=os.environ)
        path = Path(recording.gate_path) if recording.gate_path else None
        return load_gate_text(recording.gate_text, environ=_Recorded(recording.variables), path=path)
    except GateError as error:
        raise Stop(USAGE, str(error)) from None


class _Recorded(dict[str, str]):
    """Variables as recorded; those that were secret read as a mark."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        super().__init__(variables)

    def __missing__(self, name: str) -> str:
        return "not-recorded"

    def __contains__(self, name: object) -> bool:
        return True

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ARG002 - every variable reads as something
        return self[name]


def _selection(recording: "Recording", only: frozenset[str], skip: frozenset[str]) -> "Selection":
    """What the recorded run looked at, narrowed by this command line."""
    from sesgate.plan import Selection  # noqa: PLC0415

    recorded = recording.run
    return Selection(
        only=only or frozenset(recorded.get("only", ())),
        skip=skip | frozenset(recorded.get("skip", ())),
        offline=bool(recorded.get("offline")),
    )


def _place(place: Mapping[str, Any]) -> "Place":
    from sesgate.context import Place  # noqa: PLC0415

    return Place(
        region=place["region"],
        account=place["account"],
        caller=place["caller"],
        resolvers=tuple(place["resolvers"]),
        other_regions=tuple(place["other_regions"]),
    )
