"""Who asks for what: the principal and the request that policies are held against."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

ARN_PARTS = 6


class PrincipalKind(StrEnum):
    """What kind of principal makes the request. ROLE is a role as such, without a particular session."""

    USER = "user"
    ROLE = "role"
    SESSION = "session"
    ROOT = "root"
    SERVICE = "service"
    FEDERATED = "federated"
    ANONYMOUS = "anonymous"


IN_AN_ACCOUNT = frozenset({PrincipalKind.USER, PrincipalKind.ROLE, PrincipalKind.SESSION, PrincipalKind.ROOT})


class Principal(Struct, frozen=True):
    """`arn` is an ARN, a service's name (ses.amazonaws.com), an identity provider, or "*" for nobody in particular.

    `issuer` is the ARN of the role (or user) behind a session, with its path, which a session's own ARN doesn't tell.
    """

    arn: str
    account: str | None
    kind: PrincipalKind
    issuer: str | None = None
    canonical_user: str | None = None

    @classmethod
    def of(cls, arn: str, *, issuer: str | None = None) -> "Principal":
        """From an ARN, an account id, or a service's name. Raises ValueError where it is none of these."""
        if arn == "*":
            return cls(arn, None, PrincipalKind.ANONYMOUS)
        if arn.isdecimal():
            return cls(f"arn:aws:iam::{arn}:root", arn, PrincipalKind.ROOT)
        if arn.endswith((".amazonaws.com", ".amazonaws.com.cn", ".amazon.com")) and ":" not in arn:
            return cls(arn, None, PrincipalKind.SERVICE)
        parts = arn.split(":", ARN_PARTS - 1)
        if len(parts) == ARN_PARTS and parts[0] == "arn" and parts[2] in ("iam", "sts"):
            kind = _KINDS.get(parts[5].split("/", 1)[0])
            if kind == PrincipalKind.FEDERATED:
                return cls(arn, None, kind)
            if kind is not None:
                return cls(arn, parts[4], kind, issuer)
        raise ValueError(f"not a principal: {arn!r}")

    @property
    def session_of(self) -> tuple[str, str] | None:
        """Account and name of the role behind a role session, by the session's own ARN."""
        parts = self.arn.split(":", ARN_PARTS - 1)
        if len(parts) == ARN_PARTS and parts[5].startswith("assumed-role/"):
            return parts[4], parts[5].split("/")[1]
        return None

    @property
    def identity_arn(self) -> str:
        """What aws:PrincipalArn holds: of a role session the role's ARN. Source: IAM, global condition keys."""
        if self.kind == PrincipalKind.SESSION and (role := self.session_of):
            if self.issuer:
                return self.issuer
            partition = self.arn.split(":", 2)[1]
            return f"arn:{partition}:iam::{role[0]}:role/{role[1]}"
        return self.arn

    @property
    def is_service_linked(self) -> bool:
        """A service-linked role, or a session of one, where the issuer is known. SCPs and RCPs don't bind these."""
        return ":role/aws-service-role/" in (self.issuer or self.arn)


_KINDS = {
    "user": PrincipalKind.USER,
    "role": PrincipalKind.ROLE,
    "root": PrincipalKind.ROOT,
    "assumed-role": PrincipalKind.SESSION,
    "federated-user": PrincipalKind.SESSION,
    "saml-provider": PrincipalKind.FEDERATED,
    "oidc-provider": PrincipalKind.FEDERATED,
}

ContextValue = str | tuple[str, ...]
"""A str is a single-valued key; a tuple a multivalued one, even with one value."""


class Request(Struct, frozen=True):
    """One action on all of `resources`; ("*",) where the action has no resource-level support.

    A key that is not in `context` is absent from the request, as AWS means it, unless it is in `unknown_keys`: then the
    decision may depend on it. "*" among the unknown keys stands for all others that do not follow from the principal.
    """

    action: str
    principal: Principal
    resources: tuple[str, ...] = ("*",)
    context: Mapping[str, ContextValue] = {}
    resource_account: str | None = None
    unknown_keys: frozenset[str] = frozenset()
