"""What breaks the clients of an API between two OpenAPI documents, pure. OpenAPI Specification 3.0 and 3.1."""

from sesgate.openapi.breaks import Break, Kind, Side
from sesgate.openapi.comparison import MAX_BREAKS, compare, operations
from sesgate.openapi.document import DocumentError

__all__ = ["MAX_BREAKS", "Break", "DocumentError", "Kind", "Side", "compare", "operations"]
