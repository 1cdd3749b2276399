"""Whether one shape lies within another as far as members go: properties, items, subtypes.

Members are not compared here: each rule yields remarks, and steps to the pairs of schemas that must be compared too.
"""

from collections.abc import Iterator

from msgspec import Struct

from sesgate.finding import Severity
from sesgate.openapi.breaks import Kind, Remark, Side, shown
from sesgate.openapi.containment import Rules
from sesgate.openapi.document import At, Document
from sesgate.openapi.schemas import Schemas
from sesgate.openapi.shapes import Node, Shape

_MAX_ITEMS = 100


class Step(Struct, frozen=True):
    """To a pair that must hold as well. `label` is how a message names the way: `.total`, `[]`."""

    label: str
    narrow: Node
    wide: Node


Outcome = Remark | Step


def of_members(rules: Rules, narrow: Shape, wide: Shape, pointer: str) -> Iterator[Outcome]:
    """What of the narrow shape's members the wide one does not accept, and what else to compare."""
    if narrow.enum is not None or wide.enum is not None:
        return
    if "object" in narrow.types and "object" in wide.types:
        yield from (_sent(rules, narrow, wide, pointer) if rules.sends else _received(rules, narrow, wide, pointer))
        yield from _others(rules, narrow, wide, pointer)
        yield from _discriminated(rules, narrow, wide)
    if "array" in narrow.types and "array" in wide.types:
        first = min(max(narrow.first_items, wide.first_items), _MAX_ITEMS)
        for index in range(first):
            yield Step(f"[{index}]", narrow.item(index), wide.item(index))
        yield Step("[]", narrow.item(None), wide.item(None))


def may_lie_within(rules: Rules, narrow: Shape, wide: Shape) -> bool:
    """Whether it is worth a closer look: False where types, names or fixed values already say no.

    Unions of a hundred events, told apart by one fixed value each, would be ten thousand pairs without it.
    """
    if not rules.shares_all_types(narrow, wide):
        return False
    if narrow.enum is not None or wide.enum is not None or narrow.types != {"object"}:
        return True
    mark = "readOnly" if rules.sends else "writeOnly"
    missing = [name for name in wide.required if name not in narrow.required]
    if not rules.sends:
        missing += [name for name in wide.properties if name not in narrow.properties]
    if any(not _marked(rules.wide, wide, name, mark) for name in missing):
        return False
    fixed, allowed = rules.narrow.fixed_values(narrow), rules.wide.fixed_values(wide)
    return all(values <= allowed[name] for name, values in fixed.items() if name in allowed)


def _sent(rules: Rules, narrow: Shape, wide: Shape, pointer: str) -> Iterator[Outcome]:
    """Properties that clients send: the narrow shape is the baseline's."""
    for name, schemas in narrow.properties.items():
        if rules.baseline.of(schemas).says("readOnly"):
            continue
        accepted = wide.properties.get(name)
        if accepted is None:
            yield from _no_longer_taken(name, schemas, wide)
        elif rules.live.of(accepted).says("readOnly"):
            text = f"the property {shown(name)} is read-only now"
            yield Remark(Kind.PROPERTY_REMOVED, Side.LIVE, accepted[0].pointer, text, Severity.WARNING)
        else:
            yield Step(f".{name}", schemas, accepted)
    for name, at in wide.required.items():
        if _marked(rules.live, wide, name, "readOnly"):
            continue
        if name not in narrow.required or _marked(rules.baseline, narrow, name, "readOnly"):
            was = "it was optional" if name in narrow.properties else "it was not known"
            text = f"the property {shown(name)} is required now, {was}"
            yield Remark(Kind.PROPERTY_REQUIRED, Side.LIVE, at or pointer, text)
    if narrow.additional and not narrow.is_closed:
        # What was a free key of a map may now have a schema of its own.
        for name, schemas in wide.properties.items():
            if name not in narrow.properties:
                yield Step(f".{name}", narrow.additional, schemas)


def _no_longer_taken(name: str, schemas: Node, wide: Shape) -> Iterator[Outcome]:
    pointer = schemas[0].pointer
    if wide.is_closed:
        yield Remark(
            Kind.PROPERTY_REMOVED, Side.BASELINE, pointer, f"the property {shown(name)} is refused now: it is gone"
        )
        return
    text = f"the property {shown(name)} is gone, and may be ignored or refused"
    yield Remark(Kind.PROPERTY_REMOVED, Side.BASELINE, pointer, text, Severity.WARNING)
    if wide.additional:
        yield Step(f".{name}", schemas, wide.additional)


def _received(rules: Rules, narrow: Shape, wide: Shape, pointer: str) -> Iterator[Outcome]:
    """Properties that clients get: the narrow shape is the live one's."""
    gone = set()
    for name, schemas in wide.properties.items():
        if rules.baseline.of(schemas).says("writeOnly"):
            continue
        given = narrow.properties.get(name)
        if given is None or rules.live.of(given).says("writeOnly"):
            gone.add(name)
            yield Remark(
                Kind.PROPERTY_REMOVED, Side.BASELINE, schemas[0].pointer, f"the property {shown(name)} is gone"
            )
        else:
            yield Step(f".{name}", given, schemas)
    for name in wide.required:
        if name not in narrow.required and name not in gone and not _marked(rules.baseline, wide, name, "writeOnly"):
            given = narrow.properties.get(name)
            at = given[0].pointer if given else narrow.pointer("properties", pointer)
            text = f"the property {shown(name)} may be missing now, it was required"
            yield Remark(Kind.PROPERTY_OPTIONAL, Side.LIVE, at, text)
    if wide.additional and not wide.is_closed:
        for name, given in narrow.properties.items():
            if name not in wide.properties:
                yield Step(f".{name}", given, wide.additional)


