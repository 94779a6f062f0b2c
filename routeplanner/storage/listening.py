"""Listens to what the database tells of plans."""

from collections.abc import AsyncIterator

from psycopg import AsyncConnection, Error

from routeplanner.storage.embedded import plain_url

CHANNEL = "plan_events"
_CONNECT_S = 10


async def listen(url: str) -> AsyncIterator[str | None]:
    """Yield none once it listens, then every payload; OSError where the connection ends."""
    try:
        connection = await AsyncConnection.connect(
            plain_url(url),
            autocommit=True,
            application_name="routeplanner events",
            connect_timeout=_CONNECT_S,
        )
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            yield None
            async for notification in connection.notifies():
                yield notification.payload
    except Error as error:
        raise ConnectionError(str(error)) from error
