"""Whatever a file holds, reading it ends in a draft or in InputError, never in a crash."""

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from routeplanner.errors import InputError
from routeplanner.files.inputs import read_inputs
from routeplanner.files.policy import load_policy
from routeplanner.planning.scenario import build_scenario

STARTS = (
    b"",
    b"PK\x03\x04",
    b"\xd0\xcf\x11\xe0",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"sep=",
)
CELLS = st.one_of(
    st.sampled_from(
        ["", "-", "1", "52.5", "13,4", "1.234,5", "nan", "inf", "1e999", "daily", "3/week", "Mo-Fr",
         "tue;sat", "08:00", "w2-tue", "合计", "Total", "A", "(5)", "°", "N", "9" * 400, "万",
         "１２",
         "Mo-Fr 08:00-18:00", "--", "/", ",", "·", "0x10", "1_000", "²", "٣"]
    ),
    st.text(max_size=12),
)  # fmt: skip
HEADERS = (
    "id,name,lat,lon,sales,class,rep,kind,status,frequency,service_minutes,opening_hours,"
    "visit_hours,avoid_hours,closed_days,pinned_days"
)


def read_all(content: bytes, name: str = "stores.csv") -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        for draft in (
            read_inputs(path),
            read_inputs(path, reps=path, appointments=path, travel=path, policy=path),
        ):
            with suppress(InputError):
                build_scenario(draft, skip_bad_rows=True)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_any_bytes(start: bytes, content: bytes) -> None:
    read_all(start + content)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_text(content: str) -> None:
    read_all(content.encode("utf-8", "ignore"))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=16, max_size=16), min_size=1, max_size=4))
def test_any_store_cells(rows: list[list[str]]) -> None:
    lines = [HEADERS] + [
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows
    ]
    read_all("\n".join(lines).encode("utf-8", "ignore"))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["name", "workdays", "cycle_weeks", "calendar", "extends", "classes",
                             "visit_rules", "routes", "travel", "working_day", "templates"]),
            st.sampled_from(["1", "-1", '"x"', "[]", "[[]]", '["mon"]', "{}", "true", "1.5", "nan",
                             '"handbook"', '{A = {frequency = "1/week"}}', '[["T1"]]', '"auto"',
                             "08:30:00", "{lines = [1, 2]}", "{speed_kmh = {car = nan}}",
                             "{T1 = {classes = ['Q']}}", "99999999999999999999"]),
        ),
        max_size=5,
        unique_by=lambda entry: entry[0],
    )
)  # fmt: skip
def test_any_policy(entries: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy.toml"
        path.write_text("\n".join(f"{key} = {value}" for key, value in entries), encoding="utf-8")
        with suppress(InputError):
            load_policy(path)
