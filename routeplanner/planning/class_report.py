"""Classes and their changes as the sentences that `routeplanner classify` prints."""

from collections.abc import Sequence

from routeplanner.domain.classes import ClassChanges, ClassRow
from routeplanner.domain.policy import Policy
from routeplanner.domain.store import Store
from routeplanner.planning.classify import areas_without_sales
from routeplanner.planning.hours_report import UNNAMED
from routeplanner.texts import text


def policy_report(policy: Policy, language: str = "en") -> str:
    """The policy and its lines between classes, as a sentence."""
    key = "hours.own_policy" if policy.name == UNNAMED else "hours.policy"
    *labels, last = policy.classes.labels
    lines = [
        text(f"classes.{'next' if n else 'first'}_class", language, label=label, line=f"{line:g}")
        for n, (label, line) in enumerate(zip(labels, policy.classes.lines, strict=True))
    ]
    lines.append(text("classes.last_class", language, label=last))
    named = text(key, language, name=policy.name)
    listed = text("hours.and", language).join(lines)
    return text("classes.policy_line", language, policy=named, lines=listed)


def class_report(
    rows: Sequence[ClassRow], stores: Sequence[Store], policy: Policy, language: str = "en"
) -> tuple[str, ...]:
    """Stores and share of sales by class, an area a line, and areas whose sales say nothing."""
    lines: list[str] = []
    for area in dict.fromkeys(row.area for row in rows):
        planned = [row for row in rows if row.area == area and row.is_planned]
        counted = [
            text(
                "classes.class_line",
                language,
                label=label,
                n=sum(row.store_class == label for row in planned),
                share=f"{_share(planned, label):.0f} %",
            )
            for label in policy.classes.labels
        ]
        key = "classes.pool_line" if area is None else "classes.area_line"
        lines.append(text(key, language, rep=area, classes=" · ".join(counted)))
    for area in areas_without_sales(stores):
        key = "classes.no_sales_in_area" + ("_of" if area is not None else "")
        lines.append(text(key, language, rep=area, label=policy.classes.labels[-1]))
    return tuple(lines)


def change_report(changes: ClassChanges, language: str = "en") -> tuple[str, ...]:
    """How many stores change class, who is kept by the margin, and the hours it takes."""
    n, kept = len(changes.changes), len(changes.kept_by_margin)
    first = text(
        "classes.n_changes" if n else "classes.no_changes",
        language,
        n=n,
        kept=kept,
        margin=f"{changes.margin_percent:g}",
    )
    if not n:
        return (first,)
    effect = text(
        "classes.effect",
        language,
        hours=f"{changes.hours:+.1f}",
        in_store=f"{changes.in_store_hours:+.1f}",
        travel=f"{changes.travel_hours:+.1f}",
    )
    return (first, effect)


def source_words(row: ClassRow, language: str) -> str:
    """Where a store's class comes from."""
    if not row.is_planned:
        return text("classes.not_planned", language)
    if row.source == "sales" and row.store_class != row.class_by_sales:
        return text("classes.source_kept", language, by_sales=row.class_by_sales)
    return text(f"classes.source_{row.source}", language)


def change_words(label: str | None, *, is_before: bool, language: str) -> str:
    """A class of a change; `new` before and `gone` after where the store was or is in no list."""
    if label is not None:
        return label
    return text("classes.new" if is_before else "classes.gone", language)


def _share(planned: Sequence[ClassRow], label: str) -> float:
    return sum(
        row.cumulative_share - row.share_before for row in planned if row.store_class == label
    )
