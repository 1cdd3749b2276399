"""`sesgate cleanup`: removes what a killed test send left behind."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sesgate.commands.helping import add
from sesgate.commands.saying import say

if TYPE_CHECKING:
    from sesgate.evidence.aws import AwsSource
    from sesgate.sending.journal import Journal


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    add(
        app,
        "cleanup",
        cleanup,
        "Remove what a killed test send left behind",
        ("sesgate cleanup --dry-run", "What is left, and what would be removed."),
        ("sesgate cleanup --profile auditor", "Remove it."),
    )


def cleanup(
    profile: Annotated[str | None, typer.Option(help="The AWS profile.", envvar="SESGATE_PROFILE")] = None,
    role_arn: Annotated[str | None, typer.Option(help="A role to assume.", envvar="SESGATE_ROLE_ARN")] = None,
    external_id: Annotated[
        str | None, typer.Option(help="The external id of that role.", envvar="SESGATE_EXTERNAL_ID")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be removed, and remove nothing.")] = False,
) -> int:
    """Remove what a killed test send left behind: temporary queues, and their subscriptions.

    Each run writes down what it makes before it makes it. Only what is written there is removed, and only with
    credentials of the same account. Exit codes: 0 nothing is left, 1 something is.
    """
    from sesgate.evidence.aws import AwsSource, Login
    from sesgate.sending.journal import journals, state_folder

    folder = state_folder(os.environ)
    found = list(journals(folder))
    if not found:
        sys.stdout.write(f"Nothing is left behind (no journal in {folder}).\n")
        return 0
    aws = AwsSource(Login(profile, role_arn, external_id))
    clean = [_tidy(path, aws, dry_run=dry_run) for path in found]
    return 0 if all(clean) else 1


def _tidy(path: Path, aws: "AwsSource", *, dry_run: bool) -> bool:
    """Removes what one journal names. True where nothing of it is left."""
    from sesgate.sending.journal import InUse, Journal

    try:
        journal = Journal.open(path)
    except InUse:
        say(f"{path.name}: its run is not over; left alone")
        return True
    except (OSError, ValueError) as error:
        say(f"{path}: it can't be read ({error}); look at it, and delete it by hand")
        return False
    try:
        return _remove(journal, aws, dry_run=dry_run)
    finally:
        journal.close()


def _remove(journal: "Journal", aws: "AwsSource", *, dry_run: bool) -> bool:
    from sesgate.sending.acts import Acts
    from sesgate.sending.removal import remove_all

    if reason := _not_ours(journal, aws):
        say(f"{len(journal.left)} things of the run of {journal.header.started_at} are left: {reason}")
        return False
    things = list(journal.left)
    if not things:
        sys.stdout.write(f"Nothing is left behind of the run of {journal.header.started_at}.\n")
    if dry_run:
        for thing in things:
            sys.stdout.write(f"would remove {thing}\n")
        return not things
    stuck = dict(remove_all(Acts(aws), journal))
    for thing in things:
        told = f"could not remove {thing}: {stuck[thing]}" if thing in stuck else f"removed {thing}"
        sys.stdout.write(f"{told}\n")
    return not stuck


def _not_ours(journal: "Journal", aws: "AwsSource") -> str | None:
    """Why the run's things must not be touched with these credentials."""
    from sesgate.connect import foreign_endpoint
    from sesgate.evidence import Evidence, NotSeen, Question
    from sesgate.evidence.aws import NoSuchProfile

    if not journal.left:
        return None
    header, region = journal.header, journal.left[0].region
    try:
        told = Evidence({"aws": aws}).ask(Question.aws(region, "sts", "GetCallerIdentity")).read()
    except NotSeen as not_seen:
        return str(not_seen)
    except NoSuchProfile as missing:
        return f"there is no AWS profile named {str(missing)!r}"
    if str(told.get("Account")) != header.account:
        with_profile = f" (it was run with profile {header.profile})" if header.profile else ""
        return f"they are in account {header.account}, the credentials are of {told.get('Account')}{with_profile}"
    endpoint = foreign_endpoint(aws.endpoints())
    if endpoint != header.endpoint:
        return f"they were made at {header.endpoint or 'AWS'}, and {endpoint or 'AWS'} is asked now"
    return None
