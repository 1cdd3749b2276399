"""`--help`, the README and the documentation against the command line that there is."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from sesgate.cli import app
from sesgate.commands.flags import FORM_HELP
from sesgate.report.forms import KINDS

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/checks/*.md")])
WIDTH = 80


def leaves(group: Any, path: tuple[str, ...] = ("sesgate",)) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from leaves(command, (*path, name))
        else:
            yield " ".join((*path, name)), command


ROOT_COMMAND: Any = typer.main.get_command(app)
COMMANDS = dict(leaves(ROOT_COMMAND))


def help_of(name: str) -> str:
    context = COMMANDS[name].make_context(
        name, [], resilient_parsing=True, terminal_width=WIDTH, max_content_width=WIDTH
    )
    with context:
        return str(COMMANDS[name].get_help(context))


def parse(line: str) -> None:
    """Parses a command line and runs nothing. Raises what the command line would."""
    words = shlex.split(line.replace("\\\n", " "), comments=True)
    for sign in (">", "|", "&&"):
        words = words[: words.index(sign)] if sign in words else words
    command, rest = ROOT_COMMAND, words[1:]
    while hasattr(command, "commands"):
        command, rest = command.commands[rest[0]], rest[1:]
    with command.make_context("sesgate", list(rest)):
        pass


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_a_terminal_and_tells_every_option(name: str) -> None:
    told = help_of(name)
    assert [line for line in told.splitlines() if len(line) > WIDTH] == []
    assert "env var" not in told
    for param in COMMANDS[name].params:
        assert param.help, param.name
        assert param.name == "help" or any(one in told for one in (*param.opts, str(param.metavar)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_examples_that_parse(name: str) -> None:
    examples = COMMANDS[name].examples
    assert examples
    for line, _ in examples:
        assert line.startswith(f"{name}")
        parse(line)


def test_options_stand_in_groups() -> None:
    told = help_of("sesgate check")
    headings = re.findall(r"^(\S.*):$", told, re.MULTILINE)
    assert headings == ["Arguments", "Where to look", "What to look at", "Output", "Verdict", "Examples"]
    assert told.index("Verdict:") < told.index("--fail-on SEVERITY") < told.index("Examples:")


def test_help_names_the_forms() -> None:
    assert FORM_HELP.removesuffix(".").split(": ")[1].replace(" or ", ", ").split(", ") == list(KINDS)


def test_every_command_is_in_the_list_with_a_whole_line() -> None:
    with ROOT_COMMAND.make_context("sesgate", [], resilient_parsing=True, terminal_width=WIDTH) as context:
        told = ROOT_COMMAND.get_help(context)
    assert "..." not in told.split("Commands:")[1]


def spoken() -> Iterator[tuple[str, str]]:
    """What the pages say that one types: whole lines of shell blocks, and code spans."""
    for page in PAGES:
        text = page.read_text("utf-8")
        for block in re.findall(r"^```(?:sh|console|bash)\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
            lines = block.replace("\\\n", " ").splitlines()
            yield from ((page.name, line.strip().removeprefix("$ ")) for line in lines if "sesgate " in line)
        outside = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        yield from ((page.name, " ".join(span.split())) for span in re.findall(r"`(sesgate [^`]+)`", outside))


SPOKEN = sorted({(page, line) for page, line in spoken() if line.startswith("sesgate ")})


@pytest.mark.parametrize(("page", "line"), SPOKEN)
def test_what_the_pages_say_can_be_typed(page: str, line: str) -> None:
    words = re.sub(r"[\[\]…]", " ", line.split(" # ", maxsplit=1)[0]).replace("|", " ").split()
    command, at = ROOT_COMMAND, 1
    while hasattr(command, "commands") and at < len(words) and not words[at].startswith("-"):
        assert words[at] in command.commands, f"{page}: there is no `{' '.join(words[: at + 1])}`"
        command, at = command.commands[words[at]], at + 1
    known = {option for param in command.params for option in param.opts} | {"--help", "-h"}
    flags = {word.split("=")[0] for word in words[at:] if re.fullmatch(r"--?[a-z][a-z-]*(=.*)?", word)}
    assert flags <= known, f"{page}: {line}"


def test_flags_that_the_readme_names_exist() -> None:
    known = {
        option for command in (ROOT_COMMAND, *COMMANDS.values()) for param in command.params for option in param.opts
    }
    readme = (ROOT / "README.md").read_text("utf-8")
    spans = re.findall(r"`(--[a-z-]+)", readme)
    assert spans
    assert set(spans) - known == {"--help"}
