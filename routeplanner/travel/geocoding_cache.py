"""Answers of geocoders kept on disk, so that no address is asked for twice."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from routeplanner.travel.geocoding_quality import Quality


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider found; without a position where it found nothing."""

    quality: Quality
    lat: float | None = None  # WGS84
    lon: float | None = None
    matched_address: str = ""


class AnswerCache:
    """Answers by provider and query in an SQLite file; keys of providers are never in it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        with connection:
            connection.execute(
                "CREATE TABLE IF NOT EXISTS answers"
                " (provider TEXT, query TEXT, answer TEXT, PRIMARY KEY (provider, query))"
            )

    def get(self, provider: str, query: str) -> Answer | None:
        """The answer of an earlier time."""
        row = self._connection.execute(
            "SELECT answer FROM answers WHERE provider = ? AND query = ?", (provider, query)
        ).fetchone()
        return Answer(**json.loads(row[0])) if row else None

    def put(self, provider: str, query: str, answer: Answer) -> None:
        """Keep an answer at once, so that an interrupted run loses nothing."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)",
                (provider, query, json.dumps(asdict(answer), ensure_ascii=False)),
            )


@contextmanager
def open_cache(path: Path | None) -> Iterator[AnswerCache]:
    """The cache at a path, else in the user's cache folder."""
    if path is None:
        from platformdirs import user_cache_path  # noqa: PLC0415

        path = user_cache_path("routeplanner", appauthor=False) / "geocoding.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    connection = sqlite3.connect(path, timeout=30)
    try:
        yield AnswerCache(connection)
    finally:
        connection.close()
