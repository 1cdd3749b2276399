"""Stages: the ready account, and the evening before."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sesgate.sandbox import Sandbox, evening_before, ready

from .stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """The account that is ready."""
    with Sandbox(ready()) as sandbox:
        yield Stage(sandbox, tmp_path)


@pytest.fixture
def evening(tmp_path: Path) -> Iterator[Stage]:
    """The evening before the launch."""
    with Sandbox(evening_before()) as sandbox:
        yield Stage(sandbox, tmp_path)
