"""Holds an envelope against a public key and the files, and says of each what is not as it was sealed. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

from sesgate.pack_changes import changes
from sesgate.report.joint import AnyReport, gates_of
from sesgate.report.load import BadReport, load_report
from sesgate.seal.blocks import changed
from sesgate.seal.envelope import PAYLOAD_TYPE, BadEnvelope, Envelope, pae
from sesgate.seal.keys import PublicKey
from sesgate.seal.sameness import Differing, as_replayed, differing, outcome
from sesgate.seal.statement import PREDICATE, STATEMENT, TOLD, Part, Sealed, statement, subject_of, told

MOST_PLACES = 5
_LONGEST = 100


class Line(Struct, frozen=True):
    """One thing that was looked at: `holds` is None where it could not be. `told` are lines that say what was seen."""

    what: str
    holds: bool | None
    told: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Its JSON."""
        return {"what": self.what, "holds": self.holds, "told": list(self.told)}


class Examination(Struct, frozen=True):
    """What the envelope, the signature and the digests tell. `document` is the statement, where it is authentic."""

    lines: tuple[Line, ...]
    document: Mapping[str, Any] | None = None

    def line(self, what: str) -> Line:
        """The line about one thing."""
        return next(line for line in self.lines if line.what == what)


def examine(octets: bytes, key: PublicKey, files: Sequence[Sealed]) -> Examination:
    """Envelope, signature and digests. What is not authentic is not held against the files."""
    unseen = [Line(file.part.value, None, ("what was sealed is not known",)) for file in files]
    try:
        envelope = Envelope.from_octets(octets)
    except BadEnvelope as bad:
        return Examination((Line("envelope", False, (f"it is no envelope: {bad}",)), *unseen))
    form = _form(envelope, octets, key)
    signature = _signature(envelope, key, files)
    if not signature.holds:
        return Examination((form, signature, *unseen))
    document = _document(envelope.payload)
    if document is None:
        strange = Line("statement", False, ("it is signed, and no test result that sesgate sealed",))
        return Examination((form, signature, strange, *unseen))
    return Examination((form, signature, *(_file(document, file) for file in files)), document)


def replayed(document: Mapping[str, Any], report: AnyReport | None, again: AnyReport) -> Line:
    """The verdict: what was signed, and the report where it is the sealed one, against the replay of the recording."""
    predicate, now = document["predicate"], told(again)
    versions = tuple(_versions(document, again))
    places = [place for name in TOLD for place in differing(predicate.get(name), now[name], f"/predicate/{name}")]
    if not places and report is not None:
        places = list(_not_the_same(report, again, exact=not versions))
    if not places:
        findings = sum(len(gate.findings) for gate in gates_of(again))
        same = f"replayed: {again.verdict.value.replace('_', ' ').upper()}, {findings} findings, the same"
        return Line("verdict", True, (same, *versions))
    return Line(
        "verdict", False, ("the replay tells something else", *_placed(places, "sealed", "replayed"), *versions)
    )


def changed_places(octets: bytes, again: AnyReport) -> tuple[str, ...]:
    """Where a changed report says something else than the replay does."""
    try:
        here = as_replayed(json.loads(octets))
    except (ValueError, RecursionError, AttributeError):
        return ("it is no JSON object any more",)
    return tuple(_placed(list(differing(here, as_replayed(again.to_dict()))), "it says", "the replay says"))


def _not_the_same(report: AnyReport, again: AnyReport, *, exact: bool) -> Iterator[Differing]:
    if exact:
        yield from differing(as_replayed(report.to_dict()), as_replayed(again.to_dict()))
        return
    (verdict, findings), (verdict_now, findings_now) = outcome(report), outcome(again)
    if verdict != verdict_now:
        yield Differing("/verdict", verdict, verdict_now)
    for one in sorted(findings ^ findings_now, key=str):
        shown = " ".join(str(word) for word in one[:4])
        yield Differing("/findings", shown if one in findings else None, shown if one in findings_now else None)


def _form(envelope: Envelope, octets: bytes, key: PublicKey) -> Line:
    """Whether the envelope is spelt as sesgate spells it, and names the key that was given."""
    spelt = envelope.to_octets()
    if spelt != octets:
        at = next(
            (at for at, (a, b) in enumerate(zip(spelt, octets, strict=False)) if a != b), min(len(spelt), len(octets))
        )
        return Line("envelope", False, (f"byte {at} is not as sesgate writes it",))
    signature, *others = envelope.signatures
    if others:
        return Line("envelope", False, ("it has more than the one signature that sesgate writes",))
    if signature.keyid != key.fingerprint and key.verifies(signature.octets, envelope.signed):
        return Line("envelope", False, ('its "keyid" was changed: the key that signed is', key.fingerprint))
    return Line("envelope", True, ("as sesgate writes it",))


