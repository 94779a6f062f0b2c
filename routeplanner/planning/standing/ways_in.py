"""What would get a store in that is not scheduled, each way found by computing it."""

from collections.abc import Iterable, Iterator, Sequence
from math import ceil

from routeplanner.domain.explained import Broken, DayChoice, WayIn
from routeplanner.domain.hours import format_clock
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import frequency_of, service_s
from routeplanner.planning.checker.codes import ViolationCode as Code
from routeplanner.planning.lever_steps import frequency_words, lower_frequencies
from routeplanner.planning.standing.choosing import (
    Slots,
    choice_of,
    in_order,
    joining_choices,
    ranked_choices,
)
from routeplanner.planning.standing.making_room import room_by_another
from routeplanner.planning.standing.standing import Standing, stand
from routeplanner.planning.standing.wording import way_in
from routeplanner.texts import text

_DAY_LIMITS = (Code.WORK_TOO_LONG, Code.OUTSIDE_WORKING_HOURS)
_HOURS_CODES = ("CLOSED_ON_ALLOWED_DAYS", "CLOSED_ON_TEMPLATE_DAYS", "TIME_WINDOW")
_LEAST_MINUTES = 5
_CHOICES_TRIED = 3
_STEPS_TRIED = 4


def ways_in(standing: Standing, store_id: str) -> tuple[WayIn, ...]:
    """Return what would give a store its visits without breaking a rule.

    Of the choices that the store is allowed those that break least are tried.
    """
    return tuple(_Search(standing, store_id).found())


class _Search:
    """The ways of one store into one plan."""

    def __init__(self, standing: Standing, store_id: str) -> None:
        self.standing, self.store_id = standing, store_id
        self.scenario, self.store = standing.scenario, standing.stores[store_id]
        self.allowed = standing.choices_of(store_id)
        pairs = joining_choices(standing, store_id)
        self.fits = _best(choice for choice, _ in pairs)
        self.nearest = (
            sorted(pairs, key=lambda pair: _excess(pair[0].broken)) if self.fits is None else []
        )

    def found(self) -> Iterator[WayIn]:
        """What is allowed as it is; where that is not all visits, what would give the rest."""
        if self.fits is not None:
            yield self._as_it_is(self.fits)
            if len(self.fits.days) >= self.allowed.required:
                return
        limited = [
            (choice, slots)
            for choice, slots in self.nearest
            if all(b.code in (*_DAY_LIMITS, Code.IN_STORE_LIMIT) for b in choice.broken)
        ][:_CHOICES_TRIED]
        for way in (
            self._shorter_visit(limited),
            self._longer_day(limited),
            self._other_hours(),
            self._lower_frequency(),
            room_by_another(
                self.standing, self.store_id, [slots for _, slots in self.nearest[:_CHOICES_TRIED]]
            ),
        ):
            if way is not None:
                yield way

    def _as_it_is(self, fits: DayChoice) -> WayIn:
        n, required = len(fits.days), self.allowed.required
        wording = "FITS" if n >= required else "FITS_PARTLY"
        return way_in(
            self.standing, "FITS", fits, wording=wording, visits=str(n), required=str(required)
        )

    def _shorter_visit(self, limited: Sequence[tuple[DayChoice, Slots]]) -> WayIn | None:
        """The most minutes in store, at least half of those that are due, that fit."""
        due = service_s(self.store, self.scenario.policy) / 60
        least = max(_LEAST_MINUTES, ceil(due / 2))
        best: WayIn | None = None
        for choice, slots in limited:
            most = ceil(due) - max(1, ceil(_largest(choice.broken)))
            for minutes in range(most, most - _STEPS_TRIED, -1):
                if minutes < least or (best is not None and minutes <= (best.minutes or 0)):
                    break
                other = self._with_store(service_minutes=float(minutes))
                found = choice_of(other, self.store_id, slots)
                if found.is_clean:
                    best = way_in(other, "SHORTER_VISIT", found, minutes=minutes, due=f"{due:g}")
                    break
        return best

    def _longer_day(self, limited: Sequence[tuple[DayChoice, Slots]]) -> WayIn | None:
        """The least overtime that fits."""
        best: WayIn | None = None
        allowed = self.scenario.policy.working_day.overtime_minutes
        for choice, slots in limited:
            if any(item.code == Code.IN_STORE_LIMIT for item in choice.broken):
                continue
            longer = ceil(_largest(choice.broken))
            if best is not None and longer >= (best.minutes or 0):
                continue
            other = self._with_overtime(allowed + longer)
            found = choice_of(other, self.store_id, slots)
            if found.is_clean:
                best = way_in(
                    other, "LONGER_DAY", found, minutes=longer, allowed=f"{allowed + longer:g}"
                )
        return best

    def _other_hours(self) -> WayIn | None:
        """The choice with fewest other days if every hour were possible; the hours it needs."""
        closed = self.allowed.closed_slots
        if not any(code in _HOURS_CODES for code in closed.values()):
            return None
        other = self._with_store(
            opening_hours=None, visit_hours=None, avoid_hours=None, closed_days=()
        )
        least = 0 if self.fits is None else len(self.fits.days)
        joining = [
            (len(slots & closed.keys()), in_order(choice), choice)
            for choice, slots in joining_choices(other, self.store_id)
            if choice.is_clean and len(choice.days) > least
        ]
        if not joining:
            return None
        *_, found = min(joining, key=lambda item: item[:2])
        return way_in(other, "OTHER_HOURS", found, hours=_hours_of(other, self.store_id, found))

    def _lower_frequency(self) -> WayIn | None:
        """The highest frequency that fits, where the days allowed hold fewer visits than due."""
        most = max((choice.weight for choice in self.allowed.choices), default=0)
        if not 0 < most < self.allowed.required:
            return None
        due, language = frequency_of(self.store, self.scenario.policy), self.scenario.language
        for frequency in lower_frequencies(self.scenario, due):
            other = self._with_store(frequency=str(frequency))
            choices = ranked_choices(other, self.store_id)
            found = next((c for c in choices if c.is_present), None) or _best(choices)
            if found is not None and found.is_clean and self._is_all(other, found):
                return way_in(
                    other,
                    "LOWER_FREQUENCY",
                    found,
                    frequency=frequency_words(frequency, language),
                    due=frequency_words(due, language),
                )
        return None

    def _is_all(self, other: Standing, choice: DayChoice) -> bool:
        """Whether a choice holds all visits that the store wants under other rules."""
        return len(choice.days) >= other.choices_of(self.store_id).required

    def _with_store(self, **changes: object) -> Standing:
        changed = Store.model_validate(self.store.model_dump(by_alias=True) | changes)
        stores = tuple(changed if s.id == changed.id else s for s in self.scenario.stores)
        return self._under(self.scenario.model_copy(update={"stores": stores}))

    def _with_overtime(self, minutes: float) -> Standing:
        day = self.scenario.policy.working_day.model_copy(update={"overtime_minutes": minutes})
        policy = self.scenario.policy.model_copy(update={"working_day": day})
        return self._under(self.scenario.model_copy(update={"policy": policy}))

    def _under(self, scenario: Scenario) -> Standing:
        """The same plan under other rules; travel does not depend on what is changed here."""
        return stand(scenario, self.standing.matrix, self.standing.plan)


