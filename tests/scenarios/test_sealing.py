"""Seals as a user meets them: written after a run, verified a year later, anywhere else."""

import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from sesgate.sandbox import Sandbox, evening_before, ready
from sesgate.seal.envelope import PAYLOAD_TYPE, Envelope, Signature, pae
from tests.seal.keys import made, private_pem, public_pem

from .stage import Done, Stage

KEY = made()
RUN = ("check", "--report", "json:report.json", "--record", "evidence.json", "--quiet")
VERIFY = ("report", "verify", "report.intoto.json", "--key", "seal.pub")


def give_keys(folder: Path) -> None:
    """Both halves of one key, and the public half of another."""
    (folder / "seal.key").write_bytes(private_pem(KEY))
    (folder / "seal.key").chmod(0o600)
    (folder / "seal.pub").write_bytes(public_pem(KEY))
    (folder / "other.pub").write_bytes(public_pem(made()))


@pytest.fixture(scope="module")
def run_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the evening before with everything kept and sealed."""
    folder = tmp_path_factory.mktemp("kept")
    with Sandbox(evening_before()) as sandbox:
        stage = Stage(sandbox, folder)
        give_keys(folder)
        done = stage.run(*RUN, "--seal", "seal.key")
    assert (done.code, done.err) == (1, "")
    return folder


@pytest.fixture
def sealed(run_once: Path, tmp_path: Path) -> Stage:
    """What it left behind, in another folder, after the account is gone."""
    for path in run_once.glob("*.*"):
        shutil.copy(path, tmp_path / path.name)
    return Stage(Sandbox(ready()), tmp_path)


def change(path: Path, old: str, new: str) -> None:
    """Changes a file in one place."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def statuses(done: Done) -> dict[str, bool | None]:
    """What holds, by what was looked at."""
    return {line["what"]: line["holds"] for line in json.loads(done.out)["lines"]}


def test_a_seal_holds_in_another_place_without_any_account(sealed: Stage) -> None:
    done = sealed.run(*VERIFY, environ={"AWS_ENDPOINT_URL": None, "COLUMNS": "80"})
    assert (done.code, done.err) == (0, "")
    looked_at = [line.split(":")[0].split() for line in done.out.splitlines() if not line.startswith(" ")]
    assert looked_at == [["ok", what] for what in ("envelope", "signature", "report", "recording", "verdict")]
    assert "replayed: NOT READY" in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_sealing_later_is_the_same_seal(sealed: Stage) -> None:
    before = (sealed.folder / "report.intoto.json").read_bytes()
    done = sealed.run("report", "seal", "report.json", "--key", "seal.key", "--output", "again.json")
    assert done.code == 0
    assert done.err == f"sesgate: sealed: again.json, by the key {KEY.public.fingerprint}\n"
    assert (sealed.folder / "again.json").read_bytes() == before


def test_another_key_is_told(sealed: Stage) -> None:
    done = sealed.run(*VERIFY[:-1], "other.pub", "--json")
    assert done.code == 1
    assert statuses(done) == {
        "envelope": True, "signature": False, "report": None, "recording": None, "verdict": None
    }  # fmt: skip
    assert "not made with the key that was given" in done.out


def test_a_changed_report_is_named_with_the_place(sealed: Stage) -> None:
    change(sealed.folder / "report.json", '"status": "fail"', '"status": "pass"')
    done = sealed.run(*VERIFY)
    assert done.code == 1
    assert "WRONG    report: report.json was changed" in done.out
    assert '/status: it says "pass", the replay says "fail"' in done.out
    assert "ok       verdict" in done.out


def test_a_report_that_is_none_any_more_is_named(sealed: Stage) -> None:
    (sealed.folder / "report.json").write_bytes(b"\xff\xfe")
    done = sealed.run(*VERIFY)
    assert done.code == 1
    assert "bytes were sealed, here are 2" in done.out
    assert "it is no JSON object any more" in done.out


def test_a_changed_recording_is_named_and_not_replayed(sealed: Stage) -> None:
    change(sealed.folder / "evidence.json", '"NOERROR"', '"NXDOMAIN"')
    done = sealed.run(*VERIFY, "--json")
    assert done.code == 1
    assert statuses(done) == {
        "envelope": True, "signature": True, "report": True, "recording": False, "verdict": None
    }  # fmt: skip
    assert "bytes were sealed" in done.out


@pytest.mark.parametrize(("old", "new"), [('"keyid":"', '"keyid":"0'), ('"sig":"', '"sig":"AAAA'), ("{", "[")])
def test_a_changed_envelope_is_named(sealed: Stage, old: str, new: str) -> None:
    change(sealed.folder / "report.intoto.json", old, new)
    done = sealed.run(*VERIFY, "--report", "report.json", "--recording", "evidence.json")
    assert done.code == 1
    assert "WRONG    " in done.out


