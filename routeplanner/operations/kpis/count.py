"""What every formula returns: two sums, the rows behind them, and the rows left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from routeplanner.domain.kpi import Exclusion


@dataclass(frozen=True, slots=True)
class Count:
    """Numerator and denominator of one group."""

    numerator: float
    denominator: float
    numerator_ids: tuple[str, ...]
    denominator_ids: tuple[str, ...]
    excluded: tuple[Exclusion, ...]

    @classmethod
    def of_ids(
        cls,
        numerator: Sequence[str],
        denominator: Sequence[str],
        excluded: Iterable[Exclusion],
    ) -> Self:
        """A count of rows."""
        return cls(
            len(numerator), len(denominator), tuple(numerator), tuple(denominator), tuple(excluded)
        )
