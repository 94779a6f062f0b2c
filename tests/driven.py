"""Visits as they might have been made, with the minutes and the travel that a test plants."""

import datetime as dt
import random
from collections.abc import Mapping

from routeplanner.domain.driven_visit import DrivenVisit
from routeplanner.domain.scenario import Scenario
from routeplanner.travel.source import travel_matrix

MONDAY = dt.date(2026, 3, 2)


def driven(
    scenario: Scenario,
    minutes: Mapping[str, float],  # by class
    *,
    kmh: float,
    park_minutes: float,
    days: int = 40,
    own: Mapping[str, float] | None = None,  # by store
    noise: float = 0.2,
    outliers: float = 0.0,  # share of visits that last for hours, and of ways with a stop within
    seed: int = 0,
) -> list[DrivenVisit]:
    """Seven random stores a day and rep; noise multiplies, so that its median stays."""
    chance, matrix = random.Random(seed), travel_matrix(scenario)
    visits: list[DrivenVisit] = []
    for day in range(days):
        for rep in scenario.reps:
            time, before = 14 * 60.0, None  # after lunch
            for store in chance.sample(scenario.stores, min(7, len(scenario.stores))):
                way = None
                if before is not None:
                    km = matrix.meters(before, store.id) / 1000
                    way = (park_minutes + 60 * km / kmh) * chance.lognormvariate(0, noise)
                    way += 90 * (chance.random() < outliers)
                    time += way
                planted = (own or {}).get(store.id, minutes[store.store_class or ""])
                stay = planted * chance.lognormvariate(0, noise)
                stay *= 10 if chance.random() < outliers else 1
                visits.append(
                    DrivenVisit(
                        store_id=store.id,
                        rep=rep.id,
                        date=MONDAY + dt.timedelta(days=day),
                        started=min(86_400, round(60 * time)),
                        ended=min(86_400, round(60 * (time + stay))),
                        minutes_in_store=stay,
                        travel_minutes=way,
                        before_store_id=before,
                        row=len(visits) + 2,
                    )
                )
                time, before = time + stay, store.id
    return visits
