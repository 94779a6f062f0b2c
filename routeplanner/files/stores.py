"""The store table: one row a store, every column that the documentation lists."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from routeplanner.domain.draft import FaultyRow
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.scenario import CoordinateSystem
from routeplanner.domain.store import Store
from routeplanner.files.cells import (
    cell_text,
    decimal_mark,
    is_mangled_id,
    read_choice,
    read_id,
    read_number,
    read_text,
)
from routeplanner.files.cells_days import (
    read_frequency,
    read_minutes,
    read_pinned_days,
    read_weekdays,
)
from routeplanner.files.cells_hours import read_hours
from routeplanner.files.records import (
    PositionColumns,
    RowReader,
    check_range,
    position_columns,
    take_position,
)
from routeplanner.files.tables import Cell
from routeplanner.files.tables_rows import Table
from routeplanner.travel.coordinates import to_wgs84

STATUS_WORDS = {
    word: status
    for status, words in {
        "open": "open active offen aktiv geöffnet 营业 营业中 正常 正常营业 在营 启用 有效",
        "new": "new neu 新 新店 新开 新增 新开店",
        "suspended": "suspended paused inactive inaktiv pausiert ruhend 暂停 停用 暂停营业",
        "closed": "closed geschlossen 关闭 关店 已关闭 已关店 停业 歇业 撤店 闭店",
    }.items()
    for word in words.split()
}
KIND_WORDS = {
    word: kind
    for kind, words in {
        "store": "store shop outlet branch filiale laden markt geschäft 门店 店铺 店 零售店 网点",
        "headquarters": "headquarters hq office zentrale hauptsitz 总部 客户总部 公司总部 总公司",
    }.items()
    for word in words.split()
} | {"head office": "headquarters"}
_TEXTS = ("name", "account", "site", "address", "phone", "note", "coord_source")
_HOURS = ("opening_hours", "visit_hours", "avoid_hours")
_ADDRESS_PARTS = ("street", "house_number", "postal_code", "city")
_CLASS = re.compile(
    r"^(?:class|klasse|kategorie|category|grade|tier|abc)?\s*[-:]?\s*(.+?)\s*"
    r"(?:类门店|类店|类|级店|级|[- ]?kunden?|[- ]?class|[- ]?klasse)?$",
    re.IGNORECASE,
)
_NEAR_DEGREES = 5.0  # a position this near the middle of the list belongs to it


@dataclass(slots=True)
class StoresRead:
    """Stores with their origins, parallel, and the rows that could not be read whole."""

    stores: list[Store] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    faulty: list[FaultyRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Layout:
    """What is the same for all rows of a table."""

    mark: str  # of decimals
    labels: Sequence[str]
    hours: tuple[str, ...]  # fields that the table has
    texts: tuple[str, ...]
    has_address_parts: bool  # and no whole address
    others: Mapping[int, str]


def _layout(table: Table, labels: Sequence[str]) -> _Layout:
    present = table.headers.columns
    return _Layout(
        mark=decimal_mark(table.column("sales"), is_amount=True),
        labels=labels,
        hours=tuple(name for name in _HOURS if name in present),
        texts=tuple(name for name in _TEXTS if name in present),
        has_address_parts="address" not in present
        and any(name in present for name in _ADDRESS_PARTS),
        others=_other_columns(table),
    )


def read_stores(
    table: Table,
    findings: Findings,
    *,
    coordinates: CoordinateSystem = "wgs84",
    labels: Sequence[str] = (),
) -> StoresRead:
    """Stores of a table; `labels` are the policy's classes, matched whatever their case."""
    layout = _layout(table, labels)
    columns = position_columns(table, "lat", "lon", "lat_lon")
    readers: list[RowReader] = []
    positions: list[tuple[float, float] | None] = []
    for row in table.rows:
        reader = RowReader(table, row, findings, table.origin(row))
        readers.append(reader)
        if not reader.check_width():
            positions.append(None)
            continue
        _take_identity(reader)
        positions.append(take_position(reader, columns))
        _take_sales(reader, layout)
        _take_rules(reader, layout)
        _take_texts(reader, layout)
    _judge_ranges(readers, positions, columns)
    read = StoresRead()
    for reader, position in zip(readers, positions, strict=True):
        if reader.is_faulty or position is None:
            read.faulty.append(reader.faulty("stores"))
            continue
        read.stores.append(_store(reader.fields, position, coordinates))
        read.origins.append(reader.origin)
    return read


def read_class(cell: Cell, labels: Sequence[str]) -> str | None:
    """The policy's label for `a`, `A类`, `Klasse A`; another text is given back for the judge."""
    text = read_text(cell)
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    by_key = {label.casefold(): label for label in labels}
    match = _CLASS.match(plain)
    core = match[1] if match else plain
    return by_key.get(plain.casefold()) or by_key.get(core.casefold()) or plain


