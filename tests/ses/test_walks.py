"""What a zone's own name servers say, judged: who is asked, who is behind, where a record is published."""

import pytest

from sesgate.ses.walks import Place, ServerSaid, Walk, delegation, is_newer, notes, published, told

A, B, C = "ns1.example.net", "ns2.example.net", "ns9.new-host.net"


def _walk(delegated: tuple[str, ...] | None = (A, B), *servers: ServerSaid) -> Walk:
    return Walk("yourdomain.com", "com", delegated, servers or (ServerSaid(A, 7, (A, B)), ServerSaid(B, 7, (A, B))))


@pytest.mark.parametrize(
    ("one", "other", "newer"),
    [(2, 1, True), (1, 2, False), (1, 1, False), (0, 2**32 - 1, True), (2**31, 0, False), (None, 1, False)],
)
def test_serials_wrap_around(one: int | None, other: int, newer: bool) -> None:
    assert is_newer(one, other) is newer


@pytest.mark.parametrize(
    ("right", "place"),
    [
        ({A: True, B: True}, Place.EVERYWHERE),
        ({A: True, B: None}, Place.EVERYWHERE),
        ({A: True, B: False}, Place.NOT_ON_ALL),
        ({A: False, B: False}, Place.NOWHERE),
        ({A: False, B: False, C: True}, Place.UNASKED),
        ({A: None, B: None}, Place.UNKNOWN),
        ({}, Place.UNKNOWN),
    ],
)
def test_where_a_record_is(right: dict[str, bool | None], place: Place) -> None:
    walk = _walk((A, B), ServerSaid(A, 7), ServerSaid(B, 7), ServerSaid(C, 9))
    assert published(walk, right).place is place


def test_each_place_has_a_sentence_of_its_own() -> None:
    walk = _walk((A, B), ServerSaid(A, 7), ServerSaid(B, 6), ServerSaid(C, 9))
    answers: list[dict[str, bool | None]] = [
        {A: True, B: True},
        {A: True, B: False},
        {A: False, B: False},
        {A: False, B: False, C: True},
    ]
    assert [told(walk, published(walk, right), 60) for right in answers] == [
        "every name server of yourdomain.com that answered has it; resolvers keep the old answer for up to 60 s more",
        "it is on ns1.example.net (serial 7) and not on ns2.example.net (serial 6): resolvers get the one or the other",
        "not published: none of the name servers of yourdomain.com has it (ns1.example.net, ns2.example.net)",
        "it is on ns9.new-host.net, in a zone that nobody asks: com delegates yourdomain.com to ns1.example.net, "
        "ns2.example.net",
    ]
    assert told(walk, published(walk, {}), 60) is None


def test_servers_that_agree_need_no_note() -> None:
    assert notes(_walk()) == []


def test_what_differs_on_the_way_is_noted() -> None:
    servers = (ServerSaid(A, 7, (A, C)), ServerSaid(B, trouble="it did not answer"), ServerSaid(C, 6, (A, C)))
    assert notes(_walk((A, B), *servers)) == [
        "ns2.example.net, a name server of yourdomain.com: it did not answer",
        "com delegates yourdomain.com to ns1.example.net, ns2.example.net, and the zone itself names "
        "ns1.example.net, ns9.new-host.net",
    ]


def test_only_servers_in_use_are_behind() -> None:
    servers = (ServerSaid(A, 7), ServerSaid(B, 6), ServerSaid(C, 5))
    assert [one.name for one in _walk((A, B), *servers).behind] == [B]


def test_a_delegation_that_was_not_seen_is_not_called_missing() -> None:
    walk = _walk(None)
    assert (walk.asked, walk.unasked) == ((A, B), ())
    assert "could not be seen" in delegation(walk)
    assert "does not delegate" in delegation(_walk(()))
