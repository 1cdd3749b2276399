"""Reading a gate: files, encodings, places, secrets, and the gates that are found or made of flags."""

import hashlib
import io
import os
import sys
from pathlib import Path

import pytest

from sesgate.gate import GateError, Place, find_gate, load_gate, smallest_gate
from sesgate.gate.loading import HOW_TO_BEGIN, LARGEST
from tests.gate.corpus import ENVIRON, EXAMPLE, SECRET, SMALLEST


def problem(path: Path, text: str | None = None) -> str:
    with pytest.raises(GateError) as caught:
        load_gate(path, ENVIRON, text)
    assert len(caught.value.problems) == 1
    assert "\n" not in str(caught.value)
    return str(caught.value)


def written(folder: Path, data: bytes) -> Path:
    path = folder / "gate.yaml"
    path.write_bytes(data)
    return path


def test_what_is_known_of_the_file(tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf" + SMALLEST.replace("\n", "\r\n").encode()
    loaded = load_gate(written(tmp_path, data), {})
    assert loaded.text.encode() == data
    assert loaded.sha256 == hashlib.sha256(data).hexdigest()
    assert loaded.path == tmp_path / "gate.yaml"
    assert loaded.folder == tmp_path
    assert loaded.locate("senders", 0, "address") == Place(4, 5)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(SMALLEST.encode())))
    loaded = load_gate("-", {})
    assert loaded.path is None
    assert loaded.folder == Path()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"version: 2")))
    with pytest.raises(GateError, match=r"^<stdin>:1:10: "):
        load_gate("-", {})


def test_a_pipe_is_a_file(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, SMALLEST.encode())
    os.close(writing)
    try:
        assert load_gate(Path(f"/dev/fd/{reading}"), {}).gate.version == 1
    finally:
        os.close(reading)


def test_what_is_no_file(tmp_path: Path) -> None:
    assert problem(tmp_path) == f"{tmp_path}: a gate file is expected, and this is a folder"
    assert problem(tmp_path / "no") == f"{tmp_path / 'no'}: there is no such file ({HOW_TO_BEGIN})"
    assert problem(tmp_path / "gate\0.yaml").endswith("gate\\x00.yaml: can't be read: embedded null byte")
    assert "can't be read" in problem(EXAMPLE / "below")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read(tmp_path: Path) -> None:
    path = written(tmp_path, SMALLEST.encode())
    path.chmod(0)
    assert problem(path) == f"{path}: can't be read: Permission denied"


def test_what_is_too_large(tmp_path: Path) -> None:
    path = written(tmp_path, SMALLEST.encode() + b"#" * LARGEST)
    assert problem(path) == f"{path}: larger than 1 MiB: this is not a gate"
    assert problem(written(tmp_path, b"#" * 10_000_000)) == f"{path}: larger than 1 MiB: this is not a gate"


def test_what_is_not_utf_8(tmp_path: Path) -> None:
    path = written(tmp_path, b"version: 1\nname: caf\xe9\n")
    assert problem(path) == f"{path}:2:10: not UTF-8: byte 0xe9 at offset 20 (save the file as UTF-8)"
    path = written(tmp_path, SMALLEST.encode("utf-16"))
    assert problem(path) == f"{path}:1:1: not UTF-8: byte 0xff at offset 0 (it looks like UTF-16)"


@pytest.mark.parametrize(
    ("character", "code"), [("\0", "0000"), ("\x1b", "001B"), ("\ufeff", "FEFF"), ("\ud800", "D800")]
)
def test_what_can_t_stand_in_yaml(character: str, code: str) -> None:
    assert problem(Path("g"), f"version: 1\nname: a{character}") == f"g:2:8: the character U+{code} can't stand in YAML"


def test_places() -> None:
    loaded = load_gate(EXAMPLE, ENVIRON)
    lines = EXAMPLE.read_text("utf-8").splitlines()

    def line(*path: str | int) -> str:
        place = loaded.locate(*path)
        return lines[place.line - 1][place.column - 1 :]

    assert line("aws", "region").startswith("region: ap-southeast-1")
    assert line("senders", 0).startswith("address: no-reply@")
    assert line("senders", 0, "mail_from").startswith("mail_from: bounce")
    assert line("services", 0, "variables", "PORT").startswith("PORT: {")
    assert line("services", 0, "source", 0, "ecs").startswith("ecs: {cluster")
    assert line("waivers", 0, "expires").startswith("expires: 2026-12-01")
    assert line("database", "cluster").startswith("database:"), "what is not written is where it would be"
    assert line("nowhere").startswith("version: 1")


def test_an_alias_is_where_its_anchor_is() -> None:
    loaded = load_gate(Path("g"), {}, SMALLEST + "may_send: [&a 'arn:*', *a]\n")
    assert loaded.locate("may_send", 1) == Place(5, 12)


def test_secrets_and_variables() -> None:
    request = "{path: /, headers: {A: 'Bearer ${API_TOKEN}'}}"
    probe = f"{{name: p, request: {request}, expect: {{status: 200}}}}"
    api = f"{{base_url: 'https://api.${{DOMAIN}}', probes: [{probe}]}}"
    loaded = load_gate(Path("g"), ENVIRON, SMALLEST + f"name: of ${{DOMAIN}}\napi: {api}\n")
    assert loaded.secrets == {SECRET}
    assert loaded.variables == {"DOMAIN": "yourdomain.com"}
    assert loaded.gate.api is not None
    assert loaded.gate.api.probes[0].request.headers == {"A": f"Bearer {SECRET}"}
    assert SECRET not in loaded.text
    assert SECRET not in repr(loaded)


