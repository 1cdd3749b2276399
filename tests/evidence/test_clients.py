"""The source of clients: what is looked at, what is not, and that no secret leaves it."""

import bz2
import gzip
import io
import json
import lzma
import os
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sesgate.evidence import Evidence, NotSeen, Question
from sesgate.evidence.clients import ClientSource, archives
from sesgate.evidence.clients.scan import MARGIN, WINDOW, hits
from sesgate.evidence.clients.sight import Bounds, shown
from tests.secrets_made_up import EXAMPLE_ID, KEY_ID, SECRET, SMTP_PASSWORD


def look(root: Path, path: str = "app", bounds: Bounds | None = None) -> dict[str, Any]:
    """The answer about a path below a folder."""
    evidence = Evidence({"clients": ClientSource(root, bounds)})
    value: dict[str, Any] = evidence.ask(Question("clients", (path,))).read()
    return value


def put(path: Path, content: str | bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def found(answer: dict[str, Any]) -> set[tuple[str, str]]:
    return {(hit["file"], hit["kind"]) for hit in answer["hits"]}


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def test_a_key_is_told_by_place_and_never_by_value(tmp_path: Path) -> None:
    put(tmp_path / "app/src/config.ts", f'const a = 1;\nkey = "{KEY_ID}";\nsecret = "{SECRET}";\n')
    answer = look(tmp_path)
    assert [(hit["kind"], hit["line"], hit["shown"]) for hit in answer["hits"]] == [
        ("access-key-id", 2, "AKIA…"),
        ("secret-access-key", 3, ""),
    ]
    text = json.dumps(answer)
    assert KEY_ID not in text
    assert SECRET[:4] not in text


def test_smtp_credentials_and_sdks_are_seen(tmp_path: Path) -> None:
    put(tmp_path / "app/mail.dart", f"final h = 'email-smtp.eu-west-1.amazonaws.com'; final p = '{SMTP_PASSWORD}';")
    put(tmp_path / "app/package.json", '{"dependencies": {"@aws-sdk/client-ses": "^3.0.0"}}')
    put(tmp_path / "app/build.gradle", "implementation 'com.amazonaws:aws-android-sdk-ses:2.75.0'")
    put(tmp_path / "app/Podfile", "pod 'AWSSES'")
    assert found(look(tmp_path)) == {
        ("mail.dart", "ses-smtp-host"),
        ("mail.dart", "smtp-password"),
        ("package.json", "ses-sdk"),
        ("build.gradle", "ses-sdk"),
        ("Podfile", "ses-sdk"),
    }


def test_the_example_of_the_documentation_is_marked(tmp_path: Path) -> None:
    put(tmp_path / "app/config.js", f"id = '{EXAMPLE_ID}'")
    assert [hit["example"] for hit in look(tmp_path)["hits"]] == [True]


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert look(tmp_path) is None


def test_what_is_neither_file_nor_folder_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "app")
    with pytest.raises(NotSeen, match="neither a folder nor a file"):
        look(tmp_path)


class TestIgnoring:
    def test_what_git_ignores_is_left_out(self, tmp_path: Path) -> None:
        (tmp_path / ".git/info").mkdir(parents=True)
        put(tmp_path / ".gitignore", "*.log\n/app/secret/\n!keep.log\n")
        put(tmp_path / ".git/info/exclude", "local.ts\n")
        put(tmp_path / "app/.gitignore", "generated/*\n!generated/api.ts\n")
        for name in ("a.log", "keep.log", "secret/k.ts", "local.ts", "generated/x.ts", "generated/api.ts"):
            put(tmp_path / "app" / name, KEY_ID)
        answer = look(tmp_path)
        assert {file for file, _ in found(answer)} == {"keep.log", "generated/api.ts"}
        assert answer["kind"] == "folder"
        assert answer["left_out"] == {"ignored by git": 4}

    def test_a_build_that_is_ignored_is_looked_at_in_whole(self, tmp_path: Path) -> None:
        (tmp_path / ".git").mkdir()
        put(tmp_path / ".gitignore", "dist/\n")
        put(tmp_path / "web/dist/.gitignore", "*\n")
        put(tmp_path / "web/dist/node_modules/x/index.js", KEY_ID)
        answer = look(tmp_path, "web/dist")
        assert found(answer) == {("node_modules/x/index.js", "access-key-id")}
        assert answer["kind"] == "build"

    def test_dependencies_and_histories_are_left_out_of_a_source(self, tmp_path: Path) -> None:
        put(tmp_path / "app/node_modules/x/index.js", KEY_ID)
        put(tmp_path / "app/.git/config", KEY_ID)
        put(tmp_path / "app/index.js", "1")
        answer = look(tmp_path)
        assert answer["hits"] == []
        assert answer["left_out"] == {".git": 1, "node_modules": 1}

    def test_a_pattern_made_to_take_for_ever_ignores_nothing(self, tmp_path: Path) -> None:
        put(tmp_path / "app/.gitignore", "*a*a*a*a*a*a*a*a*b\n")
        put(tmp_path / "app" / ("a" * 200), KEY_ID)
        assert len(look(tmp_path)["hits"]) == 1

    def test_a_pattern_that_takes_in_again_and_is_too_much_undoes_the_file(self, tmp_path: Path) -> None:
        put(tmp_path / "app/.gitignore", "*\n!*a*a*a*a*a*b\n")
        put(tmp_path / "app/x.ts", KEY_ID)
        assert len(look(tmp_path)["hits"]) == 1

    def test_a_linked_gitignore_is_not_followed(self, tmp_path: Path) -> None:
        put(tmp_path / "everything", "*\n")
        put(tmp_path / "app/x.ts", KEY_ID)
        (tmp_path / "app/.gitignore").symlink_to(tmp_path / "everything")
        assert len(look(tmp_path)["hits"]) == 1


