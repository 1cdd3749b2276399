"""A seal holds for just these octets: no change of any of them goes unseen, and what was changed is named."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from sesgate.report.model import Report
from sesgate.seal.envelope import PAYLOAD_TYPE, Envelope, Signature, pae
from sesgate.seal.sameness import differing
from sesgate.seal.statement import Part, Sealed, statement
from sesgate.seal.verification import Examination, changed_places, examine, replayed
from sesgate.verdict import Verdict
from tests.report import samples

from .keys import made

KEY, OTHER = made(), made()
REPORT = samples.evening_before()
FILES = (
    Sealed(Part.REPORT, "report.json", REPORT.to_json().encode()),
    Sealed(Part.RECORDING, "evidence.json", json.dumps({"answers": ["x"] * 500}, indent=1).encode()),
)
STATEMENT = statement(REPORT, FILES)


def sealed(payload: bytes = STATEMENT, kind: str = PAYLOAD_TYPE, keyid: str = KEY.public.fingerprint) -> Envelope:
    """An envelope of KEY's."""
    return Envelope(payload, (Signature(keyid, KEY.sign(pae(kind, payload))),), kind)


ENVELOPE = sealed().to_octets()


def looked_at(
    envelope: bytes = ENVELOPE, report: bytes = FILES[0].octets, recording: bytes = FILES[1].octets
) -> Examination:
    files = (replace(FILES[0], octets=report), replace(FILES[1], octets=recording))
    return examine(envelope, KEY.public, files)


def words(found: Examination, what: str) -> str:
    """All that is told of one thing."""
    return "\n".join(found.line(what).told)


def holds(found: Examination) -> bool:
    return all(line.holds for line in found.lines)


def flipped(octets: bytes, at: int, mask: int) -> bytes:
    return octets[:at] + bytes([octets[at] ^ mask]) + octets[at + 1 :]


def test_what_was_sealed_holds() -> None:
    assert holds(looked_at())


@given(st.data(), st.integers(1, 255))
def test_no_changed_byte_goes_unseen(data: st.DataObject, mask: int) -> None:
    which = data.draw(st.sampled_from(["report", "recording", "envelope"]))
    octets = {"report": FILES[0].octets, "recording": FILES[1].octets, "envelope": ENVELOPE}[which]
    at = data.draw(st.integers(0, len(octets) - 1))
    found = looked_at(**{which: flipped(octets, at, mask)})
    assert not holds(found)
    if which != "envelope":
        assert found.line(which).holds is False
        other = "recording" if which == "report" else "report"
        assert found.line(other).holds
        assert "differ" in words(found, which)


def test_no_byte_of_an_envelope_can_be_another() -> None:
    small = Envelope(b"{}", (Signature(KEY.public.fingerprint, KEY.sign(pae(PAYLOAD_TYPE, b"{}"))),)).to_octets()
    for at in range(len(small)):
        for mask in (1, 2, 4, 8, 16, 32, 64, 128):
            found = examine(flipped(small, at, mask), KEY.public, ())
            assert not all(line.holds for line in found.lines if line.what in ("envelope", "signature"))


@given(st.data())
def test_no_truncation_or_addition_goes_unseen(data: st.DataObject) -> None:
    which = data.draw(st.sampled_from(["report", "recording", "envelope"]))
    octets = {"report": FILES[0].octets, "recording": FILES[1].octets, "envelope": ENVELOPE}[which]
    at = data.draw(st.integers(0, len(octets) - 1))
    for other in (octets[:at], octets + b"\n", octets[:at] + b" " + octets[at:]):
        assert not holds(looked_at(**{which: other}))


@given(st.binary(max_size=200))
@example(b'{"signatures":[{"sig":""}],"payload":"","payloadType":""}')
@example(b'{"signatures":[{"sig":"","keyid":"\\ud800"}],"payload":"e30=","payloadType":"\\ud800"}')
def test_anything_at_all_can_be_examined(octets: bytes) -> None:
    assert not holds(looked_at(envelope=octets))
    assert not holds(examine(sealed(octets).to_octets(), KEY.public, FILES))


def test_another_key_is_told_apart_from_a_changed_signature() -> None:
    found = examine(ENVELOPE, OTHER.public, FILES)
    assert "not made with the key that was given" in words(found, "signature")
    assert KEY.public.fingerprint in words(found, "signature")
    assert found.line("report").holds is None
    wrong = Envelope(STATEMENT, (Signature(KEY.public.fingerprint, OTHER.sign(pae(PAYLOAD_TYPE, STATEMENT))),))
    assert "the signature was changed" in words(looked_at(wrong.to_octets()), "signature")


def altered(change: Callable[[dict[str, Any]], None]) -> bytes:
    """The envelope with its payload changed, under the old signature."""
    document = json.loads(STATEMENT)
    change(document)
    payload = json.dumps(document, sort_keys=True, separators=(",", ":")).encode()
    return replace(Envelope.from_octets(ENVELOPE), payload=payload).to_octets()


