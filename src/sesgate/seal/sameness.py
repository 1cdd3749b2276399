"""Whether two reports tell the same, and where they do not. Pure."""

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from msgspec import Struct

from sesgate.report.joint import AnyReport, labelled

OF_ITS_RUN = ("duration_seconds", "replayed", "recording")
"""What each run has of its own, also where everything that it saw and said is the same."""
_NOTHING = object()


class Differing(Struct, frozen=True):
    """A JSON pointer (RFC 6901), and what stands there in either document; None for what is not there."""

    pointer: str
    here: Any
    there: Any


def differing(here: Any, there: Any, pointer: str = "") -> Iterator[Differing]:
    """The places at which two JSON documents differ, as deep down as they can be told."""
    if isinstance(here, Mapping) and isinstance(there, Mapping):
        for name in sorted({*here, *there}):
            inside = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            yield from differing(here.get(name, _NOTHING), there.get(name, _NOTHING), inside)
    elif isinstance(here, list) and isinstance(there, list):
        for at, (one, other) in enumerate(zip_longest(here, there, fillvalue=_NOTHING)):
            yield from differing(one, other, f"{pointer}/{at}")
    elif type(here) is not type(there) or here != there:
        yield Differing(pointer, _shown(here), _shown(there))


def as_replayed(document: Mapping[str, Any]) -> dict[str, Any]:
    """A report's JSON without what a replay has of its own, of each gate where there are several."""
    own = {name: value for name, value in document.items() if name not in OF_ITS_RUN}
    gates = own.get("gates")
    return {**own, "gates": [as_replayed(gate) for gate in gates]} if isinstance(gates, list) else own


def outcome(report: AnyReport) -> tuple[str, frozenset[tuple[str, str, str | None, str, str, bool, str]]]:
    """What two versions of sesgate must agree on: the verdict, and each finding's check, subject, cause, status,
    severity, whether it is waived, and its gate. How it is told may be another."""
    findings = frozenset(
        (one.check, one.subject, one.cause, one.status.value, one.severity.value, one.waiver is not None, label)
        for label, gate in labelled(report)
        for one in gate.findings
    )
    return report.verdict.value, findings


def _shown(value: Any) -> Any:
    return None if value is _NOTHING else value
