"""Plans of the sample in which days hold an appointment and no visit."""

from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.scenario import Scenario

MEETING_PLACE = (30.3, 120.2)


def with_meeting_days(plan: Plan, *days: int) -> Plan:
    """The plan with some days of R01, each with an appointment, stripped of their visits."""
    routes = tuple(
        _meeting_only(route) if route.rep == "R01" and route.day in days else route
        for route in plan.routes
    )
    by_day = tuple(
        day.model_copy(
            update={
                "visits": 0, "visits_by_class": {}, "in_store_minutes": 0.0, "work_minutes": 60.0,
                "travel_minutes": 0.0, "travel_km": 0.0, "filled": 0.15, "in_store_share": 0.0,
            }
        )
        if day.rep == "R01" and day.day in days
        else day
        for day in plan.measures.by_day
    )  # fmt: skip
    measures = plan.measures.model_copy(update={"by_day": by_day})
    return plan.model_copy(update={"routes": routes, "measures": measures})


def with_meeting_place(scenario: Scenario) -> Scenario:
    """The scenario with its appointment away from the base."""
    (meeting,) = scenario.appointments
    lat, lon = MEETING_PLACE
    moved = meeting.model_copy(update={"lat": lat, "lon": lon})
    return scenario.model_copy(update={"appointments": (moved,)})


def _meeting_only(route: Route) -> Route:
    meeting = next(stop for stop in route.stops if stop.kind == "appointment")
    begin, end = meeting.start, meeting.depart

    def at(kind: str, start: int, stop: int, title: str = "") -> Stop:
        fields = {"arrive": start, "start": start, "depart": stop, "title": title}
        return Stop.model_validate({"kind": kind, **fields})

    stops = (
        at("office", begin - 900, begin),
        at("start", begin, begin),
        at("appointment", begin, end, meeting.title),
        at("end", end, end),
        at("office", end, end + 1800),
    )
    return route.model_copy(update={"stops": stops})
