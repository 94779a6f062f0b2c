"""`routeplanner calendar`: lays a plan's cycle on dates and shows what that costs."""

from datetime import date, datetime
from pathlib import Path

import click
from rich.text import Text

from routeplanner.cli.calendar_report import print_dated
from routeplanner.cli.inputs import day_of
from routeplanner.cli.plan_files import (
    edited_plan_of,
    is_edited,
    plan_in,
    plan_of,
    scenario_in,
    scenario_of,
)
from routeplanner.cli.report import console, errors, named_by_option, print_placed, told_plainly
from routeplanner.domain.dated import CycleDates, DatedPlan, LostDayAction, LostDayRule
from routeplanner.domain.plan import Plan
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.work_calendar import Absence, CalendarDay, WorkCalendar
from routeplanner.files.dated import check_time_zone, write_dated, write_dated_ics
from routeplanner.files.placing import place
from routeplanner.operations.laying import lay_cycle
from routeplanner.operations.public_holidays import public_calendar, years_without_make_up_days
from routeplanner.texts import text
from routeplanner.travel.source import travel_matrix

_DATE = click.DateTime(["%Y-%m-%d"])
_ACTIONS: tuple[LostDayAction, ...] = ("skip", "pull_forward", "push_back", "squeeze")
_OPTIONS = {
    "UNKNOWN_REP": "--absence",
    "ABSENCE_ENDS_BEFORE_START": "--absence",
    "UNKNOWN_COUNTRY": "--country",
    "UNKNOWN_TIME_ZONE": "--timezone",
    "WEEK_NOT_IN_CYCLE": "--week",
    "UNKNOWN_CLASS": "--lost-days",
    "UNTIL_BEFORE_START": "--until",
    "PERIOD_TOO_LONG": "--until",
}
"""The option that a fault is of, by its code."""


@click.command(name="calendar")
@click.argument("plan", type=click.Path(path_type=Path))
@click.option("--start", type=_DATE, required=True, help="First day of the period.")
@click.option("--until", type=_DATE, required=True, help="Last day of the period.")
@click.option(
    "--scenario",
    type=click.Path(path_type=Path),
    help="scenario.json of the plan; the one beside PLAN where not given.",
)
@click.option(
    "--week", default=1, show_default=True, help="Week of the cycle in the week of --start."
)
@click.option("--pause", is_flag=True, help="A week without a working day pauses the cycle.")
@click.option("--country", help="Public holidays: CN, DE or, with a state, DE-BE.")
@click.option(
    "--day-off",
    multiple=True,
    metavar="DATE[=NAME]",
    help="A day on which nobody works. May be repeated.",
)
@click.option(
    "--work-day",
    multiple=True,
    metavar="DATE[=DATE]",
    help="A day that is worked all the same, or for the day off after =. May be repeated.",
)
@click.option(
    "--absence",
    multiple=True,
    metavar="REP=DATE/DATE",
    help="First and last day on which a rep is away. May be repeated.",
)
@click.option(
    "--lost-days",
    multiple=True,
    metavar="[CLASS=]RULE",
    help=f"Visits of lost days: {', '.join(_ACTIONS)}; for all or for a class. May be repeated.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder of the CSV files."
)
@click.option("--timezone", help="With --out: writes days.ics too; such as Europe/Berlin.")
def command(
    plan: Path,
    start: datetime,
    until: datetime,
    scenario: Path | None,
    week: int,
    pause: bool,
    country: str | None,
    day_off: tuple[str, ...],
    work_day: tuple[str, ...],
    absence: tuple[str, ...],
    lost_days: tuple[str, ...],
    out: Path | None,
    timezone: str | None,
) -> None:
    """Lay PLAN on dates: every visit that is shifted or skipped, and the frequency still reached.

    PLAN is plan.json or its folder, or a routes.csv edited by hand. Days off, worked days and
    absences win over the holidays of a country. Nothing is published.
    """
    if timezone and out is None:
        raise click.UsageError("--timezone needs --out")
    with told_plainly(), named_by_option(_OPTIONS):
        plan = plan_in(plan)
        beside = plan.with_name("scenario.json")
        scenario_path = scenario_in(scenario) if scenario else beside
        given = scenario_of(scenario_path)
        found = _plan(plan, scenario_path, given)
        dates = CycleDates(
            start.date(), until.date(), week, lost_weeks="pause" if pause else "run_on"
        )
        if timezone:
            check_time_zone(given, timezone)
        calendar = _calendar(country, dates, given)
        rules = _rules(lost_days, given.policy.classes.labels)
        dated = lay_cycle(
            found,
            given,
            travel_matrix(given),
            dates,
            calendar.overlaid(_own_days(day_off, work_day)),
            absences=[_absence(value) for value in absence],
            rules=rules,
        )
        if country is None:
            errors.print(Text(text("calendar.no_country", given.language), style="yellow"))
        print_dated(dated, given, rules)
        if out is not None:
            _write(out, dated, found, given, timezone)


