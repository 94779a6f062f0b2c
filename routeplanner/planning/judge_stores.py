"""Judges store rows by themselves and against each other: ids, reps, classes, fixed days."""

from collections.abc import Sequence
from dataclasses import dataclass

from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.frequency import Frequency
from routeplanner.domain.store import Store


@dataclass(slots=True)
class Judged:
    """A store with its place in the file; not whole where a cell of it could not be read."""

    store: Store
    origin: Origin
    is_whole: bool = True


def judge_rows(rows: Sequence[Judged], draft: Draft, findings: Findings) -> None:
    """Notes duplicate ids, unknown reps and classes, and days and frequencies no week can hold."""
    _judge_ids(rows, findings)
    _judge_rep_names(rows, draft, findings)
    if not draft.is_policy_sound:
        return
    labels, workdays = draft.policy.classes.labels, draft.policy.workdays
    for row in rows:
        store, origin = row.store, row.origin
        if store.store_class is not None and store.store_class not in labels:
            findings.error("UNKNOWN_CLASS", origin, "class", labels=", ".join(labels))
        if store.frequency is not None and exceeds(store.frequency, len(workdays)):
            findings.error(
                "FREQUENCY_EXCEEDS_WORKDAYS",
                origin,
                "frequency",
                frequency=store.frequency,
                n_workdays=len(workdays),
            )
        for day in dict.fromkeys(pin.weekday for pin in store.pinned_days):
            if day not in workdays:
                findings.error(
                    "PINNED_NOT_WORKDAY",
                    origin,
                    "pinned_days",
                    day=day,
                    workdays=", ".join(workdays),
                )


def exceeds(frequency: Frequency, n_workdays: int) -> bool:
    """Whether more visits are wanted than there are workdays."""
    return not frequency.is_daily and frequency.visits > n_workdays * frequency.weeks


def _judge_ids(rows: Sequence[Judged], findings: Findings) -> None:
    seen: dict[str, Origin] = {}
    for row in sorted(rows, key=lambda row: row.origin.row or 0):
        store_id = row.store.id
        if not store_id:
            continue
        if store_id in seen:
            first = seen[store_id].words(findings.language)
            findings.error("DUPLICATE_ID", row.origin, "id", first=first)
        else:
            seen[store_id] = row.origin


def _judge_rep_names(rows: Sequence[Judged], draft: Draft, findings: Findings) -> None:
    if not draft.has_reps_file:
        return
    known = {rep.id for rep in draft.reps}
    # A rep whose row has a fault is known, and told of once, at that row.
    known |= {
        str(row.fields["id"]) for row in draft.faulty if row.kind == "reps" and "id" in row.fields
    }
    if not known:
        return
    listed = ", ".join(sorted(known)[:10]) + (" …" if len(known) > 10 else "")
    for row in rows:
        if row.store.rep is not None and row.store.rep not in known:
            findings.error("UNKNOWN_REP", row.origin, "rep", reps=listed)
