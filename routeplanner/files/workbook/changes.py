"""The sheet of changes: which stores are visited otherwise than under the earlier plan."""

from collections.abc import Iterable

from routeplanner.domain.plan import Plan
from routeplanner.domain.plan_changes import Visits, kind_of_change, visits_by_store
from routeplanner.files.route_groups import clock_text
from routeplanner.files.workbook.book import Book, Cell
from routeplanner.files.workbook.facts import Facts
from routeplanner.files.workbook.table import Column, Row, write_page_table


def write_changes_sheet(book: Book, facts: Facts, previous: Plan) -> None:
    """Write the sheet; a store that is visited as before has no row."""
    sheet = book.add_sheet("sheet_changes")
    before = visits_by_store(previous.routes)
    rows: list[Row] = []
    for store_id in [*facts.stores, *(gone for gone in before if gone not in facts.stores)]:
        was, now = before.get(store_id, []), facts.visits.get(store_id, [])
        kind = kind_of_change(was, now)
        if kind is not None:
            who = _who(facts, store_id)
            rows.append([*who, *_change(book, kind, was, now)])
    keys = [
        ("id", None), ("store", 26.0), ("class", None), ("change", 18.0), ("was", 36.0),
        ("is", 36.0), ("whom_to_tell", 30.0),
    ]  # fmt: skip
    columns = [Column(book.say(f"col_{key}"), "text", width) for key, width in keys]
    end = write_page_table(sheet, columns, rows, n_frozen=2)
    note = book.say("changes_note", id=previous.id, version=previous.version)
    sheet.merge(end + 1, 0, len(keys) - 1, note, "quiet")


def _who(facts: Facts, store_id: str) -> list[Cell]:
    store = facts.stores.get(store_id)
    return [store_id, store.name if store else None, store.store_class if store else None]


def _change(book: Book, kind: str, was: Visits, now: Visits) -> list[Cell]:
    return [
        book.say(f"change_{kind}"),
        _visits_text(book, was),
        _visits_text(book, now),
        _whom_to_tell(book, kind, was, now),
    ]


def _visits_text(book: Book, visits: Visits) -> str:
    lines = (
        f"{book.say('short_week', n=route.week)} {book.word(route.weekday)} "
        f"{clock_text(stop.arrive)} · {route.template} · {route.rep}"
        for route, stop in visits
    )
    return "\n".join(lines) or "–"


def _whom_to_tell(book: Book, kind: str, was: Visits, now: Visits) -> str:
    reps = dict.fromkeys(route.rep for route, _ in (*was, *now))
    people: Iterable[str] = (book.say("tell_rep", rep=rep) for rep in reps)
    if kind in ("dropped", "number", "rep"):
        return ", ".join((*people, book.say("tell_store"), book.say("tell_supervisor")))
    return ", ".join((*people, book.say("tell_store")))
