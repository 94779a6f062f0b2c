"""Jobs in the middle of which a fault comes, and what has to become of them."""

import time
from dataclasses import dataclass
from random import Random
from typing import Any, Literal, Protocol

import psutil

from tests.faults.machine import Machine, wait_until

Phase = Literal["reading", "writing"]

N_STORES = 10_000
LONGEST_WAIT_S = {"search": 1.5, "reading": 0.4, "writing": 0.4}

_IS_WRITING = """
    SELECT 1 FROM pg_stat_activity
    WHERE pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE '%staged%'
"""
_ATTEMPT = "SELECT attempt FROM imports WHERE id = %(id)s"
_STATUS = "SELECT status FROM imports WHERE id = %(id)s"


class Job(Protocol):
    """A job that a worker is frozen in the middle of."""

    def hold(self, random: Random) -> psutil.Process:
        """Ask for the job and freeze its worker somewhere in the middle; returns the worker."""

    def check(self, *, is_taken_again: bool) -> None:
        """Whether it comes to its end, in another attempt where the worker could not go on."""

    def outcome(self) -> Any:
        """All that is told of it."""


@dataclass
class Search:
    """A search that would take long, and a plan that waits behind it."""

    box: Machine
    path: str = ""
    waiting: str = ""

    def hold(self, random: Random) -> psutil.Process:
        self.path = self.box.ask_plan(spent_seconds=600)
        self.waiting = self.box.ask_plan(iterations=1)
        wait_until(lambda: self.box.found(self.path).get("progress"), "progress")
        time.sleep(random.uniform(0, LONGEST_WAIT_S["search"]))
        return self.box.freeze_worker()

    def check(self, *, is_taken_again: bool) -> None:
        least = 2 if is_taken_again else 1
        wait_until(lambda: self._is_searched(least), "the search to go on")
        assert self.box.call("DELETE", self.path).status_code in (200, 202)
        plan = self.box.ended(self.path)
        assert plan["status"] == "canceled", plan["failure"]
        assert plan["plan"]["scheduled_visits"] > 0
        plan = self.box.ended(self.waiting)
        assert plan["status"] == "solved", plan["failure"]
        assert plan["plan"]["scheduled_visits"] == plan["plan"]["required_visits"]

    def outcome(self) -> Any:
        return [self.box.found(path) for path in (self.path, self.waiting)]

    def _is_searched(self, least_attempt: int) -> bool:
        plan = self.box.found(self.path)
        return bool(plan) and plan["status"] == "solving" and plan["attempt"] >= least_attempt


@dataclass
class Study:
    """A study whose plans would take long."""

    box: Machine
    path: str = ""

    def hold(self, random: Random) -> psutil.Process:
        self.path = self.box.ask_study(spent_seconds=60)
        wait_until(lambda: self.box.found(self.path).get("progress"), "progress")
        time.sleep(random.uniform(0, LONGEST_WAIT_S["search"]))
        return self.box.freeze_worker()

    def check(self, *, is_taken_again: bool) -> None:
        least = 2 if is_taken_again else 1
        wait_until(lambda: self._is_solved_for(least), "the study to go on")
        assert self.box.call("DELETE", self.path).status_code in (200, 202)
        study = self.box.ended(self.path)
        assert study["status"] == "canceled", study["failure"]

    def outcome(self) -> Any:
        return self.box.found(self.path)

    def _is_solved_for(self, least_attempt: int) -> bool:
        study = self.box.found(self.path)
        return bool(study) and study["status"] == "solving" and study["attempt"] >= least_attempt


@dataclass
class Import:
    """An import of new stores, while its file is read or while its stores are written."""

    box: Machine
    phase: Phase
    path: str = ""

    def hold(self, random: Random) -> psutil.Process:
        wait_s = random.uniform(0, LONGEST_WAIT_S[self.phase])
        while True:
            self.path = self.box.ask_import(N_STORES)
            wait_until(lambda: self._is_in_phase() or self._has_ended(), self.phase, every_s=0.01)
            time.sleep(wait_s)
            worker = self.box.freeze_worker()
            if self._is_in_phase():
                return worker
            worker.resume()
            self.box.ended(self.path)
            wait_s /= 2  # it came too late

    def check(self, *, is_taken_again: bool) -> None:
        job = self.box.ended(self.path)
        assert job["status"] == "done", job["failure"]
        # Had an attempt before written any store, the last one would have found it there.
        assert (job["counts"]["created"], job["counts"]["faulty"]) == (N_STORES, 0)
        [(attempt,)] = self.box.query(_ATTEMPT, id=self._id)
        assert attempt >= (2 if is_taken_again else 1)

    def outcome(self) -> Any:
        stores = self.box.query("SELECT external_id, version FROM stores ORDER BY id")
        return self.box.found(self.path), stores

    def _is_in_phase(self) -> bool:
        is_writing = bool(self.box.query(_IS_WRITING))
        return self._status() == "running" and is_writing == (self.phase == "writing")

    def _has_ended(self) -> bool:
        return self._status() not in ("queued", "running")

    def _status(self) -> str:
        [(status,)] = self.box.query(_STATUS, id=self._id)
        return str(status)

    @property
    def _id(self) -> str:
        return self.path.rpartition("/")[2]
