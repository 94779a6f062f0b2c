"""Routes whose endpoint runs in the one transaction of its call, all of it in one thread.

What an endpoint leaves for later is computed when the transaction has ended.
"""

from collections.abc import Callable, Coroutine
from functools import wraps
from inspect import iscoroutinefunction, signature
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.routing import Match
from starlette.types import Scope

from api.bodies import storable_body
from api.dependencies import Entry, Later


class CallRoute(APIRoute):
    """A route that hands an opened call to its endpoint, where that takes one as `call`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        self._beginning = path.partition("{")[0]
        super().__init__(path, _in_transaction(endpoint), **options)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As every route, and faster where the address begins otherwise."""
        if not scope.get("root_path") and not scope["path"].startswith(self._beginning):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Say what is wrong with a request to those alone who may make it."""
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                entry: Entry | None = getattr(request.state, "entry", None)
                if entry is not None:
                    await run_in_threadpool(_refuse, entry, error)
                raise

        return handled


def new_router(prefix: str = "", **options: Any) -> APIRouter:
    """A part of the API; its operations are named as their endpoints."""
    return APIRouter(
        prefix=prefix,
        route_class=CallRoute,
        dependencies=[Depends(storable_body)],
        generate_unique_id_function=lambda route: route.name,
        **options,
    )


def _in_transaction(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if "call" not in signature(endpoint).parameters:
        return endpoint
    assert not iscoroutinefunction(endpoint), "a transaction does not wait for an event loop"

    @wraps(endpoint)
    def run(call: Entry, **values: Any) -> Any:
        with call.opened() as opened:
            found = endpoint(call=opened, **values)
        return found.response() if isinstance(found, Later) else found

    return run


def _refuse(entry: Entry, error: RequestValidationError) -> None:
    with entry.opened():
        raise error
