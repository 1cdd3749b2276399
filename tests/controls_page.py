"""The mapping to published frameworks, `docs/controls.md`, made from the pack's data. `make golden` writes it."""

from collections.abc import Iterator
from pathlib import Path

from sesgate.registry import load

PAGE = Path(__file__).parents[1] / "docs" / "controls.md"
HEAD = """# For auditors

Which controls of published frameworks each check gives evidence for. A check is evidence for a part of a control, at
the time of the run, and never all of it; what is claimed, why, and from which source, is data
([`controls.json`](../checks/sesgate_checks/controls.json)), and this page is made from it.

- The HTML report begins with what an auditor asks first: which account and region, as which caller, when, with which
  version of sesgate and of each pack, against which gate (its SHA-256); beside each checklist line stand its controls.
- CSV has them in the columns `controls` and `control_sources`, OCSF in `compliance`: `standards`, `requirements` and
  `checks`.
- A [seal](seals.md) shows who vouches for a report, and that its evidence leads to its verdict; the
  [selftest](selftest.md) shows that the gate would have been red.
- Packs of others, and folders given by `--checks-dir`, state theirs in a `controls.json` of the same form.
"""


def page() -> str:
    """The page: a table a framework, by control."""
    return "\n".join([HEAD, *_tables()]) + "\n"


def _tables() -> Iterator[str]:
    registry = load()
    stated = [(control, name) for name in registry.checks for control in registry.controls(name)]
    for framework in dict.fromkeys(control.framework for control, _ in stated):
        rows = sorted((one for one in stated if one[0].framework == framework), key=lambda one: _order(one[0].id))
        yield f"## {framework}\n"
        yield "| control | check | why | source |\n| --- | --- | --- | --- |"
        for control, name in rows:
            check = f"[{name}](checks/{name}.md)"
            title = control.title.replace("|", "\\|").replace("*", "\\*")
            yield f"| {control.id} {title} | {check} | {control.why} | [source]({control.source}) |"
        yield ""


def _order(number: str) -> tuple[tuple[str, int], ...]:
    """`AC-3` before `AC-10`, `2.3.1` before `11.2`."""
    words = number.replace("(", "-").replace(")", "").replace(".", "-").split("-")
    return tuple(("", int(word)) if word.isdecimal() else (word, 0) for word in words)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
