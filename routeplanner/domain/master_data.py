"""Master data as callers keep it: accounts, stores, reps and policies under ids of their own."""

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from routeplanner.domain.base import Finite, Frozen
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.hours import TimeOfDay, Weekday, WeeklyHours, Window
from routeplanner.domain.organization_settings import OrganizationSettings
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Appointment, Mode, Rep, RouteEnd
from routeplanner.domain.scenario import Language
from routeplanner.domain.store import PinnedDay, Store, StoreKind, StoreStatus


def _is_storable(value: str) -> str:
    if "\x00" in value:
        raise ValueError("the character U+0000 cannot be stored")
    return value


Storable = Annotated[str, AfterValidator(_is_storable)]
ExternalId = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$"),
]
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Text = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_is_storable)]
Tag = Annotated[
    str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Tags = Annotated[tuple[Tag, ...], Field(max_length=50)]
Role = Literal["admin", "planner", "supervisor", "rep"]
Scope = Literal["read", "write", "manage"]
SCOPES: tuple[Scope, ...] = ("read", "write", "manage")


_STORE_COLUMNS = {"external_id", "name", "position", "account", "rep", "status", "tags"}


class Position(Finite):
    """A place on the globe, WGS84."""

    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)


class RecordFields(Frozen):
    """What the service keeps of every record."""

    id: UUID
    version: int
    is_active: bool
    created_at: datetime
    updated_at: datetime


class AccountFields(Frozen):
    """A retail customer under which stores hang."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"external_id": "chain-7", "name": "Phone House"}]}
    )

    external_id: ExternalId
    name: Name
    tags: Tags = ()
    note: Text | None = None


class Account(AccountFields, RecordFields):
    """An account with what the service keeps of it."""


class StoreFields(Finite):
    """A store; `rep` and `account` are external ids."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "external_id": "00123",
                    "name": "Phone House Central",
                    "position": {"lat": 52.5307, "lon": 13.3847},
                    "rep": "R01",
                    "sales": 270,
                    "opening_hours": "Mo-Fr 09:00-18:00",
                    "tags": ["berlin"],
                }
            ]
        }
    )

    external_id: ExternalId
    name: Annotated[str, StringConstraints(max_length=200), AfterValidator(_is_storable)] = ""
    position: Position
    account: ExternalId | None = None
    rep: ExternalId | None = None
    status: StoreStatus = "open"
    tags: Tags = ()
    sales: float | None = Field(default=None)
    store_class: Name | None = Field(default=None, alias="class")
    kind: StoreKind = "store"
    site: Text | None = None
    address: Text | None = None
    phone: Text | None = None
    frequency: Frequency | None = None
    service_minutes: float | None = Field(default=None, gt=0, le=24 * 60)
    opening_hours: WeeklyHours | None = None
    visit_hours: WeeklyHours | None = None
    avoid_hours: WeeklyHours | None = None
    closed_days: tuple[Weekday, ...] = ()
    pinned_days: tuple[PinnedDay, ...] = ()
    note: Text | None = None
    coord_source: Text | None = None
    opened_on: date | None = None
    closed_on: date | None = None  # its last day
    extra: dict[Storable, Storable] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> "StoreFields":
        if self.opened_on and self.closed_on and self.closed_on < self.opened_on:
            raise ValueError("a store closes after it opens")
        return self

    @staticmethod
    def values_of(store: Store) -> dict[str, Any]:
        """The values of a store as lists have it, to be judged as those of a record."""
        place = Position(lat=store.lat, lon=store.lon)
        values = {name: getattr(store, name) for name in store.model_fields_set & _SHARED}
        return values | {"external_id": store.id, "position": place}

    def details(self) -> dict[str, Any]:
        """The fields that stand in no column of their own."""
        return self.model_dump(
            mode="json", by_alias=True, exclude=_STORE_COLUMNS, exclude_defaults=True
        )

    def details_json(self) -> str:
        """Those fields as JSON."""
        return self.model_dump_json(by_alias=True, exclude=_STORE_COLUMNS, exclude_defaults=True)

    def store(self, account_name: str | None) -> Store:
        """The store as a scenario has it."""
        values = self.model_dump(mode="json", by_alias=True, include=_SHARED, exclude={"account"})
        place = self.position
        return Store.model_validate(
            values
            | {"id": self.external_id, "lat": place.lat, "lon": place.lon, "account": account_name}
        )


