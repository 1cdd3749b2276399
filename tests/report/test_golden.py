"""Each form of each report, as it was last looked at and found good. `UPDATE_GOLDEN=1` writes them anew.

Reports made by hand have every face that a report can show; those of the embedded accounts (`golden/accounts`, written
by `make golden`) are what a user gets.
"""

import os
from functools import cache
from pathlib import Path

import pytest

from sesgate.report.forms import RenderOptions, render
from sesgate.report.joint import AnyReport
from sesgate.report.load import load_report
from tests.regenerate import ACCOUNTS
from tests.report.samples import EVERY

GOLDEN = Path(__file__).parent / "golden"
FORMS = {
    "80.txt": ("text", RenderOptions(width=80, ascii=False)),
    "140.txt": ("text", RenderOptions(width=140, ascii=False)),
    "verbose.txt": ("text", RenderOptions(width=100, ascii=False, verbose=True)),
    "ascii.txt": ("text", RenderOptions(width=80, ascii=True)),
    "quiet.txt": ("text", RenderOptions(width=80, ascii=False, quiet=True)),
    "json": ("json", RenderOptions(ascii=False)),
    "md": ("markdown", RenderOptions(ascii=False)),
    "junit.xml": ("junit", RenderOptions(ascii=False)),
    "github": ("github", RenderOptions(ascii=False)),
    "sarif": ("sarif", RenderOptions(ascii=False)),
    "csv": ("csv", RenderOptions(ascii=False)),
    "ocsf": ("ocsf", RenderOptions(ascii=False)),
    "html": ("html", RenderOptions(ascii=False)),
}


OF_ACCOUNTS = ("80.txt", "md", "junit.xml", "github", "sarif", "csv", "ocsf", "html")
BY_HAND = [case for case in EVERY if case not in ("ready", "unseen")]
CASES = {f"{case}.{form}": form for case in BY_HAND for form in FORMS} | {
    f"accounts/{name}.{form}": form for name in ACCOUNTS for form in OF_ACCOUNTS
}


@cache
def made(case: str) -> AnyReport:
    if case.startswith("accounts/"):
        return load_report(GOLDEN.joinpath(f"{case}.json").read_text("utf-8"))
    return EVERY[case]()


@pytest.mark.parametrize("path", CASES)
def test_looks_as_it_did(path: str) -> None:
    kind, options = FORMS[CASES[path]]
    rendered = render(kind, made(path.removesuffix(f".{CASES[path]}")), options)
    file = GOLDEN / path
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_bytes(rendered.encode("utf-8"))
    assert rendered == file.read_bytes().decode("utf-8")


def test_no_golden_file_is_left_over() -> None:
    found = {path.relative_to(GOLDEN).as_posix() for path in GOLDEN.rglob("*") if path.is_file()}
    assert found == {*CASES, *(f"accounts/{name}.json" for name in ACCOUNTS)}
