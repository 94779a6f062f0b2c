"""Connects to a geocoder of geopy: any service with a key, or one's own Nominatim or Photon."""

import inspect
import logging
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from routeplanner import __version__
from routeplanner.domain.scenario import CoordinateSystem, Language
from routeplanner.errors import InputError, Issue
from routeplanner.texts import text
from routeplanner.travel.addresses import Address
from routeplanner.travel.coordinates import to_wgs84
from routeplanner.travel.geocoding_cache import Answer
from routeplanner.travel.geocoding_quality import judge

KEY_VARIABLE = "ROUTEPLANNER_GEOCODER_KEY"
PUBLIC_LIMIT = 200
PUBLIC_PAUSE_S = 1.0  # the usage policy of nominatim.openstreetmap.org: one request a second
_PUBLIC_HOSTS = {"nominatim.openstreetmap.org", "photon.komoot.io"}
_SYSTEMS: dict[str, CoordinateSystem] = {"baidu": "bd09", "baiduv3": "bd09"}
_OPTIONAL_KEYS = ("api_key", "apikey")  # of services that have other ways to sign in, too


@dataclass(frozen=True, slots=True)
class GeocoderSettings:
    """How a provider is reached; a key of two parts is written `first:second`."""

    key: str | None = field(default=None, repr=False)
    url: str | None = None  # of one's own server
    country: str = ""  # added to every address
    contact: str = ""  # e-mail for the operator of a public server
    timeout_s: float = 10
    retries: int = 3
    backoff_s: float = 2  # before the first retry, then twice as long each time
    language: Language = "en"  # of messages


@dataclass(frozen=True, slots=True)
class Geocoder:
    """A connected provider."""

    provider: str
    service: Any  # a geocoder of geopy, which ships no types
    host: str  # empty where the provider has one address only
    settings: GeocoderSettings

    @property
    def cache_key(self) -> str:
        """Which answers may stand for this provider's."""
        return f"{self.provider}@{self.host}" if self.host else self.provider

    @property
    def is_public(self) -> bool:
        """Whether volunteers run it for everybody."""
        return self.host.partition("/")[0] in _PUBLIC_HOSTS

    def find(self, query: str, address: Address) -> Answer:
        """The provider's answer in WGS84; errors are geopy's."""
        place = self._ask(query)
        if place is None:
            return Answer("none")
        system = _SYSTEMS.get(self.provider, "wgs84")
        lat, lon = to_wgs84(float(place.latitude), float(place.longitude), system)
        raw = place.raw if isinstance(place.raw, dict) else {}
        matched = str(place.address or "")
        return Answer(judge(address, raw, matched), round(lat, 7), round(lon, 7), matched)

    def _ask(self, query: str) -> Any:
        from geopy.exc import GeocoderParseError, GeopyError  # noqa: PLC0415

        details = {"addressdetails": True} if self.provider == "nominatim" else {}
        try:
            return self.service.geocode(query, timeout=self.settings.timeout_s, **details)
        except GeopyError:
            raise
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            # geopy takes the form of an answer for granted
            raise GeocoderParseError from error


def providers() -> tuple[str, ...]:
    """Names of all providers."""
    from geopy.geocoders import SERVICE_TO_GEOCODER  # noqa: PLC0415

    return tuple(sorted(SERVICE_TO_GEOCODER))


def connect(provider: str, settings: GeocoderSettings) -> Geocoder:
    """A provider ready to be asked.

    Raises
    ------
    InputError
        The provider is unknown, lacks its key, or its address is no URL.
    """
    from geopy.adapters import URLLibAdapter  # noqa: PLC0415
    from geopy.geocoders import SERVICE_TO_GEOCODER  # noqa: PLC0415

    name = provider.strip().lower()
    if name not in SERVICE_TO_GEOCODER:
        _refuse("UNKNOWN_GEOCODER", settings, provider=provider, known=", ".join(providers()))
    service_class = SERVICE_TO_GEOCODER[name]
    accepted = inspect.signature(service_class).parameters
    agent = f"routeplanner/{__version__}" + (f" ({settings.contact})" if settings.contact else "")
    # The adapter for `requests` retries by itself, and its logs name the key.
    options: dict[str, Any] = {"user_agent": agent, "adapter_factory": URLLibAdapter}
    if settings.url:
        scheme, host = _split_url(settings)
        options |= {"scheme": scheme, "domain": host}
        if "domain" not in accepted or "scheme" not in accepted:
            _refuse("GEOCODER_HAS_NO_URL", settings, provider=provider)
    options |= _credentials(name, accepted, settings)
    # geopy logs requested addresses, and with them keys, at the level DEBUG.
    logging.getLogger("geopy").setLevel(logging.WARNING)
    service = service_class(**options)
    host = str(getattr(service, "domain", "")) if "domain" in accepted else ""
    return Geocoder(name, service, host, settings)


def _split_url(settings: GeocoderSettings) -> tuple[str, str]:
    url = settings.url or ""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
        _refuse("GEOCODER_URL", settings, url=parts.hostname or url)
    return parts.scheme, (parts.netloc + parts.path).rstrip("/")


def _credentials(provider: str, accepted: Any, settings: GeocoderSettings) -> dict[str, str]:
    """The arguments that take the key: those without a default, else an optional key."""
    is_needed = {name: p.default is p.empty for name, p in accepted.items()}
    needed = [name for name, needs in is_needed.items() if needs and name != "domain"]
    if is_needed.get("domain") and not settings.url:
        _refuse("GEOCODER_NEEDS_URL", settings, provider=provider)
    if not settings.key:
        if needed:
            _refuse("GEOCODER_NEEDS_KEY", settings, provider=provider, variable=KEY_VARIABLE)
        return {}
    names = needed or [name for name in _OPTIONAL_KEYS if name in accepted]
    parts = settings.key.split(":") if len(names) > 1 else [settings.key]
    if len(parts) < len(names):
        _refuse("GEOCODER_NEEDS_KEY", settings, provider=provider, variable=KEY_VARIABLE)
    return dict(zip(names, parts, strict=False))


def _refuse(code: str, settings: GeocoderSettings, **values: object) -> None:
    key = f"travel.{code.lower()}"
    raise InputError(
        [
            Issue(
                code=code,
                path="geocode",
                message=text(key, settings.language, **values),
                hint=text(f"{key}_hint", settings.language, **values),
            )
        ]
    )
