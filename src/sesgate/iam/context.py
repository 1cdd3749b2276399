"""What the request says about itself: context keys, given, derived from the principal, absent or unknown."""

from collections.abc import Iterable

from msgspec import Struct

from sesgate.iam.request import ContextValue, Principal, PrincipalKind, Request

EVERY_KEY = "*"


class Variable(Struct, frozen=True):
    """`${key}` or `${key, 'default'}` in a policy. `key` is in lower case: names of keys are case-insensitive."""

    key: str
    default: str | None = None

    @classmethod
    def parse(cls, inner: str) -> "Variable":
        """From what stands between the braces. What is not a quoted default makes it a key that no request has."""
        key, comma, default = inner.partition(",")
        default = default.strip()
        if comma and len(default) >= 2 and default[0] == default[-1] == "'":
            return cls(key.strip().lower(), default[1:-1])
        return cls(inner.strip().lower())


class Context:
    """The context keys of one request. Lookups take lower-case names."""

    __slots__ = ("_all_unknown", "_derived", "_given", "_request", "_unknown")

    def __init__(self, request: Request) -> None:
        self._request = request
        self._given = {key.lower(): _value(value) for key, value in request.context.items() if value is not None}
        self._unknown = {key.lower(): key for key in request.unknown_keys}
        self._all_unknown = EVERY_KEY in self._unknown
        self._derived: dict[str, str] | None = None

    def get(self, key: str, spelling: str | None = None) -> ContextValue | frozenset[str] | None:
        """None: absent from the request. A frozenset: unknown; it holds the name as caller or policy spell it."""
        if key in self._given:
            return self._given[key]
        if key in self._unknown:
            return frozenset({self._unknown[key]})
        if self._derived is None:
            self._derived = derived_keys(self._request.principal, self._request.resource_account)
        if key in self._derived:
            return self._derived[key]
        if self._all_unknown:
            return frozenset({spelling or key})
        return None

    def fill(self, variable: Variable) -> str | frozenset[str] | None:
        """The text that takes a variable's place; None where it has none. A multivalued key can't be a variable."""
        value = self.get(variable.key)
        if not value:  # absent, and an empty value is none either
            return variable.default
        return None if isinstance(value, tuple) else value


def _value(value: object) -> ContextValue:
    """Takes Python's own booleans, numbers and lists too: callers hold them, and IAM compares text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Iterable):
        return tuple(item if isinstance(item, str) else str(_value(item)) for item in value)
    return str(value)


_TYPES = {
    PrincipalKind.USER: "User",
    PrincipalKind.ROLE: "AssumedRole",
    PrincipalKind.SESSION: "AssumedRole",
    PrincipalKind.ROOT: "Account",
    PrincipalKind.ANONYMOUS: "Anonymous",
}


def derived_keys(principal: Principal, resource_account: str | None) -> dict[str, str]:
    """The keys that follow from who asks. aws:userid of a user or a role holds an id that an ARN doesn't tell: absent.

    Source: IAM, global condition keys, and the table of principal values under policy variables.
    """
    keys: dict[str, str] = {}
    kind = principal.kind
    if kind in _TYPES:
        keys["aws:principaltype"] = _TYPES[kind]
    if resource_account:
        keys["aws:resourceaccount"] = resource_account
    if kind == PrincipalKind.SERVICE:
        keys["aws:principalisawsservice"] = "true"
        keys["aws:principalservicename"] = principal.arn
    elif kind == PrincipalKind.ANONYMOUS:
        keys["aws:userid"] = "anonymous"
    elif principal.account:
        keys["aws:principalarn"] = principal.identity_arn
        keys["aws:principalaccount"] = principal.account
        keys["aws:principalisawsservice"] = "false"
        if kind == PrincipalKind.USER:
            keys["aws:username"] = principal.arn.rsplit("/", 1)[-1]
        elif kind == PrincipalKind.ROOT:
            keys["aws:userid"] = principal.account
        elif ":federated-user/" in principal.arn:
            keys["aws:principaltype"] = "FederatedUser"
            keys["aws:userid"] = f"{principal.account}:{principal.arn.split('/', 1)[1]}"
    return keys
