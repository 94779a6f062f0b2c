"""What runs came to: rows of a table, lines for people, comparisons of methods."""

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import TextIO

ROUNDING = 0.005  # best known costs have two decimals
EQUAL = 1e-6  # relative


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run, as re-checked: a row of `table.csv`."""

    instance: str
    method: str
    seed: int
    seconds: float
    threads: int
    cost: float  # computed by the re-check; of an incomplete solution it says nothing
    best_known: float | None
    gap_percent: float | None
    n_violations: int
    cpu_s: float
    wall_s: float
    res: str  # file of the solution, below the folder of the table

    @property
    def is_feasible(self) -> bool:
        """Whether the re-check found nothing."""
        return not self.n_violations

    @property
    def is_new_best(self) -> bool:
        """Whether a feasible solution costs less than the best known one."""
        known = self.best_known
        return self.is_feasible and known is not None and self.cost < known - ROUNDING


@dataclass(frozen=True, slots=True)
class Summary:
    """All seeds of a method on an instance; costs of feasible solutions, none where none is."""

    instance: str
    method: str
    best: float | None
    mean: float | None
    gap_percent: float | None  # of the mean
    cpu_s: float
    wall_s: float
    n_failed: int


class Table:
    """Writes rows as they come, so that an interrupted run leaves what it had."""

    def __init__(self, file: TextIO, measured: dict[str, str]) -> None:
        self._measured, self._file = measured, file
        columns = [*Outcome.__dataclass_fields__, *measured]
        self._writer = csv.DictWriter(file, columns, lineterminator="\n")
        self._writer.writeheader()

    def add(self, outcome: Outcome) -> None:
        """Write a row."""
        row = asdict(outcome)
        row |= {name: f"{row[name]:.3f}" for name in ("cpu_s", "wall_s")}
        row |= {name: f"{row[name]:.4f}" for name in ("cost", "gap_percent") if row[name]}
        self._writer.writerow(row | self._measured)
        self._file.flush()


def gap_percent(cost: float, best_known: float | None) -> float | None:
    """How far a cost lies above the best known one."""
    return None if best_known is None else round(100 * (cost / best_known - 1), 4) + 0.0


def summarize(outcomes: list[Outcome]) -> Summary:
    """The seeds of one method on one instance."""
    costs = [outcome.cost for outcome in outcomes if outcome.is_feasible]
    mean = fmean(costs) if costs else None
    first = outcomes[0]
    return Summary(
        instance=first.instance,
        method=first.method,
        best=min(costs, default=None),
        mean=mean,
        gap_percent=None if mean is None else gap_percent(mean, first.best_known),
        cpu_s=fmean(outcome.cpu_s for outcome in outcomes),
        wall_s=fmean(outcome.wall_s for outcome in outcomes),
        n_failed=sum(not outcome.is_feasible for outcome in outcomes),
    )


HEADER = (
    f"{'instance':10} {'method':14} {'best':>12} {'mean':>12} {'gap %':>8} {'ratio':>7} "
    f"{'CPU s':>7} {'wall s':>7}"
)


def line(summary: Summary, first: Summary) -> str:
    """A summary in a line; the ratio is to the mean of the method named first."""
    text = (
        f"{summary.instance:10} {summary.method:14} {_number(summary.best, 12, 4)} "
        f"{_number(summary.mean, 12, 4)} {_number(summary.gap_percent, 8, 3)} "
        f"{_number(_ratio(summary, first), 7, 4)} {summary.cpu_s:7.1f} {summary.wall_s:7.1f}"
    )
    return text + (f"  {summary.n_failed} not feasible" if summary.n_failed else "")


def mean_gaps(summaries: Iterable[Summary], without: tuple[str, ...]) -> list[str]:
    """The mean gap of each method, over all instances and without those named."""
    of_method: dict[str, list[Summary]] = {}
    for summary in summaries:
        of_method.setdefault(summary.method, []).append(summary)
    lines = []
    for method, some in of_method.items():
        lines.append(_mean_gap(method, some, ""))
        if without:
            rest = [summary for summary in some if summary.instance not in without]
            lines.append(_mean_gap(method, rest, f" without {', '.join(without)}"))
    return lines


def comparisons(summaries: Iterable[Summary]) -> list[str]:
    """Each method's costs as multiples of the first one's."""
    of_instance: dict[str, list[Summary]] = {}
    for summary in summaries:
        of_instance.setdefault(summary.instance, []).append(summary)
    ratios: dict[str, list[float]] = {}
    names = ("", "")
    for first, *others in of_instance.values():
        for other in others:
            names = first.method, other.method
            if (ratio := _ratio(other, first)) is not None:
                ratios.setdefault(other.method, []).append(ratio)
    first_method, _ = names
    return [_comparison(method, first_method, some) for method, some in ratios.items()]


def _comparison(method: str, first: str, ratios: list[float]) -> str:
    higher = sum(ratio > 1 + EQUAL for ratio in ratios)
    lower = sum(ratio < 1 - EQUAL for ratio in ratios)
    equal = len(ratios) - higher - lower
    return (
        f"{method} costs {fmean(ratios):.4f} times as much as {first} "
        f"({min(ratios):.4f} to {max(ratios):.4f}): more on {higher}, as much on {equal}, "
        f"less on {lower} of {len(ratios)} instances"
    )


def _mean_gap(method: str, summaries: list[Summary], which: str) -> str:
    gaps = [summary.gap_percent for summary in summaries if summary.gap_percent is not None]
    if not gaps:
        return f"{method}: no gap{which}"
    return f"{method}: mean gap {_number(fmean(gaps), 0, 3)} % over {len(gaps)} instances{which}"


def _ratio(summary: Summary, first: Summary) -> float | None:
    if summary.mean is None or not first.mean:
        return None
    return summary.mean / first.mean


def _number(value: float | None, width: int, decimals: int) -> str:
    return (
        "-".rjust(width) if value is None else f"{round(value, decimals) + 0.0:{width}.{decimals}f}"
    )


def open_table(folder: Path) -> TextIO:
    """The file of the table in a folder, made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / "table.csv").open("w", encoding="utf-8", newline="")
