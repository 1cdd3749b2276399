"""Programs that run several commands, or keep one running, and how they name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sesgate.release import packages
from sesgate.release.wrappers import PARALLEL_OPTIONS, SCRIPT_ENDINGS, behind_options

if TYPE_CHECKING:
    from sesgate.release.walk import Walk


def parallel(walk: Walk, arguments: list[str]) -> None:
    """`concurrently "one" "npm:two"`."""
    skips = False
    for word in arguments:
        if skips or word == "--":
            skips = False
        elif word.startswith("-"):
            skips = word in PARALLEL_OPTIONS
        else:
            manager, colon, script = word.partition(":")
            if colon and manager in packages.MANAGERS and " " not in word:
                packages.run(walk, manager, script, ())
            else:
                walk.shell(word)


def supervised(walk: Walk, name: str, arguments: list[str]) -> None:
    """`nodemon --exec "…"`, `pm2-runtime start npm -- start`."""
    for option in ("--exec", "-x", "-c"):
        if option in arguments[:-1]:
            walk.shell(arguments[arguments.index(option) + 1])
            return
    rest = [word for word in behind_options(arguments) if word != "start"][:1]
    behind = arguments[arguments.index("--") + 1 :] if "--" in arguments else []
    if rest and rest[0].rpartition("/")[2].startswith("ecosystem"):
        walk.opaque(rest[0].rpartition("/")[2], f"the configuration of {name} was not seen")
    elif rest and "." in rest[0].rpartition("/")[2] and not rest[0].endswith(SCRIPT_ENDINGS):
        walk.words(["node", *rest, *behind])
    elif rest:
        walk.words([*rest, *behind])
