"""Ctrl-C during a search: the first ends the search, the second the program."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """End the search at the first Ctrl-C, the program at the second."""
    event = Event()

    def interrupt(*_: object) -> None:
        if event.is_set():
            raise KeyboardInterrupt
        event.set()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield event.is_set
    finally:
        signal.signal(signal.SIGINT, before)
