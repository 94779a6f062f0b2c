"""The tables of publications and visits, and what is counted from them."""

import datetime as dt
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from routeplanner.storage.base import (
    NOW,
    Base,
    Owned,
    Versioned,
    of_organization,
    unique_of_organization,
)
from routeplanner.storage.ids import new_id

_NO_TEXTS = text("'{}'")


class PublicationRow(Owned, Base):
    """A plan laid on dates for some of its reps."""

    __tablename__ = "publications"
    __table_args__ = (
        *unique_of_organization(),
        of_organization("plan_id", table="plans"),
        of_organization("published_by", table="people"),
        Index("publications_of_plan", "organization_id", "plan_id"),
    )

    plan_id: Mapped[UUID]
    start_date: Mapped[dt.date]
    until: Mapped[dt.date]
    first_week: Mapped[int]
    lost_weeks: Mapped[str]
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    calendar: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    published_by: Mapped[UUID | None]
    published_at: Mapped[dt.datetime] = mapped_column(server_default=NOW)


class PublicationRep(Owned, Base):
    """Until when a rep drives a publication."""

    __tablename__ = "publication_reps"
    __table_args__ = (
        *unique_of_organization(),
        UniqueConstraint("organization_id", "publication_id", "rep_id"),
        of_organization("publication_id", table="publications"),
        of_organization("superseded_by", table="publications"),
        of_organization("rep_id", table="reps"),
        Index("publication_reps_of_rep", "organization_id", "rep_id"),
    )

    publication_id: Mapped[UUID]
    rep_id: Mapped[UUID]
    status: Mapped[str]
    driven_until: Mapped[dt.date | None]
    n_visits: Mapped[int]
    n_shifted: Mapped[int]
    n_skipped: Mapped[int]
    superseded_by: Mapped[UUID | None]
    ended_at: Mapped[dt.datetime | None]


class PublicationDay(Base):
    """Which publication a rep drives on a date: one at most, by the primary key."""

    __tablename__ = "publication_days"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "publication_id", "rep_id"],
            [
                "publication_reps.organization_id",
                "publication_reps.publication_id",
                "publication_reps.rep_id",
            ],
        ),
        Index("publication_days_by_date", "organization_id", "date"),
        Index("publication_days_of_publication", "organization_id", "publication_id", "rep_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    rep_id: Mapped[UUID] = mapped_column(primary_key=True)
    date: Mapped[dt.date] = mapped_column(primary_key=True)
    publication_id: Mapped[UUID]
    working_minutes: Mapped[float | None]
    is_absent: Mapped[bool]


class PublicationChange(Base):
    """A visit that a publication shifts or skips."""

    __tablename__ = "publication_changes"
    __table_args__ = (
        of_organization("publication_id", table="publications"),
        of_organization("rep_id", table="reps"),
        of_organization("store_id", table="stores"),
    )

    organization_id: Mapped[UUID]
    publication_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[UUID]
    store_id: Mapped[UUID]
    store_class: Mapped[str]
    from_date: Mapped[dt.date]
    to_date: Mapped[dt.date | None]
    cause: Mapped[str]
    cause_name: Mapped[str]
    changed_by: Mapped[str]
    obstacle: Mapped[str | None]


class PublicationFrequency(Base):
    """How many visits of a store a publication keeps, and how many the cycle holds for it."""

    __tablename__ = "publication_frequencies"
    __table_args__ = (
        of_organization("publication_id", table="publications"),
        of_organization("rep_id", table="reps"),
        of_organization("store_id", table="stores"),
    )

    organization_id: Mapped[UUID]
    publication_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    rep_id: Mapped[UUID]
    store_id: Mapped[UUID]
    store_class: Mapped[str]
    required: Mapped[int]
    reached: Mapped[int]


class StoredVisit(Versioned, Base):
    """A visit on a date, and what its reports come to."""

    __tablename__ = "visits"
    __table_args__ = (
        of_organization("rep_id", table="reps"),
        of_organization("store_id", table="stores"),
        of_organization("plan_id", table="plans"),
        of_organization("publication_id", table="publications"),
        Index(
            "visits_of_rep",
            *("organization_id", "rep_id", "date", "id"),
            postgresql_include=["version"],
        ),
        Index("visits_of_store", "organization_id", "store_id", "date", "id"),
        Index("visits_by_date", "organization_id", "date", "id"),
        Index("visits_by_status", "organization_id", "status", "date", "id"),
        Index("visits_of_publication", "organization_id", "publication_id", "date", "id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    rep_id: Mapped[UUID]
    store_id: Mapped[UUID]
    store_class: Mapped[str]
    date: Mapped[dt.date]
    origin: Mapped[str]
    plan_id: Mapped[UUID | None]
    publication_id: Mapped[UUID | None]
    template: Mapped[str] = mapped_column(server_default=text("''"), default="")
    due_date: Mapped[dt.date | None]
    position: Mapped[int | None]
    planned_start: Mapped[int | None]
    planned_minutes: Mapped[float | None]
    goals: Mapped[list[str]] = mapped_column(server_default=_NO_TEXTS, default=list)
    status: Mapped[str]
    reason: Mapped[str | None]
    started_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    minutes: Mapped[float | None]
    open_points: Mapped[list[str]] = mapped_column(server_default=_NO_TEXTS, default=list)
    missed_at: Mapped[dt.datetime | None]


class StoredReport(Base):
    """A report of a visit; the same client id is the same report."""

    __tablename__ = "visit_events"
    __table_args__ = (
        of_organization("visit_id", table="visits"),
        of_organization("reported_by", table="people"),
        of_organization("ad_hoc_rep_id", table="reps"),
        of_organization("ad_hoc_store_id", table="stores"),
        Index("visit_events_of_visit", "organization_id", "visit_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    client_id: Mapped[str] = mapped_column(primary_key=True)
    visit_id: Mapped[UUID]
    kind: Mapped[str]
    recorded_at: Mapped[dt.datetime]
    at: Mapped[dt.datetime | None]
    reason: Mapped[str | None]
    note: Mapped[str] = mapped_column(server_default=text("''"), default="")
    open_points: Mapped[list[str]] = mapped_column(server_default=_NO_TEXTS, default=list)
    lat: Mapped[float | None]
    lon: Mapped[float | None]
    is_withdrawn: Mapped[bool]
    ad_hoc_rep_id: Mapped[UUID | None]
    ad_hoc_store_id: Mapped[UUID | None]
    ad_hoc_date: Mapped[dt.date | None]
    received_at: Mapped[dt.datetime] = mapped_column(server_default=NOW)
    reported_by: Mapped[UUID | None]


class KpiCounts(Base):
    """KPIs of a rep in a calendar period, and a digest of all that they were counted from."""

    __tablename__ = "kpi_counts"
    __table_args__ = (of_organization("rep_id", table="reps"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    rep_id: Mapped[UUID] = mapped_column(primary_key=True)
    from_date: Mapped[dt.date] = mapped_column(primary_key=True)
    until: Mapped[dt.date] = mapped_column(primary_key=True)
    digest: Mapped[bytes]
    counts: Mapped[list[Any]] = mapped_column(JSON)
    counted_at: Mapped[dt.datetime] = mapped_column(server_default=NOW)
