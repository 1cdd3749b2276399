"""What a start command does to the database."""

import time
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.release import Migration, Opaque, Sight, look, look_at_procfile, look_at_script, migrations
from sesgate.release.catalogue import EXTRA, TOOLS


def texts(
    command: str | Sequence[str], scripts: dict[str, str] | None = None, files: dict[str, str] | None = None
) -> list[str]:
    return [found.text for found in migrations(command, scripts=scripts, files=files or {})]


MIGRATING = [
    "prisma migrate deploy",
    "npx prisma db push --accept-data-loss",
    "npx --yes prisma@5.1.0 migrate deploy --schema x",
    "npx -p prisma prisma migrate reset -f",
    "knex --knexfile k.js migrate:latest",
    "knex migrate:rollback --all",
    "typeorm migration:run -d dist/source.js",
    "typeorm -d dist/source.js migration:run",
    "npx typeorm-ts-node-commonjs migration:run -d x",
    "ts-node -r tsconfig-paths/register ./node_modules/typeorm/cli.js migration:run",
    "node node_modules/.bin/sequelize db:migrate",
    "npx sequelize-cli db:migrate --env production",
    "drizzle-kit migrate",
    "drizzle-kit push:pg",
    "npx mikro-orm migration:up",
    "npx @mikro-orm/cli migration:up",
    "mikro-orm schema:update --run",
    "node-pg-migrate -m migrations up",
    "db-migrate up -e prod",
    "node umzug.js && umzug up",
    "alembic upgrade head",
    "alembic -c conf/alembic.ini -x a=b upgrade head",
    "python -m alembic upgrade head",
    "python3.11 -u manage.py migrate --noinput",
    "./manage.py migrate",
    "django-admin migrate --settings a.b",
    "flask --app web db upgrade",
    "python -m flask db upgrade",
    "aerich upgrade",
    "bundle exec rails db:migrate",
    "bin/rails db:prepare",
    "rake db:create db:migrate RAILS_ENV=production",
    "ruby bin/rails db:setup",
    "flyway -url=jdbc:postgresql://h/d migrate",
    "liquibase --changeLogFile=x update",
    "./gradlew flywayMigrate",
    "mvn -q flyway:migrate",
    "goose -dir migrations postgres dsn up",
    "goose up",
    "dbmate --url x up",
    "dbmate -e DATABASE_URL migrate",
    "migrate -path db -database dsn up",
    "migrate -source file://db -database=dsn up 2",
    "atlas migrate apply --url x",
    "atlas schema apply -u x",
    "sqitch deploy db:pg:x",
    "mix ecto.migrate",
    "mix do ecto.create, ecto.migrate",
    "bin/app eval 'App.Release.migrate'",
    "/app/bin/app rpc App.Release.migrate",
    "dotnet ef database update --project x",
    "php artisan migrate --force",
    "php bin/console doctrine:migrations:migrate -n",
    "bin/console d:m:m",
    "vendor/bin/phinx migrate -e production",
    "php vendor/bin/phinx migrate",
    "sqlx migrate run --source x",
    "cargo sqlx migrate run",
    "diesel migration run",
    "diesel --database-url x setup",
    "refinery migrate -e DATABASE_URL files",
    "sea-orm-cli migrate",
    "sea-orm-cli migrate -u x up",
    "tern migrate -m db",
    "hasura migrate apply --all-databases",
    "node ace migration:run --force",
    "node dist/scripts/migrate.js",
    "node dist/migrations/run.js",
    "tsx src/db/runMigrations.ts",
    "python -m app.db.migrate",
    "python scripts/run_migrations.py",
    "go run ./cmd/migrate",
    "./bin/migrate",
    "/app/run-migrations.sh",
    "make db-migrate",
    "psql $DATABASE_URL -f db/migrations.sql",
    "yarn db:migrate",
    "npm run migrate",
    "npm --prefix api run db:migrate",
    "sequel -m db/migrations $DATABASE_URL",
    "supabase db push",
]

