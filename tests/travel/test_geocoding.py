"""Geocoding against a server of our own on loopback; nothing here reaches a network."""

import logging
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from routeplanner.errors import InputError
from routeplanner.travel.addresses import Address
from routeplanner.travel.geocoders import GeocoderSettings, connect
from routeplanner.travel.geocoding import GeocodeReport, geocode
from tests.geocoding_server import Behavior, geocoding_server

EXACT = Address(street="Lindenstr.", house_number="5", postal_code="10969", city="Berlin")
STREET = Address(text="Ahornweg 7, 12000 Berlin")
CITY = Address(text="Birkenallee 9", city="Berlin")
ELSEWHERE = Address(text="Hauptstraße 1", city="Berlin")
UNKNOWN = Address(text="Nirgendweg 3", city="Berlin")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Behavior]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with geocoding_server() as behavior:
        yield behavior


class Run:
    """Geocodes with one's own server and without waiting."""

    def __init__(self, url: str, cache_path: Path) -> None:
        self.settings = GeocoderSettings(url=url, timeout_s=5, retries=2, backoff_s=0.5)
        self.cache_path = cache_path
        self.waits: list[float] = []

    def __call__(self, *addresses: Address, provider: str = "nominatim") -> GeocodeReport:
        return geocode(
            addresses,
            provider,
            settings=self.settings,
            cache_path=self.cache_path,
            sleep=self.waits.append,
        )


@pytest.fixture
def run(server: Behavior, tmp_path: Path) -> Run:
    return Run(server.url, tmp_path / "cache" / "answers.sqlite")


@pytest.mark.parametrize("provider", ["nominatim", "photon"])
def test_every_address_gets_position_and_quality(run, provider):
    exact = Address(text="Lindenstraße 5, 10969 Berlin")
    report = run(exact, STREET, CITY, ELSEWHERE, UNKNOWN, Address(), provider=provider)
    qualities = [located.answer.quality for located in report.located]
    assert qualities == ["exact", "street", "city", "city", "none", "none"]
    first = report.located[0]
    assert (first.answer.lat, first.answer.lon) == (52.5001, 13.4001)
    assert first.source == provider
    assert "Lindenstraße" in first.answer.matched_address
    assert report.located[4].failure == f"{provider} found nothing"
    assert report.located[5].failure == "no address in this row"
    assert report.n_asked == 5


def test_the_server_may_lie_under_a_path_and_learns_who_asks(run, server):
    run.settings = replace(run.settings, url=f"{server.url}/nominatim/", contact="me@example.org")
    assert run(Address(text="Lindenstraße 5")).located[0].answer.quality == "exact"
    assert server.agents[0].startswith("routeplanner/")
    assert "me@example.org" in server.agents[0]


def test_answers_are_kept_and_found_again(run, server):
    first = run(STREET, STREET, UNKNOWN)
    again = run(STREET, UNKNOWN)
    assert len(server.queries) == 2
    assert (first.n_asked, first.n_cached, again.n_asked, again.n_cached) == (2, 1, 0, 2)
    assert [located.answer for located in again.located] == [
        located.answer for located in first.located[1:]
    ]


def test_another_server_or_country_is_another_question(run, server):
    run(STREET)
    run(STREET, provider="photon")
    run.settings = replace(run.settings, url=f"{server.url}/other")
    run(STREET)
    run.settings = replace(run.settings, country="Deutschland")
    run(STREET)
    assert len(server.queries) == 4
    assert server.queries[3] == "Ahornweg 7, 12000 Berlin, Deutschland"


def test_overload_is_waited_out(run, server):
    server.faults = [429, 500]
    report = run(STREET)
    assert report.located[0].answer.quality == "street"
    assert run.waits == [7, 1.0]  # as the server asks; else doubling from 0.5
    assert len(server.queries) == 3


def test_timeouts_are_retried(run, server):
    run.settings = replace(run.settings, timeout_s=0.1)
    server.faults = ["slow"]
    assert run(STREET).located[0].answer.quality == "street"
    assert run.waits == [0.5]


def test_an_address_that_stays_unanswered_is_asked_again_next_time(run, server):
    server.faults = [503, 503, 503]
    report = run(STREET, CITY)
    assert report.located[0].failure == "nominatim did not answer in time"
    assert report.located[1].answer.quality == "city"
    assert report.stopped == ""
    assert run(STREET).located[0].answer.quality == "street"


def test_an_unreadable_answer_spoils_one_address_only(run, server):
    server.faults = ["garbage"]
    report = run(STREET, CITY)
    assert report.located[0].failure == "the answer of nominatim cannot be read"
    assert report.located[1].answer.quality == "city"


