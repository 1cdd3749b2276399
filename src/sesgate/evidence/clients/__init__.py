"""The source of clients: what a mobile or web client's source or build gives away, told without giving it away."""

from sesgate.evidence.clients.source import ClientSource

__all__ = ["ClientSource"]
