"""Whom the trust policy of a role lets in: are there strangers among them?"""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from msgspec import Struct

from sesgate.iam.conditions import Condition
from sesgate.iam.documents import Statement, StatementEffect
from sesgate.iam.narrowing import conditions_as_written
from sesgate.iam.principals import account_of
from sesgate.iam.request import ARN_PARTS

ASSUME = "sts:assumerole"
_BY_WEB_IDENTITY, _BY_SAML = "sts:assumerolewithwebidentity", "sts:assumerolewithsaml"
_ASSUMING = (ASSUME, _BY_WEB_IDENTITY, _BY_SAML)
_SHARED = frozenset(
    {"token.actions.githubusercontent.com", "gitlab.com", "app.terraform.io", "agent.buildkite.com"}
    | {"oidc.vercel.com", "token.actions.datadoghq.com", "api.bitbucket.org", "app.spacelift.io", "id.codefresh.io"}
)
"""Issuers of everybody's tokens, in which the audience is whatever who asks for one wants it to be."""
_GITHUB = "token.actions.githubusercontent.com"
_OWN_CLAIMS = frozenset(
    {"sub", "repository", "repository_id", "repository_owner", "repository_owner_id", "job_workflow_ref", "actor_id"}
    | {"project_id", "project_path", "namespace_id", "namespace_path", "terraform_organization_id", "organization_id"}
)
"""Claims that the issuer writes, and that say whose token it is."""
_AUDIENCES = frozenset({"aud", "app_id", "oaud"})
_NAMES_THE_CALLER = frozenset(
    {"aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn", "aws:userid"}
    | {"aws:sourceaccount", "aws:sourceorgid", "aws:sourcearn"}
)
"""Tags of a principal are not among them: whoever owns an account writes them as they like."""
_EXTERNAL_ID = "sts:externalid"


class Stranger(StrEnum):
    """Who may come in and should not."""

    ANYONE = "anyone"
    ALL_BUT = "all but those named"
    ACCOUNT = "another account"
    TOKEN = "bearers of a token"  # noqa: S105 - who they are
    UNKNOWN = "an account that may be another"


class Opening(Struct, frozen=True):
    """One principal through which strangers come in. `issuer` is an identity provider's name; `wanted` would narrow."""

    stranger: Stranger
    principal: str
    element: str
    wanted: str
    account: str | None = None
    issuer: str | None = None


def openings(statement: Statement, account: str | None) -> tuple[Opening, ...]:
    """Through which principals of a trust policy's statement strangers may assume the role of `account`.

    None as account: it is not known, and of other accounts nothing can be said but that.
    """
    if statement.effect is not StatementEffect.ALLOW or statement.malformed:
        return ()
    if not any(statement.covers_action(action) for action in _ASSUMING):
        return ()
    return tuple(_openings(statement, account))


def _openings(statement: Statement, account: str | None) -> Iterator[Opening]:
    named = _names_callers(statement.conditions)
    if statement.not_principals is not None:
        if not named:
            yield Opening(Stranger.ALL_BUT, "NotPrincipal", "NotPrincipal", "Principal with the ones that are meant")
        return
    principals = statement.principals
    if principals is None:
        return
    known = any(_tells(each) and each.key.lower() == _EXTERNAL_ID for each in statement.conditions)
    for kind, value in principals.entries:
        if kind == "Federated":
            if statement.covers_action(_BY_WEB_IDENTITY):
                yield from _token(value, statement.conditions)
        elif kind == "AWS" and statement.covers_action(ASSUME) and not named:
            yield from _aws(value, account, knows_a_secret=known)


def _aws(value: str, account: str | None, *, knows_a_secret: bool) -> Iterator[Opening]:
    """A user or a role of another account is named, and no stranger; an account as a whole is everyone who is in it."""
    if value == "*":
        # An external id is known to both sides and no secret of either. Source: IAM, "access to AWS accounts owned by
        # third parties".
        yield Opening(Stranger.ANYONE, "*", "Principal.AWS", "the principals that are meant, or aws:PrincipalOrgID")
        return
    other = account_of(value)
    if other is None or other == account or knows_a_secret:
        return
    stranger = Stranger.UNKNOWN if account is None else Stranger.ACCOUNT
    wanted = "a role of that account, or a condition on sts:ExternalId or aws:PrincipalOrgID"
    yield Opening(stranger, value, "Principal.AWS", wanted, account=other)


def _names_callers(conditions: tuple[Condition, ...]) -> bool:
    return any(_tells(each) and each.key.lower() in _NAMES_THE_CALLER and _of_accounts(each) for each in conditions)


def _of_accounts(condition: Condition) -> bool:
    """An ARN that leaves the account open names a role which anyone may make in an account of their own."""
    if condition.key.lower() not in ("aws:principalarn", "aws:sourcearn"):
        return True
    accounts = [value.split(":")[4:5] for value in condition.values]
    return all(account and account[0] and not set("*?") & set(account[0]) for account in accounts)


