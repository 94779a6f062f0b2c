"""Policy files as people change them: lines pasted in, files that extend files, plain words."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routeplanner.domain.policy import Policy
from routeplanner.domain.workload import PolicyChange
from routeplanner.errors import InputError, Issue
from routeplanner.files.policy import PRESETS, load_policy, preset_text
from routeplanner.files.policy_lines import Place, PolicyKeys, read_lines
from routeplanner.files.template import write_template
from routeplanner.planning.lever_steps import applied

CHANGES = (
    PolicyChange(key="visit_rules.A.frequency", value="1/2weeks"),
    PolicyChange(key="visit_rules.C.service_minutes", value=5),
    PolicyChange(key="classes.lines", value=(30.0, 70.0)),
    PolicyChange(key="calendar", value=None),
    PolicyChange(key="working_day.reserve", value=0.05),
    PolicyChange(key="working_day.in_store_limit", value=0.9),
)


def policy_file(folder: Path, content: str, name: str = "p.toml") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def issues_of(path: Path) -> list[Issue]:
    with pytest.raises(InputError) as caught:
        load_policy(path)
    return list(caught.value.issues)


def told(path: Path) -> list[tuple[str, str, int | None]]:
    return [(issue.code, issue.path, issue.row) for issue in issues_of(path)]


@pytest.mark.parametrize("change", CHANGES, ids=[change.key for change in CHANGES])
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("below", ["", "[visit_rules]\n", "[routes]\n", "[travel.speed_kmh]\n"])
def test_a_line_of_a_lever_pasted_at_the_end_holds(
    tmp_path: Path, change: PolicyChange, preset: str, below: str
) -> None:
    path = policy_file(tmp_path, preset_text(preset) + below + change.line() + "\n")
    assert load_policy(path) == applied(load_policy(preset), (change,))


def test_all_levers_pasted_into_what_init_writes(tmp_path: Path) -> None:
    _, path = write_template(tmp_path)
    with path.open("a", encoding="utf-8") as stream:
        stream.writelines(f"{change.line()}\n" for change in CHANGES)
        stream.write('workdays = ["mon", "wed"]\nvisit_rules.A.frequency = "daily"\n')
    policy = load_policy(path)
    assert policy.workdays == ("mon", "wed")
    assert policy.visit_rules["A"].frequency.is_daily
    assert policy.classes.lines == (30, 70)


@pytest.mark.parametrize("change", CHANGES, ids=[change.key for change in CHANGES])
def test_the_line_of_a_rule_may_be_replaced(tmp_path: Path, change: PolicyChange) -> None:
    lines = preset_text("handbook").splitlines()
    name = change.key if change.key.startswith("visit_rules") else change.key.rpartition(".")[2]
    kept = [line for line in lines if not line.startswith(f"{name} = ")]
    path = policy_file(tmp_path, "\n".join([change.line(), *kept]))
    assert load_policy(path) == applied(load_policy("handbook"), (change,))


@pytest.mark.parametrize(
    ("line", "at"),
    [('visit_rules.A.frequency = "2/week"', "visit_rules.A.frequency"),
     ("classes.lines = [20, 50]", "classes.lines"), ('workdays = "Mo-Fr"', "workdays"),
     ("travel.speed_kmh = { car = 20 }", "travel.speed_kmh.car")],
)  # fmt: skip
def test_a_key_that_stands_twice_is_told_with_both_lines(
    tmp_path: Path, line: str, at: str
) -> None:
    content = f"{line}\n{preset_text('handbook')}"
    (issue,) = issues_of(policy_file(tmp_path, content))
    assert issue.code == "DUPLICATE_KEY"
    key = at.rpartition(".")[2] if not at.startswith("visit_rules") else at
    rows = content.splitlines()
    assert issue.row is not None
    assert issue.row > 1
    assert key in rows[issue.row - 1]
    assert "line 1 " in issue.message
    assert "line 1" in issue.hint


def test_a_table_may_stand_in_two_parts(tmp_path: Path) -> None:
    content = 'extends = "handbook"\n[travel]\ndetour = 1.2\n[objective]\nroute = 5\n[travel]\n'
    policy = load_policy(policy_file(tmp_path, content + "park_minutes = 1\n"))
    assert (policy.travel.detour, policy.travel.park_minutes, policy.objective.route) == (1.2, 1, 5)


def test_extends_names_a_file_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "base").mkdir()
    policy_file(tmp_path / "base", 'extends = "five-day"\nworkdays = "Mo-Do"\n', "b.toml")
    path = policy_file(tmp_path, 'extends = "base/b.toml"\nvisit_rules.B.service_minutes = 8\n')
    policy = load_policy(path)
    assert (policy.name, policy.workdays[-1], policy.cycle_weeks) == ("custom", "thu", 4)
    assert policy.visit_rules["B"].service_minutes == 8
    assert policy.visit_rules["A"].service_minutes == 20


def test_a_fault_of_the_extended_file_is_told_there(tmp_path: Path) -> None:
    policy_file(tmp_path, 'extends = "handbook"\n\nworking_day.reserve = 2\n', "b.toml")
    path = policy_file(tmp_path, 'extends = "b.toml"\ntravel.detour = 0\n')
    assert told(path) == [
        ("WRONG_VALUE", "b.toml:working_day.reserve", 3),
        ("WRONG_VALUE", "p.toml:travel.detour", 2),
    ]


@pytest.mark.parametrize("base", ['"hndbook"', '"other.toml"', "5", '"p.toml"', '"\\u0000"', '"."'])
def test_a_wrong_extends_is_the_only_issue(tmp_path: Path, base: str) -> None:
    path = policy_file(tmp_path, f"extends = {base}\nvisit_rules.A.frequency = 3\nfoo = 1\n")
    code = "EXTENDS_ITSELF" if base == '"p.toml"' else "UNKNOWN_PRESET"
    assert told(path) == [(code, "p.toml:extends", 1)]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("line", "at", "word"),
    [("travel.speed_kmh = 30", "travel.speed_kmh", "{ car = 18 }"),
     ("travel = 30", "travel", "travel.speed_kmh"), ("classes.lines = 40", "classes.lines", "[40,"),
     ("visit_rules.A = 3", "visit_rules.A", "visit_rules.A.frequency"),
     ("visit_rules.A.frequency = 3", "visit_rules.A.frequency", "3/week"),
     ('visit_rules.A.frequency = "thrice"', "visit_rules.A.frequency", "3/week"),
     ("visit_rules.A.minimum_frequency = 1", "visit_rules.A.minimum_frequency", "guaranteed"),
     ("visit_rules.A.service_minutes = 0", "visit_rules.A.service_minutes", " 0"),
     ('visit_rules.A.service_minutes = "x"', "visit_rules.A.service_minutes", "12.5"),
     ("cycle_weeks = 1.5", "cycle_weeks", "12"), ("cycle_weeks = 13", "cycle_weeks", "12"),
     ("name = 5", "name", "name"), ('calendar = "noon"', "calendar", '"none"'),
     ("calendar = [[1]]", "calendar", '"auto"'), ('workdays = "abc"', "workdays", '"mon"'),
     ("working_day.start = 8", "working_day.start", '"08:30"'),
     ('working_day.end = "5pm"', "working_day.end", '"08:30"'),
     ('working_day.lunch_between = ["11:30"]', "working_day.lunch_between.1", '"13:30"'),
     ('working_day.lunch_between = "11:30"', "working_day.lunch_between", '"13:30"'),
     ("working_day.reserve = 1", "working_day.reserve", " 1"),
     ('workdays = ["mon", "tues day"]', "workdays.2", '"fri"')],
)  # fmt: skip
def test_wrong_values_are_told_in_plain_words(
    tmp_path: Path, language: str, line: str, at: str, word: str
) -> None:
    path = policy_file(tmp_path, f'extends = "handbook"\n\n{line}\n')
    with pytest.raises(InputError) as caught:
        load_policy(path, language)  # type: ignore[arg-type]
    (issue,) = caught.value.issues
    assert (issue.code, issue.row) == ("WRONG_VALUE", 3)
    assert issue.path in (f"p.toml:{at}", f"p.toml:{at.rpartition('.')[0]}")
    assert word in issue.message
    assert "Input should" not in issue.message


def test_every_line_that_is_no_toml_is_told(tmp_path: Path) -> None:
    content = (
        'extends = handbook\n[travel\ncalendar = [\n  ["T1"],\nreserve == 2\nname = "a\n'
        'visit_rules.A.frequency: daily\nworkdays = """mon\n'
    )
    path = policy_file(tmp_path, content)
    found = [(issue.code, issue.row) for issue in issues_of(path)]
    assert found == [("TOML_SYNTAX", row) for row in (1, 2, 3, 5, 6, 7, 8)]


