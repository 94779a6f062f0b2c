"""Jinja2 page templates of the map and the day sheets, escaped by default."""

import re
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from routeplanner.texts import text


@cache
def page_environment(language: str) -> Environment:
    """Templates of this folder in a language; `t("map.title")` is a text."""
    environment = Environment(
        loader=PackageLoader("routeplanner.files", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["phone_digits"] = phone_digits
    environment.globals["t"] = lambda key, **values: text(key, language, **values)
    return environment


def phone_digits(phone: str) -> str:
    """What a tel: link may hold of a phone number as people write it."""
    return re.sub(r"[^0-9+*#,;]", "", phone)
