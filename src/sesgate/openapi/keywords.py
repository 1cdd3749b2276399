"""The keywords of OpenAPI documents and their schemas by what they hold. OpenAPI 3.0 and 3.1, JSON Schema 2020-12."""

NAMES = frozenset(
    {"properties", "patternProperties", "dependentSchemas", "dependentRequired", "dependencies", "callbacks"}
    | {"responses", "content", "headers"}
)
"""Under these keywords the members have names of the author's: one called `description` is no prose."""

LITERAL = frozenset({"enum", "const", "required", "type", "mapping"})
"""What stands under these is a value, not a schema."""

PROSE = frozenset(
    {"title", "summary", "description", "example", "examples", "default", "deprecated", "externalDocs", "xml", "tags"}
    | {"operationId", "$comment", "$defs", "definitions", "$id", "$schema", "$anchor"}
)
"""What says nothing about the values that a schema accepts."""

COMPOSING = frozenset({"allOf", "oneOf", "anyOf"})

UNORDERED = frozenset({"required", "enum", "type"}) | COMPOSING
"""Lists whose order says nothing."""

OF_ONE_VERSION = frozenset({"nullable", "exclusiveMinimum", "exclusiveMaximum"})
"""What means one thing in 3.0 and another in 3.1."""


def is_prose(keyword: object) -> bool:
    """Whether a member, extensions (`x-…`) among them, changes nothing about what is accepted."""
    return keyword in PROSE or (isinstance(keyword, str) and keyword.startswith("x-"))