@pytest.mark.parametrize("preset", PRESETS)
def test_presets_are_plain_toml_too(preset: str) -> None:
    assert Policy.model_validate(tomllib.loads(preset_text(preset))) == load_policy(preset)


VALUES = st.one_of(
    st.integers(-5, 5),
    st.booleans(),
    st.text(alphabet="ab #=[]{}\"'\\\n,", max_size=8),
    st.lists(st.text(alphabet="a#]\"'", max_size=3), max_size=3),
)


def toml(value: object) -> str:
    if isinstance(value, list):
        return "[\n  " + ", # x ]\n  ".join(map(toml, value)) + "\n]"
    if isinstance(value, str):
        plain = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"""{plain}"""' if "\n" in plain else f'"{plain}"'
    return str(value).lower()


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.dictionaries(st.text("xyz", min_size=1), VALUES))
)
def test_any_toml_reads_as_the_standard_does(data: dict[str, dict[str, object]]) -> None:
    content = "".join(
        f"[{table}] # head\n" + "".join(f"{key} = {toml(value)}\n" for key, value in keys.items())
        for table, keys in data.items()
    )
    read, keys = read_lines(content), PolicyKeys()
    for line in read.lines:
        keys.heads |= {line.table: Place("p", line.number)} if line.is_head else {}
        if not line.is_head:
            assert keys.put((*line.table, *line.key), line.value, Place("p", line.number)) is None
    assert read.faults == []
    assert keys.data() == tomllib.loads(content)
