"""Sorts the visits of a group: which make up the standard, which count as made, which neither."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from routeplanner.domain.kpi import (
    Exclusion,
    ExclusionReason,
    KpiPeriod,
    KpiSettings,
    RepDay,
    StoreSpan,
    VisitRow,
)


@dataclass(frozen=True)
class Rows:
    """The visits of one group in one period, and the days on which its reps were to work."""

    visits: Sequence[VisitRow]  # by date, then id
    rep_days: Sequence[RepDay]
    period: KpiPeriod
    spans: Mapping[str, StoreSpan]
    settings: KpiSettings
    zone: ZoneInfo

    @cached_property
    def partial_stores(self) -> frozenset[str]:
        """Stores that opened or closed within the period."""
        if not self.spans:
            return frozenset()
        seen = {visit.store_id for visit in self.visits}
        return frozenset(
            store
            for store in seen
            if store in self.spans and not self.spans[store].holds(self.period)
        )

    @cached_property
    def outside_standard(self) -> dict[str, ExclusionReason]:
        """Planned visits that are not part of the standard, by id."""
        found: dict[str, ExclusionReason] = {}
        for visit in self.visits:
            # Most are done, at stores that are there all the time: nothing keeps these out.
            if visit.origin == "plan" and (
                visit.status != "done" or visit.store_id in self.partial_stores
            ):
                reason = self._reason_outside(visit)
                if reason is not None:
                    found[visit.id] = reason
        return found

    @cached_property
    def standard(self) -> tuple[VisitRow, ...]:
        """The dated visits that a period asks for."""
        outside = self.outside_standard
        return tuple(
            [visit for visit in self.visits if visit.origin == "plan" and visit.id not in outside]
        )

    @cached_property
    def due(self) -> Counter[str]:
        """Visits that the standard asks for, by store."""
        return Counter([visit.store_id for visit in self.standard])

    @cached_property
    def not_counted(self) -> dict[str, ExclusionReason]:
        """Visits that were begun and still do not count as made, by id."""
        found: dict[str, ExclusionReason] = {}
        long_enough: list[VisitRow] = []
        least_of = self.settings.minimum_minutes
        for visit in self.visits:
            if visit.started_at or visit.ended_at:
                if visit.status == "started":
                    found[visit.id] = "not_checked_out"
                elif visit.minutes is not None:
                    if visit.minutes < least_of.get(visit.store_class, 0):
                        found[visit.id] = "too_short"
                    else:
                        long_enough.append(visit)
        for visit in _second_visits(long_enough):
            found[visit.id] = "second_visit"
        return found

    @cached_property
    def made(self) -> tuple[VisitRow, ...]:
        """Visits that count: done, long enough, one a store and day."""
        not_counted = self.not_counted
        return tuple(
            [
                visit
                for visit in self.visits
                if visit.status == "done" and visit.id not in not_counted
            ]
        )

    @cached_property
    def made_at(self) -> Counter[str]:
        """Visits that count, by store."""
        return Counter([visit.store_id for visit in self.made])

    @cached_property
    def exclusions_of_stores(self) -> tuple[Exclusion, ...]:
        """What every KPI that judges stores leaves out."""
        not_counted = (
            Exclusion("visit", visit.id, self.not_counted[visit.id], "both")
            for visit in self.visits
            if visit.id in self.not_counted
        )
        stores = (
            Exclusion("store", store, reason, "both")
            for store, reason in sorted(self._stores_not_due().items())
        )
        return (*self.exclusions_of_standard(), *not_counted, *stores)

    def exclusions_of_standard(self) -> Iterator[Exclusion]:
        """Planned visits that the standard leaves out."""
        for visit_id, reason in self.outside_standard.items():
            yield Exclusion("visit", visit_id, reason, "both")

    def exclusions_of_made(self, visits: Sequence[VisitRow]) -> Iterator[Exclusion]:
        """Those of some visits that were begun and do not count."""
        for visit in visits:
            if visit.id in self.not_counted:
                yield Exclusion("visit", visit.id, self.not_counted[visit.id], "numerator")

    def _stores_not_due(self) -> dict[str, ExclusionReason]:
        """Stores of which the period asks nothing, visited or not."""
        found: dict[str, ExclusionReason] = {}
        due, partial, outside = self.due, self.partial_stores, self.outside_standard
        for visit in self.visits:
            store = visit.store_id
            if store in partial:
                found[store] = "opened_or_closed"
            elif store not in due:
                reason = outside.get(visit.id, "not_due")
                if reason != "canceled" and found.get(store, "not_due") == "not_due":
                    found[store] = reason
        return found

    def _reason_outside(self, visit: VisitRow) -> ExclusionReason | None:
        status = visit.status
        if status == "canceled":
            return "canceled"
        if visit.store_id in self.partial_stores:
            return "opened_or_closed"
        if status == "planned":
            return "open"
        is_excused = status in ("missed", "skipped") and visit.reason in self.settings.excused
        return "excused" if is_excused else None


def _second_visits(visits: Sequence[VisitRow]) -> Iterator[VisitRow]:
    """All but one of the visits of a store on a day: a planned one counts, else the first."""
    seen = {(visit.store_id, visit.date) for visit in visits}
    if len(seen) == len(visits):
        return
    seen.clear()
    for visit in sorted(visits, key=_planned_first):
        place = visit.store_id, visit.date
        if place in seen:
            yield visit
        seen.add(place)


def _planned_first(visit: VisitRow) -> tuple[bool, float, str]:
    started = visit.started_at
    return visit.origin != "plan", started.timestamp() if started else 0.0, visit.id
