"""Which actions and which resources a pattern in a policy stands for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from sesgate.iam.context import Context, Variable
from sesgate.iam.globs import (
    ContextTest,
    Test,
    Token,
    Wild,
    compile_glob,
    compile_template,
    matches_everything,
    tokenize,
)
from sesgate.iam.request import ARN_PARTS
from sesgate.iam.truth import Truth, either

EVERY_RESOURCE = "*"


@dataclass(frozen=True, slots=True)
class ActionPattern:
    """One entry of Action or NotAction. `test` takes an action in lower case. `literal` where it has no wildcard.

    `well_formed` is false where no service can be told, so that nothing can be said about what was meant.
    """

    text: str
    test: Test = field(repr=False, compare=False)
    literal: str | None = None
    problem: str | None = None
    well_formed: bool = True


def _nothing(_text: str) -> bool:
    return False


@lru_cache(maxsize=4096)
def parse_action(text: str) -> ActionPattern:
    """Never fails: what IAM would refuse matches nothing and names its problem. Actions are case-insensitive."""
    everything = compile_glob((Wild.MANY,))
    if text and not text.strip("*"):
        return ActionPattern(text, everything)
    service, colon, name = text.lower().partition(":")
    if colon and service and name and not service.strip("*") and not name.strip("*"):
        return ActionPattern(text, everything, problem="an action's service can't be a wildcard; read as *")
    if not colon or not service:
        return ActionPattern(text, _nothing, problem="not an action: no service", well_formed=False)
    if "*" in service or "?" in service:
        problem = "an action's service can't hold a wildcard; it matches nothing"
        return ActionPattern(text, _nothing, problem=problem, well_formed=False)
    if not name or ":" in name or any(character.isspace() for character in text):
        return ActionPattern(text, _nothing, problem="no action has such a name; it matches nothing")
    tokens = tokenize(f"{service}:{name}", variables=False)
    literal = tokens[0] if len(tokens) == 1 and isinstance(tokens[0], str) else None
    return ActionPattern(text, compile_glob(tokens), literal)


def compile_actions(patterns: Iterable[ActionPattern]) -> Test:
    """A test of an action in lower case against any of the patterns."""
    literals = set()
    globs: list[Test] = []
    for pattern in patterns:
        if pattern.literal is not None:
            literals.add(pattern.literal)
        elif pattern.test is not _nothing:
            globs.append(pattern.test)
    if not globs:
        return literals.__contains__
    if not literals and len(globs) == 1:
        return globs[0]
    return lambda action: action in literals or any(glob(action) for glob in globs)


def action_matches(pattern: str, action: str) -> bool:
    """Does one entry of an Action element stand for this action (`ses:SendEmail`)?"""
    return parse_action(pattern).test(action.lower())


class ResourceName(NamedTuple):
    """The resource of a request. `parts` are the six parts of an ARN; None for what is no ARN, such as `*`."""

    text: str
    parts: tuple[str, ...] | None

    @classmethod
    def of(cls, text: str) -> "ResourceName":
        """Cuts an ARN at its first five colons."""
        parts = tuple(text.split(":", ARN_PARTS - 1))
        return cls(text, parts if len(parts) == ARN_PARTS else None)


ResourceTest: TypeAlias = Callable[[ResourceName, Context], Truth]


class ShortArns(Enum):
    """Where an ARN of fewer than six parts is completed with wildcards; elsewhere it matches nothing.

    Source: IAM User Guide, IAM ARNs (identity policies); the rest is what services accept.
    """

    ALWAYS = "identity policies, boundaries, session policies"
    WITH_WILDCARD = "resource policies"
    WITH_LAST_WILDCARD = "SCPs"
    NEVER = "RCPs"


@dataclass(frozen=True, slots=True)
class ResourcePattern:
    """One entry of Resource or NotResource."""

    text: str
    everything: bool
    problem: str | None = None
    completed_in: frozenset[ShortArns] | None = None
    test: ResourceTest = field(default=lambda _name, _context: False, repr=False, compare=False)

    def matches(self, name: ResourceName, context: Context, short_arns: ShortArns) -> Truth:
        """An action without resource-level support asks for `*`, and only what stands for everything grants that."""
        if self.everything:
            return True
        if self.completed_in is not None and short_arns not in self.completed_in:
            return False
        return self.test(name, context)


def parse_resource(text: str, *, variables: bool) -> ResourcePattern:
    """Never fails: what IAM would refuse matches as the plain text it is and names its problem."""
    tokens = tokenize(text, variables=variables)
    if matches_everything(tokens):
        return ResourcePattern(text, everything=True)
    if not text.startswith("arn:"):
        return _not_an_arn(text, tokens)
    parts = split_arn(tokens)
    short = None
    if len(parts) < ARN_PARTS:
        short = {ShortArns.ALWAYS}
        if "*" in text:
            short.add(ShortArns.WITH_WILDCARD)
        if text.endswith("*"):
            short.add(ShortArns.WITH_LAST_WILDCARD)
        parts += [(Wild.MANY,)] * (ARN_PARTS - len(parts))
    if any(isinstance(token, Variable) for part in parts[:-1] for token in part):
        return ResourcePattern(text, everything=False, problem="a variable before an ARN's fifth colon is not replaced")
    return ResourcePattern(
        text,
        everything=False,
        completed_in=None if short is None else frozenset(short),
        test=_arn_test(parts),
    )


def _not_an_arn(text: str, tokens: tuple[Token, ...]) -> ResourcePattern:
    template = compile_template(tokens)

    def test(name: ResourceName, context: Context) -> Truth:
        return name.text != EVERY_RESOURCE and template(name.text, context)

    return ResourcePattern(text, everything=False, problem="a resource is an ARN or *", test=test)


def split_arn(tokens: Iterable[Token]) -> list[tuple[Token, ...]]:
    """Cuts a pattern's tokens at the first five colons of its literal text. Colons inside a variable don't count."""
    parts: list[list[Token]] = [[]]
    for token in tokens:
        if not isinstance(token, str):
            parts[-1].append(token)
            continue
        first, *others = token.split(":", ARN_PARTS - len(parts))
        parts[-1].append(first)
        parts.extend([other] for other in others)
    return [tuple(token for token in part if token != "") for part in parts]


def _literal(part: tuple[Token, ...]) -> str | None:
    if not part:
        return ""
    return part[0] if len(part) == 1 and isinstance(part[0], str) else None


def _arn_test(parts: list[tuple[Token, ...]]) -> ResourceTest:
    """The six parts apart: a wildcard doesn't reach over a colon, except in the last part, which may hold more."""
    literals = [_literal(part) for part in parts]
    *leading, last = parts
    tail = compile_template(last)
    if None not in literals[:-1]:
        head = ":".join(str(literal) for literal in literals[:-1]) + ":"
        if literals[-1] is not None:
            whole = head + literals[-1]
            return lambda name, _context: name.text == whole
        length = len(head)
        return lambda name, context: name.text.startswith(head) and tail(name.text[length:], context)
    tests = [(index, compile_glob(part)) for index, part in enumerate(leading) if not matches_everything(part)]

    def test(name: ResourceName, context: Context) -> Truth:
        if name.parts is None:
            return False
        return all(glob(name.parts[index]) for index, glob in tests) and tail(name.parts[-1], context)

    return test