def _token(provider: str, conditions: tuple[Condition, ...]) -> Iterator[Opening]:
    """Anybody's token of this issuer, unless a claim says whose."""
    issuer = issuer_of(provider)
    if issuer is None:
        return
    host = issuer.partition("/")[0]
    told = {}
    for condition in conditions:
        prefix, _, claim = condition.key.lower().rpartition(":")
        if prefix == issuer.lower() and _tells(condition, always_there=claim in ("sub", "aud")):
            told[claim] = condition
    own = {claim for claim, condition in told.items() if claim in _OWN_CLAIMS and not _is_everybody(issuer, condition)}
    if own or (host not in _SHARED and told.keys() & _AUDIENCES):
        return
    claims = "sub" if host in _SHARED else "sub or aud"
    yield Opening(Stranger.TOKEN, provider, "Principal.Federated", f"a condition on {issuer}:{claims}", issuer=issuer)


def issuer_of(provider: str) -> str | None:
    """`token.actions.githubusercontent.com` of an OIDC provider's ARN; a name such as `accounts.google.com` as it is.

    None for SAML providers: whom they let in is theirs to say.
    """
    if not provider.startswith("arn:"):
        return provider
    parts = provider.split(":", ARN_PARTS - 1)
    if len(parts) == ARN_PARTS and parts[5].startswith("oidc-provider/"):
        return parts[5].removeprefix("oidc-provider/")
    return None


def _is_everybody(issuer: str, condition: Condition) -> bool:
    """Does a subject leave open whose token it is? `repo:*` does, and `repo:org*`: other names begin with that too."""
    shared = issuer.partition("/")[0] in _SHARED
    if not shared or not condition.key.lower().endswith(":sub") or "like" not in condition.operator.lower():
        return False
    return any(_is_any_owner(value) for value in condition.values)


def _is_any_owner(subject: str) -> bool:
    """Of `repo:OWNER/NAME:ref:…`, `project_path:GROUP/NAME:…`, `organization:NAME:…` the second part counts."""
    kind, _, rest = subject.partition(":")
    owner = rest.replace(":", "/").partition("/")[0]
    return bool(set("*?") & set(kind + owner)) or not owner


def _tells(condition: Condition, *, always_there: bool = False) -> bool:
    """Does it hold only for some? What holds where the key is absent does not, unless the key can't be."""
    name = condition.operator.lower()
    quantifier, colon, plain = name.rpartition(":")
    if condition.problem or not condition.values or "not" in plain or plain == "null":
        return False
    lenient = plain.endswith("ifexists") or (colon and quantifier == "forallvalues")
    if lenient and not always_there:
        return False
    like = "like" in plain or plain.startswith("arn")
    return not (like and any(not value.removeprefix("arn:aws:").strip("*?:/") for value in condition.values))


def closed(
    statement: Statement, through: tuple[Opening, ...], account: str | None, partition: str
) -> tuple[dict[str, Any], ...]:
    """The statement without its openings: one for tokens, one for the others, since a condition holds for all.

    What only a person knows stands in angle brackets, and matches nobody.
    """
    principals: dict[str, list[str]] = {}
    for kind, value in statement.principals.entries if statement.principals else ():
        principals.setdefault(kind, []).append(value)
    tokens = {"Federated": principals.pop("Federated", [])}
    conditions = conditions_as_written(statement.conditions)
    claims = conditions_as_written(statement.conditions)
    for opening in through:
        match opening.stranger:
            case Stranger.ANYONE | Stranger.ALL_BUT:
                home = f"arn:{partition}:iam::{account or '<Account>'}:role/<RoleThatAssumesThis>"
                principals["AWS"] = [*(value for value in principals.get("AWS", []) if value != "*"), home]
            case Stranger.ACCOUNT | Stranger.UNKNOWN:
                conditions.setdefault("StringEquals", {})["sts:ExternalId"] = "<ExternalId>"
            case Stranger.TOKEN:
                _add_claims(claims, str(opening.issuer))
    made = ((principals, conditions), (tokens, claims))
    return tuple(_written(statement, *each, place) for place, each in enumerate(made) if any(each[0].values()))


def _written(
    statement: Statement, principals: dict[str, list[str]], conditions: dict[str, dict[str, Any]], place: int
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if statement.sid:
        made["Sid"] = statement.sid + ("Tokens" if place and len(set(_kinds(statement)) - {"Federated"}) else "")
    made |= {"Effect": "Allow", "Principal": principals, "Action": list(statement.actions or ("sts:AssumeRole",))}
    return made | ({"Condition": conditions} if conditions else {})


def _kinds(statement: Statement) -> Iterator[str]:
    yield from (kind for kind, _ in statement.principals.entries) if statement.principals else ()


def _add_claims(conditions: dict[str, dict[str, Any]], issuer: str) -> None:
    """Replaces what is said of the subject already: it was not enough."""
    key = f"{issuer}:sub"
    for keys in conditions.values():
        for known in [name for name in keys if name.lower() == key.lower()]:
            del keys[known]
    if issuer == _GITHUB:
        conditions.setdefault("StringEquals", {})[f"{issuer}:aud"] = "sts.amazonaws.com"
        conditions.setdefault("StringLike", {})[key] = "repo:<Owner>/<Repository>:ref:refs/heads/main"
    else:
        conditions.setdefault("StringEquals", {})[key] = "<Subject>"
    for operator in [operator for operator, keys in conditions.items() if not keys]:
        del conditions[operator]
