"""Hours that a territory needs against hours there are, and the changes that would make it fit."""

from typing import Literal

from routeplanner.domain.base import Frozen
from routeplanner.domain.hours import TimeOfDay
from routeplanner.domain.policy import CalendarRows

LeverKind = Literal[
    "frequency",
    "minutes",
    "lines",
    "calendar",
    "reserve",
    "in_store",
    "workdays",
    "reps",
    "combination",
]
PolicyValue = str | float | int | bool | tuple[float, ...] | tuple[str, ...] | CalendarRows | None


class ClosingRush(Frozen):
    """Stores of a route that close before it ends, and the time there is for them."""

    until: TimeOfDay  # closing time, seconds since midnight
    needed_minutes: float  # in these stores and on the way to them
    available_minutes: float  # from the start of the day until then, without lunch

    @property
    def filled(self) -> float:
        """Needed ÷ available."""
        return _ratio(self.needed_minutes, self.available_minutes)


class RouteHours(Frozen):
    """One route of the calendar, or one weekday without a calendar; minutes a driven day."""

    rep: str
    label: str  # T1 … Tn, or mon … sun
    is_weekday: bool
    days: int  # of the cycle on which it is driven
    visits: float  # mean per driven day
    visits_by_class: dict[str, float]
    in_store_minutes: float
    travel_minutes: float  # estimated
    appointment_minutes: float
    available_minutes: float  # overtime included
    fullest_minutes: float  # needed on its fullest driven day
    fullest_in_store_minutes: float
    in_store_limit_minutes: float | None = None  # most in store a day, where the policy says so
    closing_rush: ClosingRush | None = None  # the fullest; not in rough estimates
    filled: float  # fullest ÷ available of that day, or of the limit in store where that is nearer

    @property
    def needed_minutes(self) -> float:
        """Mean over the driven days, without office and lunch."""
        return self.in_store_minutes + self.travel_minutes + self.appointment_minutes

    @property
    def is_filled_by_limit(self) -> bool:
        """Whether the limit on minutes in store is nearer than the end of the day."""
        limit = self.in_store_limit_minutes
        return limit is not None and (
            self.fullest_in_store_minutes * self.available_minutes > self.fullest_minutes * limit
        )


class RepHours(Frozen):
    """One rep; hours per week. Office and lunch come off the working hours before `available`."""

    rep: str
    stores: int
    working_hours: float
    in_store_hours: float
    travel_hours: float  # estimated
    appointment_hours: float
    office_hours: float
    lunch_hours: float
    overtime_hours: float = 0.0  # that the policy allows, counted as available
    available_hours: float  # to plan: in store, on the road, in appointments
    routes: tuple[RouteHours, ...]

    @property
    def needed_hours(self) -> float:
        """In store, on the road and in appointments."""
        return self.in_store_hours + self.travel_hours + self.appointment_hours

    @property
    def filled(self) -> float:
        """Needed ÷ available."""
        return _ratio(self.needed_hours, self.available_hours)


class ClassHours(Frozen):
    """What one class asks for; hours per week."""

    label: str
    stores: int
    visits_per_week: float
    in_store_hours: float
    in_store_minutes_per_day: float  # mean over the working days


class Workload(Frozen):
    """Hours needed against hours there are, estimated without solving."""

    policy: str  # its name
    weeks: int
    days_per_week: int
    reps: tuple[RepHours, ...]
    classes: tuple[ClassHours, ...]
    calendar: CalendarRows | None  # routes are T1 … Tn; without one, weekdays
    in_store_limit: float | None = None  # share of the day, where the policy says so
    stores_without_days: tuple[str, ...]  # no choice of days satisfies their frequency
    reps_needed: float  # total hours ÷ hours of one rep of this area
    travel_source: str

    @property
    def has_calendar(self) -> bool:
        """Whether rows are routes of a calendar."""
        return self.calendar is not None

    @property
    def needed_hours(self) -> float:
        """Of all reps, per week."""
        return sum(rep.needed_hours for rep in self.reps)

    @property
    def available_hours(self) -> float:
        """Of all reps, per week."""
        return sum(rep.available_hours for rep in self.reps)

    @property
    def filled(self) -> float:
        """Needed ÷ available over all reps."""
        return _ratio(self.needed_hours, self.available_hours)

    @property
    def fullest(self) -> float:
        """How full the fullest day of any rep is, or its time before stores close."""
        routes = [route for rep in self.reps for route in rep.routes]
        rushes = [route.closing_rush.filled for route in routes if route.closing_rush]
        days = [route.filled for route in routes]
        return max((*days, *rushes, *(rep.filled for rep in self.reps)), default=0.0)

    @property
    def fits(self) -> bool:
        """Whether every day of every rep holds what is wanted on it."""
        return self.fullest <= 1


class PolicyChange(Frozen):
    """One key of the policy and its new value; none means that there shall be none."""

    key: str  # dotted, as in the policy file: visit_rules.A.frequency
    value: PolicyValue

    def line(self) -> str:
        """The line to paste into a policy file."""
        if self.value is None:
            return f'{self.key} = "none"'
        return f"{self.key} = {_toml(self.value)}"


class Lever(Frozen):
    """A change, the hours it leads to, and whether everything then fits."""

    kind: LeverKind
    name: str  # short, in the scenario's language: "A 3/week"
    changes: tuple[PolicyChange, ...] = ()
    n_reps: int | None = None  # where the change is more reps
    needed_hours: float  # per week, all reps
    available_hours: float
    fullest: float
    fits: bool
    n_stores_without_days: int = 0  # that no choice of days satisfies even so
    is_smallest: bool = False  # the change that fits with the least given up

    @property
    def filled(self) -> float:
        """Needed ÷ available."""
        return _ratio(self.needed_hours, self.available_hours)

    @property
    def policy_lines(self) -> tuple[str, ...]:
        """TOML lines to paste."""
        return tuple(change.line() for change in self.changes)


def _ratio(needed: float, available: float) -> float:
    if available:
        return needed / available
    return float("inf") if needed else 0.0


def _toml(value: PolicyValue) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(part) for part in value) + "]"
    return f"{value:g}"
