"""What a run is asked for: the options that `check`, `wait` and `repairs` have in common, read once."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct, field

from sesgate.commands.opening import length_named, names, region_named, resolvers_named
from sesgate.commands.writing import Outputs
from sesgate.finding import Severity


class Request(Struct, frozen=True):
    """What a run is asked for. No gate at all is the one that is found from here upward."""

    gates: tuple[str, ...] = ()
    sender: str | None = None
    region: str | None = None
    profile: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    checks_dir: tuple[Path, ...] = ()
    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()
    offline: bool = False
    send: bool = False
    mailbox: str | None = None
    record: str | None = None
    seal: str | None = None
    fail_on: Severity = Severity.BLOCKER
    baseline: str | None = None
    use_waivers: bool = True
    resolvers: tuple[str, ...] = ()
    timeout: float = 60.0
    outputs: Outputs = field(default_factory=lambda: Outputs((("text", "-"),)))


def asked(
    gates: Sequence[str],
    sender: str | None,
    *,
    region: str | None,
    profile: str | None,
    role_arn: str | None,
    external_id: str | None,
    resolver: Sequence[str] | None,
    timeout: str,
    only: Sequence[str] | None,
    skip: Sequence[str] | None,
    checks_dir: Sequence[Path] | None,
) -> Request:
    """The request of a command line, as far as every run has it. Ends the command where a value is none."""
    return Request(
        gates=tuple(gates),
        sender=sender,
        region=region_named(region),
        profile=profile,
        role_arn=role_arn,
        external_id=external_id,
        checks_dir=tuple(checks_dir or ()),
        only=names(only or ()),
        skip=names(skip or ()),
        resolvers=resolvers_named(resolver or ()),
        timeout=length_named("--timeout", timeout),
    )
