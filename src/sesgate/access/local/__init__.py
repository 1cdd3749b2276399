"""IAM policies in local files: pure readers, from text to plain data."""

from sesgate.access.local.reading import read_policies

__all__ = ["read_policies"]
