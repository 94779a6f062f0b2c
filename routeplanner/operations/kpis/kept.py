"""Counts that may be kept: of which periods, in what form, and by what they are known again."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from routeplanner.domain.kpi import (
    Exclusion,
    KpiCount,
    KpiPeriod,
    KpiResult,
    KpiSettings,
    LeftOutCount,
    RepDay,
)
from routeplanner.operations.kpis.definitions import KPIS


@dataclass(frozen=True)
class CountRules:
    """By what an organization counts its KPIs."""

    zone: ZoneInfo
    settings: KpiSettings

    @cached_property
    def words(self) -> str:
        """All of it, and the formulas' versions; the same for the same rules."""
        settings = self.settings
        told = (
            self.zone.key,
            sorted(settings.excused),
            sorted(settings.minimum_minutes.items()),
            settings.early_minutes,
            settings.late_minutes,
            [(kpi.code, kpi.version) for kpi in KPIS.values()],
        )
        return repr(told)


def is_calendar_period(period: KpiPeriod) -> bool:
    """Whether a period is a whole calendar week, month, quarter or year.

    Only of such ones counts are kept, so that there are not more and more of them.
    """
    first, last = period.first, period.last
    if (last - first).days == 6 and first.weekday() == 0:
        return True
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    is_whole = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    return is_whole and months in (1, 3, 12) and (first.month - 1) % months == 0


def counts_of(results: Iterable[KpiResult]) -> tuple[KpiCount, ...]:
    """Results without the rows behind them."""
    told: dict[tuple[Exclusion, ...], tuple[LeftOutCount, ...]] = {}  # several measures share them
    counts = []
    for result in results:
        left_out = told.get(result.excluded)
        if left_out is None:
            left_out = told[result.excluded] = _left_out(result.excluded)
        code = result.definition.code
        counts.append(KpiCount(code, result.numerator, result.denominator, left_out))
    return tuple(counts)


def read_counts(kept: Iterable[Any]) -> tuple[KpiCount, ...]:
    """Counts from the JSON in which they are kept, which is that of their tuples."""
    return tuple(
        KpiCount(code, numerator, denominator, tuple([LeftOutCount._make(row) for row in left_out]))
        for code, numerator, denominator, left_out in kept
    )


def digest_of(
    rules: CountRules,
    n_visits: int,
    fingerprint: int,
    rep_days: Sequence[RepDay],
    partial_stores: Iterable[str],
) -> bytes:
    """Known by it: all that the counts of a rep in a period go by, and the formulas' versions.

    Parameters
    ----------
    fingerprint
        Hashes of the visits' ids and versions, each with a bit that is set in an odd number.
    partial_stores
        Stores visited meanwhile that opened or closed within the period.
    """
    days: list[tuple[date, float, bool]] = [
        (day.date, day.working_minutes, day.is_absent) for day in rep_days
    ]
    told = (rules.words, n_visits, fingerprint, sorted(days), sorted(partial_stores))
    return blake2b(repr(told).encode(), digest_size=16).digest()


def _left_out(excluded: Iterable[Exclusion]) -> tuple[LeftOutCount, ...]:
    counts = Counter([(kind, reason, part) for kind, _, reason, part in excluded])
    return tuple(LeftOutCount(*row, n) for row, n in sorted(counts.items()))
