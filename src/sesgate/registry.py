"""The installed checks: packs, found by the entry-point group `sesgate.checks`. It knows no check by name."""

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType

from msgspec import Struct

from sesgate.check import ATTRIBUTE, Check
from sesgate.controls import Control, controls_of

GROUP = "sesgate.checks"


class PackError(Exception):
    """A pack can't be used: it fails to import, or two checks have one id. The text names both sides."""


class Registry(Struct, frozen=True):
    """Every installed check by id, in alphabetical order, and the versions of the packs they came from."""

    checks: Mapping[str, Check]
    packs: Mapping[str, str]
    homes: Mapping[str, str]
    """The pack of each check."""

    def controls(self, name: str) -> tuple[Control, ...]:
        """The controls that a check gives evidence for, as its pack states them."""
        return self._stated(self.checks[name].function.__module__.partition(".")[0]).get(name, ())

    @staticmethod
    @cache
    def _stated(package: str) -> Mapping[str, tuple[Control, ...]]:
        return controls_of(package)

    def nearest(self, name: str) -> str | None:
        """The installed id that is most like a name that is not installed."""
        found = difflib.get_close_matches(name, self.checks, n=1, cutoff=0.5)
        return found[0] if found else None


def load() -> Registry:
    """Imports all installed packs. Raises PackError."""
    return collect(sorted(entry_points(group=GROUP), key=lambda entry: entry.name))


def collect(entries: Iterable[EntryPoint]) -> Registry:
    """The checks of these packs. Raises PackError."""
    checks: dict[str, Check] = {}
    homes: dict[str, str] = {}
    packs: dict[str, str] = {}
    for entry in entries:
        if entry.name in packs:
            raise PackError(f"two installed packs are named {entry.name!r}")
        packs[entry.name] = entry.dist.version if entry.dist else "unknown"
        for module in _modules(entry):
            for found in _declared_in(module):
                if found.id in checks:
                    raise PackError(
                        f"two checks are named {found.id!r}: {_origin(checks[found.id])} (pack {homes[found.id]!r}) "
                        f"and {_origin(found)} (pack {entry.name!r})"
                    )
                checks[found.id] = found
                homes[found.id] = entry.name
    return Registry(dict(sorted(checks.items())), packs, homes)


def _modules(entry: EntryPoint) -> Iterable[ModuleType]:
    try:
        package = importlib.import_module(entry.value)
        yield package
        for info in pkgutil.iter_modules(getattr(package, "__path__", [])):
            if not info.name.startswith("_"):
                yield importlib.import_module(f"{entry.value}.{info.name}")
    except Exception as error:
        raise PackError(
            f"pack {entry.name!r} ({entry.value}) can't be imported: {type(error).__name__}: {error}"
        ) from error


def _declared_in(module: ModuleType) -> Iterable[Check]:
    for value in vars(module).values():
        declared = getattr(value, ATTRIBUTE, None)
        if isinstance(declared, Check) and declared.function.__module__ == module.__name__:
            yield declared


def _origin(found: Check) -> str:
    return f"{found.function.__module__}.{found.function.__qualname__}"
