"""What a comparison yields."""

from enum import StrEnum

from msgspec import Struct

from sesgate.finding import Severity

_LONGEST = 60


class Kind(StrEnum):
    """What happened to the contract. Those on values go by what a client sends, or by what it gets."""

    BASE_PATH = "base-path-changed"
    PATH_REMOVED = "path-removed"
    METHOD_REMOVED = "method-removed"
    OPERATION_ID = "operation-id-changed"
    PARAMETER_REMOVED = "parameter-removed"
    PARAMETER_REQUIRED = "parameter-required"
    PARAMETER_SERIALIZATION = "parameter-serialization-changed"
    BODY_REMOVED = "body-removed"
    BODY_REQUIRED = "body-required"
    MEDIA_TYPE_REMOVED = "media-type-removed"
    RESPONSE_REMOVED = "response-removed"
    RESPONSE_ADDED = "response-added"
    HEADER_REMOVED = "header-removed"
    SECURITY_ADDED = "security-added"
    SECURITY_CHANGED = "security-changed"
    SECURITY_REMOVED = "security-removed"
    PROPERTY_REMOVED = "property-removed"
    PROPERTY_REQUIRED = "property-required"
    PROPERTY_OPTIONAL = "property-optional"
    ADDITIONAL_PROPERTIES = "additional-properties-changed"
    TYPE = "type-changed"
    NULL = "null-changed"
    ENUM = "enum-changed"
    FORMAT = "format-changed"
    LIMIT = "limit-changed"
    PATTERN = "pattern-changed"
    ALTERNATIVE = "alternative-changed"
    DISCRIMINATOR = "discriminator-changed"
    NOT_COMPARED = "not-compared"
    """Could not be looked at: it may hide a break."""


class Side(StrEnum):
    """Which of the two documents."""

    BASELINE = "baseline"
    LIVE = "live"


class Break(Struct, frozen=True):
    """One change that a client may feel.

    `path` is the baseline's and `method` in capitals; both are None for what concerns the whole document. `pointer` is
    a JSON pointer (RFC 6901) into the document that `side` names. `severity` is a hint: a blocker breaks clients that
    keep to the baseline, a warning may, information is for those who generate code or read closely.
    """

    kind: Kind
    path: str | None
    method: str | None
    side: Side
    pointer: str
    message: str
    severity: Severity


class Remark(Struct, frozen=True):
    """A break before it is known which operation it concerns. `text` goes on after a place and a colon."""

    kind: Kind
    side: Side
    pointer: str
    text: str
    severity: Severity = Severity.BLOCKER

    def told(self, path: str | None, method: str | None, where: str = "") -> Break:
        """The break that it is for one operation, at a place in words."""
        message = f"{where}: {self.text}" if where else self.text
        return Break(self.kind, path, method, self.side, self.pointer, message, self.severity)


def shown(text: object) -> str:
    """A foreign name or value, cut to what a message can hold."""
    plain = str(text)
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"
