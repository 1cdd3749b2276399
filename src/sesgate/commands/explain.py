"""`sesgate explain`: what a check looks at, why, and what to do, from its page; offline."""

import re
import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.commands import flags
from sesgate.commands.completing import explained
from sesgate.commands.helping import add
from sesgate.commands.opening import open_registry
from sesgate.commands.stop import USAGE, Stop

if TYPE_CHECKING:
    from sesgate.check import Check

_EVERYWHERE = {
    "not-seen": (
        "## not-seen\n\nIt could not be looked at: access was denied, nobody answered in time, or the answer was not "
        "understood. That is neither a pass nor a failure; the finding's message has the reason, and the IAM action to "
        "grant where one is missing. Where nobody can ever look, a waiver with `cause: not-seen` says who answers for "
        "that, and until when."
    ),
    "not-run": (
        "## not-run\n\nIt was asked for and not done: an act without `--send`, a part of the gate that no installed "
        "check looks at, or a finding that rests on one which this run left out. Run it whole, or with what the "
        "message names."
    ),
}


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "explain",
        explain,
        "Explain a check: why, its causes, their repair",
        ("sesgate explain dkim", "The whole check."),
        ("sesgate explain dkim#cname-doubled", "One cause, and how to repair it."),
    )


def explain(
    what: Annotated[
        str, typer.Argument(help="A check, or one of its causes.", autocompletion=explained, metavar="ID[#CAUSE]")
    ],
    checks_dir: flags.ChecksDir = None,
    width: Annotated[int | None, typer.Option(help="Columns.", min=40)] = None,
) -> int:
    """Explain a check: what it looks at, why, each cause and its repair, what it needs from IAM."""
    name, _, cause = what.partition("#")
    registry = open_registry(checks_dir)
    if name not in registry.checks:
        near = registry.nearest(name)
        hint = f": did you mean {near}?" if near else "; --checks-dir names a folder of your own"
        raise Stop(USAGE, f"no installed check is named {name!r}{hint}")
    check = registry.checks[name]
    if cause and cause not in (*check.causes, "not-seen", "not-run"):
        raise Stop(USAGE, f"{name} has no cause {cause!r}: it has {', '.join(check.causes)}")
    page = page_of(check)
    text = (section(page, cause) or _EVERYWHERE.get(cause)) if cause else page
    _print(text or f"# {name}#{cause}\n\nThis cause has no explanation yet.", check, width)
    return 0


def page_of(check: "Check") -> str:
    """The check's page in Markdown: beside its module, in `docs/` of the pack, or in `docs/checks` of a checkout."""
    package = check.function.__module__.partition(".")[0]
    home = resources.files(package)
    candidates = [
        home.joinpath(f"{check.id}.md"),
        home.joinpath("docs", f"{check.id}.md"),
        Path(str(home)).parents[1] / "docs" / "checks" / f"{check.id}.md",
    ]
    for candidate in candidates:
        if candidate.is_file():
            return candidate.read_text("utf-8")
    return f"# {check.id}\n\n{check.function.__doc__ or ''}\n"


def section(page: str, cause: str) -> str | None:
    """The part of a page under the heading of one cause, down to the next heading of its level or above."""
    match = re.search(rf"^(#+) +`?{re.escape(cause)}`?.*$", page, re.MULTILINE)
    if match is None:
        return None
    rest = page[match.end() :]
    following = re.search(rf"^#{{1,{len(match[1])}}} ", rest, re.MULTILINE)
    return match[0] + (rest[: following.start()] if following else rest)


def _print(text: str, check: "Check", width: int | None) -> None:
    from rich.console import Console
    from rich.markdown import Markdown

    needs = ", ".join(check.reads) or "nothing"
    asks = (" It asks the DNS." if check.dns else "") + (" It asks the application's API." if check.http else "")
    acts = f" With --send also: {', '.join(check.acts)}." if check.acts else ""
    facts = f"\n\n---\n\nSeverity: {check.severity.value}. Needs from IAM: {needs}.{acts}{asks}\n"
    if not sys.stdout.isatty() and width is None:
        sys.stdout.write(text.rstrip() + facts.replace("\n\n---\n\n", "\n\n"))
        return
    Console(width=width).print(Markdown(text.rstrip() + facts))
