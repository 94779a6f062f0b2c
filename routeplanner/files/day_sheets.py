"""days/*.html: one self-contained page per rep and route, for the phone and for A4 alike."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path

from routeplanner.domain.hours import WEEKDAYS
from routeplanner.domain.plan import Plan
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.files.day_sheets_navigation import DEFAULT_NAVIGATION, check_navigation
from routeplanner.files.day_sheets_rows import sheets_of
from routeplanner.files.day_sheets_sketch import HEIGHT, WIDTH
from routeplanner.files.map_data import legend_facts
from routeplanner.files.pages import page_environment
from routeplanner.files.palette import text_on
from routeplanner.files.plan_facts import head_facts
from routeplanner.files.route_groups import (
    GroupKey,
    RouteGroup,
    group_colors,
    group_key,
    rep_title,
    route_groups,
)
from routeplanner.texts import text

N_REASONS = 7
MOST_LETTERS = 60  # of a file name, so that it fits into any file system


def write_day_sheets(
    plan: Plan, scenario: Scenario, folder: Path, *, navigation: Sequence[str] | None = None
) -> list[Path]:
    """Write a page per rep and route and index.html; return the paths written.

    `navigation` chooses among geo, google, apple, amap and baidu; the default goes by language.

    Raises:
        InputError: `navigation` names an unknown service (UNKNOWN_NAVIGATION).
    """
    names = DEFAULT_NAVIGATION[scenario.language] if navigation is None else navigation
    check_navigation(names, scenario.language)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    groups = route_groups(plan, scenario)
    file_names = sheet_names(groups)
    paths = []
    for group in groups:
        path = folder / file_names[group.key]
        path.write_text(day_sheet_page(group, plan, scenario, names), encoding="utf-8")
        paths.append(path)
    index = folder / "index.html"
    index.write_text(_index_page(groups, file_names, plan, scenario), encoding="utf-8")
    return [*paths, index]


def day_sheet_page(
    group: RouteGroup, plan: Plan, scenario: Scenario, navigation: Sequence[str]
) -> str:
    """The page of one route."""
    color = group_colors(plan, scenario)[group.key]
    language = scenario.language
    return (
        page_environment(language)
        .get_template("day_sheet.html")
        .render(
            css=_style(),
            language="zh-CN" if language == "zh" else "en",
            title=f"{group.label} · {rep_title(group.rep)}",
            label=group.label,
            is_route=group.is_route,
            rep=rep_title(group.rep),
            color=color,
            ink=text_on(color),
            sheets=sheets_of(group, plan, scenario, navigation),
            facts=head_facts(plan, scenario),
            reasons=[text(f"day_sheet.reason_{n}", language) for n in range(1, N_REASONS + 1)],
            source=plan.provenance.travel_source,
            sketch_size=(WIDTH, HEIGHT),
        )
    )


def sheet_names(groups: Sequence[RouteGroup]) -> dict[GroupKey, str]:
    """File name of each group: letters and digits only, and no two alike in any case."""
    names: dict[GroupKey, str] = {}
    taken = {"index"}
    for group in groups:
        stem = "-".join(_safe(part) for part in (group.rep.id, group.label))
        name, number = stem, 2
        while name.casefold() in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name.casefold())
        names[group.key] = f"{name}.html"
    return names


def _safe(part: str) -> str:
    kept = "".join(c if c.isalnum() else "_" for c in part)
    return kept[:MOST_LETTERS] or "_"


def _index_page(
    groups: Sequence[RouteGroup],
    names: dict[GroupKey, str],
    plan: Plan,
    scenario: Scenario,
) -> str:
    language = scenario.language
    colors = group_colors(plan, scenario)
    reps = [
        {
            "title": rep_title(rep),
            "weeks": _calendar(rep, plan, language, names, colors),
            "routes": [
                {
                    "label": group.label,
                    "file": names[group.key],
                    "facts": legend_facts(group, plan, language),
                    "color": colors[group.key],
                    "ink": text_on(colors[group.key]),
                }
                for group in groups
                if group.rep.id == rep.id
            ],
        }
        for rep in scenario.reps
    ]
    return (
        page_environment(language)
        .get_template("day_sheet_index.html")
        .render(
            css=_style(),
            language="zh-CN" if language == "zh" else "en",
            reps=reps,
            weekdays=[text(f"words.{day}", language) for day in plan.cycle.workdays],
            facts=head_facts(plan, scenario),
            source=plan.provenance.travel_source,
        )
    )


def _calendar(
    rep: Rep, plan: Plan, language: str, names: dict[GroupKey, str], colors: dict[GroupKey, str]
) -> list[list[dict[str, str] | None]]:
    """Weeks of workdays with the label and page of the route that is driven, or none."""
    keys = {route.day: group_key(route, language) for route in plan.routes if route.rep == rep.id}
    weeks: list[list[dict[str, str] | None]] = [[] for _ in range(plan.cycle.weeks)]
    for day in sorted(plan.cycle.days(), key=lambda day: (day.week, WEEKDAYS.index(day.weekday))):
        key = keys.get(day.day)
        weeks[day.week - 1].append(
            None
            if key is None
            else {
                "label": key[2],
                "file": names[key],
                "color": colors[key],
                "ink": text_on(colors[key]),
            }
        )
    return weeks


@cache
def _style() -> str:
    return files("routeplanner.files").joinpath("assets/day_sheet.css").read_text(encoding="utf-8")
