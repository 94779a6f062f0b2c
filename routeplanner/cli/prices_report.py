"""What `prices` prints: one row a rule, and how to read its price."""

from pathlib import Path

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console
from routeplanner.cli.whatif_report import not_distinct_line, signed, spread_words
from routeplanner.domain.prices import Price, PriceList
from routeplanner.texts import counted, text


def print_prices(result: PriceList, language: str, out: Path | None) -> None:
    """Print the list, then what it rests on."""
    console.print(prices_table(result, language))
    console.print()
    for line in _lines(result, language, out):
        console.print(Text(line), soft_wrap=True)


def prices_table(result: PriceList, language: str) -> Table:
    """Return one row a rule; rules that are not in force come without a price."""
    title = text(f"prices.title_{result.per}", language)
    table = Table(title=title, title_justify="left", show_edge=False, header_style="bold")
    table.add_column(text("prices.rule", language), overflow="fold")
    for head in ("costs", "spread", "there", "missing"):
        table.add_column(text(f"prices.{head}", language), justify="right")
    if result.folder is not None:
        table.add_column(text("prices.folder", language), overflow="fold")
    for price in result.prices:
        row = (price.rule.name, *_cells(price, result, language), price.folder or "")
        table.add_row(*(Text(cell) for cell in row[: len(table.columns)]))
    return table


def _cells(price: Price, result: PriceList, language: str) -> tuple[str, ...]:
    if price.hours is None:
        return "–", price.rule.why or text("prices.not_in_force", language), "", ""
    return (
        signed(price.hours.of_best),
        spread_words(price.hours, len(result.seeds), language),
        signed(price.available_hours),
        signed(price.missing_visits, 0 if result.per == "cycle" else 1),
    )


def _lines(result: PriceList, language: str, out: Path | None) -> list[str]:
    best, n = result.base.best, len(result.seeds)
    share = best.share_of(result.per)
    missing = best.missing_visits * share
    lines = [
        counted(
            "prices.base",
            missing,
            language,
            needed=f"{best.needed_hours * share:.1f}",
            there=f"{best.available_hours * share:.1f}",
            missing=f"{missing:.3g}",
        ),
        text(f"prices.reading{'_one' if n == 1 else ''}", language, n=n),
        text("prices.reading_there", language),
    ]
    if not best.is_complete or any(
        p.solved and not p.solved.best.is_complete for p in result.prices
    ):
        lines.append(text("whatif.missing_counted", language))
    if len(result.seeds) < 2:
        lines.append(text("whatif.one_seed", language))
    else:
        lines += not_distinct_line([price.hours for price in result.prices], language)
        lines += [text("whatif.stuck", language)] if result.base.is_alike else []
    lines += [
        counted("whatif.broken", price.solved.broken_rules, language, name=price.rule.name)
        for price in result.prices
        if price.solved is not None and price.solved.broken_rules
    ]
    if result.folder is not None and out is not None:
        lines.append(text("prices.base_folder", language, folder=out / result.folder))
    return lines
