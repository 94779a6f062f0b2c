import csv

from benchmarks.replan.__main__ import main
from benchmarks.replan.territory import territory


def test_a_share_of_the_stores_changes_by_the_seed() -> None:
    one, two = territory(0.05, 1), territory(0.05, 2)
    assert (one.closed, one.opened, one.reclassed) == (3, 3, 2)
    before = {store.id: store for store in one.before.stores}
    after = {store.id: store for store in one.after.stores}
    assert len(before.keys() - after.keys()) == len(after.keys() - before.keys()) == 3
    others = [i for i in before.keys() & after.keys() if before[i] != after[i]]
    assert len(others) == 2
    assert all(before[i].store_class != after[i].store_class for i in others)
    assert {store.id for store in two.after.stores} != set(after)
    assert territory(0.05, 1) == one


def test_every_way_of_planning_again_has_its_row(tmp_path, capsys) -> None:
    arguments = [
        "--seeds",
        "1",
        "--stores",
        "30",
        "--share",
        "0.1",
        "--iterations",
        "8",
        "--max-changes",
        "2",
    ]
    main([*arguments, "--out", str(tmp_path / "table.csv")])
    with (tmp_path / "table.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["way"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["from nothing", "previous, 5 min", "previous, at most 2"]
    assert float(rows["from nothing"]["hours_ratio"]) == 1
    assert int(rows["previous, at most 2"]["changed"]) <= 2
    assert {row["broken_rules"] for row in rows.values()} == {"0"}
    assert "| mean | previous, 5 min |" in capsys.readouterr().out
