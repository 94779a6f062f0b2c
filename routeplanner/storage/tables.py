"""The tables of the service as SQLAlchemy sees them; the migrations are their definition."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.orm import Mapped, mapped_column

from routeplanner.storage.base import (
    NOW,
    Base,
    Job,
    MasterData,
    Owned,
    Search,
    Versioned,
    of_organization,
    unique_of_organization,
)
from routeplanner.storage.ids import new_id

__all__ = ["Base", "MasterData"]


class Organization(Versioned, Base):
    """A tenant."""

    __tablename__ = "organizations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(unique=True)
    time_zone: Mapped[str]
    language: Mapped[str]
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)


class Person(MasterData, Base):
    """Somebody with a role; keys belong to people."""

    __tablename__ = "people"
    __table_args__ = unique_of_organization("external_id")

    name: Mapped[str]
    role: Mapped[str]


class Key(Owned, Base):
    """An API key; only its digest is stored."""

    __tablename__ = "keys"
    __table_args__ = (
        *unique_of_organization(),
        of_organization("person_id", table="people"),
        Index("keys_of_person", "organization_id", "person_id"),
    )

    person_id: Mapped[UUID]
    name: Mapped[str]
    prefix: Mapped[str]
    digest: Mapped[bytes] = mapped_column(unique=True)
    scopes: Mapped[list[str]]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Account(MasterData, Base):
    """A retail customer under which stores hang."""

    __tablename__ = "accounts"
    __table_args__ = unique_of_organization("external_id")

    name: Mapped[str]
    tags: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), default=list)
    note: Mapped[str | None]


class RepRow(MasterData, Base):
    """A rep; `details` are the fields of the domain's rep that no query asks for."""

    __tablename__ = "reps"
    __table_args__ = unique_of_organization("external_id")

    name: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    tags: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), default=list)
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)
    appointments: Mapped[list[dict[str, Any]]] = mapped_column(
        server_default=text("'[]'"), default=list
    )


class PersonRep(Base):
    """A rep is one of their own reps; a supervisor leads several."""

    __tablename__ = "person_reps"
    __table_args__ = (
        of_organization("person_id", table="people", ondelete="CASCADE"),
        of_organization("rep_id", table="reps", ondelete="CASCADE"),
        Index("person_reps_of_rep", "organization_id", "rep_id"),
    )

    organization_id: Mapped[UUID]
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    rep_id: Mapped[UUID] = mapped_column(primary_key=True)


class StoreRow(MasterData, Base):
    """A store; `details` are the fields of the domain's store that no query asks for."""

    __tablename__ = "stores"
    __table_args__ = (
        *unique_of_organization("external_id"),
        of_organization("account_id", table="accounts"),
        of_organization("rep_id", table="reps"),
        Index("stores_of_rep", "organization_id", "rep_id"),
        Index("stores_of_account", "organization_id", "account_id"),
        Index(
            "stores_opened_or_closed",
            "organization_id",
            "id",
            postgresql_where=text("details ?| ARRAY['opened_on', 'closed_on']"),
        ),
    )

    name: Mapped[str]
    lat: Mapped[float]
    lon: Mapped[float]
    account_id: Mapped[UUID | None]
    rep_id: Mapped[UUID | None]
    status: Mapped[str]
    tags: Mapped[list[str]] = mapped_column(server_default=text("'{}'"), default=list)
    details: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"), default=dict)


class PolicyRow(MasterData, Base):
    """A policy, as the domain writes it."""

    __tablename__ = "policies"
    __table_args__ = unique_of_organization("external_id")

    content: Mapped[dict[str, Any]] = mapped_column(JSON)


class ScenarioRow(Owned, Base):
    """A frozen scenario, as the domain writes it."""

    __tablename__ = "scenarios"
    __table_args__ = (
        *unique_of_organization(),
        of_organization("created_by", table="people"),
    )

    name: Mapped[str]
    content: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    content_hash: Mapped[str]
    n_stores: Mapped[int]
    n_stores_of_rep: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'"), default=dict
    )
    reps: Mapped[list[str]]
    created_by: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class PlanRow(Owned, Search, Base):
    """A plan and the job that makes it."""

    __tablename__ = "plans"
    __table_args__ = (
        *unique_of_organization(),
        of_organization("scenario_id", table="scenarios"),
        of_organization("parent_id", table="plans"),
        of_organization("created_by", table="people"),
        Index("plans_of_scenario", "organization_id", "scenario_id"),
        Index(
            "plans_unfinished",
            "lease_until",
            postgresql_where=text("status IN ('queued', 'solving')"),
        ),
    )

    name: Mapped[str] = mapped_column(server_default="plan", default="plan")
    scenario_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    violations: Mapped[list[dict[str, Any]] | None] = mapped_column(
        JSON(none_as_null=True), deferred=True
    )
    created_by: Mapped[UUID | None]


