"""What `routeplanner learn` prints: assumed, measured, proposed; what was left out; what next."""

from pathlib import Path

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console, errors
from routeplanner.domain.learned import Learned, Spread, TravelLearned, Verdict
from routeplanner.domain.scenario import Scenario
from routeplanner.files.csv_tables import plain_number
from routeplanner.files.learned import POLICY_FILE, STORES_FILE
from routeplanner.planning.learn.stays import FEWEST_OF_CLASS, FEWEST_OF_STORE
from routeplanner.planning.learn.travel import FEWEST_WAYS
from routeplanner.texts import counted, text

_MOST_STORES = 20


def print_learned(found: Learned, scenario: Scenario) -> None:
    """Print what was learned in the scenario's language."""
    language = scenario.language
    for table in (
        _classes(found, language),
        _stores(found, language),
        _travel(found, language),
        _groups(found, language),
    ):
        if table.row_count:
            console.print(table)
            console.print()
    numbers = {"classes": FEWEST_OF_CLASS, "stores": FEWEST_OF_STORE, "ways": FEWEST_WAYS}
    _note(text("learn.rule", language, **numbers))
    _note(text("learn.hours_note", language))
    if found.n_ways == 0:
        _note(text("learn.no_ways", language))
    for kind in ("visit", "way"):
        own = [row for row in found.left_out if row.kind == kind]
        reasons = [f"{row.n} {text(f'learn.out_{row.reason}', language)}" for row in own]
        if own:
            n = sum(row.n for row in own)
            words = text("learn.semicolon", language).join(reasons)
            _note(text(f"learn.left_out_{kind}", language, n=n, reasons=words))
    if found.unknown_stores:
        names = ", ".join(found.unknown_stores[:10])
        names += " …" if len(found.unknown_stores) > 10 else ""
        errors.print(Text(text("reserve.unknown", language, names=names), style="yellow"))
    console.print()


def print_next(found: Learned, language: str, out: Path | None) -> None:
    """Print how to use what is proposed, or that nothing is."""
    n_stores = sum(store.verdict == "differs" for store in found.stores)
    for row in found.travel if found.is_matrix_given else ():
        if row.verdict == "differs":
            factor = f"{row.factor.median:.2f}"
            _say(text("learn.use_matrix", language, mode=_mode(row, language), factor=factor))
    if not found.changes and not n_stores:
        verdicts = [row.verdict for row in found.classes] + [row.verdict for row in found.travel]
        is_little = all(verdict == "too_few" for verdict in verdicts)
        _say(text("learn.too_little" if is_little else "learn.nothing", language))
        return
    _say(text("learn.proposed", language, keys=len(found.changes), stores=n_stores))
    if out is None:
        _say(text("learn.not_written", language))
        return
    if found.changes:
        _say(text("learn.use_policy", language, path=out / POLICY_FILE))
    if n_stores:
        _say(text("learn.use_stores", language, path=out / STORES_FILE))


def _classes(found: Learned, language: str) -> Table:
    title = counted("learn.classes_title", found.n_visits, language)
    table = _table(title, ("class", *_MEASURED, "n_visits", "n_stores", "proposal"), language)
    for row in found.classes:
        table.add_row(
            Text(row.store_class),
            plain_number(row.now_minutes, 1),
            *_cells(row.minutes),
            str(row.minutes.n if row.minutes else 0),
            str(row.stores),
            _proposal(row.verdict, row.proposed_minutes, language),
        )
    return table


def _stores(found: Learned, language: str) -> Table:
    shown = [store for store in found.stores if store.verdict == "differs"]
    shown.sort(key=lambda store: -abs((store.proposed_minutes or 0) - store.usual_minutes))
    title = text("learn.stores_title", language, n=FEWEST_OF_STORE)
    columns = ("store", "class", *_MEASURED, "n_visits", "usual", "proposal")
    table = _table(title, columns, language)
    for store in shown[:_MOST_STORES]:
        table.add_row(
            Text(store.name or store.store_id),
            Text(store.store_class),
            plain_number(store.now_minutes, 1),
            *_cells(store.minutes),
            str(store.minutes.n),
            plain_number(store.usual_minutes, 1),
            _proposal(store.verdict, store.proposed_minutes, language),
        )
    if len(shown) > _MOST_STORES:
        table.add_row(text("learn.more_stores", language, n=len(shown) - _MOST_STORES))
    return table


