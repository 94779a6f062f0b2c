"""The command line: one module a command, loaded only when its command runs."""

from difflib import get_close_matches
from importlib import import_module

import click

from routeplanner import __version__

_COMMANDS = {
    "plan": ("plan", "Plan the route cycle of a store list."),
    "hours": ("hours", "Compare hours needed with hours there are, without planning."),
    "whatif": ("whatif", "Solve other rules beside the present ones, for equal time."),
    "prices": ("prices", "Measure what each rule costs in hours, by solving without it."),
    "fit": ("fit", "Find the smallest change of the rules that makes all fit."),
    "classify": ("classify", "Class stores A, B, C by cumulative sales."),
    "check": ("check", "Check a plan, or routes edited by hand, against its scenario."),
    "bound": ("bound", "Tell how much better than a plan any plan could be."),
    "compare": ("compare", "Set plans, or how you drive today, side by side."),
    "reserve": ("reserve", "Tell which days break when travel or visits take longer."),
    "learn": ("learn", "Learn minutes in store and travel from visits that were made."),
    "explain": ("explain", "Tell why a store is on its days, and what others would cost."),
    "insert": ("insert", "Give one store its visits in a plan, at the least cost."),
    "move": ("move", "Put one store of a plan on other days."),
    "remove": ("remove", "Take one store out of a plan."),
    "export": ("export", "Write a plan as ics, geojson, gpx, kml, xlsx, csv, …"),
    "calendar": ("calendar", "Lay a plan on dates, with holidays and absences."),
    "geocode": ("geocode", "Fill in coordinates from addresses."),
    "init": ("init", "Write an empty workbook and a commented policy to fill in."),
    "warmup": ("warmup", "Compile the search ahead, so that the first plan need not wait."),
    "serve": ("serve", "Start database, worker and HTTP server."),
    "worker": ("worker", "Make the plans that the server is asked for."),
    "migrate": ("migrate", "Bring the server's database to this version."),
    "keys": ("keys", "Make, list and revoke keys of the HTTP server."),
}


class _LazyGroup(click.Group):
    """Lists commands without importing them, so that help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"routeplanner.cli.{_COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = get_close_matches(args[0], _COMMANDS, 1)
            if not close:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close[0]}?", ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in _COMMANDS.items()])


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="routeplanner")
def main() -> None:
    """Plan repeating visit routes for sales reps.

    Start with:  routeplanner plan stores.csv --policy five-day --out my-plan
    """
