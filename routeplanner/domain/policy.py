"""The rules of an organization: classes, frequencies, working day, travel, route calendar."""

from typing import Literal

from pydantic import Field, model_validator

from routeplanner.domain.base import Finite, Frozen
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.hours import TimeOfDay, Weekday, Window
from routeplanner.domain.rep import Mode

MAX_CYCLE_WEEKS = 12

CalendarRows = tuple[tuple[str, ...], ...]
"""Route labels by week and workday, e.g. (("T1", "T2", …), …)."""


class VisitRule(Finite):
    """What a class of stores wants."""

    frequency: Frequency
    service_minutes: float = Field(gt=0, le=24 * 60)
    largest_gap_days: int | None = Field(default=None, ge=1)  # calendar days between two visits
    # "guaranteed": all of the frequency or none; a frequency: visits below it are dearest
    minimum_frequency: Frequency | Literal["guaranteed"] | None = None


class ClassLines(Finite):
    """Labels from best to least and the cumulative shares of sales (percent) that part them."""

    labels: tuple[str, ...] = ("A", "B", "C")
    lines: tuple[float, ...] = (40, 80)
    change_margin: float = Field(default=10, ge=0, le=100)  # percent of a line before a change

    @model_validator(mode="after")
    def _lines_part_labels(self) -> "ClassLines":
        if len(self.lines) != len(self.labels) - 1:
            raise ValueError("there must be one line fewer than labels")
        if list(self.lines) != sorted(set(self.lines)) or any(not 0 < x < 100 for x in self.lines):
            raise ValueError("class lines must rise between 0 and 100 percent")
        if len(set(self.labels)) != len(self.labels):
            raise ValueError("class labels must differ")
        return self


class WorkingDay(Finite):
    """Working hours where a rep states none (handbook part 2, route parameters 1-3 and 7)."""

    start: TimeOfDay = 8 * 3600 + 1800
    end: TimeOfDay = 17 * 3600 + 1800
    lunch_minutes: float = Field(default=60, ge=0)
    lunch_between: Window = (11 * 3600 + 1800, 13 * 3600 + 1800)
    prepare_minutes: float = Field(default=15, ge=0)  # office time before leaving
    summary_minutes: float = Field(default=30, ge=0)  # office time after returning
    reserve: float = Field(default=0.10, ge=0, lt=1)  # share of the day that stays unplanned
    max_work_minutes: float | None = Field(default=None, gt=0)
    overtime_minutes: float = Field(default=0, ge=0)
    in_store_target: float | None = Field(default=None, gt=0, le=1)
    in_store_limit: float | None = Field(default=None, gt=0, le=1)


def default_speeds() -> dict[Mode, float]:
    """Door-to-door speeds in km/h by mode of travel."""
    return {"car": 18, "e-bike": 15, "walk": 4.5}


class TravelRules(Finite):
    """Estimated travel: great circle × detour ÷ speed + minutes to park, once per site."""

    speed_kmh: dict[Mode, float] = Field(default_factory=default_speeds)
    detour: float = Field(default=1.3, ge=1)
    park_minutes: float = Field(default=3, ge=0)
    same_site_minutes: float = Field(default=2, ge=0)  # on foot between stores of one site
    same_site_meters: float = Field(
        default=50, ge=0
    )  # stores this close form one site by themselves


class ObjectiveWeights(Finite):
    """Equivalent minutes: the table of the plan's score."""

    travel: float = Field(default=1, ge=0)  # per minute
    waiting: float = Field(default=0.2, ge=0)  # per minute
    overtime: float = Field(default=3, ge=0)  # per minute
    spacing: float = Field(default=10, ge=0)  # per day off the ideal gap
    balance: float = Field(default=0.5, ge=0)  # per minute above a day's fair share of the work
    route: float = Field(default=15, ge=0)  # per driven day: nobody goes out for one store


class RouteTemplate(Frozen):
    """A named route of the calendar and the classes that it serves (empty: all)."""

    classes: tuple[str, ...] = ()


class Policy(Finite):
    """Everything that an organization decides before routes are planned."""

    name: str = "custom"
    classes: ClassLines = ClassLines()
    visit_rules: dict[str, VisitRule]
    workdays: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat")
    cycle_weeks: int | None = Field(default=None, ge=1, le=MAX_CYCLE_WEEKS)
    calendar: CalendarRows | Literal["auto"] | None = None
    templates: int | None = Field(default=None, ge=1, le=24)  # how many, where calendar = "auto"
    routes: dict[str, RouteTemplate] = Field(default_factory=dict)
    working_day: WorkingDay = WorkingDay()
    travel: TravelRules = TravelRules()
    objective: ObjectiveWeights = ObjectiveWeights()

    @model_validator(mode="after")
    def _classes_have_rules(self) -> "Policy":
        missing = [label for label in self.classes.labels if label not in self.visit_rules]
        if missing:
            raise ValueError(f"visit_rules lacks class {missing[0]}")
        unknown = [label for label in self.visit_rules if label not in self.classes.labels]
        if unknown:
            raise ValueError(
                f"visit_rules names class {unknown[0]}, which is not in classes.labels"
            )
        if (
            list(self.workdays) != sorted(set(self.workdays), key=_weekday_index)
            or not self.workdays
        ):
            raise ValueError("workdays must be named once each, in the order of the week")
        return self

    @model_validator(mode="after")
    def _calendar_fits(self) -> "Policy":
        if self.calendar == "auto" and self.templates is None:
            raise ValueError('calendar = "auto" needs templates = the number of routes')
        if isinstance(self.calendar, tuple):
            if any(len(row) != len(self.workdays) for row in self.calendar):
                raise ValueError(f"each week of the calendar needs {len(self.workdays)} routes")
            if self.cycle_weeks is not None and self.cycle_weeks != len(self.calendar):
                raise ValueError("cycle_weeks and the calendar name different numbers of weeks")
            labels = {label for row in self.calendar for label in row}
            unknown_routes = sorted(set(self.routes) - labels)
            if unknown_routes:
                raise ValueError(f"routes names {unknown_routes[0]}, which is not in the calendar")
        for label, route in self.routes.items():
            wrong = [c for c in route.classes if c not in self.classes.labels]
            if wrong:
                raise ValueError(
                    f"route {label} serves class {wrong[0]}, which is not in classes.labels"
                )
        return self


def _weekday_index(day: str) -> int:
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(day)
