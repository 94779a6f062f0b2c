"""Hours needed against hours there are, under the calendar that a plan would choose.

The estimate itself is `planning.estimate`. Where the policy says `calendar = "auto"` the calendars
that a plan would try are estimated, and the one whose days are the least full stands for the plan.
"""

from collections.abc import Sequence

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.policy import CalendarRows, Policy
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.workload import Workload
from routeplanner.planning.calendars import ranked_calendars
from routeplanner.planning.estimate import Estimator
from routeplanner.travel.source import TravelMatrix

_CALENDARS_LOOKED_AT = 5
"""As many as a plan solves."""


def workload(scenario: Scenario, matrix: TravelMatrix) -> Workload:
    """Hours needed and hours there are, per rep and per route or weekday."""
    estimator = Estimator(scenario, matrix)
    return settled_workload(estimator, scenario.policy, scenario.cycle, scenario.stores)


def settled_workload(
    estimator: Estimator, policy: Policy, cycle: Cycle, stores: Sequence[Store]
) -> Workload:
    """The workload under a policy; `calendar = "auto"` stands for its best calendar.

    Days are free where there is no calendar, or none of so many routes.
    """
    if policy.calendar != "auto":
        return estimator.estimate(policy, cycle, stores)
    scenario = estimator.scenario.model_copy(
        update={"policy": policy, "cycle": cycle, "stores": tuple(stores)}
    )
    ranked = ranked_calendars(scenario, estimator.matrix)[:_CALENDARS_LOOKED_AT]
    calendars: list[CalendarRows | None] = [choice.rows for choice in ranked]
    found = [
        estimator.estimate(policy.model_copy(update={"calendar": rows}), cycle, stores)
        for rows in calendars or [None]
    ]
    return min(found, key=lambda each: (len(each.stores_without_days), each.fullest))
