"""Settings of the service: environment variables `ROUTEPLANNER_*` and nothing else."""

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


def _default_data_dir() -> Path:
    return user_data_path("routeplanner", appauthor=False)


class Settings(BaseSettings):
    """What the service can be told; every field is documented in docs/operations.md."""

    model_config = SettingsConfigDict(
        env_prefix="ROUTEPLANNER_", frozen=True, hide_input_in_errors=True
    )

    database_url: SecretStr | None = None  # none: the PostgreSQL that comes with the package
    data_dir: Path = Field(default_factory=_default_data_dir)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    pool_size: int = Field(default=10, ge=1)  # connections of a process to the database
    statement_timeout_s: float = Field(default=30, gt=0)  # of one statement of a request

    worker_concurrency: int = Field(default=1, ge=1)
    search_threads: int = Field(default=1, ge=1, le=64)  # of each search
    lease_s: float = Field(default=15, gt=0)  # without a sign of life, a job is another worker's
    reconcile_s: float = Field(default=5, gt=0)
    max_attempts: int = Field(default=3, ge=1)
    solve_seconds: float = Field(default=20, gt=0)  # where a plan names no termination
    solve_seconds_limit: float = Field(default=3600, gt=0)
    scenario_stores: int = Field(default=5000, ge=1)  # of one scenario: memory grows by its square

    requests_per_minute: int = Field(default=600, ge=1)  # a key
    event_streams: int = Field(default=10, ge=1)  # a key, at the same time
    json_megabytes: float = Field(default=10, gt=0)
    file_megabytes: float = Field(default=50, gt=0, le=50)
    idempotency_hours: float = Field(default=24, gt=0)

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_token: SecretStr | None = None  # none: /metrics needs no token

    @field_validator("database_url")
    @classmethod
    def _names_a_postgresql(cls, url: SecretStr | None) -> SecretStr | None:
        if url is not None and not _is_postgresql(url.get_secret_value()):
            raise ValueError("write it as postgresql://user:password@host/database")
        return url


def _is_postgresql(url: str) -> bool:
    """Whether both SQLAlchemy and libpq can read the address, whatever driver it names."""
    try:
        found = make_url(url)
        plain = found.set(drivername="postgresql").render_as_string(hide_password=False)
        conninfo_to_dict(plain)
    except (ArgumentError, ProgrammingError, ValueError):
        return False
    return found.get_backend_name() in ("postgresql", "postgres")
