"""The sheet of changes: which stores are visited otherwise than under the earlier plan."""

from collections.abc import Sequence

from routeplanner.domain.plan_changes import ChangeRow, PlannedVisit, change_list
from routeplanner.files.kept_text import kept_words
from routeplanner.files.route_groups import clock_text
from routeplanner.files.workbook.book import Book, Cell
from routeplanner.files.workbook.facts import Facts
from routeplanner.files.workbook.table import Column, write_page_table


def write_changes_sheet(book: Book, facts: Facts) -> None:
    """Write the sheet; a store that is visited as before has no row."""
    if facts.previous is None:
        return
    sheet = book.add_sheet("sheet_changes")
    changes = change_list(facts.plan, facts.scenario, facts.previous, facts.previous_scenario)
    rows = [_row(book, change) for change in changes]
    keys = [
        ("id", None), ("store", 26.0), ("class", None), ("change", 18.0), ("was", 36.0),
        ("is", 36.0), ("whom_to_tell", 30.0),
    ]  # fmt: skip
    columns = [Column(book.say(f"col_{key}"), "text", width) for key, width in keys]
    end = write_page_table(sheet, columns, rows, n_frozen=2)
    before = {"id": facts.previous.id, "version": facts.previous.version}
    notes = [kept_words(facts.plan, book.language), book.say("changes_note", **before)]
    for place, note in enumerate(filter(None, notes), start=1):
        sheet.merge(end + place, 0, len(keys) - 1, note, "quiet")


def _row(book: Book, change: ChangeRow) -> list[Cell]:
    return [
        change.store_id,
        change.store_name,
        change.store_class,
        book.say(f"change_{change.change}"),
        _visits_text(book, change.was),
        _visits_text(book, change.now),
        _whom_to_tell(book, change),
    ]


def _visits_text(book: Book, visits: Sequence[PlannedVisit]) -> str:
    lines = (
        f"{book.say('short_week', n=visit.week)} {book.word(visit.weekday)} "
        f"{clock_text(visit.arrive)} · {visit.template} · {visit.rep}"
        for visit in visits
    )
    return "\n".join(lines) or "–"


def _whom_to_tell(book: Book, change: ChangeRow) -> str:
    people = [book.say("tell_rep", rep=rep) for rep in change.reps]
    people.append(_named(book, "tell_store", change.contact))
    if change.tells_supervisor:
        people.append(_named(book, "tell_supervisor", change.supervisor))
    return "\n".join(people)


def _named(book: Book, key: str, name: str | None) -> str:
    return book.say(f"{key}_named", name=name) if name else book.say(key)
