"""The command line. `main` is the one door for errors: what the user sees of them is decided here."""

import contextlib
import errno
import os
import signal
import sys
from typing import Annotated, Any

import typer

from sesgate import __version__
from sesgate.commands.saying import say
from sesgate.commands.shelf import Commands
from sesgate.commands.stop import ENDING, FAULT, INTERRUPTED, NOT_WRITTEN, TERMINATED, Stop, Terminated

app = typer.Typer(
    cls=Commands,
    name="sesgate",
    help="The go-live gate for applications that send mail through Amazon SES.",
    epilog="Exit codes: 0 ready, 1 not ready, 2 nothing was audited, 3 undecided. Without --send only reads are made.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": None},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"sesgate {__version__}")
        raise typer.Exit


@app.callback()
def sesgate(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """The go-live gate for applications that send mail through Amazon SES."""


def main() -> None:
    """Runs the command line and exits."""
    # What else is installed has no say in how a gate is read, and need not be searched for it.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    for number in ENDING:
        # `nohup` has it ignored.
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _terminated)
    _open_all()
    code = answer()
    # Threads that wait for an answer past the deadline are daemons; nothing waits for them here.
    os._exit(code)


def answer() -> int:
    """Does what the command line asks for; the exit code. Nothing is thrown."""
    return _flush(_run())


def _run() -> int:
    try:
        result = app(standalone_mode=False, prog_name="sesgate")
    except Stop as stop:
        say(stop.message)
        return stop.code
    except KeyboardInterrupt:
        say("interrupted")
        return INTERRUPTED
    except Terminated:
        say("terminated")
        return TERMINATED
    except BrokenPipeError:
        _close_stdout()
        return NOT_WRITTEN
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except OSError as error:
        return _not_written() if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO) else _unexpected(error)
    except Exception as error:  # noqa: BLE001 - the one door
        return _unexpected(error)
    if result == INTERRUPTED:
        say("interrupted")  # Typer takes KeyboardInterrupt for itself, and says nothing
    return result if isinstance(result, int) else 0


def _unexpected(error: Exception) -> int:
    usage: Any = error
    if hasattr(error, "format_message") and hasattr(error, "exit_code"):
        usage.show()
        return int(usage.exit_code)
    if type(error).__name__ == "Abort":
        return INTERRUPTED
    if os.environ.get("SESGATE_DEBUG"):
        raise error
    say(
        f"a fault in sesgate itself ({type(error).__name__}). Nothing was decided. "
        "SESGATE_DEBUG=1 shows where; please report it"
    )
    return FAULT


def _not_written() -> int:
    say("the output could not be written")
    _close_stdout()
    return NOT_WRITTEN


def _flush(code: int) -> int:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _close_stdout()
        code = NOT_WRITTEN
    except (OSError, ValueError):
        code = _not_written()
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.flush()
    return code


def _open_all() -> None:
    """Whoever started this may have closed its outputs: what is written then goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end


def _close_stdout() -> None:
    """Whoever read the output went away; the interpreter must not complain about it at its end."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _terminated(_number: int, _frame: Any) -> None:
    raise Terminated
