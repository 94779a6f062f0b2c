"""What a route of the calendar keeps free on all its days for the appointments of each.

A route has one order on all days on which it is driven, so the search sees the appointments of all
of them. Each driven day then holds its own only, and has the time of the others to itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from routeplanner.domain.rep import Rep
from routeplanner.domain.workday import Seconds, Stay, WorkDay, has_room_for_lunch


@dataclass(frozen=True, slots=True)
class BookedDay:
    """A driven day on its own hours."""

    workday: WorkDay
    stays: tuple[Stay, ...]
    ends: tuple[int, int] | None  # latest leaving for the first stay, earliest return from the last


@dataclass(frozen=True, slots=True)
class KeptFree:
    """Times that a slot keeps free, and the lunch that is taken beside them."""

    stays: tuple[Stay, ...]  # in order; those of one place and time made one
    lunch: int  # 0: none, or eaten on every day in time that is kept free
    lunch_lo: int
    lunch_hi: int
    has_room: bool = True  # false: some day's lunch finds no room
    visits_from: int = 0  # visits before it would take some day's time for lunch


def keep_free(rep: Rep, days: Sequence[BookedDay], travel: Seconds, approach: int = 0) -> KeptFree:
    """Return what a slot keeps free for the appointments of its days.

    `approach` is the longest way to a stay. A day that eats while another meets has the lunch
    window's opening to wait for and then this way to go; where there is no time for both, the
    route visits nobody before.
    """
    hungry = [day for day in days if day.workday.lunch]
    eating = [day.workday for day in hungry or days]
    kept = KeptFree(
        stays=_merged([stay for day in days for stay in day.stays]),
        lunch=max(day.lunch for day in eating),
        lunch_lo=max(day.lunch_lo for day in eating),
        lunch_hi=min(day.lunch_hi for day in eating),
    )
    if len(days) == 1 or not kept.stays or _has_room(rep, kept, days, travel):
        return kept
    for day in hungry:
        kept = _feed(kept, day.stays, travel, approach)
    return replace(kept, lunch=0)


def first_clash(stays: Sequence[Stay], travel: Seconds) -> tuple[Stay, Stay] | None:
    """Return two stays of which the second cannot be reached in time from the first."""
    for before, after in pairwise(stays):
        if before.end + travel(before.place, after.place) > after.start:
            return before, after
    return None


def visiting_hours(days: Sequence[BookedDay]) -> tuple[int, int]:
    """Return the earliest leaving for visits and the latest return from them.

    For routes whose appointments together, of different days, take more than a day's work. A day
    with some of them, and visits within these hours, has no more than its longest work.
    """
    latest = min(_latest_return(day.workday, day.ends[0]) for day in days if day.ends)
    earliest = max(_earliest_leaving(day.workday, day.ends[1]) for day in days if day.ends)
    longest = min(day.workday.available + day.workday.lunch for day in days)
    return earliest, min(latest, earliest + longest)


def _latest_return(day: WorkDay, leave: int) -> int:
    is_over_noon = (
        leave < day.lunch_lo + day.lunch and leave + day.available > day.lunch_hi - day.lunch
    )
    return leave + day.available + (day.lunch if is_over_noon else 0)


def _earliest_leaving(day: WorkDay, back: int) -> int:
    is_over_noon = (
        back > day.lunch_hi - day.lunch and back - day.available < day.lunch_lo + day.lunch
    )
    return back - day.available - (day.lunch if is_over_noon else 0)


def _merged(stays: Sequence[Stay]) -> tuple[Stay, ...]:
    merged: list[Stay] = []
    for stay in sorted(stays, key=lambda stay: (stay.start, stay.number)):
        if merged and merged[-1].place == stay.place and stay.start < merged[-1].end:
            merged[-1] = replace(merged[-1], end=max(merged[-1].end, stay.end))
        else:
            merged.append(stay)
    return tuple(merged)


def _has_room(rep: Rep, kept: KeptFree, days: Sequence[BookedDay], travel: Seconds) -> bool:
    together = replace(
        days[0].workday,
        lunch=kept.lunch,
        lunch_lo=kept.lunch_lo,
        lunch_hi=kept.lunch_hi,
        end=min(day.workday.shift_hi for day in days),
        summary=0,
    )
    return has_room_for_lunch(rep, together, kept.stays, travel)


def _feed(kept: KeptFree, own: Sequence[Stay], travel: Seconds, approach: int) -> KeptFree:
    if longer := _with_lunch(kept, own, travel, approach):
        return replace(kept, stays=longer)
    longer = _with_lunch(kept, own, travel, 0)
    if longer is None:
        return replace(kept, has_room=False)
    eating = min(stay.start for stay in longer if _can_eat(kept, stay, own, 0))
    return replace(kept, stays=longer, visits_from=max(kept.visits_from, eating))


def _with_lunch(
    kept: KeptFree, own: Sequence[Stay], travel: Seconds, approach: int
) -> tuple[Stay, ...] | None:
    """Return the stays, one of them longer where need be, so that a day eats while others meet.

    `own` are the stays of that day, which cannot eat meanwhile.
    """
    if any(_can_eat(kept, stay, own, approach) for stay in kept.stays):
        return kept.stays
    late = kept.lunch_lo + approach + kept.lunch
    for place, stay in enumerate(kept.stays):
        for begin in (stay.start, stay.end, stay.end - kept.lunch, stay.start - kept.lunch):
            meal = min(max(begin, kept.lunch_lo), kept.lunch_hi - kept.lunch)
            start, eaten = min(stay.start, meal), max(stay.end, meal + kept.lunch)
            for end in (eaten, max(eaten, late)):
                longer = replace(stay, start=start, end=end)
                stays = (*kept.stays[:place], longer, *kept.stays[place + 1 :])
                fits = first_clash(stays, travel) is None
                if fits and _can_eat(kept, longer, own, approach):
                    return stays
    return None


def _can_eat(kept: KeptFree, stay: Stay, own: Sequence[Stay], approach: int) -> bool:
    """Whether a day with some stays of its own can eat in the time that a stay keeps free."""
    inside = [meeting for meeting in own if meeting.start < stay.end and meeting.end > stay.start]
    starts = [stay.start, *(meeting.end for meeting in inside)]
    ends = [*(meeting.start for meeting in inside), stay.end]
    if kept.lunch_lo + approach + kept.lunch > ends[0]:
        starts, ends = starts[1:], ends[1:]
    return any(
        min(end, kept.lunch_hi) - max(start, kept.lunch_lo) >= kept.lunch
        for start, end in zip(starts, ends, strict=True)
    )
