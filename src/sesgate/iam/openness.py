"""How much of a kind of resource an entry of Resource leaves open: all of them, or only those of a name."""

import re
from functools import lru_cache
from typing import NamedTuple

from sesgate.iam.context import Variable
from sesgate.iam.globs import Token, Wild, compile_glob, tokenize
from sesgate.iam.matching import split_arn
from sesgate.iam.request import ARN_PARTS

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}")
_SOME_NAME = "\ue000" * 64
_SOME_VALUE = "\ue001" * 8
_SERVICE, _REGION, _RESOURCE = 2, 3, 5


class _Template(NamedTuple):
    """What is looked at of a kind's ARN. `head` is what stands before a name, `some_resource` holds one at random."""

    service: str
    regional: bool
    head: str
    some_resource: str


@lru_cache(maxsize=8192)
def _template(template: str) -> _Template:
    parts = template.split(":", ARN_PARTS - 1)
    resource = parts[_RESOURCE]
    head = _PLACEHOLDER.split(resource, maxsplit=1)[0]
    return _Template(parts[_SERVICE], parts[_REGION] == "${Region}", head, _PLACEHOLDER.sub(_SOME_NAME, resource))


@lru_cache(maxsize=65536)
def is_open(pattern: str, template: str) -> bool:
    """Does the pattern match a resource of this kind, whatever its name? The ARN's parts are compared apart.

    `template` is an ARN with placeholders. `identity/*` is open; `log-group:NAME:*` and `secret:NAME-??????` are not.
    """
    parts, wanted = _parts(pattern), _template(template)
    if parts is None or not _glob(parts[_SERVICE], wanted.service):
        return False
    return _glob(parts[_RESOURCE], wanted.some_resource)


@lru_cache(maxsize=65536)
def is_about(pattern: str, template: str) -> bool:
    """Can the pattern match a resource of this kind at all? Judged by the service and by what stands before a name."""
    if pattern.startswith("${"):
        return True  # a template's reference to a resource: which, nothing tells
    parts, wanted = _parts(pattern), _template(template)
    if parts is None or not _glob(parts[_SERVICE], wanted.service):
        return False
    head = wanted.head
    first = parts[_RESOURCE][0] if parts[_RESOURCE] else ""
    if not isinstance(first, str):
        return True
    return first.startswith(head) or (head.startswith(first) and len(parts[_RESOURCE]) > 1)


@lru_cache(maxsize=16384)
def any_region(pattern: str, template: str) -> bool:
    """Does the pattern take a resource of this kind in whatever region? False for kinds that have none."""
    parts = _parts(pattern)
    if parts is None or not _template(template).regional or not is_about(pattern, template):
        return False
    return _glob(parts[_REGION], _SOME_NAME)


@lru_cache(maxsize=4096)
def _parts(pattern: str) -> tuple[tuple[Token, ...], ...] | None:
    """The six parts; a short ARN acts as if `:*` followed. None for what is no ARN. `*` is six times everything."""
    tokens = tokenize(pattern, variables=True)
    everything: tuple[Token, ...] = (Wild.MANY,)
    if tokens == everything:
        return (everything,) * ARN_PARTS
    if not pattern.startswith("arn:"):
        return None
    parts = split_arn(tokens)
    return (*parts, *(everything,) * (ARN_PARTS - len(parts)))


def _glob(part: tuple[Token, ...], text: str) -> bool:
    """A variable stands for one value, and not for whatever is wanted."""
    if part in ((text,), (Wild.MANY,)):
        return True
    return compile_glob(_SOME_VALUE if isinstance(token, Variable) else token for token in part)(text)
