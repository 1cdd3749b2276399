"""`sesgate policy`: the least IAM policy for the auditor, and for the application. It asks nobody anything."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sesgate.commands import flags
from sesgate.commands.helping import helped
from sesgate.commands.opening import make_plan, names, open_gate, open_registry, region_named
from sesgate.commands.saying import say
from sesgate.commands.stop import USAGE, Stop
from sesgate.commands.writing import writable, write

if TYPE_CHECKING:
    from sesgate.check import Check
    from sesgate.gate import LoadedGate, Role
    from sesgate.policy import Told

MOST_CHARACTERS = 6144
"""As many as a managed policy may have, white space aside. Source: IAM quotas."""

Form = Annotated[str, typer.Option("--format", help="json, terraform or cloudformation.")]
Output = Annotated[str | None, typer.Option(help="Where the policy goes.", metavar="FILE")]

app = typer.Typer(
    help="Print the least IAM policy: for whoever runs the gate, or for the application. Nothing is asked of AWS.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add_to(parent: typer.Typer) -> None:
    """Adds the command."""
    parent.add_typer(app, name="policy", short_help="Print the least IAM policy for auditor or application")


@app.command(
    "auditor",
    short_help="For whoever runs this gate",
    cls=helped(
        ("sesgate policy auditor gate.yaml > auditor.json", "The reads of its checks, on what the gate names."),
        ("sesgate policy auditor --send --format terraform", "For all checks and a test send, as Terraform."),
    ),
)
def auditor(
    gate: flags.GatePath = None,
    sender: flags.OneSender = None,
    region: flags.Region = None,
    only: flags.Only = None,
    skip: flags.Skip = None,
    checks_dir: flags.ChecksDir = None,
    send: Annotated[
        bool, typer.Option("--send", help="For `check --send` as well: mail to SES's mailbox simulator alone.")
    ] = False,
    form: Form = "json",
    output: Output = None,
) -> int:
    """The least policy for running this gate: what its checks declare that they read, on what the gate names.

    Without a gate here it is the policy for all installed checks. sts:GetCallerIdentity is left out: nobody needs
    permission for it. A test send needs more than reads: --send adds it, and no right to write to anyone else.
    """
    from sesgate.plan import Selection
    from sesgate.policy import auditor_policy

    _try(form, output)
    selection = Selection(names(only or []), names(skip or []), send=send)
    loaded = (
        None
        if gate is None and sender is None and _no_gate_here()
        else open_gate(gate, sender, region, needs_secrets=False)
    )
    registry = open_registry(checks_dir)
    checks: Iterable[Check]
    if loaded is None:
        unknown = sorted((selection.only | selection.skip) - registry.checks.keys())
        if unknown:
            raise Stop(USAGE, f"no installed check is named {unknown[0]!r}: see `sesgate list`")
        say("there is no gate here: this is the policy for all installed checks, on every resource")
        checks = [check for check in registry.checks.values() if selection.takes(check)]
        policy = auditor_policy(checks, None, send=send)
    else:
        checks = make_plan(registry, loaded, selection).running
        policy = auditor_policy(checks, _told(loaded, region_named(region)), send=send, gate=loaded.gate)
    return _write("auditor", policy, form, output)


@app.command(
    "application",
    short_help="For the application: what its role needs, as the gate's senders",
    cls=helped(("sesgate policy application gate.yaml --role bizassist-api", "For one role of the gate.")),
)
def application(
    gate: flags.GatePath = None,
    sender: flags.OneSender = None,
    region: flags.Region = None,
    role: Annotated[
        str | None, typer.Option(help="The role, where the gate has several: its name or ARN.", metavar="NAME")
    ] = None,
    identity: Annotated[
        list[str] | None,
        typer.Option(help="An identity that SES has. May be repeated; the others are left out.", metavar="NAME"),
    ] = None,
    form: Form = "json",
    output: Output = None,
) -> int:
    """The least policy for the application: the `needs` of its role, and sending as the gate's senders only.

    SES authorises a send on the identity of the address where there is one, else on the domain's, else on that of a
    domain above. Without asking SES all of these are named, and ses:FromAddress binds them to the senders; --identity
    names those that there are.
    """
    from sesgate.policy import NoAccount, application_policy
    from sesgate.report.forms.escape import visible

    _try(form, output)
    loaded = open_gate(gate, sender, region, needs_secrets=False)
    try:
        made = application_policy(
            loaded.gate, _role(loaded, role), region_named(region) or loaded.gate.aws.region, identity or ()
        )
    except NoAccount:
        raise Stop(
            USAGE, f"{_at(loaded, ('aws',))}aws.account is needed: the ARNs of identities name the account"
        ) from None
    notes = [visible(note) for note in made.notes]
    for note in notes:
        say(note)
    return _write("application", made.document, form, output, notes)


def _role(loaded: "LoadedGate", name: str | None) -> "Role | None":
    from sesgate.policy.application import roles_named

    roles = loaded.gate.roles
    known = ", ".join(role.name for role in roles) or "none"
    if name is None:
        if len(roles) > 1:
            raise Stop(USAGE, f"{_at(loaded, ('roles',))}the gate has several roles: say which by --role: {known}")
        return roles[0] if roles else None
    found = roles_named(roles, name)
    if len(found) != 1:
        raise Stop(USAGE, f"--role {name}: {'several roles have' if found else 'no role has'} this name, of: {known}")
    return found[0]


def _told(loaded: "LoadedGate", region: str | None) -> "Told":
    from sesgate.connect import other_regions
    from sesgate.policy import told_by

    here = region or loaded.gate.aws.region
    return told_by(loaded.gate, here, other_regions(loaded.gate, here, {}, None))


def _no_gate_here() -> bool:
    from sesgate.gate import find_gate

    return find_gate(Path.cwd()) is None


def _at(loaded: "LoadedGate", where: tuple[str | int, ...]) -> str:
    from sesgate.run import locate

    found = locate(loaded, where)
    return f"{found.path}:{found.line}:{found.column}: " if found else ""


def _try(form: str, output: str | None) -> None:
    from sesgate.policy import FORMS

    if form not in FORMS:
        raise Stop(USAGE, f"--format {form}: {', '.join(FORMS)} is expected")
    if output:
        writable(output)


def _write(name: str, policy: Mapping[str, Any], form: str, output: str | None, notes: Iterable[str] = ()) -> int:
    from sesgate.policy import render

    characters = len(json.dumps(policy, separators=(",", ":")))
    if characters > MOST_CHARACTERS:
        say(f"the policy has {characters} characters, and a managed policy holds {MOST_CHARACTERS}: divide it")
    write(output or "-", render(form, name, policy, notes))
    return 0
