"""What the application sends as: the addresses that its variables name, else the identities that SES has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from pydantic_core import PydanticCustomError

from sesgate.gate import is_address
from sesgate.gate.models.shapes import domain_of
from sesgate.ses.placeholders import is_simulator, placeholder_word, reserved_name
from sesgate.ses.senders import identity_names

if TYPE_CHECKING:
    from sesgate.drafting.facts import Place
    from sesgate.ses.identities import ListedIdentity

MOST = 10
"""Senders that are taken without being asked for."""
_WAITING = frozenset({"PENDING", "NOT_STARTED", "TEMPORARY_FAILURE"})


class Candidate(Struct, frozen=True):
    """One sender: an address or a domain, where it comes from, and what SES thinks of it, each in a few words."""

    name: str
    origin: str
    standing: str

    @property
    def is_address(self) -> bool:
        return "@" in self.name

    @property
    def domain(self) -> str:
        return self.name.rpartition("@")[2].lower()


class Choice(Struct, frozen=True):
    """The senders that were chosen, and what was left out: identities and addresses, each with the reason."""

    chosen: tuple[Candidate, ...]
    left_out: tuple[tuple[str, str], ...] = ()

    def only(self, names: Iterable[str]) -> "Choice":
        """The same, with some of the senders."""
        wanted = {name.lower() for name in names}
        kept = tuple(each for each in self.chosen if each.name.lower() in wanted)
        others = tuple((each.name, "not chosen") for each in self.chosen if each.name.lower() not in wanted)
        return Choice(kept, (*others, *self.left_out))


def choose(given: Sequence[str], places: Sequence["Place"], identities: Sequence["ListedIdentity"] | None) -> Choice:
    """What was given; else the addresses that variables name; else the identities. `identities` is None for unseen."""
    by_name = None if identities is None else {each.name.lower(): each for each in identities}
    found = _given(given) if given else _named(places)
    told = _each_once((name, origin) for name, origin in found if can_send_as(name))
    chosen = tuple(Candidate(name, origin, _standing(name, by_name)) for name, origin in told)
    refused = [(name, f"{origin}: no plain address or domain") for name, origin in found if not can_send_as(name)]
    if chosen:
        return Choice(chosen, (*refused, *_others(identities or (), chosen)))
    able = {each.name.lower(): each for each in identities or () if not _reason_against(each)}
    taken = tuple(Candidate(each.name, "an identity in SES", _told(each)) for each in list(able.values())[:MOST])
    return Choice(taken, (*refused, *_others(identities or (), taken)))


def can_send_as(name: str) -> bool:
    """Whether a gate takes it: a plain address, or a domain."""
    return is_address(name) if "@" in name else _is_domain(name)


def _is_domain(name: str) -> bool:
    try:
        return domain_of(name) != ""
    except PydanticCustomError:
        return False


def _given(names: Iterable[str]) -> list[tuple[str, str]]:
    return [(name, "--sender") for name in names]


def _named(places: Iterable["Place"]) -> list[tuple[str, str]]:
    """Addresses in variables; a name that is set aside for examples is none."""
    return [
        (address, f"{variable} of {place.shown}")
        for place in places
        for variable, address in place.told("sender", "address").items()
        if reserved_name(address) is None
    ]


def _each_once(found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The first of each name, whatever its case, and whether or not a domain ends in a dot."""
    first: dict[str, tuple[str, str]] = {}
    for name, origin in found:
        plain = name.removesuffix(".")
        first.setdefault(plain.lower(), (plain, origin))
    return list(first.values())


def _standing(name: str, identities: Mapping[str, "ListedIdentity"] | None) -> str:
    if identities is None:
        return "its identity was not seen"
    behind = next((identities[each] for each in identity_names(name) if each in identities), None)
    if behind is None:
        return "no identity in SES stands for it here"
    return _told(behind) if behind.name.lower() == name.lower() else f"{_told(behind)}, as {behind.name}"


def _told(identity: "ListedIdentity") -> str:
    if not identity.is_verified:
        return f"not verified yet ({identity.verification_status or 'no status'})"
    return "verified" if identity.sending_enabled else "verified, and not allowed to send"


def _reason_against(identity: "ListedIdentity") -> str | None:
    """Why an identity is not taken for a sender."""
    name = identity.name
    word = placeholder_word(name)
    if reserved_name(name) or is_simulator(name) or word:
        return f"a placeholder, as it seems ({word or 'a reserved name'})"
    if not can_send_as(name):
        return "its name can't stand in a gate"
    if not identity.is_verified and identity.verification_status not in _WAITING:
        return f"not verified ({identity.verification_status or 'no status'})"
    return None


def _others(identities: Sequence["ListedIdentity"], chosen: Sequence[Candidate]) -> list[tuple[str, str]]:
    """The identities that stand behind no chosen sender."""
    used = {name for each in chosen for name in identity_names(each.name)}
    rest = [each for each in identities if each.name.lower() not in used]
    return [(each.name, _reason_against(each) or f"{_told(each)}; nothing here sends as it") for each in rest]