class TestHostileFolders:
    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        put(tmp_path / "outside/k.ts", KEY_ID)
        put(tmp_path / "app/a.ts", "1")
        (tmp_path / "app/out").symlink_to(tmp_path / "outside")
        (tmp_path / "app/k.ts").symlink_to(tmp_path / "outside/k.ts")
        (tmp_path / "app/loop").symlink_to(tmp_path / "app")
        answer = look(tmp_path)
        assert answer["hits"] == []
        assert answer["left_out"] == {"links": 3}

    def test_pipes_are_not_waited_for(self, tmp_path: Path) -> None:
        put(tmp_path / "app/a.ts", "1")
        os.mkfifo(tmp_path / "app/pipe")
        assert look(tmp_path)["left_out"] == {"devices and pipes": 1}

    def test_names_are_made_fit_to_be_shown(self, tmp_path: Path) -> None:
        put(tmp_path / "app" / "a\n\x1b[31m.ts", KEY_ID)
        (tmp_path / "app" / os.fsdecode(b"\xff.ts")).write_text(KEY_ID)
        files = {hit["file"] for hit in look(tmp_path)["hits"]}
        assert files == {"a\\x0a\\x1b[31m.ts", "\\xdcff.ts"}
        assert len(shown("x" * 5000)) == 300

    def test_what_may_not_be_read_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        put(tmp_path / "app/a.ts", "1")
        monkeypatch.setattr(os, "open", _denied)
        assert look(tmp_path)["unseen"] == [{"file": "a.ts", "reason": "permission denied"}]

    @pytest.mark.parametrize(
        ("bounds", "words"),
        [
            (Bounds(files=6), "more than 6 files"),
            (Bounds(files=2), "more than 2 entries"),
            (Bounds(bytes=10), "more than 0 GiB"),
            (Bounds(seconds=-1.0), "more than -1 s"),
        ],
    )
    def test_a_walk_that_was_cut_says_so(self, tmp_path: Path, bounds: Bounds, words: str) -> None:
        for number in range(5):
            put(tmp_path / f"app/{number}.ts", "0123456789")
            put(tmp_path / f"app/below/{number}.ts", "0123456789")
        answer = look(tmp_path, bounds=bounds)
        assert words in str(answer["cut"])
        assert answer["kind"] == "folder"

    def test_what_was_found_before_the_cut_is_kept(self, tmp_path: Path) -> None:
        put(tmp_path / "app/a.ts", KEY_ID)
        put(tmp_path / "app/b.ts", "0" * 100)
        answer = look(tmp_path, bounds=Bounds(bytes=50))
        assert found(answer) == {("a.ts", "access-key-id")}
        assert answer["cut"]

    def test_many_hits_are_counted_and_not_all_told(self, tmp_path: Path) -> None:
        for number in range(5):
            put(tmp_path / f"app/{number}.ts", f"{KEY_ID}\n" * 9)
        answer = look(tmp_path, bounds=Bounds(telling_files=2))
        assert len(answer["hits"]) == 2 * 3
        assert answer["files_more"] == 3


