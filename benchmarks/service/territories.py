"""Invented reps and stores: each rep's stores lie around the rep, as a list of stores has them."""

import csv
import io
import random
from dataclasses import dataclass
from math import ceil
from typing import Any

CLASSES = "ABBCCCCCCC"
_HOURS = ("Mo-Sa 09:00-20:00", "Mo-Fr 09:00-18:00", "Mo-Fr 08:00-12:00,13:00-18:00; Sa 09:00-14:00")
_COLUMNS = (
    "id", "name", "lat", "lon", "rep", "account", "address", "phone", "sales", "class",
    "opening_hours",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Territories:
    """So many stores, shared out among reps, who are led by tens."""

    n_stores: int
    stores_each: int = 200
    reps_each: int = 10  # of a supervisor

    @property
    def reps(self) -> list[str]:
        """External ids of the reps."""
        return [f"R{number:04d}" for number in range(ceil(self.n_stores / self.stores_each))]

    @property
    def supervisors(self) -> dict[str, list[str]]:
        """Reps by supervisor."""
        reps, each = self.reps, self.reps_each
        return {
            f"supervisor-{start // each:03d}": reps[start : start + each]
            for start in range(0, len(reps), each)
        }

    def rep_of_store(self, number: int) -> str:
        """Whose a store is."""
        return self.reps[number // self.stores_each]

    def rep_fields(self, rep: str) -> dict[str, Any]:
        """A rep as the API takes it."""
        lat, lon = self._middle(rep)
        return {"external_id": rep, "name": f"Rep {rep}", "base": {"lat": lat, "lon": lon}}

    def store_list(self) -> bytes:
        """All stores as CSV."""
        draw = random.Random(1)
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        middles = {rep: self._middle(rep) for rep in self.reps}
        reps = self.reps
        for number in range(self.n_stores):
            rep = reps[number // self.stores_each]
            lat, lon = middles[rep]
            writer.writerow(
                (
                    f"S{number:06d}",
                    f"Store {number}",
                    f"{lat + draw.gauss(0, 0.05):.6f}",
                    f"{lon + draw.gauss(0, 0.08):.6f}",
                    rep,
                    f"Chain {draw.randrange(200)}",
                    f"{draw.randrange(1, 200)} Main Street, {10000 + number % 90000} Town",
                    f"+49 30 {draw.randrange(10**6, 10**7)}",
                    f"{draw.lognormvariate(4, 1):.2f}",
                    CLASSES[number % len(CLASSES)],
                    draw.choice(_HOURS),
                )
            )
        return text.getvalue().encode()

    def small_scenario(self, n: int, seed: int) -> dict[str, Any]:
        """One rep's small territory as a scenario given whole."""
        draw = random.Random(seed)
        stores = [
            {
                "id": f"S{number}",
                "lat": 52.5 + draw.gauss(0, 0.03),
                "lon": 13.4 + draw.gauss(0, 0.05),
                "sales": draw.lognormvariate(4, 1),
                "rep": "R",
            }
            for number in range(n)
        ]
        reps = [{"id": "R", "base_lat": 52.5, "base_lon": 13.4}]
        return {"stores": stores, "reps": reps, "policy": "five-day"}

    def _middle(self, rep: str) -> tuple[float, float]:
        draw = random.Random(rep)
        return round(draw.uniform(48, 54), 4), round(draw.uniform(7, 14), 4)
