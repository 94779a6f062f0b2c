"""Makes the changes of an alternative to a scenario, and judges what comes of them as a whole."""

from collections.abc import Sequence

from routeplanner.domain.draft import Draft
from routeplanner.domain.findings import Origin
from routeplanner.domain.hours import WeeklyHours, Window
from routeplanner.domain.policy import Policy
from routeplanner.domain.rep import Rep
from routeplanner.domain.scenario import Scenario
from routeplanner.domain.store import Store
from routeplanner.domain.what_if import Alternative, StoreFieldChange
from routeplanner.errors import InputError, Issue, Severity
from routeplanner.planning.judge import judge
from routeplanner.planning.lever_steps import applied, under
from routeplanner.planning.what_if.more_reps import with_more_reps


def changed(scenario: Scenario, alternative: Alternative) -> Scenario:
    """Return the scenario with the changes of an alternative.

    Classes follow lines that moved, the cycle follows the frequencies; reps are added or taken
    away last, so that no store changes class by it.

    Raises
    ------
    InputError
        With every issue that the changed scenario has and the scenario itself has not.
    """
    found = with_changes(scenario, alternative)
    known = {_key(issue) for issue in _errors(scenario)} if scenario is not found else set()
    issues = [issue for issue in _errors(found) if _key(issue) not in known]
    if issues:
        raise InputError([_of(alternative, issue) for issue in issues])
    return with_more_reps(found, alternative.more_reps)


def with_changes(scenario: Scenario, alternative: Alternative) -> Scenario:
    """Return the scenario with all changes but that of the number of reps, not judged."""
    cleared: dict[str, None] = {change.key: None for change in alternative.reps}
    policy = applied(scenario.policy, alternative.policy)
    stores = _with_store_changes(scenario.stores, alternative.stores)
    reps = tuple(_with_hours(rep, alternative.hours, policy) for rep in scenario.reps)
    reps = tuple(rep.model_copy(update=cleared) for rep in reps)
    return under(scenario.model_copy(update={"stores": stores, "reps": reps}), policy)


def _with_store_changes(
    stores: Sequence[Store], changes: Sequence[StoreFieldChange]
) -> tuple[Store, ...]:
    fields: dict[str | None, dict[str, object]] = {}
    for change in changes:
        fields.setdefault(change.store, {})[change.key] = change.value
    if not fields:
        return tuple(stores)
    return tuple(_with_fields(store, fields) for store in stores)


def _with_fields(store: Store, fields: dict[str | None, dict[str, object]]) -> Store:
    own = fields.get(None, {}) | fields.get(store.id, {})
    if not own:
        return store
    if "class" in own:
        own = own | {"class_source": "given"}
    content = store.model_dump(by_alias=True) | own
    for key in ("closed_days", "pinned_days"):
        content[key] = content[key] or ()
    return Store.model_validate(content)


def _with_hours(rep: Rep, hours: Window | None, policy: Policy) -> Rep:
    """A rep with new hours on their working days; one without own hours follows the policy."""
    if hours is None or rep.hours is None:
        return rep
    days = tuple((hours,) if windows else () for windows in rep.hours.days)
    return rep.model_copy(update={"hours": WeeklyHours(days=days)})


def _errors(scenario: Scenario) -> list[Issue]:
    draft = Draft(
        stores=scenario.stores,
        policy=scenario.policy,
        reps=scenario.reps,
        appointments=scenario.appointments,
        store_origins=tuple(Origin("stores", row) for row in range(len(scenario.stores))),
        rep_origins=tuple(Origin("reps", row) for row in range(len(scenario.reps))),
        appointment_origins=tuple(
            Origin("appointments", n) for n in range(len(scenario.appointments))
        ),
        coordinates=scenario.coordinates,
        language=scenario.language,
        has_reps_file=True,
    )
    return [issue for issue in judge(draft).issues if issue.severity is Severity.ERROR]


def _key(issue: Issue) -> tuple[str, str, str]:
    return issue.code, issue.path, issue.message


def _of(alternative: Alternative, issue: Issue) -> Issue:
    """The issue, told as one of the alternative."""
    update = {"path": f"{alternative.name}: {issue.path}", "file": None, "row": None}
    return issue.model_copy(update=update)
