"""Around every request: its id, a digest of its body, one log line, its metrics, safe headers."""

import hashlib
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import uuid4

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import crash
from routeplanner.use_cases.access import KEY_PREFIX

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

log = structlog.get_logger("api.access")


class Metrics:
    """Counts and times of requests, by route and never by path."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self.requests = Counter(
            "routeplanner_requests", "Requests answered.", labels, registry=self.registry
        )
        self.seconds = Histogram(
            "routeplanner_request_seconds", "Seconds to the first byte of the answer.",
            ("method", "route"), registry=self.registry,
        )  # fmt: skip
        self.jobs = Gauge(
            "routeplanner_jobs", "Jobs that wait or run.", ("kind", "status"),
            registry=self.registry,
        )  # fmt: skip

    def set_jobs(self, jobs: Mapping[tuple[str, str], int]) -> None:
        """Take over how many jobs there are of each kind and status."""
        self.jobs.clear()
        for labels, n in jobs.items():
            self.jobs.labels(*labels).set(n)


@dataclass(frozen=True, slots=True)
class BodyLimits:
    """The most bytes of a body: of JSON, and of the routes that take files."""

    json_bytes: int
    file_bytes: int
    file_routes: frozenset[str]

    def check(self, scope: Scope, received: int) -> None:
        """Refuse a body as soon as it is known to be too large."""
        route = getattr(scope.get("route"), "path", "")
        most = self.file_bytes if route in self.file_routes else self.json_bytes
        stated = Headers(scope=scope).get("content-length", "")
        if received > most or (stated.isascii() and stated.isdigit() and int(stated) > most):
            raise HTTPException(413, f"the body is larger than {most} bytes")


class RequestMiddleware:
    """Watches one request; `state` carries what it finds to dependencies and back."""

    def __init__(self, app: ASGIApp, metrics: Metrics, limits: "BodyLimits") -> None:
        self.app, self.metrics, self.limits = app, metrics, limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        state = scope.setdefault("state", {})
        given = Headers(scope=scope).get("x-request-id", "")
        state["request_id"] = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
        state["body_digest"] = digest = hashlib.sha256()

        received, is_begun = 0, False

        async def hashed() -> Message:
            nonlocal received
            _require_something_like_a_key(scope)
            message = await receive()
            if message["type"] == "http.request":
                received += len(message.get("body", b""))
                self.limits.check(scope, received)
                digest.update(message.get("body", b""))
            return message

        async def answered(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = state["request_id"]
                for name, value in _SAFE.items():
                    headers.setdefault(name, value)
                self._note(scope, message["status"], time.perf_counter() - begun)
            await send(message)

        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=state["request_id"])
        try:
            await self.app(scope, hashed, answered)
        except Exception as error:  # whatever no handler of api/errors.py knows
            if is_begun:
                raise
            await crash(Request(scope), error)(scope, receive, answered)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path_format", "none")
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.metrics.requests.labels(method, route, str(status)).inc()
        self.metrics.seconds.labels(method, route).observe(seconds)
        state = scope["state"]
        log.info(
            "request",
            method=method,
            route=route,
            status=status,
            milliseconds=round(seconds * 1000, 1),
            organization_id=state.get("organization_id"),
            key_id=state.get("key_id"),
        )


def _require_something_like_a_key(scope: Scope) -> None:
    """Refuse to read a body for nobody: whose key it is, is found out only after it was read."""
    if scope["method"] in _WITH_BODY:
        scheme, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip().startswith(KEY_PREFIX):
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})


_WITH_BODY = frozenset(("POST", "PUT", "PATCH"))
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
