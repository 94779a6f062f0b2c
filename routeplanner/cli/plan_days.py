"""Days of a plan as they are written on the command line: w1-tue, 第1周周二, or a route's label."""

from routeplanner.domain.scenario import Scenario
from routeplanner.files.cells_days import read_pinned_days
from routeplanner.planning.standing.naming import unknown_day


def day_named(scenario: Scenario, word: str, routes: tuple[str, ...] = ()) -> int:
    """Return the working day of the cycle that a word names.

    Raises
    ------
    InputError
        It names none (UNKNOWN_DAY).
    """
    try:
        (pin,) = read_pinned_days(word)
        if pin.week is None:
            raise ValueError(word)
        return scenario.cycle.index(pin.week, pin.weekday)
    except ValueError:
        raise unknown_day(scenario, word, routes) from None
