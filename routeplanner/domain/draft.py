"""What the readers found, before it is judged as a whole by `planning.scenario`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from routeplanner.domain.findings import Origin
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import CoordinateSystem, Language
from routeplanner.domain.store import Store
from routeplanner.errors import Issue

_POLICY, _STORES = Origin("policy"), Origin("stores")

RecordKind = Literal["stores", "reps", "appointments"]


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """A row with at least one cell that could not be read; `fields` are those that could."""

    kind: RecordKind
    origin: Origin
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class DraftMatrix:
    """Travel as read from the user's file; nan where a pair is missing."""

    origin: Origin
    ids: tuple[str, ...]
    minutes: NDArray[np.float64]  # (n, n), row = from
    km: NDArray[np.float64]  # (n, n)


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """Readable records with the place of each in its file, and all issues from reading.

    The tuples of origins are parallel to the tuples of records.
    """

    stores: tuple[Store, ...]
    policy: Policy
    reps: tuple[Rep, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    store_origins: tuple[Origin, ...] = ()
    rep_origins: tuple[Origin, ...] = ()
    appointment_origins: tuple[Origin, ...] = ()
    faulty: tuple[FaultyRow, ...] = ()
    matrix: DraftMatrix | None = None
    coordinates: CoordinateSystem = "wgs84"
    language: Language = "en"
    start_date: date | None = None
    earlier_classes: Mapping[str, str] = field(default_factory=dict)  # by store id
    policy_origin: Origin = _POLICY
    stores_origin: Origin = _STORES  # the file as a whole
    is_policy_sound: bool = True  # false: `policy` stands in for one that could not be read
    has_reps_file: bool = False
    issues: tuple[Issue, ...] = ()