def test_a_changed_payload_is_told_with_its_place() -> None:
    found = looked_at(altered(lambda document: document["predicate"].update(result="PASSED")))
    assert "the payload was changed" in words(found, "signature")
    assert '/predicate/result: it says "PASSED", signed was "FAILED"' in words(found, "signature")


def test_a_payload_changed_together_with_its_report_is_still_told() -> None:
    envelope = altered(lambda document: document["subject"][0]["digest"].update(sha256="0" * 64))
    found = looked_at(envelope, report=b"{}")
    assert "do not belong together" in words(found, "signature")


def test_a_changed_payload_type_is_told() -> None:
    envelope = replace(Envelope.from_octets(ENVELOPE), payload_type="application/json").to_octets()
    assert "the payloadType was changed" in words(looked_at(envelope), "signature")
    assert "for something else" in words(looked_at(sealed(kind="application/json").to_octets()), "signature")


def test_a_changed_key_id_is_told() -> None:
    found = looked_at(sealed(keyid="0" * 64).to_octets())
    assert found.line("signature").holds
    assert '"keyid" was changed' in words(found, "envelope")


def test_other_spellings_and_more_signatures_are_told() -> None:
    document = json.loads(ENVELOPE)
    found = looked_at(json.dumps(document).encode())
    assert found.line("signature").holds
    assert found.line("envelope").holds is False
    document["signatures"].append({"keyid": "x", "sig": base64.b64encode(b"y").decode()})
    several = json.dumps(document, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    assert "more than the one signature" in words(looked_at(several), "envelope")


def without(name: str) -> bytes:
    document = json.loads(STATEMENT)
    del document[name]
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    "payload", [b"[]", b"1", b"{", b"{}", without("subject"), without("predicate"), without("_type")]
)
def test_something_else_that_the_key_signed_is_no_seal(payload: bytes) -> None:
    found = looked_at(sealed(payload).to_octets())
    assert found.line("signature").holds
    assert found.line("statement").holds is False
    assert found.document is None


def test_where_a_file_was_changed() -> None:
    text = FILES[0].octets
    at = text.index(b'"cause"')
    found = looked_at(report=flipped(text, at, 1))
    line = text.count(b"\n", 0, at) + 1
    assert FILES[0].sha256 in words(found, "report")
    [told] = [one for one in found.line("report").told if one.startswith("bytes ")]
    first, last = told.partition("lines ")[2].split(" to ")
    assert int(first) <= line <= int(last)
    assert "bytes were sealed" in words(looked_at(report=text + b" "), "report")


def test_the_replay_must_tell_what_was_sealed() -> None:
    document = json.loads(STATEMENT)
    again = replace(REPORT, replayed=True, duration_seconds=99.0, recording=None)
    assert replayed(document, REPORT, again).holds
    other = replayed(document, REPORT, replace(again, verdict=Verdict.READY))
    assert other.holds is False
    assert '/predicate/result: sealed "FAILED", replayed "WARNED"' in other.told


def reworded(report: Report) -> Report:
    first, *others = report.findings
    return replace(report, findings=(replace(first, message="in other words"), *others))


def test_other_words_are_a_difference_for_the_same_version_only() -> None:
    document = json.loads(STATEMENT)
    again = reworded(REPORT)
    line = replayed(document, REPORT, again)
    assert line.holds is False
    assert any(told.startswith("/findings/0/message: sealed ") for told in line.told)
    newer = replace(again, tool=replace(again.tool, version="9.9.9", packs={"acme": "1"}))
    line = replayed(document, REPORT, newer)
    assert line.holds
    assert any("this is pkg:pypi/sesgate@9.9.9" in told for told in line.told)
    assert "the pack acme was not there, and is 1" in line.told


def test_another_version_that_decides_otherwise_is_a_difference() -> None:
    first, *others = REPORT.findings
    newer = replace(
        REPORT, tool=replace(REPORT.tool, version="9.9.9"), findings=(replace(first, cause="else"), *others)
    )
    line = replayed(json.loads(STATEMENT), REPORT, newer)
    assert line.holds is False
    assert any("else" in told for told in line.told)


def test_where_a_changed_report_and_the_replay_part() -> None:
    text = FILES[0].octets.replace(b'"verdict": "not_ready"', b'"verdict": "ready"')
    assert changed_places(text, REPORT) == ('/verdict: it says "ready", the replay says "not_ready"',)
    assert changed_places(b"[", REPORT) == changed_places(b"[]", REPORT) == ("it is no JSON object any more",)


def test_differences_are_told_by_pointer() -> None:
    here = {"a/b": [1, {"c~": True}], "same": 1, "gone": None}
    there = {"a/b": [1, {"c~": 1}, "more"], "same": 1}
    assert [(one.pointer, one.here, one.there) for one in differing(here, there)] == [
        ("/a~1b/1/c~0", True, 1),
        ("/a~1b/2", None, "more"),
        ("/gone", None, None),
    ]
