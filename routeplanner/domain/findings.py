"""Gathers the faults of an input, each with its file, row and column, in the user's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from routeplanner.domain.scenario import Language
from routeplanner.errors import Issue, Severity
from routeplanner.texts import text

_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read: file, row as the spreadsheet counts, headers and raw cells."""

    file: str
    row: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Mapping[str, str] = field(default_factory=dict)
    is_list: bool = False  # given as data and not as a file: places count from 0

    def column(self, name: str) -> str:
        """The header that the file uses for a field; the field itself where the file has none."""
        return self.headers.get(name, name)

    def words(self, language: Language) -> str:
        """How a message names the record."""
        if self.is_list:
            return f"{self.file}[{self.row}]"
        return text("issues.ROW", language, row=self.row)


@dataclass(slots=True)
class Findings:
    """All issues found so far; messages come from `texts/issues.toml`, one key a code."""

    language: Language = "en"
    issues: list[Issue] = field(default_factory=list)

    def error(self, code: str, origin: Origin, column: str | None = None, **values: object) -> None:
        """Notes a fault that stops planning; `column` is a field or a header of the origin."""
        self._add(Severity.ERROR, code, origin, column, values)

    def warn(self, code: str, origin: Origin, column: str | None = None, **values: object) -> None:
        """Notes something doubtful with which planning goes on."""
        self._add(Severity.WARNING, code, origin, column, values)

    @property
    def has_errors(self) -> bool:
        """Whether anything found stops planning."""
        return any(issue.severity is Severity.ERROR for issue in self.issues)

    def _add(
        self,
        severity: Severity,
        code: str,
        origin: Origin,
        column: str | None,
        values: dict[str, object],
    ) -> None:
        header = None if column is None else origin.column(column)
        raw = values.pop("value", None)
        if raw is None and column is not None:
            raw = origin.raw.get(column)
        value = None if raw is None else _shorten(str(raw))
        known = {
            "value": value or "",
            "column": header or "",
            "file": origin.file,
            "row": origin.row,
        } | values
        parts = (origin.file, origin.row, header)
        self.issues.append(
            Issue(
                code=code,
                path=":".join(str(part) for part in parts if part is not None),
                message=text(f"issues.{code}", self.language, **known),
                hint=text(f"issues.{code}_HINT", self.language, **known),
                severity=severity,
                file=origin.file,
                row=origin.row,
                column=header,
                value=value,
            )
        )


def _shorten(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"
