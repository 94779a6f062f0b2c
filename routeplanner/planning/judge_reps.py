"""Judges reps: ids, hours, stores."""

from collections.abc import Sequence

from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.rep import Rep
from routeplanner.domain.workday import work_day


def judge_reps(
    reps: Sequence[Rep], origins: Sequence[Origin], draft: Draft, findings: Findings
) -> None:
    """Notes duplicate ids, reps that never work, and reps without stores."""
    seen: dict[str, Origin] = {}
    entries = [(rep.id, origin) for rep, origin in zip(reps, origins, strict=True)]
    entries += [
        (str(row.fields["id"]), row.origin)
        for row in draft.faulty
        if row.kind == "reps" and "id" in row.fields
    ]
    for rep_id, origin in sorted(entries, key=lambda entry: entry[1].row or 0):
        if rep_id in seen:
            findings.error(
                "DUPLICATE_ID", origin, "id", first=seen[rep_id].words(findings.language)
            )
        seen.setdefault(rep_id, origin)
    if not reps and not findings.has_errors:
        findings.error("NO_REPS", draft.stores_origin)
    policy = draft.policy
    named = {store.rep for store in draft.stores}
    for rep, origin in zip(reps, origins, strict=True):
        if rep.is_assumed:
            continue
        works = any(work_day(policy, rep, day) for day in policy.workdays)
        if draft.is_policy_sound and not works:
            column = "hours" if "hours" in origin.headers else "days"
            findings.error(
                "REP_NEVER_WORKS", origin, column, id=rep.id, workdays=", ".join(policy.workdays)
            )
        if draft.stores and None not in named and rep.id not in named:
            findings.warn("REP_WITHOUT_STORES", origin, "id", id=rep.id)
