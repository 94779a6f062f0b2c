"""Ctrl-C during a search: the first ends the search, the second the program."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event


@contextmanager
def interruptible(heard: Callable[[], None]) -> Iterator[Callable[[], bool]]:
    """End the search at the first Ctrl-C, which is told by `heard`, the program at the second."""
    event = Event()

    def interrupt(*_: object) -> None:
        if event.is_set():
            raise KeyboardInterrupt
        event.set()
        heard()

    before = signal.signal(signal.SIGINT, interrupt)
    try:
        yield event.is_set
    finally:
        signal.signal(signal.SIGINT, before)
