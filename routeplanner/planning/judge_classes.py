"""Holds given classes against sales, and tells of sales that are missing."""

from collections.abc import Sequence

from routeplanner.domain.classes import ClassRow
from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Findings
from routeplanner.domain.policy import ClassLines
from routeplanner.planning.classify import class_table
from routeplanner.planning.judge_stores import Judged


def judge_classes(rows: Sequence[Judged], draft: Draft, findings: Findings) -> None:
    """Notes classes beyond the margin of what the sales say, and stores without sales or class."""
    planned = [row for row in rows if row.store.is_planned]
    lines = draft.policy.classes
    _judge_missing(planned, draft, findings)
    if not any(row.store.store_class and row.store.sales is not None for row in planned):
        return
    by_id = {row.store.id: row for row in planned}
    table = class_table([row.store for row in by_id.values()], draft.policy)
    with_sales = {entry.area for entry in table if (entry.sales or 0) > 0}
    for entry in table:
        if entry.source == "given" and entry.area in with_sales and _contradicts(entry, lines):
            row = by_id[entry.store_id]
            findings.warn(
                "CLASS_CONTRADICTS_SALES",
                row.origin,
                "class",
                by_sales=entry.class_by_sales,
                share=round(entry.share_before, 1),
            )


def _contradicts(entry: ClassRow, lines: ClassLines) -> bool:
    """Whether the share of sales before a store lies beyond its class's line by the margin."""
    if entry.sales is None or entry.store_class == entry.class_by_sales:
        return False
    given = lines.labels.index(entry.store_class)
    margin = lines.change_margin / 100
    if given < lines.labels.index(entry.class_by_sales):
        return entry.sales <= 0 or entry.share_before > lines.lines[given] * (1 + margin)
    return entry.share_before < lines.lines[given - 1] * (1 - margin)


def _judge_missing(planned: Sequence[Judged], draft: Draft, findings: Findings) -> None:
    unclassed = [
        row
        for row in planned
        if row.store.sales is None and row.store.store_class is None and row.store.frequency is None
    ]
    if not unclassed:
        return
    label = draft.policy.classes.labels[-1]
    if len(unclassed) == len(planned) and "sales" not in unclassed[0].origin.headers:
        findings.warn("NO_SALES_COLUMN", draft.stores_origin, label=label)
        return
    findings.warn(
        "MISSING_SALES",
        draft.stores_origin,
        n=len(unclassed),
        label=label,
        first=unclassed[0].origin.words(findings.language),
    )
