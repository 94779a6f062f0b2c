"""Judges a draft as a whole: every fault between rows, tables and policy, found in one pass.

The readers have noted what is wrong inside single cells; here rows are held against each other.
"""

from dataclasses import dataclass, field

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.scenario import GivenMatrix
from routeplanner.domain.store import Store
from routeplanner.errors import Issue
from routeplanner.planning.assumed_reps import assumed_reps
from routeplanner.planning.classify import classify
from routeplanner.planning.judge_appointments import judge_appointments
from routeplanner.planning.judge_classes import judge_classes
from routeplanner.planning.judge_cycle import judge_cycle, judge_faulty, judge_rules
from routeplanner.planning.judge_keeping import judge_keeping
from routeplanner.planning.judge_matrix import judge_matrix
from routeplanner.planning.judge_places import judge_bases, judge_places
from routeplanner.planning.judge_reps import judge_reps
from routeplanner.planning.judge_stores import Judged, judge_rows

__all__ = ["Judgement", "judge"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a draft comes to: records fit for a scenario where `issues` hold no error."""

    stores: tuple[Store, ...] = ()
    reps: tuple[Rep, ...] = ()
    appointments: tuple[Appointment, ...] = ()
    cycle: Cycle | None = None
    matrix: GivenMatrix | None = None
    issues: tuple[Issue, ...] = field(default_factory=tuple)


def judge(draft: Draft) -> Judgement:
    """Return the classified stores, reps, cycle and matrix of a draft with all issues.

    Notes
    -----
    Where the policy could not be read whole, only what does not hang on it is judged, and those of
    its rules that could be read.
    """
    findings = Findings(draft.language, list(draft.issues))
    rows = [
        Judged(store, origin)
        for store, origin in zip(draft.stores, draft.store_origins, strict=True)
    ]
    faulty = [
        Judged(_partial(entry.fields), entry.origin, is_whole=False)
        for entry in draft.faulty
        if entry.kind == "stores"
    ]
    judge_rules(draft, findings)
    judge_rows(rows + faulty, draft, findings)
    judge_places(rows, draft, findings)
    planned = [row for row in rows if row.store.is_planned]
    if not planned:
        if not findings.has_errors:
            findings.error("NO_STORES", draft.stores_origin)
        judge_faulty(faulty, draft, findings)
        judge_reps(draft.reps, draft.rep_origins, draft, findings)
        judge_appointments(draft, draft.reps, None, findings)
        return Judgement(issues=tuple(findings.issues))
    reps, rep_origins = draft.reps, draft.rep_origins
    if not draft.has_reps_file:
        reps = assumed_reps(rows, draft, findings)
        rep_origins = tuple(Origin("reps") for _ in reps)
    judge_reps(reps, rep_origins, draft, findings)
    judge_bases(reps, rep_origins, planned, findings)
    stores, cycle = tuple(row.store for row in rows), None
    judge_faulty(faulty, draft, findings)
    if draft.is_policy_sound:
        _forget_unknown_classes(rows, draft)
        stores = classify([row.store for row in rows], draft.policy, draft.earlier_classes)
        judge_classes(rows, draft, findings)
        for row, store in zip(rows, stores, strict=True):
            row.store = store
        cycle = judge_cycle(rows, reps, draft, findings)
        judge_appointments(draft, reps, cycle, findings)
    matrix = judge_matrix(draft, stores, reps, findings)
    if cycle is not None and (draft.matrix is None or matrix is not None):
        judge_keeping(draft, reps, cycle, matrix, findings)
    return Judgement(stores, reps, draft.appointments, cycle, matrix, tuple(findings.issues))


def _partial(fields: object) -> Store:
    """A store of those fields that could be read; it has no position."""
    values = dict(fields) if isinstance(fields, dict) else {}
    values["store_class"] = values.pop("class", None)
    return Store.model_construct(**({"id": "", "lat": 0.0, "lon": 0.0} | values))


def _forget_unknown_classes(rows: list[Judged], draft: Draft) -> None:
    labels = draft.policy.classes.labels
    for row in rows:
        if row.store.store_class is not None and row.store.store_class not in labels:
            row.store = row.store.model_copy(update={"store_class": None})
