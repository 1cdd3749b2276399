"""What every command that runs a gate begins with: the gate, the installed checks, the plan."""

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sesgate.commands.saying import say
from sesgate.commands.stop import USAGE, Stop
from sesgate.finding import Severity

if TYPE_CHECKING:
    from sesgate.gate import LoadedGate
    from sesgate.plan import Plan, Selection
    from sesgate.registry import Registry
    from sesgate.report.joint import AnyReport


def open_gate(
    argument: str | None, sender: str | None, region: str | None, *, needs_secrets: bool = True
) -> "LoadedGate":
    """The gate of the command line: a file, standard input, two flags, or the file that is found from here upward.

    What asks nobody does without the secrets of the API's probes: their `${VAR}` may be unset.
    """
    from sesgate.gate import GateError, load_gate, smallest_gate

    try:
        if sender is not None:
            if argument:
                raise Stop(USAGE, "give a gate or --sender, not both")
            if not region:
                raise Stop(USAGE, "--sender needs --region: the SES region under audit")
            return smallest_gate(sender, region)
        if argument == "-":
            return load_gate("-", os.environ, stand_in=not needs_secrets)
        path = Path(argument) if argument else found_here()
        if path is None:
            raise Stop(
                USAGE,
                "no gate found: there is no sesgate.yaml or gate.yaml here or above. "
                "`sesgate init` drafts one; or try `sesgate check --sender no-reply@example.com --region eu-west-1`",
            )
        return load_gate(path, os.environ, stand_in=not needs_secrets)
    except GateError as error:
        raise Stop(USAGE, str(error)) from None


def found_here() -> Path | None:
    """The gate from here upward; in this folder by its name alone, so that reports point into the checkout."""
    from sesgate.gate import find_gate

    path = find_gate(Path.cwd())
    return Path(path.name) if path and path.parent == Path.cwd().resolve() else path


def open_registry(folders: "Sequence[Path] | None" = None) -> "Registry":
    """The installed checks, and those of `--checks-dir`: whoever names a folder trusts the code in it, and is told."""
    from sesgate.registry import PackError, load

    for folder in folders or ():
        say(f"the checks in {folder} are run as code of this process: they can do whatever it can")
    try:
        return load(folders or ())
    except PackError as error:
        raise Stop(USAGE, str(error)) from None


def make_plan(registry: "Registry", loaded: "LoadedGate", selection: "Selection") -> "Plan":
    """The plan of a run. Ends the command where the gate or the command line names what is not installed."""
    from sesgate.plan import mistakes, plan

    found = list(mistakes(registry, loaded.gate, selection))
    if found:
        raise Stop(USAGE, "\n".join(_told(loaded, mistake.where, mistake.message, mistake.hint) for mistake in found))
    return plan(registry, loaded.gate, selection)


def _told(loaded: "LoadedGate", where: tuple[str | int, ...], message: str, hint: str | None) -> str:
    from sesgate.run import locate

    found = locate(loaded, where) if where else None
    at = f"{found.path}:{found.line}:{found.column}: " if found else ""
    return f"{at}{message}" + (f" ({hint})" if hint else "")


def names(values: Iterable[str]) -> frozenset[str]:
    """Check ids from repeated options; commas separate as well."""
    return frozenset(name.strip() for value in values for name in value.split(",") if name.strip())


def severity_named(text: str) -> Severity:
    """`--fail-on`."""
    if text not in ("blocker", "warning"):
        raise Stop(USAGE, f"--fail-on {text}: blocker or warning is expected")
    return Severity(text)


def resolvers_named(values: Iterable[str]) -> tuple[str, ...]:
    """`--resolver`: as in the gate, `system` or an IP address with an optional port."""
    named = tuple(values)
    if named:
        from sesgate.gate import resolver_address

        for text in named:
            try:
                if text != "system":
                    resolver_address(text)
            except ValueError:
                raise Stop(USAGE, f"--resolver {text}: an IP address with an optional :port is expected") from None
    return named


def region_named(text: str | None) -> str | None:
    """`--region`: as in the gate."""
    if text is None:
        return None
    from sesgate.gate import is_region

    if not is_region(text):
        raise Stop(USAGE, f"--region {text}: an AWS region is expected, such as ap-southeast-1")
    return text


def address_named(text: str | None) -> str | None:
    """`--to`: one address, without a name."""
    if text is None:
        return None
    from sesgate.gate import is_address

    if not is_address(text):
        raise Stop(USAGE, f"--to {text}: an e-mail address is expected, such as me@example.com")
    return text


def color_named(text: str) -> str:
    """`--color`."""
    if text not in ("auto", "always", "never"):
        raise Stop(USAGE, f"--color {text}: auto, always or never is expected")
    return text


def length_named(option: str, text: str) -> float:
    """The seconds of an option such as `--timeout`, written as lengths of time in the gate are."""
    from sesgate.gate import seconds

    length = seconds(text.strip())
    if length is None or length <= 0:
        raise Stop(USAGE, f"{option} {text}: a length of time is expected, such as 60s or 2m")
    return length


def saved_text(path: str, named: str) -> str:
    """The text of a saved file, or of standard input for `-`. Ends the command where it can't be read.

    `named` is what messages call it.
    """
    try:
        return sys.stdin.read() if path == "-" else Path(path).read_text("utf-8")
    except OSError as error:
        raise Stop(USAGE, f"{named}: {(error.strerror or 'unreadable').lower()}") from None
    except UnicodeDecodeError:
        raise Stop(USAGE, f"{named}: it is not UTF-8") from None


def saved_octets(path: str, most: int = -1) -> bytes:
    """The octets of a saved file, the first `most` of them. Ends the command where it can't be read."""
    try:
        with Path(path).open("rb") as file:
            return file.read(most)
    except OSError as error:
        raise Stop(USAGE, f"{path}: {(error.strerror or 'unreadable').lower()}") from None


def decoded(octets: bytes, named: str) -> str:
    """The text that octets hold. Ends the command where they hold none. `named` is what messages call them."""
    try:
        return octets.decode()
    except UnicodeDecodeError:
        raise Stop(USAGE, f"{named}: it is not UTF-8") from None


def saved_report(path: str, named: str | None = None) -> "AnyReport":
    """A saved JSON report. Ends the command where it is none. `named` is what messages call it; else its path."""
    return report_in(saved_text(path, named or path), named or path)


def report_in(text: str, named: str) -> "AnyReport":
    """The JSON report that a text is. Ends the command where it is none. `named` is what messages call it."""
    from sesgate.report.load import BadReport, load_report

    try:
        return load_report(text)
    except BadReport as error:
        raise Stop(USAGE, f"{named}: {error}") from None
