"""Settings of the service: environment variables `ROUTEPLANNER_*` and nothing else."""

from pathlib import Path
from typing import Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _default_data_dir() -> Path:
    return user_data_path("routeplanner", appauthor=False)


class Settings(BaseSettings):
    """What the service can be told; every field is documented in docs/operations.md."""

    model_config = SettingsConfigDict(env_prefix="ROUTEPLANNER_", frozen=True)

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