def _denied(*_: object, **__: object) -> int:
    raise PermissionError(13, "Permission denied")


class TestArchives:
    def test_an_app_is_looked_into(self, tmp_path: Path) -> None:
        library = zipped({"Keys.class": KEY_ID.encode()})
        put(tmp_path / "app.apk", zipped({"assets/index.bundle": KEY_ID.encode(), "libs/a.jar": library, "d/": b""}))
        answer = look(tmp_path, "app.apk")
        assert found(answer) == {
            ("app.apk!/assets/index.bundle", "access-key-id"),
            ("app.apk!/libs/a.jar!/Keys.class", "access-key-id"),
        }
        assert (answer["kind"], answer["archives"], answer["unseen"]) == ("file", 2, [])

    def test_an_archive_is_known_by_what_is_in_it(self, tmp_path: Path) -> None:
        put(tmp_path / "app/blob.bin", zipped({"k": KEY_ID.encode()}, zipfile.ZIP_STORED))
        assert found(look(tmp_path)) == {("blob.bin!/k", "access-key-id")}

    def test_utf_16_strings_are_read(self, tmp_path: Path) -> None:
        put(tmp_path / "app.ipa", zipped({"Payload/App.app/App": b"\x01\x02" + KEY_ID.encode("utf-16-le") + b"\x00"}))
        assert found(look(tmp_path, "app.ipa")) == {("app.ipa!/Payload/App.app/App", "access-key-id")}

    def test_archives_in_archives_end_somewhere(self, tmp_path: Path) -> None:
        inner = zipped({"k": KEY_ID.encode()})
        for depth in range(4):
            inner = zipped({f"{depth}.zip": inner})
        put(tmp_path / "a.zip", inner)
        [unseen] = look(tmp_path, "a.zip")["unseen"]
        assert unseen["file"] == "a.zip!/3.zip!/2.zip!/1.zip"
        assert "not looked into" in unseen["reason"]

    def test_a_bomb_is_refused_and_named(self, tmp_path: Path) -> None:
        put(tmp_path / "app/bomb.zip", zipped({"zeros": bytes(archives.HARMLESS + 1)}))
        answer = look(tmp_path)
        assert answer["unseen"][0]["file"] == "bomb.zip"
        assert "unpacks to" in answer["unseen"][0]["reason"]

    def test_a_bomb_that_lies_about_its_size_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(archives, "HARMLESS", 1000)
        file = io.BytesIO(zipped({"zeros": bytes(1_000_000)}))
        with zipfile.ZipFile(file) as archive:
            member = archives.Member("zeros", archive, archive.infolist()[0], archives.Budget())
            with pytest.raises(archives.Refused, match="more than 200 times"):
                member.open().read(1_000_000)

    def test_all_that_comes_out_of_one_archive_has_a_bound(self) -> None:
        file = io.BytesIO(zipped({"a": b"1" * 60, "b": b"2" * 60}))
        found = archives.members(file, archives.Budget(bytes=100))
        assert next(found).open().read(60) == b"1" * 60
        second = next(found).open()
        with pytest.raises(archives.Refused, match="unpacks to more"):
            second.read(60)

    def test_too_many_members_are_refused_before_they_are_read(self) -> None:
        file = io.BytesIO(zipped({str(number): b"" for number in range(20)}))
        with pytest.raises(archives.Refused, match="more than"):
            list(archives.members(file, archives.Budget(members=19)))
        assert len(list(archives.members(file, archives.Budget(members=20)))) == 20

    def test_a_directory_that_lies_about_its_length_is_refused(self) -> None:
        data = bytearray(zipped({"a": b"1"}))
        data[-10:-6] = (2**31).to_bytes(4, "little")
        with pytest.raises(archives.Refused, match="a directory of"):
            list(archives.members(io.BytesIO(bytes(data)), archives.Budget()))

    def test_what_is_damaged_or_locked_is_told(self, tmp_path: Path) -> None:
        put(tmp_path / "app/a.apk", b"not a zip " + KEY_ID.encode())
        locked = bytearray(zipped({"k": b"1"}))
        locked[locked.index(b"PK\x01\x02") + 8] |= 1
        locked[6] |= 1
        put(tmp_path / "app/b.zip", bytes(locked))
        put(tmp_path / "app/c.zip", zipped({"k": b"1"}, zipfile.ZIP_LZMA))
        damaged = bytearray(zipped({"k": b"123456789" * 100}))
        damaged[40:50] = b"\xff" * 10
        put(tmp_path / "app/d.zip", bytes(damaged))
        answer = look(tmp_path)
        assert {(each["file"], each["reason"]) for each in answer["unseen"]} == {
            ("a.apk", "it is no archive, or a damaged one"),
            ("b.zip!/k", "it is encrypted"),
            ("c.zip!/k", "it is packed with method 14, which is not read"),
            ("d.zip!/k", "it is damaged"),
        }
        assert found(answer) == {("a.apk", "access-key-id")}

    def test_any_bytes_behind_the_first_four_are_no_fault(self, tmp_path: Path) -> None:
        put(tmp_path / "app/x.bin", b"PK\x03\x04" + b"garbage" * 50 + KEY_ID.encode())
        answer = look(tmp_path)
        assert found(answer) == {("x.bin", "access-key-id")}
        assert answer["unseen"] == []


