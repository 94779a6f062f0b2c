"""A geocoder of our own on loopback that speaks Nominatim's and Photon's JSON, and can fail."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

# What the server knows: the beginning of a query, and what it finds there.
BERLIN = {"city": "Berlin", "country": "Deutschland"}
PLACES: dict[str, dict[str, Any]] = {
    "Lindenstraße 5": {
        "lat": 52.5001, "lon": 13.4001, "osm": ("building", "yes"), "level": "building",
        "address": BERLIN | {"road": "Lindenstraße", "house_number": "5", "postcode": "10969"},
    },
    "Ahornweg 7": {
        "lat": 52.5102, "lon": 13.4102, "osm": ("highway", "residential"), "level": "road",
        "address": BERLIN | {"road": "Ahornweg", "postcode": "12000"},
    },
    "Birkenallee 9": {
        "lat": 52.52, "lon": 13.4, "osm": ("boundary", "administrative"), "level": "city",
        "address": BERLIN | {},
    },
    "Hauptstraße 1": {  # the right street and number in the wrong town
        "lat": 48.1, "lon": 11.5, "osm": ("building", "yes"), "level": "building",
        "address": {"road": "Hauptstraße", "house_number": "1", "city": "München"},
    },
}  # fmt: skip


@dataclass
class Behavior:
    """What the server does: `faults` are used up one a request, the rest is answered."""

    url: str = ""
    faults: list[int | str] = field(default_factory=list)  # a status, "slow" or "garbage"
    is_broken: bool = False  # every request fails with 500
    queries: list[str] = field(default_factory=list)
    agents: list[str] = field(default_factory=list)


@contextmanager
def geocoding_server() -> Iterator[Behavior]:
    """The server's behavior, to be read and changed while it runs."""
    behavior = Behavior()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            asked = parse_qs(parts.query)
            query = (asked.get("q") or asked["text"])[0]
            behavior.queries.append(query)
            behavior.agents.append(self.headers["User-Agent"])
            fault = behavior.faults.pop(0) if behavior.faults else None
            if fault == "slow":
                time.sleep(0.3)
            status = 500 if behavior.is_broken else fault if isinstance(fault, int) else 200
            form = nominatim_answer if parts.path.endswith("/search") else photon_answer
            body = "<html>" if fault == "garbage" else json.dumps(form(query))
            try:
                self.send_response(status)
                if status == 429:
                    self.send_header("Retry-After", "7")
                self.end_headers()
                self.wfile.write(body.encode())
            except BrokenPipeError:
                return

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    behavior.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield behavior
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def find(query: str) -> dict[str, Any] | None:
    """The place that a query begins with; real servers know abbreviations, too."""
    written_out = query.replace("str.", "straße")
    return next((PLACES[name] for name in PLACES if written_out.startswith(name)), None)


def nominatim_answer(query: str) -> list[dict[str, object]]:
    place = find(query)
    if place is None:
        return []
    osm_class, osm_type = place["osm"]
    return [
        {
            "lat": str(place["lat"]),
            "lon": str(place["lon"]),
            "class": osm_class,
            "type": osm_type,
            "addresstype": place["level"],
            "display_name": ", ".join(place["address"].values()),
            "address": place["address"],
            "importance": 0.1,
        }
    ]


def photon_answer(query: str) -> dict[str, object]:
    place = find(query)
    if place is None:
        return {"type": "FeatureCollection", "features": []}
    levels = {"building": "house", "road": "street", "city": "city"}
    address = place["address"]
    properties = {
        "osm_key": place["osm"][0],
        "osm_value": place["osm"][1],
        "type": levels[place["level"]],
        "street": address.get("road"),
        "housenumber": address.get("house_number"),
        "city": address["city"],
        "postcode": address.get("postcode"),
    }
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [place["lon"], place["lat"]]},
        "properties": {key: value for key, value in properties.items() if value},
    }
    return {"type": "FeatureCollection", "features": [feature]}
