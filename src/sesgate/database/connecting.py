"""May a role connect to the database as a user of it? `rds-db:connect`, evaluated on the resource id that IAM uses.

Source: RDS User Guide, "Creating and using an IAM policy for IAM database access".
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct

from sesgate.access.needs import Outcome, Target
from sesgate.database.facts import Database
from sesgate.database.roles import BOUNDARY, DENIED, DEPENDS, Candidate, candidates, grant, names, refusal
from sesgate.finding import MINUTE, Finding, Owner, Remedy, Text, failed, passed
from sesgate.iam import Effect, StatementEffect

if TYPE_CHECKING:
    from sesgate.context import Context

CONNECT = "rds-db:connect"
ANYBODY = "*"
DOCS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.IAMPolicy.html"
_DBUSER = ":dbuser:"
_LONGEST = 200


class Named(Struct, frozen=True):
    """A resource that a role's policies allow connecting to: the text, and its parts where it is a database user."""

    text: str
    database: str = ""
    user: str = ""


class Connecting(Struct, frozen=True):
    """What came of one role. `user` is who it would connect as, `*` where nobody tells; `named` what it may reach."""

    candidate: Candidate
    user: str
    outcome: Outcome
    named: tuple[Named, ...]
    waiting: str = ""

    @property
    def allowed(self) -> bool:
        return self.outcome.decision.effect is Effect.ALLOWED

    @property
    def speaks(self) -> bool:
        return bool(self.named)

    @property
    def resource(self) -> str:
        """What it has to be allowed on."""
        return self.outcome.target.resource


def connecting(context: "Context", database: Database, user: str, told_by: str) -> Iterator[Connecting | Finding]:
    """Each role of the gate: what came of it, or why nothing can be said. `user` is "" where the gate tells none.

    `told_by` is the check that tells of roles which are missing.
    """
    for candidate in candidates(context, CONNECT, told_by):
        if candidate.doubt is not None:
            yield candidate.doubt
            continue
        named = tuple(_named(candidate))
        wanted = user or _user_of_needs(candidate) or ANYBODY
        keys = candidate.keys(context, database.region)
        judge = candidate.judge(CONNECT)
        users = [wanted] if wanted != ANYBODY else [*(one.user for one in named if one.user), ANYBODY]
        tried = [(one, judge.outcome(Target(_arn(database, one), keys))) for one in dict.fromkeys(users)]
        chosen, outcome = next((each for each in tried if each[1].decision.effect is Effect.ALLOWED), tried[0])
        waiting = candidate.waiting(CONNECT, _arn(database, wanted), keys)
        yield Connecting(candidate, chosen, outcome, named, waiting)


def connect_finding(database: Database, each: Connecting) -> Finding:
    """What there is to say of one role."""
    candidate, outcome = each.candidate, each.outcome
    if candidate.hidden and outcome.cause != DENIED:
        return candidate.hidden
    who, as_whom = candidate.name, f" as {each.user}" if each.user != ANYBODY else ""
    if each.allowed:
        return passed(f"{who} may connect to {database.title}{as_whom}", found=each.resource)
    if outcome.cause in (DENIED, BOUNDARY):
        why = refusal(candidate, outcome)
        return _failed("connect-denied", each, f"{who} may not connect to {database.title}{as_whom}: {why}")
    if outcome.cause == DEPENDS and outcome.decision.depends_on:
        why = refusal(candidate, outcome)
        return _failed("connect-depends", each, f"whether {who} may connect to {database.title} is not certain: {why}")
    return _not_allowed(database, each, f"{who} may not connect to {database.title}{as_whom}")


def _not_allowed(database: Database, each: Connecting, said: str) -> Finding:
    """Told apart by what the role's policies name instead. IAM knows a database by its resource id alone."""
    misnamed = next((one for one in each.named if one.database in database.other_names or not one.database), None)
    here = next((one for one in each.named if one.database == database.resource_id), None)
    if misnamed is not None:
        what = f"names {_short(misnamed.text)}; IAM knows the database as {database.resource_id}"
        user = misnamed.user or each.user
        return _failed("connect-wrong-resource", each, f"{said}: its policy {what}", misnamed.text, user)
    if here is not None and here.text != each.resource:
        same = here.text.partition(_DBUSER)[0] == each.resource.partition(_DBUSER)[0]
        what = f"the user {_short(here.user)}" if same else _short(here.text)
        cause = "connect-wrong-user" if same else "connect-wrong-resource"
        user = each.user if each.user != ANYBODY else here.user
        return _failed(cause, each, f"{said}: its policy names {what}", here.text, user)
    other = next((one for one in each.named if one.database != database.resource_id), None)
    why = f"its policies name {_short(other.text)}, another database" if other else f"no policy allows {CONNECT} so"
    return _failed("connect-not-allowed", each, f"{said}: {why}")


def _failed(cause: str, each: Connecting, said: str, found: str | None = None, user: str | None = None) -> Finding:
    return failed(
        cause,
        said + each.waiting,
        expected=f"{CONNECT} allowed on {each.resource}",
        found=_short(found) if found else str(each.outcome.decision.effect),
        remedy=_repair(each, user or each.user),
    )


def _repair(each: Connecting, user: str) -> Remedy:
    candidate = each.candidate
    resource = each.resource.rpartition("/")[0] + "/" + user
    if user != ANYBODY and "*" not in user:
        return grant(candidate, CONNECT, resource, DOCS, each.outcome)
    how = Text(
        f"Allow {CONNECT} on {resource.rpartition('/')[0]}/USER, where USER is the database user that the application "
        "connects as. The option `user` of database-login tells it to sesgate."
    )
    return Remedy(
        id=f"allow:{candidate.name}:{CONNECT}:{resource}",
        summary=f"Let {candidate.name} connect as the application's database user",
        owner=Owner.IAM,
        lead_time_seconds=MINUTE,
        changes=(how,),
        docs=DOCS,
    )


def _named(candidate: Candidate) -> Iterator[Named]:
    """What its policies allow connecting to, and ARNs of RDS itself, which no connection is ever checked against."""
    for policy in candidate.policies.identity:
        for statement in policy.statements:
            if statement.effect is not StatementEffect.ALLOW or not statement.covers_action(CONNECT):
                continue
            for pattern in statement.resources or ():
                database, _, user = pattern.text.partition(_DBUSER)[2].partition("/")
                if pattern.text != ANYBODY:
                    yield Named(pattern.text, database, user)


def _user_of_needs(candidate: Candidate) -> str:
    """The user in a need such as `arn:…:dbuser:db-ABC/api`, where it names one."""
    for need in candidate.role.declared.needs:
        for resource in need.resources if names(need, CONNECT) else ():
            user = resource.partition(_DBUSER)[2].partition("/")[2]
            if user and "*" not in user and "?" not in user:
                return user
    return ""


def _arn(database: Database, user: str) -> str:
    whole = f"arn:{database.partition}:rds-db:{database.region}:{database.account}"
    return f"{whole}{_DBUSER}{database.resource_id}/{user}"


def _short(text: str) -> str:
    return " ".join(text.split())[:_LONGEST]
