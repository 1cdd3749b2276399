"""Where a file was changed."""

from hypothesis import given
from hypothesis import strategies as st

from sesgate.seal.blocks import MOST, blocks, changed

FILE = b"".join(b"line %d\n" % number for number in range(1, 2001))


def test_a_file_that_is_as_it_was() -> None:
    assert list(changed(FILE, blocks(FILE))) == []


def test_a_changed_octet_lies_in_the_stretch_that_is_told() -> None:
    at = FILE.index(b"line 1000\n")
    [stretch] = changed(FILE[:at] + b"L" + FILE[at + 1 :], blocks(FILE))
    assert stretch.first <= at <= stretch.last < stretch.first + 1024
    assert stretch.first_line <= 1000 <= stretch.last_line


def test_changes_far_apart_are_two_stretches_and_close_ones_one() -> None:
    octets = bytearray(FILE)
    for at in (10, 1030, 9000):
        octets[at] ^= 1
    assert [one.first for one in changed(bytes(octets), blocks(FILE))] == [0, 8192]


def test_from_an_insertion_on_all_differs() -> None:
    [stretch] = changed(FILE[:5000] + b"x" + FILE[5000:], blocks(FILE))
    assert (stretch.first, stretch.last) == (4096, len(FILE))


def test_a_large_file_has_no_more_blocks_than_a_small_one() -> None:
    told = blocks(bytes(3_000_000))
    assert len(told["sha256"]) <= MOST
    assert told["block"] == 16_384


@given(st.binary(min_size=1, max_size=3000), st.data())
def test_no_change_goes_unseen(octets: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(octets) - 1))
    other = octets[:at] + bytes([octets[at] ^ data.draw(st.integers(1, 255))]) + octets[at + 1 :]
    assert any(one.first <= at <= one.last for one in changed(other, blocks(octets)))
    assert list(changed(octets[:at], blocks(octets)))