_SHARED = set(StoreFields.model_fields) & set(Store.model_fields)
"""Fields of a store that lists, scenarios and records have under the same names."""


class StoreRecord(StoreFields, RecordFields):
    """A store with what the service keeps of it."""


class RepAppointment(Frozen):
    """A fixed stop of the rep; without a position it is at the base."""

    weekday: Weekday
    weeks: tuple[Annotated[int, Field(ge=1)], ...] = ()
    start: TimeOfDay
    end: TimeOfDay
    position: Position | None = None
    title: Text = ""


class RepFields(Finite):
    """A rep; fields left out come from the policy's working day."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "external_id": "R01",
                    "name": "Jana Sommer",
                    "base": {"lat": 52.5329, "lon": 13.4105},
                    "hours": "Mo-Fr 08:30-17:30",
                }
            ]
        }
    )

    external_id: ExternalId
    name: Annotated[str, StringConstraints(max_length=200), AfterValidator(_is_storable)] = ""
    base: Position
    tags: Tags = ()
    hours: WeeklyHours | None = None
    lunch_minutes: float | None = Field(default=None, ge=0)
    lunch_between: Window | None = None
    prepare_minutes: float | None = Field(default=None, ge=0)
    summary_minutes: float | None = Field(default=None, ge=0)
    max_work_minutes: float | None = Field(default=None, gt=0)
    mode: Mode = "car"
    start_at: RouteEnd = "base"
    end_at: RouteEnd = "base"
    appointments: tuple[RepAppointment, ...] = ()

    @field_validator("appointments")
    @classmethod
    def _end_after_start(cls, value: tuple[RepAppointment, ...]) -> tuple[RepAppointment, ...]:
        if any(entry.end <= entry.start for entry in value):
            raise ValueError("an appointment must end after it starts")
        return value

    def details(self) -> dict[str, Any]:
        """The fields that stand in no column of their own."""
        columns = {"external_id", "name", "base", "tags", "appointments"}
        return self.model_dump(mode="json", exclude=columns, exclude_defaults=True)

    def rep(self) -> Rep:
        """The rep as a scenario has it."""
        own = set(RepFields.model_fields) - {"external_id", "base", "tags", "appointments"}
        values = self.model_dump(mode="json", include=own)
        return Rep.model_validate(
            values | {"id": self.external_id, "base_lat": self.base.lat, "base_lon": self.base.lon}
        )

    def fixed_stops(self) -> tuple[Appointment, ...]:
        """The rep's appointments as a scenario has them."""
        return tuple(
            Appointment.model_validate(
                entry.model_dump(exclude={"position"})
                | {"rep": self.external_id}
                | (entry.position.model_dump() if entry.position else {})
            )
            for entry in self.appointments
        )


class RepRecord(RepFields, RecordFields):
    """A rep with what the service keeps of it."""


class PolicyFields(Frozen):
    """A policy under the caller's id."""

    external_id: ExternalId
    policy: Policy


class PolicyRecord(PolicyFields, RecordFields):
    """A policy with what the service keeps of it."""


class PersonFields(Frozen):
    """Somebody with a role; `reps` are external ids: their own, or those whom they lead."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "external_id": "anna",
                    "name": "Anna Weber",
                    "role": "supervisor",
                    "reps": ["R01"],
                }
            ]
        }
    )

    external_id: ExternalId
    name: Name
    role: Role
    reps: tuple[ExternalId, ...] = Field(default=(), max_length=1000)


class Person(PersonFields, RecordFields):
    """A person with what the service keeps of it."""


class OrganizationFields(Frozen):
    """A tenant."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Example", "time_zone": "Europe/Berlin", "language": "en"}]
        }
    )

    name: Name
    time_zone: Annotated[str, AfterValidator(_is_storable)]
    language: Language = "en"
    settings: dict[Storable, Any] = Field(default_factory=dict)

    @field_validator("time_zone")
    @classmethod
    def _is_known(cls, value: str) -> str:
        from zoneinfo import available_timezones  # noqa: PLC0415

        if value not in available_timezones():
            raise ValueError(f"'{value}' is no time zone; write one such as Europe/Berlin")
        return value

    @field_validator("settings")
    @classmethod
    def _can_be_read(cls, value: dict[str, Any]) -> dict[str, Any]:
        OrganizationSettings.model_validate(value)
        return value


class Organization(OrganizationFields):
    """A tenant with what the service keeps of it."""

    id: UUID
    version: int
    created_at: datetime
    updated_at: datetime
