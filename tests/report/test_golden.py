"""Each form of each sample, as it was last looked at and found good. `UPDATE_GOLDEN=1` writes them anew."""

import os
from pathlib import Path

import pytest

from sesgate.report.forms import RenderOptions, render
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


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("case", EVERY)
def test_looks_as_it_did(case: str, form: str) -> None:
    kind, options = FORMS[form]
    rendered = render(kind, EVERY[case](), options)
    path = GOLDEN / f"{case}.{form}"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_bytes(rendered.encode("utf-8"))
    assert rendered == path.read_bytes().decode("utf-8")


def test_no_golden_file_is_left_over() -> None:
    expected = {f"{case}.{form}" for case in EVERY for form in FORMS}
    assert {path.name for path in GOLDEN.iterdir()} == expected
