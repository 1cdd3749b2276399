"""Several places of one service, merged: later ones win, and what could not be read might have won."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sesgate.evidence.environment.found import Reading, Variable
from sesgate.evidence.question import Failure, FailureKind


@dataclass(frozen=True, slots=True)
class Settled:
    """What the service gets for one name. Of `variable`, `injected` and `doubt` at most one says so; none: it is unset.

    `value` is what the platform injects, where that is known. `doubt` is why nobody can tell.
    """

    name: str
    variable: Variable | None = None
    injected: str | None = None
    """The place whose platform sets it."""
    value: str | None = field(default=None, repr=False)
    doubt: Failure | None = None
    perhaps: bool = False
    """Whether the doubt is only if the platform sets it: a default that is right would do either way."""
    plain: bool = False
    """Whether its value stands in a text that others read."""


Read = Reading | Failure
"""What came of one source."""


def settle(name: str, sources: Sequence[Read]) -> Settled:
    """Looks from the last source to the first. Doubt in a source hides what those before it define."""
    for source in reversed(sources):
        if isinstance(source, Failure):
            return Settled(name, doubt=source)
        if name in source.variables:
            variable = source.variables[name]
            referred = variable.reference is not None and variable.reference.secret
            return Settled(name, variable, plain=source.in_plain_text and variable.value is not None and not referred)
        if name in source.injected:
            return Settled(name, injected=source.place, value=source.injected[name])
        if name in source.perhaps:
            return Settled(name, doubt=Failure(FailureKind.NOT_UNDERSTOOD, source.perhaps[name]), perhaps=True)
        if source.unseen:
            return Settled(name, doubt=Failure(FailureKind.NOT_UNDERSTOOD, source.unseen[0]))
    return Settled(name)


def names(sources: Sequence[Read]) -> frozenset[str]:
    """All names that some source defines."""
    return frozenset(name for source in sources if isinstance(source, Reading) for name in source.variables)


def places(sources: Sequence[Read], kinds: Sequence[str]) -> Mapping[str, str | None]:
    """Each place that was read, or the kind of source that was not, with what is missing there."""
    told: dict[str, str | None] = {}
    for source, kind in zip(sources, kinds, strict=True):
        if isinstance(source, Failure):
            told[kind] = source.message
        else:
            told[source.place] = "; ".join(source.unseen) or None
    return told
