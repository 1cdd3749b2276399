"""A first gate, written from what was found: pure, from facts to a commented text."""

from sesgate.drafting.facts import (
    Database,
    Domain,
    Facts,
    Folder,
    Place,
    Principal,
    Quota,
    SenderFacts,
    Unseen,
    Variable,
)
from sesgate.drafting.gate import draft
from sesgate.drafting.senders import Candidate, Choice, can_send_as, choose
from sesgate.drafting.services import Selected, select

__all__ = [
    "Candidate",
    "Choice",
    "Database",
    "Domain",
    "Facts",
    "Folder",
    "Place",
    "Principal",
    "Quota",
    "Selected",
    "SenderFacts",
    "Unseen",
    "Variable",
    "can_send_as",
    "choose",
    "draft",
    "select",
]
