"""Who changed what, when: of the organization, or of one record."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from routeplanner.domain.base import Frozen
from routeplanner.storage.database import Session
from routeplanner.storage.tables import Audit
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.pages import Page, page_of


class Change(Frozen):
    """One change; `before` is empty for what was created, `after` for what was deleted."""

    id: int
    at: datetime
    person_id: UUID | None
    request_id: str | None
    import_id: UUID | None
    action: str
    entity: str
    entity_id: UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None


def list_changes(
    session: Session,
    *,
    cursor: str | None,
    limit: int,
    entity: str | None = None,
    entity_id: UUID | None = None,
    person_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page[Change]:
    """A page of changes, newest first."""
    query = select(Audit)
    for column, value in (
        (Audit.entity, entity),
        (Audit.entity_id, entity_id),
        (Audit.person_id, person_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if since is not None:
        query = query.where(Audit.at >= since)
    if until is not None:
        query = query.where(Audit.at < until)
    return page_of(
        session,
        query,
        Audit.id,
        lambda rows: [_change(row) for row in rows],
        cursor=cursor,
        limit=limit,
        is_newest_first=True,
    )


def note(
    session: Session,
    caller: Caller,
    *,
    action: str,
    entity: str,
    entity_id: UUID,
    request_id: str | None = None,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Note what no trigger sees, such as a step of a review; by default of this request."""
    own = func.nullif(func.current_setting("routeplanner.request_id", True), "")
    session.add(
        Audit(
            organization_id=caller.organization_id,
            person_id=caller.person_id,
            request_id=own if request_id is None else request_id,
            action=action,
            entity=entity,
            entity_id=entity_id,
            before=before,
            after=after,
        )
    )


def _change(row: Audit) -> Change:
    return Change.model_validate({name: getattr(row, name) for name in Change.model_fields})
