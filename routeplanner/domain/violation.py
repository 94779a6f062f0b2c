"""A broken rule of a plan, found by the checker."""

from routeplanner.domain.base import Frozen


class Violation(Frozen):
    """One broken rule; codes are stable and listed in docs/violations.md."""

    code: str
    message: str
    rep: str | None = None
    day: int | None = None
    store_id: str | None = None
