"""A cycle laid on dates as files: visits, changes and frequencies as CSV, days as a calendar."""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from routeplanner.domain.dated import DatedPlan
from routeplanner.domain.hours import WEEKDAYS, format_clock
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError, Issue
from routeplanner.files.csv_tables import write_table

DATED_COLUMNS = (
    "rep", "date", "weekday", "template", "position", "store_id", "store_name", "class", "start",
    "depart", "due",
)  # fmt: skip
CHANGE_COLUMNS = (
    "rep", "store_id", "store_name", "class", "from_date", "to_date", "cause", "cause_name",
    "changed_by", "obstacle",
)  # fmt: skip
FREQUENCY_COLUMNS = ("store_id", "store_name", "class", "required", "reached")


def write_dated(dated: DatedPlan, scenario: Scenario, folder: Path) -> None:
    """Write `visits.csv`, `changes.csv` and `frequencies.csv` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    names = {store.id: store.name for store in scenario.stores}
    write_table(
        folder / "visits.csv",
        DATED_COLUMNS,
        (
            (
                visit.rep,
                visit.date.isoformat(),
                WEEKDAYS[visit.date.weekday()],
                visit.template,
                visit.position,
                visit.store_id,
                names[visit.store_id],
                visit.store_class,
                format_clock(visit.start),
                format_clock(visit.depart),
                visit.due.isoformat(),
            )
            for visit in dated.visits
        ),
    )
    write_table(
        folder / "changes.csv",
        CHANGE_COLUMNS,
        (
            (
                change.rep,
                change.store_id,
                names[change.store_id],
                change.store_class,
                change.from_date.isoformat(),
                _iso(change.to_date),
                change.cause,
                change.cause_name,
                change.changed_by,
                change.obstacle,
            )
            for change in dated.changes
        ),
    )
    write_table(
        folder / "frequencies.csv",
        FREQUENCY_COLUMNS,
        (
            (item.store_id, names[item.store_id], item.store_class, item.required, item.reached)
            for item in dated.frequencies
        ),
    )


def write_dated_ics(
    dated: DatedPlan, plan: Plan, scenario: Scenario, path: Path, timezone: str | None
) -> None:
    """Write one event a driven day. Its identity is rep and date, so that a new file moves it.

    Raises:
        InputError: no usable time zone (NO_TIME_ZONE, UNKNOWN_TIME_ZONE).
    """
    from routeplanner.files.exports import ics  # noqa: PLC0415  # takes a while to load

    zone = check_time_zone(scenario, timezone)
    stamp = ics.stamp_of(plan, dated.dates.start_date)
    calendar = ics.new_calendar(plan, scenario)
    for item in dated.routes:
        day = ics.EventDay(item.date, zone, stamp, plan.version)
        uid = ics.event_uid(item.route.rep, item.date.isoformat())
        calendar.add_component(ics.day_event(item.route, uid, scenario, day))
    calendar.add_missing_timezones(first_date=date(dated.dates.start_date.year, 1, 1))
    path.write_bytes(calendar.to_ical())


def check_time_zone(scenario: Scenario, timezone: str | None) -> ZoneInfo:
    """Return the time zone of a name; China's where none is given for Chinese map coordinates.

    Raises:
        InputError: no usable time zone (NO_TIME_ZONE, UNKNOWN_TIME_ZONE).
    """
    from routeplanner.files.exports import ics  # noqa: PLC0415  # takes a while to load

    zone = ics.time_zone(scenario, timezone)
    if isinstance(zone, Issue):
        raise InputError([zone])
    return zone


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
