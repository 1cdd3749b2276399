"""release-migrations: nothing that starts with a service migrates its database."""

from typing import Any

import pytest

from sesgate.engine import Judged
from sesgate.evidence import Failure, FailureKind
from sesgate.evidence.environment.found import Reading, Start
from sesgate.testing import World, causes, ready_world, run, statuses

CHECK = "release-migrations"
RENDER = {"render": {"file": "render.yaml", "service": "shop"}}


def _world(source: Any, *starts: Start, **more: Any) -> World:
    service = {"name": "shop", "source": source, "migrations": "pre_deploy", **more}
    read = Reading("the place", {}, starts=starts)
    return ready_world().with_gate(services=[service]).environment("shop", read)


def _render(command: str, release: str | None = "npx prisma migrate deploy", **fields: Any) -> World:
    start = Start("render.yaml, service shop", command=command, release_step=True, release_command=release, **fields)
    return _world(RENDER, start)


def _only(world: World) -> Judged:
    [judged] = run(CHECK, world)
    return judged


def test_a_release_step_that_migrates_and_a_start_that_does_not() -> None:
    judged = _only(_render("node dist/main.js"))
    assert judged.status.value == "pass"
    assert "and the release step does" in judged.finding.message


def test_a_start_command_that_migrates() -> None:
    judged = _only(_render("npx prisma migrate deploy && node .", file="render.yaml", line=14))
    assert (judged.status.value, judged.cause, judged.severity.value) == ("fail", "migrates-at-start", "blocker")
    assert judged.finding.message == (
        "shop migrates its database each time it starts: prisma migrate deploy in its start command "
        "(render.yaml, service shop)"
    )
    assert judged.finding.location is not None
    assert (judged.finding.location.path, judged.finding.location.line) == ("render.yaml", 14)
    assert judged.finding.remedy is not None
    assert "preDeployCommand" in str(judged.finding.remedy.changes)


# As the tools' own documentation has people write it.
SHAPES = [
    "npx prisma migrate deploy && npm run start:prod",
    "npx knex migrate:latest --env production && node server.js",
    "npx typeorm migration:run -d dist/data-source.js && node dist/main.js",
    "npx sequelize-cli db:migrate && node app.js",
    "npx drizzle-kit migrate && node dist/index.js",
    "npx mikro-orm migration:up && node dist/main.js",
    "npm run node-pg-migrate up && node .",
    "npx node-pg-migrate up -m migrations && node .",
    "alembic upgrade head && uvicorn app.main:app --host 0.0.0.0",
    "python manage.py migrate --noinput && gunicorn shop.wsgi",
    "bundle exec rails db:migrate && bundle exec puma -C config/puma.rb",
    "./bin/rails db:prepare && ./bin/rails server",
    "flyway -connectRetries=60 migrate && java -jar app.jar",
    "liquibase --changelog-file=changelog.xml update && java -jar app.jar",
    'goose -dir ./migrations postgres "$DATABASE_URL" up && ./server',
    "dbmate --wait up && ./server",
    "sqitch deploy --verify db:pg:shop && ./server",
    '/app/bin/shop eval "Shop.Release.migrate" && /app/bin/shop start',
    "mix ecto.migrate && mix phx.server",
]


@pytest.mark.parametrize("command", SHAPES)
def test_what_the_tools_documentation_shows(command: str) -> None:
    assert "migrates-at-start" in causes(run(CHECK, _render(command)))


@pytest.mark.parametrize("command", SHAPES)
def test_the_same_in_the_release_step_passes(command: str) -> None:
    assert statuses(run(CHECK, _render("node dist/main.js", release=command))) == {"pass"}


def test_an_init_container() -> None:
    init = Start(
        "k8s.yaml, Deployment shop, container migrate", ("npx", "prisma", "migrate", "deploy"), part="init container"
    )
    app = Start("k8s.yaml, Deployment shop, container shop", ("node", "."))
    judged = _only(_world({"kubernetes": {"file": "k8s.yaml"}}, app, init))
    assert (judged.cause, judged.severity.value) == ("init-container", "blocker")
    assert judged.finding.remedy is not None
    assert "pre-upgrade hook" in str(judged.finding.remedy.changes)


