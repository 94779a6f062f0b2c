"""What an organization may decide about the service, among the settings that it keeps there."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from routeplanner.domain.base import Frozen
from routeplanner.domain.visit import EXCUSED, Reason


class VisitSettings(Frozen):
    """Whether positions are kept, and which reasons excuse a visit that was not made."""

    keeps_positions: bool = False
    excused_reasons: frozenset[Reason] = EXCUSED


_Minutes = Annotated[float, Field(ge=0, le=24 * 60, allow_inf_nan=False)]


class KpiRules(Frozen):
    """What KPIs count: the least minutes of a visit by class, and what is still on time."""

    minimum_minutes: dict[Annotated[str, Field(max_length=200)], _Minutes] = Field(
        default_factory=dict, max_length=100
    )
    early_minutes: _Minutes = 15
    late_minutes: _Minutes = 15


class OrganizationSettings(BaseModel):
    """The settings that the service reads; others are the organization's own."""

    model_config = ConfigDict(frozen=True, extra="allow")

    visits: VisitSettings = VisitSettings()
    kpis: KpiRules = KpiRules()
