"""Scripts of Python projects: what they run, as each of their runners reads them."""

import pytest

from sesgate.release import Sight, look

PROJECT = """
[project.scripts]
serve = "app.main:run"
upgrade = "app.db:run_migrations"
[tool.poetry.scripts]
old = "app.main:main"
[tool.pdm.scripts]
start = {composite = ["prepare", "serve"]}
prepare = {shell = "alembic upgrade head && echo done"}
words = {cmd = ["alembic", "upgrade", "head"]}
function = {call = "app.db:migrate"}
loop = {composite = ["loop"]}
plain = "gunicorn app:app"
[tool.rye.scripts]
start = {chain = ["prepare", "plain"]}
prepare = ["alembic", "upgrade", "head"]
plain = "gunicorn app:app"
[tool.poe.tasks]
start = ["prepare", {cmd = "gunicorn app:app"}]
prepare.cmd = "alembic upgrade head"
sequence.sequence = [{ref = "prepare"}]
function.script = "app.db:migrate()"
plain = "gunicorn app:app"
odd = {cmd = {nested = 1}, sequence = 3}
[tool.pixi.tasks]
start = {cmd = "gunicorn app:app", depends-on = ["prepare", {task = "plain"}]}
prepare = "alembic upgrade head"
plain = "gunicorn app:app"
[tool.hatch.envs.default.scripts]
start = ["alembic upgrade head", "gunicorn app:app"]
[tool.hatch.envs.prod.scripts]
start = "gunicorn app:app"
"""
PIPFILE = '[scripts]\nstart = "sh -c \'alembic upgrade head && gunicorn app:app\'"\nplain = "gunicorn app:app"\n'
FILES = {"pyproject.toml": PROJECT, "Pipfile": PIPFILE}


@pytest.mark.parametrize(
    "command",
    [
        *("pdm run start", "pdm run words", "pdm run function", "rye run start", "poe start", "poe sequence"),
        *(
            "poe function",
            "pixi run start",
            "hatch run start",
            "pipenv run start",
            "uv run upgrade",
            "poetry run poe start",
        ),
        *("uv run -- poe -C . start", "pdm run prepare --now"),
    ],
)
def test_scripts_that_migrate(command: str) -> None:
    sight = look(command, files=FILES)
    assert len(sight.migrations) == 1
    assert sight.opaque == ()


@pytest.mark.parametrize(
    "command",
    [
        *("pdm run plain", "pdm run loop", "rye run plain", "poe plain", "pixi run plain", "hatch run prod:start"),
        *("pipenv run plain", "uv run serve", "poetry run old", "uv run gunicorn app:app", "poe odd"),
    ],
)
def test_scripts_that_do_not(command: str) -> None:
    assert look(command, files=FILES) == Sight()


def test_the_way_to_it_is_told() -> None:
    [found] = look("pdm run start", files=FILES).migrations
    assert found.how == "pdm run start → pdm run prepare"


@pytest.mark.parametrize("text", ["[", "a=" + "[" * 5000, "[tool]\npdm = 1", ""])
def test_other_files_have_no_scripts(text: str) -> None:
    assert look("pdm run start", files={"pyproject.toml": text}) == Sight()


def test_a_task_that_is_not_there() -> None:
    assert [each.why for each in look("poe other", files=FILES).opaque] == ["there is no such task"]
    assert [each.why for each in look("poe other").opaque] == ["pyproject.toml was not seen"]