HARMLESS = [
    "node dist/main.js",
    "prisma generate",
    "prisma studio",
    "prisma migrate status",
    "prisma migrate diff --from-empty",
    "prisma db seed",
    "npx prisma migrate deploy --help",
    "knex migrate:status",
    "knex migrate:make x",
    "typeorm migration:generate x",
    "typeorm migration:show",
    "sequelize db:migrate:status",
    "drizzle-kit generate",
    "drizzle-kit studio",
    "mikro-orm migration:create",
    "mikro-orm schema:update --dump",
    "alembic current",
    "alembic revision -m upgrade",
    "alembic upgrade head --sql",
    "python manage.py migrate --plan",
    "python manage.py showmigrations",
    "python manage.py makemigrations",
    "python manage.py runserver",
    "flask db current",
    "flask run",
    "rails server",
    "rails db:migrate:status",
    "rake db:abort_if_pending_migrations",
    "rails generate migration X",
    "flyway info",
    "flyway validate",
    "goose status",
    "dbmate status",
    "dbmate -e up wait",
    "migrate -path up -database dsn version",
    "atlas migrate lint",
    "atlas migrate apply --dry-run",
    "sqitch status",
    "mix phx.server",
    "bin/app start",
    "bin/app eval App.Seeds.run",
    "dotnet App.dll",
    "dotnet ef migrations add x",
    "php artisan serve",
    "php artisan migrate:status",
    "php artisan make:migration x",
    "bin/console doctrine:migrations:status",
    "bin/console doctrine:schema:update --dump-sql",
    "sqlx migrate info",
    "diesel print-schema",
    "sea-orm-cli migrate status",
    "sea-orm-cli generate entity",
    "hasura migrate status",
    "uvicorn app.main:app --port 8080",
    "gunicorn -w 4 app:app",
    "python -m gunicorn app:app",
    "java -jar app.jar",
    "node dist/wait-for-migrations.js",
    "node packages/migration-service/dist/server.js",
    "echo prisma migrate deploy",
    "printf '%s' 'alembic upgrade head'",
    "psql -c 'select 1'",
    "true",
    "",
]


@pytest.mark.parametrize("command", MIGRATING)
def test_what_migrates(command: str) -> None:
    assert len(migrations(command)) == 1, look(command)
    assert look(command).opaque == ()


@pytest.mark.parametrize("command", HARMLESS)
def test_what_does_not(command: str) -> None:
    assert look(command) == Sight()


@pytest.mark.parametrize("name", sorted(TOOLS))
def test_every_subcommand_of_the_catalogue_is_reached(name: str) -> None:
    tool = TOOLS[name]
    for subcommand in tool.migrating:
        line = [name, *(word for word in subcommand if word != "$")]
        assert [found.tool for found in migrations(line)] == [tool.name], line
        assert migrations([*line, "--help"]) == ()
        for flag in tool.dry:
            assert migrations([*line, flag]) == ()


def test_subcommands_that_need_an_option() -> None:
    for extra in EXTRA:
        for subcommand in extra.migrating:
            line = [extra.name, *(word for word in subcommand if word != "$")]
            assert migrations(line) == ()
            for option in extra.only_with:
                assert [found.tool for found in migrations([*line, option])] == [extra.name]


WRAPPERS = [
    "exec {}",
    "sh -c '{}'",
    "bash -euo pipefail -c '{}'",
    "bash -lc '{}'",
    "/bin/sh -c 'exec {}'",
    "FOO=bar BAZ=1 {}",
    "env -u X FOO=bar {}",
    "npx {}",
    "npx --yes {}",
    "npm exec -- {}",
    "npx -c '{}'",
    "pnpm exec {}",
    "pnpm dlx {}",
    "pnpm {}",
    "yarn {}",
    "yarn dlx {}",
    "bunx {}",
    "bun x {}",
    "corepack pnpm exec {}",
    "poetry run {}",
    "pipenv run {}",
    "uv run --frozen --with x {}",
    "pdm run {}",
    "conda run -n app {}",
    "bundle exec {}",
    "node_modules/.bin/{}",
    "./node_modules/.bin/{}",
    "$(npm bin)/{}",
    "dumb-init -- {}",
    "/usr/bin/dumb-init {}",
    "tini -g -- {}",
    "/sbin/tini -- {}",
    "dotenv -- {}",
    "dotenv -e .env.production -- {}",
    "dotenv -f .env run {}",
    "cross-env NODE_ENV=production {}",
    "cross-env-shell NODE_ENV=production '{}'",
    "env-cmd -f .env {}",
    "env-cmd .env {}",
    "concurrently '{}' 'node .'",
    "concurrently -k -n a,b -c red,blue 'node .' '{}'",
    "wait-for-it.sh db:5432 -t 30 -- {}",
    "./wait-for db:5432 -- {}",
    "dockerize -wait tcp://db:5432 -timeout 60s {}",
    "timeout 60 {}",
    "timeout -k 5 60s {}",
    "nice -n 10 {}",
    "sudo -E -u app {}",
    "su-exec node {}",
    "gosu app:app {}",
    "doppler run -- {}",
    "aws-vault exec prod -- {}",
    "chamber exec api/prod -- {}",
    "newrelic-admin run-program {}",
    "ddtrace-run {}",
    "opentelemetry-instrument --traces_exporter otlp {}",
    "su - app -c '{}'",
    "nodemon --exec '{}'",
    "pm2-runtime start npx -- {}",
    "{} && node .",
    "{} || true; node .",
    "node . & {}",
    'test -n "$X" && {}',
    'if [ "$MIGRATE" = 1 ]; then {}; fi',
    "until {}; do sleep 1; done",
    "migrate() { {}; }; migrate",
    "(cd api && {})",
    "result=$({})",
    'echo "$({})"',
    "bash <<EOF\n{}\nEOF\n",
    "eval '{}'",
    "CMD='{}'; $CMD",
    "${MIGRATE:-{}}",
]


