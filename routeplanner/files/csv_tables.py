"""routes.csv, unserved.csv, changes.csv: a row a visit, a store that falls short, one that changed.

Keys and codes are English in every language; a byte order mark lets Excel show Chinese.
"""

import csv
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from routeplanner.domain.classes import ClassRow
from routeplanner.domain.hours import format_clock
from routeplanner.domain.plan import Plan, Route, Stop
from routeplanner.domain.plan_changes import ChangeRow, PlannedVisit
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.files.route_groups import clock_text

ROUTE_COLUMNS = (
    "rep", "week", "weekday", "day", "template", "position", "store_id", "store_name", "class",
    "arrive", "start", "depart", "service_minutes", "travel_minutes", "travel_km", "lat", "lon",
)  # fmt: skip
GIVEN_COLUMNS = ("given_lat", "given_lon")
STORE_CHANGE_COLUMNS = (
    "store_id", "store_name", "class", "change", "was", "is", "reps", "tell", "contact",
    "supervisor",
)  # fmt: skip
UNSERVED_COLUMNS = ("store_id", "class", "required", "served", "code", "message", "hint")
CLASS_COLUMNS = (
    "rep", "rank", "store_id", "store_name", "sales", "share_before", "cumulative_share", "class",
    "class_by_sales", "source",
)  # fmt: skip

_FORMULA = re.compile(r"^'*\s*[=+\-@＝＋－＠\t\r]")
_NUMBER = re.compile(r"^[+-]?\d+([.,]\d+)?$")
Cell = str | int | float | None


def guard_formula(value: str) -> str:
    """Text that a spreadsheet would run as a formula, with an apostrophe before it.

    Only such text is changed; `unguard_formula` takes the apostrophe off again.
    """
    is_dangerous = _FORMULA.match(value) and not _NUMBER.match(value)
    return f"'{value}" if is_dangerous else value


def unguard_formula(value: str) -> str:
    """The text that `guard_formula` was given."""
    return value[1:] if value.startswith("'") and guard_formula(value[1:]) == value else value


def write_routes(plan: Plan, scenario: Scenario, path: Path) -> None:
    """Write one row a visit, in order of rep, day and position.

    `lat` and `lon` are WGS84; where the input came in another system, the coordinates as they came
    follow in `given_lat` and `given_lon`.
    """
    stores = {store.id: store for store in scenario.stores}
    has_given = scenario.coordinates != "wgs84"
    rows = (
        _visit_row(route, stop, stores[stop.store_id or ""], has_given)
        for route in plan.routes
        for stop in route.visits
    )
    write_table(path, ROUTE_COLUMNS + (GIVEN_COLUMNS if has_given else ()), rows)


def write_unserved(plan: Plan, path: Path) -> None:
    """Write one row a store whose required visits are not all scheduled."""
    rows = (
        (u.store_id, u.store_class, u.required, u.served, u.code, u.message, u.hint)
        for u in plan.unserved
    )
    write_table(path, UNSERVED_COLUMNS, rows)


def write_changes(changes: Sequence[ChangeRow], path: Path) -> None:
    """Write one row a store that is visited otherwise than by the earlier plan."""
    rows = (
        (
            change.store_id,
            change.store_name,
            change.store_class,
            change.change,
            _visits(change.was),
            _visits(change.now),
            ", ".join(change.reps),
            ", ".join(change.tell),
            change.contact,
            change.supervisor,
        )
        for change in changes
    )
    write_table(path, STORE_CHANGE_COLUMNS, rows)


def _visits(visits: Sequence[PlannedVisit]) -> str:
    return "; ".join(
        f"w{visit.week}-{visit.weekday} {clock_text(visit.arrive)} {visit.template} {visit.rep}"
        for visit in visits
    )


def write_classes(rows: Sequence[ClassRow], path: Path) -> None:
    """Write one row a store with its rank, cumulative share in percent and class."""
    cells = (
        (
            row.area,
            row.rank,
            row.store_id,
            row.name,
            None if row.sales is None else plain_number(row.sales, 6),
            plain_number(row.share_before, 4),
            plain_number(row.cumulative_share, 4),
            row.store_class,
            row.class_by_sales,
            row.source,
        )
        for row in rows
    )
    write_table(path, CLASS_COLUMNS, cells)


def _visit_row(route: Route, stop: Stop, store: Store, has_given: bool) -> tuple[Cell, ...]:
    row: tuple[Cell, ...] = (
        route.rep,
        route.week,
        route.weekday,
        route.day,
        route.template,
        stop.position,
        store.id,
        store.name,
        store.store_class,
        format_clock(stop.arrive),
        format_clock(stop.start),
        format_clock(stop.depart),
        plain_number((stop.depart - stop.start) / 60, 2),
        plain_number(stop.travel_minutes, 2),
        plain_number(stop.travel_km, 3),
        plain_number(store.lat, 7),
        plain_number(store.lon, 7),
    )
    return (*row, store.given_lat, store.given_lon) if has_given else row


def plain_number(value: float, digits: int) -> str:
    """A number without exponent and without trailing zeros."""
    return f"{value:.{digits}f}".rstrip("0").rstrip(".")


def write_table(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a table; text that a spreadsheet would run is guarded."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(columns)
        for row in rows:
            writer.writerow([guard_formula(c) if isinstance(c, str) else c for c in row])