def _signature(envelope: Envelope, key: PublicKey, files: Sequence[Sealed]) -> Line:
    if any(key.verifies(one.octets, envelope.signed) for one in envelope.signatures):
        if envelope.payload_type != PAYLOAD_TYPE:
            return Line("signature", False, (f"it is for something else: payloadType is {envelope.payload_type}",))
        return Line("signature", True, ("made with the key", key.fingerprint))
    return Line("signature", False, tuple(_why_not(envelope, key, files)))


def _why_not(envelope: Envelope, key: PublicKey, files: Sequence[Sealed]) -> Iterator[str]:
    """What was changed, where the files still tell: the statement can be made of them again."""
    again = _made_again(envelope.payload, files)
    if again and any(key.verifies(one.octets, pae(PAYLOAD_TYPE, again)) for one in envelope.signatures):
        if envelope.payload_type != PAYLOAD_TYPE:
            yield "the payloadType was changed: the signature is for the one that sesgate writes"
        if envelope.payload != again:
            yield "the payload was changed: the signature is for another one, that of these files"
            yield from _payload_places(envelope.payload, again)
        return
    named = envelope.signatures[0].keyid
    if named != key.fingerprint:
        yield "it was not made with the key that was given"
        yield f"given  {key.fingerprint}"
        yield f"in it  {named or 'none'}"
    elif again == envelope.payload:
        yield "the signature was changed: the payload is what these files give"
    else:
        yield "payload and signature do not belong together: one of them was changed"


def _payload_places(payload: bytes, again: bytes) -> Iterator[str]:
    try:
        places = list(differing(json.loads(payload), json.loads(again)))
    except (ValueError, RecursionError):
        yield "it is no JSON any more"
        return
    yield from _placed(places, "it says", "signed was")


def _made_again(payload: bytes, files: Sequence[Sealed]) -> bytes | None:
    """The statement that these files give; None where they give none."""
    try:
        report = load_report(next(file.octets for file in files if file.part is Part.REPORT).decode())
    except (StopIteration, UnicodeDecodeError, BadReport):
        return None
    try:
        url = json.loads(payload)["predicate"].get("url")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        url = None
    return statement(report, files, url if isinstance(url, str) else None)


def _document(payload: bytes) -> Mapping[str, Any] | None:
    """The statement, where it is one that tells of a report and a recording."""
    try:
        document = json.loads(payload)
        known = document["_type"] == STATEMENT and document["predicateType"] == PREDICATE
        known = known and isinstance(document["predicate"], dict)
        for part in Part:
            subject = subject_of(document, part)
            known = known and subject is not None and bool(subject["digest"]["sha256"])
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError):
        return None
    return document if known else None


def _file(document: Mapping[str, Any], file: Sealed) -> Line:
    subject = subject_of(document, file.part)
    assert subject is not None
    wanted = subject["digest"]["sha256"]
    if file.sha256 == wanted:
        return Line(file.part.value, True, (f"{file.name}, as it was sealed",))
    lines = [f"{file.name} was changed; its sha256:", f"sealed {wanted}", f"found  {file.sha256}"]
    return Line(
        file.part.value, False, (*lines, *_stretches(file, subject.get("annotations", {}).get("sesgate_blocks")))
    )


def _stretches(file: Sealed, known: Any) -> Iterator[str]:
    try:
        found = list(changed(file.octets, known))
    except (LookupError, TypeError, ValueError):
        return
    if len(file.octets) != known["size"]:
        yield f"{known['size']:,} bytes were sealed, here are {len(file.octets):,}"
        yield from (f"from byte {one.first:,} on, line {one.first_line:,}, they differ" for one in found)
        return
    for one in found[:MOST_PLACES]:
        yield f"bytes {one.first:,} to {one.last:,} differ, lines {one.first_line:,} to {one.last_line:,}"
    if len(found) > MOST_PLACES:
        yield f"and {len(found) - MOST_PLACES} stretches more"


def _placed(places: Sequence[Differing], here: str, there: str) -> Iterator[str]:
    for one in places[:MOST_PLACES]:
        yield f"{one.pointer or '/'}: {here} {_value(one.here)}, {there} {_value(one.there)}"
    if len(places) > MOST_PLACES:
        yield f"and {len(places) - MOST_PLACES} places more"


def _value(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=True)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _versions(document: Mapping[str, Any], again: AnyReport) -> Iterator[str]:
    """What read the gate when it was sealed and is another one now."""
    tools = [
        one for one in document["predicate"].get("configuration", ()) if str(one.get("uri", "")).startswith("pkg:")
    ]
    uri = f"pkg:pypi/{again.tool.name}@{again.tool.version}"
    for one in tools:
        if one["uri"] != uri:
            yield f"sealed was {one['uri']}, this is {uri}"
        yield from changes(one.get("annotations", {}).get("sesgate_packs", {}), again.tool.packs)
