"""A folder of one's own checks, as a pack: `--checks-dir`. What is in it runs as sesgate's own code does.

Each module is one check, and its name with `-` for `_` is the check's id; one that begins with `_` is for the others to
import (`from . import _shared`). Beside a module there may be its page, `<id>.md`.
"""

import hashlib
import importlib
import sys
import traceback
from collections.abc import Iterator
from importlib.abc import Loader
from importlib.machinery import ModuleSpec
from importlib.resources.readers import FileReader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

from msgspec import Struct

_FOLDER = "/"


def is_folder(pack: str) -> bool:
    """Whether a pack of this name is a folder."""
    return pack.endswith(_FOLDER)


class FolderError(Exception):
    """A folder can't be used as a pack. The text begins with the file and the line, where there are such."""


class ChecksFolder(Struct, frozen=True):
    """A folder, by the path that it was given as."""

    path: Path

    @property
    def name(self) -> str:
        """The pack's name: the folder's own, wherever it lies. No installed pack has a slash in its name."""
        return f"{self.path.resolve().name}{_FOLDER}"

    @property
    def version(self) -> str:
        """Of what its modules say: SHA-256 over their names and contents."""
        whole = hashlib.sha256()
        for file in self._files():
            whole.update(f"{file.name}\0{hashlib.sha256(_octets(file)).hexdigest()}\n".encode())
        return f"sha256:{whole.hexdigest()}"

    def modules(self) -> Iterator[ModuleType]:
        """Imports its modules, in alphabetical order. Raises FolderError. Nothing is written into the folder."""
        files = [file for file in self._files() if not file.name.startswith("_")]
        if not files:
            raise FolderError(f"{self.path}: there is no check in this folder")
        sys.dont_write_bytecode = True
        package = self._package()
        for file in files:
            if not file.stem.isidentifier():
                raise FolderError(f"{self._shown(file)}: a module is named with letters, digits and _ alone")
            yield self._imported(package, file)

    def place(self, module: ModuleType, line: int) -> str:
        """`folder/module.py:line`, as messages name it."""
        return f"{self._shown(Path(str(module.__file__)))}:{line}"

    def _files(self) -> list[Path]:
        try:
            return sorted(file for file in self.path.iterdir() if file.suffix == ".py" and file.is_file())
        except OSError as error:
            raise FolderError(f"{self.path}: {(error.strerror or 'unreadable').lower()}") from None

    def _package(self) -> str:
        """A package of this folder's modules alone, made anew: they may have changed since."""
        name = f"sesgate_checks_dir_{hashlib.sha256(str(self.path.resolve()).encode()).hexdigest()[:12]}"
        for known in [known for known in sys.modules if known.partition(".")[0] == name]:
            del sys.modules[known]
        importlib.invalidate_caches()
        spec = spec_from_loader(name, _FolderLoader(self.path), is_package=True)
        assert spec is not None
        spec.submodule_search_locations = [str(self.path.resolve())]
        sys.modules[name] = module_from_spec(spec)
        return name

    def _imported(self, package: str, file: Path) -> ModuleType:
        try:
            return importlib.import_module(f"{package}.{file.stem}")
        except SyntaxError as error:
            raise FolderError(f"{self._at(error.filename, error.lineno, file)}: {error.msg}") from None
        except (Exception, SystemExit) as error:
            frames = traceback.extract_tb(error.__traceback__)
            inside = [one for one in frames if Path(one.filename).parent == self.path.resolve()]
            name, line = (inside[-1].filename, inside[-1].lineno) if inside else (None, None)
            told = str(error).partition("\n")[0]
            raise FolderError(f"{self._at(name, line, file)}: {type(error).__name__}: {told}") from error

    def _at(self, name: str | None, line: int | None, file: Path) -> str:
        return f"{self._shown(Path(name) if name else file)}:{line or 1}"

    def _shown(self, file: Path) -> str:
        inside = file.resolve().parent == self.path.resolve()
        return str(self.path / file.name) if inside else str(file)


class _FolderLoader(Loader):
    """Loads a package that is a folder, without any code of its own; its pages are its resources."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder.resolve() / "__init__.py")

    def create_module(self, spec: ModuleSpec) -> None:  # noqa: ARG002 - as every module
        return None

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""

    def get_resource_reader(self, _name: str) -> FileReader:
        return FileReader(self)  # type: ignore[arg-type]


def _octets(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise FolderError(f"{file}: {(error.strerror or 'unreadable').lower()}") from None
