"""What `whatif` prints: one row an alternative, then what its figures rest on."""

from collections.abc import Sequence

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console, errors
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.what_if import Difference, Figures, Solved, WhatIf
from routeplanner.planning.lever_steps import percent
from routeplanner.planning.what_if.run import Effort
from routeplanner.texts import counted, text

_MINUS = "−"


def announce(n_cases: int, effort: Effort, language: str, *, is_start_given: bool) -> None:
    """Say before the search how many plans are made and how long that takes."""
    plans = n_cases * len(effort.seeds) + (not is_start_given)
    key = "steps_ahead" if effort.iterations else "seconds_ahead"
    each = effort.iterations or effort.seconds or 0
    total = plans * each / 60
    told = {"plans": plans, "each": f"{each:g}", "minutes": f"{total:.1f}"}
    errors.print(Text(text(f"whatif.{key}", language, **told), style="dim"), soft_wrap=True)


def print_what_if(result: WhatIf, scenario: Scenario) -> None:
    """Print the table, what the changes brought with them, and how to read it."""
    language = scenario.language
    console.print(what_if_table(result, scenario))
    console.print()
    for line in what_if_lines(result, language):
        console.print(Text(line), soft_wrap=True)


def what_if_table(result: WhatIf, scenario: Scenario) -> Table:
    """Return one row an alternative, the scenario as it is first."""
    language = scenario.language
    title = text(f"whatif.title_{result.per}", language)
    table = Table(title=title, title_justify="left", show_edge=False, header_style="bold")
    table.add_column("", overflow="fold")
    heads = ["needed", "there", "filled", "travel", "km", "days", "missing", "fits"]
    for head in (*heads, "against", "spread"):
        table.add_column(text(f"whatif.{head}", language), justify="right")
    for solved in (result.base, *result.alternatives):
        name = solved.alternative.name or text("whatif.as_it_is", language)
        style = "bold" if solved is result.base else None
        table.add_row(Text(name), *_cells(solved, result, language), style=style)
    return table


def what_if_lines(result: WhatIf, language: str) -> list[str]:
    """Return what else changed, and what the figures rest on."""
    lines = [
        f"{solved.alternative.name}: {note}"
        for solved in result.alternatives
        for note in solved.notes
    ]
    lines += [
        counted("whatif.broken", solved.broken_rules, language, name=_name(solved, language))
        for solved in (result.base, *result.alternatives)
        if solved.broken_rules
    ]
    every = (result.base, *result.alternatives)
    if any(not solved.best.is_complete for solved in every):
        lines.append(text("whatif.missing_counted", language))
    if len(result.seeds) > 1:
        lines.append(text("whatif.reading", language, n=len(result.seeds)))
        lines += not_distinct_line([solved.hours for solved in result.alternatives], language)
        lines += [text("whatif.stuck", language)] if result.base.is_alike else []
    else:
        lines.append(text("whatif.one_seed", language))
    lines.append(text(f"whatif.from_{'plan' if result.is_start_given else 'first'}", language))
    return lines


def signed(hours: float, digits: int = 1) -> str:
    """A difference with its sign; zero has none."""
    words = f"{abs(hours):.{digits}f}"
    if float(words) == 0:
        return words
    return f"+{words}" if hours > 0 else f"{_MINUS}{words}"


def spread_words(found: Difference, n_seeds: int, language: str) -> str:
    """Mean and range over the seeds; whether it can be told from nothing."""
    if n_seeds < 2:
        return "–"
    told = {"mean": signed(found.mean), "low": signed(found.low), "high": signed(found.high)}
    key = "spread_value" if found.is_distinct else "spread_not_distinct"
    return text(f"whatif.{key}", language, **told)


def not_distinct_line(found: Sequence[Difference | None], language: str) -> list[str]:
    """Return what the sign of differences that may be chance means, where there is one."""
    is_needed = any(each is not None and not each.is_distinct for each in found)
    return [text("whatif.not_distinct", language)] if is_needed else []


def _cells(solved: Solved, result: WhatIf, language: str) -> tuple[str, ...]:
    best = solved.best
    share = best.share_of(result.per)
    needed, there = best.needed_hours * share, best.available_hours * share
    return (
        f"{needed:.1f}",
        f"{there:.1f}",
        percent(needed / there, language) if there else "–",
        f"{best.travel_hours * share:.1f}",
        f"{best.travel_km * share:.0f}",
        f"{best.driven_days * share:.3g}",
        _missing(best, share),
        text(f"whatif.{'yes' if best.is_complete else 'no'}", language),
        signed(solved.hours.of_best) if solved.hours else "",
        spread_words(solved.hours, len(result.seeds), language) if solved.hours else "",
    )


def _missing(best: Figures, share: float) -> str:
    """Missing visits by class: 12 (A2 C10)."""
    if not best.missing_visits:
        return "0"
    parts = " ".join(f"{label}{n * share:.3g}" for label, n in best.missing_by_class.items() if n)
    return f"{best.missing_visits * share:.3g} ({parts})"


def _name(solved: Solved, language: str) -> str:
    return solved.alternative.name or text("whatif.as_it_is", language)
