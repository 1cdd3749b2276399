"""Does the database stand where and as it should: near, not public, encrypted, backed up, hard to delete?"""

from collections.abc import Iterator

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.database.facts import DATABASE_READS, Database, database
from sesgate.database.repairs import encrypted_copy, modify, modify_instance, remedy
from sesgate.finding import Because, Change, Finding, Severity, Text, failed, passed, pending, skipped
from sesgate.subjects import Database as Subject

BACKUP_DAYS = 7
MULTI_AZ = "Concepts.MultiAZ.html"


@check(
    id="database-placement",
    each=Subject,
    asked_by="database",
    serves="Database: same region, not public, encrypted, backed up",
    severity=Severity.WARNING,
    reads=DATABASE_READS,
    causes={
        "other-region": Severity.WARNING,
        "public": Severity.WARNING,
        "not-encrypted": Severity.WARNING,
        "no-backups": Severity.WARNING,
        "no-deletion-protection": Severity.WARNING,
        "single-zone": Severity.INFO,
    },
)
def database_placement(subject: Subject, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """Where the database is, and what protects it. Source: RDS API, DescribeDBInstances, DescribeDBClusters."""
    found = database(context, subject.declared)
    if found is None:
        yield skipped("the database does not exist here", because=Because("database-login", subject.name))
        return
    wrong = [
        finding
        for look in (_region, _public, _encrypted, _backups, _deletion, _zones)
        for finding in look(found, context)
    ]
    yield from wrong
    if not wrong:
        settings = found.settings
        yield passed(
            f"{found.title} is in {found.region}, not public, encrypted, backed up for {settings.backup_days} days and "
            "protected from deletion"
        )


def _region(found: Database, context: Context) -> Iterator[Finding]:
    if found.region == context.region:
        return
    move = Text(
        f"Copy a snapshot of {found.title} to {context.region} and restore it there; or, where the application runs in "
        f"{found.region}, audit the SES of that region."
    )
    yield failed(
        "other-region",
        f"{found.title} is in {found.region}, and SES is audited in {context.region}",
        expected=context.region,
        found=found.region,
        remedy=remedy(
            found,
            "move-database",
            "Bring database and SES into one region",
            move,
            minutes=240,
            docs="USER_CopySnapshot.html",
        ),
    )


def _public(found: Database, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    public = [instance for instance in found.instances if instance.public]
    if not public and not found.settings.public:
        return
    names = ", ".join(instance.identifier for instance in public) or found.title
    calls: list[Change] = [modify_instance(instance, "PubliclyAccessible", False, True) for instance in public]
    yield failed(
        "public",
        f"{names} can be reached from the internet as far as its security groups let it (PubliclyAccessible is true)",
        expected="PubliclyAccessible is false",
        found="PubliclyAccessible is true",
        remedy=remedy(
            found,
            "make-private",
            f"Make {names} reachable from its VPC alone",
            *(calls or [modify(found, "PubliclyAccessible", False, True)]),
            docs="USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        ),
    )


def _encrypted(found: Database, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    if found.settings.encrypted:
        return
    yield failed(
        "not-encrypted",
        f"the storage of {found.title} is not encrypted, and neither are its snapshots",
        expected="StorageEncrypted is true",
        found="StorageEncrypted is false",
        remedy=remedy(
            found,
            "encrypt",
            f"Encryption can't be switched on later: restore {found.title} from an encrypted copy",
            *encrypted_copy(found),
            minutes=120,
            docs="Overview.Encryption.html",
        ),
    )


def _backups(found: Database, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    settings = found.settings
    if settings.backup_days > 0:
        return
    expected, seen = "BackupRetentionPeriod of a day or more", "BackupRetentionPeriod is 0"
    if settings.backup_days_to_be:
        days = settings.backup_days_to_be
        yield pending(
            "no-backups",
            f"{found.title} has no automated backups yet; RDS is about to keep them for {days} days",
            expected=expected,
            found=seen,
        )
        return
    yield failed(
        "no-backups",
        f"{found.title} has no automated backups: nothing brings back what is lost",
        expected=expected,
        found=seen,
        remedy=remedy(
            found,
            "keep-backups",
            f"Keep backups of {found.title} for {BACKUP_DAYS} days (from 0, this restarts it)",
            modify(found, "BackupRetentionPeriod", BACKUP_DAYS, 0),
            docs="USER_WorkingWithAutomatedBackups.html",
        ),
    )


def _deletion(found: Database, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    if found.settings.deletion_protection:
        return
    yield failed(
        "no-deletion-protection",
        f"{found.title} can be deleted by one call, or by a stack that is taken down",
        expected="DeletionProtection is true",
        found="DeletionProtection is false",
        remedy=remedy(
            found,
            "protect-from-deletion",
            f"Protect {found.title} from deletion",
            modify(found, "DeletionProtection", True, False),
            minutes=1,
            docs="USER_DeleteInstance.html",
        ),
    )


def _zones(found: Database, context: Context) -> Iterator[Finding]:  # noqa: ARG001
    zones = {instance.zone for instance in found.instances if instance.zone}
    if found.settings.multi_az or len(zones) > 1 or any(instance.multi_az for instance in found.instances):
        return
    seen = f"one availability zone ({', '.join(sorted(zones)) or 'no instance'})"
    told = f"{found.title} stands in {seen}: when it fails, the application waits for it"
    if any(instance.multi_az_pending for instance in found.instances):
        yield pending("single-zone", f"{told}; RDS is about to add a standby", expected="MultiAZ is true", found=seen)
        return
    add: Change = Text(f"Add a reader to {found.title} in another availability zone.")
    if not found.settings.is_cluster:
        add = modify(found, "MultiAZ", True, False)
    yield failed(
        "single-zone",
        told,
        expected="two availability zones",
        found=seen,
        remedy=remedy(
            found, "add-zone", f"Let {found.title} stand in two availability zones", add, minutes=30, docs=MULTI_AZ
        ),
    )
