"""What holds of every installed check of the built-in pack."""

from pathlib import Path

import pytest

from sesgate.check import Check
from sesgate.commands.explain import page_of, section
from sesgate.registry import load
from sesgate.testing import World, ready_world, run, statuses

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CHECKS = list(load().checks.values())
every_check = pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)


def _module(check: Check) -> str:
    return check.function.__module__.rpartition(".")[2]


@every_check
def test_its_id_is_the_name_of_its_module(check: Check) -> None:
    assert check.id == _module(check).replace("_", "-")


@every_check
def test_it_says_what_it_is(check: Check) -> None:
    assert check.summary
    assert len(check.summary) < 120
    assert check.serves


@every_check
def test_it_has_a_page_with_each_cause_explained(check: Check) -> None:
    assert (ROOT / "docs" / "checks" / f"{check.id}.md").is_file()
    page = page_of(check)
    assert page.startswith(f"# {check.id}\n")
    for heading in ("## What it looks at", "## Why", "## Causes"):
        assert heading in page
    for cause in check.causes:
        explained = section(page, cause)
        assert explained is not None, cause
        assert len(explained.split()) > 12, cause


@every_check
def test_it_has_tests_that_reach_each_cause(check: Check) -> None:
    text = (HERE / f"test_{_module(check)}.py").read_text("utf-8")
    assert [cause for cause in check.causes if f'"{cause}"' not in text] == []


def _world(check: Check) -> World:
    """The ready account; where a check acts, in a run that may."""
    return ready_world().sending() if check.acts else ready_world()


@every_check
def test_it_passes_on_the_ready_account(check: Check) -> None:
    assert statuses(run(check.id, _world(check))) <= {"pass", "skip"}


@every_check
def test_it_is_an_error_where_every_source_refuses(check: Check) -> None:
    found = statuses(run(check.id, _world(check).fail_all()))
    if check.local:
        assert found <= {"pass", "skip", "error"}
    else:
        assert "error" in found
        assert not found & {"pass", "fail", "pending"}
