"""A folder of one's own checks: found as a pack is, each fault told with file and line, nothing written into it."""

import os
from pathlib import Path

import pytest

from sesgate.checks_folder import ChecksFolder
from sesgate.registry import PackError, collect, load
from sesgate.testing import checks_in, ready_world, run, statuses

MODULE = '''"""A module."""

from sesgate.check import check
from sesgate.finding import Severity, failed, passed
from sesgate.subjects import Account


@check(
    id="{id}", each=Account, asked_by="senders", serves="x",
    severity=Severity.INFO, reads=[], causes={{"a": Severity.INFO}},
)
def function(subject, context, options):
    """A check."""
    yield {finding}
'''


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "ops"
    made.mkdir()
    return made


def module(name: str, finding: str = 'passed("fine")') -> str:
    return MODULE.format(id=name, finding=finding)


def write(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(PackError) as error:
        load([folder])
    return str(error.value)


def test_its_checks_stand_beside_the_installed_ones_and_run(folder: Path) -> None:
    registry = checks_in(write(folder, my_own=module("my-own"), other=module("other")))
    assert registry.homes["my-own"] == registry.homes["other"] == "ops/"
    assert "dkim" in registry.checks
    assert statuses(run("my-own", ready_world(), registry=registry)) == {"pass"}


def test_modules_may_share_what_begins_with_an_underscore(folder: Path) -> None:
    text = "from . import _shared\n" + module("my-own", "passed(_shared.WORD)")
    registry = checks_in(write(folder, my_own=text, _shared='WORD = "shared"\n'))
    [judged] = run("my-own", ready_world(), registry=registry)
    assert judged.finding.message == "shared"


def test_what_changed_since_is_read_again(folder: Path) -> None:
    write(folder, my_own=module("my-own"))
    assert statuses(run("my-own", ready_world(), registry=checks_in(folder))) == {"pass"}
    write(folder, my_own=module("my-own", 'failed("a", "it is wrong now")'))
    os.utime(folder / "my_own.py", (1, 1))
    assert statuses(run("my-own", ready_world(), registry=checks_in(folder))) == {"fail"}


def test_nothing_is_written_into_the_folder(folder: Path) -> None:
    load([write(folder, my_own="from . import _shared\n" + module("my-own"), _shared="")])
    assert sorted(file.name for file in folder.iterdir()) == ["_shared.py", "my_own.py"]


class TestVersion:
    def test_it_tells_the_contents(self, folder: Path) -> None:
        before = ChecksFolder(write(folder, my_own=module("my-own"), _shared="A = 1\n")).version
        assert before.startswith("sha256:")
        assert ChecksFolder(folder).version == before
        assert load([folder]).packs["ops/"] == before
        write(folder, _shared="A = 2\n")
        assert ChecksFolder(folder).version != before

    def test_it_tells_the_names_and_not_the_place(self, folder: Path, tmp_path: Path) -> None:
        before = ChecksFolder(write(folder, my_own=module("my-own"))).version
        assert ChecksFolder(folder.rename(tmp_path / "elsewhere")).version == before
        (tmp_path / "elsewhere" / "my_own.py").rename(tmp_path / "elsewhere" / "another.py")
        assert ChecksFolder(tmp_path / "elsewhere").version != before


class TestFaults:
    def test_a_syntax_error(self, folder: Path) -> None:
        told = refused(write(folder, my_own=module("my-own") + "\n\ndef broken(:\n"))
        assert told.startswith(f"{folder / 'my_own.py'}:17: ")

    def test_what_an_import_raises_is_told_at_its_line(self, folder: Path) -> None:
        told = refused(write(folder, my_own="\nfrom . import _shared\n", _shared="\n\nimport no_such_module\n"))
        expected = f"{folder / '_shared.py'}:3: ModuleNotFoundError: No module named 'no_such_module'"
        assert told == expected

    def test_a_module_that_exits(self, folder: Path) -> None:
        assert refused(write(folder, my_own="raise SystemExit(3)\n")) == f"{folder / 'my_own.py'}:1: SystemExit: 3"

    def test_a_declaration_that_contradicts_itself(self, folder: Path) -> None:
        text = module("my-own").replace('"a": Severity.INFO', '"a": Severity.BLOCKER')
        told = refused(write(folder, my_own=text))
        assert told.startswith(f"{folder / 'my_own.py'}:8: ValueError: ")
        assert "weighs more than the check" in told

    def test_an_id_that_is_taken(self, folder: Path) -> None:
        told = refused(write(folder, dkim=module("dkim")))
        assert told.startswith(f"{folder / 'dkim.py'}:8: ")
        assert "sesgate_checks.dkim.dkim" in told
        assert "'builtin'" in told

    def test_an_id_that_another_folder_has(self, folder: Path, tmp_path: Path) -> None:
        other = tmp_path / "more"
        other.mkdir()
        write(folder, my_own=module("my-own"))
        with pytest.raises(PackError, match=r"more/my_own\.py:8: .*'my-own' already, .*ops/my_own\.py:8"):
            load([folder, write(other, my_own=module("my-own"))])

    def test_an_id_that_is_not_its_module_s_name(self, folder: Path) -> None:
        told = refused(write(folder, my_own=module("another")))
        assert told == (
            f"{folder / 'my_own.py'}:8: the check is named 'another', its module 'my-own': they are one name"
        )

    def test_no_docstring(self, folder: Path) -> None:
        told = refused(write(folder, my_own=module("my-own").replace('    """A check."""\n', "")))
        assert told.startswith(f"{folder / 'my_own.py'}:8: my-own has no docstring")

    def test_a_module_without_a_check(self, folder: Path) -> None:
        told = refused(write(folder, helper="A = 1\n"))
        assert told.startswith(f"{folder / 'helper.py'}:1: no check is declared here")

    def test_a_name_that_nothing_can_import(self, folder: Path) -> None:
        assert "letters, digits and _ alone" in refused(write(folder, **{"my-own": module("my-own")}))

    def test_no_folder_and_an_empty_one(self, folder: Path) -> None:
        assert refused(folder) == f"{folder}: there is no check in this folder"
        assert refused(folder / "missing") == f"{folder / 'missing'}: no such file or directory"

    def test_two_of_one_name(self, folder: Path) -> None:
        write(folder, my_own=module("my-own"))
        with pytest.raises(PackError, match="two packs are named 'ops/'"):
            collect([], [folder, folder])
