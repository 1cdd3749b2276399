"""How App Runner starts what is configured by apprunner.yaml in its repository: the file beside the gate.

Source: App Runner developer guide, "App Runner configuration file reference".
"""

from collections.abc import Iterator

from sesgate.access.local.nodes import Scalar, Table, items_of
from sesgate.evidence.environment.documents import yaml_files
from sesgate.evidence.environment.found import Start
from sesgate.evidence.environment.reach import Reach

FILE = "apprunner.yaml"


def starts_of_file(reach: Reach) -> Iterator[Start]:
    """`run.pre-run` and `run.command`: both run at each start of an instance. Raises NotSeen for no such file."""
    run = yaml_files(FILE, reach)[0].table("run")
    if not isinstance(run, Table):
        return
    for command in (*items_of(run.get("pre-run")), *items_of(run.get("command"))):
        if isinstance(command, Scalar) and command.value is not None:
            yield Start(FILE, command=str(command.value), line=command.place.line, context=".", file=FILE)