@pytest.mark.parametrize("wrapper", WRAPPERS)
def test_wrappers(wrapper: str) -> None:
    found = migrations(wrapper.replace("{}", "prisma migrate deploy"), scripts={})
    assert [each.text for each in found] == ["prisma migrate deploy"]


STACKABLE = [
    *("exec {}", "FOO=bar {}", "npx {}", "pnpm exec {}", "dumb-init -- {}", "tini -- {}", "timeout 60 {}", "nice {}"),
    *(
        "sudo -u app {}",
        "poetry run {}",
        "bundle exec {}",
        "cross-env A=b {}",
        "dotenv -- {}",
        "env {}",
        "su-exec a {}",
    ),
]


@given(st.lists(st.sampled_from(STACKABLE), max_size=8), st.sampled_from(["alembic upgrade head", "rails db:migrate"]))
def test_wrappers_within_wrappers(wrappers: list[str], command: str) -> None:
    line = command
    for wrapper in wrappers:
        line = wrapper.replace("{}", line)
    assert len(migrations(line)) == 1
    assert migrations(["sh", "-c", line]) == migrations(line)


def test_words_are_no_line() -> None:
    assert texts(["npx", "prisma", "migrate", "deploy"]) == ["prisma migrate deploy"]
    assert texts(["echo", "&&", "prisma", "migrate", "deploy"]) == []
    assert texts(["npx prisma migrate deploy && node ."]) == ["prisma migrate deploy"]
    assert look([]) == Sight()


SCRIPTS = {
    "prestart": "npm run db:migrate",
    "start": "node dist/main.js",
    "poststart": "knex migrate:latest",
    "db:migrate": "prisma migrate deploy",
    "predb:migrate": "prisma generate",
    "start:prod": "run-s db:* serve",
    "serve": "node .",
    "typeorm": "ts-node ./node_modules/typeorm/cli.js",
    "a": "npm run b",
    "b": "npm run a && drizzle-kit push",
    "postinstall": "sequelize db:migrate",
    "migrate": "node dist/tool.js",
    "migrate:status": "node dist/tool.js status",
}


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("npm start", [("prisma", "npm start → prestart → npm run db:migrate"), ("knex", "npm start → poststart")]),
        (
            "npm run start --silent",
            [("prisma", "npm start → prestart → npm run db:migrate"), ("knex", "npm start → poststart")],
        ),
        ("yarn start", [("prisma", "yarn start → prestart → npm run db:migrate"), ("knex", "yarn start → poststart")]),
        ("pnpm db:migrate", [("prisma", "pnpm run db:migrate")]),
        ("bun run db:migrate", [("prisma", "bun run db:migrate")]),
        ("yarn run db:migrate", [("prisma", "yarn run db:migrate")]),
        ("npm db:migrate", []),
        ("npm run serve", []),
        ("npm run start:prod", [("prisma", "npm run start:prod → npm run db:migrate")]),
        ("npm run typeorm -- migration:run -d x", [("typeorm", "npm run typeorm")]),
        ("yarn typeorm migration:run", [("typeorm", "yarn run typeorm")]),
        ("npm run typeorm migration:show", []),
        ("npm run a", [("drizzle-kit", "npm run a → npm run b")]),
        ("npm ci && node .", [("sequelize", "npm install → postinstall")]),
        ("yarn", [("sequelize", "yarn install → postinstall")]),
        ("npm run migrate", [("script", "")]),
        ("npm run migrate:status", []),
        ("npm run missing", []),
        ("yarn prisma migrate deploy", [("prisma", "")]),
        ("concurrently npm:db:migrate 'npm:serve'", [("prisma", "npm run db:migrate")]),
        ("npm-run-all --parallel serve db:migrate", [("prisma", "npm run db:migrate")]),
        ("pm2-runtime start npm -- run db:migrate", [("prisma", "npm run db:migrate")]),
    ],
)
def test_scripts_of_package_json(command: str, expected: list[tuple[str, str]]) -> None:
    found = look(command, scripts=SCRIPTS)
    assert [(each.tool, each.how) for each in found.migrations] == expected
    assert found.opaque == ()


