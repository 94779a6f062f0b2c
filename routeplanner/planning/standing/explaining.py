"""Answers why a store is on its days, what others would cost, and what fills a day."""

from collections.abc import Iterator, Sequence

from routeplanner.domain.explained import DayExplained, StoreExplained, StoreOnDay, WayIn
from routeplanner.domain.plan import Route, Unserved
from routeplanner.domain.rep import Rep
from routeplanner.domain.store import store_words
from routeplanner.domain.workday import work_day_on
from routeplanner.planning.measures import day_figures
from routeplanner.planning.standing.choosing import ranked_choices
from routeplanner.planning.standing.excluded import excluded_days
from routeplanner.planning.standing.missing import missing_rows
from routeplanner.planning.standing.naming import slot_on
from routeplanner.planning.standing.standing import Standing, difference
from routeplanner.planning.standing.ways_in import ways_in
from routeplanner.texts import text


def explain_store(standing: Standing, store_id: str) -> StoreExplained:
    """
    Return where a store of the plan stands, where else it could and at what cost.

    Where visits are missing also why, and what would get it in.
    """
    encoding = standing.encoding
    present = sorted(
        (key.rep.id, day.day)
        for slot, key in enumerate(encoding.keys)
        if store_id in standing.orders[slot]
        for day in key.days
    )
    row = next((r for r in missing_rows(standing) if r.store_id == store_id), None)
    ways = ways_in(standing, store_id) if row else ()
    reason, hint = _why_missing(standing, row, ways) if row else ("", "")
    return StoreExplained(
        store_id=store_id,
        store_name=standing.stores[store_id].name,
        required=standing.choices_of(store_id).required,
        scheduled=len(present),
        present=tuple(present),
        choices=ranked_choices(standing, store_id),
        excluded=excluded_days(standing, store_id),
        reason=reason,
        hint=hint,
        ways_in=ways,
    )


def _why_missing(standing: Standing, row: Unserved, ways: Sequence[WayIn]) -> tuple[str, str]:
    """Why visits are missing and what would help; that there is room now, where there is."""
    has_room = any(way.code == "FITS" and len(way.choice.days) >= row.required for way in ways)
    if not has_room or row.code == "DROPPED":
        return row.message, row.hint
    language = standing.scenario.language
    message = text(
        "explain.room_now",
        language,
        store=store_words(standing.stores[row.store_id]),
        missing=row.required - row.served,
        required=row.required,
    )
    return message, text("explain.room_now_hint", language)


def explain_day(standing: Standing, rep_id: str, day: int) -> DayExplained | None:
    """
    Return what fills a rep's day and which stores cost most there; none on a day off.

    Under a route calendar a store's savings are those of one day on which the route is driven.
    """
    scenario = standing.scenario
    rep = next(rep for rep in scenario.reps if rep.id == rep_id)
    slot = slot_on(standing, rep_id, day)
    if slot is None:
        return None
    route = next((r for r in standing.plan.routes if (r.rep, r.day) == (rep_id, day)), None)
    key = standing.encoding.keys[slot]
    return DayExplained(
        rep=rep_id,
        day=day,
        week=scenario.cycle.day(day).week,
        weekday=scenario.cycle.day(day).weekday,
        route=route.template if route is not None else key.template or "",
        **_content(standing, rep, day, route),
        driven_days=tuple(driven.day for driven in key.days) if key.template else (day,),
        stores=tuple(sorted(_stores(standing, slot, day), key=lambda s: -s.saves.work_minutes)),
    )


def _content(standing: Standing, rep: Rep, day: int, route: Route | None) -> dict[str, float]:
    """Minutes by what they go to; together the working hours."""
    scenario = standing.scenario

    def travel(origin: str, target: str) -> int:
        return standing.matrix.seconds(rep.mode, origin, target)

    hours = work_day_on(
        scenario.policy, rep, scenario.cycle.day(day), scenario.appointments, travel
    )
    assert hours is not None, "slots are working days only"
    figures = None if route is None else day_figures(scenario, route, standing.matrix)
    stops = () if route is None else route.stops
    meetings = sum(stop.depart - stop.start for stop in stops if stop.kind == "appointment")
    work = 0 if figures is None else figures.work_s
    seconds = {
        "hours": hours.end - hours.start,
        "in_store": 0 if figures is None else figures.in_store_s,
        "travel": 0 if figures is None else figures.travel_s,
        "waiting": 0 if figures is None else figures.waiting_s,
        "appointment": meetings,
        "lunch": hours.lunch,
        "office": hours.prepare + hours.summary,
        "reserve": hours.shift_hi - hours.shift_lo - hours.lunch - hours.available,
        "free": hours.available - work,
    }
    minutes = {f"{name}_minutes": round(value / 60, 2) for name, value in seconds.items()}
    return minutes | {"travel_km": 0 if figures is None else round(figures.travel_km, 3)}


def _stores(standing: Standing, slot: int, day: int) -> Iterator[StoreOnDay]:
    n_days = max(1, len(standing.as_it_is(slot).routes))
    route = next((r for r in standing.as_it_is(slot).routes if r.day == day), None)
    for stop in route.visits if route is not None else ():
        store_id = stop.store_id or ""
        saves = difference(
            standing.changed(slot, {store_id}).figures, standing.as_it_is(slot).figures
        )
        yield StoreOnDay(
            position=stop.position or 0,
            store_id=store_id,
            store_name=standing.stores[store_id].name,
            in_store_minutes=(stop.depart - stop.start) / 60,
            saves=saves.model_copy(
                update={
                    name: round(value / n_days, 3) for name, value in saves.model_dump().items()
                }
            ),
        )
