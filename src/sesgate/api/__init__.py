"""The application's API, pure: which requests a gate asks for, and whether an answer is what it must be."""

from sesgate.api.answers import Received, judge
from sesgate.api.leaks import MAX_LEAKS, SECRET_NAMES, leaks
from sesgate.api.requests import ApiRequest, Way, requests_of

__all__ = ["MAX_LEAKS", "SECRET_NAMES", "ApiRequest", "Received", "Way", "judge", "leaks", "requests_of"]