@pytest.mark.parametrize(
    ("command", "text", "why"),
    [
        ("npm start", "npm start", "package.json was not seen"),
        ("yarn serve", "yarn run serve", "package.json was not seen"),
        ("node --run serve", "node --run serve", "package.json was not seen"),
        ("npm start -w api", "npm start", "the package.json of another package was not seen"),
        ("npm -w api start", "npm start", "the package.json of another package was not seen"),
        ("pnpm --filter api start", "pnpm start", "the package.json of another package was not seen"),
        ("yarn workspace api start", "yarn workspace api start", "the package.json of another package was not seen"),
        ("npm --prefix=api start -- --token=x", "npm start", "the package.json of another package was not seen"),
        ("./start.sh", "start.sh", "the script was not seen"),
        ("sh scripts/boot", "boot", "the script was not seen"),
        (". ./env.sh", "env.sh", "the script was not seen"),
        ("/entrypoint", "entrypoint", "the script was not seen"),
        ("docker-entrypoint.sh node .", "docker-entrypoint.sh", "the script was not seen"),
        ("$START_COMMAND", "$START_COMMAND", "the command is in a variable"),
        ("${CMD%%x} secret", "$CMD", "the command is in a variable"),
        ("make start", "make", "the Makefile was not seen"),
        ("turbo run start", "turbo", "the package.json of the workspaces was not seen"),
        ("foreman start", "foreman", "the Procfile was not seen"),
        ("pm2-runtime ecosystem.config.js", "ecosystem.config.js", "the configuration of pm2-runtime was not seen"),
    ],
)
def test_what_cannot_be_seen(command: str, text: str, why: str) -> None:
    assert look(command) == Sight((), (Opaque(text, why),))


def test_scripts_whose_text_is_known() -> None:
    files = {"scripts/start.sh": 'set -e\n./db.sh\nexec "$@"', "scripts/db.sh": "npx prisma migrate deploy"}
    assert look("/app/start.sh node .", files=files) == Sight(
        (Migration("prisma", "prisma migrate deploy", "start.sh → db.sh"),)
    )
    assert texts("bash scripts/start.sh rails db:migrate", files=files) == ["prisma migrate deploy", "rails db:migrate"]
    assert look("./start.sh", files={"start.sh": "./start.sh"}) == Sight()
    assert look("./start.sh", files={"a/start.sh": "x", "b/start.sh": "y"}).opaque[0].text == "start.sh"
    assert texts("./migrate.sh", files={"migrate.sh": "curl -X POST http://db/up"}) == ["migrate.sh"]


SCRIPT = """\
#!/bin/sh
set -e
# npx prisma migrate deploy
echo "to migrate: rails db:migrate"
cat <<EOF
alembic upgrade head
EOF
wait_for_db() {
  until pg_isready; do sleep 1; done
}
wait_for_db
if [ "$RUN_MIGRATIONS" = "true" ]; then
  flask \\
    db upgrade
fi
exec "$@"
"""


def test_an_entry_point() -> None:
    assert look_at_script(SCRIPT, arguments=["npm", "run", "db:migrate"], scripts=SCRIPTS) == Sight(
        (
            Migration("flask", "flask db upgrade"),
            Migration("prisma", "prisma migrate deploy", "npm run db:migrate"),
        )
    )
    assert look_at_script(SCRIPT).opaque == ()


def test_a_procfile() -> None:
    text = "release: rails db:migrate\nweb: bundle exec puma\n# x\nworker: rake db:migrate && sidekiq\n"
    assert look_at_procfile(text, process="web") == Sight()
    assert [each.text for each in look_at_procfile(text).migrations] == ["rake db:migrate"]
    assert look_at_procfile(text, process="clock").opaque == (Opaque("clock", "the Procfile has no such process"),)


