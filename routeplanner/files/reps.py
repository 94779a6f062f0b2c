"""The rep table: who visits, from where, in which hours."""

from dataclasses import dataclass, field

from routeplanner.domain.draft import FaultyRow
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.hours import WEEKDAYS, Weekday, WeeklyHours
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import CoordinateSystem
from routeplanner.files.cells import read_choice, read_id, read_text
from routeplanner.files.cells_days import (
    read_clock,
    read_clock_pair,
    read_minutes,
    read_weekdays,
)
from routeplanner.files.cells_hours import read_hours
from routeplanner.files.records import RowReader, check_range, position_columns, take_position
from routeplanner.files.tables_rows import Table
from routeplanner.travel.coordinates import to_wgs84

MODE_WORDS = {
    word: mode
    for mode, words in {
        "car": "car auto pkw kfz vehicle drive driving 汽车 开车 驾车 小车",
        "e-bike": "e-bike ebike bike bicycle fahrrad rad pedelec 电动车 电瓶车 自行车 摩托车",
        "walk": "walk walking foot fuß fuss 步行 走路",
    }.items()
    for word in words.split()
} | {"e bike": "e-bike", "on foot": "walk", "zu fuß": "walk"}
ROUTE_END_WORDS = {
    word: end
    for end, words in {
        "base": "base home office depot basis büro zuhause 公司 出发地 家 办公室 驻地",
        "store": "store shop filiale laden kunde 门店 店",
    }.items()
    for word in words.split()
} | {"first store": "store", "last store": "store", "第一家店": "store", "最后一家店": "store"}
_MINUTES = ("lunch_minutes", "prepare_minutes", "summary_minutes", "max_work_minutes")


@dataclass(slots=True)
class RepsRead:
    """Reps with their origins, parallel, and the rows that could not be read whole."""

    reps: list[Rep] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    faulty: list[FaultyRow] = field(default_factory=list)


def read_reps(
    table: Table,
    findings: Findings,
    *,
    policy: Policy,
    coordinates: CoordinateSystem = "wgs84",
) -> RepsRead:
    """Reps of a table; `policy` fills the half of a `start, end, days` shorthand that is empty."""
    columns = position_columns(table, "base_lat", "base_lon", "base_lat_lon")
    read = RepsRead()
    for row in table.rows:
        reader = RowReader(table, row, findings, table.origin(row))
        if not reader.check_width():
            read.faulty.append(reader.faulty("reps"))
            continue
        if reader.take("id", read_id, "MISSING_ID") is None:
            reader.fault("MISSING_ID", "id")
        reader.take("name", read_text, "UNREADABLE_FILE")
        position = take_position(reader, columns)
        if position is not None and not check_range(reader, columns, position):
            position = None
        _take_hours(reader, policy)
        _take_day(reader)
        if reader.is_faulty or position is None:
            read.faulty.append(reader.faulty("reps"))
            continue
        read.reps.append(_rep(reader, position, coordinates))
        read.origins.append(reader.origin)
    return read


def _take_hours(reader: RowReader, policy: Policy) -> None:
    """The `hours` column, else the shorthand of start, end and days."""
    hours = reader.take("hours", read_hours, "UNREADABLE_REP_HOURS")
    start = reader.take("start", read_clock, "UNREADABLE_TIME")
    end = reader.take("end", read_clock, "UNREADABLE_TIME")
    days = reader.take("days", read_weekdays, "UNREADABLE_WEEKDAY")
    for name in ("start", "end", "days"):
        reader.fields.pop(name, None)
    if hours is not None or (start is None and end is None and not days):
        return
    first = policy.working_day.start if start is None else start
    last = policy.working_day.end if end is None else end
    if last <= first:
        if not reader.is_faulty:
            reader.fault("END_BEFORE_START", "end" if end is not None else "start")
        return
    open_days: tuple[Weekday, ...] = days or policy.workdays
    reader.fields["hours"] = WeeklyHours(
        days=tuple(((first, last),) if day in open_days else () for day in WEEKDAYS)
    )


def _take_day(reader: RowReader) -> None:
    for name in _MINUTES:
        minutes = reader.take(name, read_minutes, "UNREADABLE_MINUTES")
        lowest_is_zero = name != "max_work_minutes"
        if minutes is not None and not (0 < minutes <= 24 * 60 or (lowest_is_zero and not minutes)):
            reader.fault("MINUTES_OUT_OF_RANGE", name)
    reader.take("lunch_between", read_clock_pair, "UNREADABLE_TIME_RANGE")
    reader.take(
        "mode",
        lambda cell: read_choice(cell, MODE_WORDS),
        "UNKNOWN_MODE",
        allowed="car, e-bike, walk",
    )
    for name in ("start_at", "end_at"):
        reader.take(
            name,
            lambda cell: read_choice(cell, ROUTE_END_WORDS),
            "UNKNOWN_ROUTE_END",
            allowed="base, store",
        )


def _rep(reader: RowReader, position: tuple[float, float], coordinates: CoordinateSystem) -> Rep:
    lat, lon = position
    if coordinates == "wgs84":
        return Rep.model_validate({**reader.fields, "base_lat": lat, "base_lon": lon})
    wgs_lat, wgs_lon = to_wgs84(lat, lon, coordinates)
    return Rep.model_validate(
        {
            **reader.fields,
            "base_lat": wgs_lat,
            "base_lon": wgs_lon,
            "given_lat": lat,
            "given_lon": lon,
        }
    )
