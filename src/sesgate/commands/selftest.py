"""`sesgate selftest`: changes recorded evidence, and shows which check turns red for it."""

import gc
import json
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.commands import flags
from sesgate.commands.helping import add
from sesgate.commands.opening import make_plan, names, open_registry
from sesgate.commands.progress import Together
from sesgate.commands.replay import (
    open_recording,
    open_recordings,
    recorded_setting,
    selection,
    tell_changed_packs,
)
from sesgate.commands.stop import USAGE, WRONG, Stop
from sesgate.commands.writing import columns_of_text, writable, write
from sesgate.files import STDOUT

if TYPE_CHECKING:
    from sesgate.evidence import Question
    from sesgate.evidence.recording import Recording
    from sesgate.plan import Selection
    from sesgate.run import Setting
    from sesgate.selftest.proving import Progress
    from sesgate.selftest.result import CheckResult, OfGate, Proof, Result

_NARROWEST = 60
_INDENT = "  "


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "selftest",
        selftest,
        "Change recorded evidence: which checks turn red?",
        ("sesgate selftest evidence.json", "Every check of the recorded gate."),
        ("sesgate selftest evidence.json --only dkim,spf --format json", "Two of them, for programs."),
    )


def selftest(
    evidence: Annotated[str, typer.Argument(help="A file that `sesgate check --record` wrote.")],
    gate: Annotated[str | None, typer.Argument(help="Another gate than the recorded one.")] = None,
    only: flags.Only = None,
    skip: flags.Skip = None,
    checks_dir: flags.ChecksDir = None,
    form: Annotated[str, typer.Option("--format", help="text or json.", envvar="SESGATE_FORMAT")] = "text",
    output: Annotated[str, typer.Option(help="Where it goes.", metavar="FILE", envvar="SESGATE_OUTPUT")] = STDOUT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what is wrong.", envvar="SESGATE_QUIET")] = False,
) -> int:
    """Show that the gate can fail: change recorded evidence, and see which check turns red for it.

    One record is dropped, one setting flipped, one policy widened, one source refused, again and again; each check that
    read it runs on what is left. Exits with 1 where a check stayed green for all of it, or passes what it can't see.
    Of several gates each is tested on its own evidence. Nothing is asked of anybody.
    """
    from sesgate.selftest.result import document

    if form not in ("text", "json"):
        raise Stop(USAGE, f"--format {form}: text or json is expected")
    writable(output)
    recordings = [open_recording(evidence)] if gate else open_recordings(evidence)
    chosen = names(only or []), names(skip or [])
    registry = open_registry(checks_dir)
    settings = [recorded_setting(registry, recording, gate, *chosen) for recording in recordings]
    tell_changed_packs(registry, recordings)
    gc.enable()
    together = Together(len(settings), quiet=quiet)
    tested = [
        _tested(setting, recording, selection(recording, *chosen), together.of(at))
        for at, (setting, recording) in enumerate(zip(settings, recordings, strict=True))
    ]
    if form == "json":
        write(output, json.dumps(document(tested), indent=2) + "\n")
    else:
        write(output, "\n".join(_text(tested, quiet=quiet)) + "\n")
    return 0 if all(one.result.is_right for one in tested) else WRONG


def _tested(setting: "Setting", recording: "Recording", chosen: "Selection", progress: "Progress | None") -> "OfGate":
    from sesgate.run import gate_source
    from sesgate.selftest.proving import Proving
    from sesgate.selftest.result import OfGate
    from sesgate.selftest.trial import Trial

    trial = Trial(setting, recording.answers, recording.started_at)
    proving = Proving(trial, lambda loaded: make_plan(setting.registry, loaded, chosen))
    return OfGate(gate_source(setting.loaded), proving.result(progress))


def _text(tested: "Sequence[OfGate]", *, quiet: bool) -> Iterator[str]:
    """One gate as it is; several each under its name, and a line for all."""
    from sesgate.report.forms.escape import visible
    from sesgate.report.joint import labels

    if len(tested) == 1:
        yield from _lines(tested[0].result, quiet=quiet)
        return
    for label, one in zip(labels([one.gate for one in tested]), tested, strict=True):
        yield f"━━ {visible(label)}"
        yield from _lines(one.result, quiet=quiet)
        yield ""
    wrong = sum(not one.result.is_right for one in tested)
    yield f"{len(tested)} gates, {wrong} of them with a check that stayed green or passes what it can't see"