@pytest.mark.parametrize(
    "command",
    [
        "migrate -path x -database postgres://u:hunter2@h/d up",
        "PGPASSWORD=hunter2 flyway -password=hunter2 migrate",
        "${CMD:-hunter2}",
        "$CMD hunter2",
        "${X%hunter2}",
        "bin/app eval 'migrate(\"hunter2\")'",
        "npm --prefix x run y -- hunter2",
        "yarn workspace x y --p hunter2",
        "./start.sh hunter2",
    ],
)
def test_arguments_are_not_told(command: str) -> None:
    assert "hunter2" not in repr(look(command)) or command.startswith("${CMD:-")


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*MIGRATING, *HARMLESS, *WRAPPERS, "&&", "'", "$("]), max_size=4).map(" ".join)
)
def test_any_command_is_looked_at(command: str) -> None:
    for scripts in (None, SCRIPTS):
        found = look(command, scripts=scripts, files={"start.sh": command})
        told: tuple[Migration | Opaque, ...] = (*found.migrations, *found.opaque)
        for each in told:
            assert len(each.text) <= 80
            assert "\n" not in each.text


def test_scripts_that_call_each_other_exponentially() -> None:
    scripts = {f"s{at}": f"npm run s{at + 1} && npm run s{at + 1}" for at in range(60)}
    started = time.thread_time()
    found = look("npm run s0", scripts=scripts)
    assert time.thread_time() - started < 3.0
    assert found.opaque


@pytest.mark.parametrize(
    "command",
    [
        "python - <<EOF\nimport os\nos.system('alembic upgrade head')\nEOF",
        "python -W ignore -c 'import app; app.run_migrations()'",
        """python -c 'from django.core.management import call_command; call_command("migrate")'""",
        "node -e \"require('./db').migrate()\"",
        "php -r 'migrate();'",
        "ruby -r ./app -e 'Db.migrate()'",
        "uv run migrate",
        "poetry run run-migrations",
        "hatch run prod:migrate",
        "myapp-migrate",
    ],
)
def test_code_and_scripts_that_say_what_they_do(command: str) -> None:
    assert len(migrations(command, scripts={})) == 1


@pytest.mark.parametrize(
    "command",
    [
        "python -c 'print(1)'",
        "python -c 'import app; app.check_migrations(); app.makemigrations()'",
        "node -r ./migrations.js server.js",
        "python - <<EOF\n# no migrations here\nprint(1)\nEOF",
        "uv run gunicorn app:app",
        "wait-for-migrations",
    ],
)
def test_code_that_migrates_nothing(command: str) -> None:
    assert look(command, scripts={}) == Sight()


def test_a_script_of_a_python_project_that_is_not_seen() -> None:
    [opaque] = look("pdm run start").opaque
    assert (opaque.text, opaque.why) == ("pdm run start", "pyproject.toml was not seen")


@pytest.mark.parametrize(
    ("manager", "command", "told"),
    [
        ("yarn@4.5.0", "yarn start", []),
        ("yarn@1.22.22", "yarn start", ["prisma db push"]),
        (None, "yarn start", ["prisma db push"]),
        ("yarn@4.5.0", "npm start", ["prisma db push"]),
        ("pnpm@9.0.0", "pnpm start", ["prisma db push"]),
    ],
)
def test_yarn_since_its_second_version_runs_nothing_before_a_script(
    manager: str | None, command: str, told: list[str]
) -> None:
    scripts = {"start": "node .", "prestart": "prisma db push"}
    assert [found.text for found in look(command, scripts=scripts, manager=manager).migrations] == told


@pytest.mark.parametrize(
    "command",
    [
        "/app/server --auto-migrate serve",
        "/app/server migrate up",
        "./cli db migrate",
        "node dist/main.js --run-migrations=true",
        "python app.py --migrate",
        "keystone start --with-migrations",
        "java -jar app.jar --migrate-on-startup",
    ],
)
def test_options_that_migrate(command: str) -> None:
    assert len(migrations(command, scripts={})) == 1


@pytest.mark.parametrize(
    "command",
    [
        "/app/server",
        "/app/web serve",
        "/app/server migrate:status",
        "echo migrate",
        "/app/server --skip-migrations",
        "/app/server --migrations-path=/m --migration-timeout 5",
        "/app/server --migrate=false",
        "/app/server --auto-migrate false",
        "prisma generate --migrate",
    ],
)
def test_options_that_do_not(command: str) -> None:
    assert look(command, scripts={}) == Sight()
