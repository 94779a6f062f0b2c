"""Runs of visits as segments, by which an insertion into a route is judged without driving it.

A segment is (duration, earliest start, latest start): started within [earliest, latest] it takes
its duration, started before it waits, started after it is infeasible (Vidal, Crainic, Gendreau,
Prins 2013, doi 10.1016/j.cor.2012.07.018, without time warp). Two segments join in constant time.
Lunch is a stay of its own behind any visit; of the segments that differ only in its place those
stay that no other is at least as good as.
"""

from collections.abc import Sequence

from solvers.tables import SlotTable, Visit

Segment = tuple[int, int, int]  # duration, earliest start, latest start; lunch counts as duration

NEVER = 2**60


class Segments:
    """All runs of a route from its start and to its end, without lunch and with it."""

    __slots__ = (
        "_legs",
        "_slot",
        "_stays",
        "_tails_eaten",
        "heads",
        "heads_eaten",
        "lunch",
        "tails",
    )

    def __init__(self, slot: SlotTable, visits: Sequence[Visit], legs: Sequence[int]) -> None:
        self._slot, self._legs = slot, legs
        self._stays = [stay(visit.service, visit.lo, visit.hi) for visit in visits]
        self.lunch = stay(slot.lunch, slot.lunch_lo, slot.lunch_latest)
        self._tails_eaten: list[list[Segment]] | None = None
        # By number of visits driven, and by position of the first visit to come.
        self.heads: list[Segment | None] = [(0, slot.shift_lo, NEVER)]
        for leg, visit in zip(legs, self._stays, strict=False):
            self.heads.append(join(self.heads[-1], leg, visit))
        tail: Segment | None = (0, 0, slot.latest_back)
        self.tails: list[Segment | None] = [tail]
        for leg, visit in zip(legs[:0:-1], self._stays[::-1], strict=True):
            tail = join(visit, leg, tail)
            self.tails.append(tail)
        self.tails.reverse()
        self.heads_eaten: list[list[Segment]] = self._eat_early() if slot.lunch else []

    def _eat_early(self) -> list[list[Segment]]:
        """By number of visits driven: the segments with lunch had."""
        slot = self._slot
        # Eating before leaving is leaving a lunch earlier and driving after it.
        before = max(slot.shift_lo, slot.lunch_lo + slot.lunch) - slot.lunch
        heads: list[list[Segment]] = [[(slot.lunch, before, NEVER)]]
        for i, (leg, visit) in enumerate(zip(self._legs, self._stays, strict=False), 1):
            found = [join(segment, leg, visit) for segment in heads[-1]]
            found.append(join(self.heads[i], 0, self.lunch))
            heads.append(self._useful_heads(found, self.tails[i]))
        return heads

    def _useful_heads(
        self, segments: Sequence[Segment | None], tail: Segment | None
    ) -> list[Segment]:
        """Heads that the rest of the route can still follow, dominated ones left out."""
        useful: list[Segment] = []
        if tail is None:
            return useful
        longest, deadline = self._slot.longest_work + self._slot.lunch, tail[2]
        for segment in segments:
            if segment is None or segment[0] > longest or segment[0] + segment[1] > deadline:
                continue
            keep(useful, (segment[0], segment[1], min(segment[2], deadline - segment[0])))
        return useful

    @property
    def tails_eaten(self) -> list[list[Segment]]:
        """By position of the first visit to come: the segments with lunch in them."""
        if self._tails_eaten is None:
            slot, n = self._slot, len(self._stays)
            tails: list[list[Segment]] = [[] for _ in range(n + 1)]
            longest = slot.longest_work + slot.lunch
            for i in range(n - 1, -1, -1):
                visit, leg, head = self._stays[i], self._legs[i + 1], self.heads[i]
                if head is None:
                    continue
                soonest = head[0] + head[1]
                found = [join(visit, leg, segment) for segment in tails[i + 1]]
                found.append(join(join(visit, 0, self.lunch), leg, self.tails[i + 1]))
                for segment in found:
                    # None starts before `soonest`: starts there are all the same.
                    if segment and segment[0] <= longest and segment[2] >= soonest:
                        keep(tails[i], (segment[0], max(segment[1], soonest), segment[2]))
            self._tails_eaten = tails
        return self._tails_eaten

    def whole(self) -> tuple[int, int] | None:
        """Least overtime, then least work of the route; none: infeasible."""
        eaten = self.heads_eaten[-1] if self._slot.lunch else ()
        return self._finish(self.heads[-1], eaten, (), self._legs[-1], self.tails[-1])

    def having(self, visit: Visit, p: int, into: int, out: int) -> tuple[int, int] | None:
        """The same with one more visit at position p, `into` and `out` seconds off the next."""
        itself = stay(visit.service, visit.lo, visit.hi)
        head = join(self.heads[p], into, itself)
        if not self._slot.lunch:
            return self._finish(head, (), (), out, self.tails[p])
        eaten = [join(segment, into, itself) for segment in self.heads_eaten[p]]
        eaten.append(join(head, 0, self.lunch))
        return self._finish(head, eaten, self.tails_eaten[p], out, self.tails[p])

    def _finish(
        self,
        head: Segment | None,
        heads_eaten: Sequence[Segment | None],
        tails_eaten: Sequence[Segment],
        gap: int,
        tail: Segment | None,
    ) -> tuple[int, int] | None:
        slot = self._slot
        ends = []
        whole = join(head, gap, tail)
        if whole and (not slot.lunch or whole[0] + whole[1] <= slot.lunch_latest):
            ends.append((whole[0], whole[0] + whole[1]))
        pairs = [(segment, tail) for segment in heads_eaten]
        pairs += [(head, segment) for segment in tails_eaten]
        for first, second in pairs:
            whole = join(first, gap, second)
            if whole:
                ends.append((whole[0] - slot.lunch, whole[0] + whole[1]))
        best: tuple[int, int] | None = None
        for work, back in ends:
            if work <= slot.longest_work:
                found = max(0, work - slot.max_work, back - slot.shift_hi), work
                if best is None or found < best:
                    best = found
        return best


def stay(duration: int, earliest: int, latest: int) -> Segment | None:
    """A visit or lunch by itself; none where its window is empty."""
    return (duration, earliest, latest) if earliest <= latest else None


def join(first: Segment | None, gap: int, second: Segment | None) -> Segment | None:
    """One segment behind another; none where the second cannot be reached in time."""
    if first is None or second is None:
        return None
    duration, earliest, latest = first
    delta = duration + gap
    second_duration, second_earliest, second_latest = second
    if earliest + delta > second_latest:
        return None
    wait = second_earliest - delta - latest
    wait = max(wait, 0)
    earliest = max(earliest, second_earliest - delta)
    latest = min(latest, second_latest - delta)
    return delta + second_duration + wait, earliest - wait, latest


def keep(segments: list[Segment], new: Segment) -> None:
    """Add a segment, unless one there is at least as good; drop those that it makes useless."""
    duration, earliest, latest = new
    end = duration + earliest
    for d, e, last in segments:
        if d <= duration and d + e <= end and last >= latest:
            return
    segments[:] = [s for s in segments if s[0] < duration or s[0] + s[1] < end or s[2] > latest]
    segments.append(new)
