"""Records the examples of the API: `python -m tests.api.record_examples` after a change of it.

Calls every operation once against a fresh database and writes api/examples.json and openapi.json.
Ids, times and keys are replaced, so that the files change only where answers do.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from api.app import create_app
from api.documentation import operations
from routeplanner.jobs.work import Work
from routeplanner.logs import configure_logs
from routeplanner.storage.database import Database
from tests.service import Tenant, fresh_database, new_tenant, run_job, service_settings, store

ROOT = Path(__file__).parents[2]
EXAMPLES, DOCUMENT = ROOT / "api/examples.json", ROOT / "openapi.json"
MOST_ITEMS, MOST_LETTERS = 2, 200

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)")
_KEY = re.compile(r"rp_[A-Za-z0-9_-]+")
_NAME = re.compile(r"organization [0-9a-f]{32}")


class Recorder:
    """A tenant whose calls are kept, by operation."""

    def __init__(self, tenant: Tenant, work: Work) -> None:
        self.tenant, self.work = tenant, work
        self.examples: dict[str, Any] = {}
        self.calls: dict[str, tuple[str, str, dict[str, Any]]] = {}
        self.ids: dict[str, str] = {}

    def __call__(
        self, operation: str, method: str, path: str, body: Any = None, **more: Any
    ) -> Any:
        options = more if body is None else more | {"json": body}
        self.calls[operation] = (method, path, dict(options))
        answer = self.tenant.call(method, path, **options)
        assert answer.status_code < 400, f"{operation}: {answer.text}"
        kind = answer.headers.get("content-type", "")
        found = answer.json() if kind == "application/json" and answer.content else None
        example: dict[str, Any] = {"status": answer.status_code}
        if body is not None:
            example["request"] = self._plain(body)
        if answer.content:
            text = answer.text[:MOST_LETTERS] if kind.startswith("text/") else f"({kind})"
            example["response"] = text if found is None else self._plain(found)
        self.examples[operation] = example
        return found

    def _plain(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._plain(entry) for name, entry in value.items()}
        if isinstance(value, list):
            return [self._plain(entry) for entry in value[:MOST_ITEMS]]
        if isinstance(value, float):
            return round(value, 2)
        if not isinstance(value, str):
            return value
        value = _UUID.sub(self._id, _TIME.sub("2026-11-25T08:30:00Z", value))
        value = _NAME.sub("Example", _KEY.sub("rp_…", value))
        return re.sub(r"\b[0-9a-f]{32,64}\b", "5f0c…", value)

    def _id(self, match: re.Match[str]) -> str:
        number = len(self.ids) + 1
        return self.ids.setdefault(match[0], f"019ac000-0000-7000-8000-{number:012d}")


def tour(call: Recorder) -> None:
    """Every operation once, as a caller would come to it."""
    _tour_of_the_organization(call)
    _tour_of_master_data(call)
    _tour_of_imports(call)
    _tour_of_plans(call)
    _tour_of_publishing(call)


def _tour_of_the_organization(call: Recorder) -> None:
    for name in ("healthz", "readyz"):
        answer = call.tenant.client.get(f"/{name}")
        call.examples[name] = {"status": answer.status_code, "response": answer.json()}
    call("metrics", "GET", "/metrics")
    call("get_me", "GET", "/v1/me")
    found = call("get_organization", "GET", "/v1/organization")
    body = {"name": found["name"], "time_zone": "Europe/Berlin", "language": "en"}
    call("change_organization", "PUT", "/v1/organization", body)
    person = {"external_id": "anna", "name": "Anna Weber", "role": "supervisor", "reps": ["R1"]}
    made = _tour_of_kind(call, "people", "person", person)
    call("put_person_by_external_id", "PUT", "/v1/people/by-external-id/anna", person)
    key = {"person_id": made["id"], "name": "nightly upload", "scopes": ["read"], "days": 90}
    new = call("create_key", "POST", "/v1/keys", key)
    call("list_keys", "GET", "/v1/keys")
    call("revoke_key", "DELETE", f"/v1/keys/{new['id']}")
    call("list_audit", "GET", "/v1/audit?entity=keys")


def _tour_of_master_data(call: Recorder) -> None:
    account = {"external_id": "chain-7", "name": "Phone House"}
    rep = {
        "external_id": "R01",
        "name": "Jana Sommer",
        "base": {"lat": 52.5329, "lon": 13.4105},
        "hours": "Mo-Fr 08:30-17:30",
    }
    rules = {
        label: {"frequency": often, "service_minutes": minutes}
        for label, often, minutes in (
            ("A", "1/week", 20), ("B", "1/2weeks", 15), ("C", "1/4weeks", 10),
        )
    }  # fmt: skip
    policy = {"external_id": "ours", "policy": {"visit_rules": rules}}
    one = store(123, rep="R01", account="chain-7", opening_hours="Mo-Fr 09:00-18:00")
    for name, single, body in (
        ("accounts", "account", account), ("reps", "rep", rep), ("policies", "policy", policy),
        ("stores", "store", one),
    ):  # fmt: skip
        _tour_of_kind(call, name, single, body)
        place = f"/v1/{name}/by-external-id/{body['external_id']}"
        call(f"put_{single}_by_external_id", "PUT", place, body)


def _tour_of_kind(call: Recorder, name: str, single: str, body: dict[str, Any]) -> Any:
    made = call(f"create_{single}", "POST", f"/v1/{name}", body)
    place = f"/v1/{name}/{made['id']}"
    call(f"list_{name}", "GET", f"/v1/{name}")
    call(f"get_{single}", "GET", place)
    call(f"get_{single}_by_external_id", "GET", f"/v1/{name}/by-external-id/{body['external_id']}")
    call(f"replace_{single}", "PUT", place, body)
    call(f"list_changes_of_{single}", "GET", f"{place}/history")
    call(f"deactivate_{single}", "DELETE", place)
    return call.tenant.put(f"/v1/{name}/by-external-id/{body['external_id']}", body).json()


def _tour_of_imports(call: Recorder) -> None:
    rows = [store(number, rep="R01") for number in range(20)]
    call("write_stores", "POST", "/v1/stores:bulk", {"stores": rows})
    content = b"id,name,lat,lon,rep\nS001,Corner,52.5,13.4,R01\nS002,Wrong,95,13.4,R01\n"
    path = "/v1/stores:import?mode=sync&file_name=stores.csv"
    asked = call("import_stores", "POST", path, content=content)
    call.examples["import_stores"]["request"] = content.decode()
    place = f"/v1/imports/{asked['id']}"
    run_job(call.tenant, call.work, "imports", asked["id"])
    call("list_imports", "GET", "/v1/imports")
    call("list_import_issues", "GET", f"{place}/issues")
    call("confirm_import", "POST", f"{place}:confirm")
    run_job(call.tenant, call.work, "imports", asked["id"])
    call("get_import", "GET", place)
    call("undo_import", "POST", f"{place}:undo")
    waiting = call.tenant.call("POST", "/v1/stores:import", content=content).json()
    call("discard_import", "DELETE", f"/v1/imports/{waiting['id']}")


def _tour_of_plans(call: Recorder) -> None:
    chosen = {"name": "Spring", "master_data": {"reps": ["R01"], "policy": "five-day"}}
    call("get_demo", "GET", "/v1/scenarios/demo")
    call("validate_scenario", "POST", "/v1/scenarios:validate", chosen)
    kept = call("create_scenario", "POST", "/v1/scenarios", chosen)
    call("list_scenarios", "GET", "/v1/scenarios")
    call("get_scenario", "GET", f"/v1/scenarios/{kept['id']}")
    body = {
        "scenario_id": kept["id"], "method": "insertion", "termination": {"iterations": 20},
    }  # fmt: skip
    asked = call("create_plan", "POST", "/v1/plans", body)
    place = f"/v1/plans/{asked['id']}"
    run_job(call.tenant, call.work, "plans", asked["id"])
    call("list_plans", "GET", "/v1/plans")
    found = call("get_plan", "GET", place)
    for part in ("routes", "unserved"):
        call(f"list_{part}", "GET", f"{place}/{part}")
    call("get_measures", "GET", f"{place}/measures")
    call("get_map", "GET", f"{place}/map")
    call("get_day_sheet", "GET", f"{place}/days/{found['plan']['routes'][0]['template']}")
    call("export_plan", "GET", f"{place}/export?format=csv")
    call("watch_plan", "GET", f"{place}/events")
    call("list_reviews", "GET", f"{place}/reviews")
    call("take_review_step", "POST", f"{place}/reviews/R01", {"action": "submit"})
    visits = [{"rep": "R01", "week": 1, "weekday": "mon", "store_id": "S001"}]
    by_hand = {"parent_id": asked["id"], "visits": visits}
    call("evaluate_plan", "POST", "/v1/plans:evaluate", by_hand)
    call("import_plan", "POST", "/v1/plans:import", by_hand)
    call("stop_plan", "DELETE", place)
    _tour_of_a_standing_plan(call, place)
    _tour_of_studies(call, kept["id"])


def _tour_of_a_standing_plan(call: Recorder, place: str) -> None:
    call("explain_store", "GET", f"{place}/stores/S000")
    call("explain_day", "GET", f"{place}/reps/R01/days/0")
    call("get_reserve", "GET", f"{place}/reserve?longer=20")
    removed = call("remove_store", "POST", f"{place}:remove", {"store_id": "S002"})["plan"]
    call("compare_plans", "GET", f"{place}/comparison?with={removed['id']}")
    call("map_comparison", "GET", f"{place}/comparison/map?with={removed['id']}")
    own = f"/v1/plans/{removed['id']}"
    call("list_plan_changes", "GET", f"{own}/changes?against=parent")
    inserted = call("insert_store", "POST", f"{own}:insert", {"store_id": "S002"})
    moved = {"store_id": "S002", "days": inserted["choices"][1]["days"], "dry_run": True}
    call("move_store", "POST", f"/v1/plans/{inserted['plan']['id']}:move", moved)


def _tour_of_studies(call: Recorder, scenario_id: str) -> None:
    body = {
        "kind": "what_if",
        "scenario_id": scenario_id,
        "alternatives": [
            {"changes": {"A.frequency": "2/week", "C.minutes": 8}},
            {"name": "one more rep", "changes": {"reps": "+1"}},
        ],
        "termination": {"iterations": 5}, "seeds": 1, "keep_plans": True,
    }  # fmt: skip
    asked = call("create_study", "POST", "/v1/studies", body)
    run_job(call.tenant, call.work, "studies", asked["id"])
    call("list_studies", "GET", "/v1/studies")
    call("get_study", "GET", f"/v1/studies/{asked['id']}")
    waiting = call.tenant.post("/v1/studies", body).json()
    call("stop_study", "DELETE", f"/v1/studies/{waiting['id']}")


def _tour_of_publishing(call: Recorder) -> None:
    """The plan of the tour of plans is approved and driven from Monday 2 March on."""
    place = "/v1/plans/" + next(
        path.split("/")[3] for name, (_, path, _) in call.calls.items() if name == "get_plan"
    )
    call.tenant.post(f"{place}/reviews/R01", {"action": "approve"})
    ill = {"rep": "R01", "first": "2026-03-02", "last": "2026-03-02", "name": "ill"}
    body = {
        "reps": ["R01"], "start_date": "2026-03-02", "until": "2026-03-29", "country": "DE-BE",
        "absences": [ill], "allow_past": True,
        "lost_days": {"A": {"action": "squeeze"}, "B": {"action": "push_back"}},
    }  # fmt: skip
    call("preview_publication", "POST", f"{place}:preview-publication", body)
    made = call("publish_plan", "POST", f"{place}:publish", body)
    own = f"/v1/publications/{made['id']}"
    call("list_publications", "GET", "/v1/publications?rep=R01")
    call("get_publication", "GET", own)
    call("list_publication_changes", "GET", f"{own}/changes")
    call("list_frequencies", "GET", f"{own}/frequencies")
    call("export_publication", "GET", f"{own}/export?format=ics")
    _tour_of_visits(call)
    _tour_of_kpis(call)
    scenario = call.calls["get_scenario"][1]
    call("get_learned", "GET", f"{scenario}/learned?from_date=2026-03-02&until=2026-03-29")
    call("withdraw_publication", "POST", f"{own}:withdraw", {"from_date": "2026-03-23"})


def _tour_of_kpis(call: Recorder) -> None:
    call("get_kpi_definitions", "GET", "/v1/kpis/definitions")
    period = "from_date=2026-03-02&until=2026-03-29"
    call("get_kpis", "GET", f"/v1/kpis?{period}&by=rep&by=week&measure=call_compliance")
    call("list_kpi_rows", "GET", f"/v1/kpis/store_coverage/rows?{period}&rep=R01")


def _tour_of_visits(call: Recorder) -> None:
    found = call("list_visits", "GET", "/v1/visits?rep=R01&store_id=S000&from_date=2026-03-09")
    visit = found["items"][0]
    day, place = visit["date"], f"/v1/visits/{visit['id']}"
    call("set_goals", "PUT", f"{place}/goals", {"goals": ["Put up the spring display"]})
    check_in = {"kind": "check_in", "client_id": "phone-7/1", "at": f"{day}T09:05:00+01:00"}
    call("report_visit", "POST", f"{place}/reports", check_in)
    new = {"rep": "R01", "store_id": "S001", "date": day}
    opened = call("open_visit", "POST", "/v1/visits", new)
    written = {"recorded_at": f"{day}T11:00:00+01:00", "at": f"{day}T11:00:00+01:00"}
    reports = [
        {
            "client_id": "phone-7/2", "visit_id": visit["id"], "kind": "check_out",
            "open_points": ["Price tag is missing"], **written,
        },
        {"client_id": "phone-7/3", "visit_id": opened["id"], "kind": "check_in", **written},
    ]  # fmt: skip
    call("report_visits", "POST", "/v1/visits:bulk", {"reports": reports})
    call("get_visit", "GET", place)
    call("get_rep_day", "GET", f"/v1/reps/R01/days/{day}")


@contextmanager
def recorded(database_url: str) -> Iterator[Recorder]:
    """A recorder on a database of its own."""
    database = Database(database_url)
    settings = service_settings(database_url)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        yield Recorder(new_tenant(client, database), Work(database, settings))
    database.dispose()


def main() -> None:
    """Write both files."""
    configure_logs("error")
    with fresh_database() as url:
        with recorded(url) as recorder:
            tour(recorder)
        EXAMPLES.write_text(
            json.dumps(recorder.examples, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        document = create_app(service_settings(url)).openapi()
        missing = {o["operationId"] for _, _, o in operations(document)} - set(recorder.examples)
        assert not missing, f"no example of {sorted(missing)}"
    DOCUMENT.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
