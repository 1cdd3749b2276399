"""The gate definition: what a user writes in gate.yaml, as frozen models, with its loading and its JSON Schema."""

from sesgate.gate.models import *  # noqa: F403
