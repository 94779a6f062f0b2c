"""Judges appointments one by one: rep, weekday, hours, weeks, and two at one time."""

from collections import defaultdict
from collections.abc import Sequence

from routeplanner.domain.cycle import Cycle
from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Findings, Origin
from routeplanner.domain.hours import format_clock
from routeplanner.domain.rep import Appointment, Rep
from routeplanner.domain.workday import work_day
from routeplanner.texts import text


def judge_appointments(
    draft: Draft, reps: Sequence[Rep], cycle: Cycle | None, findings: Findings
) -> None:
    """Notes appointments of unknown reps, outside of working hours or weeks, or at one time."""
    by_id = {rep.id: rep for rep in reps}
    if not by_id:
        return  # noted already
    half_known = {row.fields.get("id") for row in draft.faulty if row.kind == "reps"}
    half_known |= {row.fields.get("rep") for row in draft.faulty if row.kind == "stores"}
    listed = ", ".join(sorted(by_id)[:10])
    told: set[tuple[str, int | None]] = set()
    for row in draft.faulty:
        name = row.fields.get("rep")
        if row.kind == "appointments" and name and name not in by_id and name not in half_known:
            findings.error("UNKNOWN_REP", row.origin, "rep", reps=listed)
    for meeting, origin in zip(draft.appointments, draft.appointment_origins, strict=True):
        rep = by_id.get(meeting.rep)
        if rep is not None:
            _judge_time(meeting, origin, rep, draft, findings)
            _judge_weeks(meeting, origin, cycle, findings)
        elif meeting.rep not in half_known and (origin.file, origin.row) not in told:
            told.add((origin.file, origin.row))
            findings.error("UNKNOWN_REP", origin, "rep", reps=listed)
    _judge_overlaps(draft, findings)


def _judge_time(
    meeting: Appointment, origin: Origin, rep: Rep, draft: Draft, findings: Findings
) -> None:
    day = work_day(draft.policy, rep, meeting.weekday)
    if day is None:
        findings.error(
            "APPOINTMENT_NOT_WORKDAY",
            origin,
            "weekday",
            rep=rep.id,
            day=text(f"words.{meeting.weekday}", findings.language),
        )
        return
    if meeting.start < day.start or meeting.end > day.end:
        hours = f"{format_clock(day.start)}-{format_clock(day.end)}"
        column = "start" if meeting.start < day.start else "end"
        findings.error(
            "APPOINTMENT_OUTSIDE_HOURS", origin, column, value=shown(meeting), hours=hours
        )


def shown(meeting: Appointment) -> str:
    """An appointment's time in words."""
    return f"{format_clock(meeting.start)}-{format_clock(meeting.end)}"


def _judge_weeks(
    meeting: Appointment, origin: Origin, cycle: Cycle | None, findings: Findings
) -> None:
    late = [week for week in meeting.weeks if cycle is not None and week > cycle.weeks]
    if late and cycle is not None:
        findings.warn(
            "APPOINTMENT_WEEK_OUTSIDE_CYCLE", origin, "weeks", week=late[0], weeks=cycle.weeks
        )


def _judge_overlaps(draft: Draft, findings: Findings) -> None:
    by_day: dict[tuple[str, str], list[tuple[Appointment, Origin]]] = defaultdict(list)
    for meeting, origin in zip(draft.appointments, draft.appointment_origins, strict=True):
        by_day[meeting.rep, meeting.weekday].append((meeting, origin))
    told: set[int | None] = set()
    for (_, weekday), entries in by_day.items():
        for place, (meeting, origin) in enumerate(entries):
            for other, first in entries[:place]:
                in_one_week = (
                    not meeting.weeks or not other.weeks or set(meeting.weeks) & set(other.weeks)
                )
                overlaps = meeting.start < other.end and other.start < meeting.end
                if in_one_week and overlaps and origin.row not in told:
                    told.add(origin.row)
                    findings.error(
                        "APPOINTMENT_OVERLAP",
                        origin,
                        "start",
                        first=first.words(findings.language),
                        day=text(f"words.{weekday}", findings.language),
                    )
