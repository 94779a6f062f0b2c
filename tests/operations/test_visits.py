"""Reports of visits by hand: what each leads to, and what is refused."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from routeplanner.domain.visit import (
    EXCUSED,
    REASONS,
    TRANSITIONS,
    AdHoc,
    EventKind,
    Reason,
    Visit,
    VisitEvent,
    VisitStatus,
)
from routeplanner.operations.visits import (
    Refusal,
    find_missed,
    is_over,
    merge_events,
)
from routeplanner.texts import text

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2026, 10, 8)
VISIT = Visit("v1", "R1", "A1", "A", DAY)
CLASSES = {"A1": "A", "B1": "B"}


def at(hour: int, minute: int = 0, day: int = 8) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=SHANGHAI)


def report(
    kind: EventKind, when: datetime, key: str | None = None, *, recorded: datetime | None = None,
    reason: Reason | None = None, **fields: object,
) -> VisitEvent:  # fmt: skip
    is_check = kind in ("check_in", "check_out")
    known = {"at": when if is_check else None, "reason": reason}
    return VisitEvent(key or kind, "v1", kind, recorded or when, **(known | fields))  # type: ignore[arg-type]


def after(*events: VisitEvent, visit: Visit = VISIT) -> Visit:
    merged = merge_events({"v1": visit}, events, SHANGHAI, CLASSES)
    return merged.visits.get("v1", visit)


IN, OUT = report("check_in", at(9)), report("check_out", at(9, 30))
SKIP = report("skip", at(18, 0, 7), reason="called_to_office")
NOT_VISITED = report("not_visited", at(20), reason="refused")
CANCEL = report("cancel", at(8))


@pytest.mark.parametrize(
    ("events", "status"),
    [
        ((), "planned"),
        ((IN,), "started"),
        ((IN, OUT), "done"),
        ((OUT, IN), "done"),
        ((OUT,), "started"),
        ((SKIP,), "skipped"),
        ((NOT_VISITED,), "missed"),
        ((CANCEL,), "canceled"),
        ((SKIP, IN, OUT), "done"),
        ((CANCEL, IN), "started"),
        ((SKIP, CANCEL), "canceled"),
        ((NOT_VISITED, SKIP), "skipped"),
    ],
)
def test_what_was_seen_counts_more_than_what_was_decided(
    events: tuple[VisitEvent, ...], status: VisitStatus
) -> None:
    assert after(*events).status == status


def test_minutes_and_reasons() -> None:
    assert after(IN, OUT).minutes == 30
    assert after(IN, report("check_out", at(8))).minutes is None
    assert after(SKIP).reason == "called_to_office"
    assert after(NOT_VISITED).reason == "refused"
    assert after(NOT_VISITED, IN, OUT).reason is None


def test_the_last_word_of_a_kind_holds_whenever_it_arrives() -> None:
    corrected = report("check_out", at(9, 45), "again", recorded=at(11))
    assert after(IN, OUT, corrected).minutes == after(IN, corrected, OUT).minutes == 45


def test_a_report_can_be_taken_back() -> None:
    back = report("check_in", at(9), "back", recorded=at(9, 1), is_withdrawn=True)
    assert after(IN, back).status == after(back, IN).status == "planned"


def test_every_report_is_answered() -> None:
    newer = report("check_in", at(9, 10), "newer", recorded=at(10))
    merged = merge_events({"v1": VISIT}, [newer, IN, newer], SHANGHAI, CLASSES)
    assert [a.outcome for a in merged.answers] == ["applied", "outdated", "repeated"]
    again = merge_events(merged.visits, [newer], SHANGHAI, CLASSES)
    assert [a.outcome for a in again.answers] == ["repeated"]
    assert again.visits == {}


@pytest.mark.parametrize(
    ("event", "refusal"),
    [
        (report("check_in", at(23, 59, 7)), "WRONG_DAY"),
        (report("check_in", at(0, 0, 9)), "WRONG_DAY"),
        (report("check_out", at(23, 59, 7)), "WRONG_DAY"),
        (report("check_out", at(0, 0, 10)), "WRONG_DAY"),
        (report("not_visited", at(23, 0, 7), reason="closed"), "WRONG_DAY"),
        (report("skip", at(0, 0, 9), reason="closed"), "DAY_OVER"),
        (report("skip", at(9)), "REASON_MISSING"),
        (report("not_visited", at(9)), "REASON_MISSING"),
        (report("check_in", at(9), at=None), "TIME_MISSING"),
        (report("check_in", at(9), at=datetime(2026, 10, 8, 9)), "TIME_WITHOUT_ZONE"),
        (replace(IN, visit_id="v2"), "UNKNOWN_VISIT"),
        (replace(IN, visit_id="v2", ad_hoc=AdHoc("R1", "Z9", DAY)), "UNKNOWN_VISIT"),
    ],
)
def test_what_cannot_be_is_refused(event: VisitEvent, refusal: Refusal) -> None:
    merged = merge_events({"v1": VISIT}, [event], SHANGHAI, CLASSES)
    assert [(a.outcome, a.refusal) for a in merged.answers] == [("refused", refusal)]
    assert merged.visits == {}
    for language in ("en", "zh"):
        assert "v2" in text(f"visits.{refusal.lower()}", language, value="v2")
        assert text(f"visits.{refusal.lower()}_hint", language)


def test_a_visit_may_end_and_be_skipped_at_the_last_minute_of_its_day() -> None:
    assert after(report("check_in", at(23, 50)), report("check_out", at(0, 5, 9))).minutes == 15
    assert after(report("skip", at(23, 59), reason="closed")).status == "skipped"


def test_an_ad_hoc_visit_opens_with_whichever_report_comes_first() -> None:
    place = AdHoc("R1", "B1", DAY)
    begin, end = (replace(e, visit_id="new", ad_hoc=place) for e in (IN, OUT))
    for events in ([begin, end], [end, begin]):
        visit = merge_events({}, events, SHANGHAI, CLASSES).visits["new"]
        assert (visit.origin, visit.rep, visit.store_id, visit.store_class) == (
            "ad_hoc", "R1", "B1", "B",
        )  # fmt: skip
        assert (visit.date, visit.status, visit.minutes) == (DAY, "done", 30)


def test_missed_is_found_when_the_day_is_over_where_the_organization_is() -> None:
    """Midnight in Shanghai is 16:00 UTC of the day before."""
    before, midnight = (
        datetime(2026, 10, 8, 15, 59, tzinfo=UTC),
        datetime(2026, 10, 8, 16, tzinfo=UTC),
    )
    assert find_missed([VISIT], before, SHANGHAI) == ()
    (missed,) = find_missed([VISIT], midnight, SHANGHAI)
    assert missed.status == "missed"
    assert find_missed([missed], midnight, SHANGHAI) == ()
    assert find_missed([after(IN), after(SKIP), after(CANCEL)], midnight, SHANGHAI) == ()
    late = after(IN, OUT, visit=missed)
    assert late.status == "done"


def test_a_day_of_25_hours_is_over_after_its_last_one() -> None:
    """Berlin, 25 October 2026: local midnight is 23:00 UTC, after 25 hours."""
    berlin, day = ZoneInfo("Europe/Berlin"), date(2026, 10, 25)
    begin = datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert begin.astimezone(berlin).date() == day
    assert not is_over(day, begin + timedelta(hours=24, minutes=59), berlin)
    assert is_over(day, begin + timedelta(hours=25), berlin)


def test_reasons_are_a_closed_list() -> None:
    assert len(REASONS) == 7
    assert set(REASONS) > EXCUSED
    assert all(text(f"visits.reason_{reason}", "zh") for reason in REASONS)
    assert all(text(f"visits.{status}", "en") for status in TRANSITIONS)
