"""Packs: found by entry point, and each fault of theirs told by name."""

import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from sesgate.registry import GROUP, PackError, collect, load

MODULE = '''
from sesgate.check import check
from sesgate.finding import Severity, passed
from sesgate.subjects import Account

@check(
    id="{id}", each=Account, asked_by="senders", serves="x",
    severity=Severity.INFO, reads=[], causes={{"a": Severity.INFO}},
)
def function(subject, context, options):
    """A check."""
    yield passed("fine")
'''


@pytest.fixture
def make_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest):  # type: ignore[no-untyped-def]
    monkeypatch.syspath_prepend(tmp_path)

    def make(name: str, **modules: str) -> EntryPoint:
        package = tmp_path / name
        package.mkdir()
        (package / "__init__.py").write_text("")
        for module, text in modules.items():
            (package / f"{module}.py").write_text(text)
        request.addfinalizer(lambda: [sys.modules.pop(one) for one in list(sys.modules) if one.startswith(name)])
        return EntryPoint(name.removesuffix("_pack"), name, GROUP)

    return make


def test_the_built_in_pack_is_installed() -> None:
    registry = load()
    assert registry.packs.keys() >= {"builtin"}
    assert registry.homes["production-access"] == "builtin"


def test_every_module_of_a_pack_is_walked(make_pack) -> None:  # type: ignore[no-untyped-def]
    registry = collect([make_pack("walked_pack", one=MODULE.format(id="one"), two=MODULE.format(id="two"))])
    assert list(registry.checks) == ["one", "two"]


def test_two_checks_with_one_id_are_both_named(make_pack) -> None:  # type: ignore[no-untyped-def]
    packs = [
        make_pack("first_pack", same=MODULE.format(id="same")),
        make_pack("second_pack", same=MODULE.format(id="same")),
    ]
    with pytest.raises(PackError, match=r"'same'.*first_pack\.same.*'first'.*second_pack\.same.*'second'"):
        collect(packs)


def test_a_pack_that_fails_to_import_is_named(make_pack) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PackError, match=r"'broken'.*broken_pack.*ModuleNotFoundError"):
        collect([make_pack("broken_pack", bad="import no_such_module")])


def test_a_pack_that_leaves_while_it_is_imported_is_named(make_pack) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(PackError, match=r"'leaving'.*SystemExit"):
        collect([make_pack("leaving_pack", away="raise SystemExit(0)")])


def test_a_declaration_that_contradicts_itself_is_refused(make_pack) -> None:  # type: ignore[no-untyped-def]
    text = MODULE.format(id="heavy").replace('"a": Severity.INFO', '"a": Severity.BLOCKER')
    with pytest.raises(PackError, match="weighs more than the check"):
        collect([make_pack("heavy_pack", heavy=text)])


def test_an_imported_check_is_not_counted_twice(make_pack) -> None:  # type: ignore[no-untyped-def]
    registry = collect(
        [make_pack("shared_pack", one=MODULE.format(id="one"), two="from shared_pack.one import function\n")]
    )
    assert list(registry.checks) == ["one"]
