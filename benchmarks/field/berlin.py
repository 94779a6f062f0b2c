"""Berlin's pharmacies and supermarkets with their real hours, by the product's own way."""

import csv
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.field.instance import Instance
from benchmarks.field.layout import IntArray
from benchmarks.field.rules import STORES_PER_REP
from benchmarks.field.zones import divide
from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.hours import WeeklyHours
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.visits import class_of
from routeplanner.files.policy import read_policy
from routeplanner.planning.encode import encode
from routeplanner.planning.scenario import build_scenario
from routeplanner.travel.source import travel_matrix

BerlinKind = Literal["pharmacies", "supermarkets"]

FOLDER = Path(__file__).parents[2] / "data" / "berlin"
POLICY = "five-day"
_CENTER = (52.52, 13.405)  # Alexanderplatz
_METERS_PER_DEGREE = (111_270.0, 67_850.0)  # of latitude and longitude, at that latitude
_SALES_SIGMA = 0.95


def berlin(kind: BerlinKind, stores: int, reps: int = 0, seed: int = 1) -> Instance:
    """Return the instance of `berlin_scenario`."""
    scenario = berlin_scenario(kind, stores, reps, seed)
    encoding = encode(scenario, travel_matrix(scenario))
    labels = scenario.policy.classes.labels
    classes = [labels.index(class_of(store)) for store in encoding.stores]
    n_stores, n_reps = len(scenario.stores), len(scenario.reps)
    return Instance(
        name=f"berlin-{kind}-{n_stores}x{n_reps}-s{seed}",
        parameters={"berlin": kind, "stores": n_stores, "reps": n_reps, "seed": seed},
        problem=encoding.problem,
        class_of_store=np.array(classes, dtype=np.int32),
    )


def berlin_scenario(kind: BerlinKind, stores: int, reps: int = 0, seed: int = 1) -> Scenario:
    """
    Return the task of visiting the stores that lie nearest to the middle of Berlin.

    Parameters
    ----------
    reps
        Every rep may visit every store; 0: one for 160 stores. They live in the middle of parts of
        equally many stores.
    seed
        Of the invented sales, which make the classes.
    """
    rows = _nearest(kind, stores)
    n_reps = reps or max(1, round(len(rows) / STORES_PER_REP))
    rng = np.random.default_rng(np.random.SeedSequence([seed, *kind.encode()]))
    sales = np.maximum(1, np.rint(1_000 * rng.lognormal(0.0, _SALES_SIGMA, len(rows))))
    chain = [
        store.model_copy(update={"sales": float(sale)})
        for store, sale in zip(rows, sales, strict=True)
    ]
    return build_scenario(
        Draft(
            stores=tuple(chain),
            policy=read_policy(POLICY, Findings("en")).policy,
            reps=_reps(chain, n_reps),
            store_origins=tuple(Origin("stores", row) for row in range(len(chain))),
            rep_origins=tuple(Origin("reps", row) for row in range(n_reps)),
            has_reps_file=True,
        )
    )


def _nearest(kind: BerlinKind, n: int) -> list[Store]:
    """Return the stores nearest to the center, in the file's order."""
    with (FOLDER / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        found = [_store(number, row) for number, row in enumerate(csv.DictReader(file))]
    apart = np.square(_meters(found)).sum(axis=1)
    return [found[place] for place in np.sort(np.argsort(apart, kind="stable")[:n])]


def _store(number: int, row: dict[str, str]) -> Store:
    """Return the store of a row; hours that nobody can tell are left unknown."""
    text = row.get("openinghours") or row.get("opening_hours") or ""
    try:
        hours = WeeklyHours.model_validate(text) if text not in ("", "nan") else None
    except ValueError:
        hours = None
    return Store(
        id=f"{number:04d}",
        name=row["name"],
        lat=float(row["latitude"]),
        lon=float(row["longitude"]),
        opening_hours=hours,
    )


def _meters(stores: list[Store]) -> IntArray:
    """Return positions from the center, north and east: (n_stores, 2)."""
    degrees = np.array([(store.lat, store.lon) for store in stores]) - _CENTER
    return np.rint(degrees * _METERS_PER_DEGREE).astype(np.int64)


def _reps(stores: list[Store], n_reps: int) -> tuple[Rep, ...]:
    group = divide(_meters(stores), np.ones(len(stores)), [1.0] * n_reps)
    places = np.array([(store.lat, store.lon) for store in stores])
    centers = [places[group == rep].mean(axis=0).round(5) for rep in range(n_reps)]
    return tuple(
        Rep(id=f"R{number:02d}", base_lat=float(lat), base_lon=float(lon))
        for number, (lat, lon) in enumerate(centers, start=1)
    )
