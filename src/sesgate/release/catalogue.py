"""The tools that migrate databases: which of their subcommands change a schema; all others do not.

Sources: the tools' own command-line references.
"""

from collections.abc import Sequence

from msgspec import Struct

_END = "$"
"""In a subcommand: nothing may follow. With `anywhere` it holds for whatever is there."""


class Tool(Struct, frozen=True):
    """One tool. `migrating` are its subcommands that migrate, each as words; an empty one is the bare command.

    `valued` are the options that take the next word. With `anywhere` the subcommand may stand behind other words.
    `dry` are the options that keep it from doing anything; `only_with` are those without which it does nothing.
    """

    name: str
    migrating: tuple[tuple[str, ...], ...]
    valued: frozenset[str] = frozenset()
    anywhere: bool = False
    dry: frozenset[str] = frozenset()
    only_with: frozenset[str] = frozenset()

    def migrates(self, arguments: Sequence[str]) -> str | None:
        """The subcommand that migrates, None where these arguments do not."""
        if self.dry.intersection(arguments) or "--help" in arguments:
            return None
        if self.only_with and not self.only_with.intersection(arguments):
            return None
        words = without_options(arguments, self.valued)
        for start in range(len(words) + 1) if self.anywhere else (0,):
            for subcommand in self.migrating:
                if _matches(subcommand, words[start:]):
                    return " ".join(word for word in subcommand if word != _END)
        return None


def without_options(arguments: Sequence[str], valued: frozenset[str]) -> list[str]:
    """The words that are neither options nor their values."""
    words: list[str] = []
    skips = False
    for argument in arguments:
        if skips:
            skips = False
        elif argument.startswith("-") and len(argument) > 1:
            skips = argument in valued
        else:
            words.append(argument)
    return words


def _matches(subcommand: tuple[str, ...], words: list[str]) -> bool:
    for index, part in enumerate(subcommand):
        if part == _END:
            return index == len(words)
        if index >= len(words) or words[index] != part:
            return False
    return True


def _tool(
    names: str,
    *subcommands: str,
    valued: str = "",
    anywhere: bool = False,
    dry: str = "",
    only_with: str = "",
) -> dict[str, Tool]:
    """A tool under all its names, the first of which is told."""
    first, *_ = all_names = names.split()
    migrating = tuple(tuple(subcommand.split()) for subcommand in subcommands)
    sets = (frozenset(text.split()) for text in (valued, dry, only_with))
    values, drying, needing = sets
    tool = Tool(first, migrating, values, anywhere, drying, needing)
    return dict.fromkeys(all_names, tool)


_RAKE = (
    *("db:migrate", "db:migrate:up", "db:migrate:down", "db:migrate:redo", "db:migrate:reset", "db:migrate:with_data"),
    *("db:prepare", "db:setup", "db:reset", "db:rollback", "db:schema:load", "db:structure:load", "data:migrate"),
    *("db:schema:load:with_data", "sequel:migrate", "mongoid:migrate"),
)
_PRISMA = ("prisma migrate deploy", "prisma migrate dev", "prisma migrate reset", "prisma db push")

