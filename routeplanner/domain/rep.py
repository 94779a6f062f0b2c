"""Reps, their working hours and fixed appointments."""

from typing import Literal

from pydantic import Field, model_validator

from routeplanner.domain.base import Finite
from routeplanner.domain.hours import TimeOfDay, Weekday, WeeklyHours, Window

Mode = Literal["car", "e-bike", "walk"]
RouteEnd = Literal["base", "store"]  # store: the day starts (ends) at its first (last) store


class Rep(Finite):
    """A person who visits. Fields left out come from the policy's working day."""

    id: str = Field(min_length=1)
    name: str = ""
    base_lat: float = Field(ge=-90, le=90)
    base_lon: float = Field(ge=-180, le=180)
    given_lat: float | None = None
    given_lon: float | None = None
    hours: WeeklyHours | None = None
    lunch_minutes: float | None = Field(default=None, ge=0)
    lunch_between: Window | None = None
    prepare_minutes: float | None = Field(default=None, ge=0)
    summary_minutes: float | None = Field(default=None, ge=0)
    max_work_minutes: float | None = Field(default=None, gt=0)
    mode: Mode = "car"
    start_at: RouteEnd = "base"
    end_at: RouteEnd = "base"
    is_assumed: bool = False  # true where no rep was given and the base is the most central store


class Appointment(Finite):
    """A fixed stop of a rep on a weekday of the cycle; without a place it is at the base."""

    rep: str
    weekday: Weekday
    weeks: tuple[int, ...] = ()  # 1-based; empty: every week
    start: TimeOfDay
    end: TimeOfDay
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)
    title: str = ""

    @model_validator(mode="after")
    def _ends_after_start(self) -> "Appointment":
        if self.end <= self.start:
            raise ValueError("an appointment must end after it starts")
        return self
