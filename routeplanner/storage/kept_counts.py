"""Counts of reps' periods that are kept, and by what is known whether they still hold."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from routeplanner.storage.database import Session
from routeplanner.storage.kpi_rows import days_of, spans_touching
from routeplanner.storage.reading import Rows, read, read_together
from routeplanner.storage.rows import insert_rows
from routeplanner.storage.visit_tables import KpiCounts

Periods = Sequence[tuple[date, date]]
"""First and last days, both included."""

_UNITS = """
    unnest(CAST(%(reps)s AS uuid[])) AS own (id),
    unnest(CAST(%(firsts)s AS date[]), CAST(%(lasts)s AS date[])) AS p (first, last)
    """
# Ids and versions lie in the index: the visits themselves are not read.
_FINGERPRINTS = f"""
    SELECT own.id, p.first, v.n, v.fingerprint FROM {_UNITS},
    LATERAL (
        SELECT count(*) AS n, bit_xor(uuid_hash_extended(id, version)) AS fingerprint
        FROM visits WHERE rep_id = own.id AND date BETWEEN p.first AND p.last
    ) v
    WHERE v.n > 0
    """  # noqa: S608
# OFFSET 0 has each looked up by the key, also while there are no statistics of the table.
_KEPT = f"""
    SELECT own.id, p.first, k.digest, CAST(k.counts AS text) FROM {_UNITS},
    LATERAL (
        SELECT digest, counts FROM kpi_counts
        WHERE rep_id = own.id AND from_date = p.first AND until = p.last OFFSET 0
    ) k
    """  # noqa: S608
_PARTIAL_STORES = f"""
    SELECT DISTINCT own.id, p.first, CAST(s.id AS text) FROM {_UNITS},
    LATERAL (
        SELECT store_id FROM visits
        WHERE rep_id = own.id AND date BETWEEN p.first AND p.last OFFSET 0
    ) v
    JOIN stores s ON s.id = v.store_id
    WHERE s.details ?| ARRAY['opened_on', 'closed_on']
      AND (s.details ->> 'opened_on' > CAST(p.first AS text)
        OR s.details ->> 'closed_on' < CAST(p.last AS text))
    """  # noqa: S608


class Traces(NamedTuple):
    """What tells whether counts still hold, and the counts that are kept."""

    visits: Rows  # rep, first day, how many, fingerprint
    days: Rows  # rep by external id, date, working minutes, whether the rep is away
    partial_stores: Rows  # rep, first day, a store that opened or closed meanwhile
    kept: Rows  # rep, first day, digest, counts as JSON


class CountsRow(NamedTuple):
    """Counts to be kept."""

    rep_id: UUID
    first: date
    last: date
    digest: bytes
    counts: Sequence[Any]  # as JSON


def traces_of(session: Session, reps: Iterable[UUID], periods: Periods, last_day: date) -> Traces:
    """What is there of some reps in each of some periods; working days until `last_day`."""
    ids, firsts, lasts = list(reps), [first for first, _ in periods], [last for _, last in periods]
    units = {"reps": ids, "firsts": firsts, "lasts": lasts}
    first, last = min(firsts), max(lasts)
    visits, days, spans, kept = read_together(
        session,
        (_FINGERPRINTS, units),
        days_of(ids, first, min(last, last_day)),
        spans_touching(first, last, few=1),
        (_KEPT, units),
    )
    partial = read(session, _PARTIAL_STORES, units) if spans else []
    return Traces(visits, days, partial, kept)


def keep(session: Session, organization_id: UUID, rows: Iterable[CountsRow]) -> None:
    """Keep counts in the place of earlier ones; in one order, so that no two wait in a ring."""
    now = datetime.now(UTC)
    insert_rows(
        session,
        KpiCounts,
        (
            {
                "organization_id": organization_id,
                "rep_id": row.rep_id,
                "from_date": row.first,
                "until": row.last,
                "digest": f"\\x{row.digest.hex()}",
                "counts": row.counts,
                "counted_at": now,
            }
            for row in sorted(rows)
        ),
        replaces=("digest", "counts", "counted_at"),
    )