@pytest.mark.parametrize(
    ("status", "reason"), [(401, "refused the key"), (403, "refused the key"), (402, "quota")]
)
def test_a_refusal_ends_the_run_and_keeps_what_is_there(run, server, status, reason):
    run(STREET)
    server.faults = [status]
    report = run(CITY, UNKNOWN, STREET)
    assert reason in report.stopped
    assert len(server.queries) == 2
    assert report.located[1].failure == "not asked, because the run had stopped"
    assert report.located[2].answer.quality == "street"


def test_a_server_that_is_down_is_not_asked_a_thousand_times(run, server):
    server.is_broken = True
    report = run(*(Address(text=f"Weg {n}") for n in range(1000)))
    assert "cannot be reached" in report.stopped
    assert len(server.queries) == 5 * 3


def test_nobody_listens(run, server):
    run.settings = replace(run.settings, url="http://127.0.0.1:9", retries=0)
    assert "cannot be reached" in run(STREET).located[0].failure


def test_progress_counts_every_address(run, server):
    seen = []
    geocode(
        [STREET, CITY],
        "photon",
        settings=run.settings,
        cache_path=run.cache_path,
        progress=lambda done, of: seen.append((done, of)),
    )
    assert seen == [(1, 2), (2, 2)]


class _StillService:
    """A geocoder that finds nothing and asks nobody."""

    domain = "nominatim.openstreetmap.org"

    def geocode(self, *_: object, **__: object) -> None:
        return None


def public_server(monkeypatch: pytest.MonkeyPatch) -> None:
    def pretend(provider: str, settings: GeocoderSettings):
        return replace(connect(provider, settings), service=_StillService())

    monkeypatch.setattr("routeplanner.travel.geocoding.connect", pretend)


def test_a_public_server_serves_small_lists_only(monkeypatch, tmp_path):
    public_server(monkeypatch)
    addresses = [Address(text=f"Weg {n}") for n in range(201)]
    with pytest.raises(InputError) as caught:
        geocode(addresses, "nominatim", cache_path=tmp_path / "cache")
    assert caught.value.issues[0].code == "LIST_TOO_LONG_FOR_PUBLIC_SERVER"
    waits: list[float] = []
    report = geocode(addresses[1:], "nominatim", cache_path=tmp_path / "cache", sleep=waits.append)
    assert report.n_asked == 200
    assert waits == [1.0] * 199
    again = geocode(addresses, "nominatim", cache_path=tmp_path / "cache", sleep=waits.append)
    assert (again.n_asked, again.n_cached) == (1, 200)


@pytest.mark.parametrize(
    ("provider", "settings", "code"),
    [
        ("nowhere", GeocoderSettings(), "UNKNOWN_GEOCODER"),
        ("opencage", GeocoderSettings(), "GEOCODER_NEEDS_KEY"),
        ("liveaddress", GeocoderSettings(key="only-one"), "GEOCODER_NEEDS_KEY"),
        ("pelias", GeocoderSettings(), "GEOCODER_NEEDS_URL"),
        ("liveaddress", GeocoderSettings(key="a:b", url="http://x"), "GEOCODER_HAS_NO_URL"),
        ("photon", GeocoderSettings(url="ftp://x"), "GEOCODER_URL"),
        ("photon", GeocoderSettings(url="http://user:secret@x"), "GEOCODER_URL"),
    ],
)
def test_what_cannot_be_used_is_an_issue(provider, settings, code):
    with pytest.raises(InputError) as caught:
        connect(provider, settings)
    assert caught.value.issues[0].code == code
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("provider", "key"),
    [("opencage", "k"), ("google", "k"), ("azure", "k"), ("geonames", "k"), ("liveaddress", "k:l")],
)
def test_every_provider_takes_its_key(provider, key):
    geocoder = connect(provider, GeocoderSettings(key=key))
    assert geocoder.provider == provider
    assert "k" in vars(geocoder.service).values()


def test_the_key_shows_nowhere(run, server, caplog, tmp_path):
    caplog.set_level(logging.DEBUG)
    run.settings = replace(run.settings, key="top-secret")
    server.faults = [500]
    report = run(STREET, provider="geocodeearth")
    run(CITY, provider="pelias")
    assert "top-secret" not in caplog.text + repr(report) + repr(run.settings)
    with sqlite3.connect(run.cache_path) as connection:
        assert "top-secret" not in str(connection.execute("SELECT * FROM answers").fetchall())
