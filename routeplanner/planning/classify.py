"""Classes A, B, C by cumulative sales inside each rep's own area (handbook part 2, 客户分类)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from routeplanner.domain.classes import ClassRow
from routeplanner.domain.policy import ClassLines, Policy
from routeplanner.domain.store import ClassSource, Store


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a store stands in the ranking of its area."""

    rank: int | None
    before: Fraction  # share of sales accumulated before it, in percent
    through: Fraction


def classify(
    stores: Sequence[Store], policy: Policy, earlier: Mapping[str, str] | None = None
) -> tuple[Store, ...]:
    """Stores with `store_class` and `class_source` filled, in the order given.

    Parameters
    ----------
    earlier
        Classes by store id from an earlier list: such a store changes class only where its share
        lies beyond the line by more than `policy.classes.change_margin` percent of the line.

    Notes
    -----
    A class that came with the store wins; one that an earlier classification computed does not.
    Missing sales give the lowest class with the source `no_sales`; negative sales count as 0, and
    so does an area whose sales are all 0: all its stores get the lowest class. Closed and suspended
    stores take no part in the shares; they get the class that their sales would give them.
    """
    found: dict[str, tuple[str, ClassSource]] = {}
    for places in _areas(stores):
        for store, place in places:
            found[store.id] = _decide(store, place, policy.classes, earlier or {})
    return tuple(
        store.model_copy(
            update={"store_class": found[store.id][0], "class_source": found[store.id][1]}
        )
        for store in stores
    )


def classes_by_sales(stores: Sequence[Store]) -> dict[str, str]:
    """Classes by store id of stores that are classed already, where sales or the list gave them."""
    return {
        store.id: store.store_class
        for store in stores
        if store.store_class is not None and store.class_source in ("sales", "given")
    }


def n_kept_by_margin(stores: Sequence[Store], policy: Policy) -> int:
    """How many planned stores have another class than their sales alone would give them."""
    return sum(
        store.is_planned and store.store_class != plain.store_class
        for store, plain in zip(stores, classify(stores, policy), strict=True)
    )


def class_table(
    stores: Sequence[Store], policy: Policy, earlier: Mapping[str, str] | None = None
) -> tuple[ClassRow, ...]:
    """The ranking of every area (the pool first, then by rep), planned stores before the others."""
    rows: list[ClassRow] = []
    for places in _areas(stores):
        for store, place in places:
            label, source = _decide(store, place, policy.classes, earlier or {})
            rows.append(
                ClassRow(
                    area=store.rep,
                    rank=place.rank,
                    store_id=store.id,
                    name=store.name,
                    sales=store.sales,
                    share_before=round(float(place.before), 6),
                    cumulative_share=round(float(place.through), 6),
                    store_class=label,
                    class_by_sales=_by_sales(store, place, policy.classes),
                    source=source,
                    is_planned=store.is_planned,
                )
            )
    return tuple(rows)


def areas_without_sales(stores: Sequence[Store]) -> tuple[str | None, ...]:
    """Areas (rep ids, none for the pool) whose sales are all 0 or missing.

    Classes say nothing there; areas whose planned stores all came with a class are left out.
    """
    silent: list[str | None] = []
    for places in _areas(stores):
        planned = [store for store, _ in places if store.is_planned]
        has_sales = any(_amount(store) > 0 for store in planned)
        if planned and not has_sales and not all(_is_given(store) for store in planned):
            silent.append(planned[0].rep)
    return tuple(silent)


def _areas(stores: Sequence[Store]) -> list[list[tuple[Store, _Place]]]:
    by_area: dict[str | None, list[Store]] = {}
    for store in stores:
        by_area.setdefault(store.rep, []).append(store)
    names = sorted(by_area, key=lambda name: (name is not None, name or ""))
    return [_ranked(by_area[name]) for name in names]


def _ranked(stores: Sequence[Store]) -> list[tuple[Store, _Place]]:
    ordered = sorted(stores, key=lambda store: (-_amount(store), store.id))
    total = sum((_amount(store) for store in stores if store.is_planned), Fraction(0))
    percent = 100 / total if total else Fraction(0)
    planned: list[tuple[Store, _Place]] = []
    others: list[tuple[Store, _Place]] = []
    amount_before = Fraction(0)
    for store in ordered:
        before = amount_before * percent
        if not store.is_planned:
            others.append((store, _Place(None, before, before)))
            continue
        amount_before += _amount(store)
        planned.append((store, _Place(len(planned) + 1, before, amount_before * percent)))
    return planned + others


def _decide(
    store: Store, place: _Place, lines: ClassLines, earlier: Mapping[str, str]
) -> tuple[str, ClassSource]:
    if _is_given(store) and store.store_class is not None:
        return store.store_class, "given"
    if store.sales is None:
        return lines.labels[-1], "no_sales"
    label = _by_sales(store, place, lines)
    was = earlier.get(store.id)
    if was in lines.labels and _amount(store) > 0 and _is_near(place.before, was, lines):
        return was, "sales"
    return label, "sales"


def _by_sales(store: Store, place: _Place, lines: ClassLines) -> str:
    # Exact arithmetic: a store that stands exactly on a line must not move with the rounding.
    if _amount(store) > 0:
        for label, line in zip(lines.labels, lines.lines, strict=False):
            if place.before < Fraction(str(line)):
                return label
    return lines.labels[-1]


def _is_near(share: Fraction, was: str, lines: ClassLines) -> bool:
    """Whether a share lies within the class's lines, widened by the margin on both sides."""
    index = lines.labels.index(was)
    margin = Fraction(str(lines.change_margin)) / 100
    if index > 0 and share < Fraction(str(lines.lines[index - 1])) * (1 - margin):
        return False
    return index >= len(lines.lines) or share <= Fraction(str(lines.lines[index])) * (1 + margin)


def _amount(store: Store) -> Fraction:
    return (
        Fraction(str(store.sales)) if store.sales is not None and store.sales > 0 else Fraction(0)
    )


def _is_given(store: Store) -> bool:
    return store.store_class is not None and store.class_source in (None, "given")