def test_a_signed_statement_that_names_no_files_does_not_hold(sealed: Stage) -> None:
    payload = b'{"_type": "https://in-toto.io/Statement/v1", "subject": []}'
    signature = Signature(KEY.public.fingerprint, KEY.sign(pae(PAYLOAD_TYPE, payload)))
    (sealed.folder / "report.intoto.json").write_bytes(Envelope(payload, (signature,)).to_octets())
    done = sealed.run(*VERIFY)
    assert done.code == 1
    assert "not seen files: the seal does not name what was sealed" in done.out


@pytest.mark.parametrize("octets", [b"", b"{}", b'{"payloadType":"application', b"\xff"])
def test_an_envelope_that_is_none_any_more_is_named(sealed: Stage, octets: bytes) -> None:
    (sealed.folder / "report.intoto.json").write_bytes(octets)
    done = sealed.run(*VERIFY)
    assert (done.code, done.err) == (1, "")
    assert done.out.startswith("WRONG    envelope: it is no envelope: ")


def test_the_recording_of_another_run_is_not_sealed(sealed: Stage) -> None:
    """It says another thing than the report: a seal would promise what no replay shows."""
    shutil.copy(sealed.folder / "evidence.json", sealed.folder / "other.json")
    change(sealed.folder / "other.json", '"NOERROR"', '"NXDOMAIN"')
    done = sealed.run(
        "report", "seal", "report.json", "--key", "seal.key", "--recording", "other.json", "--output", "new.json"
    )
    assert done.code == 1
    assert "nothing was signed: other.json is not the recording of report.json" in done.err
    assert not (sealed.folder / "new.json").exists()


def test_what_weighed_in_the_run_weighs_in_the_replay(stage: Stage) -> None:
    """Warnings that stop the gate, a baseline, and waivers that count no more are in the recording."""
    give_keys(stage.folder)
    stage.sandbox.zone["_dmarc.yourdomain.com"] = {"TXT": ["v=DMARC1; p=none"]}
    strict = stage.run(*RUN, "--seal", "seal.key", "--fail-on", "warning", "--no-waivers", "--only", "dmarc")
    assert strict.code == 1
    assert stage.run(*VERIFY).code == 0
    assert stage.run("replay", "evidence.json", "--quiet").code == 1
    assert stage.run("replay", "evidence.json", "--quiet", "--fail-on", "blocker").code == 0
    baseline = ("--fail-on", "warning", "--only", "dmarc", "--baseline", "report.json")
    assert stage.run("check", "--record", "later.json", "--quiet", *baseline).code == 0
    assert stage.run("replay", "later.json", "--quiet").code == 0


def test_the_run_in_the_pipeline_is_named(stage: Stage) -> None:
    give_keys(stage.folder)
    job = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "acme/api", "GITHUB_RUN_ID": "7"}
    assert stage.run(*RUN, "--seal", "seal.key", "--offline", environ=job).code == 0
    document = json.loads(Envelope.from_octets((stage.folder / "report.intoto.json").read_bytes()).payload)
    assert document["predicate"]["url"] == "https://github.com/acme/api/actions/runs/7"
    assert stage.run(*VERIFY).code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--seal", "missing.key", "--record", "e.json", "--report", "json:r.json"), "missing.key: no such file"),
        (("--seal", "seal.pub", "--record", "e.json", "--report", "json:r.json"), "it is a public key"),
        (("--seal", "gate.yaml", "--record", "e.json", "--report", "json:r.json"), "it is no key: make one with"),
        (("--seal", "seal.key", "--record", "e.json"), "--report json:report.json"),
        (("--seal", "seal.key", "--record", "e.json", "--report", "json:-"), "--report json:report.json"),
        (("--seal", "seal.key", "--report", "json:r.json"), "--record evidence.json"),
        (("--seal", "seal.key", "--record", "r.intoto.json", "--report", "json:r.json"), "another name"),
    ],
)
def test_what_a_seal_needs_is_tried_before_anything_is_asked(
    stage: Stage, arguments: tuple[str, ...], told: str
) -> None:
    give_keys(stage.folder)
    done = stage.run("check", *arguments)
    assert done.code == 2
    assert told in done.err
    assert done.out == ""
    assert stage.sandbox.log.calls == []


def test_a_key_in_the_place_of_its_path_is_not_shown(stage: Stage) -> None:
    pem = private_pem(KEY).decode()
    done = stage.run(*RUN, environ={"SESGATE_SEAL": pem})
    assert (done.code, done.out) == (2, "")
    assert "a key was given where the path of its file is expected" in done.err
    assert pem.splitlines()[1] not in done.err


