"""Reports of visits: taken one at a time or many at once, in whatever order, however often."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from routeplanner.domain.field_issues import issues_of
from routeplanner.domain.visit import AdHoc, Position, Visit, VisitEvent
from routeplanner.errors import ConflictError, InputError, Issue, NotAllowedError
from routeplanner.operations.visits import EventAnswer, merge_events
from routeplanner.storage.database import Session
from routeplanner.storage.rows import insert_rows
from routeplanner.storage.visit_tables import StoredReport, StoredVisit
from routeplanner.texts import text
from routeplanner.use_cases.access import Caller
from routeplanner.use_cases.report_upload import REPORTERS, Upload, look_up
from routeplanner.use_cases.visit_records import (
    ReportAnswer,
    ReportFields,
    SentReport,
    SentReportAnswer,
)
from routeplanner.use_cases.visit_rows import VisitState, columns_of, report_columns
from routeplanner.use_cases.visits import ad_hoc_row, visit_records, visit_row


def report_visit(
    session: Session, caller: Caller, visit_id: UUID, asked: ReportFields
) -> ReportAnswer:
    """Take one report of a visit.

    Raises
    ------
    NotAllowedError
        The caller's role may not report this.
    InputError
        The report cannot be, by the codes of docs/issues.md.
    """
    row = visit_row(session, caller, visit_id)
    if caller.role not in REPORTERS[asked.kind]:
        raise NotAllowedError(
            f"role {caller.role} may not report {asked.kind}", code="ROLE_NOT_ALLOWED"
        )
    now = datetime.now(UTC)
    recorded_at = asked.recorded_at or now
    is_timed = asked.kind in ("check_in", "check_out") and not asked.is_withdrawn
    sent = SentReport.model_validate(
        {name: getattr(asked, name) for name in ReportFields.model_fields}
        | {
            "visit_id": visit_id,
            "client_id": asked.client_id or str(uuid4()),
            "recorded_at": recorded_at,
            "at": asked.at or (recorded_at if is_timed else None),
        }
    )
    (answer,) = take_reports(session, caller, [sent], now)
    if answer.outcome == "refused":
        raise InputError(answer.issues)
    session.refresh(row)
    (record,) = visit_records(session, caller, [row])
    return ReportAnswer(client_id=sent.client_id, outcome=answer.outcome, visit=record)


def report_in_bulk(session: Session, caller: Caller, rows: Sequence[Any]) -> list[SentReportAnswer]:
    """Take many reports; each is judged and answered by itself, and all may be sent again."""
    judged = [_judged(place, row) for place, row in enumerate(rows)]
    sent = [report for report in judged if isinstance(report, SentReport)]
    answers = iter(take_reports(session, caller, sent, datetime.now(UTC)))
    return [report if isinstance(report, SentReportAnswer) else next(answers) for report in judged]


def take_reports(
    session: Session, caller: Caller, reports: Sequence[SentReport], now: datetime
) -> list[SentReportAnswer]:
    """Merge reports into their visits, and answer each."""
    upload = look_up(session, caller, reports)
    answers: dict[int, EventAnswer | str] = {}
    fresh: dict[int, VisitEvent] = {}
    first: dict[str, VisitEvent] = dict(upload.known)
    for place, report in enumerate(reports):
        event = _event(report)
        before = first.setdefault(event.client_id, event)
        if _plain(before) != _plain(event):
            answers[place] = "CLIENT_ID_REUSED"
        elif event.client_id in upload.known:
            answers[place] = EventAnswer(event.client_id, event.visit_id, "repeated")
        elif (refusal := upload.refusal(report, now)) is not None:
            answers[place] = refusal
        else:
            fresh[place] = event if upload.keeps_positions else replace(event, position=None)
    merged = merge_events(
        {id_: state.visit for id_, state in upload.states.items()},
        fresh.values(),
        ZoneInfo(caller.time_zone),
        upload.class_of_store,
    )
    answers |= dict(zip(fresh, merged.answers, strict=True))
    taken = {
        event.client_id: event
        for place, event in fresh.items()
        if _outcome(answers[place]) in ("applied", "outdated")
    }
    _write(session, upload, merged.visits, taken.values())
    return [
        _answer(caller, upload, merged.visits, report, answers[place])
        for place, report in enumerate(reports)
    ]


def _write(
    session: Session, upload: Upload, visits: Mapping[str, Visit], events: Iterable[VisitEvent]
) -> None:
    caller, opened = upload.caller, []
    for id_, visit in visits.items():
        if id_ not in upload.states:
            opened.append(_opened_row(upload, visit) | columns_of(visit))
            continue
        row = upload.states[id_].row
        changes = columns_of(visit)
        if visit.origin == "ad_hoc" and visit != upload.states[id_].visit:
            changes |= _place_columns(upload, visit, upload.states[id_])
        for name, value in changes.items():
            setattr(row, name, value)
    session.flush()
    rows = [
        report_columns(event, caller.organization_id, caller.person_id, upload.reps, upload.stores)
        for event in events
    ]
    n = insert_rows(session, StoredVisit, sorted(opened, key=lambda row: str(row["id"])))
    if n == len(opened):
        n += insert_rows(session, StoredReport, rows)
    if n != len(opened) + len(rows):
        raise ConflictError(
            "the same visits were reported just now; send the reports again",
            code="WRITTEN_AT_ONCE",
        )


def _opened_row(upload: Upload, visit: Visit) -> dict[str, Any]:
    return ad_hoc_row(
        upload.caller,
        UUID(visit.id),
        rep_id=upload.reps[visit.rep],
        store_id=upload.stores[visit.store_id],
        store_class=visit.store_class,
        day=visit.date,
    )


def _place_columns(upload: Upload, visit: Visit, state: VisitState) -> dict[str, Any]:
    """Where an ad hoc visit is by now: its latest report may say something else."""
    before, row = state.visit, state.row
    return {
        "rep_id": row.rep_id if visit.rep == before.rep else upload.reps[visit.rep],
        "store_id": (
            row.store_id if visit.store_id == before.store_id else upload.stores[visit.store_id]
        ),
        "store_class": visit.store_class,
        "date": visit.date,
    }


def _event(report: SentReport) -> VisitEvent:
    place, position = report.ad_hoc, report.position
    return VisitEvent(
        client_id=report.client_id,
        visit_id=str(report.visit_id),
        kind=report.kind,
        recorded_at=report.recorded_at,
        at=report.at,
        reason=report.reason,
        note=report.note,
        open_points=report.open_points,
        position=None if position is None else Position(position.lat, position.lon),
        ad_hoc=None if place is None else AdHoc(place.rep, place.store_id, place.date),
        is_withdrawn=report.is_withdrawn,
    )


def _plain(event: VisitEvent) -> VisitEvent:
    """What makes a report the same as another one; positions may not have been kept."""
    return replace(event, position=None)


def _judged(place: int, row: Any) -> SentReport | SentReportAnswer:
    try:
        return SentReport.model_validate(row)
    except ValidationError as error:
        client_id = row.get("client_id") if isinstance(row, dict) else None
        return SentReportAnswer(
            client_id=client_id if isinstance(client_id, str) else None,
            visit_id=None,
            outcome="refused",
            status=None,
            issues=tuple(issues_of(error.errors(include_url=False), f"reports[{place}]")),
        )


def _outcome(answer: EventAnswer | str) -> str:
    return answer.outcome if isinstance(answer, EventAnswer) else "refused"


def _answer(
    caller: Caller,
    upload: Upload,
    changed: Mapping[str, Visit],
    report: SentReport,
    answer: EventAnswer | str,
) -> SentReportAnswer:
    id_ = str(report.visit_id)
    known = upload.states.get(id_)
    visit = changed.get(id_) or (known.visit if known else None)
    refusal = answer.refusal if isinstance(answer, EventAnswer) else answer
    return SentReportAnswer.model_validate(
        {
            "client_id": report.client_id,
            "visit_id": report.visit_id,
            "outcome": _outcome(answer),
            "status": visit.status if visit else None,
            "issues": () if refusal is None else (_issue(refusal, report, caller.language),),
        }
    )


def _issue(refusal: str, report: SentReport, language: str) -> Issue:
    key = f"visits.{refusal.lower()}"
    value = str(report.visit_id) if refusal == "UNKNOWN_VISIT" else report.client_id
    return Issue(
        code=refusal,
        path=f"reports.{report.client_id}",
        message=text(key, language, value=value),
        hint=text(f"{key}_hint", language),
        value=value,
    )
