"""The app as `uvicorn --factory` makes it, with routes that crash while they hold a secret."""

from collections.abc import AsyncIterator

from fastapi import FastAPI
from fastapi.responses import StreamingResponse

from api import app

SECRET = "a-secret-value"


def create_app() -> FastAPI:
    """Make the app from the environment, and let it crash."""
    made = app.create_app()

    @made.get("/crash/{name}")
    def crash(name: str) -> None:
        held = SECRET
        raise RuntimeError(f"{name} {held}")

    @made.get("/break-off")
    def break_off() -> StreamingResponse:
        return StreamingResponse(_broken_off())

    return made


async def _broken_off() -> AsyncIterator[bytes]:
    held = SECRET
    yield b"begun"
    raise RuntimeError(held)
