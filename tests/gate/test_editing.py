"""A waiver written into a gate: everything else stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sesgate.gate import load_gate
from sesgate.gate.editing import CannotEdit, with_waiver

HEAD = "version: 1\naws: {region: eu-west-1}   # here\nsenders:\n  - domain: yourdomain.com\n"
WAIVER = {
    "check": "dmarc",
    "cause": "not-enforced",
    "subject": "yourdomain.com",
    "reason": "after two weeks: #1",
    "owner": "ops@yourdomain.com",
    "expires": "2026-12-01",
}
OLD = "  - check: spf\n    subject: a.com\n    reason: x\n    owner: y\n    expires: 2026-12-01"
SHAPES = {
    "none": HEAD,
    "no line end": HEAD.rstrip("\n"),
    "windows": HEAD.replace("\n", "\r\n"),
    "empty": f"{HEAD}waivers:\nname: X\n",
    "brackets": f"{HEAD}waivers: []\nname: X\n",
    "one": f"{HEAD}waivers:\n{OLD}   # the last day\n# after\nname: X\n",
    "at the end": f"{HEAD}waivers:   # ours\n{OLD}\n",
    "without indent": f"{HEAD}waivers:\n" + OLD.replace("\n  ", "\n").removeprefix("  ") + "\nname: X\n",
    "folded": f"{HEAD}waivers:\n" + OLD.replace("reason: x", "reason: >-\n      x\n      y") + "\n\nname: X\n",
    "braces": f"{HEAD}waivers:\n  - {{check: spf, subject: a.com, reason: x, owner: y, expires: 2026-12-01}}\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_waiver_is_the_last_and_nothing_else_changes(shape: str) -> None:
    before = load_gate("-", {}, SHAPES[shape])
    text = with_waiver(SHAPES[shape], WAIVER)
    after = load_gate("-", {}, text)
    assert after.gate.waivers[:-1] == before.gate.waivers
    added = after.gate.waivers[-1]
    assert {name: str(getattr(added, name)) for name in WAIVER} == WAIVER
    assert after.gate.model_copy(update={"waivers": ()}) == before.gate.model_copy(update={"waivers": ()})
    there = iter(text.splitlines())
    assert all(line in there for line in SHAPES[shape].splitlines() if line != "waivers: []")


def test_two_waivers_one_after_the_other() -> None:
    text = with_waiver(with_waiver(HEAD, WAIVER), {**WAIVER, "subject": "b.com"})
    assert [one.subject for one in load_gate("-", {}, text).gate.waivers] == ["yourdomain.com", "b.com"]


def test_what_is_written_in_brackets_is_refused() -> None:
    flow = f"{HEAD}waivers: [{{check: spf, subject: a.com, reason: x, owner: y, expires: 2026-12-01}}]\n"
    with pytest.raises(CannotEdit, match="line 5"):
        with_waiver(flow, WAIVER)


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).map(
        str.strip
    )
)
def test_any_reason_reads_as_it_was_written(reason: str) -> None:
    if reason and reason.isprintable():
        text = with_waiver(HEAD, {**WAIVER, "reason": reason})
        assert load_gate("-", {}, text).gate.waivers[0].reason == reason
