"""What the working folder tells: names of files by kind, the application's name, the folders of clients."""

import json
from pathlib import Path
from typing import Any

import pytest

from sesgate.evidence import Evidence, Question
from sesgate.evidence.folder import MOST_ENTRIES, FolderSource

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\n"


def told(folder: Path, below: str = "") -> dict[str, Any]:
    answer: dict[str, Any] = Evidence({"folder": FolderSource(folder, below)}).ask(Question.folder()).read()
    return answer


def write_one(folder: Path, name: str, text: str = "") -> None:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("compose.yaml", "", "compose"),
        ("docker-compose.prod.yml", "", "compose"),
        ("docker-compose.dev.yml", "", None),
        ("render.yaml", "", "render"),
        (".env.production", "", "dotenv"),
        ("worker.env", "", "dotenv"),
        ("deploy/api.yaml", DEPLOYMENT, "kubernetes"),
        ("deploy/values.yaml", "image: x\n", None),
        ("deploy/templated.yaml", f"{DEPLOYMENT}# {{{{ .Values.x }}}}\n", None),
        ("docs/openapi.v1.json", "", "openapi"),
        ("infra/task-definition.json", '{"containerDefinitions": []}', "ecs_task_definition"),
        ("tasks.json", '{"tasks": []}', None),
        ("Procfile", "", "procfile"),
        ("api/Dockerfile.prod", "", "dockerfile"),
        ("node_modules/x/compose.yaml", "", None),
        (".hidden/compose.yaml", "", None),
        ("a/b/c/d/compose.yaml", "", None),
    ],
)
def test_files_are_told_by_kind(tmp_path: Path, name: str, text: str, kind: str | None) -> None:
    write_one(tmp_path, name, text)
    assert told(tmp_path)["files"] == ({kind: [name]} if kind else {})


def test_paths_begin_where_the_gate_is(tmp_path: Path) -> None:
    write_one(tmp_path, "compose.yaml")
    assert told(tmp_path, "..")["files"] == {"compose": ["../compose.yaml"]}


def test_the_application_is_named_by_its_package_else_by_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    assert (told(folder)["name"], told(folder)["named_by"]) == ("shop", "the folder")
    write_one(folder, "package.json", '{"name": "@acme/shop"}')
    assert (told(folder)["name"], told(folder)["named_by"]) == ("@acme/shop", "package.json")
    write_one(
        folder,
        "package.json",
        '{"name": ["no',
    )
    assert told(folder)["name"] == "shop"


@pytest.mark.parametrize(
    ("dependencies", "is_client"),
    [({"expo": "1"}, True), ({"react": "1", "vite": "1"}, True), ({"react": "1", "next": "1"}, False), ({}, False)],
)
def test_a_client_is_known_by_what_it_is_built_with(
    tmp_path: Path, dependencies: dict[str, str], is_client: bool
) -> None:
    write_one(tmp_path, "apps/web/package.json", json.dumps({"dependencies": dependencies}))
    assert told(tmp_path)["clients"] == (["apps/web"] if is_client else [])


def test_an_application_that_is_a_client_itself_is_no_client_of_its_own(tmp_path: Path) -> None:
    write_one(tmp_path, "package.json", json.dumps({"dependencies": {"react": "1"}}))
    assert told(tmp_path)["clients"] == []


def test_names_that_trip_a_terminal_are_left_alone(tmp_path: Path) -> None:
    write_one(tmp_path, "deploy\x1b[2J/compose.yaml")
    write_one(tmp_path, "new\nline.env")
    (tmp_path / "link.env").symlink_to("/etc/passwd")
    assert told(tmp_path)["files"] == {}


def test_a_large_folder_is_cut_and_says_so(tmp_path: Path) -> None:
    for number in range(MOST_ENTRIES + 1):
        (tmp_path / f"{number}.txt").touch()
    assert told(tmp_path)["cut"]


def test_a_folder_that_is_not_there_is_not_seen(tmp_path: Path) -> None:
    answer = Evidence({"folder": FolderSource(tmp_path / "gone")}).ask(Question.folder())
    assert answer.failure is not None
    assert "can't be read" in answer.failure.message
