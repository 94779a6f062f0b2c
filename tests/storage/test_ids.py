"""Ids are UUIDs of version 7 in the order of their creation."""

import time

from routeplanner.storage.ids import new_id


def test_ids_are_of_version_7_and_differ() -> None:
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {id_.version for id_ in ids} == {7}
    assert {id_.variant for id_ in ids} == {"specified in RFC 4122"}


def test_later_ids_are_greater() -> None:
    first = new_id()
    time.sleep(0.002)
    assert first < new_id()
