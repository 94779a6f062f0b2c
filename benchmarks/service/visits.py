"""Visits by the hundred thousand, copied straight into the tables: only reading them is measured.

They are what publishing and a year of reports would have left: of each rep twelve a working day in
route order, most done near their time, some late, missed or skipped, a few ad hoc. Reports
themselves (`visit_events`) are not made: neither a rep's day nor a KPI reads them.
"""

import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import psycopg

from routeplanner.storage.embedded import plain_url

VISITS_A_DAY = 12
WORKING_MINUTES = 450.0
_BLOCK_DAYS = 20  # a publication of four weeks lies together, rep by rep
_ROWS_AT_ONCE = 50_000
_COLUMNS = (
    "organization_id, id, version, rep_id, store_id, store_class, date, origin, plan_id,"
    " publication_id, template, due_date, position, planned_start, planned_minutes, status,"
    " reason, started_at, ended_at, minutes, missed_at"
)
_MINUTES = {"A": 30.0, "B": 20.0, "C": 12.0}


@dataclass(frozen=True, slots=True)
class Place:
    """Where visits go: ids of the organization, of a plan, of reps with their stores."""

    organization_id: UUID
    plan_id: UUID
    stores_of_rep: dict[UUID, list[tuple[UUID, str]]]  # with their classes


def working_days(n_visits: int, n_reps: int, today: date) -> list[date]:
    """The weekdays before today on which so many visits are made."""
    n = max(1, -(-n_visits // (n_reps * VISITS_A_DAY)))
    days: list[date] = []
    day = today
    while len(days) < n:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            days.append(day)
    return days[::-1]


def copy_visits(database: str, organization: str, plan_id: str, n: int, days: list[date]) -> int:
    """Publish all days and copy n visits; returns how many there are."""
    with psycopg.connect(plain_url(database)) as connection:
        connection.execute(
            "SELECT set_config('routeplanner.organization_id', %s, false)", [organization]
        )
        place = _place(connection, UUID(organization), UUID(plan_id))
        publication = _publish(connection, place, days)
        rows = islice(_rows(place, publication, days), n)
        copied = 0
        while part := list(islice(rows, _ROWS_AT_ONCE)):
            _copy(connection, "visits", _COLUMNS, part)
            copied += len(part)
        connection.commit()
    return copied


def settle(database: str) -> None:
    """Have all that was written lie where it would after some hours.

    Else whoever reads has to write it out first, as far as it fills the server's memory.
    """
    with psycopg.connect(plain_url(database), autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE) visits, publication_days, stores, kpi_counts, audit")
        with suppress(psycopg.errors.InsufficientPrivilege):  # of a database that was given
            connection.execute("CHECKPOINT")


def server_version(database: str) -> str:
    """The version of the PostgreSQL behind a URL."""
    with psycopg.connect(plain_url(database)) as connection:
        (version,) = connection.execute("SHOW server_version").fetchone() or ("",)
    return str(version).split()[0]


def _place(connection: psycopg.Connection[Any], organization: UUID, plan_id: UUID) -> Place:
    stores_of_rep: dict[UUID, list[tuple[UUID, str]]] = {}
    found = connection.execute(
        "SELECT rep_id, id, coalesce(details ->> 'class', 'C') FROM stores"
        " WHERE organization_id = %s AND rep_id IS NOT NULL ORDER BY external_id",
        [organization],
    )
    for rep_id, store_id, store_class in found:
        stores_of_rep.setdefault(rep_id, []).append((store_id, store_class))
    return Place(organization, plan_id, stores_of_rep)


def _publish(connection: psycopg.Connection[Any], place: Place, days: Sequence[date]) -> UUID:
    draw = random.Random(2)
    publication = UUID(int=draw.getrandbits(128))
    organization = place.organization_id
    connection.execute(
        "INSERT INTO publications (id, organization_id, plan_id, start_date, until, first_week,"
        " lost_weeks, options, calendar) VALUES (%s, %s, %s, %s, %s, 1, 'run_on', '{}', '{}')",
        [publication, organization, place.plan_id, days[0], days[-1]],
    )
    reps = [
        (UUID(int=draw.getrandbits(128)), organization, publication, rep, "published", days[-1],
         len(days) * VISITS_A_DAY, 0, 0)
        for rep in place.stores_of_rep
    ]  # fmt: skip
    columns = (
        "id, organization_id, publication_id, rep_id, status, driven_until, n_visits, n_shifted,"
        " n_skipped"
    )
    _copy(connection, "publication_reps", columns, reps)
    columns = "organization_id, rep_id, date, publication_id, working_minutes, is_absent"
    driven = [
        (organization, rep, day, publication, WORKING_MINUTES, False)
        for rep in place.stores_of_rep
        for day in days
    ]
    _copy(connection, "publication_days", columns, driven)
    return publication


def _rows(place: Place, publication: UUID, days: Sequence[date]) -> Iterator[tuple[Any, ...]]:
    draw = random.Random(3)
    for start in range(0, len(days), _BLOCK_DAYS):
        for rep, stores in place.stores_of_rep.items():
            for number, day in enumerate(days[start : start + _BLOCK_DAYS], start):
                for position in range(VISITS_A_DAY):
                    store = stores[(number * VISITS_A_DAY + position) % len(stores)]
                    yield _row(draw, place, publication, rep, store, day, position)


def _row(
    draw: random.Random,
    place: Place,
    publication: UUID,
    rep: UUID,
    store: tuple[UUID, str],
    day: date,
    position: int,
) -> tuple[Any, ...]:
    store_id, store_class = store
    planned_start, planned_minutes = (8 * 60 + 37 * position) * 60, _MINUTES[store_class]
    chance = draw.random()
    is_ad_hoc = chance > 0.97
    status = "done" if chance < 0.85 or is_ad_hoc else "missed" if chance < 0.93 else "skipped"
    start = end = minutes = reason = None
    if status == "done":
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
        start = midnight + timedelta(seconds=planned_start + round(draw.gauss(300, 600)))
        end = start + timedelta(minutes=round(max(3.0, draw.gauss(planned_minutes, 5)), 1))
        minutes = (end - start).total_seconds() / 60
    else:
        reason = draw.choice(("closed", "person_away", "refused", "out_of_time"))
    planned: tuple[Any, ...] = (None, None, "", None, None, None, None)
    if not is_ad_hoc:
        planned = (
            place.plan_id, publication, "T1", day, position + 1, planned_start, planned_minutes,
        )  # fmt: skip
    return (
        place.organization_id, UUID(int=draw.getrandbits(128)), 1, rep, store_id, store_class, day,
        "ad_hoc" if is_ad_hoc else "plan", *planned, status, reason, start, end, minutes, None,
    )  # fmt: skip


def _copy(
    connection: psycopg.Connection[Any], table: str, columns: str, rows: Sequence[tuple[Any, ...]]
) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
