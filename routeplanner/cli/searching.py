"""What the commands that search share: threads, Ctrl-C, a bar, and a search that found nothing."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NoReturn

from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from routeplanner.cli.interrupt import interruptible
from routeplanner.cli.report import EXIT_INTERRUPTED, errors, told_plainly
from routeplanner.texts import text

MOST_THREADS = 64
_USUAL_THREADS = 4


@dataclass(frozen=True, slots=True)
class Searching:
    """A search under way: whether it shall end, and where its bar is moved to."""

    is_canceled: Callable[[], bool]
    show: Callable[[float, str], None]  # share of the whole, and what is made


@contextmanager
def searching(language: str, begins: str = "cli.first_plan") -> Iterator[Searching]:
    """Search under a bar; the first Ctrl-C ends the search, faults of the input are told.

    `begins` is the key of what the bar says at first.
    """
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
    )
    task = bar.add_task(text(begins, language), total=1.0)

    def end() -> None:
        bar.update(task, description=text("cli.ending", language))

    with told_plainly(), interruptible(end) as is_canceled, bar:

        def show(share: float, words: str) -> None:
            if not is_canceled():
                bar.update(task, completed=share, description=words)

        yield Searching(is_canceled, show)


def end_canceled(language: str) -> NoReturn:
    """End a command whose search was interrupted before there was anything to write."""
    errors.print(text("cli.canceled_at_once", language), style="yellow")
    sys.exit(EXIT_INTERRUPTED)


def usual_threads(iterations: int | None) -> int:
    """As many as help; a run that is to repeat must not depend on the machine."""
    return 1 if iterations else min(_USUAL_THREADS, os.cpu_count() or 1)