class StudyRow(Owned, Search, Base):
    """A question of a scenario that many plans answer, or of a plan, and the job of it."""

    __tablename__ = "studies"
    __table_args__ = (
        *unique_of_organization(),
        of_organization("scenario_id", table="scenarios"),
        of_organization("warm_start_plan_id", table="plans"),
        of_organization("plan_id", table="plans"),
        of_organization("created_by", table="people"),
        Index("studies_of_scenario", "organization_id", "scenario_id"),
        Index(
            "studies_of_plan",
            "organization_id",
            "plan_id",
            postgresql_where=text("plan_id IS NOT NULL"),
        ),
        Index(
            "studies_unfinished",
            "lease_until",
            postgresql_where=text("status IN ('queued', 'solving')"),
        ),
    )

    name: Mapped[str]
    kind: Mapped[str]
    scenario_id: Mapped[UUID]
    warm_start_plan_id: Mapped[UUID | None]
    plan_id: Mapped[UUID | None]
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), deferred=True)
    plans: Mapped[list[dict[str, Any]] | None]
    created_by: Mapped[UUID | None]


class PlanEvent(Base):
    """What happened to a plan, for its event stream."""

    __tablename__ = "plan_events"
    __table_args__ = (
        of_organization("plan_id", table="plans", ondelete="CASCADE"),
        Index("plan_events_of_plan", "organization_id", "plan_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    organization_id: Mapped[UUID]
    plan_id: Mapped[UUID]
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    event: Mapped[str]
    data: Mapped[dict[str, Any]]


class PlanReview(Base):
    """Where the plan of one rep stands between planner and supervisor."""

    __tablename__ = "plan_reviews"
    __table_args__ = (
        of_organization("plan_id", table="plans", ondelete="CASCADE"),
        of_organization("changed_by", table="people"),
        Index("plan_reviews_by_rep", "organization_id", "rep", "status"),
    )

    organization_id: Mapped[UUID]
    plan_id: Mapped[UUID] = mapped_column(primary_key=True)
    rep: Mapped[str] = mapped_column(primary_key=True)
    status: Mapped[str]
    comment: Mapped[str | None]
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime] = mapped_column(server_default=NOW, onupdate=NOW)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ImportRow(Owned, Job, Base):
    """An import of a file of stores, and the job that does it."""

    __tablename__ = "imports"
    __table_args__ = (
        *unique_of_organization(),
        of_organization("created_by", table="people"),
        Index(
            "imports_unfinished",
            "lease_until",
            postgresql_where=text("status IN ('queued', 'running')"),
        ),
    )

    mode: Mapped[str]
    status: Mapped[str]
    file_name: Mapped[str]
    file: Mapped[bytes | None] = mapped_column(deferred=True)
    options: Mapped[dict[str, Any]]
    counts: Mapped[dict[str, Any] | None]
    to_deactivate: Mapped[list[str] | None]
    created_by: Mapped[UUID | None]
    running_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportIssue(Base):
    """One fault of an imported file."""

    __tablename__ = "import_rows"
    __table_args__ = (of_organization("import_id", table="imports", ondelete="CASCADE"),)

    organization_id: Mapped[UUID]
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    issue: Mapped[dict[str, Any]]


class Idempotency(Base):
    """The answer to a request that was sent with a key of its own."""

    __tablename__ = "idempotency"
    __table_args__ = (Index("idempotency_by_age", "created_at"),)

    organization_id: Mapped[UUID] = mapped_column(ForeignKey("organizations.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes]
    status_code: Mapped[int | None]
    headers: Mapped[dict[str, Any] | None]
    body: Mapped[bytes | None]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Audit(Base):
    """Who changed what, when; written by triggers and never changed."""

    __tablename__ = "audit"
    __table_args__ = (
        Index("audit_of_entity", "organization_id", "entity", "entity_id", "id"),
        Index(
            "audit_of_import",
            "organization_id",
            "import_id",
            postgresql_where=text("import_id IS NOT NULL"),
        ),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=NOW)
    person_id: Mapped[UUID | None]
    request_id: Mapped[str | None]
    import_id: Mapped[UUID | None]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[UUID]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
