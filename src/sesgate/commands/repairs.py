"""`sesgate repairs`: writes what there is to repair, for the tools and the people who do it. It applies nothing."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct
from msgspec.structs import replace

from sesgate.commands import flags
from sesgate.commands.asking import asked
from sesgate.commands.completing import repair_forms
from sesgate.commands.helping import add
from sesgate.commands.opening import names, open_registry
from sesgate.commands.replay import open_recording, recorded_setting, tell_changed_packs
from sesgate.commands.saying import tell
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import writable, write
from sesgate.files import STDOUT

if TYPE_CHECKING:
    from sesgate.commands.asking import Request
    from sesgate.evidence import Answer, Question
    from sesgate.finding import Owner
    from sesgate.repairs import Work
    from sesgate.report.model import ReportedFinding
    from sesgate.run import Run, Setting

MOST_NAMED = 60


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "repairs",
        repairs,
        "Write the repairs, filled in, in the form that fits",
        ("sesgate repairs --format zone --zone yourdomain.com", "The records to publish, as lines of a zone file."),
        (
            "sesgate repairs evidence.json --owner dns --format message",
            "What to ask of whoever runs the DNS.",
        ),
        ("sesgate repairs --format terraform --output repairs.tf", "For Terraform."),
    )


def repairs(
    source: Annotated[
        str | None,
        typer.Argument(help="A gate, or evidence that `check --record` wrote. Left out: the gate from here up."),
    ] = None,
    form: Annotated[
        str,
        typer.Option(
            "--format",
            help="zone, route53, terraform, cloudformation, aws-cli, policies, access-request or message.",
            envvar="SESGATE_FORMAT",
            autocompletion=repair_forms,
        ),
    ] = "message",
    output: Annotated[str, typer.Option(help="Where it goes.", metavar="FILE", envvar="SESGATE_OUTPUT")] = STDOUT,
    owner: Annotated[
        list[str] | None,
        typer.Option(help="Only what these can do: dns, aws, iam, application, person.", envvar="SESGATE_OWNER"),
    ] = None,
    zone: Annotated[
        str | None, typer.Option(help="Only the records of this domain.", metavar="DOMAIN", envvar="SESGATE_ZONE")
    ] = None,
    no_proof: Annotated[
        bool,
        typer.Option(
            "--no-proof", help="Do not run the gate again on the repaired evidence.", envvar="SESGATE_NO_PROOF"
        ),
    ] = False,
    region: flags.Region = None,
    profile: flags.Profile = None,
    role_arn: flags.RoleArn = None,
    external_id: flags.ExternalId = None,
    resolver: flags.Resolver = None,
    timeout: flags.Timeout = "60s",
    only: flags.Only = None,
    skip: flags.Skip = None,
    checks_dir: flags.ChecksDir = None,
    quiet: flags.Quiet = False,
) -> int:
    """Write the repairs, filled in with the real values, in the form that fits whoever does them.

    On stderr stands the proof: records and policy statements are put in place of what was seen, the gate is run again
    on that, and it is told which findings they close and which remain. Nothing is applied. Exits with 0, also where
    there is nothing to repair; 1 where no repair fits the form.
    """
    from sesgate.repairs import FORMS, work_of
    from sesgate.repairs import write as written
    from sesgate.repairs.work import NothingToWrite, SeveralZones

    if form not in FORMS:
        raise Stop(USAGE, f"no form of repairs is named {form!r}: there are {', '.join(FORMS)}")
    writable(output)
    request = asked(
        [source] if source else (),
        None,
        region=region,
        profile=profile,
        role_arn=role_arn,
        external_id=external_id,
        resolver=resolver,
        timeout=timeout,
        only=only,
        skip=skip,
        checks_dir=checks_dir,
    )
    look = _recorded(str(source), request) if _is_recording(source) else _live(request)
    run = look.run
    work = work_of(
        run.report,
        run.recording.answers,
        gate=look.setting.loaded.gate,
        owners=_owners(owner or ()),
        zone=zone.lower().rstrip(".") if zone else None,
    )
    try:
        write(output, written(form, work))
    except SeveralZones as zones:
        raise Stop(USAGE, f"the records lie in several zones, say which with --zone: {', '.join(zones.args)}") from None
    except NothingToWrite as nothing:
        tell(f"{nothing}" if work.remedies else "nothing is to be repaired")
        return int(bool(work.remedies))
    if not no_proof and not quiet:
        _tell(look, work)
    return 0


def _owners(values: Sequence[str]) -> "frozenset[Owner]":
    from sesgate.finding import Owner

    wanted = names(values)
    unknown = wanted - {owner.value for owner in Owner}
    if unknown:
        raise Stop(
            USAGE, f"--owner {sorted(unknown)[0]}: one of {', '.join(owner.value for owner in Owner)} is expected"
        )
    return frozenset(Owner(name) for name in wanted)


class Look(Struct, frozen=True):
    """A run, and the way to run it again on other answers: `again` takes what is known."""

    setting: "Setting"
    run: "Run"
    again: "Callable[[Mapping[Question, Answer]], Run]"


def _live(request: "Request") -> Look:
    """A fresh run. What the repaired evidence does not hold is asked."""
    from sesgate.commands.live import go_live_alone
    from sesgate.run import audit

    deadline = time.monotonic() + request.timeout
    live = go_live_alone(request, deadline)
    run = audit(live.setting, deadline=deadline)
    return Look(live.setting, run, lambda known: live.again(known, request.timeout))


def _recorded(source: str, request: "Request") -> Look:
    """A run on recorded evidence."""
    from sesgate.evidence import Evidence
    from sesgate.run import audit

    registry = open_registry(request.checks_dir)
    recording = open_recording(source)
    setting = recorded_setting(registry, recording, None, request.only, request.skip)
    tell_changed_packs(registry, [recording])

    def again(known: "Mapping[Question, Answer]") -> "Run":
        evidence = Evidence({}, known=known, clock=setting.clock)
        return audit(replace(setting, evidence=evidence), deadline=float("inf"))

    return Look(setting, audit(setting, deadline=float("inf")), again)


def _is_recording(source: str | None) -> bool:
    """Whether a file is evidence: JSON, where a gate is YAML with a mapping of other keys."""
    if source in (None, "-"):
        return False
    try:
        with Path(str(source)).open("rb") as file:
            return file.read(64).lstrip().startswith(b"{") and Path(str(source)).suffix == ".json"
    except OSError:
        return False


def _tell(look: Look, work: "Work") -> None:
    """The proof, on stderr."""
    from sesgate.repairs.proof import proof, repaired

    after = look.again(repaired(look.run.recording.answers, work))
    found = proof(look.run.report, after.report)
    _told("with the records and statements in place, closed", found.closed)
    _told("waiting for someone to look again", found.waiting)
    _told("remaining, for the proof carries out no operations and does nobody's work", found.remaining)


def _told(what: str, findings: "Sequence[ReportedFinding]") -> None:
    from sesgate.report.forms.words import identity

    if not findings:
        return
    tell(f"{what}: {len(findings)}")
    for one in findings[:MOST_NAMED]:
        tell(f"  {one.severity.value} {identity(one)} {one.subject}")
    if len(findings) > MOST_NAMED:
        tell(f"  and {len(findings) - MOST_NAMED} more")
