"""The packs that a recorded run had, against those that are here. Pure.

Both sides are versions by name, as `Registry.packs` has them: of a folder it is the SHA-256 of what its modules say.
"""

from collections.abc import Iterator, Mapping

from sesgate.checks_folder import is_folder


def missing(recorded: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    """The packs that are not here. A folder is here under any name: what its modules say makes it the same."""
    for name, version in recorded.items():
        if name not in here and not _elsewhere(name, version, here):
            yield name


def changes(recorded: Mapping[str, str], here: Mapping[str, str]) -> Iterator[str]:
    """What is not as it was, a line a pack."""
    gone = set(missing(recorded, here))
    moved = {other for name, version in recorded.items() for other in _elsewhere(name, version, here)}
    for name in sorted({*recorded, *here}):
        before, now = recorded.get(name), here.get(name)
        if before is None and name not in moved:
            yield f"the pack {name} was not there, and is {now}"
        elif before is not None and now is not None and before != now:
            yield f"the pack {name} was {before}, and is {now}"
        elif before is not None and name in gone:
            yield f"the pack {name} was {before}, and is not there"
        elif before is not None and now is None:
            yield f"the pack {name} is here as {_elsewhere(name, before, here)[0]}, and says the same"


def _elsewhere(name: str, version: str, here: Mapping[str, str]) -> tuple[str, ...]:
    """The folders by another name that say what this one said."""
    if not is_folder(name) or name in here:
        return ()
    return tuple(other for other, now in here.items() if is_folder(other) and now == version)
