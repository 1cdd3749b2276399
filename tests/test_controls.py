"""The controls that checks give evidence for."""

import json
import re
from pathlib import Path

import pytest

from sesgate.controls import Control, controls_of
from sesgate.registry import PackError, load
from tests.controls_page import PAGE, page

REGISTRY = load()
CHECK = '''
from sesgate.check import check
from sesgate.finding import Severity, passed
from sesgate.subjects import Account

@check(
    id="mine", each=Account, asked_by="senders", serves="nothing", severity=Severity.INFO, reads=[],
    causes={"wrong": Severity.INFO},
)
def mine(account, context, options):
    """Passes."""
    yield passed("fine")
'''


@pytest.mark.parametrize("name", REGISTRY.checks)
def test_every_built_in_check_states_its_controls(name: str) -> None:
    stated = REGISTRY.controls(name)
    assert stated
    assert len({(one.framework, one.id) for one in stated}) == len(stated)
    assert all(one.source.startswith("https://") and one.why and one.title for one in stated)


def test_a_pack_without_controls_claims_none() -> None:
    assert controls_of("tests") == {}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "it is no object of lists"),
        ("[]", "it is no object of lists"),
        ('{"mine": 1}', "it is no object of lists"),
        ('{"mine": ["AC-3"]}', "mine: each control has framework, id, title, why, source"),
        ('{"mine": [{"framework": "X"}]}', "mine: each control has framework, id, title, why, source"),
        ('{"mine": [{"framework": "X", "id": 1, "title": "t", "why": "w", "source": "s"}]}', "every field"),
    ],
)
def test_another_shape_is_told_with_its_file(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mine.py").write_text(CHECK, "utf-8")
    (tmp_path / "controls.json").write_text(text, "utf-8")
    with pytest.raises(PackError, match=re.escape(f"{tmp_path / 'controls.json'}: ") + f".*{re.escape(told)}"):
        load([tmp_path])


def test_a_folder_states_controls_of_its_own_checks_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(CHECK, "utf-8")
    stated = [{"framework": "X", "id": "1", "title": "t", "why": "w", "source": "https://example.com"}]
    (tmp_path / "controls.json").write_text(json.dumps({"mine": stated, "dkim": stated}), "utf-8")
    registry = load([tmp_path])
    assert registry.controls("mine") == (Control(**stated[0]),)
    assert registry.controls("dkim") == REGISTRY.controls("dkim")


def test_one_framework_has_one_title_for_a_number() -> None:
    titles: dict[tuple[str, str], set[str]] = {}
    for one in (control for name in REGISTRY.checks for control in REGISTRY.controls(name)):
        titles.setdefault((one.framework, one.id), set()).add(one.title)
    assert [number for number, told in titles.items() if len(told) > 1] == []


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run `make golden`"


def test_a_control_is_plain_data() -> None:
    control = Control("CIS Controls v8.1", "9.5", "Implement DMARC", "it looks", "https://example.com")
    assert Control(**control.to_dict()) == control
