"""Shapes of credentials and of access to Amazon SES in text, pure: what is found is placed and masked, never held."""

from sesgate.secrets.finding import MAX_HITS, find, find_in_bytes
from sesgate.secrets.hit import Hit, Kind
from sesgate.secrets.names import NOT_SHOWN, is_secret_name, looks_like_key, may_be_shown
from sesgate.secrets.placeholders import looks_like_placeholder
from sesgate.secrets.variables import credential_in

__all__ = [
    "MAX_HITS",
    "NOT_SHOWN",
    "Hit",
    "Kind",
    "credential_in",
    "find",
    "find_in_bytes",
    "is_secret_name",
    "looks_like_key",
    "looks_like_placeholder",
    "may_be_shown",
]
