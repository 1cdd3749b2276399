"""AWS's protocols from the server's side: botocore's service models, and moto's parsers and serializers of them.

`import moto` loads boto3, requests and moto's whole mocking machinery, which triples the start-up time; only two of
its modules are wanted here. They are loaded beneath empty stand-ins for the packages `moto` and `moto.core`, which
are taken away again, so that whoever imports moto afterwards gets moto.
"""

import importlib
import importlib.util
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

_PACKAGES = {"moto": "", "moto.core": "/core"}
_WANTED = ("model", "parse", "serialize")
_loading = threading.Lock()
_loaded: dict[str, ModuleType] = {}


def parser(protocol: str) -> Any:
    """The class that decodes requests of a protocol."""
    return _module("parse").PROTOCOL_PARSERS[protocol]


def serializer(service: str, protocol: str) -> Any:
    """The class that encodes answers of a protocol."""
    return _module("serialize").get_serializer_class(service, protocol)


def serialization_context(request_id: str) -> Any:
    """What a serializer is told of the request it answers."""
    return _module("serialize").SerializationContext(request_id=request_id)


def form(items: list[tuple[str, str]]) -> Any:
    """A form or query string as the parsers want it."""
    from werkzeug.datastructures import MultiDict

    return MultiDict(items)


@cache
def service_model(service: str) -> Any:
    """How botocore describes a service, by botocore's name for it. Raises botocore's UnknownServiceError."""
    raw = _loader().load_service_model(service, "service-2")
    _drop_documentation(raw)
    return _module("model").ServiceModel(raw, service)


@cache
def paginators(service: str) -> dict[str, Any]:
    """How botocore pages through a service's operations; empty where it doesn't."""
    from botocore.exceptions import DataNotFoundError

    try:
        found: dict[str, Any] = _loader().load_service_model(service, "paginators-1")["pagination"]
    except DataNotFoundError:
        return {}
    return found


@cache
def _loader() -> Any:
    from botocore.loaders import create_loader

    return create_loader()


def _drop_documentation(node: Any) -> None:
    """Half of a service model is prose."""
    if isinstance(node, dict):
        if isinstance(node.get("documentation"), str):
            del node["documentation"]
        for value in node.values():
            _drop_documentation(value)
    elif isinstance(node, list):
        for value in node:
            _drop_documentation(value)


def _module(name: str) -> ModuleType:
    """One of moto's codec modules: `model`, `parse` or `serialize`. All are loaded once, together."""
    with _loading:
        if not _loaded:
            with _stand_ins():
                _loaded.update((wanted, importlib.import_module(f"moto.core.{wanted}")) for wanted in _WANTED)
        return _loaded[name]


def _root() -> str:
    """The folder of moto's package. Raises ModuleNotFoundError."""
    spec = importlib.util.find_spec("moto")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the sandbox needs moto: install sesgate[demo]", name="moto")
    return spec.submodule_search_locations[0]


@contextmanager
def _stand_ins() -> Iterator[None]:
    if "moto.core" in sys.modules:
        yield
        return
    root = _root()
    for name, folder in _PACKAGES.items():
        package = ModuleType(name)
        package.__path__ = [root + folder]
        package.__file__ = f"{root}{folder}/__init__.py"
        sys.modules[name] = package
    try:
        yield
    finally:
        for name in [name for name in sys.modules if name == "moto" or name.startswith("moto.")]:
            del sys.modules[name]


_root()  # who lacks moto is told at the import, not by a server's thread