def _lines(result: "Result", *, quiet: bool) -> Iterator[str]:
    from sesgate.selftest.result import State

    columns = max(columns_of_text(), _NARROWEST)
    red, green = result.of(State.RED), result.of(State.GREEN)
    if not quiet:
        yield from _table(red, columns)
        for question_title, questions in (
            ("No check asks for:", result.unread),
            ("No change of these that was tried alters a finding:", result.indifferent),
        ):
            yield from _section(question_title, (_question(one) for one in questions), columns)
        told = (f"{one.check}: {', '.join(one.passes_without)}" for one in result.checks if one.passes_without)
        yield from _section("Passes without a source that it asked, and that can't turn it red:", told, columns)
        was = (f"{one.check}: {_was(one)}" for one in result.of(State.NOT_GREEN))
        yield from _section("Not green in the recording, so there was nothing to turn:", was, columns)
        more = (one.check for one in result.of(State.ASKS_MORE))
        yield from _section("Asks what is not recorded, once something is changed:", more, columns)
    opened = (f"{one.check}: {', '.join(one.fails_open)}" for one in result.checks if one.fails_open)
    yield from _section("Passes without a source that can turn it red:", opened, columns)
    yield from _section("Stayed green whatever was changed:", (_green(one) for one in green), columns)
    if not quiet:
        yield ""
    yield f"{len(red)} of {len(result.checks)} checks turned red, {len(green)} stayed green " + (
        f"({result.changes:,} changes of {result.answers:,} recorded answers)"
    )


def _table(checks: "Sequence[CheckResult]", columns: int) -> Iterator[str]:
    """A check, how many of the answers that it read turn it red, and as what; below, the change that did so first."""
    if not checks:
        return
    rows = [("check", "turned by", "turns red as", "")]
    rows += [(one.check, f"{one.turned_by} of {one.read}", *_proof(one.proof)) for one in checks]
    first, second = (max(len(row[at]) for row in rows) for at in (0, 1))
    for name, count, finding, change in rows:
        start = f"{name:<{first}}  {count:<{second}}  "
        yield from _wrapped(finding, columns, start, " " * len(start))
        yield from _wrapped(change, columns, _INDENT, _INDENT * 2)


def _proof(proof: "Proof | None") -> tuple[str, str]:
    """The finding, and the change that it came of."""
    if proof is None:
        return "", ""
    finding = proof.finding
    of = f"{_question(proof.question)}: " if proof.question else ""
    return f"{finding.severity.value} {finding.cause} on {finding.subject}", f"{of}{proof.told}"


def _section(title: str, entries: Iterable[str], columns: int) -> Iterator[str]:
    """A title and its entries; nothing where there are none."""
    told = list(entries)
    if told:
        yield ""
        yield title
        for one in told:
            yield from _wrapped(one, columns, _INDENT, _INDENT * 2)


def _wrapped(text: str, columns: int, first: str, below: str) -> list[str]:
    from sesgate.report.forms.escape import visible

    return textwrap.wrap(visible(text), columns, initial_indent=first, subsequent_indent=below, break_on_hyphens=False)


def _was(one: "CheckResult") -> str:
    return ", ".join(f"{count} {status}" for status, count in one.was.items())


def _green(one: "CheckResult") -> str:
    if not one.read:
        return f"{one.check}: it asks for no recorded answer"
    return f"{one.check}: {one.runs:,} runs on changes of the {one.read:,} answers that it read"


def _question(question: "Question") -> str:
    """What was asked, in a few words. The place goes without saying, and of parameters the first name will do."""
    from sesgate.report.assemble import question_json
    from sesgate.report.forms.words import question_line
    from sesgate.selftest.change import short

    if question.source != "aws":
        return question_line(question_json(question))
    _, service, operation = question.fields
    named = [value for value in question.parameters.values() if isinstance(value, str)]
    return " ".join((service, operation, *(short(name) for name in named[:1])))
