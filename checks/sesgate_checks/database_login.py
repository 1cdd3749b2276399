"""Does the application log in to its database without a password that lies around?"""

from collections.abc import Iterator
from dataclasses import dataclass

from sesgate.check import check
from sesgate.context import Context
from sesgate.database.facts import DATABASE_READS, Database, database, region_of
from sesgate.database.iam_login import iam_login
from sesgate.database.roles import ROLES_READS
from sesgate.database.secret_access import KEY_READS
from sesgate.database.secret_login import secret_login
from sesgate.database.secrets import SECRET_READS, named
from sesgate.evidence import NotSeen
from sesgate.finding import MINUTE, Finding, Owner, Remedy, Severity, Status, Text, failed
from sesgate.gate import Database as Declared
from sesgate.subjects import Database as Subject

ROLES_TOLD_BY = "iam-required-actions"
DOCS = "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.html"


@dataclass(frozen=True, slots=True)
class LoginOptions:
    """`user`: the database user that the application connects as with IAM; left out, any user that its role may be."""

    user: str = ""


@check(
    id="database-login",
    each=Subject,
    asked_by="database",
    serves="Database: RDS IAM authentication, or credentials from Secrets Manager",
    severity=Severity.BLOCKER,
    reads=[*DATABASE_READS, *ROLES_READS, *SECRET_READS, *KEY_READS],
    causes={
        "database-missing": Severity.BLOCKER,
        "iam-off": Severity.BLOCKER,
        "iam-not-supported": Severity.BLOCKER,
        "connect-not-allowed": Severity.BLOCKER,
        "connect-wrong-resource": Severity.BLOCKER,
        "connect-wrong-user": Severity.BLOCKER,
        "connect-denied": Severity.BLOCKER,
        "connect-depends": Severity.WARNING,
        "secret-not-named": Severity.BLOCKER,
        "secret-missing": Severity.BLOCKER,
        "secret-being-deleted": Severity.BLOCKER,
        "secret-not-rotating": Severity.WARNING,
        "secret-rotation-overdue": Severity.WARNING,
        "secret-not-readable": Severity.BLOCKER,
        "secret-key-not-usable": Severity.BLOCKER,
        "secret-key-off": Severity.BLOCKER,
        "secret-incomplete": Severity.BLOCKER,
        "secret-wrong-host": Severity.BLOCKER,
    },
    options=LoginOptions,
)
def database_login(subject: Subject, context: Context, options: LoginOptions) -> Iterator[Finding]:
    """The database takes a role's token, or the role may read a secret that is rotated. Source: RDS API."""
    found = database(context, subject.declared)
    if found is None:
        yield _missing(subject, context)
        return
    match subject.declared.login:
        case "iam":
            yield from iam_login(context, found, options.user, ROLES_TOLD_BY)
        case "secrets_manager":
            yield from secret_login(context, found, ROLES_TOLD_BY)
        case _:
            yield from _either(context, found, options.user)


def _either(context: Context, found: Database, user: str) -> Iterator[Finding]:
    """Where the gate does not say how, either is right; a secret that something names is what is in use."""
    by_role = list(iam_login(context, found, user, ROLES_TOLD_BY))
    if any(one.status is not Status.PASS for one in by_role) and named(context, found):
        yield from secret_login(context, found, ROLES_TOLD_BY)
    else:
        yield from by_role


def _missing(subject: Subject, context: Context) -> Finding:
    """Told with what it might have been meant: an instance for a cluster, or one of another region."""
    kind = "cluster" if subject.declared.cluster else "instance"
    where = region_of(subject.name) or context.region
    hint = _hint(subject, context)
    return failed(
        "database-missing",
        f"there is no {kind} {subject.name} in {where}{hint}",
        expected=f"{kind} {subject.name}",
        found="no such database",
        remedy=Remedy(
            id=f"correct-database:{subject.name}",
            summary="Correct the database's name in the gate, or create it",
            owner=Owner.APPLICATION,
            lead_time_seconds=MINUTE,
            changes=(Text(f"Name the database under `database` by its identifier in {where}, or by its ARN."),),
            docs=DOCS,
        ),
    )


def _hint(subject: Subject, context: Context) -> str:
    declared, name = subject.declared, subject.name
    other = {"instance": None, "cluster": name} if declared.instance else {"instance": name, "cluster": None}
    guesses: list[tuple[Declared, str | None]] = [(declared.model_copy(update=other), None)]
    if region_of(name) is None:
        guesses += [(declared, region) for region in context.place.other_regions]
    for guess, region in guesses:
        try:
            there = database(context, guess, region)
        except NotSeen:
            continue
        if there is not None:
            return f"; there is {there.settings.arn}"
    return ""