@pytest.mark.parametrize(("part", "words"), [("sidecar", "starts with it"), ("hook after the start", "a hook")])
def test_what_starts_beside_it(part: str, words: str) -> None:
    start = Start("compose.yaml, service shop", ("node", "."), part="application")
    other = Start("compose.yaml, service shop", ("alembic", "upgrade", "head"), part=part)
    judged = _only(_world({"compose": {"file": "compose.yaml"}}, start, other))
    assert judged.cause == "migrates-at-start"
    assert words in judged.finding.message


@pytest.mark.parametrize(("release", "found"), [(None, "is empty"), ("npm run build", "does not migrate")])
def test_a_release_step_that_stands_empty(release: str | None, found: str) -> None:
    world = _render("node .", release).beside(**{"package.json": '{"scripts": {"build": "tsc"}}'})
    judged = _only(world)
    assert (judged.cause, judged.severity.value) == ("no-release-step", "warning")
    assert found in judged.finding.message


def test_a_dockerfile_beside_the_gate_is_named_as_what_it_is() -> None:
    start = Start("task definition shop:1, container shop", image="shop:1")
    world = _world({"ecs": {"service": "shop"}}, start)
    clean = _only(world.beside(Dockerfile="FROM node\nCMD node .\n"))
    assert clean.status.value == "pass"
    assert "with Dockerfile as it stands beside the gate" in clean.finding.message
    migrating = _only(world.beside(Dockerfile="FROM node\nCMD npx prisma migrate deploy && node .\n"))
    assert migrating.cause == "migrates-at-start"
    assert "as Dockerfile beside the gate has it" in migrating.finding.message


def test_what_can_not_be_seen_is_an_error_and_no_pass() -> None:
    start = Start("task definition shop:1, container shop", command=("node", "."), image="shop:1")
    judged = _only(_world({"ecs": {"service": "shop"}}, start))
    assert (judged.status.value, judged.cause) == ("error", "not-seen")
    assert "shop:1: the image's entry point was not seen" in judged.finding.message
    assert judged.finding.remedy is not None


def test_a_migration_is_told_even_where_the_rest_is_hidden() -> None:
    start = Start("x, container shop", command=("npx", "prisma", "migrate", "deploy"), image="shop:1")
    assert statuses(run(CHECK, _world({"ecs": {"service": "shop"}}, start))) == {"fail", "error"}


def test_a_source_that_could_not_be_read_is_an_error() -> None:
    denied = Failure(FailureKind.DENIED, "ecs:DescribeServices is denied")
    service = {"name": "shop", "source": [{"ecs": {"service": "shop"}}, RENDER], "migrations": "pre_deploy"}
    world = ready_world().with_gate(services=[service])
    start = Reading("render.yaml", {}, starts=(Start("render.yaml", command="node ."),))
    assert statuses(run(CHECK, world.environment("shop", denied, start))) == {"error"}
    assert statuses(run(CHECK, world.environment("shop", denied, denied))) == {"error"}


def test_offline_what_aws_keeps_is_skipped_and_files_are_looked_at() -> None:
    offline = Failure(FailureKind.OFFLINE, "offline: only local files are asked")
    service = {"name": "shop", "source": {"ecs": {"service": "shop"}}, "migrations": "pre_deploy"}
    world = ready_world().offline().with_gate(services=[service])
    assert statuses(run(CHECK, world.environment("shop", offline))) == {"skip"}
    assert causes(run(CHECK, _render("npx prisma migrate deploy").offline())) == {"migrates-at-start"}


def test_a_service_that_does_not_ask_is_not_looked_at() -> None:
    service = {"name": "shop", "source": RENDER}
    assert run(CHECK, ready_world().with_gate(services=[service])) == []
