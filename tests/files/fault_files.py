"""Sound input files for tests to plant faults into, and all issues that reading them gives."""

import csv
import io
from pathlib import Path

from routeplanner.errors import InputError, Issue
from routeplanner.files.inputs import read_inputs
from routeplanner.planning.scenario import build_scenario

HEADERS = (
    "id", "name", "lat", "lon", "sales", "class", "rep", "kind", "status", "frequency",
    "service_minutes", "opening_hours", "visit_hours", "closed_days", "pinned_days",
)  # fmt: skip
N_STORES = 12
REPS = """id,name,base_lat,base_lon,hours,start,end,days,lunch_minutes,lunch_between,\
prepare_minutes,max_work_minutes,mode,start_at
R1,Ann,52.52,13.40,Mo-Sa 08:30-17:30,,,,60,11:30-13:30,15,420,car,base
R2,Bob,52.50,13.38,,08:00,17:00,Mo-Fr,,,,,walk,store
"""
APPOINTMENTS = """rep,weekday,weeks,start,end,lat,lon,title
R1,mon,,09:00,10:00,,,Monday meeting
R2,fri,1,15:00,16:00,52.51,13.39,Office
"""
POLICY = """extends = "handbook"
name = "test"
workdays = ["mon", "tue", "wed", "thu", "fri", "sat"]
cycle_weeks = 4

[visit_rules.A]
frequency = "3/week"
service_minutes = 30
"""
CALENDAR = """extends = "handbook-example"
"""


# (column, value planted into row 4 of the stores, code, column of the issue where another)
STORE_CELLS = [
    ("id", "", "MISSING_ID", "id"),
    ("id", "S00", "DUPLICATE_ID", "id"),
    ("id", "1.23457E+11", "MANGLED_ID", "id"),
    ("lat", "", "MISSING_COORDINATES", "lat"),
    ("lon", "", "MISSING_COORDINATES", "lon"),
    ("lon", "n/a", "MISSING_COORDINATES", "lon"),
    ("lat", "north", "UNREADABLE_COORDINATES", "lat"),
    ("lon", "13.38.12", "UNREADABLE_COORDINATES", "lon"),
    ("lat", "525.03", "COORDINATES_OUT_OF_RANGE", "lat"),
    ("lon", "-181", "COORDINATES_OUT_OF_RANGE", "lon"),
    ("lat", "48.1", "FAR_FROM_ALL", "lat"),
    ("sales", "many", "UNREADABLE_SALES", "sales"),
    ("sales", "12%", "UNREADABLE_SALES", "sales"),
    ("sales", "#REF!", "UNREADABLE_SALES", "sales"),
    ("sales", "-20", "NEGATIVE_SALES", "sales"),
    ("class", "X", "UNKNOWN_CLASS", "class"),
    ("rep", "R9", "UNKNOWN_REP", "rep"),
    ("kind", "castle", "UNKNOWN_KIND", "kind"),
    ("status", "sleeping", "UNKNOWN_STATUS", "status"),
    ("frequency", "often", "UNREADABLE_FREQUENCY", "frequency"),
    ("frequency", "0/week", "UNREADABLE_FREQUENCY", "frequency"),
    ("frequency", "7/week", "FREQUENCY_EXCEEDS_WORKDAYS", "frequency"),
    ("frequency", "13/2weeks", "FREQUENCY_EXCEEDS_WORKDAYS", "frequency"),
    ("frequency", "1/3weeks", "FREQUENCY_NOT_IN_CYCLE", "frequency"),
    ("service_minutes", "long", "UNREADABLE_MINUTES", "service_minutes"),
    ("service_minutes", "0", "MINUTES_OUT_OF_RANGE", "service_minutes"),
    ("service_minutes", "1441", "MINUTES_OUT_OF_RANGE", "service_minutes"),
    ("opening_hours", "when I like", "UNREADABLE_HOURS", "opening_hours"),
    ("opening_hours", "Mo-Fr 25:00-26:00", "UNREADABLE_HOURS", "opening_hours"),
    ("visit_hours", "mornings", "UNREADABLE_HOURS", "visit_hours"),
    ("opening_hours", "Su 10:00-12:00", "CLOSED_EVERY_DAY", "opening_hours"),
    ("closed_days", "Mo-Sa", "CLOSED_EVERY_DAY", "closed_days"),
    ("closed_days", "tue;funday", "UNREADABLE_WEEKDAY", "closed_days"),
    ("pinned_days", "someday", "UNREADABLE_PINNED_DAY", "pinned_days"),
    ("pinned_days", "w0-mon", "UNREADABLE_PINNED_DAY", "pinned_days"),
    ("pinned_days", "sun", "PINNED_NOT_WORKDAY", "pinned_days"),
    ("pinned_days", "w5-mon", "PINNED_WEEK_OUTSIDE_CYCLE", "pinned_days"),
]


def store_rows() -> list[dict[str, str]]:
    """Twelve sound rows, half of them of each rep."""
    return [
        dict.fromkeys(HEADERS, "")
        | {
            "id": f"S{n:02d}",
            "name": f"Shop number {n}",
            "lat": f"{52.50 + n / 1000:.3f}1",
            "lon": f"{13.38 + n / 700:.4f}",
            "sales": str(1000 - 10 * n),
            "rep": "R1" if n % 2 else "R2",
        }
        for n in range(N_STORES)
    ]


def as_csv(rows: list[dict[str, str]], headers: tuple[str, ...] = HEADERS) -> str:
    """Rows as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.DictWriter(out, headers, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def judged(folder: Path, files: dict[str, str | bytes], **arguments: object) -> list[Issue]:
    """All issues of files written into a folder; only those of files that are there are passed."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else content.encode("utf-8-sig")
        (folder / name).write_bytes(data)
    paths = {
        argument: folder / f"{argument}.{ending}"
        for argument, ending in (
            ("reps", "csv"),
            ("appointments", "csv"),
            ("travel", "csv"),
            ("policy", "toml"),
        )
        if f"{argument}.{ending}" in files
    }
    draft = read_inputs(folder / "stores.csv", **(paths | arguments))
    try:
        return list(build_scenario(draft).warnings)
    except InputError as error:
        return list(error.issues)


def sound_files() -> dict[str, str | bytes]:
    """Files without any fault, by name."""
    return {
        "stores.csv": as_csv(store_rows()),
        "reps.csv": REPS,
        "appointments.csv": APPOINTMENTS,
        "policy.toml": POLICY,
    }
