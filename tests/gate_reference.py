"""The reference of the gate file, `docs/gate.md`, made from the models' own JSON Schema. `make golden` writes it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sesgate.gate import gate_schema

PAGE = Path(__file__).parents[1] / "docs" / "gate.md"
FILLED = "Filled"
"""`${VAR}` in place of a number or a word: it is possible almost everywhere, and told once."""
HEAD = """# The gate file

Every key of `gate.yaml`, from the models that check it. [`gate.example.yaml`](../gate.example.yaml) is a whole gate
with comments; `sesgate schema gate` prints the JSON Schema, and `sesgate schema gate FILE` checks a file.

The file is YAML 1.2. `${VAR}`, `${VAR:-default}` and `${VAR:?message}` are filled from the environment, `$${` is a
plain `${`. Paths are relative to the file. A key that is not known, or stands twice, is refused with line and column.
"""

Schema = Mapping[str, Any]
_WORDS = {
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "mapping",
    "array": "list",
}


def reference() -> str:
    """The page."""
    schema = gate_schema()
    known: Mapping[str, Schema] = schema["definitions"]
    order = list(_reached(schema, known, []))
    sections = [_section("The file", schema, known)]
    sections += [_section(name, known[name], known) for name in order if known[name].get("properties")]
    return "\n".join([HEAD, *sections])


def _reached(schema: Schema, known: Mapping[str, Schema], seen: list[str]) -> Iterator[str]:
    """The definitions that a schema leads to, in the order in which a reader meets them."""
    for one in schema.get("properties", {}).values():
        for name in _references(one):
            if name not in seen and name != FILLED:
                seen.append(name)
                yield name
                yield from _reached(known[name], known, seen)


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if "$ref" in node:
            yield str(node["$ref"]).rpartition("/")[2]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _section(name: str, schema: Schema, known: Mapping[str, Schema]) -> str:
    required = schema.get("required", [])
    rows = ["| key | is | |", "| --- | --- | --- |"]
    for key, one in schema["properties"].items():
        must = "**required.** " if key in required else ""
        rows.append(f"| `{key}` | {_kind(one, known)} | {must}{_plain(one.get('description', ''))}{_default(one)} |")
    about = schema.get("description", "")
    return "\n".join([f"## {_title(name)}", "", *([_plain(about), ""] if about else []), *rows, ""])


def _kind(one: Schema, known: Mapping[str, Schema]) -> str:
    """What a value is, in a word or a link."""
    if "$ref" in one:
        name = str(one["$ref"]).rpartition("/")[2]
        described = known.get(name, {})
        return (
            f"[{_title(name)}](#{_title(name).lower().replace(' ', '-')})"
            if "properties" in described
            else _kind(described, {})
        )
    if "const" in one:
        return f"`{one['const']}`"
    if "enum" in one:
        return ", ".join(f"`{value}`" for value in one["enum"])
    if "items" in one:
        return f"list of {_kind(one['items'], known)}"
    if isinstance(one.get("additionalProperties"), Mapping):
        return f"mapping of {_kind(one['additionalProperties'], known)}"
    for join in ("allOf", "anyOf", "oneOf"):
        if join in one:
            kinds = [_kind(part, known) for part in one[join] if not str(part.get("$ref", "")).endswith(FILLED)]
            return " or ".join(dict.fromkeys(kind for kind in kinds if kind != "empty")) or "text"
    return _typed(one.get("type"))


def _typed(types: Any) -> str:
    names = [types] if isinstance(types, str) else list(types or [])
    if "string" in names:
        return "text"
    words = {
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "object": "mapping",
        "array": "list",
    }
    return " or ".join(words[name] for name in names if name in words) or ("empty" if names else "any value")


def _default(one: Schema) -> str:
    default = one.get("default")
    return (
        ""
        if default in (None, [], {}, "")
        else f" Default: `{str(default).lower() if isinstance(default, bool) else default}`."
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


def _title(name: str) -> str:
    """`EcsTaskDefinition` as words."""
    return "".join(f" {letter.lower()}" if letter.isupper() and at else letter for at, letter in enumerate(name))


if __name__ == "__main__":
    PAGE.write_text(reference(), "utf-8")
