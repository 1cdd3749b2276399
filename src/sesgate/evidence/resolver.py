"""The protocol of `sesgate.mail.resolver` over the DNS source, for what is no run of a gate."""

from collections.abc import Iterable

from sesgate.evidence.evidence import Evidence
from sesgate.evidence.lookup import lookup
from sesgate.evidence.question import NotSeen, Question
from sesgate.mail.resolver import DnsFailure, Records


class EvidenceResolver:
    """Asks all places ("resolver 1"), each question once; one good answer is enough."""

    def __init__(self, evidence: Evidence, places: Iterable[str]) -> None:
        self._evidence = evidence
        self._places = tuple(places)

    def query(self, name: str, rdtype: str) -> Records:
        """The records. Raises DnsFailure."""
        questions = [Question.dns(rdtype, name.replace("\\", "\\\\"), place) for place in self._places]
        answers = self._evidence.ask_all(questions)
        try:
            found = lookup(name, rdtype, dict(zip(self._places, answers, strict=True)))
        except NotSeen as unseen:
            raise DnsFailure(str(unseen)) from unseen
        return Records(found.records, found.exists)
