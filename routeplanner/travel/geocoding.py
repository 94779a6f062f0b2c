"""Positions for a list of addresses: cached, paced, retried, each with how near it is."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from routeplanner.errors import InputError, Issue
from routeplanner.texts import text
from routeplanner.travel.addresses import Address
from routeplanner.travel.geocoders import (
    PUBLIC_LIMIT,
    PUBLIC_PAUSE_S,
    Geocoder,
    GeocoderSettings,
    connect,
)
from routeplanner.travel.geocoding_cache import Answer, AnswerCache, open_cache

Progress = Callable[[int, int], None]
"""Called with the number of addresses done and of all."""

_LONGEST_WAIT_S = 60.0
_FAILURES_IN_A_ROW = 5  # after which the provider counts as down


@dataclass(frozen=True, slots=True)
class Located:
    """The outcome for one address."""

    address: Address
    answer: Answer
    source: str = ""  # the provider; empty where nothing was found
    failure: str = ""  # why it was not answered, in the user's language


@dataclass(frozen=True, slots=True)
class GeocodeReport:
    """Outcomes in the order of the addresses."""

    located: tuple[Located, ...]
    n_asked: int  # requests answered by the provider
    n_cached: int
    stopped: str = ""  # why the rest was not asked for, in the user's language


def geocode(
    addresses: Sequence[Address],
    provider: str,
    *,
    settings: GeocoderSettings | None = None,
    cache_path: Path | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> GeocodeReport:
    """Locate addresses with a provider, each at most once.

    Timeouts and overload are retried; what stays unanswered has a `failure` and is asked again the
    next time. A refused key, a used-up quota or a silent server ends the run and keeps what is
    there.

    Raises
    ------
    InputError
        The provider cannot be used, or the list is too long for a public server.
    """
    settings = settings or GeocoderSettings()
    geocoder = connect(provider, settings)
    with open_cache(cache_path) as cache:
        run = _Run(geocoder, cache, sleep)
        run.check_size(addresses)
        located: list[Located] = []
        for done, address in enumerate(addresses, start=1):
            located.append(run.locate(address))
            if progress is not None:
                progress(done, len(addresses))
    return GeocodeReport(tuple(located), run.n_asked, run.n_cached, run.stopped)


class _Run:
    """One pass over a list: counts, pace and the reason to stop."""

    def __init__(
        self, geocoder: Geocoder, cache: AnswerCache, sleep: Callable[[float], None]
    ) -> None:
        self.geocoder, self.cache, self.sleep = geocoder, cache, sleep
        self.n_asked = self.n_cached = self.n_failed_in_a_row = 0
        self.stopped = ""
        self._has_asked = False

    def check_size(self, addresses: Sequence[Address]) -> None:
        """Refuse what a public server's rules forbid."""
        open_queries = {self._query(address) for address in addresses if address.query}
        n_new = sum(self._cached(query) is None for query in open_queries)
        if self.geocoder.is_public and n_new > PUBLIC_LIMIT:
            values = {"host": self.geocoder.host, "limit": PUBLIC_LIMIT, "count": n_new}
            language = self.geocoder.settings.language
            raise InputError(
                [
                    Issue(
                        code="LIST_TOO_LONG_FOR_PUBLIC_SERVER",
                        path="geocode",
                        message=text("travel.list_too_long", language, **values),
                        hint=text("travel.list_too_long_hint", language, **values),
                    )
                ]
            )

    def locate(self, address: Address) -> Located:
        """One address, from the cache or the provider."""
        if not address.query:
            return self._unanswered(address, "no_address")
        query = self._query(address)
        answer = self._cached(query)
        if answer is not None:
            self.n_cached += 1
        elif self.stopped:
            return self._unanswered(address, "not_asked")
        else:
            found = self._ask(query, address)
            if isinstance(found, str):
                return self._unanswered(address, found)
            answer = found
            self.cache.put(self.geocoder.cache_key, query, answer)
        source = self.geocoder.provider if answer.lat is not None else ""
        failure = "" if answer.lat is not None else self._text("not_found")
        return Located(address, answer, source, failure)

    def _ask(self, query: str, address: Address) -> Answer | str:
        """The answer, or the key of the reason why there is none."""
        from geopy import exc  # noqa: PLC0415

        reason = ""
        for attempt in range(self.geocoder.settings.retries + 1):
            self._keep_pace()
            try:
                answer = self.geocoder.find(query, address)
            except exc.GeopyError as error:
                reason, fate = _judge_error(error)
                if fate == "stop":
                    return self._stop(reason)
                if fate == "skip":
                    return reason
                wait = getattr(error, "retry_after", None)
            else:
                self.n_asked += 1
                self.n_failed_in_a_row = 0
                return answer
            if attempt < self.geocoder.settings.retries:
                backoff = self.geocoder.settings.backoff_s * 2**attempt
                self.sleep(min(wait or backoff, _LONGEST_WAIT_S))
        self.n_failed_in_a_row += 1
        return self._stop(reason) if self.n_failed_in_a_row >= _FAILURES_IN_A_ROW else reason

    def _keep_pace(self) -> None:
        if self.geocoder.is_public and self._has_asked:
            self.sleep(PUBLIC_PAUSE_S)
        self._has_asked = True

    def _query(self, address: Address) -> str:
        country = self.geocoder.settings.country
        return f"{address.query}, {country}" if country else address.query

    def _cached(self, query: str) -> Answer | None:
        return self.cache.get(self.geocoder.cache_key, query)

    def _stop(self, reason: str) -> str:
        self.stopped = self._text(reason)
        return reason

    def _unanswered(self, address: Address, reason: str) -> Located:
        return Located(address, Answer("none"), failure=self._text(reason))

    def _text(self, reason: str) -> str:
        values = {"provider": self.geocoder.provider}
        return text(f"travel.geocode_{reason}", self.geocoder.settings.language, **values)


def _judge_error(error: Exception) -> tuple[str, Literal["stop", "skip", "retry"]]:
    """The reason, and whether to end the run, leave the address, or ask again."""
    from geopy import exc  # noqa: PLC0415

    fates: tuple[tuple[type[Exception], str, Literal["stop", "skip", "retry"]], ...] = (
        (exc.GeocoderAuthenticationFailure, "refused", "stop"),
        (exc.GeocoderInsufficientPrivileges, "refused", "stop"),
        (exc.GeocoderRateLimited, "rate_limited", "retry"),
        (exc.GeocoderQuotaExceeded, "quota", "stop"),
        (exc.GeocoderQueryError, "bad_query", "skip"),
        (exc.GeocoderParseError, "unreadable", "skip"),
        (exc.GeocoderTimedOut, "timed_out", "retry"),
    )
    for kind, reason, fate in fates:
        if isinstance(error, kind):
            return reason, fate
    return "unavailable", "retry"
