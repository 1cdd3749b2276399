"""The parameters of an operation. OpenAPI 3.0.3, "Parameter Object"."""

from collections.abc import Iterator

from msgspec import Struct

from sesgate.finding import Severity
from sesgate.openapi.breaks import Kind, Remark, Side, shown
from sesgate.openapi.containment import Direction
from sesgate.openapi.content import Compared, Place
from sesgate.openapi.document import At, Document
from sesgate.openapi.paths import Operation, template_positions
from sesgate.openapi.schemas import Schemas
from sesgate.openapi.shapes import Node

# OpenAPI ignores header parameters of these names: what they say stands elsewhere.
_NO_PARAMETERS = frozenset({"accept", "content-type", "authorization"})
_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}

Key = tuple[str, str | int]


class Parameters(Struct, frozen=True):
    """Parameters by `in` and name; those in the path by their place in it. `unresolved` are references to nothing."""

    by_key: dict[Key, At]
    unresolved: tuple[Remark, ...]


def parameters_of(document: Document, operation: Operation) -> Parameters:
    """An operation's own parameters, and those of its path that it does not replace."""
    positions = template_positions(operation.path)
    found: dict[Key, At] = {}
    unresolved = []
    for level in (operation.item, operation.at):
        for at in level.elements("parameters"):
            parameter = document.follow(at)
            if parameter is None:
                unresolved.append(document.not_followed(at))
                continue
            place, name = parameter.text("in"), parameter.text("name")
            if place is None or name is None or (place == "header" and name.lower() in _NO_PARAMETERS):
                continue
            key: Key = (place, name.lower() if place == "header" else name)
            if place == "path":
                key = (place, positions.get(name, name))
            found[key] = parameter
    return Parameters(found, tuple(unresolved))


def compare_parameters(baseline: Schemas, live: Schemas, before: Operation, now: Operation) -> Iterator[Compared]:
    """Parameters gone, newly required, written otherwise; and the pairs of their schemas."""
    old, new = parameters_of(baseline.document, before), parameters_of(live.document, now)
    yield from old.unresolved
    yield from new.unresolved
    for key, parameter in old.by_key.items():
        other = new.by_key.get(key)
        if other is not None:
            yield from _compare(baseline, live, parameter, other)
        elif not new.unresolved and key[0] != "path":
            # Whoever must send it still may; whoever chose to send it wanted something by it.
            required = parameter.says("required")
            text = f"the {_name(parameter)} is gone" + (", it was required" if required else ", and may be ignored")
            severity = Severity.INFO if required else Severity.BLOCKER
            yield Remark(Kind.PARAMETER_REMOVED, Side.BASELINE, parameter.pointer, text, severity)
    for key, parameter in new.by_key.items():
        if key not in old.by_key and not old.unresolved and parameter.says("required") and key[0] != "path":
            text = f"the {_name(parameter)} is required now, it was not known"
            yield Remark(Kind.PARAMETER_REQUIRED, Side.LIVE, parameter.pointer, text)


def _compare(baseline: Schemas, live: Schemas, before: At, now: At) -> Iterator[Compared]:
    name = _name(now)
    if now.says("required") and not before.says("required") and now.text("in") != "path":
        yield Remark(Kind.PARAMETER_REQUIRED, Side.LIVE, now.pointer, f"the {name} is required now, it was optional")
    (old_type, old), (new_type, new) = _schema(before), _schema(now)
    if old_type != new_type:
        text = f"the {name} is sent as {new_type or 'a plain value'} now, was {old_type or 'a plain value'}"
        yield Remark(Kind.PARAMETER_SERIALIZATION, Side.LIVE, now.pointer, text)
        return
    if old_type is None:
        was, is_now = _style(baseline, before, old), _style(live, now, new)
        if was != is_now:
            text = f"the {name} is written in the style {is_now} now, was {was}"
            yield Remark(Kind.PARAMETER_SERIALIZATION, Side.LIVE, now.pointer, text)
    yield Place(Direction.SENT, name, old, new, now.pointer)


def _schema(parameter: At) -> tuple[str | None, Node]:
    """The media type of a parameter with `content`, and the schema either way."""
    for media_type, at in parameter.members("content"):
        schema = at.child("schema")
        return media_type, (schema,) if schema is not None else ()
    schema = parameter.child("schema")
    return None, (schema,) if schema is not None else ()


def _style(schemas: Schemas, parameter: At, node: Node) -> str:
    """How a value is written, as far as its types can show the difference."""
    default = _STYLES.get(parameter.text("in") or "", "")
    style = parameter.text("style") or default
    types = {kind for shape in schemas.of(node).shapes for kind in shape.types}
    if not types & {"array", "object"}:
        # A lone value looks the same in all styles but these.
        return style if style in {"matrix", "label"} else default
    explode = parameter.child("explode")
    exploded = explode.value is True if explode is not None else style == "form"
    return f"{style} exploded" if exploded else style


def _name(parameter: At) -> str:
    return f"{parameter.text('in')} parameter {shown(parameter.text('name'))}"
