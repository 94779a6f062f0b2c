"""`routeplanner warmup`: compiles search and bounds before they are needed."""

import time

import click

from routeplanner.cli.report import console, errors
from routeplanner.domain.scenario import Language
from routeplanner.texts import text
from solvers import bounds
from solvers.compile_ahead import is_warm, warmup
from solvers.kernel_cache import kernel_folder


@click.command(name="warmup")
@click.option("--language", type=click.Choice(["en", "zh"]), default="en", show_default=True)
def command(language: Language) -> None:
    """Compile search and bounds ahead, so that the first plan need not wait for it.

    Without it the first of each compiles by itself, once for each version and machine. The
    environment variable ROUTEPLANNER_CACHE_DIR names another folder for what is compiled.
    """
    was_warm, begun = is_warm(), time.monotonic()
    with errors.status(text("cli.loading" if was_warm else "cli.compiling", language)):
        warmup()
        bounds.warmup()
    key = "cli.compiled_already" if was_warm else "cli.compiled"
    console.print(text(key, language, seconds=f"{time.monotonic() - begun:.1f}"))
    console.print(f"{text('cli.kept_in', language)} {kernel_folder()}", soft_wrap=True)
