"""The checks: packs, found by the entry-point group `sesgate.checks`, and folders. It knows no check by name."""

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from msgspec import Struct, field

from sesgate.check import ATTRIBUTE, Check
from sesgate.checks_folder import ChecksFolder, FolderError
from sesgate.controls import FILE as CONTROLS
from sesgate.controls import BadControls, Control, controls_of

GROUP = "sesgate.checks"


class PackError(Exception):
    """A pack can't be used: it fails to import, or two checks have one id. The text names both sides, or the line."""


class Registry(Struct, frozen=True):
    """Every installed check by id, in alphabetical order, and the versions of the packs they came from."""

    checks: Mapping[str, Check]
    packs: Mapping[str, str]
    homes: Mapping[str, str]
    """The pack of each check."""
    stated: Mapping[str, tuple[Control, ...]] = {}
    """The controls that checks give evidence for, as their packs state them."""

    def controls(self, name: str) -> tuple[Control, ...]:
        """The controls that one check gives evidence for."""
        return self.stated.get(name, ())

    def nearest(self, name: str) -> str | None:
        """The installed id that is most like a name that is not installed."""
        found = difflib.get_close_matches(name, self.checks, n=1, cutoff=0.5)
        return found[0] if found else None


def load(folders: Iterable[Path] = ()) -> Registry:
    """Imports all installed packs, and the checks of these folders. Raises PackError."""
    return collect(sorted(entry_points(group=GROUP), key=lambda entry: entry.name), folders)


def collect(entries: Iterable[EntryPoint], folders: Iterable[Path] = ()) -> Registry:
    """The checks of these packs and folders. Raises PackError."""
    collected = _Collected()
    for entry in entries:
        collected.add_pack(entry.name, entry.dist.version if entry.dist else "unknown")
        modules = list(_modules(entry))
        for module in modules:
            for found in _declared_in(module):
                collected.add(found, entry.name, _origin(found))
        collected.add_controls(modules[0], entry.name, f"pack {entry.name!r} ({entry.value}), {CONTROLS}")
    try:
        for path in folders:
            _add_folder(collected, ChecksFolder(path))
    except FolderError as error:
        raise PackError(str(error)) from error
    return Registry(dict(sorted(collected.checks.items())), collected.packs, collected.homes, collected.stated)


class _Collected(Struct):
    """What was found by now."""

    checks: dict[str, Check] = field(default_factory=dict)
    packs: dict[str, str] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    stated: dict[str, tuple[Control, ...]] = field(default_factory=dict)

    def add_pack(self, name: str, version: str) -> None:
        if name in self.packs:
            raise PackError(f"two packs are named {name!r}")
        self.packs[name] = version

    def add(self, found: Check, pack: str, origin: str) -> None:
        if found.id in self.checks:
            before = f"{self.origins[found.id]} (pack {self.homes[found.id]!r})"
            raise PackError(f"two checks are named {found.id!r}: {before} and {origin} (pack {pack!r})")
        self.checks[found.id] = found
        self.homes[found.id] = pack
        self.origins[found.id] = origin

    def add_controls(self, module: ModuleType, pack: str, place: str) -> None:
        """What a pack states of its own checks. Of others it states nothing."""
        try:
            stated = controls_of(module.__name__.partition(".")[0])
        except BadControls as bad:
            raise PackError(f"{place}: {bad}") from None
        self.stated.update((name, controls) for name, controls in stated.items() if self.homes.get(name) == pack)


def _add_folder(collected: _Collected, folder: ChecksFolder) -> None:
    """Holds each module to the rules that the tests of a pack hold its modules to."""
    collected.add_pack(folder.name, folder.version)
    modules = list(folder.modules())
    for module in modules:
        declared = list(_declared_in(module))
        if not declared:
            raise PackError(f"{folder.place(module, 1)}: no check is declared here; a helper's name begins with _")
        for found in declared:
            place = folder.place(module, found.function.__code__.co_firstlineno)
            name = module.__name__.rpartition(".")[2].replace("_", "-")
            if found.id != name:
                raise PackError(f"{place}: the check is named {found.id!r}, its module {name!r}: they are one name")
            if not found.summary:
                raise PackError(f"{place}: {found.id} has no docstring: `sesgate list` and `explain` show it")
            if found.id in collected.checks:
                known = f"{collected.origins[found.id]} of the pack {collected.homes[found.id]!r}"
                raise PackError(f"{place}: there is a check named {found.id!r} already, {known}")
            collected.add(found, folder.name, place)
    collected.add_controls(modules[0], folder.name, str(folder.path / CONTROLS))


def _modules(entry: EntryPoint) -> Iterable[ModuleType]:
    try:
        package = importlib.import_module(entry.value)
        yield package
        for info in pkgutil.iter_modules(getattr(package, "__path__", [])):
            if not info.name.startswith("_"):
                yield importlib.import_module(f"{entry.value}.{info.name}")
    except (Exception, SystemExit) as error:
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
