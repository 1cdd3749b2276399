"""What breaks the clients of an API between two OpenAPI documents, pure. OpenAPI Specification 3.0 and 3.1.

The comparison itself is loaded when it is asked for: a run whose gate has no contract needs none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sesgate.openapi.breaks import Break, Kind, Side

if TYPE_CHECKING:
    from sesgate.openapi.comparison import MAX_BREAKS, compare, operations
    from sesgate.openapi.document import DocumentError

_HOMES = {"MAX_BREAKS": "comparison", "compare": "comparison", "operations": "comparison", "DocumentError": "document"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


__all__ = ["MAX_BREAKS", "Break", "DocumentError", "Kind", "Side", "compare", "operations"]