def _write(
    out: Path, dated: DatedPlan, plan: Plan, scenario: Scenario, timezone: str | None
) -> None:
    def write(staging: Path) -> None:
        write_dated(dated, scenario, staging)
        if timezone:
            write_dated_ics(dated, plan, scenario, staging / "days.ics", timezone)

    placed = place(out, write, "days.ics".__eq__, scenario.language)
    console.print(f"\n{text('cli.written', scenario.language)} {out}", soft_wrap=True)
    print_placed(placed, scenario.language)


def _plan(path: Path, scenario_path: Path, scenario: Scenario) -> Plan:
    if not is_edited(path):
        return plan_of(path)
    matrix = travel_matrix(scenario)
    return edited_plan_of(path, scenario, scenario_path.parent, matrix)[0].plan


def _calendar(country: str | None, dates: CycleDates, scenario: Scenario) -> WorkCalendar:
    if country is None:
        return WorkCalendar()
    code, _, subdivision = country.partition("-")
    first, last, language = dates.start_date, dates.until, scenario.language
    calendar = public_calendar(code, first, last, subdivision or None, language)
    for year in years_without_make_up_days(code, first, last):
        words = text("calendar.no_make_up_days", language, country=code, year=year)
        errors.print(f"[yellow]{words}[/]")
    return calendar


def _own_days(days_off: tuple[str, ...], work_days: tuple[str, ...]) -> list[CalendarDay]:
    days = []
    for value in days_off:
        day, _, name = value.partition("=")
        parsed = _date(day, "--day-off")
        days.append(CalendarDay(parsed, is_worked=False, cause="company", name=name))
    for value in work_days:
        day, sign, replaced = value.partition("=")
        parsed = _date(day, "--work-day")
        replaces = _date(replaced, "--work-day") if sign else None
        days.append(CalendarDay(parsed, is_worked=True, cause="company", replaces=replaces))
    return days


def _absence(value: str) -> Absence:
    rep, sign, days = value.rpartition("=")
    first, slash, last = days.partition("/")
    if not sign or not slash:
        raise click.BadParameter(f"'{value}' is not REP=DATE/DATE", param_hint="--absence")
    return Absence(rep, _date(first, "--absence"), _date(last, "--absence"))


def _rules(values: tuple[str, ...], labels: tuple[str, ...]) -> dict[str, LostDayRule]:
    rules: dict[str, LostDayRule] = {}
    for value in values:
        label, _, name = value.rpartition("=")
        action = next((action for action in _ACTIONS if action == name.strip()), None)
        if action is None:
            known = ", ".join(_ACTIONS)
            raise click.BadParameter(f"'{name}' is none of {known}", param_hint="--lost-days")
        rules |= dict.fromkeys([label.strip()] if label else labels, LostDayRule(action))
    return rules


def _date(value: str, option: str) -> date:
    try:
        parsed = day_of(datetime.strptime(value.strip(), "%Y-%m-%d"))
    except ValueError:
        parsed = None
    if parsed is None:
        raise click.BadParameter(f"'{value}' is no date such as 2026-10-01", param_hint=option)
    return parsed
