"""Figures as they are printed, written to CSV, and put into docs/benchmarks.md."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MARKDOWN_HEADER = "| what | how | measured | aim |\n|---|---|---|---|"
_COLUMNS = (
    "what", "how", "n", "seconds", "per_second", "per_minute", "p50_ms", "p99_ms", "max_ms",
    "errors", "aim", "is_met",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Aim:
    """The most that a figure may be."""

    column: str
    most: float
    words: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing; what was not measured of it is none."""

    what: str
    how: str
    n: int  # rows, requests or plans
    seconds: float
    per_second: float | None = None
    per_minute: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    max_ms: float | None = None
    errors: int = 0
    aim: Aim | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is met; none where there is none. An error is no fast answer."""
        if self.aim is None:
            return None
        return getattr(self, self.aim.column) <= self.aim.most and not self.errors

    @property
    def measured(self) -> str:
        """The figure in words."""
        parts = []
        if self.p50_ms is not None and self.p99_ms is not None:
            parts.append(f"p50 {self.p50_ms:.1f} ms, p99 {self.p99_ms:.1f} ms")
        elif self.per_minute is not None:
            parts.append(f"{self.per_minute:.1f} a minute")
        else:
            parts.append(f"{self.seconds:.1f} s, {self.per_second or 0:,.0f} a second")
        if self.errors:
            parts.append(f"{self.errors} not answered with 200")
        return ", ".join(parts)

    @property
    def judged(self) -> str:
        """The aim, and whether it is met."""
        if self.aim is None:
            return ""
        return f"{self.aim.words}: {'met' if self.is_met else 'NOT met'}"


def line(figure: Figure) -> str:
    """A figure as a line of the printed table."""
    return f"{figure.what:<34} {figure.how:<58} {figure.measured:<38} {figure.judged}".rstrip()


def markdown(figures: Iterable[Figure]) -> str:
    """All figures as a table."""
    rows = (f"| {f.what} | {f.how} | {f.measured} | {f.judged} |" for f in figures)
    return "\n".join((MARKDOWN_HEADER, *rows))


def write_csv(path: Path, figures: Iterable[Figure], measured: Mapping[str, str]) -> None:
    """Write one row a figure, with machine, date and commit."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow((*_COLUMNS, *measured))
        for figure in figures:
            values = (getattr(figure, name) for name in _COLUMNS if name != "aim")
            row = dict(zip((name for name in _COLUMNS if name != "aim"), values, strict=True))
            row["aim"] = figure.aim.words if figure.aim else None
            writer.writerow((*(_cell(row[name]) for name in _COLUMNS), *measured.values()))


def _cell(value: object) -> object:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else value
