"""What an organization may decide about the service, among the settings that it keeps there."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from routeplanner.domain.base import Frozen
from routeplanner.domain.kpi import KpiSettings
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


def kpi_settings(settings: Mapping[str, Any]) -> KpiSettings:
    """What the settings of an organization decide about its KPIs."""
    decided = OrganizationSettings.model_validate(settings)
    return KpiSettings(
        excused=decided.visits.excused_reasons,
        minimum_minutes=decided.kpis.minimum_minutes,
        early_minutes=decided.kpis.early_minutes,
        late_minutes=decided.kpis.late_minutes,
    )
