"""Reports merge to the same visits in any order, in any parts, however often; KPIs keep bounds."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from routeplanner.domain.kpi import KpiPeriod, KpiSettings, RepDay, StoreSpan
from routeplanner.domain.visit import REASONS, TRANSITIONS, AdHoc, Visit, VisitEvent
from routeplanner.operations.kpis import compute_kpis
from routeplanner.operations.visits import find_missed, merge_events, with_event

BERLIN = ZoneInfo("Europe/Berlin")
FIRST = date(2026, 10, 24)  # the clocks change on the 25th
STORES = {"A1": "A", "B1": "B", "C1": "C"}
REPS = ("R1", "R2")

dates = st.integers(0, 9).map(lambda n: FIRST + timedelta(days=n))
instants = st.integers(0, 10 * 24 * 12).map(
    lambda n: datetime(2026, 10, 24, tzinfo=BERLIN) + timedelta(minutes=5 * n)
)
planned = st.builds(
    Visit,
    id=st.sampled_from([f"v{n}" for n in range(6)]),
    rep=st.sampled_from(REPS),
    store_id=st.sampled_from(list(STORES)),
    store_class=st.sampled_from("ABC"),
    date=dates,
    position=st.none() | st.integers(1, 5),
    planned_start=st.none() | st.integers(0, 86_399),
    planned_minutes=st.none() | st.integers(5, 60).map(float),
)


@st.composite
def reports(draw: st.DrawFn) -> VisitEvent:
    ad_hoc = draw(
        st.none() | st.builds(AdHoc, st.sampled_from(REPS), st.sampled_from(list(STORES)), dates)
    )
    visit_id = draw(st.sampled_from(["n1", "n2"] if ad_hoc else [f"v{n}" for n in range(6)]))
    kind = draw(st.sampled_from(("check_in", "check_out", "skip", "not_visited", "cancel")))
    return VisitEvent(
        client_id=draw(st.sampled_from([f"e{n}" for n in range(8)])),
        visit_id=visit_id,
        kind=kind,
        recorded_at=draw(instants),
        at=draw(instants) if kind.startswith("check") else None,
        reason=draw(st.sampled_from(REASONS)),
        ad_hoc=ad_hoc,
        is_withdrawn=draw(st.sampled_from((False, False, False, True))),
    )


def merged(visits: Sequence[Visit], *uploads: Sequence[VisitEvent]) -> dict[str, Visit]:
    known = {visit.id: visit for visit in visits}
    for events in uploads:
        known |= merge_events(known, events, BERLIN, STORES).visits
    return known


@settings(max_examples=300, deadline=None)
@given(
    visits=st.lists(planned, max_size=4, unique_by=lambda v: v.id),
    events=st.lists(reports(), max_size=12),
    chance=st.randoms(use_true_random=False),
)
def test_order_parts_and_repeats_make_no_difference(
    visits: list[Visit], events: list[VisitEvent], chance: object
) -> None:
    expected = merged(visits, events)
    shuffled = [*events, *events[: len(events) // 2]]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    cut = len(shuffled) // 3
    assert merged(visits, shuffled) == expected
    assert merged(visits, shuffled[:cut], shuffled[cut:], events) == expected
    assert all(len({e.kind for e in v.entries}) == len(v.entries) for v in expected.values())


@settings(max_examples=300, deadline=None)
@given(visit=planned, events=st.lists(reports(), max_size=8), now=instants)
def test_statuses_change_along_the_table(
    visit: Visit, events: list[VisitEvent], now: datetime
) -> None:
    for event in events:
        if event.is_withdrawn:
            continue
        later = with_event(visit, event, STORES)
        assert later.status == visit.status or later.status in TRANSITIONS[visit.status]
        visit = later
    for found in find_missed([visit], now, BERLIN):
        assert found.status == "missed" in TRANSITIONS[visit.status]


@settings(max_examples=300, deadline=None)
@given(
    visits=st.lists(planned, max_size=6, unique_by=lambda v: v.id),
    events=st.lists(reports(), max_size=20),
    spans=st.lists(
        st.builds(StoreSpan, st.sampled_from(list(STORES)), st.none() | dates, st.none() | dates),
        max_size=2,
    ),
    rep_days=st.lists(
        st.builds(
            RepDay, st.sampled_from(REPS), dates, st.integers(0, 480).map(float), st.booleans()
        ),
        max_size=6,
        unique_by=lambda day: day.id,
    ),
    minimum=st.integers(0, 60),
    by=st.lists(st.sampled_from(("rep", "supervisor", "class", "week")), unique=True),
    first=dates,
    days=st.integers(0, 9),
)
def test_no_share_is_above_one_and_every_row_is_known(
    visits: list[Visit],
    events: list[VisitEvent],
    spans: list[StoreSpan],
    rep_days: list[RepDay],
    minimum: int,
    by: list[str],
    first: date,
    days: int,
) -> None:
    known = merged(visits, events)
    now = datetime(2026, 11, 1, tzinfo=BERLIN)
    known |= {visit.id: visit for visit in find_missed(known.values(), now, BERLIN)}
    period = KpiPeriod(first, first + timedelta(days=days))
    results = compute_kpis(
        known.values(),
        rep_days,
        period,
        BERLIN,
        by=by,  # type: ignore[arg-type]
        spans=spans,
        settings=KpiSettings(minimum_minutes=dict.fromkeys("ABC", float(minimum))),
    )
    inside = {visit.id for visit in known.values() if period.holds(visit.date)}
    names = inside | set(STORES) | {day.id for day in rep_days}
    for result in results:
        assert result.numerator >= 0
        assert set(result.numerator_ids) | set(result.denominator_ids) <= names
        assert set(result.visit_ids) <= inside
        assert len(set(result.denominator_ids)) == len(result.denominator_ids)
        if result.definition.unit != "minutes":
            assert set(result.numerator_ids) <= set(result.denominator_ids)
            assert result.numerator == len(result.numerator_ids)
            assert result.denominator == len(result.denominator_ids)
        if result.definition.is_share:
            assert result.numerator <= result.denominator + 1e-9
        both = {item.id for item in result.excluded if item.left_out_of == "both"}
        assert not both & set(result.denominator_ids)
