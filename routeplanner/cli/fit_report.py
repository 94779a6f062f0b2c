"""What `fit` prints: the set, the lines to paste, and what is known of smaller sets."""

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from routeplanner.cli.report import console, errors
from routeplanner.domain.fit import Fit, TriedSet
from routeplanner.planning.fit.trials import Patience
from routeplanner.planning.lever_steps import percent
from routeplanner.planning.what_if.run import Effort
from routeplanner.texts import counted, text

_STORES_SHOWN = 10


def announce_fit(effort: Effort, patience: Patience, language: str) -> None:
    """Say before the search how long it may take."""
    told = {
        "solves": patience.solves,
        "effort": _effort(effort.seconds, effort.iterations, language),
    }
    if patience.seconds is None:
        words = counted("fit.ahead", patience.solves, language, **told)
    else:
        told["seconds"] = f"{patience.seconds:g}"
        words = counted("fit.ahead_until", patience.solves, language, **told)
    errors.print(Text(words, style="dim"), soft_wrap=True)


def print_fit(result: Fit, language: str, levers: Sequence[str]) -> None:
    """Print the answer to what was allowed (`levers`, as asked), then what it rests on."""
    style = "bold red" if result.status == "not_found" else "bold green"
    first, *others = _answer(result, language, levers)
    console.print(Text(first, style=style), soft_wrap=True)
    for line in others:
        console.print(Text(line), soft_wrap=True)
    if result.smaller:
        console.print()
        console.print(_less_table(result, language))
        console.print()
    for line in _proof(result, language):
        console.print(Text(line), soft_wrap=True)
    if result.status != "fits":
        console.print()
        console.print(_allowed_table(result, language))
        console.print(Text(text("fit.small", language), style="dim"), soft_wrap=True)


def _answer(result: Fit, language: str, levers: Sequence[str]) -> Iterator[str]:
    base = result.base
    if result.status == "fits":
        yield text("fit.fits", language, required=base.required_visits)
        return
    short = {"missing": base.missing_visits, "required": base.required_visits}
    if result.alternative is None or result.figures is None:
        yield text("fit.not_found" if result.is_out_of_time else "fit.no_set", language)
        yield counted("fit.falls_short", base.missing_visits, language, **short)
        yield from _without_days(result, language, levers)
        return
    key = "fit.fitted_one" if result.points == 1 else "fit.fitted"
    yield text(key, language, name=result.alternative.name, points=result.points)
    yield counted("fit.falls_short", base.missing_visits, language, **short)
    found = result.figures
    needed, there = (x / found.weeks for x in (found.needed_hours, found.available_hours))
    yield text(
        "fit.hours",
        language,
        needed=f"{needed:.1f}",
        there=f"{there:.1f}",
        filled=percent(needed / there, language),
        required=found.required_visits,
    )
    yield from _without_days(result, language, levers)
    yield from _lines(result, language)


def _without_days(result: Fit, language: str, levers: Sequence[str]) -> Iterator[str]:
    """Stores that only putting out can help, each with why and what would help."""
    stores = result.blocking or result.stores_without_days
    if not stores:
        return
    key = "blocked" if result.blocking else "put_out"
    one = "_one" if len(stores) == 1 else ""
    yield text(f"fit.{key}{one}", language, n=len(stores))
    for each in stores[:_STORES_SHOWN]:
        yield f"  {each.message}"
        yield f"    {each.hint}"
    if len(stores) > _STORES_SHOWN:
        yield "  " + text("fit.more_stores", language, n=len(stores) - _STORES_SHOWN)
    if result.blocking:
        allow = dict.fromkeys((*levers, *(f"{each.store_class}.stores" for each in stores)))
        yield text("fit.blocked_hint", language, allow=" ".join(allow))


def _lines(result: Fit, language: str) -> Iterator[str]:
    if result.alternative is None:
        return
    if result.alternative.policy:
        yield text("fit.paste", language)
        yield ""
        yield from result.alternative.policy_lines
        yield ""
    in_lists = [
        each.name
        for each in result.relaxations
        if each.key.rpartition(".")[2] in ("reps", "stores")
    ]
    if in_lists:
        names = text("hours.and", language).join(in_lists)
        yield text("fit.other_lists", language, names=names)


def _proof(result: Fit, language: str) -> Iterator[str]:
    effort = _effort(result.seconds, result.iterations, language)
    if result.status == "fitted":
        if result.is_smallest:
            yield text("fit.smallest", language)
        elif result.least_excess is not None and not result.is_out_of_time:
            over = percent(1 + result.least_excess, language)
            yield text("fit.not_proved", language, excess=over)
        else:
            yield text("fit.not_proved_time", language)
    elif result.status == "not_found" and not result.is_out_of_time and not result.blocking:
        yield text("fit.nothing_fits", language)
    key = "fit.by_solving" if result.tried else "fit.by_solving_one"
    yield text(key, language, effort=effort, n=len(result.tried) + 1)


def _less_table(result: Fit, language: str) -> Table:
    table = Table(show_edge=False, header_style="bold")
    table.add_column(text("fit.less", language), overflow="fold")
    table.add_column(text("fit.points_head", language), justify="right")
    table.add_column(text("fit.found", language), overflow="fold")
    for each in result.smaller:
        name = each.name or text("fit.as_it_is", language)
        table.add_row(Text(name), str(each.points), Text(_verdict(each, language)))
    return table


def _allowed_table(result: Fit, language: str) -> Table:
    title = text("fit.allowed", language)
    table = Table(title=title, title_justify="left", show_edge=False, header_style="bold")
    table.add_column(text("fit.lever", language))
    table.add_column(text("fit.points", language), justify="right")
    table.add_column(text("fit.steps", language), justify="right")
    table.add_column(text("fit.furthest", language), overflow="fold")
    for each in result.allowed:
        is_of_stores = each.key.endswith(".stores")
        furthest = text("fit.one_by_one", language) if is_of_stores else each.last
        table.add_row(each.key, str(each.points), str(each.steps), Text(furthest))
    return table


def _verdict(each: TriedSet, language: str) -> str:
    if each.fits is None:
        return text("fit.not_solved", language)
    if each.fits:
        return text("fit.also_fits", language)
    if each.covered_by is not None:
        return text("fit.covered", language, by=each.covered_by)
    if each.missing_visits is None:
        one = "_one" if len(each.stores_without_days) == 1 else ""
        names = text("hours.and", language).join(each.stores_without_days)
        return text(f"fit.too_few_days{one}", language, stores=names)
    key = "fit.does_not_fit_one" if each.missing_visits == 1 else "fit.does_not_fit"
    return text(key, language, missing=each.missing_visits)


def _effort(seconds: float | None, iterations: int | None, language: str) -> str:
    if iterations:
        return counted("fit.effort_steps", iterations, language, each=iterations)
    return text("fit.effort_seconds", language, each=f"{seconds or 0:g}")
