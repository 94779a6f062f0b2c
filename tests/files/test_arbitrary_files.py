"""Whatever a file holds, reading it ends in a draft or in InputError, never in a crash."""

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from routeplanner.errors import InputError, Severity
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


def is_planned_or_told(content: bytes, name: str = "stores.csv") -> bool:
    """Whether a file, as any of the inputs, leads to a scenario or to issues that say why not."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        for draft in (
            read_inputs(path),
            read_inputs(path, reps=path, appointments=path, travel=path, policy=path),
        ):
            try:
                scenario = build_scenario(draft, skip_bad_rows=True)
            except InputError as told:
                if not any(issue.severity is Severity.ERROR for issue in told.issues):
                    return False
            else:
                if not all(store.store_class for store in scenario.stores):
                    return False
    return True


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STARTS), st.binary(max_size=300))
def test_any_bytes(start: bytes, content: bytes) -> None:
    assert is_planned_or_told(start + content)


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_text(content: str) -> None:
    assert is_planned_or_told(content.encode("utf-8", "ignore"))


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=16, max_size=16), min_size=1, max_size=4))
def test_any_store_cells(rows: list[list[str]]) -> None:
    lines = [HEADERS] + [
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows
    ]
    assert is_planned_or_told("\n".join(lines).encode("utf-8", "ignore"))


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
        try:
            found = load_policy(path)
        except InputError as told:
            assert all(issue.code and issue.message for issue in told.issues)  # noqa: PT017
        else:
            assert set(found.visit_rules) == set(found.classes.labels)
