"""A scenario as a caller gives it: not yet judged, its stores not yet classified."""

from datetime import date
from typing import Annotated

from pydantic import ConfigDict, Field

from routeplanner.domain.base import Frozen
from routeplanner.domain.cycle import Cycle
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import CoordinateSystem, GivenMatrix, Language
from routeplanner.domain.store import Store
from routeplanner.errors import Issue

PolicyChoice = Annotated[
    Policy | str,
    Field(
        union_mode="left_to_right",
        description="A policy, the name of a preset (handbook, handbook-example, five-day), or "
        "the external_id of a policy of the organization.",
    ),
]


class ScenarioFields(Frozen):
    """Stores, reps and policy; a scenario that the service gave can be given back as it is."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "stores": [
                        {"id": "S1", "lat": 52.53, "lon": 13.38, "sales": 270},
                        {"id": "S2", "lat": 52.52, "lon": 13.41, "sales": 90},
                    ],
                    "reps": [{"id": "R01", "base_lat": 52.5329, "base_lon": 13.4105}],
                    "policy": "five-day",
                }
            ]
        }
    )

    stores: tuple[Store, ...] = Field(min_length=1)
    reps: tuple[Rep, ...] = ()  # none: one is assumed in the middle
    appointments: tuple[Appointment, ...] = ()
    policy: PolicyChoice = "handbook"
    matrix: GivenMatrix | None = None
    coordinates: CoordinateSystem = "wgs84"
    language: Language | None = None  # none: that of the organization
    start_date: date | None = None
    # A scenario's own cycle and warnings may come along; both are found anew.
    cycle: Cycle | None = None
    warnings: tuple[Issue, ...] = ()

    def with_policy(self, policy: Policy | str) -> "ScenarioFields":
        """The same under another policy."""
        return self.model_copy(update={"policy": policy})
