"""Days of a plan as they are written on the command line: w1-tue, 第1周周二, or a route's label."""

from collections.abc import Sequence

from routeplanner.domain.scenario import Scenario
from routeplanner.files.cells_days import read_pinned_days
from routeplanner.planning.standing.choosing import Slots
from routeplanner.planning.standing.naming import slots_on, unknown_day
from routeplanner.planning.standing.standing import Standing


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


def slots_named(standing: Standing, rep_id: str, words: Sequence[str]) -> Slots:
    """Return the slots of a rep that words name; under a route calendar also by route.

    Raises
    ------
    InputError
        A word names none, or a day on which the rep does not work (UNKNOWN_DAY).
    """
    keys = standing.encoding.keys
    slot_of = {
        key.template.casefold(): slot
        for slot, key in enumerate(keys)
        if key.template is not None and key.rep.id == rep_id
    }
    routes = tuple(key.template for key in keys if key.template and key.rep.id == rep_id)
    found: set[int] = set()
    for word in words:
        if word.casefold() in slot_of:
            found.add(slot_of[word.casefold()])
        else:
            found |= slots_on(standing, rep_id, [day_named(standing.scenario, word, routes)])
    return frozenset(found)