def test_a_seal_that_could_not_be_written_is_told_beforehand(stage: Stage) -> None:
    give_keys(stage.folder)
    (stage.folder / "r.intoto.json").mkdir()
    done = stage.run("check", "--seal", "seal.key", "--record", "e.json", "--report", "json:r.json")
    assert done.code == 2
    assert "can't write r.intoto.json: it is a directory" in done.err


@pytest.mark.skipif(os.name != "posix", reason="modes of files")
def test_a_key_that_others_may_read_is_warned_of(stage: Stage) -> None:
    give_keys(stage.folder)
    (stage.folder / "seal.key").chmod(0o644)
    done = stage.run(*RUN, "--seal", "seal.key", "--offline")
    assert done.code == 0
    assert "warning: others may read the private key seal.key" in done.err
    mode = stat.S_IMODE((stage.folder / "report.intoto.json").stat().st_mode)
    assert mode & stat.S_IRUSR


def test_an_encrypted_key_takes_its_passphrase_from_the_environment(stage: Stage) -> None:
    give_keys(stage.folder)
    (stage.folder / "seal.key").write_bytes(private_pem(KEY, "open sesame"))
    closed = stage.run(*RUN, "--seal", "seal.key", "--offline")
    assert closed.code == 2
    assert "its passphrase is expected in SESGATE_SEAL_PASSPHRASE" in closed.err
    opened = stage.run(*RUN, "--seal", "seal.key", "--offline", environ={"SESGATE_SEAL_PASSPHRASE": "open sesame"})
    assert opened.code == 0
    assert stage.run(*VERIFY).code == 0
    kept = "".join(path.read_text("utf-8") for path in stage.folder.glob("*.json"))
    assert "open sesame" not in kept + opened.out + opened.err


def test_without_the_extra_it_says_how_to_install_it(sealed: Stage) -> None:
    """A folder before all others holds a cryptography that can't be imported."""
    (sealed.folder / "without").mkdir()
    (sealed.folder / "without" / "cryptography.py").write_text("raise ModuleNotFoundError('cryptography')\n", "utf-8")
    without = {"PYTHONPATH": str(sealed.folder / "without")}
    for arguments in (VERIFY, (*RUN, "--seal", "seal.key"), ("report", "seal", "report.json", "--key", "seal.key")):
        done = sealed.process(*arguments, environ=without)
        assert done.code == 2
        assert "pip install 'sesgate[seal]'" in done.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("verify", "missing.json", "--key", "seal.pub"), "missing.json: no such file"),
        (("verify", "report.intoto.json", "--key", "seal.key"), "it is a private key"),
        (("verify", "report.intoto.json", "--key", "seal.pub", "--report", "gone.json"), "gone.json: no such file"),
        (("seal", "gate.yaml", "--key", "seal.key"), "gate.yaml: the report is not JSON"),
        (("seal", "report.json", "--key", "seal.key", "--recording", "gate.yaml"), "it is not JSON"),
        (("seal", "report.json", "--key", "seal.key", "--output", "./report.json"), "take the place of ./report.json"),
        (("seal", "report.json", "--key", "seal.key", "--output", "seal.key"), "would take the place of seal.key"),
    ],
)
def test_what_can_not_be_read_is_told(sealed: Stage, arguments: tuple[str, ...], told: str) -> None:
    done = sealed.run("report", *arguments)
    assert told in done.err
    assert done.code in (1, 2)
    assert "fault in sesgate" not in done.err


def test_a_report_without_a_recording_is_not_sealed(stage: Stage) -> None:
    give_keys(stage.folder)
    stage.run("check", "--report", "json:report.json", "--quiet", "--offline")
    done = stage.run("report", "seal", "report.json", "--key", "seal.key")
    assert done.code == 2
    assert "report.json names no recording" in done.err


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
def test_openssl_makes_keys_and_confirms_the_signature(stage: Stage) -> None:
    """The page for auditors says how: nothing of sesgate is needed for that."""
    folder = stage.folder

    def openssl(*arguments: str) -> str:
        done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=True)
        return done.stdout

    openssl("genpkey", "-algorithm", "ed25519", "-out", "seal.key")
    openssl("pkey", "-in", "seal.key", "-pubout", "-out", "seal.pub")
    assert stage.run(*RUN, "--seal", "seal.key", "--offline").code == 0
    assert stage.run(*VERIFY).code == 0
    envelope = Envelope.from_octets((folder / "report.intoto.json").read_bytes())
    (folder / "signed").write_bytes(
        b"DSSEv1 28 application/vnd.in-toto+json %d " % len(envelope.payload) + envelope.payload
    )
    (folder / "signature").write_bytes(envelope.signatures[0].octets)
    told = openssl(
        "pkeyutl", "-verify", "-pubin", "-inkey", "seal.pub", "-rawin", "-in", "signed", "-sigfile", "signature"
    )
    assert "Verified Successfully" in told
