"""Robust measures of many values: medians with what is sure of them, fences, lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, floor, sqrt

import numpy as np
from numpy.typing import NDArray

from routeplanner.domain.learned import Spread

CERTAINTY = 0.9
"""With which the interval of a median holds it."""

_NORMAL_90, _NORMAL_95 = 1.645, 1.960  # two-sided
_MANY = 100  # values from which on a binomial share is taken as normal
_MOST_POINTS = 1500  # of a line: 1.1 million pairs
_FENCE = 3.0  # quartile distances, Tukey's far-out fence


def spread_of(values: Sequence[float]) -> Spread | None:
    """Return the median of values with its quartiles and interval; none of no values.

    Notes
    -----
    The interval lies between two order statistics, so it asks nothing of how the values are
    distributed (David and Nagaraja, Order Statistics, 2003, section 7.1). Below five values there
    is none.
    """
    if not values:
        return None
    ordered = sorted(values)
    quartile_1, median, quartile_3 = np.quantile(ordered, (0.25, 0.5, 0.75))
    k = _rank(len(ordered))
    return Spread(
        n=len(ordered),
        median=round(float(median), 3),
        quartile_1=round(float(quartile_1), 3),
        quartile_3=round(float(quartile_3), 3),
        surely_from=round(ordered[k - 1], 3) if k else None,
        surely_to=round(ordered[-k], 3) if k else None,
    )


def is_surely_other(spread: Spread, value: float) -> bool:
    """Whether a value lies outside what the median may be."""
    low, high = spread.surely_from, spread.surely_to
    return low is not None and high is not None and not low <= value <= high


def upper_fence(values: Sequence[float], least_width: float) -> float:
    """What no usual value exceeds: three quartile distances above the upper quartile.

    Parameters
    ----------
    least_width
        Smallest quartile distance to count with, where most values are alike.
    """
    quartile_1, quartile_3 = np.quantile(values, (0.25, 0.75))
    return float(quartile_3 + _FENCE * max(quartile_3 - quartile_1, least_width))


@dataclass(frozen=True, slots=True)
class Line:
    """y = slope * x + intercept, with what is sure of both."""

    slope: float
    slope_from: float
    slope_to: float
    intercept: float
    intercept_from: float
    intercept_to: float


def line_through(x: Sequence[float], y: Sequence[float]) -> Line | None:
    """Return the median line of points (Theil-Sen); none where all x are alike.

    Notes
    -----
    The slope is the median of those of all pairs of points, its 95 % interval that of Sen (1968),
    doi:10.1080/01621459.1968.10480934. The intercept is the median of y - slope * x, its interval
    follows from that of the slope. Of many points evenly spread ones are taken, by x.
    """
    order = np.argsort(np.asarray(x, np.float64), kind="stable")
    if len(order) > _MOST_POINTS:
        order = order[np.linspace(0, len(order) - 1, _MOST_POINTS).round().astype(int)]
    xs, ys = np.asarray(x, np.float64)[order], np.asarray(y, np.float64)[order]
    slopes = _slopes(xs, ys)
    if not len(slopes):
        return None
    n = len(xs)
    half = _NORMAL_95 * sqrt(n * (n - 1) * (2 * n + 5) / 18) / 2
    low = max(0, floor(len(slopes) / 2 - half))
    high = min(len(slopes) - 1, floor(len(slopes) / 2 + half))
    slope, slope_from, slope_to = float(np.median(slopes)), float(slopes[low]), float(slopes[high])
    intercepts = [float(np.median(ys - each * xs)) for each in (slope, slope_to, slope_from)]
    return Line(slope, slope_from, slope_to, *intercepts)


def _slopes(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slopes of all pairs that differ in x, rising; x is in order."""
    a, b = np.triu_indices(len(x), 1)
    run = x[b] - x[a]
    apart = run > 0
    return np.sort((y[b] - y[a])[apart] / run[apart])


def _rank(n: int) -> int:
    """The k for which the k-th smallest and k-th largest of n values enclose the median; or 0."""
    tail = (1 - CERTAINTY) / 2
    if n > _MANY:
        return floor(n / 2 - _NORMAL_90 * sqrt(n) / 2)
    below, k = 0.0, 0
    while k < n and (below := below + comb(n, k) / 2**n) <= tail:
        k += 1
    return k
