"""ECS task definitions in files: the forms that the AWS CLI takes and prints, with line numbers."""

import pytest

from sesgate.evidence import NotSeen
from sesgate.evidence.environment import ecs_task_definition_file
from sesgate.evidence.environment.found import Reading
from sesgate.evidence.environment.readers import reader
from tests.evidence.environment.reaching import Given

FILE = "infra/task.json"
CONTAINERS = """[
  {"name": "api",
   "command": ["node", "."],
   "environment": [
     {"name": "NODE_ENV", "value": "production"}
   ],
   "secrets": [{"name": "KEY", "valueFrom": "/bizassist/key"}]}
]"""


def _read(text: str, container: str | None = None) -> Reading:
    spec = {"definition": FILE, "container": container}
    return reader("ecs_task_definition", spec)(spec, Given(files={FILE: text}))


@pytest.mark.parametrize(
    "text",
    [
        '{"family": "api", "containerDefinitions": %s}',
        '{"taskDefinition": {"family": "api", "containerDefinitions": %s}}',
        "%s",
    ],
)
def test_every_form(text: str) -> None:
    reading = _read(text % CONTAINERS)
    assert reading.variables["NODE_ENV"].value == "production"
    assert (reading.variables["NODE_ENV"].line, reading.variables["NODE_ENV"].place) == (5, "infra/task.json:5")
    assert reading.variables["KEY"].line == 7
    [start] = reading.starts
    assert (start.command, start.file, start.line) == (("node", "."), FILE, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"infra/task\.json:1: not JSON"),
        ("3", "an ECS task definition is expected"),
        ("{}", "containerDefinitions is expected"),
        ('{"containerDefinitions": [{"name": "a"}, {"name": "b"}]}', "name one as container: a, b"),
    ],
)
def test_another_shape_is_told(text: str, message: str) -> None:
    with pytest.raises(NotSeen, match=message):
        _read(text)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(NotSeen, match=r"there is no file infra/task\.json"):
        ecs_task_definition_file.read({"definition": FILE}, Given())
