"""The benchmark of the service, small: it starts the service, loads it and tells the truth."""

import csv
import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.service.__main__ import main
from benchmarks.service.figures import Aim, Figure, markdown
from benchmarks.service.load import UNSENT, Answered, Load, put_load
from benchmarks.service.territories import Territories
from benchmarks.service.visits import working_days

SMALL = [
    "--stores", "60", "--visits", "900", "--rate", "20", "--seconds", "1", "--plans", "2",
    "--small-stores", "5", "--iterations", "5", "--method", "insertion",
]  # fmt: skip


def test_a_small_run_measures_every_part(tmp_path, capsys):
    out = tmp_path / "out/table.csv"
    assert main([*SMALL, "--markdown", "--out", str(out)]) in (0, 1)  # 1: too slow
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["what"] for row in rows] == [
        "60 stores imported, all new", "60 the same list again, all unchanged", "a plan",
        "routes of a plan", "KPIs counted for later pages", "a rep's day",
        "KPI page of a supervisor", "KPI page of a rep", "KPI page of any seven days",
        "plans through 1 worker", "plans through 2 workers",
    ]  # fmt: skip
    assert {row["errors"] for row in rows} == {"0"}
    read = [row for row in rows if row["p50_ms"]]
    assert [row["n"] for row in read] == ["20"] * 5 + ["2"]
    assert all(0 < float(row["p50_ms"]) <= float(row["p99_ms"]) for row in read)
    assert all(float(row["per_minute"]) > 0 for row in rows[9:])
    assert all(row["machine"] and row["commit"] and "embedded" in row["database"] for row in rows)
    printed = capsys.readouterr().out
    assert "of 900 visits" in printed
    assert printed.count("\n| ") == 1 + len(rows)


def test_a_service_that_is_not_there_ends_the_run(tmp_path, capsys):
    given = ["--url", "http://127.0.0.1:1", "--key", "rp_none", "--out", str(tmp_path / "t.csv")]
    assert main([*SMALL, *given]) == 2
    assert "127.0.0.1:1" in capsys.readouterr().err


def test_a_url_needs_a_key():
    with pytest.raises(SystemExit):
        main(["--url", "http://127.0.0.1:1"])


class _Stalls(BaseHTTPRequestHandler):
    """Answers at once, but for half a second in which it answers nobody; /missing is not there."""

    protocol_version = "HTTP/1.1"
    begun = 0.0

    def do_GET(self):
        if self.path == "/slow":
            since = time.perf_counter() - _Stalls.begun
            time.sleep(0.5 - since if 0 < since < 0.5 else 0)
        self.send_response(404 if self.path == "/missing" else 200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def stalling():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Stalls)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def load(url, path, **more):
    return Load(url, "rp_key", (path,), rate=50, seconds=2, **{"warm_up_s": 0, **more})


def test_every_request_that_is_due_is_counted_once(stalling):
    answered = put_load(load(stalling, "/", warm_up_s=0.5))
    assert len(answered.milliseconds) == 100
    assert answered.statuses == {"200": 100}
    assert answered.bytes_each == 2


def test_requests_are_timed_from_when_they_were_due(stalling):
    """One connection: those due while it is held wait, and their wait is part of the time."""
    _Stalls.begun = time.perf_counter() + 3600
    threading.Timer(1.5, lambda: setattr(_Stalls, "begun", time.perf_counter())).start()
    answered = put_load(load(stalling, "/slow", connections=1))
    late = [milliseconds for milliseconds in answered.milliseconds if milliseconds > 100]
    assert len(answered.milliseconds) == 100
    assert len(late) > 5  # of the 25 that were due in the half second


def test_errors_are_no_answers(stalling):
    assert put_load(load(stalling, "/missing")).n_errors == 100
    gone = put_load(load("http://127.0.0.1:1", "/"))
    assert gone.n_errors == 100
    assert "ConnectionRefusedError" in gone.statuses


def test_a_service_that_cannot_keep_up_is_not_waited_for(stalling):
    """Held for the whole load and half a second: most requests are due, and never sent."""
    _Stalls.begun = time.perf_counter() + 2
    answered = put_load(load(stalling, "/slow", connections=1, warm_up_s=0, grace_s=-1.8))
    assert len(answered.milliseconds) == 100
    assert answered.statuses[UNSENT] == answered.n_errors > 50


def test_percentiles_are_those_of_the_nearest_rank():
    answered = Answered([float(n) for n in range(1, 201)])
    assert [answered.percentile(share) for share in (0.0, 0.5, 0.99, 1.0)] == [1, 100, 198, 200]


def test_an_aim_with_errors_is_not_met():
    aim = Aim("p99_ms", 50, "p99 under 50 ms")
    fast = Figure("a page", "", 100, 1.0, p50_ms=1.0, p99_ms=50.0, aim=aim)
    assert fast.is_met is True
    slow = Figure("a page", "", 100, 1.0, p50_ms=1.0, p99_ms=50.1, aim=aim)
    assert slow.is_met is False
    broken = Figure("a page", "", 100, 1.0, p50_ms=1.0, p99_ms=2.0, errors=1, aim=aim)
    assert broken.is_met is False
    assert "NOT met" in markdown([broken])
    assert Figure("plans", "", 2, 1.0, per_minute=120.0).is_met is None


def test_every_store_has_a_rep_and_every_rep_a_supervisor():
    territories = Territories(450, stores_each=20, reps_each=10)
    lines = territories.store_list().decode().splitlines()
    assert len(lines) == 1 + 450
    assert {line.split(",")[4] for line in lines[1:]} == set(territories.reps)
    led = [rep for reps in territories.supervisors.values() for rep in reps]
    assert led == territories.reps
    assert territories.store_list() == territories.store_list()


def test_visits_lie_on_weekdays_before_today():
    """Of 12 a rep and day, 130 visits of five reps take three days."""
    days = working_days(130, 5, date(2026, 11, 24))
    assert days == [date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23)]