def _marked(schemas: Schemas, shape: Shape, name: str, keyword: str) -> bool:
    """Whether a property is readOnly, or writeOnly."""
    node = shape.properties.get(name)
    return node is not None and schemas.of(node).says(keyword)


def _others(rules: Rules, narrow: Shape, wide: Shape, pointer: str) -> Iterator[Outcome]:
    """Properties without a schema of their own: `additionalProperties`, `patternProperties`."""
    live = wide if rules.sends else narrow
    at = live.pointer("additionalProperties", pointer)
    if wide.is_closed and not narrow.is_closed and rules.sends:
        by_word = narrow.is_open_by_word or bool(narrow.additional)
        text = "properties that are not named are refused now"
        severity = Severity.BLOCKER if by_word else Severity.WARNING
        yield Remark(Kind.ADDITIONAL_PROPERTIES, Side.LIVE, at, text, severity)
    elif wide.additional and not wide.is_closed and not narrow.is_closed:
        if narrow.additional:
            yield Step(".*", narrow.additional, wide.additional)
        elif rules.sends:
            severity = Severity.BLOCKER if narrow.is_open_by_word else Severity.WARNING
            text = "properties that are not named must now keep to a schema"
            yield Remark(Kind.ADDITIONAL_PROPERTIES, Side.LIVE, at, text, severity)
        else:
            text = "properties that are not named may be anything now, they had a schema"
            yield Remark(Kind.ADDITIONAL_PROPERTIES, Side.LIVE, at, text)
    elif wide.additional and not wide.is_closed and narrow.is_closed and not rules.sends:
        text = "there are no properties any longer but those that are named"
        yield Remark(Kind.ADDITIONAL_PROPERTIES, Side.LIVE, at, text, Severity.WARNING)
    for pattern in narrow.pattern_properties.keys() & wide.pattern_properties.keys():
        yield Step(f".<{pattern}>", narrow.pattern_properties[pattern], wide.pattern_properties[pattern])
    if narrow.pattern_properties.keys() != wide.pattern_properties.keys():
        at = live.pointer("patternProperties", pointer)
        text = "patternProperties has other patterns now: not compared"
        yield Remark(Kind.NOT_COMPARED, Side.LIVE, at, text, Severity.WARNING)


def _discriminated(rules: Rules, narrow: Shape, wide: Shape) -> Iterator[Outcome]:
    """The property that tells subtypes apart, and the subtypes that it chooses."""
    mine, other = narrow.discriminator, wide.discriminator
    if mine is None or other is None:
        # A discriminator that comes or goes changes no instance: what it chooses is compared as alternatives.
        return
    before, now = (mine, other) if rules.sends else (other, mine)
    old, new = before[1].text("propertyName"), now[1].text("propertyName")
    if old != new:
        text = f"the discriminator is {shown(new)} now, was {shown(old)}"
        yield Remark(Kind.DISCRIMINATOR, Side.LIVE, now[1].pointer, text)
    if any(part.child(keyword) is not None for part, _ in (mine, other) for keyword in ("oneOf", "anyOf")):
        yield from _chosen(rules, narrow, wide, mine[1], other[1])
        return
    subtypes = rules.narrow.document.subtypes(*mine)
    accepted = rules.wide.document.subtypes(*other)
    for value, schema in subtypes.items():
        if value in accepted:
            yield Step(f"<{value}>", (schema,), (accepted[value],))
            continue
        if rules.sends:
            text, side, at = f"the subtype {shown(value)} is no longer taken", Side.BASELINE, schema.pointer
        else:
            text, side, at = f"may now be of the subtype {shown(value)}", Side.LIVE, schema.pointer
        yield Remark(Kind.DISCRIMINATOR, side, at, text)


def _chosen(rules: Rules, narrow: Shape, wide: Shape, mine: At, other: At) -> Iterator[Outcome]:
    """The values that choose an alternative, where both documents list them. The schemas are compared as such."""
    before, now = _values_for(rules.narrow.document, narrow, mine), _values_for(rules.wide.document, wide, other)
    live = other if rules.sends else mine
    for value in sorted(before - now) if before and now else ():
        name = shown(narrow.name or wide.name or "alternative")
        text = (
            f"{shown(value)} no longer stands for {name}" if rules.sends else f"{shown(value)} may stand for {name} now"
        )
        yield Remark(Kind.DISCRIMINATOR, Side.LIVE, live.below("mapping"), text)


def _values_for(document: Document, shape: Shape, discriminator: At) -> set[str]:
    """The values in `mapping` that choose this alternative: by the name of its component, or by its schema."""
    parts = {id(part.value) for part in shape.parts}
    found = set()
    for value, reference in discriminator.members("mapping"):
        name = reference.value if isinstance(reference.value, str) else ""
        target = document.target(name) or document.target(f"#/components/schemas/{name}")
        is_meant = target is not None and id(document.schema(target).value) in parts
        if is_meant or (shape.name is not None and name.rpartition("/")[2] == shape.name):
            found.add(value)
    return found
