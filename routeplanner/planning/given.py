"""Judges a scenario that came as structured data, with paths such as `stores[17].frequency`."""

import re
from collections.abc import Sequence

import numpy as np

from routeplanner.domain.draft import Draft, DraftMatrix
from routeplanner.domain.findings import Origin
from routeplanner.domain.policy import Policy
from routeplanner.domain.policy_faults import policy_issues
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import GivenMatrix, Language, Scenario
from routeplanner.domain.scenario_fields import ScenarioFields
from routeplanner.domain.service_words import for_service
from routeplanner.errors import InputError, Issue
from routeplanner.planning.scenario import build_scenario
from routeplanner.travel.estimated import speed_issues

_ASSUMED = Rep(id="assumed", base_lat=0, base_lon=0)  # as one is where none was given
_PLACE = re.compile(r"^(stores|reps|appointments):(\d+)(?::(.+))?$")


def scenario_from_fields(
    fields: ScenarioFields,
    policy: Policy,
    language: Language,
    *,
    faults: Sequence[Issue] = (),
    is_policy_sound: bool = True,
) -> Scenario:
    """Return the scenario of what a caller gave, its stores classified and its cycle found.

    Parameters
    ----------
    faults
        What was found wrong before, told with all else.
    is_policy_sound
        False: `policy` stands in for one that could not be had, as `faults` say.

    Raises
    ------
    InputError
        With every issue at once.
    """
    language = fields.language or language
    of_policy = policy_issues(policy, language) if is_policy_sound else []
    is_policy_sound = is_policy_sound and not of_policy
    issues = [*faults, *of_policy]
    if is_policy_sound and fields.matrix is None:
        modes = dict.fromkeys(rep.mode for rep in fields.reps or (_ASSUMED,))
        issues += speed_issues(policy.travel, modes, language)
    of_matrix = [] if fields.matrix is None else _matrix_faults(fields.matrix)
    draft = Draft(
        stores=fields.stores,
        policy=policy,
        reps=fields.reps,
        appointments=fields.appointments,
        store_origins=tuple(
            Origin("stores", row, is_list=True) for row in range(len(fields.stores))
        ),
        rep_origins=tuple(Origin("reps", row, is_list=True) for row in range(len(fields.reps))),
        appointment_origins=tuple(
            Origin("appointments", row, is_list=True) for row in range(len(fields.appointments))
        ),
        matrix=None if fields.matrix is None or of_matrix else _matrix(fields.matrix),
        coordinates=fields.coordinates,
        language=language,
        start_date=fields.start_date,
        is_policy_sound=is_policy_sound,
        has_reps_file=bool(fields.reps),
        issues=(*issues, *of_matrix),
    )
    try:
        scenario = build_scenario(draft)
    except InputError as error:
        raise InputError([_structured(issue, language) for issue in error.issues]) from error
    warnings = tuple(_structured(issue, language) for issue in scenario.warnings)
    return scenario.model_copy(update={"warnings": warnings})


def _matrix_faults(given: GivenMatrix) -> list[Issue]:
    n = len(given.ids)
    return [
        Issue(
            code="MATRIX_NOT_SQUARE",
            path=f"matrix.{name}",
            message=f"matrix.{name} needs {n} rows of {n} values, as there are {n} ids",
            hint="give a value for every ordered pair of places",
        )
        for name, rows in (("minutes", given.minutes), ("km", given.km))
        if len(rows) != n or any(len(row) != n for row in rows)
    ]


def _matrix(given: GivenMatrix) -> DraftMatrix:
    n = len(given.ids)
    return DraftMatrix(
        origin=Origin(given.source),
        ids=given.ids,
        minutes=np.array(given.minutes, dtype=np.float64).reshape(n, n),
        km=np.array(given.km, dtype=np.float64).reshape(n, n),
    )


def _structured(issue: Issue, language: Language) -> Issue:
    """An issue of a record by its place in the list instead of a row in a file."""
    issue = for_service(issue, language)
    match = _PLACE.match(issue.path)
    path = issue.path
    if match is not None:
        path = f"{match[1]}[{match[2]}]" + (f".{match[3]}" if match[3] else "")
    return issue.model_copy(update={"path": path, "file": None, "row": None})
