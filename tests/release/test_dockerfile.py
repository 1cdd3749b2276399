"""What an image starts."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.release import Migration, Opaque, Platform, Sight, image_start, look_at_dockerfile, where_instead
from sesgate.release.dockerfile import Command

FILE = """\
# syntax=docker/dockerfile:1
ARG BASE=node:22
FROM ${BASE} AS build
RUN npx prisma migrate deploy && \\
    # a comment
    npm run build
CMD ["npm", "run", "dev"]

FROM node:22-slim AS runtime
ENV PATH=/app/bin:$PATH
COPY --from=build --chown=node /app/dist /app/dist
COPY scripts/entrypoint.sh scripts/other.sh /usr/local/bin/
HEALTHCHECK CMD alembic upgrade head
RUN <<EOF
rails db:migrate
EOF
ENTRYPOINT ["entrypoint.sh"]
CMD npm start

FROM runtime AS worker
CMD ["node", "worker.js"]
"""
FILES = {"scripts/entrypoint.sh": 'dbmate up\nexec "$@"'}


def start(text: str, target: str | None = None) -> tuple[Command | None, Command | None]:
    found = image_start(text, target)
    assert found is not None
    return found.entrypoint, found.command


def test_stages() -> None:
    assert start(FILE) == (("entrypoint.sh",), ("node", "worker.js"))
    assert start(FILE, "runtime") == (("entrypoint.sh",), "npm start")
    assert start(FILE, "Build") == (None, ("npm", "run", "dev"))
    assert start(FILE, "1") == start(FILE, "runtime")
    assert image_start(FILE, "none") is None
    assert image_start("") is None


def test_an_entry_point_resets_the_command_of_the_stage_below() -> None:
    assert start('FROM a AS b\nCMD x\nFROM b\nENTRYPOINT ["y"]') == (("y",), None)
    assert start('FROM a\nCMD x\nENTRYPOINT ["y"]') == (("y",), "x")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('FROM a\nCMD ["a", "b"]', (None, ("a", "b"))),
        ("from a\ncmd a b", (None, "a b")),
        ('FROM a\nCMD ["a", b]', (None, '["a", b]')),
        ("FROM a\nCMD [1]", (None, "[1]")),
        ("FROM a\nCMD a \\\n\n# c\n  b", (None, "a   b")),
        ("# escape=`\nFROM a\nCMD a `\n b \\\nENTRYPOINT c", ("c", None)),
        ("FROM --platform=x a\nONBUILD CMD x\nCMD []", (None, ())),
        ("FROM a\nCOPY <<E /x\nCMD no\nE\nCMD yes", (None, "yes")),
    ],
)
def test_instructions(text: str, expected: tuple[Command | None, Command | None]) -> None:
    found = image_start(text)
    assert found is not None
    if "escape" not in text:
        assert (found.entrypoint, found.command) == expected
    else:
        assert found.entrypoint == "c"


def test_what_runs_in_the_end() -> None:
    shell = image_start('FROM a\nENTRYPOINT a b\nCMD ["c"]')
    assert shell is not None
    assert shell.runs() == "a b"
    both = image_start('FROM a\nENTRYPOINT ["a"]\nCMD b c')
    assert both is not None
    assert both.runs() == ("a", "/bin/sh", "-c", "b c")
    assert both.runs(command=("d",)) == ("a", "d")
    assert both.runs(entrypoint=("e",)) == ("e",)
    assert both.runs(entrypoint=()) is None
    assert both.runs(entrypoint=(), command=("f",)) == ("f",)
    none = image_start("FROM a")
    assert none is not None
    assert none.runs() is None


def test_run_is_no_start() -> None:
    assert look_at_dockerfile(FILE, target="build", scripts={"dev": "node ."}) == Sight()


def test_the_entry_point_is_found_where_it_comes_from() -> None:
    assert look_at_dockerfile(FILE, files=FILES) == Sight((Migration("dbmate", "dbmate up", "entrypoint.sh"),))
    assert look_at_dockerfile(FILE).opaque == (Opaque("entrypoint.sh", "the script was not seen"),)
    found = look_at_dockerfile(FILE, target="runtime", files=FILES, scripts={"start": "knex migrate:latest"})
    assert [(each.tool, each.how) for each in found.migrations] == [
        ("dbmate", "entrypoint.sh"),
        ("knex", "entrypoint.sh → npm start"),
    ]


def test_a_file_that_the_dockerfile_writes() -> None:
    text = 'FROM a\nCOPY <<EOF /start.sh\nflask db upgrade\nEOF\nCMD ["/start.sh"]'
    assert [each.tool for each in look_at_dockerfile(text).migrations] == ["flask"]


def test_a_platform_replaces_what_is_started() -> None:
    text = 'FROM a\nENTRYPOINT ["dbmate"]\nCMD ["up"]'
    assert len(look_at_dockerfile(text).migrations) == 1
    assert look_at_dockerfile(text, command=("status",)) == Sight()
    assert look_at_dockerfile(text, entrypoint=("node",), command=(".",)) == Sight()


def test_what_only_the_base_image_knows() -> None:
    assert look_at_dockerfile("FROM acme/base:1").opaque == (
        Opaque("acme/base:1", "the image's own start command was not seen"),
    )
    assert look_at_dockerfile(FILE, target="none").opaque == (Opaque("none", "the Dockerfile has no such stage"),)
    assert look_at_dockerfile("").opaque == (Opaque("Dockerfile", "the Dockerfile has no stage"),)


LINES = st.sampled_from([*FILE.splitlines(), "FROM runtime", "CMD [", "COPY <<A <<B /x", "A", "\\", "# escape=`", ""])


@given(st.lists(LINES, max_size=12).map("\n".join) | st.text(max_size=40))
def test_any_text_is_read(text: str) -> None:
    look_at_dockerfile(text, files=FILES)
    look_at_dockerfile(text, target="runtime")


@pytest.mark.parametrize("unit", ["\\\n", "FROM a\n", "COPY <<A /x\n", "RUN a \\\n# b\n", "CMD [[[", "FROM --a --a "])
def test_a_hostile_text_costs_no_more_than_its_length(unit: str) -> None:
    started = time.thread_time()
    look_at_dockerfile("FROM x AS y\n" + unit * (200_000 // len(unit)))
    assert time.thread_time() - started < 3.0


@pytest.mark.parametrize("platform", list(Platform))
def test_every_platform_has_its_place_for_migrations(platform: Platform) -> None:
    assert where_instead(platform).endswith((".", ")."))


def test_names_that_the_gate_uses() -> None:
    assert "run-task" in where_instead("ecs_task_definition")
    assert "preDeployCommand" in where_instead("render")
    assert where_instead("unheard of") == where_instead(Platform.OTHER)


def test_variables_of_a_stage_with_their_lines() -> None:
    base = 'FROM node AS base\nENV NODE_ENV=production \\\n    MODE="a b"\nENV OLD some words\n'
    text = f"{base}FROM base\nARG X\nENV Y=$X Z=\n"
    start = image_start(text)
    assert start is not None
    assert start.environment == {
        "NODE_ENV": ("production", 2),
        "MODE": ("a b", 2),
        "OLD": ("some words", 4),
        "Y": (None, 7),
        "Z": ("", 7),
    }


def test_the_line_of_what_starts() -> None:
    text = 'FROM node AS one\nCMD node .\nFROM one\n# why\n\nENTRYPOINT ["x"]\n'
    starts = [image_start(text, target) for target in ("one", None)]
    assert [start.line for start in starts if start is not None] == [2, 6]