def compile_arn_condition(text: str, *, variables: bool) -> ContextTest:
    """ArnLike and ArnEquals: six parts apart, wildcards and variables in each. What has fewer parts matches nothing.

    Two values are whole without colons: `*`, and one variable, such as `${aws:PrincipalArn}`.
    """
    tokens = tokenize(text, variables=variables)
    if matches_everything(tokens) or (len(tokens) == 1 and isinstance(tokens[0], Variable)):
        return compile_template(tokens)
    parts = split_arn(tokens)
    if len(parts) < ARN_PARTS:
        return lambda _text, _context: False
    templates = [compile_template(part) for part in parts]

    def test(text: str, context: Context) -> Truth:
        found = text.split(":", ARN_PARTS - 1)
        if len(found) < ARN_PARTS:
            return False
        result: Truth = True
        for template, part in zip(templates, found, strict=True):
            matched = template(part, context)
            if matched is False:
                return False
            if result is True:
                result = matched
            elif matched is not True and result is not False:
                result = result | matched
        return result

    return test


def any_resource(
    patterns: tuple[ResourcePattern, ...], name: ResourceName, context: Context, short_arns: ShortArns
) -> Truth:
    """Does any of the patterns match?"""
    result: Truth = False
    for pattern in patterns:
        truth = pattern.matches(name, context, short_arns)
        if truth is True:
            return True
        if truth is not False:
            result = either(result, truth)
    return result
