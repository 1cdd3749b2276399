"""The controls that checks give evidence for."""

import pytest

from sesgate.controls import Control, controls_of
from sesgate.registry import load

REGISTRY = load()


@pytest.mark.parametrize("name", REGISTRY.checks)
def test_every_built_in_check_states_its_controls(name: str) -> None:
    stated = REGISTRY.controls(name)
    assert stated
    assert len({(one.framework, one.id) for one in stated}) == len(stated)
    assert all(one.source.startswith("https://") and one.why and one.title for one in stated)


def test_a_pack_without_controls_claims_none() -> None:
    assert controls_of("tests") == {}


def test_one_framework_has_one_title_for_a_number() -> None:
    titles: dict[tuple[str, str], set[str]] = {}
    for one in (control for name in REGISTRY.checks for control in REGISTRY.controls(name)):
        titles.setdefault((one.framework, one.id), set()).add(one.title)
    assert [number for number, told in titles.items() if len(told) > 1] == []


def test_a_control_is_plain_data() -> None:
    control = Control("CIS Controls v8.1", "9.5", "Implement DMARC", "it looks", "https://example.com")
    assert Control(**control.to_dict()) == control
