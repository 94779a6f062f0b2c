"""Writes a list of stores at once: COPY into a staging table, then set by set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from routeplanner.errors import Issue, Severity
from routeplanner.storage.database import Session
from routeplanner.storage.ids import new_id
from routeplanner.storage.tables import ImportIssue

MOST_ISSUES = 10_000
"""Issues of one import that are kept, errors before warnings; more are only counted."""

_LIST = """
CREATE TEMPORARY TABLE listed (
    number integer, external_id text, name text, lat double precision, lon double precision,
    account text, rep text, status text, details jsonb, id uuid
) ON COMMIT DROP
"""
# Written once: an update of every row would cost as much again.
_STAGE = """
CREATE TEMPORARY TABLE staged ON COMMIT DROP AS
SELECT l.*, r.id AS rep_id, t.id AS store_id
FROM listed l
LEFT JOIN reps r ON r.external_id = l.rep AND r.is_active
LEFT JOIN stores t ON t.external_id = l.external_id
"""
_SORT_MEMORY = "SET LOCAL work_mem = '64MB'"
_COLUMNS = "number, external_id, name, lat, lon, account, rep, status, details, id"

_UNUSED_ACCOUNTS = """
UPDATE accounts t SET is_active = false, version = version + 1, updated_at = now()
WHERE is_active
  AND id IN (SELECT entity_id FROM audit WHERE import_id = :import_id AND entity = 'accounts')
  AND NOT EXISTS (SELECT 1 FROM stores s WHERE s.account_id = t.id AND s.is_active)
  AND NOT EXISTS (
    SELECT 1 FROM audit a WHERE a.entity = 'accounts' AND a.entity_id = t.id
        AND a.import_id IS DISTINCT FROM :import_id
        AND a.id > (SELECT max(id) FROM audit WHERE import_id = :import_id
            AND entity = 'accounts' AND entity_id = t.id))