def _travel(found: Learned, language: str) -> Table:
    title = counted("learn.travel_title", found.n_ways, language)
    table = _table(title, ("what", *_MEASURED, "n_ways", "proposal"), language)
    for row in found.travel:
        n = str(row.factor.n)
        mode = Text(_mode(row, language))
        if row.now_kmh is None:
            verdict = text(f"learn.{row.verdict}", language)
            table.add_row(mode, "1", *_cells(row.factor, 2), n, verdict)
            continue
        kmh = _measured(row.kmh, row.kmh_from, row.kmh_to)
        now = plain_number(row.now_kmh, 1)
        speed = text("learn.speed", language, mode=mode)
        table.add_row(speed, now, *kmh, n, _proposal(row.verdict, row.proposed_kmh, language))
        if row is found.travel[0]:
            park = _measured(row.park_minutes, row.park_from, row.park_to)
            now = plain_number(row.now_park_minutes or 0, 1)
            words = _proposal(row.verdict, row.proposed_park_minutes, language)
            table.add_row(text("learn.park", language), now, *park, n, words)
        if row.kmh is None and row.verdict != "too_few":
            factor = text("learn.factor", language, mode=mode)
            table.add_row(factor, "1", *_cells(row.factor, 2), n, "")
    return table


def _groups(found: Learned, language: str) -> Table:
    names = ("group", "of_visits", "middle_half", "n_visits", "of_ways", "middle_half", "n_ways")
    table = _table(text("learn.groups_title", language), names, language)
    kind = "all"
    for group in found.groups:
        if group.kind != kind:
            table.add_section()
            kind = group.kind
        title = text(f"learn.group_{group.kind}", language, name=group.name)
        table.add_row(Text(title), *_factor_cells(group.visits), *_factor_cells(group.ways))
    return table


_MEASURED = ("now", "measured", "middle_half", "surely")


def _table(title: str, columns: tuple[str, ...], language: str) -> Table:
    table = Table(
        title=title, title_justify="left", show_edge=False, pad_edge=False, header_style="bold"
    )
    for index, name in enumerate(columns):
        is_text = index == 0 or name in ("class", "proposal")
        table.add_column(
            text(f"learn.{name}", language), justify="left" if is_text else "right", overflow="fold"
        )
    return table


def _cells(spread: Spread | None, digits: int = 1) -> tuple[str, str, str]:
    """Median, quartiles and what is sure of the median."""
    if spread is None:
        return ("–", "", "")
    middle = _range(spread.quartile_1, spread.quartile_3, digits)
    return (
        plain_number(spread.median, digits),
        middle,
        _range(spread.surely_from, spread.surely_to, digits),
    )


def _measured(value: float | None, low: float | None, high: float | None) -> tuple[str, str, str]:
    if value is None:
        return ("–", "", "")
    return (plain_number(value, 1), "", _range(low, high, 1))


def _factor_cells(spread: Spread | None) -> tuple[str, str, str]:
    if spread is None:
        return ("–", "", "")
    middle = f"{spread.quartile_1:.2f} – {spread.quartile_3:.2f}"
    return (f"{spread.median:.2f}", middle, str(spread.n))


def _range(low: float | None, high: float | None, digits: int) -> str:
    if low is None or high is None:
        return ""
    return f"{plain_number(low, digits)} – {plain_number(high, digits)}"


def _proposal(verdict: Verdict, proposed: float | None, language: str) -> Text:
    if proposed is not None:
        return Text(plain_number(proposed, 1), style="bold")
    key = "agrees" if verdict == "differs" else verdict  # the other value of the two changes
    return Text(text(f"learn.{key}", language), style="dim")


def _mode(row: TravelLearned, language: str) -> str:
    return text(f"learn.mode_{row.mode.replace('-', '_')}", language)


def _note(words: str) -> None:
    console.print(Text(words, style="dim"))


def _say(words: str) -> None:
    console.print(Text(words, style="bold"), soft_wrap=True)
