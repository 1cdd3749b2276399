"""`sesgate init`: a first gate, from what the account, the DNS and the working folder tell. It only reads."""

import contextlib
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.commands import flags, terminal
from sesgate.commands.discovering import Wanted, found, senders_named
from sesgate.commands.helping import add
from sesgate.commands.opening import color_named, length_named, region_named, resolvers_named
from sesgate.commands.progress import watched
from sesgate.commands.saying import say, tell
from sesgate.commands.stop import FAULT, USAGE, Stop
from sesgate.commands.writing import writable, write
from sesgate.files import STDOUT

if TYPE_CHECKING:
    from sesgate.drafting import Facts

DEFAULT = "sesgate.yaml"
MOST_TOLD = 12

Output = Annotated[
    str,
    typer.Option("--output", "-o", help="The gate file to write; - is stdout.", metavar="FILE"),
]
Senders = Annotated[
    list[str] | None,
    typer.Option("--sender", help="What the application sends as. May be repeated.", metavar="ADDRESS|DOMAIN"),
]
Region = Annotated[
    str | None,
    typer.Option(
        help="The SES region. Left out: as the AWS CLI takes it, then what the folder's files say.",
        envvar="SESGATE_REGION",
        rich_help_panel=flags.CONNECTION,
    ),
]
Resolver = Annotated[
    list[str] | None,
    typer.Option(
        help="A DNS resolver to ask, and to write into the gate. May be repeated.",
        metavar="ADDR[:PORT]",
        envvar="SESGATE_RESOLVER",
        rich_help_panel=flags.CONNECTION,
    ),
]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "init",
        init,
        "Write a first gate from the account, the DNS and this folder",
        ("sesgate init", "Asks where there is something to choose."),
        ("sesgate init --sender no-reply@yourdomain.com --yes -o gate.yaml", "Asks nothing."),
    )


def init(
    output: Output = DEFAULT,
    sender: Senders = None,
    region: Region = None,
    profile: flags.Profile = None,
    role_arn: flags.RoleArn = None,
    external_id: flags.ExternalId = None,
    resolver: Resolver = None,
    timeout: flags.Timeout = "60s",
    offline: flags.Offline = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Ask nothing: take what was found.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    color: flags.Color = "auto",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing of what was written.")] = False,
) -> int:
    """Write a first gate from what is there: the account, the DNS, and this folder. Nothing is changed in any of them.

    It has a comment for each guess, and says what could not be seen. On a terminal it asks; elsewhere pass --yes.
    """
    if not yes and not terminal.is_there():
        raise Stop(USAGE, "there is no terminal to ask at: pass --yes to take what is found")
    _may_be_written(output, force=force)
    wanted = Wanted(
        output=output,
        senders=senders_named(sender or ()),
        region=region_named(region),
        resolvers=resolvers_named(resolver or ()),
        timeout=length_named("--timeout", timeout),
        offline=offline,
        asks=not yes,
        login=(profile, role_arn, external_id),
    )
    if watched() and not quiet:
        say("looking at this folder, the DNS and the account")
    facts, text = _drafted(wanted)
    # Somebody may have written it while this looked around.
    _may_be_written(output, force=force)
    write(output, text)
    if not quiet:
        _tell(facts, output, bold=terminal.is_colored(color_named(color), sys.stderr))
    return 0


def _may_be_written(output: str, *, force: bool) -> None:
    writable(output)
    target = Path(output)
    if output != STDOUT and target.is_file() and not force:
        raise Stop(USAGE, f"{output} is there already, and is left as it is: --force writes over it, -o names another")


def _drafted(wanted: Wanted) -> "tuple[Facts, str]":
    """The facts and the text that they make, which is a valid gate."""
    from sesgate.drafting import draft
    from sesgate.gate import GateError, load_gate

    facts = found(wanted)
    text = draft(facts)
    try:
        load_gate(Path(wanted.output), {}, text)
    except GateError as error:
        raise Stop(
            FAULT, f"a fault in sesgate itself: the draft is no valid gate, and was not written\n{error}"
        ) from None
    return facts, text


def _tell(facts: "Facts", output: str, *, bold: bool) -> None:
    """What was written, what was not seen, and what to do next."""
    from sesgate.drafting.gate import explained
    from sesgate.gate import NAMES

    name = "the gate" if output == STDOUT else output
    say(f"{name} is written: {_counted(facts)}. It is a draft: read it before you rely on it.")
    if facts.endpoint:
        tell(f"! This is not AWS: the endpoint is {facts.endpoint}")
    hidden = explained(facts.unseen)
    if hidden:
        _headed("Could not be seen:", bold=bold)
        for each in hidden[:MOST_TOLD]:
            tell(f"  {each}")
        if len(hidden) > MOST_TOLD:
            tell(f"  and {len(hidden) - MOST_TOLD} more: see the head of the gate")
    others = _other_gates(output)
    if others:
        tell(f"Beside it there is {', '.join(others)}: name the gate that you mean, as in `sesgate check {output}`")
    if output != STDOUT:
        named = "" if output in NAMES else f" {shlex.quote(output)}"
        _headed("Next:", bold=bold)
        tell(f"  sesgate check{named}              what stands between it and ready")
        tell(f"  sesgate policy auditor{named}     the least IAM policy for whoever runs it")


def _headed(text: str, *, bold: bool) -> None:
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"\x1b[1m{text}\x1b[0m\n" if bold else f"{text}\n")


def _other_gates(output: str) -> list[str]:
    """Further gates of the folder: `check` without a name takes one of them only."""
    from sesgate.gate import NAMES

    if output == STDOUT:
        return []
    written = Path(output)
    return [name for name in NAMES if name != written.name and (written.parent / name).is_file()]


def _counted(facts: "Facts") -> str:
    from sesgate.drafting.account import likely
    from sesgate.drafting.roles import of_application

    counts = {
        "sender": len(facts.choice.chosen),
        "role": len(of_application(facts)),
        "service": len(facts.services.taken),
        "database": 1 if likely(facts) else 0,
        "client": len(facts.folder.clients),
    }
    return ", ".join(f"{count} {noun}{'s' if count > 1 else ''}" for noun, count in counts.items() if count)
