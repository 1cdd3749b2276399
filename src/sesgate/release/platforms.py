"""Where each platform runs a migration once for a release, before the new version serves."""

from enum import StrEnum


class Platform(StrEnum):
    """What runs the application."""

    ECS = "ecs"
    APP_RUNNER = "apprunner"
    LAMBDA = "lambda"
    BEANSTALK = "beanstalk"
    RENDER = "render"
    HEROKU = "heroku"
    FLY = "fly"
    RAILWAY = "railway"
    KUBERNETES = "kubernetes"
    COMPOSE = "compose"
    OTHER = "other"


_ALIASES = {"ecs_task_definition": Platform.ECS, "app_runner": Platform.APP_RUNNER, "k8s": Platform.KUBERNETES}

_INSTEAD = {
    Platform.ECS: (
        "Run it in the pipeline as a task of its own before the service is updated: aws ecs run-task with the new task "
        "definition and the migration as the container's command, then aws ecs wait tasks-stopped; update the service "
        "only where the exit code is 0. With CodeDeploy a BeforeInstall hook can do so."
    ),
    Platform.APP_RUNNER: (
        "App Runner has no release step: its pre-run commands run at the start of an instance too. Run the migration "
        "in the pipeline before aws apprunner start-deployment, with CodeBuild in the VPC of the database or an ECS "
        "task from the same image; switch automatic deployments off, so that the order holds."
    ),
    Platform.LAMBDA: (
        "Run it from the pipeline before the alias moves to the new version: a function of its own that is invoked "
        "once, or CodeBuild in the VPC of the database; never in the handler's initialisation."
    ),
    Platform.BEANSTALK: (
        "Put it into container_commands with leader_only: true, or into the pipeline before the deployment."
    ),
    Platform.RENDER: "Move it to preDeployCommand in render.yaml (Pre-Deploy Command in the dashboard).",
    Platform.HEROKU: "Move it to the release process of the Procfile (release: …): Heroku runs it once for a release.",
    Platform.FLY: "Move it to release_command under [deploy] in fly.toml: it runs once, its failure stops the release.",
    Platform.RAILWAY: "Move it to preDeployCommand in railway.json (Pre-Deploy Command in the service's settings).",
    Platform.KUBERNETES: (
        "Run it as a Job that is done before the Deployment is applied (a Helm pre-upgrade hook, an Argo CD PreSync "
        "hook). An initContainer is not the same: it runs in every pod and at every restart, several at a time."
    ),
    Platform.COMPOSE: (
        "Give it a service of its own that runs once, and let the application wait for it with depends_on and "
        "condition: service_completed_successfully; or run docker compose run --rm before docker compose up."
    ),
    Platform.OTHER: "Run it once, in a release or pre-deploy step of the pipeline, before the new version starts.",
}


def where_instead(platform: Platform | str) -> str:
    """What to do on a platform, in sentences; for one that is not known, what holds everywhere."""
    try:
        known = _ALIASES.get(platform) or Platform(platform)
    except ValueError:
        known = Platform.OTHER
    return _INSTEAD[known]