def test_what_is_filled_into_the_rules_of_a_secret_is_secret() -> None:
    rules = "{A: {secret: true, equals: '${API_TOKEN}'}, B: {equals: '${STAGE}'}}"
    text = f"{SMALLEST}services: [{{name: a, source: process, variables: {rules}}}]\n"
    loaded = load_gate(Path("g"), ENVIRON, text)
    assert loaded.secrets == {SECRET}
    assert loaded.variables == {"STAGE": "staging"}


def test_a_replay_does_without_the_secrets() -> None:
    api = "{base_url: '${BASE_URL}', probes: [{name: p, request: {path: '${PATH_}', headers: {A: '${TOKEN}'}}"
    api += ", expect: {status: '${STATUS:-200}'}}], contract: {baseline: a, live: '${LIVE}'}}"
    text = f"{SMALLEST}name: ${{STAGE}}\napi: {api}\n"
    replayed = load_gate(Path("g"), {"STAGE": "staging"}, text, stand_in=True)
    assert replayed.gate.api is not None
    assert replayed.gate.api.base_url == "${BASE_URL}"
    with pytest.raises(GateError, match="STAGE is not set"):
        load_gate(Path("g"), {}, text, stand_in=True)
    with pytest.raises(GateError, match="BASE_URL is not set"):
        load_gate(Path("g"), {"STAGE": "staging"}, text)


def test_values_are_filled_and_keys_are_not() -> None:
    loaded = load_gate(Path("g"), ENVIRON, SMALLEST + 'checks: {a: {options: {"${STAGE}": "${STAGE}"}}}\n')
    assert loaded.gate.checks["a"].options == {"${STAGE}": "staging"}


def test_a_value_can_t_bring_yaml_with_it() -> None:
    loaded = load_gate(Path("g"), {"X": "a\nvolume: {daily: 1}"}, SMALLEST + "name: ${X}\n")
    assert loaded.gate.volume is None


def test_no_more_problems_are_told_than_anyone_reads() -> None:
    with pytest.raises(GateError) as caught:
        load_gate(Path("g"), {}, SMALLEST + "".join(f"unknown{number}: 1\n" for number in range(500)))
    assert len(caught.value.problems) == 101
    assert str(caught.value.problems[-1]) == "g: only the first 100 problems are told"


def test_a_gate_is_found_from_the_folder_upward(tmp_path: Path) -> None:
    folder = tmp_path / "repository" / "a" / "b"
    folder.mkdir(parents=True)
    (tmp_path / "gate.yaml").touch()
    assert find_gate(folder) == tmp_path / "gate.yaml"
    (tmp_path / "repository" / ".git").mkdir()
    assert find_gate(folder) is None, "not beyond the repository"
    for name in ("gate.yml", "gate.yaml", "sesgate.yml", "sesgate.yaml"):
        (tmp_path / "repository" / name).touch()
        assert find_gate(folder) == tmp_path / "repository" / name
    (folder / "gate.yml").touch()
    assert find_gate(folder) == folder / "gate.yml"
    (folder / "sesgate.yaml").mkdir()
    assert find_gate(folder) == folder / "gate.yml", "a folder is no gate"


def test_a_worktree_ends_the_search_as_well(tmp_path: Path) -> None:
    (tmp_path / "gate.yaml").touch()
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / ".git").write_text("gitdir: elsewhere")
    assert find_gate(tmp_path / "a") is None


def test_the_smallest_gate() -> None:
    loaded = smallest_gate("no-reply@yourdomain.com", "ap-southeast-1")
    assert loaded.gate == load_gate(Path("g"), {}, SMALLEST.replace("a@b.com", "no-reply@yourdomain.com")).gate
    assert loaded.path is None
    assert smallest_gate("yourdomain.com", "eu-west-1").gate.senders[0].domain == "yourdomain.com"


@pytest.mark.parametrize(
    "sender", ['a"@b.com', "a\\@b c", "a@b.com\nversion: 2", "${HOME}@", "é@b.com", "\x1b", "\udcff", ""]
)
def test_flags_can_t_bring_yaml_with_them(sender: str) -> None:
    with pytest.raises(GateError, match=r"^--sender: "):
        smallest_gate(sender, "ap-southeast-1")


def test_what_a_new_gate_is_told_to_be_is_one() -> None:
    text = HOW_TO_BEGIN.partition("the smallest is ")[2]
    assert load_gate(Path("g"), {}, text).gate.senders[0].address == "no-reply@yourdomain.com"


@pytest.mark.parametrize("sender", ["not-an-address", "", "yourdomain", "1.2.3.4"])
def test_a_sender_is_an_address_or_a_domain(sender: str) -> None:
    with pytest.raises(GateError) as caught:
        smallest_gate(sender, "eu-west-1")
    [problem] = caught.value.problems
    assert (
        str(problem)
        == f"--sender: an address or a domain is expected, such as no-reply@yourdomain.com, found {sender!r}"
    )


def test_each_flag_is_told_its_problem() -> None:
    with pytest.raises(GateError) as caught:
        smallest_gate("nobody@", "${AWS_REGION}")
    assert [str(problem) for problem in caught.value.problems] == [
        "--sender: a domain is expected, such as yourdomain.com, found 'nobody@'",
        "--region: an AWS region is expected, such as ap-southeast-1, found '${AWS_REGION}'",
    ]
