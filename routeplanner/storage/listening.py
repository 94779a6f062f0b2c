"""Listens to what the database tells of plans."""

from collections.abc import AsyncIterator

from psycopg import AsyncConnection, Error

from routeplanner.storage.embedded import plain_url

CHANNEL = "plan_events"


async def listen(url: str) -> AsyncIterator[str]:
    """Yield the payload of every notification; OSError where the connection ends."""
    try:
        connection = await AsyncConnection.connect(
            plain_url(url), autocommit=True, application_name="routeplanner events"
        )
        async with connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            async for notification in connection.notifies():
                yield notification.payload
    except Error as error:
        raise ConnectionError(str(error)) from error