def _take_identity(reader: RowReader) -> None:
    store_id = reader.take("id", read_id, "MISSING_ID")
    if store_id is None:
        reader.fault("MISSING_ID", "id")
    elif is_mangled_id(store_id):
        reader.findings.warn("MANGLED_ID", reader.origin, "id")
    reader.take("rep", read_id, "UNKNOWN_REP")
    reader.take(
        "kind",
        lambda cell: read_choice(cell, KIND_WORDS),
        "UNKNOWN_KIND",
        allowed="store, headquarters",
    )
    reader.take(
        "status",
        lambda cell: read_choice(cell, STATUS_WORDS),
        "UNKNOWN_STATUS",
        allowed="open, new, suspended, closed",
    )


def _take_sales(reader: RowReader, layout: _Layout) -> None:
    sales = reader.take("sales", lambda cell: read_number(cell, layout.mark), "UNREADABLE_SALES")
    if sales is not None and sales < 0:
        reader.findings.warn("NEGATIVE_SALES", reader.origin, "sales")
        reader.fields["sales"] = 0.0


def _take_rules(reader: RowReader, layout: _Layout) -> None:
    reader.take("class", lambda cell: read_class(cell, layout.labels), "UNKNOWN_CLASS")
    reader.take("frequency", read_frequency, "UNREADABLE_FREQUENCY")
    minutes = reader.take("service_minutes", read_minutes, "UNREADABLE_MINUTES")
    if minutes is not None and not 0 < minutes <= 24 * 60:
        reader.fault("MINUTES_OUT_OF_RANGE", "service_minutes")
    for name in layout.hours:
        reader.take(name, read_hours, "UNREADABLE_HOURS", is_warning=True)
    reader.take("closed_days", read_weekdays, "UNREADABLE_WEEKDAY")
    reader.take("pinned_days", read_pinned_days, "UNREADABLE_PINNED_DAY")


def _take_texts(reader: RowReader, layout: _Layout) -> None:
    for name in layout.texts:
        reader.take(name, read_text, "UNREADABLE_FILE")
    if layout.has_address_parts:
        street, number, postal, city = (
            read_id(reader.table.cell(reader.row, name)) or "" for name in _ADDRESS_PARTS
        )
        lines = (f"{street} {number}".strip(), f"{postal} {city}".strip())
        if any(lines):
            reader.fields["address"] = ", ".join(line for line in lines if line)
    cells = reader.row.cells
    reader.fields["extra"] = {
        header: text
        for index, header in layout.others.items()
        if index < len(cells) and (text := cell_text(cells[index]))
    }


def _other_columns(table: Table) -> dict[int, str]:
    """Columns that are carried through, their headers made different."""
    columns = dict(table.headers.others)
    for name in _ADDRESS_PARTS:
        if name in table.headers.columns:
            columns[table.headers.columns[name]] = table.headers.names[name]
    seen: dict[str, int] = {}
    for index in sorted(columns):
        header = columns[index]
        seen[header] = seen.get(header, 0) + 1
        if seen[header] > 1:
            columns[index] = f"{header} ({seen[header]})"
    return {index: columns[index] for index in sorted(columns)}


def _judge_ranges(
    readers: list[RowReader],
    positions: list[tuple[float, float] | None],
    columns: PositionColumns,
) -> None:
    """Refuses positions off the globe, but exchanges lat and lon where that puts them right."""
    sound = [p for p in positions if p is not None and abs(p[0]) <= 90 and abs(p[1]) <= 180]
    middle = np.median(np.array(sound), axis=0) if sound else None
    for index, (reader, position) in enumerate(zip(readers, positions, strict=True)):
        if position is None or (abs(position[0]) <= 90 and abs(position[1]) <= 180):
            continue
        swapped = (position[1], position[0])
        is_possible = abs(swapped[0]) <= 90 and abs(swapped[1]) <= 180
        if is_possible and (
            middle is None or float(np.abs(np.array(swapped) - middle).max()) <= _NEAR_DEGREES
        ):
            positions[index] = swapped
            at = columns.both if columns.both in reader.table.headers.columns else columns.lat
            reader.findings.warn("LAT_LON_SWAPPED", reader.origin, at)
        else:
            check_range(reader, columns, position)
            positions[index] = None


def _store(
    fields: Mapping[str, object], position: tuple[float, float], coordinates: CoordinateSystem
) -> Store:
    lat, lon = position
    if coordinates == "wgs84":
        return Store.model_validate({**fields, "lat": lat, "lon": lon})
    wgs_lat, wgs_lon = to_wgs84(lat, lon, coordinates)
    return Store.model_validate(
        {**fields, "lat": wgs_lat, "lon": wgs_lon, "given_lat": lat, "given_lon": lon}
    )
