"""What holds for all policies: denies win, allows only add, order doesn't matter, and nothing raises."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sesgate.iam import Decision, Effect, Policies, Policy, Principal, Request, evaluate, parse_policy
from tests.iam.documents import ACCOUNT, IDENTITY, OTHER, ROLE, SESSION, USER, statement

PRINCIPALS = st.sampled_from([USER, ROLE, SESSION, Principal.of(ACCOUNT), Principal.of("ses.amazonaws.com")])
ACTIONS = st.sampled_from(["*", "ses:*", "ses:Send*", "ses:SendEmail", "s3:*", "s*:*", "ses:?endEmail", "nonsense"])
RESOURCES = st.sampled_from(
    ["*", IDENTITY, "arn:aws:ses:*", "arn:aws:s3:::*", f"arn:aws:ses:*:{ACCOUNT}:identity/${{aws:username}}*", "junk"]
)
NAMES = st.sampled_from(
    ["*", {"AWS": "*"}, {"AWS": ACCOUNT}, {"AWS": USER.arn}, {"AWS": [ROLE.arn, SESSION.arn]}, {"Service": "x"}, 7]
)
CONDITIONS = st.dictionaries(
    st.sampled_from(
        ["StringEquals", "StringNotLike", "ForAnyValue:StringEquals", "Null", "Bool", "Nonsense", "IpAddress"]
    ),
    st.dictionaries(
        st.sampled_from(["a", "b", "aws:username"]), st.sampled_from(["true", "bob", ["x", "true"], 7]), max_size=2
    ),
    max_size=2,
)


def _with(base: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    return base if value is None else {**base, name: value}


@st.composite
def statements(draw: st.DrawFn, effect: str | None = None, *, names: bool = False) -> dict[str, Any]:
    found: dict[str, Any] = {"Effect": effect or draw(st.sampled_from(["Allow", "Deny"]))}
    found[draw(st.sampled_from(["Action", "NotAction"]))] = draw(ACTIONS | st.lists(ACTIONS, max_size=3))
    found[draw(st.sampled_from(["Resource", "NotResource"]))] = draw(RESOURCES | st.lists(RESOURCES, max_size=3))
    if names:
        found[draw(st.sampled_from(["Principal", "NotPrincipal"]))] = draw(NAMES)
    return _with(found, "Condition", draw(st.none() | CONDITIONS))


def documents(*, names: bool = False) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(statements(names=names), max_size=3)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """All layers as lists of statements, so that one can be added or the order changed."""
    return {
        "identity": draw(st.lists(documents(), max_size=3)),
        "boundary": draw(st.none() | documents()),
        "session": draw(st.none() | st.lists(documents(), max_size=2)),
        "scps": draw(st.none() | st.lists(st.lists(documents(), max_size=2), max_size=2)),
        "resource": draw(st.none() | documents(names=True)),
        "resource_must_allow": draw(st.booleans()),
    }


REQUESTS = st.builds(
    Request,
    action=st.sampled_from(["ses:SendEmail", "s3:GetObject"]),
    principal=PRINCIPALS,
    resources=st.sampled_from([(IDENTITY,), ("*",), (IDENTITY, "arn:aws:s3:::b")]),
    context=st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["true", "x", ("x", "y")])),
    resource_account=st.sampled_from([None, ACCOUNT, OTHER]),
    unknown_keys=st.sampled_from([frozenset(), frozenset({"a"}), frozenset({"aws:username", "b"})]),
)


def _policy(found: list[dict[str, Any]]) -> Policy:
    return parse_policy({"Version": "2012-10-17", "Statement": found})


def decide(request: Request, world: dict[str, Any]) -> Decision:
    session, scps = world["session"], world["scps"]
    return evaluate(
        request,
        Policies(
            identity=tuple(map(_policy, world["identity"])),
            boundary=None if world["boundary"] is None else _policy(world["boundary"]),
            session=None if session is None else tuple(map(_policy, session)),
            scps=None if scps is None else tuple(tuple(map(_policy, level)) for level in scps),
            resource=None if world["resource"] is None else _policy(world["resource"]),
            resource_must_allow=world["resource_must_allow"],
        ),
    )


RANK = {Effect.ALLOWED: 2, Effect.DEPENDS: 1, Effect.IMPLICITLY_DENIED: 0, Effect.EXPLICITLY_DENIED: 0}


@given(REQUESTS, worlds())
def test_an_explicit_deny_wins(request: Request, world: dict[str, Any]) -> None:
    denied = {**world, "identity": [*world["identity"], [statement("Deny", "*")]]}
    assert decide(request, denied).effect is Effect.EXPLICITLY_DENIED


@given(REQUESTS, worlds(), statements("Deny"))
def test_a_deny_never_adds(request: Request, world: dict[str, Any], denying: dict[str, Any]) -> None:
    before = decide(request, world).effect
    after = decide(request, {**world, "identity": [*world["identity"], [denying]]}).effect
    assert RANK[after] <= RANK[before]


@given(
    REQUESTS, worlds(), statements("Allow"), st.sampled_from(["identity", "boundary", "session", "scps", "resource"])
)
def test_an_allow_never_takes_away(
    request: Request, world: dict[str, Any], allowing: dict[str, Any], layer: str
) -> None:
    changed = dict(world)
    if layer == "identity":
        changed["identity"] = [*world["identity"], [allowing]]
    elif world[layer] is None:
        return
    elif layer == "session":
        changed["session"] = [*world["session"], [allowing]]
    elif layer == "scps":
        changed["scps"] = [[*level, [allowing]] for level in world["scps"]]
    elif layer == "boundary":
        changed["boundary"] = [*world["boundary"], allowing]
    else:
        changed["resource"] = [*world["resource"], {**allowing, "Principal": "*"}]
    before, after = decide(request, world).effect, decide(request, changed).effect
    assert RANK[after] >= RANK[before]


@given(REQUESTS, worlds(), st.randoms(use_true_random=False))
def test_order_does_not_matter(request: Request, world: dict[str, Any], random: Any) -> None:
    def shuffled(items: Any) -> Any:
        if not isinstance(items, list):
            return items
        items = [shuffled(item) for item in items]
        random.shuffle(items)
        return items

    before = decide(request, world)
    # The levels of SCPs keep their names; what is in a level may come in any order.
    after = decide(request, {key: shuffled(value) for key, value in world.items()})
    assert (after.effect, after.depends_on) == (before.effect, before.depends_on)


@given(REQUESTS, worlds())
def test_what_does_not_depend_holds_for_every_value(request: Request, world: dict[str, Any]) -> None:
    decision = decide(request, world)
    if decision.effect is Effect.DEPENDS or not request.unknown_keys:
        return
    for value in ("true", "x", "bob", ("x", "true"), None):
        context = dict(request.context)
        for key in request.unknown_keys:
            context.pop(key, None)
            if value is not None:
                context[key] = value
        known = Request(
            request.action,
            request.principal,
            request.resources,
            {**context, **request.context},
            request.resource_account,
        )
        assert RANK[decide(known, world).effect] == RANK[decision.effect]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "Version",
                    "Statement",
                    "Effect",
                    "Action",
                    "NotAction",
                    "Resource",
                    "Principal",
                    "Condition",
                    "AWS",
                    "Null",
                ]
            )
            | st.text(max_size=8),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=2 * settings().max_examples)
@given(st.dictionaries(st.sampled_from(["Version", "Statement", "Id"]), JSON), REQUESTS)
def test_any_document_is_answered(document: dict[str, Any], request: Request) -> None:
    found = parse_policy(document)
    for policies in (Policies(identity=(found,)), Policies(boundary=found, resource=found, scps=((found,),))):
        assert isinstance(evaluate(request, policies).effect, Effect)


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_is_answered(action: str, resource: str, operator: str, value: str) -> None:
    found = parse_policy(
        {
            "Version": "2012-10-17",
            "Statement": statement("Allow", action, resource, Condition={operator: {value: [value, 1, True]}}),
        }
    )
    request = Request(action, USER, (resource,), {value: value})
    assert isinstance(evaluate(request, Policies(identity=(found,))).effect, Effect)


VALUES = st.text(alphabet="0123456789./:-+eETZabc*?$", max_size=24)


@given(
    st.sampled_from(["NumericEquals", "DateLessThan", "IpAddress", "BinaryEquals", "Bool", "ArnLike", "NotIpAddress"]),
    VALUES,
    VALUES,
)
def test_any_value_can_be_compared(operator: str, wanted: str, found: str) -> None:
    granting = parse_policy(
        {"Version": "2012-10-17", "Statement": statement("Allow", "*", Condition={operator: {"k": wanted}})}
    )
    request = Request("ses:SendEmail", USER, context={"k": found})
    assert evaluate(request, Policies(identity=(granting,))).effect in (Effect.ALLOWED, Effect.IMPLICITLY_DENIED)
