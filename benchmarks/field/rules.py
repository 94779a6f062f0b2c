"""What a generated territory is like: its kind, size, policy and features, all from one seed."""

from dataclasses import dataclass, fields, replace
from typing import Literal, Self, get_args

from routeplanner.domain.hours import WEEKDAYS, Weekday
from routeplanner.domain.policy import ObjectiveWeights, WorkingDay

Kind = Literal["city", "mixed", "rural"]
PolicyName = Literal["five-day", "six-day"]

KINDS: tuple[Kind, ...] = get_args(Kind)
CLASS_LABELS = ("A", "B", "C")

STORES_PER_REP = 160
HOME_MINUTES = 5
"""Travel to a visit that the shares of reps and days are planned with."""

DAY = WorkingDay()
WEIGHTS = ObjectiveWeights()


@dataclass(frozen=True, slots=True)
class TerritoryRules:
    """
    Everything that a generated territory follows from; equal rules give equal arrays.

    `overload` is the share in percent by which the planted plan's work exceeds the hours there are;
    at 0 the planted plan is feasible with every visit made.
    """

    kind: Kind = "city"
    stores: int = 150
    reps: int = 0  # 0: one for 160 stores
    seed: int = 1
    policy: PolicyName = "five-day"
    weeks: int = 4
    overload: int = 0  # percent
    daily_stores: int = 2  # A stores of a rep that stand on every route
    mall_share: float = 0.12  # of stores that lie in malls
    midday_share: float = 0.25  # of stores that close at midday
    narrow_share: float = 0.08  # of stores that receive within few hours
    closed_share: float = 0.1  # of stores closed on one working day
    appointments: int = 0  # of a rep, every week
    near_reps: int = 3  # who may visit a store: the planted one and the nearest others
    is_tied: bool = False  # a store belongs to the planted rep

    def __post_init__(self) -> None:
        if self.kind not in KINDS or self.policy not in get_args(PolicyName):
            raise ValueError(f"no territory of kind {self.kind} and policy {self.policy}")
        if self.stores < 1 or self.weeks < 1 or min(self.reps, self.overload) < 0:
            raise ValueError("a territory needs stores and weeks; reps and overload are no debts")
        if self.n_reps > self.stores:
            raise ValueError(f"{self.n_reps} reps share {self.stores} stores")

    @property
    def n_reps(self) -> int:
        """Reps: as given, else one for 160 stores."""
        return self.reps or max(1, round(self.stores / STORES_PER_REP))

    @property
    def workdays(self) -> tuple[Weekday, ...]:
        """Weekdays of the policy; the Saturday of the six-day one is a half day."""
        return WEEKDAYS[: 5 if self.policy == "five-day" else 6]

    @property
    def n_days(self) -> int:
        """Working days of the cycle."""
        return self.weeks * len(self.workdays)

    @property
    def n_near(self) -> int:
        """Reps who may visit a store."""
        return 1 if self.is_tied else min(self.near_reps, self.n_reps)

    @property
    def name(self) -> str:
        """Short and unlike that of any other rules."""
        parts = [self.kind, f"{self.stores}x{self.n_reps}", f"s{self.seed}"]
        if self.overload:
            parts.append(f"over{self.overload}")
        usual = type(self)()
        plain = ("kind", "stores", "reps", "seed", "overload")
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name not in plain and value != getattr(usual, field.name):
                parts.append(f"{field.name.replace('_', '')}{value}")
        return "-".join(parts)

    def without_overload(self) -> Self:
        """The same territory with the hours that its planted plan needs."""
        return replace(self, overload=0)
