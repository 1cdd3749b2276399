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
    "null": f"{HEAD}waivers:   ~  # none yet\nname: X\n",
    "later": f"{HEAD}waivers:   # later\nname: X\n",
    "wide brackets": f"{HEAD}waivers:    []   # none yet\nname: X\n",
    "anchor": f"{HEAD}waivers: &all   # ours\n{OLD}\nname: X\n",
    "alias at the end": f"{HEAD}waivers:\n"
    + OLD.replace("reason: x", "reason: &why x").replace("subject: a.com", "subject: b.com")
    + "\n  - check: dkim\n    subject: a.com\n    owner: y\n    expires: 2026-12-01\n    reason: *why  # same\n"
    + "name: X\n",
    "dash alone": f"{HEAD}waivers:\n" + OLD.replace("- check", "-\n    check") + "\n",
    "kept lines": f"{HEAD}waivers:\n"
    + OLD.replace("    reason: x\n", "")
    + "\n    reason: |+\n      x\n\n# after\nname: X\n",
    "document": f"---\n{HEAD}...\n# the end\n",
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
    gone = {"waivers: []": "waivers:", "waivers:    []   # none yet": "waivers:   # none yet"}
    gone["waivers:   ~  # none yet"] = "waivers:  # none yet"
    assert all(gone.get(line, line) in there for line in SHAPES[shape].splitlines())


def test_two_waivers_one_after_the_other() -> None:
    text = with_waiver(with_waiver(HEAD, WAIVER), {**WAIVER, "subject": "b.com"})
    assert [one.subject for one in load_gate("-", {}, text).gate.waivers] == ["yourdomain.com", "b.com"]


ENTRY = "{check: spf, subject: a.com, reason: x, owner: y, expires: 2026-12-01}"
IN_BRACES = "{version: 1, aws: {region: eu-west-1}, senders: [{domain: yourdomain.com}]"
FLOW = {
    "one": f"{HEAD}waivers: [{ENTRY}]  # ours\nname: X\n",
    "comma": f"{HEAD}waivers: [{ENTRY}, ]\n",
    "lines": f"{HEAD}waivers: [\n  {ENTRY}  # first\n  # no more\n]  # ours\nname: X\n",
    "lines with a comma": f"{HEAD}waivers: [\n  {ENTRY},  # first\n]\n",
    "empty lines": f"{HEAD}waivers: [\n  # none yet\n]\nname: X\n",
    "all in braces": f"{IN_BRACES}}}\n",
    "empty in braces": f"{IN_BRACES}, waivers: [ ], name: X}}\n",
    "nothing in braces": f"{IN_BRACES}, waivers: , name: X}}  # end\n",
    "entries in braces": f"{IN_BRACES}, waivers: [{ENTRY}],\n  name: X}}\n",
}


@pytest.mark.parametrize("shape", FLOW)
def test_brackets_and_braces_stay_what_they_are(shape: str) -> None:
    before = load_gate("-", {}, FLOW[shape])
    text = with_waiver(FLOW[shape], WAIVER)
    after = load_gate("-", {}, text)
    assert after.gate.waivers[:-1] == before.gate.waivers
    assert str(after.gate.waivers[-1].expires) == WAIVER["expires"]
    assert after.gate.model_copy(update={"waivers": ()}) == before.gate.model_copy(update={"waivers": ()})
    rest = iter(text)
    assert all(char in rest for char in FLOW[shape]), "something is gone"


def test_an_alias_for_all_waivers_is_told() -> None:
    text = f"{HEAD}x: &w\n{OLD}\nwaivers: *w\n"
    with pytest.raises(CannotEdit, match="line 11: `waivers` is an alias"):
        with_waiver(text, WAIVER)


def test_words_are_written_to_be_read() -> None:
    text = with_waiver(HEAD, {**WAIVER, "reason": 'the "old" domain\nC:\\x'})
    assert 'reason: "the \\"old\\" domain\\nC:\\\\x"' in text


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).map(
        str.strip
    )
)
def test_any_reason_reads_as_it_was_written(reason: str) -> None:
    if reason and reason.isprintable():
        text = with_waiver(HEAD, {**WAIVER, "reason": reason})
        assert load_gate("-", {}, text).gate.waivers[0].reason == reason
