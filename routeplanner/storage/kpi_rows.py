"""What KPIs are counted from, as rows: written as SQL, since a page of KPIs reads very many."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from routeplanner.storage.database import Session
from routeplanner.storage.reading import Rows, Statement, read, read_together

_REPS = """
    SELECT r.id, r.external_id, s.external_id FROM reps r
    LEFT JOIN LATERAL (
        SELECT min(p.external_id) AS external_id
        FROM person_reps t JOIN people p ON p.id = t.person_id
        WHERE t.rep_id = r.id AND p.role = 'supervisor' AND p.is_active
          AND p.id = coalesce(%(supervisor_id)s, p.id)
    ) s ON true
    WHERE (CAST(%(rep)s AS text) IS NULL OR r.external_id = %(rep)s)
      AND (CAST(%(seen)s AS text[]) IS NULL OR r.external_id = ANY(%(seen)s))
      AND (CAST(%(supervisor)s AS text) IS NULL OR coalesce(s.external_id, '') = %(supervisor)s)
    """
# Else the first supervisor of every rep would be looked for, to leave most of them out.
_LED_BY = """
      AND r.id IN (
        SELECT t.rep_id FROM person_reps t JOIN people p ON p.id = t.person_id
        WHERE p.external_id = %(supervisor)s)
    """
# OFFSET 0 has each rep looked up by the index of reps and dates, however many there are. In the
# order of the fields of the domain's VisitRow, then what its fingerprint is made of. Ids are text:
# objects would cost more.
_VISITS = """
    SELECT CAST(v.id AS text), r.external_id, CAST(v.store_id AS text), v.store_class, v.date,
        v.origin, v.status, v.reason, v.position, v.planned_start, v.planned_minutes,
        v.started_at, v.ended_at, v.minutes, uuid_hash_extended(v.id, v.version)
    FROM unnest(CAST(%(reps)s AS uuid[])) AS own (id) JOIN reps r ON r.id = own.id,
    LATERAL (
        SELECT * FROM visits
        WHERE rep_id = own.id AND date BETWEEN %(from_date)s AND %(until)s OFFSET 0
    ) v
    WHERE CAST(%(store_class)s AS text) IS NULL OR v.store_class = %(store_class)s
    LIMIT %(limit)s
    """
_DAYS = """
    SELECT r.external_id, d.date, d.working_minutes, d.is_absent
    FROM unnest(CAST(%(reps)s AS uuid[])) AS own (id) JOIN reps r ON r.id = own.id,
    LATERAL (
        SELECT * FROM publication_days
        WHERE rep_id = own.id AND date BETWEEN %(from_date)s AND %(until)s OFFSET 0
    ) d
    WHERE d.working_minutes IS NOT NULL
    """
# The first condition is that of an index, which holds such stores alone.
_SPANS = """
    SELECT CAST(id AS text), details ->> 'opened_on', details ->> 'closed_on' FROM stores
    WHERE details ?| ARRAY['opened_on', 'closed_on']
      AND (details ->> 'opened_on' > %(from_date)s OR details ->> 'closed_on' < %(until)s)
    """
_FEW_SPANS = f"{_SPANS} LIMIT %(few)s"
_SPANS_OF = f"{_SPANS} AND id = ANY(CAST(%(stores)s AS uuid[]))"

FEW_SPANS = 200


class KpiRows(NamedTuple):
    """Rows of the reps of a page."""

    visits: Rows  # the fields of a `VisitRow`, stores by their own id; a hash of id and version
    days: Rows  # rep, date, working minutes, whether the rep is away; published ones
    spans: Rows  # store, since when and until when it is there


def reps_and_supervisors(
    session: Session,
    *,
    seen: Iterable[str] | None,
    rep: str | None,
    supervisor: str | None,
    supervisor_id: UUID | None,
) -> Rows:
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
    return read(session, _REPS + _LED_BY if supervisor else _REPS, values)


def rows_of(
    session: Session,
    reps: Iterable[UUID],
    from_date: date,
    until: date,
    *,
    last_day: date,
    store_class: str | None = None,
    limit: int | None = None,
) -> KpiRows:
    """Visits up to a limit, working days until `last_day`, and stores that were not always there.

    Mostly few stores are such ones, and those of others do no harm: only where there are more than
    a few, they are asked for by the stores that were visited.
    """
    own = list(reps)
    chosen = {"reps": own, "from_date": from_date, "until": until, "store_class": store_class}
    visits, days, spans = read_together(
        session,
        (_VISITS, chosen | {"limit": limit}),
        days_of(own, from_date, last_day),
        spans_touching(from_date, until, few=FEW_SPANS),
    )
    if len(spans) == FEW_SPANS:
        period = {"from_date": str(from_date), "until": str(until)}
        spans = read(session, _SPANS_OF, period | {"stores": list({row[2] for row in visits})})
    return KpiRows(visits, days, spans)


def days_of(reps: list[UUID], from_date: date, until: date) -> Statement:
    """Asks for the published working days of reps, who are answered by external id."""
    return _DAYS, {"reps": reps, "from_date": from_date, "until": until}


def spans_touching(from_date: date, until: date, *, few: int) -> Statement:
    """Asks for a few stores that opened or closed so that a period is not theirs as a whole."""
    return _FEW_SPANS, {"from_date": str(from_date), "until": str(until), "few": few}
