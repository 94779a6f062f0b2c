"""What KPIs are counted from, as rows: written as SQL, since a page of KPIs reads very many."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

_REPS = text(
    """
    SELECT r.id, r.external_id, s.external_id FROM reps r
    LEFT JOIN LATERAL (
        SELECT min(p.external_id) AS external_id
        FROM person_reps t JOIN people p ON p.id = t.person_id
        WHERE t.rep_id = r.id AND p.role = 'supervisor' AND p.is_active
          AND p.id = coalesce(:supervisor_id, p.id)
    ) s ON true
    WHERE (CAST(:rep AS text) IS NULL OR r.external_id = :rep)
      AND (CAST(:seen AS text[]) IS NULL OR r.external_id = ANY(:seen))
      AND (CAST(:supervisor AS text) IS NULL OR coalesce(s.external_id, '') = :supervisor)
    """
)
# In the order of the fields of the domain's VisitRow. Ids are text: objects would cost more.
_VISITS = text(
    """
    SELECT CAST(v.id AS text), r.external_id, CAST(v.store_id AS text), v.store_class, v.date,
        v.origin, v.status, v.reason, v.position, v.planned_start, v.planned_minutes,
        v.started_at, v.ended_at, v.minutes
    FROM visits v JOIN reps r ON r.id = v.rep_id
    WHERE v.rep_id = ANY(:reps) AND v.date BETWEEN :from_date AND :until
      AND (CAST(:store_class AS text) IS NULL OR v.store_class = :store_class)
    ORDER BY v.date, v.id LIMIT :limit
    """
)
_DAYS = text(
    """
    SELECT r.external_id, d.date, d.working_minutes, d.is_absent
    FROM publication_days d JOIN reps r ON r.id = d.rep_id
    WHERE d.rep_id = ANY(:reps) AND d.date BETWEEN :from_date AND :until
      AND d.working_minutes IS NOT NULL
    """
)
# The first condition is that of an index, which holds such stores alone.
_SPANS = """
    SELECT CAST(id AS text), details ->> 'opened_on', details ->> 'closed_on' FROM stores
    WHERE details ?| ARRAY['opened_on', 'closed_on']
      AND (details ->> 'opened_on' > :from_date OR details ->> 'closed_on' < :until)
    """
_ANY_SPANS = text(f"{_SPANS} LIMIT :limit")
_SPANS_OF = text(f"{_SPANS} AND id = ANY(CAST(:stores AS uuid[]))")


def reps_and_supervisors(
    connection: Connection,
    *,
    seen: Iterable[str] | None,
    rep: str | None,
    supervisor: str | None,
    supervisor_id: UUID | None,
) -> Sequence[Any]:
    """Id and external id of reps, and who leads each: the person named, else the first one.

    `seen`, `rep` and `supervisor` narrow to external ids; an empty supervisor: reps whom nobody
    leads.
    """
    values = {
        "seen": None if seen is None else list(seen),
        "rep": rep,
        "supervisor": supervisor,
        "supervisor_id": supervisor_id,
    }
    return connection.execute(_REPS, values).all()


def visit_rows(
    connection: Connection,
    reps: Iterable[UUID],
    from_date: date,
    until: date,
    store_class: str | None,
    limit: int,
) -> Sequence[Any]:
    """Visits by date, with the fields of a `VisitRow`; stores by their own id."""
    values = {
        "reps": list(reps),
        "from_date": from_date,
        "until": until,
        "store_class": store_class,
        "limit": limit,
    }
    return connection.execute(_VISITS, values).all()


def working_days(
    connection: Connection, reps: Iterable[UUID], from_date: date, until: date
) -> Sequence[Any]:
    """Rep, date, working minutes and whether the rep is away, of the days that are published."""
    values = {"reps": list(reps), "from_date": from_date, "until": until}
    return connection.execute(_DAYS, values).all()


def spans_of_stores(
    connection: Connection, from_date: date, until: date, stores: Iterable[str], few: int
) -> Sequence[Any]:
    """Since when and until when stores are there that were not all the time from date to date.

    Mostly few stores are such ones, and those of others do no harm: `stores` are sent only where
    there are more than a few.
    """
    period = {"from_date": str(from_date), "until": str(until)}
    found = connection.execute(_ANY_SPANS, period | {"limit": few}).all()
    if len(found) < few:
        return found
    return connection.execute(_SPANS_OF, period | {"stores": list(stores)}).all()
