"""How findings are weighed: `checks`, `waivers`."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from sesgate.finding import Severity
from sesgate.gate.models.base import Day, Flag, Json, Model, Named, refuse_keys
from sesgate.gate.models.shapes import Line, Slug, is_slug


def _ids(mapping: dict[str, Any]) -> dict[str, Any]:
    wrong = (key for key in mapping if not is_slug(key))
    refuse_keys(wrong, "an id is expected: lower-case words joined by -")
    return mapping


class CauseSettings(Model):
    """The knobs of one cause."""

    severity: Severity | None = None
    """How much the cause weighs."""


class CheckSettings(Model):
    """The knobs of one check."""

    enabled: Flag | None = None
    """`false` switches it off; `true` asks it even where it would not look."""
    severity: Severity | None = None
    """How much the check weighs."""
    causes: Annotated[Named[CauseSettings], AfterValidator(_ids)] = Field(default_factory=dict)
    """How much single causes weigh."""
    options: Named[Json] = Field(default_factory=dict)
    """The check's own options: see `sesgate explain`."""


Checks = Annotated[Named[CheckSettings], AfterValidator(_ids)]


class Waiver(Model):
    """A finding that someone answers for, until a day."""

    check: Slug
    """The check's id."""
    cause: Slug | None = None
    """The cause; left out, any failure of the check on the subject."""
    subject: Line
    """The subject, as the finding tells it."""
    reason: Line
    """Why it may stand."""
    owner: Line
    """Who answers for it."""
    expires: Day
    """The last day it holds, UTC."""
