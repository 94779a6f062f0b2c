"""What all tables of the service share: types, ids, versions, foreign keys of an organization."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from routeplanner.storage.ids import new_id

NOW = text("now()")


class Base(DeclarativeBase):
    """Types that all tables share."""

    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it from the class
        str: Text,
        datetime: DateTime(timezone=True),
        list[str]: ARRAY(Text),
        dict[str, Any]: JSONB,
        list[dict[str, Any]]: JSONB,
        bytes: LargeBinary,
    }


def of_organization(*columns: str, table: str, **options: Any) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the organization."""
    return ForeignKeyConstraint(
        ["organization_id", *columns], [f"{table}.organization_id", f"{table}.id"], **options
    )


class Owned:
    """A row of an organization, with its own id."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)

    @declared_attr
    def organization_id(cls) -> Mapped[UUID]:  # noqa: N805
        return mapped_column(ForeignKey("organizations.id"))


class Versioned:
    """A row that callers change: its version is its entity tag."""

    version: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(server_default=NOW)
    updated_at: Mapped[datetime] = mapped_column(server_default=NOW, onupdate=NOW)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


class MasterData(Owned, Versioned):
    """What callers keep under an id of their own."""

    external_id: Mapped[str]
    is_active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)


class Job:
    """The truth of a job: its lease and attempt; the queue only wakes workers."""

    attempt: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    failed_attempts: Mapped[int] = mapped_column(server_default=text("0"), default=0)
    lease_until: Mapped[datetime | None]
    failure: Mapped[dict[str, Any] | None]
    queued_at: Mapped[datetime] = mapped_column(server_default=NOW)


class Search(Job):
    """A job that searches: it tells how far it is, and can be stopped."""

    status: Mapped[str]
    cancel_requested_at: Mapped[datetime | None]
    progress: Mapped[dict[str, Any] | None]
    solving_at: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    canceled_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]


def unique_of_organization(*columns: str) -> tuple[UniqueConstraint, ...]:
    """What makes a row unique in its organization: its id, and each of some columns."""
    own = UniqueConstraint("organization_id", "id")
    return (own, *(UniqueConstraint("organization_id", column) for column in columns))
