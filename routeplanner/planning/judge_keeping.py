"""Judges whether appointments can be kept, by timing days that hold nothing else."""

from collections.abc import Sequence
from functools import partial

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Findings
from routeplanner.domain.hours import format_clock
from routeplanner.domain.plan import Route
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import GivenMatrix, Scenario
from routeplanner.domain.workday import Stay
from routeplanner.errors import InputError, Severity
from routeplanner.planning.judge_appointments import shown
from routeplanner.planning.kept_free import BookedDay, first_clash, keep_free
from routeplanner.planning.slots import SlotKey, booked_days, slot_keys
from routeplanner.planning.timetable import time_day
from routeplanner.texts import text
from routeplanner.travel.source import TravelMatrix, places_of, travel_source


def judge_keeping(
    draft: Draft,
    reps: Sequence[Rep],
    cycle: Cycle,
    matrix: GivenMatrix | None,
    findings: Findings,
) -> None:
    """Notes appointments that a rep cannot keep even where there is nothing else to do.

    Notes
    -----
    Days that hold an appointment with another fault are left out.
    """
    if not draft.appointments:
        return
    # Not validated: whatever is wrong with it has been noted.
    scenario = Scenario.model_construct(
        stores=(),
        reps=tuple({rep.id: rep for rep in reversed(reps)}.values()),
        appointments=draft.appointments,
        policy=draft.policy,
        cycle=cycle,
        matrix=matrix,
        language=draft.language,
    )
    modes = tuple(dict.fromkeys(rep.mode for rep in scenario.reps))
    try:
        travel = travel_source(scenario).matrix(places_of(scenario), modes)
    except InputError:
        return  # a mode without speed, told where all travel is computed
    judge = _Judge(draft, scenario, travel, findings)
    calendar = draft.policy.calendar
    for key in slot_keys(scenario, calendar if isinstance(calendar, tuple) else None):
        judge.slot(key)


class _Judge:
    def __init__(
        self, draft: Draft, scenario: Scenario, matrix: TravelMatrix, findings: Findings
    ) -> None:
        self.scenario, self.matrix, self.findings = scenario, matrix, findings
        self.origins = draft.appointment_origins
        faulty = {(i.file, i.row) for i in findings.issues if i.severity is Severity.ERROR}
        self.faulty = {
            n for n, origin in enumerate(self.origins) if (origin.file, origin.row) in faulty
        }

    def slot(self, key: SlotKey) -> None:
        """A day, or the days on which a route of the calendar is driven."""
        days = booked_days(self.scenario, key, self.matrix)
        if any(stay.number in self.faulty for day in days for stay in day.stays):
            return
        sound = [
            self._day(key.rep, place.day, day)
            for place, day in zip(key.days, days, strict=True)
            if day.stays
        ]
        if len(days) > 1 and sound and all(sound):
            self._route(key, days)

    def _day(self, rep: Rep, day: int, booked: BookedDay) -> bool:
        route, late_s = time_day(self.scenario, self.matrix, rep, day, "T1", [])
        if late_s == 0:
            return True
        travel = partial(self.matrix.seconds, rep.mode)
        workday, stays, (leave, back) = booked.workday, booked.stays, booked.ends or (0, 0)
        if leave < workday.start:
            opens = format_clock(workday.start)
            values = {"minutes": _minutes(stays[0].start - leave), "opens": opens}
            self._tell(stays[0], "start", "TOO_EARLY", values)
        elif clash := first_clash(stays, travel):
            self._tell(clash[1], "start", "TOO_FAR_APART", self._of_clash(*clash, rep))
        elif back > workday.end + workday.overtime:
            closes = format_clock(workday.end)
            values = {"minutes": _minutes(back - stays[-1].end), "closes": closes}
            self._tell(stays[-1], "end", "TOO_LATE", values)
        else:
            longest = _hours(workday.available + workday.overtime)
            values = {"work": _hours(_work_s(route)), "longest": longest}
            self._tell(stays[-1], "end", "DAY_TOO_LONG", values)
        return False

    def _route(self, key: SlotKey, days: Sequence[BookedDay]) -> None:
        travel = partial(self.matrix.seconds, key.rep.mode)
        kept = keep_free(key.rep, days, travel)
        if clash := first_clash(kept.stays, travel):
            values = self._of_clash(*clash, key.rep) | {"route": key.template}
            self._tell(clash[1], "start", "ROUTE_CLASH", values)
        elif not kept.has_room:
            noon = (kept.lunch_lo + kept.lunch_hi) // 2
            nearest = min(kept.stays, key=lambda stay: abs(stay.start + stay.end - 2 * noon))
            self._tell(nearest, "start", "ROUTE_LUNCH", {"route": key.template})

    def _of_clash(self, before: Stay, after: Stay, rep: Rep) -> dict[str, object]:
        way = self.matrix.seconds(rep.mode, before.place, after.place)
        first = self.origins[before.number].words(self.scenario.language)
        return {"first": first, "end": format_clock(before.end), "minutes": _minutes(way)}

    def _tell(self, stay: Stay, column: str, cause: str, values: dict[str, object]) -> None:
        if stay.number in self.faulty:
            return
        origin, language = self.origins[stay.number], self.scenario.language
        meeting = self.scenario.appointments[stay.number]
        self.faulty |= {n for n, o in enumerate(self.origins) if o == origin}
        self.findings.error(
            "APPOINTMENT_CANNOT_BE_KEPT",
            origin,
            column,
            value=shown(meeting),
            day=text(f"words.{meeting.weekday}", language),
            why=text(f"issues.APPOINTMENT_{cause}", language, **values),
            remedy=text(f"issues.APPOINTMENT_{cause}_REMEDY", language),
        )


def _work_s(route: Route) -> int:
    """Leaving to returning without lunch."""
    clock = {stop.kind: stop for stop in route.stops}
    eaten = clock["lunch"].depart - clock["lunch"].start if "lunch" in clock else 0
    return clock["end"].start - clock["start"].start - eaten


def _minutes(seconds: int) -> int:
    return -(-seconds // 60)


def _hours(seconds: int) -> str:
    hours, rest = divmod(round(seconds / 60), 60)
    return f"{hours} h {rest:02d}"
