"""Reads everything that a plan starts from into a `Draft`, with every wrong cell of every file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from routeplanner.domain.draft import Draft, DraftMatrix
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.scenario import CoordinateSystem, Language
from routeplanner.files.appointments import AppointmentsRead, read_appointments
from routeplanner.files.headers import TableKind, fields_of
from routeplanner.files.matrix import read_matrix
from routeplanner.files.named_columns import known_columns
from routeplanner.files.policy import read_policy
from routeplanner.files.reps import RepsRead, read_reps
from routeplanner.files.stores import StoresRead, read_stores
from routeplanner.files.tables import Sheet
from routeplanner.files.tables_rows import Table, read_table
from routeplanner.travel.coordinates import is_shifted

_BOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


def read_inputs(
    stores: str | Path,
    *,
    reps: str | Path | None = None,
    policy: str | Path = "handbook",
    travel: str | Path | None = None,
    appointments: str | Path | None = None,
    coordinates: CoordinateSystem | None = None,
    language: Language | None = None,
    columns: Mapping[str, str] | None = None,
    sheet: str | None = None,
    start: date | None = None,
) -> Draft:
    """A draft of all files; faults are in its `issues`, never raised.

    `columns` maps headers of the files to fields (`{"Filialnummer": "id"}`), `sheet` names the
    sheet of the stores. Without `reps` or `appointments`, sheets of these names in the stores'
    workbook are read. The language is that of the store headers where none is given. Without
    `coordinates` they are taken as WGS84, with a warning where a Chinese map may stand behind them.
    """
    reading, store_table = _begin(Path(stores), columns or {}, language, sheet)
    findings = reading.findings
    read = read_policy(policy, findings)
    used = read.policy
    system = coordinates or "wgs84"
    found_stores, found_reps, found_appointments = StoresRead(), RepsRead(), AppointmentsRead()
    if store_table is not None:
        found_stores = read_stores(
            store_table, findings, coordinates=system, labels=used.classes.labels
        )
        if coordinates is None:
            _doubt_coordinates(store_table, found_stores, findings)
    rep_table = reading.companion(reps, Path(stores), "reps")
    if rep_table is not None:
        found_reps = read_reps(rep_table, findings, policy=used, coordinates=system)
    appointment_table = reading.companion(appointments, Path(stores), "appointments")
    if appointment_table is not None:
        found_appointments = read_appointments(appointment_table, findings, coordinates=system)
    return Draft(
        stores=tuple(found_stores.stores),
        policy=used,
        is_policy_sound=read.is_sound,
        reps=tuple(found_reps.reps),
        appointments=tuple(found_appointments.appointments),
        store_origins=tuple(found_stores.origins),
        rep_origins=tuple(found_reps.origins),
        appointment_origins=tuple(found_appointments.origins),
        faulty=(*found_stores.faulty, *found_reps.faulty, *found_appointments.faulty),
        matrix=reading.matrix(travel),
        coordinates=system,
        language=findings.language,
        start_date=start,
        policy_origin=read.origin,
        stores_origin=Origin(store_table.file if store_table else Path(stores).name),
        has_reps_file=reps is not None or rep_table is not None,
        issues=tuple(findings.issues),
    )


def _begin(
    stores: Path, columns: Mapping[str, str], language: Language | None, sheet: str | None
) -> tuple["_Reading", Table | None]:
    """Opens the stores; without a language asked for, messages follow the headers."""
    reading = _Reading(dict(columns), Findings(language or "en"))
    reading.check_columns()
    table = reading.table(stores, "stores", sheet=sheet)
    if language is None and table is not None and table.headers.is_chinese:
        # Known only now: the table is looked for once more, in the content that is open already.
        reading = _Reading(dict(columns), Findings("zh"), reading.opened)
        reading.check_columns()
        table = reading.table(stores, "stores", sheet=sheet)
    return reading, table


def _doubt_coordinates(table: Table, read: StoresRead, findings: Findings) -> None:
    """Chinese headers and places where Chinese maps are shifted: they may well be from such one."""
    if not table.headers.is_chinese or "coord_source" in table.headers.columns:
        return
    if 2 * sum(is_shifted(store.lat, store.lon) for store in read.stores) > len(read.stores):
        findings.warn("CHECK_COORDINATE_SYSTEM", Origin(table.file))


@dataclass(slots=True)
class _Reading:
    """The files of one call, opened one after another."""

    columns: dict[str, str]
    findings: Findings
    opened: dict[Path, list[Sheet]] = field(default_factory=dict)

    def check_columns(self) -> None:
        """Refuses targets of `--map` that are no field of any table, and takes them out."""
        self.columns = known_columns(self.columns, self.findings, "--map")

    def table(self, path: Path, kind: TableKind, *, sheet: str | None = None) -> Table | None:
        # A text file is split by the headers that its kind of table is expected to have.
        opened = self.opened if kind == "stores" or path.suffix.lower() in _BOOKS else {}
        own = {h: name for h, name in self.columns.items() if name in fields_of(kind)}
        return read_table(path, kind, self.findings, mapping=own, sheet=sheet, opened=opened)

    def companion(self, path: str | Path | None, stores: Path, kind: TableKind) -> Table | None:
        """The table of a file, else of the sheet of that name beside the stores."""
        if path is not None:
            return self.table(Path(path), kind)
        if stores not in self.opened:
            return None
        return read_table(
            stores,
            kind,
            self.findings,
            mapping=self.columns,
            is_optional=True,
            opened=self.opened,
        )

    def matrix(self, path: str | Path | None) -> DraftMatrix | None:
        if path is None:
            return None
        table = self.table(Path(path), "matrix")
        return read_matrix(table, self.findings) if table is not None else None
