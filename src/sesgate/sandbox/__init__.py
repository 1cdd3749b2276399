"""An embedded AWS account and its DNS, on loopback, for demo, tests and measurements. Needs `sesgate[demo]`."""

from sesgate.sandbox.calls import ApiError, Call
from sesgate.sandbox.documents import Document, crowd, organisation, ready
from sesgate.sandbox.mistakes import evening_before
from sesgate.sandbox.world import Sandbox

__all__ = ["ApiError", "Call", "Document", "Sandbox", "crowd", "evening_before", "organisation", "ready"]
