"""What was learned, as files that the readers take."""

import csv
from pathlib import Path

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from routeplanner.domain.learned import Learned
from routeplanner.domain.policy import Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.files.inputs import read_inputs
from routeplanner.files.learned import LEARNED_GROUP_COLUMNS, LEARNED_STORE_COLUMNS, write_learned
from routeplanner.files.policy import load_policy, preset_data
from routeplanner.files.policy_source import PRESETS
from routeplanner.files.policy_toml import head_line, policy_text, toml_line
from routeplanner.planning.learn import learn
from routeplanner.travel.source import travel_matrix
from tests.driven import driven
from tests.planning.small_plans import with_policy, with_store
from tests.territories import scenario, stores


def five_day() -> Scenario:
    return scenario(
        stores({"A": 3, "B": 4, "C": 6}, spread=0.06),
        Policy.model_validate(preset_data("five-day")),
        weeks=4,
    )


def learned_of(given: Scenario, **planted: float) -> Learned:
    visits = driven(given, {"A": 30, "B": 15, "C": 10}, kmh=12, park_minutes=6, own=planted)
    return learn(given, visits, travel_matrix(given))


def read_back(text: str, folder: Path) -> Policy:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return load_policy(path)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_policy_holds_the_changes_and_nothing_else(tmp_path: Path, language: str) -> None:
    given = five_day().model_copy(update={"language": language})
    found = learned_of(given)
    write_learned(found, given, tmp_path)
    content = (tmp_path / "learned.toml").read_text(encoding="utf-8")
    assert 'extends = "five-day"' in content
    lines = [line for line in content.splitlines() if " = " in line]
    assert len(lines) == 2 + len(found.changes)
    assert all(f"n={change.n}" in content for change in found.changes)
    read = load_policy(tmp_path / "learned.toml")
    expected = given.policy.model_dump()
    for change in found.changes:
        table = expected
        for name in change.path[:-1]:
            table = table[name]
        table[change.path[-1]] = change.proposed
    assert read.model_dump() == expected | {"name": "five-day-learned"}


def test_a_policy_of_ones_own_is_kept(tmp_path: Path) -> None:
    given = with_policy(five_day(), working_day={"reserve": 0.2}, name="Berlin")
    write_learned(learned_of(given), given, tmp_path)
    read = load_policy(tmp_path / "learned.toml")
    assert (read.working_day.reserve, read.name) == (0.2, "Berlin-learned")
    assert read.workdays == given.policy.workdays


LABELS = ("A", "重点", 'a "b" \\', "x.y", "line\nbreak", "C#")


@settings(max_examples=40)
@drawn(
    st.lists(st.sampled_from(LABELS), min_size=1, max_size=3, unique=True),
    st.sampled_from(["daily", "3/week", "1/2weeks"]),
    st.floats(1, 1440, exclude_max=True),
    st.sampled_from([None, "guaranteed", "1/2weeks"]),
    st.sampled_from([None, 0.5]),
    st.sampled_from([None, [["T1", "T2"], ["T1", "T3"]]]),
)
def test_any_policy_is_read_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory,
    labels: list[str],
    frequency: str,
    minutes: float,
    minimum: str | None,
    target: float | None,
    calendar: list[list[str]] | None,
) -> None:
    rule = {"frequency": frequency, "service_minutes": minutes, "minimum_frequency": minimum}
    policy = Policy.model_validate(
        {
            "classes": {"labels": labels, "lines": [10.5 + 30 * n for n in range(len(labels) - 1)]},
            "visit_rules": dict.fromkeys(labels, rule),
            "working_day": {"in_store_target": target, "start": "07:15"},
            "workdays": ["mon", "fri"],
            "calendar": calendar,
            "routes": {"T1": {"classes": labels[:1]}} if calendar else {},
        }
    )
    found = policy_text(policy)
    lines = [] if found.extends is None else [head_line(found.extends)]
    lines += [toml_line(path, value) for path, value in found.values.items()]
    folder = tmp_path_factory.mktemp("policy")
    assert read_back("\n".join(lines), folder) == policy


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_extends_itself_by_nothing(name: str) -> None:
    found = policy_text(Policy.model_validate(preset_data(name)))
    assert (found.extends, dict(found.values)) == (name, {})


def test_the_stores_are_a_list_that_is_read(tmp_path: Path) -> None:
    given = with_store(five_day(), "C02", name="=1+1 店", service_minutes=9)
    found = learned_of(given, C01=40, C02=9)
    write_learned(found, given, tmp_path)
    path = tmp_path / "learned-stores.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = {row["store_id"]: row for row in csv.DictReader(stream)}
    assert tuple(rows["C01"]) == LEARNED_STORE_COLUMNS
    assert float(rows["C01"]["service_minutes"]) == pytest.approx(38, abs=4)
    assert rows["C02"]["service_minutes"] == "9"  # its own, as before
    assert rows["C02"]["name"] == "'=1+1 店"
    assert rows["C03"]["service_minutes"] == ""  # that of its class
    # With coordinates beside it, the table is a store list.
    header, *lines = path.read_text(encoding="utf-8-sig").splitlines()
    joined = [f"{line},52.5,13.{n:02d}" for n, line in enumerate(lines)]
    whole = tmp_path / "stores.csv"
    whole.write_text("\n".join([f"{header},lat,lon", *joined]), encoding="utf-8")
    draft = read_inputs(whole)
    minutes = {store.id: store.service_minutes for store in draft.stores}
    assert minutes["C02"] == 9
    assert minutes["C03"] is None


def test_classes_reps_and_hours_are_a_table(tmp_path: Path) -> None:
    given = five_day()
    found = learned_of(given)
    write_learned(found, given, tmp_path)
    with (tmp_path / "learned-groups.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = {(row["group"], row["name"]): row for row in csv.DictReader(stream)}
    assert [(group.kind, group.name) for group in found.groups] == list(rows)
    assert {name for group, name in rows if group == "class"} == {"A", "B", "C"}
    for group in found.groups:
        row = rows[group.kind, group.name]
        assert tuple(row) == LEARNED_GROUP_COLUMNS
        for spread, kind in ((group.visits, "visit"), (group.ways, "way")):
            n, factor = int(row[f"n_{kind}s"]), row[f"{kind}_factor"]
            assert n == (0 if spread is None else spread.n)
            assert factor == "" if spread is None else float(factor) == round(spread.median, 2)
    assert sum(int(rows["class", label]["n_ways"]) for label in "ABC") == found.n_ways


def test_an_earlier_proposal_does_not_outlive_a_list_that_proposes_nothing(tmp_path: Path) -> None:
    given = five_day()
    write_learned(learned_of(given), given, tmp_path)
    placed = write_learned(learn(given, (), travel_matrix(given)), given, tmp_path)
    assert placed.removed == [tmp_path / "learned.toml"]
    assert not (tmp_path / "learned.toml").exists()