class TestWindows:
    @pytest.mark.parametrize(
        "before", [0, 5, WINDOW - MARGIN - 10, WINDOW - MARGIN, WINDOW - 10, WINDOW, 2 * WINDOW - 3]
    )
    def test_a_key_is_seen_once_wherever_it_stands(self, before: int) -> None:
        data = b"\n" * (before // 2) + b" " * (before - before // 2) + KEY_ID.encode() + b" " * (WINDOW // 3)
        [hit] = hits(io.BytesIO(data), lambda _: None)
        assert (hit.line, hit.column) == (before // 2 + 1, before - before // 2 + 1)

    def test_a_key_and_its_secret_on_two_sides_of_an_edge(self) -> None:
        start = WINDOW - MARGIN - len(KEY_ID) - 1
        data = b" " * start + f"{KEY_ID}\n{SECRET}\n".encode() + b" " * WINDOW
        assert [hit.kind.value for hit in hits(io.BytesIO(data), lambda _: None)] == [
            "access-key-id",
            "secret-access-key",
        ]

    def test_pieces_make_a_whole(self) -> None:
        class Trickle(io.BytesIO):
            def read(self, size: int | None = -1, /) -> bytes:
                return super().read(min(size or 0, 7))

        [hit] = hits(Trickle(b"x" * 100 + b" " + KEY_ID.encode()), lambda _: None)
        assert hit.column == 102


def tarred(content: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        info = tarfile.TarInfo("package/index.js")
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    return made.getvalue()


def test_packed_files_are_unpacked_as_they_are_read(tmp_path: Path) -> None:
    content = f"\nkey = '{KEY_ID}'\n".encode()
    packed = {
        "main.js.gz": gzip.compress(content),
        "main.js.bz2": bz2.compress(content),
        "main.js.xz": lzma.compress(content),
        "package.tgz": tarred(content),
        "no-ending": gzip.compress(content),
    }
    for name, octets in packed.items():
        put(tmp_path / "app" / name, octets)
    put(tmp_path / "app/app.apk", zipped(packed))
    names = {*packed, *(f"app.apk!/{name}" for name in packed)}
    answer = look(tmp_path)
    assert found(answer) == {(name, "access-key-id") for name in names}
    assert answer["unseen"] == []
    assert {hit["line"] for hit in answer["hits"] if hit["file"] == "main.js.gz"} == {2}


def test_what_is_packed_in_another_way_is_not_seen(tmp_path: Path) -> None:
    put(tmp_path / "app/a.7z", b"7z\xbc\xaf\x27\x1cwhatever")
    put(tmp_path / "app/main.js.br", b"whatever")
    put(tmp_path / "app/other.js.br", b"whatever")
    put(tmp_path / "app/other.js", "nothing")
    assert [each["file"] for each in look(tmp_path)["unseen"]] == ["a.7z", "main.js.br"]


def test_a_packed_file_that_is_damaged_or_a_bomb_is_not_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sesgate.evidence.clients.packed.HARMLESS", 1024)
    put(tmp_path / "app/bomb.gz", gzip.compress(b"\0" * 4_000_000))
    put(tmp_path / "app/torn.gz", gzip.compress(os.urandom(4000))[:2000])
    put(tmp_path / "app/app.zip", zipped({"bomb.xz": lzma.compress(b"\0" * 4_000_000)}))
    unseen = {each["file"]: each["reason"] for each in look(tmp_path)["unseen"]}
    assert unseen == {
        "bomb.gz": "it unpacks to more than 200 times its size",
        "torn.gz": "it is damaged",
        "app.zip!/bomb.xz": "it unpacks to more than 200 times its size",
    }
