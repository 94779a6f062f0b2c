"""The sheet of stores: what came in, with classes, positions and the columns carried through."""

from routeplanner.domain.store import Store
from routeplanner.domain.visits import frequency_of
from routeplanner.files.route_groups import frequency_text
from routeplanner.files.workbook.book import Book, Cell
from routeplanner.files.workbook.facts import Facts
from routeplanner.files.workbook.table import Column, Row, Styled, drop_empty, write_page_table


def write_stores_sheet(book: Book, facts: Facts) -> None:
    """Write the sheet; columns that no store fills are left out."""
    sheet = book.add_sheet("sheet_stores")
    stores = sorted(facts.scenario.stores, key=facts.sort_key)
    extras = list(dict.fromkeys(key for store in stores for key in store.extra))
    columns = [*_columns(book), *(Column(key) for key in extras)]
    rows: list[Row] = [
        [*_row(book, facts, store), *(store.extra.get(k) for k in extras)] for store in stores
    ]
    optional = set(range(len(columns))) - {0, 1}
    columns, rows = drop_empty(columns, rows, optional)
    write_page_table(sheet, columns, rows, n_frozen=2, n_repeated=2)


def _columns(book: Book) -> list[Column]:
    keys = [
        ("id", "text"), ("store", "text"), ("class", "center"), ("class_source", "text"),
        ("sales", "figure"), ("cumulative", "percent"), ("frequency", "text"),
        ("minutes_a_visit", "figure"), ("required", "count"), ("scheduled", "count"),
        ("rep", "text"), ("account", "text"), ("kind", "text"), ("status", "text"),
        ("site", "text"), ("address", "text"), ("phone", "text"), ("opening_hours", "text"),
        ("visit_hours", "text"), ("avoid_hours", "text"), ("closed_days", "text"),
        ("pinned_days", "text"), ("lat", "degrees"), ("lon", "degrees"),
        ("given_lat", "degrees"), ("given_lon", "degrees"), ("coord_source", "text"),
        ("note", "text"),
    ]  # fmt: skip
    widths = {"store": 26.0, "opening_hours": 34.0, "address": 28.0}
    return [Column(book.say(f"col_{key}"), style, widths.get(key)) for key, style in keys]


def _row(book: Book, facts: Facts, store: Store) -> list[Cell | Styled]:
    return [*_what_it_wants(book, facts, store), *_what_came_in(book, facts, store)]


def _what_it_wants(book: Book, facts: Facts, store: Store) -> list[Cell | Styled]:
    has_rule = store.store_class is not None
    frequency = frequency_of(store, facts.scenario.policy) if has_rule else None
    return [
        store.id,
        store.name,
        Styled(store.store_class, (), facts.fill_of_class(store.store_class) if has_rule else {}),
        book.say(f"class_source_{store.class_source}") if store.class_source else None,
        store.sales,
        facts.cumulative_shares.get(store.id),
        frequency_text(frequency, book.language) if frequency else None,
        facts.service_minutes(store) if has_rule else None,
        facts.required[store.id],
        len(facts.visits.get(store.id, ())),
    ]


def _what_came_in(book: Book, facts: Facts, store: Store) -> list[Cell | Styled]:
    system = facts.scenario.coordinates.upper().replace("GCJ02", "GCJ-02").replace("BD09", "BD-09")
    is_converted = facts.scenario.coordinates != "wgs84" and store.given_lat is not None
    origin = book.say("coord_given", system=system.replace("WGS84", "WGS 84"))
    if store.coord_source:
        origin = f"{store.coord_source} ({origin})" if is_converted else store.coord_source
    return [
        facts.rep_of(store) if facts.has_several_reps else None,
        store.account,
        None if store.kind == "store" else book.say(f"kind_{store.kind}"),
        _status(book, store),
        store.site,
        store.address,
        store.phone,
        store.opening_hours.to_osm() if store.opening_hours else None,
        store.visit_hours.to_osm() if store.visit_hours else None,
        store.avoid_hours.to_osm() if store.avoid_hours else None,
        ", ".join(book.word(day) for day in store.closed_days),
        ", ".join(_pinned(book, pin.week, pin.weekday) for pin in store.pinned_days),
        store.lat,
        store.lon,
        store.given_lat if is_converted else None,
        store.given_lon if is_converted else None,
        origin,
        store.note,
    ]


def _status(book: Book, store: Store) -> Styled:
    """Empty for an ordinary store, so that a list of nothing else has no such column."""
    word = "" if store.status == "open" else book.say(f"status_{store.status}")
    return Styled(word, () if store.is_planned else ("alarm",))


def _pinned(book: Book, week: int | None, weekday: str) -> str:
    day = book.word(weekday)
    return day if week is None else f"{book.say('short_week', n=week)} {day}"
