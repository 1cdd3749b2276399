"""Login with IAM: is it switched on, and may the application's roles connect to this very database?"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sesgate.database.connecting import Connecting, connect_finding, connecting
from sesgate.database.facts import Database
from sesgate.database.repairs import GUIDE, modify, remedy
from sesgate.database.roles import concerned
from sesgate.finding import HOUR, Finding, Owner, Remedy, Text, failed, passed, pending, skipped

if TYPE_CHECKING:
    from sesgate.context import Context

PAGE = "UsingWithRDS.IAMDBAuth.html"
_ON = "IAMDatabaseAuthenticationEnabled is true"


def iam_login(context: "Context", database: Database, user: str, told_by: str) -> Iterator[Finding]:
    """The switch, then each role. `user` is the database user, where the gate tells. Raises NotSeen.

    `told_by` is the check that tells of roles which are missing.
    """
    yield _switch(database)
    if not database.knows_iam:
        return
    judged = list(connecting(context, database, user, told_by))
    if not judged:
        yield skipped("the gate names no role, so who may connect is not looked at")
    yield from (each for each in judged if isinstance(each, Finding))
    for each in concerned([each for each in judged if isinstance(each, Connecting)]):
        yield connect_finding(database, each)


def _switch(database: Database) -> Finding:
    settings = database.settings
    if not database.knows_iam:
        return failed(
            "iam-not-supported",
            f"{database.title} runs {settings.engine}, which has no IAM database authentication",
            expected="an engine with IAM database authentication (PostgreSQL, MySQL, MariaDB, Aurora)",
            found=settings.engine,
            remedy=_by_secret(database),
        )
    if settings.iam_login:
        return passed(f"IAM database authentication is on for {database.title}", found=_ON)
    if settings.iam_login_to_be:
        return pending(
            "iam-off",
            f"IAM database authentication of {database.title} is being switched on",
            expected=_ON,
            found="false, with true among the pending changes",
        )
    return failed(
        "iam-off",
        f"IAM database authentication is off for {database.title}: it takes no token of a role",
        expected=_ON,
        found="IAMDatabaseAuthenticationEnabled is false",
        remedy=remedy(
            database,
            "switch-iam-login-on",
            f"Switch IAM database authentication on for {database.title}",
            modify(database, "EnableIAMDatabaseAuthentication", True, False),
            docs="UsingWithRDS.IAMDBAuth.Enabling.html",
        ),
    )


def _by_secret(database: Database) -> Remedy:
    return Remedy(
        id=f"login-by-secret:{database.settings.arn}",
        summary="Let the application log in with a secret of Secrets Manager",
        owner=Owner.APPLICATION,
        lead_time_seconds=HOUR,
        changes=(Text("Write login: secrets_manager in the gate, and let the application read the secret."),),
        docs=GUIDE + PAGE,
    )
