"""What means the same, however references are laid."""

from hypothesis import given
from hypothesis import strategies as st

from sesgate.openapi import compare
from sesgate.openapi.bisimulation import classes

from .documents import Json, answering, got, kinds, one, operation, sent, taking

MANY = 100_000


def by_rounds(labels: list[int], edges: list[list[tuple[str, int]]]) -> list[object]:
    """The same partition, refined by as many rounds as there are nodes."""
    found: list[object] = list(labels)
    for _ in labels:
        looks = [
            (own, frozenset((name, found[to]) for name, to in steps)) for own, steps in zip(found, edges, strict=True)
        ]
        numbers: dict[object, int] = {}
        found = [numbers.setdefault(look, len(numbers)) for look in looks]
    return found


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[int], list[list[tuple[str, int]]]]:
    labels = draw(st.lists(st.integers(0, 1), min_size=1, max_size=9))
    steps = st.tuples(st.sampled_from("ab"), st.integers(0, len(labels) - 1))
    return labels, [draw(st.lists(steps, max_size=3)) for _ in labels]


@given(graphs())
def test_classes_are_the_coarsest(graph: tuple[list[int], list[list[tuple[str, int]]]]) -> None:
    labels, edges = graph
    found, wanted = classes(labels, edges, MANY), by_rounds(labels, edges)
    assert found is not None
    for node in range(len(labels)):
        for other in range(node):
            assert (found[node] == found[other]) == (wanted[node] == wanted[other])


def test_rings_of_any_length_are_alike() -> None:
    rings = [[("n", (at + 1) % 6)] for at in range(6)] + [[("n", 6 + (at + 1) % 4)] for at in range(4)]
    assert len(set(classes([0] * 10, rings, MANY) or ())) == 1
    assert len(set(classes([1, *[0] * 9], rings, MANY) or ())) == 7


def test_what_takes_too_long_is_left() -> None:
    assert classes([0, 0], [[("n", 1)], [("n", 0)]], 1) is None


def tree(depth: int) -> Json:
    """A node of a tree, written out for so many levels before it refers to itself."""
    inner = {"$ref": "#/components/schemas/Node"} if depth == 0 else tree(depth - 1)
    leaf = {"type": "object", "properties": {"leaf": {"type": "string"}}}
    return {
        "oneOf": [
            leaf,
            {"type": "object", "properties": {"left": inner, "right": inner}},
            {"type": "array", "items": inner},
        ]
    }


def forest(depth: int, **members: Json) -> Json:
    return answering(tree(depth), components={"schemas": {"Node": tree(0)}}, **members)


def test_a_tree_written_out_is_the_same_tree() -> None:
    assert kinds(forest(0), forest(3)) == kinds(forest(3), forest(0)) == []


def test_a_change_deep_in_a_tree_is_seen_however_it_is_written() -> None:
    changed = forest(3)
    changed["components"]["schemas"]["Node"]["oneOf"][0]["properties"]["leaf"]["type"] = "integer"
    assert kinds(forest(0), changed) != []
    assert kinds(forest(3), changed) != []


def test_a_component_of_another_name_is_the_same() -> None:
    before = answering({"$ref": "#/components/schemas/A"}, components={"schemas": {"A": {"type": "string"}}})
    after = answering({"$ref": "#/components/schemas/B"}, components={"schemas": {"B": {"type": "string"}}})
    assert kinds(before, after) == []


def test_an_all_of_of_one_is_what_it_holds() -> None:
    schema = {"oneOf": [{"type": "string"}, {"type": "integer"}]}
    assert got(schema, {"allOf": [schema], "description": "wrapped"}) == []
    assert got({"anyOf": [schema], "x-order": 1}, schema) == []


def test_prose_beside_a_reference_says_nothing() -> None:
    components = {"schemas": {"A": {"enum": ["a"]}}}
    reference: Json = {"$ref": "#/components/schemas/A"}
    beside = {**reference, "description": "d"}
    for version in ("3.0.3", "3.1.0"):
        assert got(reference, beside, components=components, version=version) == []


def test_the_order_of_alternatives_says_nothing() -> None:
    branches = [{"type": "object", "properties": {"kind": {"enum": [f"k{at}"]}}} for at in range(250)]
    assert got({"oneOf": branches}, {"oneOf": branches[::-1]}) == []


def test_a_hundred_events_and_one_more() -> None:
    branches = [
        {"type": "object", "properties": {"kind": {"enum": [f"k{at}"]}, "v": {"type": "string"}}, "required": ["kind"]}
        for at in range(101)
    ]
    assert sent({"oneOf": branches[:100]}, {"oneOf": branches}) == []
    assert [each.partition(":")[0] for each in got({"oneOf": branches[:100]}, {"oneOf": branches})] == [
        "blocker alternative-changed"
    ]


def test_words_of_one_version_are_read_by_it() -> None:
    schema = {"type": "string", "nullable": True}
    found = compare(taking(schema, version="3.0.3"), taking(schema, version="3.1.0"))
    assert [each.kind for each in found] == ["null-changed"]


def test_callbacks_are_the_same_by_any_reference() -> None:
    def calling(schema: Json) -> Json:
        body = {"content": {"application/json": {"schema": schema}}}
        callbacks = {"done": {"{$request.body#/url}": {"post": operation(requestBody=body)}}}
        return one(operation(callbacks=callbacks), components={"schemas": {"A": {"type": "string"}}})

    assert kinds(calling({"$ref": "#/components/schemas/A"}), calling({"type": "string"})) == []
    assert kinds(calling({"$ref": "#/components/schemas/A"}), calling({"type": "integer"})) == ["warning not-compared"]


def test_references_to_nothing_are_never_the_same() -> None:
    schema = {"type": "object", "properties": {"a": {"$ref": "other.yaml#/A"}}}
    assert [each.partition(":")[0] for each in got(schema, schema)] == ["warning not-compared"] * 2
