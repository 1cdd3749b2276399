"""Render Blueprints: variables, groups, what comes from elsewhere, and how a service starts."""

import pytest

from sesgate.evidence import NotSeen
from sesgate.evidence.environment import render
from sesgate.evidence.environment.found import Reading
from tests.evidence.environment.reaching import Given

BLUEPRINT = """
databases:
  - name: bizassist-db
envVarGroups:
  - name: shared
    envVars:
      - {key: LOG_LEVEL, value: info}
      - {key: NODE_ENV, value: staging}
services:
  - type: web
    name: api
    runtime: node
    rootDir: server
    startCommand: npm start
    preDeployCommand: npx prisma migrate deploy
    envVars:
      - fromGroup: shared
      - key: NODE_ENV
        value: production
      - {key: RETRIES, value: 3}
      - {key: SESSION_KEY, generateValue: true}
      - {key: STRIPE_KEY, sync: false}
      - {key: DATABASE_URL, fromDatabase: {name: bizassist-db, property: connectionString}}
      - {key: OTHER_HOST, fromDatabase: {name: other, property: host}}
      - {key: WORKER_HOST, fromService: {type: pserv, name: worker, property: host}}
      - {key: WORKER_MODE, fromService: {type: pserv, name: worker, envVarKey: MODE}}
  - type: pserv
    name: worker
    runtime: docker
    dockerfilePath: ./docker/Dockerfile
    dockerContext: ./docker
    envVars:
      - {key: MODE, value: fast}
"""


def _read(text: str = BLUEPRINT, service: str | None = "api") -> Reading:
    return render.read({"file": "infra/render.yaml", "service": service}, Given(files={"infra/render.yaml": text}))


def test_values() -> None:
    variables = _read().variables
    assert {name: each.value for name, each in variables.items() if each.reference is None} == {
        "LOG_LEVEL": "info",
        "NODE_ENV": "production",
        "RETRIES": "3",
        "WORKER_MODE": "fast",
    }
    assert (variables["NODE_ENV"].line, variables["NODE_ENV"].place) == (18, "infra/render.yaml:18")


def test_what_comes_from_elsewhere() -> None:
    found = {name: each.reference for name, each in _read().variables.items() if each.reference}
    assert {name: (each.name, each.secret, each.exists) for name, each in found.items()} == {
        "SESSION_KEY": ("a generated value", True, True),
        "STRIPE_KEY": ("the Render dashboard", True, None),
        "DATABASE_URL": ("connectionString of the database bizassist-db", True, True),
        "OTHER_HOST": ("host of the database other", False, False),
        "WORKER_HOST": ("host of the service worker", False, True),
    }
    assert {each.store for each in found.values()} == {"render"}


def test_what_render_sets() -> None:
    api, worker = _read().injected, _read(service="worker").injected
    assert (api["PORT"], api["NODE_ENV"], api["RENDER"]) == ("10000", "production", "true")
    assert "PORT" not in worker
    assert "NODE_ENV" not in worker


def test_a_group_that_is_not_in_the_file_is_unseen() -> None:
    reading = _read("services: [{type: web, name: api, envVars: [{fromGroup: elsewhere}]}]")
    assert reading.unseen == ("infra/render.yaml:1: the group elsewhere is not in this file",)


def test_two_groups_that_differ_leave_it_open() -> None:
    text = """
envVarGroups: [{name: one, envVars: [{key: A, value: 1}]}, {name: two, envVars: [{key: A, value: 2}]}]
services: [{type: web, name: api, envVars: [{fromGroup: one}, {fromGroup: two}]}]
"""
    assert "two groups define it" in str(_read(text).variables["A"].unreadable)


def test_projects_and_environments() -> None:
    text = """
projects:
  - name: shop
    envVarGroups: [{name: shared, envVars: [{key: A, value: 1}]}]
    environments:
      - name: production
        services: [{type: web, name: api, envVars: [{fromGroup: shared}]}]
"""
    assert _read(text, None).variables["A"].value == "1"


def test_how_a_native_service_starts() -> None:
    [start] = _read().starts
    assert (start.command, start.context, start.dockerfile) == ("npm start", "infra/server", None)
    assert (start.release_step, start.release_command) == (True, "npx prisma migrate deploy")
    assert (start.file, start.line) == ("infra/render.yaml", 14)


def test_how_an_image_starts() -> None:
    [start] = _read(service="worker").starts
    assert (start.command, start.dockerfile, start.context) == (None, "infra/docker/Dockerfile", "infra/docker")
    image = "services: [{type: web, name: api, runtime: image, image: {url: ghcr.io/x/y:1}, dockerCommand: ./run}]"
    [start] = _read(image).starts
    assert (start.command, start.image, start.context) == ("./run", "ghcr.io/x/y:1", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("databases: []", "a list of services with their names is expected"),
        ("services: {api: {}}", "a list of services with their names is expected"),
        ("services: [{name: web}]", "there is no service api; there is web"),
        ("services: [{name: api, envVars: {A: b}}]", "envVars: a list of mappings is expected"),
        ("services: [{name: api, envVars: [{value: b}]}]", "a key is expected, or fromGroup"),
        ("", "a mapping is expected"),
    ],
)
def test_another_shape_is_told(text: str, message: str) -> None:
    with pytest.raises(NotSeen, match=message):
        _read(text)


def test_one_of_several_services_must_be_named() -> None:
    with pytest.raises(NotSeen, match="name one of its services as service: api, worker"):
        _read(service=None)
