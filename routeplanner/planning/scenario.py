"""Makes a `Scenario` of a draft, or tells everything that is wrong with it at once."""

from collections.abc import Sequence
from dataclasses import replace

from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Origin
from routeplanner.domain.scenario import Scenario
from routeplanner.errors import InputError, Issue, Severity
from routeplanner.planning.judge import Judgement, judge
from routeplanner.texts import text

_Place = tuple[str | None, int | None]

# Faults that a row has only beside another, which may itself be left out.
_BESIDE_OTHERS = {"DUPLICATE_ID", "APPOINTMENT_OVERLAP", "APPOINTMENT_CANNOT_BE_KEPT"}


def build_scenario(draft: Draft, *, skip_bad_rows: bool = False) -> Scenario:
    """Return the scenario of a draft, its stores classified and its cycle found.

    Parameters
    ----------
    skip_bad_rows
        Drop store, rep and appointment rows with faults; each becomes a warning of the scenario.

    Raises
    ------
    InputError
        With every error and warning of all files, in the order of the files' rows.
    """
    skipped: list[Issue] = []
    while True:
        judgement = judge(draft)
        errors = [issue for issue in judgement.issues if issue.severity is Severity.ERROR]
        if not errors:
            return _scenario(draft, judgement, skipped)
        rows = _record_rows(draft)
        can_skip = skip_bad_rows and all(_place(issue) in rows for issue in errors)
        if not can_skip:
            raise InputError(_in_order([*skipped, *judgement.issues]))
        errors = [issue for issue in errors if issue.code not in _BESIDE_OTHERS] or errors
        skipped += [_as_skipped(issue, draft) for issue in errors]
        draft = _without(draft, {_place(issue) for issue in errors})


def _scenario(draft: Draft, judgement: Judgement, skipped: list[Issue]) -> Scenario:
    if judgement.cycle is None:
        raise AssertionError("a judgement without errors has a cycle")
    return Scenario(
        stores=judgement.stores,
        reps=judgement.reps,
        appointments=judgement.appointments,
        policy=draft.policy,
        cycle=judgement.cycle,
        matrix=judgement.matrix,
        coordinates=draft.coordinates,
        language=draft.language,
        start_date=draft.start_date,
        warnings=tuple(_in_order([*skipped, *judgement.issues])),
    )


def _in_order(issues: Sequence[Issue]) -> list[Issue]:
    """By file as first named, errors that concern a whole file first, then by row."""
    files: dict[str | None, int] = {}
    for issue in issues:
        files.setdefault(issue.file, len(files))
    return sorted(issues, key=lambda issue: (files[issue.file], issue.row or 0))


def _place(issue: Issue) -> _Place:
    return issue.file, issue.row


def _record_rows(draft: Draft) -> set[_Place]:
    origins: list[Origin] = [
        *draft.store_origins,
        *draft.rep_origins,
        *draft.appointment_origins,
        *(row.origin for row in draft.faulty),
    ]
    return {(origin.file, origin.row) for origin in origins}


def _as_skipped(issue: Issue, draft: Draft) -> Issue:
    message = text("issues.SKIPPED", draft.language, message=issue.message)
    return issue.model_copy(update={"severity": Severity.WARNING, "message": message})


def _without(draft: Draft, rows: set[_Place]) -> Draft:
    """The draft without some rows and without what was said of them."""

    def kept(origins: tuple[Origin, ...]) -> list[int]:
        return [i for i, origin in enumerate(origins) if (origin.file, origin.row) not in rows]

    stores = kept(draft.store_origins)
    reps = kept(draft.rep_origins)
    appointments = kept(draft.appointment_origins)
    return replace(
        draft,
        stores=tuple(draft.stores[i] for i in stores),
        store_origins=tuple(draft.store_origins[i] for i in stores),
        reps=tuple(draft.reps[i] for i in reps),
        rep_origins=tuple(draft.rep_origins[i] for i in reps),
        appointments=tuple(draft.appointments[i] for i in appointments),
        appointment_origins=tuple(draft.appointment_origins[i] for i in appointments),
        faulty=tuple(e for e in draft.faulty if (e.origin.file, e.origin.row) not in rows),
        issues=tuple(issue for issue in draft.issues if _place(issue) not in rows),
    )
