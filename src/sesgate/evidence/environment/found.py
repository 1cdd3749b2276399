"""What a reader finds in one place. It may hold secrets, so it never leaves this room."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec import Struct


class Reference(Struct, frozen=True):
    """Where the platform takes a value from, when not from the text itself.

    `store` is "secrets-manager", "ssm", "kubernetes-secret", "kubernetes-configmap", "render" or "compose-secret".
    `secret` is false for a store that keeps no secrets, such as a ConfigMap or a parameter of type String.
    `name` is an ARN or a name, `key` the JSON key inside. `exists` is None where that could not be told.
    """

    store: str
    name: str
    secret: bool
    key: str | None = None
    exists: bool | None = None


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable as its place defines it.

    `value` is None where only a reference is known, and where `unreadable` says why the value could not be had.
    `place` is for people: "task definition bizassist-api:42, container api", "compose.yaml:14".
    """

    name: str
    place: str
    value: str | None = field(default=None, repr=False)
    reference: Reference | None = None
    unreadable: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """How the platform starts the application; None where the image's own default holds.

    A string is a line for the shell, a tuple the words themselves. `dockerfile` is a path relative to the gate, for
    platforms that build the image themselves; `build_target` its stage. `release_step` is true where the
    platform has a pre-deploy command of its own (Render's preDeployCommand), so that migrations have a place.
    `part` is "application", "init container" (done before the application starts, at each start) or "sidecar".
    `context` is the folder that the image is built from, `image` its name, `file` the file that says all this, both
    paths relative to the gate. `dockerfile_text` is a Dockerfile that stands in that file. `release_command` is what
    the release step runs, where the platform has one and it is set. `folder` is where the platform starts it, a path
    in the image; None where the image's own working folder holds.
    """

    place: str
    entrypoint: str | tuple[str, ...] | None = field(default=None, repr=False)
    command: str | tuple[str, ...] | None = field(default=None, repr=False)
    dockerfile: str | None = None
    build_target: str | None = None
    release_step: bool = False
    line: int | None = None
    part: str = "application"
    context: str | None = None
    image: str | None = None
    file: str | None = None
    dockerfile_text: str | None = field(default=None, repr=False)
    release_command: str | None = field(default=None, repr=False)
    folder: str | None = None


class Reading(Struct, frozen=True):
    """All that one source tells of one service.

    `injected` are the variables that the platform sets by itself, with the value where it is known. `unseen` says
    what could not be looked at and might define more variables (an env_file that is missing, a group that is not in
    the file, a denied read): a variable that is not among `variables` is then unreadable, not unset. `in_plain_text` is
    false where values do not stand in a text that others read: nobody can tell what put them into a process. `perhaps`
    are variables that the platform may set or not, with why that can't be told.
    """

    place: str
    variables: Mapping[str, Variable]
    injected: Mapping[str, str | None] = {}
    starts: tuple[Start, ...] = ()
    unseen: tuple[str, ...] = ()
    in_plain_text: bool = True
    perhaps: Mapping[str, str] = {}
