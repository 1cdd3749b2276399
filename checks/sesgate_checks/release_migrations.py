"""Do migrations run in a step of the release, and not each time that the application starts?"""

from collections.abc import Iterator

from sesgate.check import NoOptions, check
from sesgate.context import Context
from sesgate.finding import HOUR, MINUTE, Finding, Location, Owner, Remedy, Severity, Text, failed, passed, unseen
from sesgate.matrix import READS
from sesgate.starting import Found, Start, starts_of
from sesgate.subjects import Service

DOCS = "https://12factor.net/admin-processes"
WANTED = "a step of the release, once, before the new version starts"
_PLATFORMS = {
    "render": "https://render.com/docs/deploys#pre-deploy-command",
    "kubernetes": "https://kubernetes.io/docs/concepts/workloads/controllers/job/",
    "heroku": "https://devcenter.heroku.com/articles/release-phase",
    "compose": "https://docs.docker.com/compose/how-tos/startup-order/",
    "ecs": "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/standalone-task-create.html",
    "ecs_task_definition": "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/standalone-task-create.html",
    "apprunner": "https://docs.aws.amazon.com/apprunner/latest/dg/manage-deploy.html",
}


@check(
    id="release-migrations",
    each=Service,
    asked_by="services",
    serves="Database migrations in a pre-deploy step, never at run time",
    severity=Severity.BLOCKER,
    reads=READS,
    causes={
        "migrates-at-start": Severity.BLOCKER,
        "init-container": Severity.BLOCKER,
        "no-release-step": Severity.WARNING,
    },
    local=True,
)
def release_migrations(service: Service, context: Context, options: NoOptions) -> Iterator[Finding]:  # noqa: ARG001
    """No command that starts with the service migrates its database."""
    seen = starts_of(context, service.declared)
    findings = [finding for start in seen.starts for finding in _about(service, start)]
    findings += [unseen(f"a source of {service.name} could not be read: {why}") for why in seen.unseen]
    yield from findings
    if not findings:
        yield passed(_clean(service, seen.starts), found=", ".join(start.place for start in seen.starts)[:300])


def _about(service: Service, start: Start) -> Iterator[Finding]:
    """A migration, what could not be seen, and a release step that stands empty."""
    for migration in start.migrations[:5]:
        yield _migrates(service, start, migration)
    for part in start.opaque[:5]:
        yield _hidden(service, start, part)
    if start.release in ("unset", "other") and not start.migrations:
        yield _no_step(service, start)


def _migrates(service: Service, start: Start, migration: Found) -> Finding:
    is_init = start.part == "init container"
    when = {
        "init container": "an init container that runs before every start",
        "sidecar": "a container that starts with it",
        "hook after the start": "a hook that runs after every start",
    }.get(start.part, "its start command")
    assumed = f", as {start.assumed} beside the gate has it" if start.assumed else ""
    return failed(
        "init-container" if is_init else "migrates-at-start",
        f"{service.name} migrates its database each time it starts: {migration} in {when} ({start.place}{assumed})",
        expected=WANTED,
        found=str(migration),
        remedy=_moving_it(service, start, migration.text),
        location=_location(start),
    )


def _moving_it(service: Service, start: Start, text: str) -> Remedy:
    return Remedy(
        id=f"migrate-before-release:{service.name}",
        summary=f"Take {text} out of what starts with {service.name}, and run it in the release",
        owner=Owner.APPLICATION,
        lead_time_seconds=4 * HOUR,
        changes=(_instead(start),),
        docs=_PLATFORMS.get(start.platform, DOCS),
    )


def _hidden(service: Service, start: Start, part: Found) -> Finding:
    return unseen(
        f"whether {service.name} migrates at its start can't be told: {part}: {part.why} ({start.place})",
        remedy=Remedy(
            id=f"show-start:{service.name}",
            summary=f"Let the gate see how {service.name} starts",
            owner=Owner.APPLICATION,
            lead_time_seconds=30 * MINUTE,
            changes=(
                Text(
                    "Keep the gate beside the Dockerfile, its entry-point script and package.json that the image is "
                    "built from, or write the entry point and the command into the service's definition: what the "
                    "image does by itself, no API tells."
                ),
            ),
            docs="https://docs.docker.com/reference/dockerfile/#entrypoint",
        ),
    )


def _no_step(service: Service, start: Start) -> Finding:
    state = "is empty" if start.release == "unset" else "runs something that does not migrate"
    return failed(
        "no-release-step",
        f"the gate says that {service.name} migrates before a release, and its release step {state} ({start.place})",
        expected="the migration in the platform's release step",
        found="nothing" if start.release == "unset" else "a command that does not migrate",
        remedy=Remedy(
            id=f"fill-release-step:{service.name}",
            summary=f"Run the migration of {service.name} in the platform's release step",
            owner=Owner.APPLICATION,
            lead_time_seconds=HOUR,
            changes=(_instead(start),),
            docs=_PLATFORMS.get(start.platform, DOCS),
        ),
        location=_location(start),
    )


def _location(start: Start) -> Location | None:
    return Location(start.file, start.line) if start.file is not None and start.line is not None else None


def _clean(service: Service, starts: tuple[Start, ...]) -> str:
    assumed = next((f", with {start.assumed} as it stands beside the gate" for start in starts if start.assumed), "")
    step = next((", and the release step does" for start in starts if start.release == "migrates"), "")
    return f"nothing that starts with {service.name} migrates its database{step}{assumed}"


def _instead(start: Start) -> Text:
    """Where the platform runs a migration once. The room is loaded only where there is something to move."""
    from sesgate.release import where_instead

    return Text(where_instead(start.platform))