"""


@dataclass(frozen=True, slots=True)
class StagedStore:
    """A store on its way to the table; `number` is its place in the list."""

    number: int
    external_id: str
    name: str
    lat: float
    lon: float
    account: str | None
    rep: str | None
    status: str
    details: str  # JSON


def stage(session: Session, stores: Iterable[StagedStore]) -> None:
    """Copy stores into the staging table of this transaction and find what they refer to."""
    session.execute(text(_SORT_MEMORY))
    session.execute(text(_LIST))
    driver: Any = session.connection().connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY listed ({_COLUMNS}) FROM STDIN") as copy:
        for store in stores:
            copy.write_row(
                (
                    store.number,
                    store.external_id,
                    store.name,
                    store.lat,
                    store.lon,
                    store.account,
                    store.rep,
                    store.status,
                    store.details,
                    new_id(),
                )
            )
    session.execute(text(_STAGE))
    session.execute(text("CREATE INDEX ON staged (external_id)"))
    session.execute(text("ANALYZE staged (external_id, store_id)"))


def unknown_reps(session: Session) -> list[tuple[int, str]]:
    """Rows, by number, whose rep is not there; they are taken out."""
    return _taken_out(session, "rep IS NOT NULL AND rep_id IS NULL", "rep")


def rows_of_known(session: Session) -> list[tuple[int, str]]:
    """Rows of stores that are there already; they are taken out."""
    return _taken_out(session, "store_id IS NOT NULL", "external_id")


def rows_of_unknown(session: Session) -> list[tuple[int, str]]:
    """Rows of stores that are not there; they are taken out."""
    return _taken_out(session, "store_id IS NULL", "external_id")


def create_accounts(session: Session, organization_id: UUID) -> int:
    """Create the accounts that rows name and that are not there; returns how many.

    Those out of use are taken back into it.
    """
    named = session.scalars(
        text(
            "SELECT DISTINCT account FROM staged s WHERE account IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.external_id = s.account)"
        )
    )
    new = [{"id": new_id(), "organization_id": organization_id, "name": name} for name in named]
    if new:
        session.execute(
            text(
                "INSERT INTO accounts (id, organization_id, external_id, name, version)"
                " VALUES (:id, :organization_id, :name, :name, 1)"
            ),
            new,
        )
    session.execute(
        text(
            "UPDATE accounts SET is_active = true, version = version + 1, updated_at = now()"
            " WHERE NOT is_active AND external_id IN (SELECT account FROM staged)"
        )
    )
    return len(new)


def merge(session: Session, organization_id: UUID, fields: frozenset[str]) -> tuple[int, int, int]:
    """Write what is staged; returns how many stores are new, changed, and as before.

    Fields that the list has no column for keep their values.
    """
    created = session.execute(
        text(
            """
            INSERT INTO stores (id, organization_id, external_id, name, lat, lon, account_id,
                                rep_id, status, details, version)
            SELECT s.id, :organization_id, s.external_id, s.name, s.lat, s.lon, a.id, s.rep_id,
                   s.status, s.details, 1
            FROM staged s LEFT JOIN accounts a ON a.external_id = s.account
            WHERE s.store_id IS NULL ORDER BY s.number
            """
        ),
        {"organization_id": organization_id},
    )
    updated = session.execute(
        text(
            """
            UPDATE stores t
            SET name = n.name, lat = n.lat, lon = n.lon, account_id = n.account_id,
                rep_id = n.rep_id, status = n.status, details = n.details, is_active = true,
                version = t.version + 1, updated_at = now()
            FROM (
                SELECT t.id,
                    CASE WHEN :has_name THEN s.name ELSE t.name END AS name, s.lat, s.lon,
                    CASE WHEN :has_account THEN a.id ELSE t.account_id END AS account_id,
                    CASE WHEN :has_rep THEN s.rep_id ELSE t.rep_id END AS rep_id,
                    CASE WHEN :has_status THEN s.status ELSE t.status END AS status,
                    (t.details - CAST(:fields AS text[])) || s.details AS details
                FROM staged s JOIN stores t ON t.id = s.store_id
                LEFT JOIN accounts a ON a.external_id = s.account
            ) n
            WHERE t.id = n.id
              AND (t.name, t.lat, t.lon, t.account_id, t.rep_id, t.status, t.details, t.is_active)
                  IS DISTINCT FROM
                  (n.name, n.lat, n.lon, n.account_id, n.rep_id, n.status, n.details, true)
            """
        ),
        {
            "fields": sorted(fields),
            **{f"has_{name}": name in fields for name in ("name", "account", "rep", "status")},
        },
    )
    known = session.scalar(text("SELECT count(*) FROM staged WHERE store_id IS NOT NULL")) or 0
    n_created, n_updated = _count(created), _count(updated)
    return n_created, n_updated, int(known) - n_updated


def absent_stores(session: Session, present: Iterable[str]) -> tuple[list[str], int]:
    """Active stores that are neither staged nor present otherwise, and how many are active."""
    found = session.scalars(
        text(
            """
            SELECT external_id FROM stores t
            WHERE is_active AND external_id NOT IN (SELECT unnest(CAST(:present AS text[])))
              AND NOT EXISTS (SELECT 1 FROM staged s WHERE s.external_id = t.external_id)
            ORDER BY external_id
            """
        ),
        {"present": list(present)},
    )
    n_active = session.scalar(text("SELECT count(*) FROM stores WHERE is_active")) or 0
    return list(found), int(n_active)


def deactivate(session: Session, external_ids: Iterable[str]) -> None:
    """Take stores out of use."""
    session.execute(
        text(
            "UPDATE stores SET is_active = false, version = version + 1, updated_at = now()"
            " WHERE external_id = ANY(CAST(:ids AS text[]))"
        ),
        {"ids": list(external_ids)},
    )


def hold(session: Session, import_id: UUID) -> None:
    """Let nobody change stores of an import, or use its accounts, till the transaction ends."""
    for table in ("stores", "accounts"):
        session.execute(
            text(
                f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE id IN (SELECT entity_id"  # noqa: S608
                " FROM audit WHERE import_id = :import_id AND entity = :entity)"
                " ORDER BY id FOR UPDATE) held"
            ),
            {"import_id": import_id, "entity": table},
        )


def changed_since(session: Session, import_id: UUID, limit: int) -> list[str]:
    """Stores of an import that were changed after it, by external id."""
    found = session.scalars(
        text(
            """
            SELECT DISTINCT coalesce(a.after ->> 'external_id', a.entity_id::text)
            FROM audit a
            JOIN audit later ON later.entity = a.entity AND later.entity_id = a.entity_id
                AND later.id > a.id AND later.import_id IS DISTINCT FROM a.import_id
            WHERE a.import_id = :import_id AND a.entity = 'stores'
            LIMIT :limit
            """
        ),
        {"import_id": import_id, "limit": limit},
    )
    return list(found)


def undo(session: Session, import_id: UUID) -> tuple[int, int]:
    """Put back what an import changed; returns how many stores were put back and taken out.

    Of the accounts that it brought those go out of use that nobody else uses or has changed.
    """
    restored = session.execute(
        text(
            """
            UPDATE stores t
            SET name = b.name, lat = b.lat, lon = b.lon, account_id = b.account_id,
                rep_id = b.rep_id, status = b.status, tags = b.tags, details = b.details,
                is_active = b.is_active, version = t.version + 1, updated_at = now()
            FROM (
                SELECT DISTINCT ON (entity_id) entity_id, before FROM audit
                WHERE import_id = :import_id AND entity = 'stores' AND action = 'updated'
                ORDER BY entity_id, id
            ) a, LATERAL jsonb_populate_record(NULL::stores, a.before) b
            WHERE t.id = a.entity_id
              AND NOT EXISTS (
                SELECT 1 FROM audit c WHERE c.import_id = :import_id AND c.entity = 'stores'
                    AND c.entity_id = a.entity_id AND c.action = 'created')
            """
        ),
        {"import_id": import_id},
    )
    removed = session.execute(
        text(
            """
            UPDATE stores t SET is_active = false, version = t.version + 1, updated_at = now()
            FROM audit a
            WHERE a.import_id = :import_id AND a.entity = 'stores' AND a.action = 'created'
              AND t.id = a.entity_id AND t.is_active
            """
        ),
        {"import_id": import_id},
    )
    session.execute(text(_UNUSED_ACCOUNTS), {"import_id": import_id})
    return _count(restored), _count(removed)


def _taken_out(session: Session, condition: str, column: str) -> list[tuple[int, str]]:
    found = session.execute(
        text(f"DELETE FROM staged WHERE {condition} RETURNING number, {column}")  # noqa: S608
    )
    return sorted((int(number), str(value)) for number, value in found)


def _count(result: Any) -> int:
    return int(result.rowcount)


def issue_rows(
    organization_id: UUID, import_id: UUID, issues: Sequence[Issue]
) -> list[ImportIssue]:
    """The rows that keep the issues of an import, in the order of the file."""
    kept = sorted(issues, key=lambda issue: (issue.severity is not Severity.ERROR, issue.row or 0))
    in_order = sorted(kept[:MOST_ISSUES], key=lambda issue: issue.row or 0)
    return [
        ImportIssue(
            organization_id=organization_id,
            import_id=import_id,
            number=number,
            issue=issue.model_dump(mode="json", exclude_none=True),
        )
        for number, issue in enumerate(in_order)
    ]
