"""Fills the positions of a store list from its addresses; weak matches go to a review list."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from routeplanner.domain.scenario import CoordinateSystem, Language
from routeplanner.errors import InputError, Issue
from routeplanner.files.address_list import (
    AddressList,
    read_address_list,
    write_book,
    write_csv,
)
from routeplanner.files.cells import cell_text, is_blank, read_degrees, read_text
from routeplanner.files.geocoded_review import (
    REVIEW_COLUMNS,
    REVIEWED,
    Correction,
    read_corrections,
)
from routeplanner.files.tables import Cell
from routeplanner.texts import text
from routeplanner.travel.coordinates import from_wgs84
from routeplanner.travel.geocoders import GeocoderSettings
from routeplanner.travel.geocoding import GeocodeReport, Located, Progress, geocode
from routeplanner.travel.geocoding_quality import WEAK

_FILLED = ("lat", "lon", "coord_source", "coord_quality", "matched_address")
_REVIEW_FILE = "review.csv"


@dataclass(frozen=True, slots=True)
class GeocodeSummary:
    """What became of a list: counts of rows, and where they were written."""

    n_rows: int
    n_given: int  # had a position already
    n_located: int  # got one now
    n_reviewed: int  # got the one of the review list
    n_to_review: int  # weak, not found or not asked
    n_asked: int  # requests to the provider
    n_cached: int
    stopped: str  # why the run ended early; empty where it did not
    stores_path: Path
    review_path: Path


def geocode_stores(
    path: Path,
    provider: str,
    out: Path,
    *,
    settings: GeocoderSettings | None = None,
    coordinates: CoordinateSystem = "wgs84",
    review: Path | None = None,
    sheet: str | None = None,
    columns: Mapping[str, str] | None = None,
    cache_path: Path | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> GeocodeSummary:
    """Write the list with `lat` and `lon` filled from its address columns.

    All columns are kept; `coord_source`, `coord_quality` and `matched_address` are added. Positions
    that are there are never overwritten. A match of quality `city` stays out of `lat` and `lon`,
    as a plan would send the rep to the middle of the town; it stands in the review list with the
    other weak ones (sheet `review`, or `review.csv` beside a CSV), whose corrected `lat` and `lon`
    the next run reads back from `review`. `coordinates` is the system of the list, in which
    positions are written.

    Raises
    ------
    InputError
        The list, the review list or the provider cannot be used; nothing is written then.
    """
    settings = settings or GeocoderSettings()
    if out.resolve() == path.resolve() or out.name.lower() == _REVIEW_FILE:
        raise InputError([_bad_output(out, settings)])
    stores = read_address_list(path, mapping=columns or {}, sheet=sheet, language=settings.language)
    corrections = read_corrections(review, settings.language) if review is not None else {}
    filling = _Filling(stores, corrections, coordinates, settings.language)
    report = geocode(
        [stores.address(row) for row in filling.open_rows],
        provider,
        settings=settings,
        cache_path=cache_path,
        progress=progress,
        sleep=sleep,
    )
    filling.take(report)
    review_path = _write(out, stores, filling.review_rows())
    return filling.summary(report, out, review_path)


def _write(out: Path, stores: AddressList, to_review: list[list[Cell]]) -> Path:
    """Write both lists; the path of the review list."""
    out.parent.mkdir(parents=True, exist_ok=True)
    if out.suffix.lower() != ".csv":
        tables = {"stores": (stores.header, stores.rows), "review": (REVIEW_COLUMNS, to_review)}
        write_book(out, tables)
        return out
    review_path = out.with_name(_REVIEW_FILE)
    write_csv(out, stores.header, stores.rows)
    write_csv(review_path, REVIEW_COLUMNS, to_review)
    return review_path


class _Filling:
    """The rows of a list, sorted by where their positions come from, and filled in place."""

    def __init__(
        self,
        stores: AddressList,
        corrections: Mapping[str, Correction],
        coordinates: CoordinateSystem,
        language: Language,
    ) -> None:
        self.stores, self.coordinates, self.language = stores, coordinates, language
        self.index = {name: stores.add_column(name) for name in _FILLED}
        self.open_rows: list[list[Cell]] = []
        self.n_given = self.n_reviewed = 0
        self.located: dict[int, Located] = {}  # by id() of the row
        for row in stores.rows:
            correction = corrections.get(stores.key(row))
            if correction is not None and (self._is_open(row) or self._is_geocoded(row)):
                self._fill(row, correction.lat, correction.lon, REVIEWED, REVIEWED)
                self.n_reviewed += 1
            elif self._is_open(row):
                self.open_rows.append(row)
            else:
                self.n_given += 1

    def take(self, report: GeocodeReport) -> None:
        """Fill the open rows with what was found for them."""
        for row, located in zip(self.open_rows, report.located, strict=True):
            self.located[id(row)] = located
            answer = located.answer
            position = self._position(located)
            if position is None or answer.quality == "city":
                self._write(row, coord_quality=answer.quality)
                self._write(row, matched_address=answer.matched_address)
            else:
                self._fill(row, *position, located.source, answer.quality)
                self._write(row, matched_address=answer.matched_address)

    def review_rows(self) -> list[list[Cell]]:
        """The review list: weak matches first by quality as they stand, reviewed ones kept."""
        return [
            self._review_row(row)
            for row in self.stores.rows
            if self._text(row, "coord_quality") in (*WEAK, REVIEWED) or self._is_stranded(row)
        ]

    def summary(self, report: GeocodeReport, out: Path, review_path: Path) -> GeocodeSummary:
        """Counts of the run."""
        n_reviewed_rows = sum(
            self._text(row, "coord_quality") == REVIEWED for row in self.stores.rows
        )
        return GeocodeSummary(
            n_rows=len(self.stores.rows),
            n_given=self.n_given,
            n_located=sum(not is_blank(row[self.index["lat"]]) for row in self.open_rows),
            n_reviewed=self.n_reviewed,
            n_to_review=len(self.review_rows()) - n_reviewed_rows,
            n_asked=report.n_asked,
            n_cached=report.n_cached,
            stopped=report.stopped,
            stores_path=out,
            review_path=review_path,
        )

    def _review_row(self, row: Sequence[Cell]) -> list[Cell]:
        located = self.located.get(id(row))
        lat, lon = (row[self.index[name]] for name in ("lat", "lon"))
        found: tuple[Cell, Cell] = (lat, lon)
        if located is not None:
            found = self._position(located) or (None, None)
        is_reviewed = self._text(row, "coord_quality") == REVIEWED
        return [
            cell_text(self.stores.cell(row, "id")),
            cell_text(self.stores.cell(row, "name")),
            self.stores.address(row).query,
            self._text(row, "coord_quality") or "none",
            self._text(row, "matched_address"),
            self._reason(row),
            *(("", "") if is_reviewed else found),
            *((lat, lon) if is_reviewed else found),
            "x" if is_reviewed else "",
        ]

    def _reason(self, row: Sequence[Cell]) -> str:
        """Why a row has no position, in the user's language."""
        located = self.located.get(id(row))
        if located is not None:
            return located.failure
        key = "bad_position" if self.stores.address(row).query else "geocode_no_address"
        return "" if self._has_position(row) else text(f"travel.{key}", self.language)

    def _position(self, located: Located) -> tuple[float, float] | None:
        """What was found, in the system of the list."""
        answer = located.answer
        if answer.lat is None or answer.lon is None:
            return None
        lat, lon = from_wgs84(answer.lat, answer.lon, self.coordinates)
        return round(lat, 7), round(lon, 7)

    def _fill(self, row: list[Cell], lat: float, lon: float, source: str, quality: str) -> None:
        self._write(row, lat=lat, lon=lon, coord_source=source, coord_quality=quality)

    def _write(self, row: list[Cell], **cells: Cell) -> None:
        for name, cell in cells.items():
            row[self.index[name]] = cell

    def _is_open(self, row: Sequence[Cell]) -> bool:
        """Whether a row has an address and nothing where its position should be."""
        cells = [row[self.index[name]] for name in ("lat", "lon")]
        is_empty = all(read_text(cell) is None for cell in cells)
        is_null = not is_empty and self._has_position(row) and set(map(read_degrees, cells)) == {0}
        return bool(self.stores.address(row).query) and (is_empty or is_null)

    def _has_position(self, row: Sequence[Cell]) -> bool:
        try:
            degrees = [read_degrees(row[self.index[name]]) for name in ("lat", "lon")]
        except ValueError:
            return False
        return None not in degrees

    def _is_stranded(self, row: Sequence[Cell]) -> bool:
        """Whether a store has neither a position nor an address; totals rows are no stores."""
        named = [name for name in ("id", "name") if name in self.stores.columns]
        is_store = not any(is_blank(self.stores.cell(row, name)) for name in named)
        return is_store and id(row) not in self.located and not self._has_position(row)

    def _is_geocoded(self, row: Sequence[Cell]) -> bool:
        """Whether an earlier run gave the position, so that a review may correct it."""
        return self._text(row, "coord_quality") != ""

    def _text(self, row: Sequence[Cell], name: str) -> str:
        return cell_text(row[self.index[name]])


def _bad_output(out: Path, settings: GeocoderSettings) -> Issue:
    return Issue(
        code="BAD_OUTPUT_NAME",
        path=out.name,
        message=text("travel.bad_output_name", settings.language, file=out.name),
        hint=text("travel.bad_output_name_hint", settings.language),
    )
