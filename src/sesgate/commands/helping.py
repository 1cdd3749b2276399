"""What `--help` looks like: options in groups, what they are called in the environment, and examples to paste."""

from collections.abc import Callable, Iterator
from typing import Any

import typer
from typer.core import TyperCommand

Example = tuple[str, str]
"""A command line, and what it does."""
OPTIONS, ARGUMENTS, EXAMPLES = "Options", "Arguments", "Examples"
COLUMN = 26


class Helpful(TyperCommand):
    """A command whose options stand under their `rich_help_panel`, in plain text."""

    examples: tuple[Example, ...] = ()

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for param in self.params:
            named: Any = param
            named.show_envvar = False
            if not getattr(param, "is_flag", False):
                param.metavar = param.metavar or _spelled(param)

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """`[OPTIONS] EVIDENCE [GATE]`."""
        arguments = [param for param in self.get_params(ctx) if param.param_type_name == "argument"]
        named = [str(param.metavar) if param.required else f"[{param.metavar}]" for param in arguments]
        return [self.options_metavar or "", *named]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Arguments, then each group of options, `--help` with the last."""
        sections: dict[str, list[tuple[str, str]]] = {ARGUMENTS: [], OPTIONS: []}
        for heading, record in self._records(ctx):
            sections.setdefault(heading, []).append(record)
        told = {heading: records for heading, records in sections.items() if records}
        for heading, records in told.items():
            with formatter.section(heading):
                formatter.write_dl([(f"{name:<{COLUMN}}", told) for name, told in records], col_max=COLUMN)

    def _records(self, ctx: Any) -> Iterator[tuple[str, tuple[str, str]]]:
        heading = OPTIONS
        for param in sorted(self.get_params(ctx), key=lambda param: param.param_type_name != "argument"):
            record = param.get_help_record(ctx)
            if record is None:
                continue
            if param.param_type_name == "argument":
                yield ARGUMENTS, (str(param.metavar), record[1])
                continue
            if param.name != "help":
                heading = getattr(param, "rich_help_panel", None) or OPTIONS
            yield heading, record

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """What the variables are called, and the examples."""
        named = next((param for param in self.params if getattr(param, "envvar", None)), None)
        if named:
            formatter.write_paragraph()
            told = f"{max(named.opts, key=len)} is {getattr(named, 'envvar', '')}"
            formatter.write_text(f"Options can be given by variables as well: {told}.")
        if self.examples:
            with formatter.section(EXAMPLES):
                for line, told in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{line}\n")
                    if told:
                        formatter.indent()
                        formatter.write_text(told)
                        formatter.dedent()
        super().format_epilog(ctx, formatter)


def _spelled(param: Any) -> str:
    """The value's name, by the option or the argument that takes it."""
    longest = max(param.opts, key=len) if param.param_type_name == "option" else str(param.name)
    return str(longest).lstrip("-").upper()


def helped(*examples: Example) -> type[Helpful]:
    """The class of a command that has these examples."""
    return type("Helped", (Helpful,), {"examples": examples})


def add(app: typer.Typer, name: str, command: Callable[..., int | None], short: str, *examples: Example) -> None:
    """Adds a command. `short` is its line in the list of commands."""
    app.command(name, cls=helped(*examples), short_help=short)(command)
