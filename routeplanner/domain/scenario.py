"""A frozen snapshot of everything that a plan is computed from."""

import hashlib
from datetime import date
from typing import Literal

from pydantic import Field, model_validator

from routeplanner.domain.base import Finite, Frozen
from routeplanner.domain.cycle import Cycle
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.store import Store
from routeplanner.errors import Issue

CoordinateSystem = Literal["wgs84", "gcj02", "bd09"]
Language = Literal["en", "zh"]


class GivenMatrix(Finite):
    """Travel between places as the user measured it; `ids` are store ids and `rep:ID` for bases."""

    source: str  # file name, for the outputs
    ids: tuple[str, ...]
    minutes: tuple[tuple[float, ...], ...]  # (n, n), row = from
    km: tuple[tuple[float, ...], ...]  # (n, n)


class Scenario(Frozen):
    """Stores (classified), reps, appointments, policy and cycle; same hash, same input."""

    stores: tuple[Store, ...] = Field(min_length=1)
    reps: tuple[Rep, ...] = Field(min_length=1)
    appointments: tuple[Appointment, ...] = ()
    policy: Policy
    cycle: Cycle
    matrix: GivenMatrix | None = None  # none: estimated from positions by policy.travel
    coordinates: CoordinateSystem = "wgs84"  # of the given_lat/given_lon values
    language: Language = "en"
    start_date: date | None = None
    warnings: tuple[Issue, ...] = ()

    @model_validator(mode="after")
    def _references_exist(self) -> "Scenario":
        store_ids = [store.id for store in self.stores]
        if len(set(store_ids)) != len(store_ids):
            raise ValueError("store ids must differ")
        rep_ids = {rep.id for rep in self.reps}
        if len(rep_ids) != len(self.reps):
            raise ValueError("rep ids must differ")
        for place, rep in [(f"stores[{i}].rep", s.rep) for i, s in enumerate(self.stores)] + [
            (f"appointments[{i}].rep", a.rep) for i, a in enumerate(self.appointments)
        ]:
            if rep is not None and rep not in rep_ids:
                raise ValueError(f"{place} names rep '{rep}', who is not in reps")
        return self

    def content_hash(self) -> str:
        """SHA-256 of the canonical JSON, without warnings and presentation."""
        content = self.model_dump_json(
            exclude={"warnings", "language", "start_date"}, by_alias=True
        )
        return hashlib.sha256(content.encode()).hexdigest()
