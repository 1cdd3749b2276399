"""A look at something: questions side by side, and a note of each that got no answer."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from sesgate.drafting import Unseen
from sesgate.evidence import Evidence, NotSeen, Question


class Look(Struct, frozen=True):
    """Asks on; what could not be seen is kept in `unseen`."""

    evidence: Evidence
    region: str
    unseen: list[Unseen] = []

    def read(self, questions: Mapping[str, Question]) -> dict[str, Any]:
        """The values, by what is looked for; None where it does not exist or could not be seen."""
        answers = self.evidence.ask_all(questions.values())
        found: dict[str, Any] = {}
        for what, answer in zip(questions, answers, strict=True):
            try:
                found[what] = answer.read()
            except NotSeen as hidden:
                self.missed(what, hidden)
                found[what] = None
        return found

    def aws(self, service: str, operation: str, parameters: Mapping[str, Any] | None = None) -> Question:
        """An AWS read in the region that is looked at."""
        return Question.aws(self.region, service, operation, parameters)

    def missed(self, what: str, hidden: NotSeen) -> None:
        """Notes what could not be seen."""
        self.unseen.append(Unseen(what, hidden.failure.message, hidden.failure.grant))