def _best(choices: Iterable[DayChoice]) -> DayChoice | None:
    """The best of those that break nothing."""
    return min((choice for choice in choices if choice.is_clean), key=in_order, default=None)


def _excess(broken: Sequence[Broken]) -> float:
    return sum(float("inf") if b.over_minutes is None else b.over_minutes for b in broken)


def _largest(broken: Sequence[Broken]) -> float:
    return max((b.over_minutes or 0 for b in broken), default=0)


def _hours_of(standing: Standing, store_id: str, choice: DayChoice) -> str:
    """When the store would be visited on each weekday of a choice, in whole minutes."""
    cycle, language = standing.scenario.cycle, standing.scenario.language
    spans: dict[str, tuple[int, int]] = {}
    for slot, key in enumerate(standing.encoding.keys):
        if key.rep.id != choice.rep or not {day.day for day in key.days} <= set(choice.days):
            continue
        stands = store_id in standing.orders[slot]
        days = standing.as_it_is(slot) if stands else standing.changed(slot, (), store_id)
        for route in days.routes:
            visit = next(stop for stop in route.visits if stop.store_id == store_id)
            start, depart = visit.start // 60 * 60, -(-visit.depart // 60) * 60
            lo, hi = spans.get(route.weekday, (start, depart))
            spans[route.weekday] = min(lo, start), max(hi, depart)
    return text("hours.and", language).join(
        f"{text(f'words.{day}', language)} {format_clock(lo)}–{format_clock(hi)}"
        for day, (lo, hi) in sorted(spans.items(), key=lambda item: cycle.workdays.index(item[0]))
    )
