"""How good a plan is: its score against the score that no plan of its scenario can be below."""

from typing import Literal

from pydantic import ConfigDict, NonNegativeFloat, computed_field

from routeplanner.domain.base import Frozen

DEFAULT_SECONDS = 30.0

LeftOut = Literal["waiting", "several_windows", "guaranteed"]
"""Rules that a bound does not count in full."""

NoBound = Literal["too_large", "out_of_time"]


class PlanBound(Frozen):
    """A plan's score and the least score proved, in equivalent minutes per cycle.

    A score counts what `objective` of the policy weighs, so less is better.
    """

    model_config = ConfigDict(extra="ignore")  # the gap is computed anew where it is read back

    stores: int
    score: float
    least_score: float | None  # no plan is below; none where nothing was proved
    no_bound: NoBound | None  # why nothing was proved
    most_stores: int  # that a proof is tried for
    is_best: bool  # whether the plan's score is the least score itself
    is_final: bool  # whether more time would not raise the bound
    breaks_rules: bool  # of the plan: its score may then be below any that keeps them
    missing_visits: int  # of the plan; they stand in its score at their prices
    left_out: tuple[LeftOut, ...]
    has_other_calendars: bool  # whether the bound is that of the plan's route calendar alone
    most_choices: int | None  # that a store has, where there are more that were not looked at
    seconds: NonNegativeFloat

    @computed_field  # type: ignore[prop-decorator]
    @property
    def gap_minutes(self) -> float | None:
        """How much a better plan could save at most."""
        if self.least_score is None or self.breaks_rules:
            return None
        return max(0.0, self.score - self.least_score)

    @computed_field  # type: ignore[prop-decorator]
    @property
    def gap_percent(self) -> float | None:
        """By how much the plan is above the best possible one at most, in percent of that."""
        gap, least = self.gap_minutes, self.least_score
        if gap is None or least is None:
            return None
        if gap == 0:
            return 0.0
        return 100 * gap / least if least > 0 else None
