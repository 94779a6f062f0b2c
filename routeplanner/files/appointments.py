"""The appointment table: fixed stops such as the Monday meeting, one row a weekday."""

from dataclasses import dataclass, field

from routeplanner.domain.draft import FaultyRow
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.rep import Appointment
from routeplanner.domain.scenario import CoordinateSystem
from routeplanner.files.cells import read_id, read_text
from routeplanner.files.cells_days import read_clock, read_weekdays, read_weeks
from routeplanner.files.records import RowReader, check_range, position_columns, take_position
from routeplanner.files.tables_rows import Table
from routeplanner.travel.coordinates import to_wgs84


@dataclass(slots=True)
class AppointmentsRead:
    """Appointments with their origins, parallel, and the rows that could not be read whole."""

    appointments: list[Appointment] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    faulty: list[FaultyRow] = field(default_factory=list)


def read_appointments(
    table: Table, findings: Findings, *, coordinates: CoordinateSystem = "wgs84"
) -> AppointmentsRead:
    """Appointments of a table; a row that names several weekdays becomes one a weekday."""
    columns = position_columns(table, "lat", "lon", "lat_lon")
    has_place = "lat_lon" in table.headers.columns or "lat" in table.headers.columns
    read = AppointmentsRead()
    for row in table.rows:
        reader = RowReader(table, row, findings, table.origin(row))
        if not reader.check_width():
            read.faulty.append(reader.faulty("appointments"))
            continue
        if reader.take("rep", read_id, "MISSING_REP") is None:
            reader.fault("MISSING_REP", "rep")
        weekdays = reader.take("weekday", read_weekdays, "UNREADABLE_WEEKDAY") or ()
        if not weekdays and not reader.is_faulty:
            reader.fault("UNREADABLE_WEEKDAY", "weekday")
        _take_times(reader)
        reader.take("weeks", read_weeks, "UNREADABLE_WEEKS")
        reader.take("title", read_text, "UNREADABLE_FILE")
        position = take_position(reader, columns, is_required=False) if has_place else None
        if position is not None and check_range(reader, columns, position):
            lat, lon = to_wgs84(*position, coordinates)
            reader.fields |= {"lat": lat, "lon": lon}
        if reader.is_faulty:
            read.faulty.append(reader.faulty("appointments"))
            continue
        for weekday in weekdays:
            fields = {**reader.fields, "weekday": weekday}
            read.appointments.append(Appointment.model_validate(fields))
            read.origins.append(reader.origin)
    return read


def _take_times(reader: RowReader) -> None:
    times: list[int] = []
    for name in ("start", "end"):
        was_faulty = reader.is_faulty
        seconds = reader.take(name, read_clock, "UNREADABLE_TIME")
        if seconds is not None:
            times.append(seconds)
        elif reader.is_faulty == was_faulty:
            reader.fault("UNREADABLE_TIME", name)
    if len(times) == 2 and times[1] <= times[0]:
        reader.fault("END_BEFORE_START", "end")
