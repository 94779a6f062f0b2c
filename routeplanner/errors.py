"""Faults of an input, told so that they can be mended, and the errors that callers may catch."""

from collections.abc import Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Severity(StrEnum):
    """Whether planning stops (`error`) or goes on (`warning`)."""

    ERROR = "error"
    WARNING = "warning"


class Issue(BaseModel):
    """One fault of an input.

    `path` is `stores[17].frequency` for structured input or `stores.csv:19:sales`
    (file:row:column, rows counted as a spreadsheet shows them) for tables. Codes are stable.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: str
    path: str
    message: str  # holds the name and the value
    hint: str = ""  # what to do
    severity: Severity = Severity.ERROR
    file: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


class RoutePlannerError(Exception):
    """Base of every error that this package raises on purpose."""


class InputError(RoutePlannerError):
    """Input that cannot be planned; carries every issue that was found, not only the first."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("; ".join(f"{issue.path}: {issue.message}" for issue in self.issues))


class Refusal(RoutePlannerError):  # noqa: N818  # what all refusals have in common
    """A request that cannot be done as things stand; `code` is stable, the message may change."""

    code = "REFUSED"

    def __init__(
        self, message: str, *, code: str | None = None, issues: Sequence[Issue] = ()
    ) -> None:
        self.code = code or self.code
        self.message = message
        self.issues = tuple(issues)
        super().__init__(message)


class NotFoundError(Refusal):
    """What is named is not there, or not to be seen by who asks."""

    code = "NOT_FOUND"


class NotAllowedError(Refusal):
    """Who asks may not do it."""

    code = "NOT_ALLOWED"


class ConflictError(Refusal):
    """It contradicts what is there."""

    code = "CONFLICT"


class OutdatedError(Refusal):
    """What was to be changed has changed since it was read."""

    code = "OUTDATED"


class InvalidError(Refusal):
    """The request can be read, but makes no sense."""

    code = "INVALID_REQUEST"


class UnauthenticatedError(Refusal):
    """No key, or none that is valid now."""

    code = "UNAUTHENTICATED"


class UnavailableError(RoutePlannerError):
    """The database cannot be reached, or is too busy; the same request may succeed later."""