TOOLS: dict[str, Tool] = {
    # JavaScript and TypeScript
    **_tool("prisma", "migrate deploy", "migrate dev", "migrate reset", "db push", valued="--schema --config"),
    **_tool("zenstack zen", "migrate deploy", "migrate dev", "migrate reset", "db push", valued="--schema"),
    **_tool("redwood rw @redwoodjs/cli", *_PRISMA, "data-migrate up", "dataMigrate up", "dm up"),
    **_tool("blitz", *_PRISMA),
    **_tool("keystone", "migrate deploy", "migrate apply", *_PRISMA),
    **_tool(
        "knex",
        *("migrate:latest", "migrate:up", "migrate:down", "migrate:rollback", "migrate:currentVersion up"),
        valued="--knexfile --knexpath --cwd --client --connection --migrations-directory --env",
    ),
    **_tool(
        "typeorm typeorm-ts-node-commonjs typeorm-ts-node-esm",
        *("migration:run", "migrations:run", "migration:revert", "schema:sync", "schema:drop"),
        anywhere=True,
    ),
    **_tool(
        "sequelize sequelize-cli @sequelize/cli",
        *("db:migrate", "db:migrate:undo", "db:migrate:undo:all", "db:migrate:schema:timestamps:add"),
        anywhere=True,
    ),
    **_tool("drizzle-kit", "migrate", "push", "push:pg", "push:mysql", "push:sqlite", valued="--config"),
    **_tool(
        "mikro-orm @mikro-orm/cli mikro-orm-esm",
        *("migration:up", "migration:down", "migration:fresh"),
        valued="--config --contextName",
    ),
    **_tool(
        "node-pg-migrate",
        *("up", "down", "redo"),
        valued="-m --migrations-dir -d --database-url-var -s --schema -t --migrations-table -f --config-file -j",
    ),
    **_tool("db-migrate", "up", "down", "reset", valued="-e --env -m --migrations-dir --config -c --count -t --table"),
    **_tool("umzug", "up", "down", anywhere=True),
    **_tool("migrate-mongo", "up", "down", valued="-f --file"),
    **_tool("kysely kysely-ctl", "migrate latest", "migrate up", "migrate down", "migrate rollback", "migrate:latest"),
    **_tool("graphile-migrate", "migrate", "reset", "watch"),
    **_tool("postgrator postgrator-cli", "$", anywhere=True),
    **_tool("directus", "bootstrap", "database migrate:latest", "database migrate:up", "database install"),
    **_tool("payload", "migrate", "migrate:up", "migrate:fresh", "migrate:refresh", "migrate:reset", "migrate:down"),
    **_tool("medusa @medusajs/cli", "db:migrate", "db:setup", "migrations run"),
    **_tool("ace", "migration:run", "migration:fresh", "migration:refresh", "migration:rollback", "migration:reset"),
    **_tool("supabase", "db push", "db reset", "migration up", valued="--db-url --workdir", dry="--dry-run"),
    **_tool("wrangler", "d1 migrations apply"),
    # Python
    **_tool("alembic", "upgrade", "downgrade", valued="-c --config -n --name -x", dry="--sql"),
    **_tool(
        "django manage.py django-admin",
        *("migrate", "migrate_schemas", "syncdb"),
        valued="--settings --pythonpath",
        dry="--plan --check",
    ),
    **_tool("flask", "db upgrade", "db downgrade", valued="--app -A --env-file -e", dry="--sql"),
    **_tool("aerich", "upgrade", "downgrade", "init-db", valued="-c --config --app"),
    **_tool("yoyo yoyo-migrate", "apply", "reapply", "rollback", "develop", anywhere=True),
    **_tool("piccolo", "migrations forwards", "migrations backwards"),
    **_tool("airflow", "db migrate", "db upgrade", "db init"),
    **_tool("superset", "db upgrade"),
    # Ruby, Elixir, PHP
    **_tool("rails rake", *_RAKE, valued="-f --rakefile -e --environment", anywhere=True),
    **_tool("hanami", "db migrate", "db prepare"),
    **_tool(
        "mix",
        *("ecto.migrate", "ecto.setup", "ecto.reset", "ecto.rollback", "ecto.load", "ash.migrate", "ash.setup"),
        anywhere=True,
    ),
    **_tool(
        "artisan",
        *("migrate", "migrate:fresh", "migrate:refresh", "migrate:reset", "migrate:rollback", "migrate:install"),
        "tenants:migrate",
        dry="--pretend",
    ),
    **_tool(
        "console",
        *("doctrine:migrations:migrate", "d:m:m", "doctrine:migrations:execute", "doctrine:schema:create"),
        dry="--dry-run --write-sql",
    ),
    **_tool("doctrine-migrations", "migrate", "migrations:migrate", "execute", "migrations:execute", dry="--dry-run"),
    **_tool("phinx", "migrate", "rollback", valued="-c --configuration -e --environment -p", dry="--dry-run -x"),
    **_tool("yii", "migrate", "migrate/up", "migrate/down", "migrate/fresh"),
    **_tool("cake", "migrations migrate", "migrations rollback"),
    **_tool("spark", "migrate", "migrate:refresh", "migrate:rollback"),
    **_tool("drush", "updatedb", "updb", anywhere=True),
    **_tool("wp", "core update-db", anywhere=True, dry="--dry-run"),
    # JVM, .NET, Rust, Go, SQL
    **_tool("flyway", "migrate", "undo", "clean", anywhere=True),
    **_tool(
        "liquibase",
        *("update", "update-to-tag", "updateToTag", "update-count", "updateCount", "update-testing-rollback"),
        *("rollback", "rollback-count", "drop-all", "dropAll"),
        anywhere=True,
    ),
    **_tool(
        "gradle gradlew mvn mvnw sbt",
        *(
            "flywayMigrate",
            "flyway:migrate",
            "liquibase:update",
            "liquibaseUpdate",
            "org.flywaydb:flyway-maven-plugin:migrate",
        ),
        anywhere=True,
    ),
    **_tool("dotnet", "ef database update", "ef database drop"),
    **_tool("dotnet-ef", "database update", "database drop"),
    **_tool("efbundle", "$", anywhere=True),
    **_tool("sqlx sqlx-cli", "migrate run", "migrate revert", "database setup", "database reset", dry="--dry-run"),
    **_tool(
        "diesel",
        *("migration run", "migration redo", "migration revert", "setup", "database setup", "database reset"),
        valued="--database-url --config-file --migration-dir",
    ),
    **_tool("refinery", "migrate", valued="-c -p -e"),
    **_tool(
        "sea-orm-cli",
        *("migrate $", "migrate up", "migrate down", "migrate fresh", "migrate refresh", "migrate reset"),
        valued="-d --migration-dir -u --database-url -s --database-schema -n --num",
    ),
    **_tool(
        "goose", "up", "up-by-one", "up-to", "down", "down-to", "redo", "reset", valued="-dir -table", anywhere=True
    ),
    **_tool(
        "dbmate",
        *("up", "migrate", "rollback", "down", "load"),
        valued="-e --env --env-file -u --url -d --migrations-dir -s --schema-file --migrations-table --wait-timeout",
    ),
    **_tool(
        "migrate",
        *("up", "down", "goto", "drop"),
        valued="-path --path -database --database -source --source -lock-timeout -prefetch --lock-timeout --prefetch",
    ),
    **_tool(
        "atlas",
        *("migrate apply", "migrate down", "schema apply", "schema clean"),
        valued="-c --config --env --var",
        dry="--dry-run",
    ),
    **_tool("sqitch", "deploy", "rebase", "revert", "checkout", anywhere=True),
    **_tool("tern", "migrate", valued="-c --config -m --migrations"),
    **_tool("hasura", "migrate apply", "deploy", valued="--project --endpoint --envfile", dry="--dry-run"),
    **_tool("rambler", "apply", valued="-c --configuration -e --environment", dry="--dry-run"),
    **_tool("pgroll", "migrate", "start", "complete"),
    **_tool("evolve", "migrate", "erase", anywhere=True),
    **_tool("dbup dbup-cli", "upgrade"),
    **_tool("grate", "$", anywhere=True, dry="--dryrun"),
}

EXTRA = (
    Tool("sequel", (("$",),), anywhere=True, only_with=frozenset({"-m", "--migrate-directory"})),
    Tool("keystone", (("start",),), only_with=frozenset({"--with-migrations"})),
    Tool("console", (("doctrine:schema:update",), ("d:s:u",)), only_with=frozenset({"--force", "-f"})),
    Tool(
        "mikro-orm", (("schema:update",), ("schema:create",), ("schema:fresh",)), only_with=frozenset({"--run", "-r"})
    ),
    Tool("directus", (("start",),), only_with=frozenset({"--bootstrap"})),
)
"""Subcommands that do something only with an option."""
