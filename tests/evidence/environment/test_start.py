"""What is told of a service's start: migrations and what was not seen, with the files beside the gate."""

import json
from typing import Any

import pytest

from sesgate.evidence import Failure, FailureKind, NotSeen
from sesgate.evidence.environment.found import Reading, Start
from sesgate.evidence.environment.merging import Read
from sesgate.evidence.environment.start import answer_start
from sesgate.evidence.environment.start_files import Nearby
from tests.evidence.environment.reaching import Given

PACKAGE = json.dumps({"scripts": {"start": "node .", "prestart": "prisma migrate deploy", "serve": "node ."}})


def _ask(*read: tuple[str, Read], **files: str) -> dict[str, Any]:
    named = {name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()}
    return answer_start(read, Given(files=named))


def _start(kind: str = "ecs", files: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    read = Reading("here", {}, starts=(Start("here", **fields),))
    [fact] = answer_start([(kind, read)], Given(files=files or {}))["starts"]
    assert isinstance(fact, dict)
    return fact


def _migrations(fact: dict[str, Any]) -> list[str]:
    return [f"{each['how']}: {each['text']}" if each["how"] else each["text"] for each in fact["migrations"]]


def _opaque(fact: dict[str, Any]) -> list[str]:
    return [f"{each['text']}: {each['why']}" for each in fact["opaque"]]


def test_what_a_platform_says_itself() -> None:
    fact = _start(entrypoint=("sh", "-c"), command=("npx prisma migrate deploy && node .",))
    assert _migrations(fact) == ["prisma migrate deploy"]
    assert _opaque(fact) == []


def test_arguments_never_leave() -> None:
    url = "postgres://app:s3cr3t-Value-92@db/app"
    fact = _start(entrypoint=("sh", "-c", f"DB={url} dbmate --url {url} up; s3cr3tValue92aB/start.sh; $S3CR3T"))
    assert "s3cr3t" not in json.dumps(fact)
    assert _migrations(fact) == ["dbmate up"]


def test_npm_start_as_npm_resolves_it() -> None:
    fact = _start("render", {"srv/package.json": PACKAGE}, command="npm start", context="srv")
    assert _migrations(fact) == ["npm start → prestart: prisma migrate deploy"]
    assert _migrations(_start("render", {"srv/package.json": PACKAGE}, command="npm run serve", context="srv")) == []


def test_a_package_that_is_not_there_is_not_seen() -> None:
    assert _opaque(_start("render", command="npm start")) == ["npm start: package.json was not seen"]
    assert _opaque(_start("render", {"package.json": "{"}, command="npm start")) == [
        "npm start: package.json was not seen"
    ]


def test_an_entry_point_script_beside_the_gate() -> None:
    script = '#!/bin/sh\nset -e\n. ./scripts/env.sh\nexec "$@"\n'
    files = {"docker-entrypoint.sh": script, "scripts/env.sh": "alembic upgrade head"}
    fact = _start(files=files, entrypoint=("/app/docker-entrypoint.sh",), command=("gunicorn", "app:app"))
    assert _migrations(fact) == ["docker-entrypoint.sh → env.sh: alembic upgrade"]
    assert _opaque(fact) == []


def test_a_script_where_the_dockerfile_takes_it_from() -> None:
    dockerfile = 'FROM python:3.13\nCOPY deploy/boot.sh /usr/local/bin/boot\nENTRYPOINT ["/usr/local/bin/boot"]\n'
    files = {"Dockerfile": dockerfile, "deploy/boot.sh": 'python manage.py migrate && exec "$@"'}
    assert _migrations(_start("compose", files, dockerfile="Dockerfile", context=".")) == ["boot: manage.py migrate"]
    assert _migrations(_start("ecs", files, entrypoint=("boot",), image="x")) == ["boot: manage.py migrate"]


def test_scripts_outside_the_folder_are_not_read() -> None:
    fact = _start(files={"../x.sh": "prisma migrate deploy"}, entrypoint=("../x.sh",))
    assert _opaque(fact) == ["x.sh: the script was not seen"]


def test_an_image_from_elsewhere_takes_the_dockerfile_beside_the_gate() -> None:
    files = {"Dockerfile": "FROM node:22\n\nCMD npx knex migrate:latest && node .\n"}
    fact = _start(files=files, image="111122223333.dkr.ecr.ap-southeast-1.amazonaws.com/api:42")
    assert _migrations(fact) == ["knex migrate:latest"]
    assert (fact["assumed"], fact["file"], fact["line"]) == ("Dockerfile", "Dockerfile", 3)


def test_an_image_that_nothing_tells_of() -> None:
    image = "111122223333.dkr.ecr.ap-southeast-1.amazonaws.com/api:42"
    assert _opaque(_start(image=image)) == ["api:42: the image's own start command was not seen"]
    assert _opaque(_start(image=image, command=("node", "."))) == ["api:42: the image's entry point was not seen"]
    assert _opaque(_start(image=image, entrypoint=("node", "."))) == []
    assert _opaque(_start("apprunner", image=image, command="node .")) == [
        "api:42: the image's entry point was not seen"
    ]
    assert _opaque(_start("apprunner", command="node .")) == []


def test_a_dockerfile_that_is_named_and_not_there() -> None:
    assert _opaque(_start("compose", dockerfile="app/Dockerfile", context="app")) == [
        "app/Dockerfile: this Dockerfile is not there"
    ]


def test_a_stage_and_a_dockerfile_within_a_compose_file() -> None:
    text = "FROM node AS api\nCMD node .\nFROM api AS migrate\nCMD npx sequelize db:migrate\n"
    assert _migrations(_start("compose", {"Dockerfile": text}, dockerfile="Dockerfile", build_target="api")) == []
    assert _migrations(_start("compose", dockerfile_text=text)) == ["sequelize db:migrate"]
    missing = _start("compose", {"Dockerfile": text}, dockerfile="Dockerfile", build_target="web")
    assert _opaque(missing) == ["web: the Dockerfile has no such stage"]


@pytest.mark.parametrize(
    ("command", "release"),
    [(None, "unset"), ("npx prisma migrate deploy", "migrates"), ("echo", "other"), ("./release.sh", "unseen")],
)
def test_the_release_step(command: str | None, release: str) -> None:
    fact = _start("render", command="node .", release_step=True, release_command=command)
    assert fact["release"] == release
    assert _migrations(fact) == []


def test_init_containers_by_what_they_run_and_by_name() -> None:
    init = Start("x, container db-migrate", part="init container", image="tools:1")
    other = Start("x, container wait", part="init container", image="busybox")
    facts = _ask(("kubernetes", Reading("x", {}, starts=(init, other))))["starts"]
    assert (_migrations(facts[0]), _opaque(facts[0])) == (["db-migrate"], [])
    assert _opaque(facts[1]) == ["busybox: the image's own start command was not seen"]


def test_code_of_lambda_is_started_by_nothing() -> None:
    [fact] = _ask(("lambda", Reading("Lambda function mailer", {})))["starts"]
    assert (fact["migrations"], fact["opaque"], fact["platform"]) == ([], [], "lambda")


def test_without_a_platform_the_files_tell() -> None:
    dotenv = ("dotenv", Reading(".env", {}))
    procfile = "release: rake db:migrate\nweb: bundle exec puma\nworker: rake db:migrate work\n"
    web, worker = _ask(dotenv, Procfile=procfile)["starts"]
    assert (_migrations(web), web["release"], web["platform"]) == ([], "migrates", "heroku")
    assert _migrations(worker) == ["rake db:migrate"]
    assert (worker["file"], worker["line"]) == ("Procfile", 3)
    [built] = _ask(dotenv, Dockerfile="FROM x\nCMD goose up\n")["starts"]
    assert _migrations(built) == ["goose up"]
    [package] = _ask(dotenv, package_dot_json=PACKAGE)["starts"]
    assert _migrations(package) == ["npm start → prestart: prisma migrate deploy"]
    with pytest.raises(NotSeen, match="nothing tells how it starts"):
        _ask(dotenv)


def test_what_the_repository_of_app_runner_says() -> None:
    left = ("apprunner", Reading("App Runner service api", {}, unseen=("api is configured in its repository",)))
    text = "version: 1.0\nrun:\n  pre-run:\n    - npx prisma migrate deploy\n  command: node .\n"
    before, command = _ask(left, apprunner_dot_yaml=text)["starts"]
    assert (_migrations(before), before["line"], _migrations(command)) == (["prisma migrate deploy"], 4, [])
    with pytest.raises(NotSeen, match=r"configured in its repository; there is no file apprunner\.yaml"):
        _ask(left, Procfile="web: node .")


def test_a_source_that_could_not_be_read() -> None:
    denied = Failure(FailureKind.DENIED, "ecs:DescribeServices is denied")
    with pytest.raises(NotSeen, match="ecs:DescribeServices"):
        _ask(("ecs", denied), ("dotenv", Reading(".env", {})), Procfile="web: node .")
    start = Reading("x", {}, starts=(Start("x", command="node ."),))
    assert _ask(("ecs", denied), ("render", start))["unseen"] == ["ecs:DescribeServices is denied"]
    assert _ask(("ssm", denied), ("render", start))["unseen"] == []


def test_scripts_without_end_are_bounded() -> None:
    files = {f"{number}.sh": "\n".join(f"./{other}.sh" for other in range(200)) for number in range(200)}
    fact = _start(files=files, entrypoint=("./0.sh",))
    assert 0 < len(fact["opaque"]) <= 20


@pytest.mark.parametrize("text", ["a" * 250_000, "a/" * 125_000, "a." * 125_000, "./" * 125_000, "a.sh" * 60_000])
def test_a_long_script_is_searched_in_one_go(text: str) -> None:
    assert Nearby(".", Given()).scripts([text]) == {}


@pytest.mark.parametrize(
    "command",
    [
        "npm start -w api",
        "npm run start --workspace=api",
        "npm --prefix apps/api start",
        "yarn workspace @biz/api start",
        "yarn --cwd apps/api start",
        "pnpm --filter @biz/api start",
        "pnpm --filter ./apps/api run start",
        "bun --filter api start",
        "node --run serve",
    ],
)
def test_other_packages_of_the_workspace_are_looked_into(command: str) -> None:
    api = {"name": "@biz/api", "scripts": {"start": "./boot.sh", "migrate": "prisma migrate deploy"}}
    files = {
        "package.json": json.dumps({"scripts": {"start": "node .", "serve": "npm start -w api"}}),
        "apps/api/package.json": json.dumps(api),
        "apps/api/boot.sh": "npm run migrate\nnode .\n",
        "boot.sh": "node .\n",
    }
    fact = _start(kind="render", files=files, command=command, context=".")
    assert [each["text"] for each in fact["migrations"]] == ["prisma migrate deploy"]
    assert _opaque(fact) == []


@pytest.mark.parametrize(
    "command",
    [
        "npm start -w other",
        "pnpm --filter ...api start",
        "pnpm -r start",
        "npm --prefix ../api start",
        "npm start -w evil",
    ],
)
def test_packages_that_can_not_be_told_are_not_seen(command: str) -> None:
    files = {
        "package.json": json.dumps({"scripts": {"start": "node ."}}),
        "apps/api/package.json": json.dumps({"name": "api", "scripts": {"start": "node ."}}),
        "apps/evil/package.json": json.dumps({"name": "good", "scripts": {"start": "node ."}}),
        "../api/package.json": json.dumps({"scripts": {"start": "node ."}}),
    }
    assert _opaque(_start(kind="render", files=files, command=command, context="."))


def test_a_package_that_calls_itself_comes_to_an_end() -> None:
    api = {"name": "api", "scripts": {"start": "npm start -w api && yarn workspace api start"}}
    files = {"package.json": "{}", "api/package.json": json.dumps(api)}
    assert _start(kind="render", files=files, command="npm start -w api", context=".")["migrations"] == []


MONOREPO = {
    "package.json": json.dumps({"scripts": {"start": "node ."}}),
    "boot.sh": "node .\n",
    "apps/api/package.json": json.dumps({"name": "api", "scripts": {"start": "./boot.sh", "other": "node ."}}),
    "apps/api/boot.sh": "prisma migrate deploy\nnode .\n",
}


@pytest.mark.parametrize(
    "command",
    [
        "cd apps/api && npm start",
        "cd apps && cd api && npm start",
        "cd ./apps/api/; npm start",
        "cd /app/apps/api && exec npm start",
        "pushd apps/api && npm start",
        "sh -c 'cd apps/api && npm start'",
        "cd apps/api && npm run other && cd ../.. && npm start -w api",
    ],
)
def test_the_folder_that_a_command_enters_counts(command: str) -> None:
    fact = _start(kind="render", files=MONOREPO, command=command, context=".")
    assert [each["text"] for each in fact["migrations"]] == ["prisma migrate deploy"]
    assert _opaque(fact) == []


@pytest.mark.parametrize(
    "command",
    [
        "cd /app && npm start",
        'cd "$(dirname "$0")" && npm start',
        "cd apps/api && cd ../.. && npm start",
        "sh -c 'cd apps/api' && npm start",
        "cd && npm start",
    ],
)
def test_the_working_folder_itself(command: str) -> None:
    fact = _start(kind="render", files=MONOREPO, command=command, context=".")
    assert (fact["migrations"], fact["opaque"]) == ([], [])


def test_a_folder_whose_package_is_not_there_is_not_seen() -> None:
    fact = _start(kind="render", files=MONOREPO, command="cd apps/web && npm start", context=".")
    assert _opaque(fact) == ["npm start of apps/web: package.json was not seen"]


@pytest.mark.parametrize(
    ("kind", "lines", "fields"),
    [
        ("compose", "WORKDIR /app\nCOPY . .\nWORKDIR apps/api\nCMD npm start", {}),
        ("compose", "WORKDIR /srv\nCOPY apps/api .\nCMD npm start", {}),
        ("compose", "WORKDIR /app\nCOPY . .", {"folder": "apps/api", "command": ("npm", "start")}),
        ("ecs", "WORKDIR /app\nCOPY . .", {"folder": "/app/apps/api", "command": ("npm", "start")}),
        ("kubernetes", "", {"folder": "/app/apps/api", "entrypoint": ("npm", "start")}),
    ],
)
def test_the_package_of_the_images_working_folder_counts(kind: str, lines: str, fields: dict[str, Any]) -> None:
    files = {**MONOREPO, **({"Dockerfile": f"FROM node\n{lines}\n"} if lines else {})}
    where = {"dockerfile": "Dockerfile", "context": "."} if kind == "compose" else {}
    fact = _start(kind, files, **where, **fields)
    assert [each["text"] for each in fact["migrations"]] == ["prisma migrate deploy"]
    assert _opaque(fact) == []
