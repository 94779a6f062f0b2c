"""difference.html: two of the plans side by side, what changes from one to the other in sight."""

from collections.abc import Sequence
from pathlib import Path

from routeplanner.domain.hours import WEEKDAYS
from routeplanner.files.comparison.map_data import Compared, difference_data
from routeplanner.files.map import DEFAULT_TILES, Page, map_in, page_head
from routeplanner.files.map_data import to_script_json
from routeplanner.files.pages import page_environment
from routeplanner.files.palette import weekday_colors
from routeplanner.files.route_groups import rep_title
from routeplanner.texts import text

_STYLES = ("map.css", "difference.css")
_SCRIPTS = ("map_markers.js", "map_tiles.js", "difference_draw.js", "difference.js")


def write_difference(
    plans: Sequence[Compared],
    weeks: int,
    path: Path,
    language: str,
    *,
    tiles: str | None = DEFAULT_TILES,
    tiles_attribution: str | None = None,
) -> None:
    """Write the page; `weeks` is after how many all cycles end together."""
    title = f"{text('difference.title', language)} · {', '.join(name for name, _, _ in plans)}"
    page = Page(
        title, language, page_head(language, _STYLES, _SCRIPTS), _body(plans, weeks, language)
    )
    root = map_in(page, "showDifference", tiles, tiles_attribution).get_root()
    Path(path).write_text(root.render(), encoding="utf-8")


def _body(plans: Sequence[Compared], weeks: int, language: str) -> str:
    reps = {rep.id: rep_title(rep) for _, _, scenario in plans for rep in scenario.reps}
    worked = {day for _, plan, _ in plans for day in plan.cycle.workdays}
    weekdays = [
        (WEEKDAYS.index(day), text(f"words.{day}", language), weekday_colors()[place])
        for place, day in enumerate(WEEKDAYS)
        if day in worked
    ]
    return (
        page_environment(language)
        .get_template("difference_body.html")
        .render(
            names=[name for name, _, _ in plans],
            reps=list(reps.values()),
            weeks=weeks,
            weekdays=weekdays,
            kinds=("days", "rep", "number", "new", "dropped", "same"),
            source=plans[0][1].provenance.travel_source,
            data=to_script_json(difference_data(plans, weeks, language)),
        )
    )
