"""The shapes that the JSON Schema of the report is made of."""

from typing import Any

Schema = dict[str, Any]


def object_of(description: str, properties: dict[str, Any]) -> Schema:
    """An object that always has these keys, and may get more."""
    return {"type": "object", "description": description, "required": list(properties), "properties": properties}


def list_of(items: Schema, description: str) -> Schema:
    return {"type": "array", "items": items, "description": description}


def or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def text(description: str) -> Schema:
    return {"type": "string", "description": description}


def flag(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def seconds(description: str) -> Schema:
    return {"type": "number", "minimum": 0, "description": f"{description} Seconds."}


def sha256(description: str) -> Schema:
    return {"type": "string", "pattern": "^[0-9a-f]{64}$", "description": f"SHA-256 in hexadecimal. {description}"}


def moment(description: str) -> Schema:
    return {"type": "string", "format": "date-time", "description": description}
