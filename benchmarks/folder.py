"""Finds the instances of a folder and the best costs known for them."""

import csv
from codecs import BOM_UTF8
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cordeau import CordeauError, read_instance

BEST_KNOWN = "best_known.csv"
SUFFIXES = ("", ".txt")


@dataclass(frozen=True, slots=True)
class Listed:
    """An instance file, with published costs where `best_known.csv` has them."""

    path: Path
    name: str
    n_visits: int
    notes: tuple[str, ...]
    best_known: float | None
    hgsadc_average: float | None
    verified_cost: float | None


def list_folder(folder: Path, only: tuple[str, ...] = ()) -> list[Listed]:
    """
    Read all instances of a folder, or those named; files of other kinds are passed over.

    Raises
    ------
    CordeauError
        Where there is no such folder, instance or column, or a file is malformed.
    """
    if not folder.is_dir():
        raise CordeauError(f"there is no folder {folder}")
    paths: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if path.is_file() and path.suffix.lower() in SUFFIXES and _begins_with_number(path):
            name = path.name if not path.suffix else path.stem
            if name in paths:
                raise CordeauError(f"{paths[name].name} and {path.name} have one name")
            paths[name] = path
    unknown = [name for name in only if name not in paths]
    if unknown or not paths:
        have = ", ".join(paths) or "no instance"
        raise CordeauError(f"{folder.name} has no {', '.join(unknown)}; it has {have}")
    known = _read_best_known(folder / BEST_KNOWN)
    return [_listed(path, name, known) for name, path in paths.items() if not only or name in only]


def spread(listed: list[Listed], n: int) -> list[Listed]:
    """At most n of the instances, evenly from those with fewest visits to those with most."""
    by_size = sorted(listed, key=lambda one: (one.n_visits, one.name))
    if len(by_size) <= n:
        return listed
    chosen = {round(k * (len(by_size) - 1) / (n - 1)) for k in range(n)}
    names = {by_size[index].name for index in chosen}
    return [one for one in listed if one.name in names]


def _begins_with_number(path: Path) -> bool:
    with path.open("rb") as file:
        words = file.read(200).split()
    return bool(words) and words[0].removeprefix(BOM_UTF8).isdigit()


def _listed(path: Path, name: str, known: dict[str, dict[str, float]]) -> Listed:
    instance = read_instance(path)
    costs = known.get(name, {})
    return Listed(
        path,
        name,
        int(instance.problem.required.sum()),
        instance.notes,
        costs.get("best_known"),
        costs.get("hgsadc_average"),
        costs.get("verified_cost"),
    )


def _read_best_known(path: Path) -> dict[str, dict[str, float]]:
    """Costs by instance and column; columns, rows and cells may be missing."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if "instance" not in (reader.fieldnames or ()):
            raise CordeauError(f"{path.name}:1: there is no column 'instance'")
        return {
            row["instance"].strip(): _costs(row, f"{path.name}:{reader.line_num}") for row in reader
        }


def _costs(row: dict[str, str], where: str) -> dict[str, float]:
    costs = {}
    for column in ("best_known", "hgsadc_average", "verified_cost"):
        if cell := (row.get(column) or "").strip():
            try:
                costs[column] = float(cell)
            except ValueError:
                raise CordeauError(f"{where}: {column} {cell!r} is no number") from None
    return costs
