"""What an organization may decide about the service, among the settings that it keeps there."""

from pydantic import BaseModel, ConfigDict

from routeplanner.domain.base import Frozen
from routeplanner.domain.visit import EXCUSED, Reason


class VisitSettings(Frozen):
    """Whether positions are kept, and which reasons excuse a visit that was not made."""

    keeps_positions: bool = False
    excused_reasons: frozenset[Reason] = EXCUSED


class OrganizationSettings(BaseModel):
    """The settings that the service reads; others are the organization's own."""

    model_config = ConfigDict(frozen=True, extra="allow")

    visits: VisitSettings = VisitSettings()
